package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"pinhuo/freight"
)

func keyed(r request, key string) request {
	r.header = map[string]string{"Idempotency-Key": key}
	return r
}

func TestARepeatedKeyGetsTheFirstAnswer(t *testing.T) {
	s := serve(t)
	post := keyed(request{"POST", "/v1/loads", goodLoad, "clerk", nil}, "k1")
	first := s.want(201, post)
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(goodLoad)); err != nil {
		t.Fatal(err)
	}
	again := post
	again.body = "\n " + compact.String() + " "
	second := s.want(201, again)
	if string(first.body) != string(second.body) || first.Header.Get("ETag") != second.Header.Get("ETag") ||
		first.Header.Get("Pinhuo-Cursor") != second.Header.Get("Pinhuo-Cursor") {
		t.Errorf("first %s %v\nagain %s %v", first.body, first.Header, second.body, second.Header)
	}
	if s.commands[0].Key != "k1" || s.commands[0].Hash == [32]byte{} {
		t.Errorf("command %+v", s.commands[0])
	}
	other := post
	other.body = with(t, goodLoad, "844.8", "844.9")
	a := s.want(409, other)
	if a.at(t, "problem") != "key_reused" || a.at(t, "field") != "Idempotency-Key" {
		t.Errorf("%s", a.body)
	}
	s.want(201, request{"POST", "/v1/loads", goodLoad, "clerk", nil})
	if last := s.commands[len(s.commands)-1]; last.Key != "" || last.Hash != [32]byte{} {
		t.Errorf("without a key: %+v", last)
	}
}

func TestARepeatedRefusalIsTheFirstRefusal(t *testing.T) {
	s := serve(t)
	refusal := error(freight.Refuse(freight.ProblemDuplicateRef, "ref", "SO-1"))
	s.do = func(freight.Command) (freight.Result, error) { return freight.Result{}, refusal }
	post := keyed(request{"POST", "/v1/loads", goodLoad, "clerk", nil}, "k1")
	s.want(409, post)
	s.do = nil
	if a := s.want(409, post); a.at(t, "problem") != "duplicate_ref" || a.at(t, "value") != "SO-1" {
		t.Errorf("%s", a.body)
	}
}

// The hash tells requests apart by everything that they ask for, and by nothing
// else.
func TestTheHashBindsAKeyToItsRequest(t *testing.T) {
	base := call{method: "POST", path: "/v1/loads", org: "og_1", body: []byte(`{"a":1}`), id: "r1", lang: chinese}
	same := base
	same.id, same.lang, same.remote = "r2", english, "10.0.0.1"
	if base.hash() != same.hash() {
		t.Error("the hash depends on what is not asked for")
	}
	seen := map[[32]byte]string{base.hash(): "base"}
	for name, change := range map[string]func(*call){
		"method": func(c *call) { c.method = "PUT" }, "path": func(c *call) { c.path = "/v1/loads/" }, "organization": func(c *call) { c.org = "og_2" },
		"body": func(c *call) { c.body = []byte(`{"a":2}`) }, "version": func(c *call) { c.ifMatch = `"1"` },
		"border": func(c *call) { c.path, c.org = "/v1/loadso", "g_1" },
	} {
		c := base
		change(&c)
		if other, ok := seen[c.hash()]; ok {
			t.Errorf("%s hashes as %s", name, other)
		}
		seen[c.hash()] = name
	}
}

func TestAVersionThatHasPassed(t *testing.T) {
	s := serve(t)
	s.do = func(cmd freight.Command) (freight.Result, error) {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "version", "3")
	}
	load, offer := "/v1/loads/"+string(id("ld", "x")), "/v1/offers/"+string(id("of", "x"))
	match := map[string]string{"If-Match": `"3"`}
	s.want(412, request{"PUT", load, goodLoad, "clerk", match})
	s.want(412, request{"POST", load + "/withdraw", "{}", "clerk", match})
	s.want(409, request{"POST", offer + "/accept", `{"version": 3}`, "driver", nil})
	var versions []int64
	for _, cmd := range s.commands {
		switch act := cmd.Act.(type) {
		case freight.EditLoad:
			versions = append(versions, act.Version)
		case freight.WithdrawLoad:
			versions = append(versions, act.Version)
		case freight.AcceptOffer:
			versions = append(versions, act.Version)
		}
	}
	if !slices.Equal(versions, []int64{3, 3, 3}) {
		t.Errorf("versions %v", versions)
	}
	for text, want := range map[string]int64{`"7"`: 7, `7`: 7, `*`: 0, ``: 0} {
		if got, err := (&Conditional{text}).version(false); err != nil || got != want {
			t.Errorf("If-Match %s: %d %v", text, got, err)
		}
	}
}

func TestSwappedCoordinatesReachTheOneWhoKnowsTheMarket(t *testing.T) {
	s := serve(t)
	s.do = func(cmd freight.Command) (freight.Result, error) {
		admission := freight.Admission{Market: market, Now: now}
		_, err := admission.Load(cmd.Act.(freight.PostLoad).Terms)
		return freight.Result{}, err
	}
	body := with(t, goodLoad, `"lat": 31.8712345, "lng": 121.1812345`, `"lat": 121.1812345, "lng": 31.8712345`)
	a := s.want(422, request{"POST", "/v1/loads", body, "clerk", nil})
	if a.at(t, "problem") != "swapped" || a.at(t, "field") != "pickup.place" || a.at(t, "value") != "121.181235, 31.871234" {
		t.Errorf("%s", a.body)
	}
	body = with(t, goodLoad, `31.8712345`, `51.5`)
	if a := s.want(422, request{"POST", "/v1/loads", body, "clerk", nil}); a.at(t, "problem") != "outside_market" {
		t.Errorf("%s", a.body)
	}
}

func TestTripTermsReachTheExchangeInItsUnits(t *testing.T) {
	s := serve(t)
	body := with(t, goodTrip, `"kg": 5000, "floor_m": 4`, `"kg": 5000.0009, "floor_m": 4.0009`)
	body = with(t, body, `"detour_min": 60`, `"detour_min": 0.999`)
	s.want(201, request{"POST", "/v1/trips", body, "driver", nil})
	terms := s.commands[0].Act.(freight.AnnounceTrip).Terms
	usual, _ := s.cost(freight.Type9M6)
	if terms.Vehicle.Payload != usual.Payload || terms.Vehicle.Inner != usual.Inner {
		t.Errorf("vehicle %+v", terms.Vehicle)
	}
	if want := (freight.Room{Grams: 5000000, Millilitres: 4000 * 2400 * usual.Inner.HeightMM / 1000, FloorMM: 4000}); terms.Rooms[0] != want {
		t.Errorf("room %+v, want %+v", terms.Rooms[0], want)
	}
	if terms.Limits != (freight.Limits{DetourM: 50000, DetourS: 59, ExtraStops: 4}) || terms.Least != 5000 {
		t.Errorf("limits %+v", terms.Limits)
	}
	roaming := with(t, goodTrip, `"detour_km": 50, "detour_min": 60, `, ``)
	roaming = with(t, roaming, `"ref"`, `"roaming": true, "horizon": "2026-11-23T20:00:00+08:00", "ref"`)
	s.want(201, request{"POST", "/v1/trips", roaming, "driver", nil})
	terms = s.commands[1].Act.(freight.AnnounceTrip).Terms
	if !terms.Roaming || terms.Horizon != now+26*freight.Hour || terms.Limits.DetourM != 0 {
		t.Errorf("roaming %+v", terms)
	}
}

func (w *world) cost(t freight.VehicleType) (freight.TypeCost, bool) {
	costs := freight.DefaultCosts()
	return costs.Of(t)
}

func TestListsTurnTheirPages(t *testing.T) {
	s := serve(t)
	for i := range 5 {
		s.loads = append(s.loads, someLoad(fmt.Sprint(i), shipper))
	}
	var got []string
	path := "/v1/loads?limit=2"
	for range 3 {
		a := s.want(200, request{"GET", path, "", "clerk", nil})
		var p Page[Load]
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Fatal(err)
		}
		for _, l := range p.Items {
			got = append(got, string(l.ID))
		}
		if p.Cursor == "" || p.Cursor != a.Header.Get("Pinhuo-Cursor") {
			t.Errorf("cursor %q, header %q", p.Cursor, a.Header.Get("Pinhuo-Cursor"))
		}
		path = "/v1/loads?limit=2&after=" + string(p.Next)
		if p.Next == "" {
			break
		}
	}
	if len(got) != 5 || !slices.IsSorted(got) {
		t.Errorf("read %v", got)
	}
	if a := s.want(200, request{"GET", "/v1/trips", "", "clerk", nil}); a.at(t, "items") == nil {
		t.Errorf("an empty list is %s", a.body)
	}
}

func TestEveryListAndRowIsAsDescribed(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.deals = []freight.Deal{someDeal("x", freight.BookingFirm)}
	s.vehicles = []freight.Vehicle{{Meta: freight.Meta{ID: id("vh", "x"), Org: carrier.ID, Version: 1}, VehicleTerms: s.trips[0].Vehicle}}
	s.why[id("ld", "x")] = &freight.Explanation{Load: id("ld", "x"), At: now, Trips: 3, Counts: []freight.Count{{Reason: freight.ReasonPrice, N: 3}},
		Nearest: &freight.Near{Trip: id("tr", "x"), Reason: freight.ReasonPrice, By: 100, Unit: "fen"}, Final: true}
	s.outlooks[id("tr", "x")] = &freight.TripExplanation{Trip: id("tr", "x"), At: now, Judged: now, Loads: 3, Counts: []freight.Count{{Reason: freight.ReasonStops, N: 3}},
		Nearest: &freight.Near{Trip: id("tr", "x"), Load: id("ld", "x"), Reason: freight.ReasonStops, By: 1, Unit: "stops"},
		Remedy:  &freight.Remedy{Kind: freight.RemedyExtraStops, At: now, By: 1, Unit: "stops", Cost: 1000, Trip: id("tr", "x"), Load: id("ld", "x"), Table: "t"}}
	bound(&s.trips[0])
	for path, as := range map[string]string{
		"/v1/trips/" + string(id("tr", "x")) + "/explanation": "driver", "/v1/trips/" + string(id("tr", "x")) + "/reload": "driver",
		"/v1/loads": "clerk", "/v1/loads/" + string(id("ld", "x")): "clerk", "/v1/trips": "driver", "/v1/trips/" + string(id("tr", "x")): "driver",
		"/v1/offers": "driver", "/v1/offers?state=open": "clerk", "/v1/offers/" + string(id("of", "x")): "clerk", "/v1/bookings": "clerk",
		"/v1/bookings/" + string(id("bk", "x")): "driver", "/v1/vehicles": "driver", "/v1/board/loads": "stranger", "/v1/board/trips": "stranger",
		"/v1/desk/unanswered": "ops", "/v1/loads/" + string(id("ld", "x")) + "/explanation": "clerk", "/v1/places?q=海": "clerk",
		"/v1/places?lat=31.8&lng=121.1": "clerk", "/v1/me": "program",
	} {
		a := s.want(200, request{"GET", path, "", as, nil}) // and described, by send
		if strings.Contains(path, "/places") {
			continue
		}
		if a.Header.Get("Pinhuo-Cursor") == "" {
			t.Errorf("%s: no cursor", path)
		}
		if items, ok := a.json(t)["items"].([]any); ok && len(items) != 1 {
			t.Errorf("%s: %d rows", path, len(items))
		}
	}
	a := s.want(200, request{"POST", "/v1/offers/" + string(id("of", "x")) + "/accept", `{"version": 2}`, "driver", nil})
	if a.at(t, "load.pickup.contact.phone") != "13900000001" || a.at(t, "saved_fen") == nil || a.at(t, "load.ceiling_fen") != nil {
		t.Errorf("booking %s", a.body)
	}
	// The same answer again after the release tells no address.
	s.deals[0].Booking.State = freight.BookingReleased
	a = s.want(200, request{"POST", "/v1/offers/" + string(id("of", "x")) + "/accept", `{"version": 2}`, "driver", nil})
	if a.at(t, "load.pickup.contact") != nil || a.at(t, "load.pickup.place.address") != nil {
		t.Errorf("released booking %s", a.body)
	}
}

func TestEventsSinceACursor(t *testing.T) {
	s := serve(t)
	for seq := int64(1); seq <= 7; seq++ {
		audience := shipper.ID
		if seq%2 == 0 {
			audience = carrier.ID
		}
		s.events = append(s.events, freight.Event{Market: market.ID, Seq: seq, Audience: audience, Type: freight.EventLoadPosted, Schema: 1, At: now,
			Subject: id("ld", fmt.Sprint(seq)), Version: seq})
	}
	s.seq = 8 // the last one is for somebody else
	read := func(as, after string, limit int) Events {
		t.Helper()
		a := s.want(200, request{"GET", fmt.Sprintf("/v1/events?limit=%d&after=%s", limit, after), "", as, nil})
		var e Events
		if err := json.Unmarshal(a.body, &e); err != nil {
			t.Fatal(err)
		}
		if e.Cursor != a.Header.Get("Pinhuo-Cursor") {
			t.Errorf("cursor %q, header %q", e.Cursor, a.Header.Get("Pinhuo-Cursor"))
		}
		return e
	}
	var got []int64
	after, more := "", true
	for more {
		e := read("clerk", after, 3)
		for _, item := range e.Items {
			got = append(got, item.Data.Version)
		}
		if len(e.Items) > 0 && e.More && e.Items[len(e.Items)-1].Cursor != e.Cursor {
			t.Error("a full page ends at its last event")
		}
		after, more = e.Cursor, e.More
	}
	if !slices.Equal(got, []int64{1, 3, 5, 7}) {
		t.Errorf("read %v", got)
	}
	if e := read("clerk", after, 3); len(e.Items) != 0 || e.More || e.Cursor != after {
		t.Errorf("at the end: %+v", e)
	}
	// The list's cursor joins the events without a hole.
	s.seq = 4
	a := s.want(200, request{"GET", "/v1/loads", "", "clerk", nil})
	s.seq = 8
	if e := read("clerk", a.Header.Get("Pinhuo-Cursor"), 10); len(e.Items) != 2 || e.Items[0].Data.Version != 5 {
		t.Errorf("after a list: %+v", e.Items)
	}
	// Another organization's cursor opens nothing.
	s.refused(request{"GET", "/v1/events?after=" + after, "", "driver", nil}, wanted{422, freight.Invalid, freight.ProblemCursor, "after", "*", ""})
}

func TestErrorsOfThePorts(t *testing.T) {
	s := serve(t)
	for _, tc := range []struct {
		err    error
		status int
		retry  bool
	}{
		{&freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore, Cause: errors.New("disk full at /var/secret")}, 503, true},
		{errors.New("sql: secret text"), 500, false},
		{fmt.Errorf("list: %w", &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole}), 403, false},
	} {
		s.fail = tc.err
		a := s.want(tc.status, request{"GET", "/v1/loads", "", "clerk", nil})
		if got := a.Header.Get("Retry-After") != ""; got != tc.retry {
			t.Errorf("%v: Retry-After %v", tc.err, got)
		}
		if strings.Contains(string(a.body), "secret") {
			t.Errorf("the cause is told: %s", a.body)
		}
	}
	log := s.log.String()
	if !strings.Contains(log, "disk full") || !strings.Contains(log, "sql: secret text") {
		t.Errorf("the causes are not in the log: %s", log)
	}
	s.do = func(freight.Command) (freight.Result, error) { return freight.Result{}, nil }
	s.want(500, request{"POST", "/v1/loads", goodLoad, "clerk", nil})
	s.want(500, request{"POST", "/v1/trips", goodTrip, "driver", nil})
}

func TestRequestIDsAndTheLog(t *testing.T) {
	s := serve(t)
	for given, kept := range map[string]bool{"trace-1.a_B": true, "": false, "with space": false, "<script>": false, strings.Repeat("x", 65): false} {
		a := s.send(request{"GET", "/v1/me", "", "clerk", map[string]string{"X-Request-Id": given}})
		if got := a.Header.Get("X-Request-Id"); (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
	}
	s.log.Reset()
	r := request{"POST", "/v1/loads?x=query-secret", with(t, goodLoad, `"ref"`, `"oops": "body-secret", "ref"`), "clerk",
		map[string]string{"X-Request-Id": "trace-2", "Cookie": SessionCookie + "=cookie-secret", "Idempotency-Key": "key-secret"}}
	s.want(422, r)
	line := s.log.String()
	if strings.Count(line, "\n") != 1 {
		t.Errorf("%d lines: %s", strings.Count(line, "\n"), line)
	}
	for _, part := range []string{`"request_id":"trace-2"`, `"status":422`, `"method":"POST"`, `"path":"/v1/loads"`, `"problem":"unknown"`, `"took_ms":`, string(shipper.ID)} {
		if !strings.Contains(line, part) {
			t.Errorf("no %s in %s", part, line)
		}
	}
	for _, part := range []string{"secret", "clerk\"", "13900000001"} {
		if strings.Contains(line, part) {
			t.Errorf("%s in %s", part, line)
		}
	}
}

func TestAPanicIsAnInternalError(t *testing.T) {
	s := serve(t)
	s.do = func(freight.Command) (freight.Result, error) { panic("secret state") }
	a := s.want(500, request{"POST", "/v1/loads", goodLoad, "clerk", nil})
	if a.at(t, "problem") != "internal" || strings.Contains(string(a.body), "secret") {
		t.Errorf("%s", a.body)
	}
	if log := s.log.String(); !strings.Contains(log, "secret state") || !strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("log: %s", log)
	}
}

// A client that went away is nobody's fault; a panic after the first byte is
// ours, also when the client was told 200.
func TestWhatTheLogCallsAnError(t *testing.T) {
	s := serve(t, func(c *Config) {
		c.Page = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			panic("half way")
		})
	})
	s.fail = &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemOverload, Cause: context.Canceled}
	s.want(503, request{"GET", "/v1/loads", "", "clerk", nil})
	if log := s.log.String(); !strings.Contains(log, `"level":"INFO"`) || !strings.Contains(log, `"cause":"context canceled"`) {
		t.Errorf("log: %s", log)
	}
	s.log.Reset()
	s.send(request{"GET", "/", "", "", nil})
	if log := s.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "half way") {
		t.Errorf("log: %s", log)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	s := serve(t)
	for path, as := range map[string]string{"/v1/me": "clerk", "/v1/nothing": "clerk", "/v1/loads": "", "/healthz": "", "/nowhere": "", "/openapi.json": ""} {
		a := s.send(request{"GET", path, "", as, nil})
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s: %q", path, name, got)
			}
		}
		if strings.HasPrefix(path, "/v1/") && (a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Security-Policy") == "") {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

func TestTheDescriptionIsCurrentAndStable(t *testing.T) {
	first, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	second, err := Document()
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("two descriptions differ: %v", err)
	}
	kept, err := os.ReadFile("../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, kept) {
		t.Error("docs/openapi.json is stale: run make openapi")
	}
	s := serve(t)
	if a := s.want(http.StatusOK, request{"GET", "/openapi.json", "", "", nil}); !bytes.Equal(a.body, first) {
		t.Error("the server serves another description")
	}
	var doc struct {
		OpenAPI    string                    `json:"openapi"`
		Components map[string]map[string]any `json:"components"`
	}
	if err := json.Unmarshal(first, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatalf("%s %v", doc.OpenAPI, err)
	}
	for _, name := range []string{"Problem", "Event", "Facts", "Hello", "Beat", "Reload", "Load", "Trip", "Offer", "Booking", "LoadTerms", "TripTerms"} {
		if doc.Components["schemas"][name] == nil {
			t.Errorf("%s is not described", name)
		}
	}
	if bytes.Contains(first, []byte("$schema")) {
		t.Error("answers carry $schema")
	}
}
