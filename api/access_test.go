package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// operations are all of them with a request that is sound, and who may send it.
// Reads are open to every member, so only their path stands here.
func operations() map[string]struct {
	r   request
	may []string
} {
	type row = struct {
		r   request
		may []string
	}
	all := []string{"clerk", "program", "driver", "stranger", "officer", "ops"}
	auditors := []string{"auditor", "inspector"} // who read the log of acts and nothing else
	posters, haulers := []string{"clerk", "program", "stranger"}, []string{"driver"}
	load, trip := "/v1/loads/"+string(id("ld", "x")), "/v1/trips/"+string(id("tr", "x"))
	offer, booking := "/v1/offers/"+string(id("of", "x")), "/v1/bookings/"+string(id("bk", "x"))
	bundle := "/v1/bundles/" + string(id("bn", "x"))
	pool := "/v1/pools/" + string(id("po", "x"))
	ticket, officer := "/v1/tickets/"+string(id("ti", "x")), "/v1/desk/officers/"+string(id("us", "x"))
	askers, deskers := []string{"clerk", "program", "driver", "stranger"}, []string{"officer", "chief"}
	text := `{"text": "卸货口不对"}`
	match := map[string]string{"If-Match": `"3"`}
	return map[string]row{
		"me": {request{"GET", "/v1/me", "", "", nil}, append(auditors, all...)}, "list-loads": {request{"GET", "/v1/loads", "", "", nil}, all},
		"get-load": {request{"GET", load, "", "", nil}, all}, "explain-load": {request{"GET", load + "/explanation", "", "", nil}, all},
		"list-trips": {request{"GET", "/v1/trips", "", "", nil}, all}, "get-trip": {request{"GET", trip, "", "", nil}, all},
		"explain-trip":   {request{"GET", trip + "/explanation", "", "", nil}, all},
		"tell-positions": {request{"POST", trip + "/positions", goodPositions, "", nil}, haulers},
		"list-positions": {request{"GET", trip + "/positions", "", "", nil}, all}, "get-whereabouts": {request{"GET", booking + "/position", "", "", nil}, all},
		"get-reload":    {request{"GET", trip + "/reload", "", "", nil}, all},
		"list-vehicles": {request{"GET", "/v1/vehicles", "", "", nil}, all}, "list-offers": {request{"GET", "/v1/offers", "", "", nil}, all},
		"get-offer": {request{"GET", offer, "", "", nil}, all}, "list-bids": {request{"GET", offer + "/bids", "", "", nil}, all}, "list-bookings": {request{"GET", "/v1/bookings", "", "", nil}, all},
		"get-booking": {request{"GET", booking, "", "", nil}, all}, "get-split": {request{"GET", booking + "/split", "", "", nil}, all},
		"read-costs":        {request{"GET", "/v1/desk/costs", "", "", nil}, []string{"officer", "ops", "chief"}},
		"set-costs":         {request{"PUT", "/v1/desk/costs", `{"replaces": 1, "margin_percent": 115, "discount_percent": 10, "types": []}`, "", nil}, deskers},
		"booking-statement": {request{"GET", booking + "/statement", "", "", nil}, all},
		"get-statement":     {request{"GET", "/v1/statements?month=2026-11", "", "", nil}, all}, "statement-csv": {request{"GET", "/v1/statements/csv?month=2026-11", "", "", nil}, all},
		"quote-board-load": {request{"GET", "/v1/board" + load[3:] + "/quote", "", "", nil}, haulers}, "book-board-load": {request{"POST", "/v1/board" + load[3:] + "/book", `{"trip_id": "` + string(id("tr", "x")) + `", ` + goodTake, "", nil}, haulers},
		"quote-board-trip": {request{"GET", "/v1/board" + trip[3:] + "/quote", "", "", nil}, posters}, "book-board-trip": {request{"POST", "/v1/board" + trip[3:] + "/book", `{"load_id": "` + string(id("ld", "x")) + `", ` + goodTake, "", nil}, posters},
		"board-loads": {request{"GET", "/v1/board/loads", "", "", nil}, all},
		"board-trips": {request{"GET", "/v1/board/trips", "", "", nil}, all}, "list-events": {request{"GET", "/v1/events", "", "", nil}, all},
		"find-places": {request{"GET", "/v1/places?q=x", "", "", nil}, all}, "sign-out": {request{"DELETE", "/v1/session", "", "", nil}, append(auditors, all...)},
		"find-route": {request{"GET", "/v1/route?through=1,1/2,2", "", "", nil}, all},
		"list-sites": {request{"GET", "/v1/sites", "", "", nil}, all}, "add-site": {request{"POST", "/v1/sites", goodSite, "", nil}, append(posters, haulers...)},
		"set-site":         {request{"PUT", "/v1/sites/" + string(id("st", "x")), goodSite, "", match}, append(posters, haulers...)},
		"drop-site":        {request{"DELETE", "/v1/sites/" + string(id("st", "x")), "", "", match}, append(posters, haulers...)},
		"unanswered-loads": {request{"GET", "/v1/desk/unanswered", "", "", nil}, []string{"officer", "ops"}},
		"reread-roads":     {request{"POST", "/v1/desk/roads", "{}", "", nil}, []string{"officer"}},
		"post-load":        {request{"POST", "/v1/loads", goodLoad, "", nil}, posters}, "edit-load": {request{"PUT", load, goodLoad, "", match}, posters},
		"withdraw-load": {request{"POST", load + "/withdraw", "{}", "", nil}, posters}, "repost-load": {request{"POST", load + "/repost", goodLoad, "", nil}, posters},
		"announce-trip": {request{"POST", "/v1/trips", goodTrip, "", nil}, haulers}, "edit-trip": {request{"PUT", trip, goodTrip, "", match}, haulers},
		"cancel-trip": {request{"POST", trip + "/cancel", "", "", nil}, haulers}, "keep-trip": {request{"POST", trip + "/keep", "{}", "", nil}, haulers}, "keep-load": {request{"POST", load + "/keep", "{}", "", nil}, posters},
		"break-trip":   {request{"POST", trip + "/break-down", `{}`, "", nil}, haulers},
		"renew-trip":   {request{"POST", trip + "/renew", goodTrip, "", nil}, haulers},
		"list-bundles": {request{"GET", "/v1/bundles", "", "", nil}, all}, "get-bundle": {request{"GET", bundle, "", "", nil}, all},
		"accept-bundle": {request{"POST", bundle + "/accept", `{"version": 2}`, "", nil}, haulers}, "decline-bundle": {request{"POST", bundle + "/decline", `{"version": 2}`, "", nil}, haulers},
		"see-offer": {request{"POST", offer + "/seen", "{}", "", nil}, haulers}, "accept-offer": {request{"POST", offer + "/accept", `{"version": 2}`, "", nil}, askers},
		"list-pools": {request{"GET", "/v1/pools", "", "", nil}, all}, "get-pool": {request{"GET", pool, "", "", nil}, all},
		"consent-pool": {request{"POST", pool + "/consent", `{"version": 2}`, "", nil}, posters},
		"decline-pool": {request{"POST", pool + "/decline", `{}`, "", nil}, posters},
		"take-pool":    {request{"POST", pool + "/take", `{"version": 2, "vehicle": {"plate": {"number": "苏F88888", "colour": "yellow"}, "type": "9.6m"}}`, "", nil}, haulers},
		"list-tickets": {request{"GET", "/v1/tickets", "", "", nil}, all}, "get-ticket": {request{"GET", ticket, "", "", nil}, all},
		"ask-desk":         {request{"POST", "/v1/tickets", `{"kind": "help", "text": "找不到车"}`, "", nil}, askers},
		"note-ticket":      {request{"POST", ticket + "/note", text, "", nil}, append(askers, deskers...)},
		"confirm-ticket":   {request{"POST", ticket + "/confirm", "{}", "", nil}, append(askers, deskers...)},
		"reopen-ticket":    {request{"POST", ticket + "/reopen", text, "", nil}, append(askers, deskers...)},
		"take-ticket":      {request{"POST", ticket + "/take", "{}", "", nil}, deskers},
		"finish-ticket":    {request{"POST", ticket + "/finish", text, "", nil}, deskers},
		"hand-over-ticket": {request{"POST", ticket + "/hand-over", `{"to": "us_x"}`, "", nil}, deskers},
		"read-roster":      {request{"GET", "/v1/desk/officers", "", "", nil}, []string{"officer", "ops", "chief"}},
		"set-officer":      {request{"PUT", officer, "{}", "", nil}, []string{"chief"}},
		"remove-officer":   {request{"DELETE", officer, "", "", nil}, []string{"chief"}},
		"mark-officer":     {request{"POST", officer + "/away", `{"away": true}`, "", nil}, []string{"chief"}},
		"list-briefs":      {request{"GET", "/v1/desk/briefs", "", "", nil}, []string{"officer", "ops", "chief"}},
		"brief-text":       {request{"GET", "/v1/desk/briefs/" + string(id("br", "x")) + "/text", "", "", nil}, []string{"officer", "ops", "chief"}},
		"brief-csv":        {request{"GET", "/v1/desk/briefs/" + string(id("br", "x")) + "/csv", "", "", nil}, []string{"officer", "ops", "chief"}},
		"list-acts":        {request{"GET", "/v1/acts", "", "", nil}, append(append([]string{"chief"}, auditors...), all...)},
		"read-log":         {request{"GET", "/v1/log", "", "", nil}, append([]string{"officer", "ops", "chief"}, auditors...)},
		"log-head":         {request{"GET", "/v1/log/head", "", "", nil}, append([]string{"officer", "ops", "chief"}, auditors...)},
		"load-story":       {request{"GET", load + "/story", "", "", nil}, all},
		"read-standing":    {request{"GET", "/v1/standing", "", "", nil}, all},
		"get-asking":       {request{"GET", "/v1/asking", "", "", nil}, all},
		"set-asking":       {request{"PUT", "/v1/asking", "{}", "", nil}, append(posters, haulers...)},
		"receive-offer":    {request{"POST", offer + "/received", "{}", "", nil}, haulers},
		"delay-trip":       {request{"POST", "/v1/trips/" + string(id("tr", "x")) + "/delay", `{"late_s": 1800}`, "", nil}, haulers},
		"add-proof":        {request{"POST", booking + "/proofs?kind=delivery", "a picture", "", nil}, askers},
		"list-proofs":      {request{"GET", booking + "/proofs", "", "", nil}, all},
		"get-picture":      {request{"GET", booking + "/proofs/" + string(id("pf", "x")) + "/picture", "", "", nil}, all},
		"move-goods":       {request{"POST", booking + "/goods", `{"event": "load"}`, "", nil}, askers},
		"confirm-booking":  {request{"POST", booking + "/confirm", `{"version": 2}`, "", nil}, posters},
		"refuse-booking":   {request{"POST", booking + "/refuse", `{"reason": "price"}`, "", nil}, posters},
		"decline-offer":    {request{"POST", offer + "/decline", `{"version": 2}`, "", nil}, askers},
		"counter-offer":    {request{"POST", offer + "/counter", `{"version": 2, "price_fen": 3000}`, "", nil}, askers},
	}
}

// unguarded are the operations that need no principal.
var unguarded = []string{"sign-in", "stream", "healthz", "readyz"}

func TestTheTableOfOperationsIsComplete(t *testing.T) {
	table := operations()
	for path, item := range newServer(Config{}).api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil || slices.Contains(unguarded, op.OperationID) {
				continue
			}
			if _, ok := table[op.OperationID]; !ok {
				t.Errorf("%s %s is not in the table", path, op.OperationID)
			}
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.deals = []freight.Deal{someDeal("x", freight.BookingFirm)}
	for name, op := range operations() {
		for who := range principals {
			r := op.r
			r.as = who
			a := s.send(r)
			listed := slices.Contains(op.may, who) || who == "chief" && slices.Contains(op.may, "officer")
			ofDesk, ownersOnly := who == "officer" || who == "chief", len(op.may) == 1 && op.may[0] == "chief"
			if listed == (a.StatusCode == http.StatusForbidden) && (!ofDesk || ownersOnly) {
				t.Errorf("%s as %s: %d %s", name, who, a.StatusCode, a.body)
			}
			// An officer may do everything, once it says for whom, but for what is the owner's.
			if ofDesk && !ownersOnly && !listed && a.at(t, "field") != BehalfHeader {
				t.Errorf("%s as officer: %d %s", name, a.StatusCode, a.body)
			}
		}
		if a := s.send(op.r); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s without a principal: %d %s", name, a.StatusCode, a.body)
		}
	}
}

func TestOfficersActForAFirm(t *testing.T) {
	s := serve(t)
	s.loads = []freight.Load{someLoad("x", shipper), someLoad("y", other)}
	behalf := func(org freight.ID, as string) request {
		return request{"POST", "/v1/loads", goodLoad, as, map[string]string{BehalfHeader: string(org), "Idempotency-Key": "k"}}
	}
	s.want(201, behalf(shipper.ID, "officer"))
	cmd := s.commands[0]
	if cmd.Org != shipper.ID || cmd.Behalf != shipper.ID || cmd.Actor != principals["officer"].User {
		t.Errorf("command %+v", cmd)
	}
	for _, tc := range []struct {
		r      request
		status int
	}{
		{behalf(shipper.ID, "clerk"), 403},   // not an officer, not even for itself
		{behalf(shipper.ID, "ops"), 403},     // of the desk, but no officer
		{behalf(carrier.ID, "officer"), 403}, // a carrier posts no loads
		{behalf(abroad.ID, "officer"), 404},  // of another market
		{behalf("og_unknown", "officer"), 404},
		{behalf(id("og", "unknown"), "officer"), 404},
	} {
		a := s.want(tc.status, tc.r)
		if a.at(t, "field") != BehalfHeader {
			t.Errorf("%s", a.body)
		}
	}
	// Reads on behalf show what the firm sees, others what the desk sees.
	for header, want := range map[string]int{"": 2, string(shipper.ID): 1} {
		a := s.want(200, request{"GET", "/v1/loads", "", "officer", map[string]string{BehalfHeader: header}})
		items, _ := a.at(t, "items").([]any)
		if want == 1 && len(items) != 2 || want == 2 && len(items) != 3 {
			t.Errorf("on behalf of %q: %d loads", header, len(items))
		}
	}
}

// Whatever is not yours is not there, in the same words.
func TestForeignRowsAreMissingRows(t *testing.T) {
	s := serve(t)
	s.loads, s.trips = []freight.Load{someLoad("x", shipper)}, []freight.Trip{someTrip("x", carrier)}
	s.deals = []freight.Deal{someDeal("x", freight.BookingFirm)}
	s.why[id("ld", "x")] = &freight.Explanation{Load: id("ld", "x")}
	s.outlooks[id("tr", "x")] = &freight.TripExplanation{Trip: id("tr", "x")}
	bound(&s.trips[0])
	anID, requestID := regexp.MustCompile(`(ld|tr|of|bk)_[0-9A-Z]{26}`), regexp.MustCompile(`"request_id":"[^"]*"`)
	said := func(a answer) string {
		text := anID.ReplaceAllString(string(a.body), "ID")
		return fmt.Sprint(a.StatusCode) + requestID.ReplaceAllString(text, "")
	}
	hauler := member(freight.Org{ID: id("og", "rival"), Market: market.ID, Kind: freight.OrgCarrier}, freight.RoleOwner)
	principals["rival"] = hauler
	defer delete(principals, "rival")
	for name, op := range operations() {
		if !anID.MatchString(op.r.path) || strings.Contains(name, "-board-") { // the board is for everybody
			continue
		}
		foreign := op.r
		foreign.as = "stranger"
		if slices.Contains(op.may, "driver") && !slices.Contains(op.may, "stranger") {
			foreign.as = "rival"
		}
		if strings.HasPrefix(name, "edit-") || strings.HasPrefix(name, "re") {
			s.do = func(freight.Command) (freight.Result, error) {
				return freight.Result{}, freight.Missing("whatever", "x")
			}
		} else {
			s.do = nil
		}
		missing, odd := foreign, foreign
		missing.path = anID.ReplaceAllStringFunc(op.r.path, func(text string) string { return string(id(text[:2], "nowhere")) })
		odd.path = anID.ReplaceAllString(op.r.path, "${1}_odd")
		first, second := s.want(404, foreign), s.want(404, missing)
		if said(first) != said(second) {
			t.Errorf("%s:\nforeign %s\nmissing %s", name, first.body, second.body)
		}
		s.want(404, odd)
	}
}

func TestCookieWritesComeFromTheOwnPage(t *testing.T) {
	s := serve(t, func(c *Config) { c.Origins = []string{"https://zone.example"} })
	for _, tc := range []struct {
		name   string
		cookie bool
		header map[string]string
		want   int
	}{
		{"own page", true, map[string]string{"Sec-Fetch-Site": "same-origin"}, 201},
		{"a program with a cookie", true, nil, 201},
		{"another site", true, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		{"a sister site", true, map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"}, 403},
		{"another origin, old browser", true, map[string]string{"Origin": "https://evil.example"}, 403},
		{"a trusted origin", true, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://zone.example"}, 201},
		{"a token does not ride along", false, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 201},
	} {
		r := request{"POST", "/v1/loads", goodLoad, "clerk", map[string]string{}}
		for name, value := range tc.header {
			r.header[name] = value
		}
		if tc.cookie {
			r.as, r.header["Cookie"] = "", SessionCookie+"=clerk"
		}
		if a := s.send(r); a.StatusCode != tc.want {
			t.Errorf("%s: %d %s", tc.name, a.StatusCode, a.body)
		}
		r.method, r.path, r.body = "GET", "/v1/loads", ""
		if a := s.send(r); a.StatusCode != 200 {
			t.Errorf("%s, reading: %d %s", tc.name, a.StatusCode, a.body)
		}
	}
	a := s.want(403, request{"POST", "/v1/session", `{"link": "link-clerk"}`, "", map[string]string{"Sec-Fetch-Site": "cross-site"}})
	if a.at(t, "problem") != "origin" {
		t.Errorf("%s", a.body)
	}
	if _, err := New(Config{Origins: []string{"no origin"}}); err == nil {
		t.Error("an origin that is none was taken")
	}
}

func TestSigningInAndOut(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := serve(t, func(c *Config) { c.Secure = secure })
		a := s.want(200, request{"POST", "/v1/session", `{"link": "link-clerk"}`, "", nil})
		cookies := a.Cookies()
		if len(cookies) != 1 {
			t.Fatalf("cookies %v", cookies)
		}
		c := cookies[0]
		if c.Name != SessionCookie || c.Value != "clerk" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure ||
			c.Path != "/" || freight.At(c.Expires) != now+freight.Day {
			t.Errorf("cookie %+v", c)
		}
		if got := a.Header.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("HSTS %v over TLS %v", got, secure)
		}
		if a.at(t, "org.name") != shipper.Name || a.at(t, "market.box.south") != 28.0 || a.at(t, "server_time") == nil {
			t.Errorf("%s", a.body)
		}
		a = s.want(204, request{"DELETE", "/v1/session", "", "", map[string]string{"Cookie": SessionCookie + "=clerk"}})
		if c := a.Cookies(); len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
			t.Errorf("the cookie is not cleared: %v", c)
		}
	}
}

// A link is used up by the sign-in: the session is not lost when what follows
// fails.
func TestSignInKeepsTheSessionWhenReadingFails(t *testing.T) {
	s := serve(t)
	s.fail = &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore}
	a := s.want(503, request{"POST", "/v1/session", `{"link": "link-clerk"}`, "", nil})
	if len(a.Cookies()) != 1 || a.Header.Get("Retry-After") == "" {
		t.Errorf("%v", a.Header)
	}
}

func TestRateIsLimitedForEachPrincipal(t *testing.T) {
	s := serve(t, func(c *Config) { c.Limit = Limit{PerSecond: 2, Burst: 3} })
	get := func(as string) answer { return s.send(request{"GET", "/v1/me", "", as, nil}) }
	for range 3 {
		if a := get("clerk"); a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	a := get("clerk")
	if a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") != "1" || a.at(t, "code") != "too_many" {
		t.Fatalf("%d %v %s", a.StatusCode, a.Header, a.body)
	}
	if get("driver").StatusCode != 200 {
		t.Error("one principal's limit held up another")
	}
	s.mu.Lock()
	s.clock += 500
	s.mu.Unlock()
	if get("clerk").StatusCode != 200 || get("clerk").StatusCode != 429 {
		t.Error("half a second should give one request at two a second")
	}
	// Guessing links is limited by address.
	codes := map[int]int{}
	for range 6 {
		codes[s.send(request{"POST", "/v1/session", `{"link": "guess"}`, "", nil}).StatusCode]++
	}
	if codes[401] != 3 || codes[429] != 3 {
		t.Errorf("guesses: %v", codes)
	}
}

func TestLimiterForgets(t *testing.T) {
	l := newLimiter(Limit{PerSecond: 1, Burst: 1})
	for i := range 2 * maxBuckets {
		if err := l.take(fmt.Sprint(i), now); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(l.buckets))
	}
	if err := l.take("late", now+freight.Minute); err != nil || len(l.buckets) != 1 {
		t.Errorf("%d buckets after a minute: %v", len(l.buckets), err)
	}
	var wait *waitError
	if err := l.take("late", now+freight.Minute); !errors.As(err, &wait) || wait.seconds != 1 {
		t.Errorf("second take: %v", err)
	}
}

// player plays the hub.
type player struct{ served, refused int }

func (p *player) Serve(w http.ResponseWriter, r *http.Request, who freight.Principal) error {
	p.served++
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\nConnection: Upgrade\r\n\r\n")
	return err
}

func (p *player) Refuse(http.ResponseWriter, *http.Request, error) error {
	p.refused++
	return &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
}

func TestTheStreamGetsItsPrincipalAndTheConnection(t *testing.T) {
	hub := &player{}
	s := serve(t, func(c *Config) { c.Stream = hub })
	req, err := http.NewRequest("GET", s.URL+"/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer driver")
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "test")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols || hub.served != 1 {
		t.Errorf("%d, served %d", resp.StatusCode, hub.served)
	}
	s.want(401, request{"GET", "/v1/stream", "", "nobody", nil})
	if hub.refused != 1 {
		t.Error("the hub was not asked to refuse")
	}
}

func TestHealth(t *testing.T) {
	var broken error
	s := serve(t, func(c *Config) {
		c.Checks = []Check{{"database", func(context.Context) error { return broken }}, {"writer", func(context.Context) error { return nil }}}
		c.Page = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!doctype html>") })
	})
	for path, want := range map[string]string{"/healthz": `"ok"`, "/readyz": `"ok"`, "/": "<!doctype", "/any/page": "<!doctype"} {
		if a := s.want(200, request{"GET", path, "", "", nil}); !strings.Contains(string(a.body), want) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	broken = errors.New("dial tcp 10.0.0.1: refused")
	a := s.want(503, request{"GET", "/readyz", "", "", nil})
	if string(a.body) != `{"status":"not ready","waiting":["database"]}`+"\n" {
		t.Errorf("%s", a.body)
	}
	if !strings.Contains(s.log.String(), "10.0.0.1") {
		t.Error("the cause is not in the log")
	}
	s.want(200, request{"GET", "/healthz", "", "", nil})
}
