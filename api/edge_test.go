package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

// Each kind of refusal at the edge of the API is brought to the log of acts, once, as it was
// told, and what is no act, or nobody's, is not.
func TestRefusalsAtTheEdgeAreNoted(t *testing.T) {
	offer, key := string(id("of", "x")), map[string]string{"Idempotency-Key": "k 1"}
	accept := "/v1/offers/" + offer + "/accept"
	for name, tc := range map[string]struct {
		r       request
		act     string // "" for none
		problem freight.Problem
		version int64
	}{
		"a field that is not known":   {request{"POST", accept, `{"version": 2, "price": 3}`, "driver", key}, "accept_offer", freight.ProblemUnknown, 2},
		"a version that is none":      {request{"POST", accept, `{"version": 0}`, "driver", nil}, "accept_offer", freight.ProblemRange, 0},
		"no version":                  {request{"POST", accept, `{}`, "driver", nil}, "accept_offer", freight.ProblemRequired, 0},
		"yuan where fen are meant":    {request{"POST", "/v1/offers/" + offer + "/counter", `{"version": 2, "price_fen": 38.5}`, "driver", nil}, "counter_offer", freight.ProblemMalformed, 2},
		"no JSON":                     {request{"POST", accept, `{"version"`, "driver", nil}, "accept_offer", freight.ProblemMalformed, 0},
		"another medium":              {request{"POST", accept, `version=2`, "driver", map[string]string{"Content-Type": "text/plain"}}, "accept_offer", freight.ProblemMalformed, 0},
		"too large":                   {request{"POST", accept, `{"x":"` + strings.Repeat("x", MaxBody) + `"}`, "driver", nil}, "accept_offer", freight.ProblemRange, 0},
		"a role that may not":         {request{"POST", "/v1/loads", goodLoad, "auditor", key}, "post_load", freight.ProblemRole, 0},
		"the other kind of firm":      {request{"POST", "/v1/trips", goodTrip, "clerk", nil}, "announce_trip", freight.ProblemOrgKind, 0},
		"not an id":                   {request{"POST", "/v1/offers/of_none/accept", `{"version": 2}`, "driver", nil}, "accept_offer", freight.ProblemUnknown, 2},
		"on behalf, by no officer":    {request{"POST", "/v1/loads", goodLoad, "clerk", map[string]string{BehalfHeader: string(other.ID)}}, "post_load", freight.ProblemRole, 0},
		"on behalf of nobody":         {request{"POST", "/v1/loads", goodLoad, "officer", nil}, "post_load", freight.ProblemRequired, 0},
		"on behalf of one elsewhere":  {request{"POST", "/v1/loads", goodLoad, "officer", map[string]string{BehalfHeader: string(abroad.ID)}}, "post_load", freight.ProblemUnknown, 0},
		"a version that is unread":    {request{"PUT", "/v1/loads/" + string(id("ld", "x")), goodLoad, "clerk", map[string]string{"If-Match": "new"}}, "edit_load", freight.ProblemMalformed, 0},
		"a query that is not known":   {request{"POST", accept + "?why=1", `{"version": 2}`, "driver", nil}, "accept_offer", freight.ProblemUnknown, 2},
		"a stranger":                  {request{"POST", accept, `{"version": 2}`, "nobody", nil}, "", freight.ProblemSignIn, 0},
		"a read":                      {request{"GET", "/v1/loads?state=odd", "", "clerk", nil}, "", freight.ProblemMalformed, 0},
		"a path that is none":         {request{"POST", "/v1/nothing", "{}", "clerk", nil}, "", freight.ProblemUnknown, 0},
		"a receipt":                   {request{"POST", "/v1/offers/" + offer + "/seen", `{"x": 1}`, "driver", nil}, "", freight.ProblemUnknown, 0},
		"what the exchange refuses":   {request{"POST", accept, `{"version": 2}`, "driver", nil}, "", freight.ProblemTaken, 0},
		"what the exchange cannot do": {request{"POST", accept, `{"version": 2}`, "driver", map[string]string{"Idempotency-Key": "store"}}, "", freight.ProblemStore, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.do = func(cmd freight.Command) (freight.Result, error) {
				if cmd.Key == "store" {
					return freight.Result{}, &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore}
				}
				return freight.Result{}, freight.Refuse(freight.ProblemTaken, "offer", offer)
			}
			a := s.send(tc.r)
			if a.at(t, "problem") != string(tc.problem) {
				t.Fatalf("refused as %s", a.body)
			}
			if tc.act == "" {
				if len(s.noted) > 0 {
					t.Fatalf("noted %+v", s.noted)
				}
				return
			}
			if len(s.noted) != 1 || len(s.commands) != 0 {
				t.Fatalf("%d noted, %d brought to the exchange", len(s.noted), len(s.commands))
			}
			cmd, who := s.noted[0], principals[tc.r.as]
			note := cmd.Act.(freight.NoteRefusal)
			if note.What.Act != tc.act || note.What.Version != tc.version || note.Refusal.Problem != tc.problem {
				t.Errorf("noted %+v", note)
			}
			subject := freight.ID("")
			if part := strings.Split(tc.r.path, "/")[3:]; len(part) > 0 && part[0] != "of_none" {
				subject = freight.ID(part[0])
			}
			if note.What.Subject != subject || cmd.Org != who.Org || cmd.Actor != who.User || cmd.Key != tc.r.header["Idempotency-Key"] || (cmd.Key != "") != (cmd.Hash != [32]byte{}) {
				t.Errorf("noted of %q: %+v", subject, cmd)
			}
		})
	}
}

// Requests beyond an account's rate are refused before anything of them is read, and noted.
func TestRequestsBeyondTheRateAreNoted(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := serve(t, func(c *Config) { c.Limit, c.Metrics = Limit{PerSecond: 0.001, Burst: 1}, registry })
	r := request{"POST", "/v1/loads", goodLoad, "clerk", map[string]string{"Idempotency-Key": "k"}}
	s.want(201, r)
	s.want(429, r)
	s.want(401, request{"POST", "/v1/loads", goodLoad, "nobody", nil})
	if len(s.noted) != 1 || s.noted[0].Act.(freight.NoteRefusal).Refusal.Problem != freight.ProblemRate || s.noted[0].Hash == s.commands[0].Hash {
		t.Errorf("noted %+v", s.noted)
	}
	if err := testutil.GatherAndCompare(registry, strings.NewReader(`# HELP pinhuo_http_refusals_total Requests that were refused, by code: unauthorized are those of nobody we know.
# TYPE pinhuo_http_refusals_total counter
pinhuo_http_refusals_total{code="conflict"} 0
pinhuo_http_refusals_total{code="forbidden"} 0
pinhuo_http_refusals_total{code="internal"} 0
pinhuo_http_refusals_total{code="invalid"} 0
pinhuo_http_refusals_total{code="not_found"} 0
pinhuo_http_refusals_total{code="too_many"} 1
pinhuo_http_refusals_total{code="unauthorized"} 1
pinhuo_http_refusals_total{code="unavailable"} 0
pinhuo_http_refusals_total{code="unsupported"} 0
`), "pinhuo_http_refusals_total"); err != nil {
		t.Error(err)
	}
}

// The log calls an act the same whether the API refuses it or the exchange.
func TestOperationsAreCalledAsTheirActs(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.deals = []freight.Deal{someDeal("x", freight.BookingFirm)}
	named := 0
	for _, item := range s.doc.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op == nil || slices.Contains(unguarded, op.OperationID) {
				continue
			}
			row := operations()[op.OperationID]
			r := row.r
			r.as, s.commands = row.may[0], nil
			s.send(r)
			want := actOf(&huma.Operation{OperationID: op.OperationID, Method: method})
			if len(s.commands) == 0 { // it wants more than a sound request
				continue
			}
			named++
			got := freight.NamingOf(s.commands[0].Act).Act
			if op.OperationID == "move-goods" { // the exchange calls it by what its body says befell them
				continue
			}
			if receipt := got == "see_offer" || got == "receive_offer"; got != want && !receipt || receipt && want != "" {
				t.Errorf("%s is called %q at the edge, and %s by the exchange", op.OperationID, want, got)
			}
		}
	}
	if named < 25 {
		t.Errorf("%d operations were looked at", named)
	}
}
