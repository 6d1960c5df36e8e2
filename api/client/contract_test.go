package client

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// schema is what of a JSON schema is compared.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"` // a name, or names with "null"
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
}

// contract is the server's description of itself.
type contract struct {
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

func (c *contract) find(s *schema) *schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return c.Components.Schemas[name]
	}
	return s
}

// The types of this package are those of docs/openapi.json: nothing that the
// server does not know is sent, nothing is expected that it does not send, and
// nothing that it requires is missing.
func TestTypesAreTheContract(t *testing.T) {
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	for name, sample := range map[string]any{"LoadTerms": LoadTerms{}, "TripTerms": TripTerms{}, "AcceptTerms": accepting{}, "CounterTerms": counter{}, "DeclineTerms": answer{},
		"AcceptBundleTerms": lined{}, "DeclineBundleTerms": dropping{}, "DeclinePoolTerms": declining{}, "TakePoolTerms": taking{}, "AskTerms": Question{}, "SayTerms": saying{}, "TellTerms": saying{}, "HandOverTerms": handing{},
		"SetCostsBody": costing{}, "OfficerTerms": OfficerTerms{}, "AskingTerms": AskingTerms{}, "SiteTerms": SiteTerms{}} {
		for _, fault := range c.differ(reflect.TypeOf(sample), &schema{Ref: "#/components/schemas/" + name}, name, true) {
			t.Error(fault)
		}
	}
	for name, sample := range map[string]any{
		"Me": Me{}, "Load": Load{}, "Trip": Trip{}, "Offer": Offer{}, "Booking": Booking{}, "Bundle": Bundle{}, "PageBundle": Page[Bundle]{}, "Split": Split{}, "Statement": Statement{}, "Explanation": Explanation{}, "TripExplanation": TripExplanation{}, "Problem": Problem{},
		"Event": Event{}, "Events": EventPage{}, "Facts": Facts{}, "Hello": Hello{}, "PageVehicle": Page[Vehicle]{}, "PageLoad": Page[Load]{},
		"PageTrip": Page[Trip]{}, "PageOffer": Page[Offer]{}, "PageBooking": Page[Booking]{}, "Pool": Pool{}, "PagePool": Page[Pool]{}, "Found": Spot{},
		"Ticket": Ticket{}, "PageTicket": Page[Ticket]{}, "CostModels": CostModels{}, "CostModel": CostModel{}, "Roster": Roster{}, "Officer": Officer{}, "Asking": Asking{},
		"Bids": bidList{}, "Site": Site{}, "SiteListBody": siteList{}, "Standing": Standing{}, "RefusedAct": RefusedAct{}, "PageRefusedAct": Page[RefusedAct]{}, "Story": Story{}, "Brief": Brief{}, "PageBrief": Page[Brief]{},
		"Route": Route{}, "RoadsInUse": Roads{}, "Track": Track{}, "WayHome": WayHome{}, "StatementLine": StatementLine{}, "Whereabouts": Whereabouts{}, "Told": Told{},
	} {
		for _, fault := range c.differ(reflect.TypeOf(sample), &schema{Ref: "#/components/schemas/" + name}, name, false) {
			t.Error(fault)
		}
	}
}

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

// differ lists where a Go type and a schema disagree.
func (c *contract) differ(t reflect.Type, s *schema, at string, sent bool) []string {
	if s = c.find(s); s == nil {
		return []string{at + ": no such schema"}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	want, ok := map[reflect.Kind]string{reflect.String: "string", reflect.Int: "integer", reflect.Int64: "integer",
		reflect.Float64: "number", reflect.Bool: "boolean", reflect.Slice: "array", reflect.Struct: "object"}[t.Kind()]
	switch {
	case t == rawType:
		return nil
	case t == timeType:
		want = "string"
	case !ok:
		return []string{fmt.Sprintf("%s: %v is not known to this test", at, t)}
	}
	if got := fmt.Sprint(s.Type); got != want && got != "["+want+" null]" && got != "[null "+want+"]" {
		return []string{fmt.Sprintf("%s: %v, the server says %s", at, t, got)}
	}
	switch want {
	case "array":
		return c.differ(t.Elem(), s.Items, at+"[]", sent)
	case "object":
		return c.differIn(t, s, at, sent)
	}
	return nil
}

func (c *contract) differIn(t reflect.Type, s *schema, at string, sent bool) (faults []string) {
	var known []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" {
			continue
		}
		known = append(known, name)
		property := s.Properties[name]
		if property == nil {
			faults = append(faults, at+"."+name+": the server does not know it")
			continue
		}
		faults = append(faults, c.differ(f.Type, property, at+"."+name, sent)...)
	}
	for _, name := range s.Required {
		if sent && !slices.Contains(known, name) {
			faults = append(faults, at+"."+name+": the server requires it")
		}
	}
	return faults
}
