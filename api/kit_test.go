package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/api/live"
	"pinhuo/freight"
)

// now is the present of every test: a Sunday evening in Haimen.
var now = freight.At(time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC))

// id makes a well-formed id that says what it stands for.
func id(prefix, name string) freight.ID {
	name = strings.ToUpper(strings.NewReplacer("-", "", "_", "").Replace(name))
	return freight.ID(prefix + "_" + strings.Repeat("0", 26-len(name)) + name)
}

var (
	market  = freight.Market{ID: id("mk", "haimen"), Name: "海门", Zone: "Asia/Shanghai", Box: freight.Box{South: 28e7, West: 115e7, North: 35e7, East: 123e7}}
	shipper = freight.Org{ID: id("og", "shipper"), Market: market.ID, Kind: freight.OrgEnterprise, Name: "海门纺机", Vetted: true}
	carrier = freight.Org{ID: id("og", "carrier"), Market: market.ID, Kind: freight.OrgCarrier, Name: "江海物流", Vetted: true}
	other   = freight.Org{ID: id("og", "other"), Market: market.ID, Kind: freight.OrgEnterprise, Name: "常乐家纺"}
	desk    = freight.Org{ID: id("og", "desk"), Market: market.ID, Kind: freight.OrgDesk, Name: "物流服务台", Vetted: true}
	abroad  = freight.Org{ID: id("og", "abroad"), Market: id("mk", "abroad"), Kind: freight.OrgEnterprise, Name: "外地", Vetted: true}
)

// principals by their token.
var principals = map[string]freight.Principal{
	"clerk":     member(shipper, freight.RoleClerk),
	"auditor":   member(shipper, freight.RoleAuditor),
	"inspector": member(desk, freight.RoleAuditor),
	"program":   {Credential: id("tk", "program"), Org: shipper.ID, OrgKind: shipper.Kind, OrgName: shipper.Name, Role: freight.RoleAPI, Market: market.ID},
	"driver":    member(carrier, freight.RoleDriver),
	"stranger":  member(other, freight.RoleOwner),
	"officer":   member(desk, freight.RoleOfficer),
	"ops":       member(desk, freight.RoleOps),
	"chief":     member(desk, freight.RoleOwner),
}

func member(o freight.Org, role freight.Role) freight.Principal {
	return freight.Principal{
		User: id("us", string(role)+string(o.Kind)), Name: "王经理", Org: o.ID, OrgKind: o.Kind, OrgName: o.Name, Role: role,
		Market: o.Market, Credential: id("ss", string(role)),
	}
}

// world plays everything behind the ports, with rows that tests put in.
type world struct {
	mu         sync.Mutex
	seq        int64
	loads      []freight.Load
	trips      []freight.Trip
	vehicles   []freight.Vehicle
	deals      []freight.Deal
	pools      []freight.Company
	tickets    []freight.Ticket
	officers   []freight.Officer
	briefs     []freight.Brief
	stories    []freight.Story
	deeds      []freight.Deed
	preference freight.Preference
	events     []freight.Event
	sites      map[freight.ID]freight.Site
	positions  []freight.Position
	proofs     []freight.Proof
	blobs      map[freight.Digest][]byte
	why        map[freight.ID]*freight.Explanation
	outlooks   map[freight.ID]*freight.TripExplanation
	commands   []freight.Command
	noted      []freight.Command // acts that were refused before they got to Do
	answers    map[string]freight.Answer
	do         func(freight.Command) (freight.Result, error) // nil: a plausible answer
	fail       error                                         // every read fails with it
	log        bytes.Buffer
	clock      freight.Instant
	minted     int
}

// server serves a world on loopback.
type testServer struct {
	testing.TB
	*world
	*httptest.Server
	doc *huma.OpenAPI
}

func serve(t testing.TB, adjust ...func(*Config)) *testServer {
	t.Helper()
	w := &world{seq: 7, sites: map[freight.ID]freight.Site{}, why: map[freight.ID]*freight.Explanation{}, outlooks: map[freight.ID]*freight.TripExplanation{}, answers: map[string]freight.Answer{}, clock: now}
	cfg := Config{
		Exchange: w, Quotes: w, Reader: w, Desk: w, Gate: w, Towns: w, Sites: w, Positions: w, Proofs: w, Pictures: w, Ways: w, Roads: w, Cursors: live.NewSealer([32]byte{1}, "history"), Now: w.now, Minter: w,
		Costs: freight.DefaultCosts(), Log: slog.New(slog.NewJSONHandler(&w.log, nil)),
		Limit: Limit{PerSecond: 1e9, Burst: 1e9},
	}
	for _, f := range adjust {
		f(&cfg)
	}
	handler, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &testServer{TB: t, world: w, Server: httptest.NewServer(handler), doc: newServer(Config{}).api.OpenAPI()}
	t.Cleanup(s.Close)
	return s
}

// request is one request of a test; zero values leave things out.
type request struct {
	method, path, body string
	as                 string // bearer token
	header             map[string]string
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%d %s: %v", a.StatusCode, a.body, err)
	}
	return v
}

// at reads a value of the answer by a dotted path such as "errors.0.field".
func (a answer) at(t testing.TB, path string) any {
	t.Helper()
	var v any = a.json(t)
	for _, part := range strings.Split(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil || i >= len(in) {
				t.Fatalf("no %s in %s", path, a.body)
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// send sends a request and checks what holds for every answer: a request id,
// and a body that the API's description admits.
func (s *testServer) send(r request) answer {
	s.Helper()
	req, err := http.NewRequest(r.method, s.URL+r.path, strings.NewReader(r.body))
	if err != nil {
		s.Fatal(err)
	}
	if r.as != "" {
		req.Header.Set("Authorization", "Bearer "+r.as)
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	a := answer{resp, body}
	if resp.Header.Get(requestID) == "" {
		s.Fatalf("%s %s: no request id", r.method, r.path)
	}
	s.described(r, a)
	return a
}

// want sends a request and requires a status.
func (s *testServer) want(status int, r request) answer {
	s.Helper()
	a := s.send(r)
	if a.StatusCode != status {
		s.Fatalf("%s %s as %s: %d %s, want %d", r.method, r.path, r.as, a.StatusCode, a.body, status)
	}
	return a
}

// described checks an answer's body against the API's description.
func (s *testServer) described(r request, a answer) {
	s.Helper()
	kind := a.Header.Get("Content-Type")
	var schema *huma.Schema
	switch {
	case kind == problemType:
		schema = s.doc.Components.Schemas.Map()["Problem"]
	case strings.HasPrefix(kind, "text/csv"), kind == "image/jpeg": // of which the description says no more than that
	case strings.HasPrefix(r.path, "/v1/") && len(a.body) > 0:
		schema = s.schemaOf(r, a.StatusCode)
	}
	if schema == nil {
		return
	}
	var v any
	if err := json.Unmarshal(a.body, &v); err != nil {
		s.Fatalf("%s %s: %s: %v", r.method, r.path, a.body, err)
	}
	var found huma.ValidateResult
	huma.Validate(s.doc.Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, &found)
	for _, err := range found.Errors {
		s.Errorf("%s %s: answer %s is not as described: %v", r.method, r.path, a.body, err)
	}
}

func (s *testServer) schemaOf(r request, status int) *huma.Schema {
	s.Helper()
	path, _, _ := strings.Cut(r.path, "?")
	for template, item := range s.doc.Paths {
		if !sameShape(template, path) {
			continue
		}
		op := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete}[r.method]
		if op == nil {
			continue
		}
		described := op.Responses[fmt.Sprint(status)]
		if described == nil {
			s.Fatalf("%s %s: status %d is not described", r.method, r.path, status)
		}
		return described.Content["application/json"].Schema
	}
	s.Fatalf("%s %s is not described", r.method, r.path)
	return nil
}

func sameShape(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return len(want) == len(got) && !slices.ContainsFunc(want, func(part string) bool {
		i := slices.Index(want, part)
		return !strings.HasPrefix(part, "{") && part != got[i]
	})
}

// The ports.

func (w *world) now() freight.Instant { w.mu.Lock(); defer w.mu.Unlock(); return w.clock }

func (w *world) Mint(prefix string, at freight.Instant) freight.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.minted++
	return freight.NewID(prefix, at, [10]byte{9: byte(w.minted)})
}

// goodTake is the end of a body that takes what was quoted.
const goodTake = `"load_version": 1, "trip_version": 1, "price_fen": 28000, "detour": {"metres": 3000, "seconds": 240}}`

// Quote knows the rows that tests put in, and a load of 9 tonnes does not fit.
func (w *world) Quote(_ context.Context, _ freight.ID, ask freight.AskQuote) (freight.Quote, error) {
	q := freight.Quote{Load: ask.Load, Trip: ask.Trip, LoadVersion: 1, TripVersion: 1, At: now, Router: freight.Router{Method: "fallback", Version: "1"}}
	q.Price, q.Alone, q.DetourM, q.DetourS, q.PickupETA, q.DropETA = 28000, 90000, 3000, 240, now+freight.Hour, now+3*freight.Hour
	for i := range w.loads {
		if l := &w.loads[i]; l.ID == ask.Load && l.Size.Grams > 9_000_000 {
			q.Bar, q.By, q.Unit = freight.Refuse(freight.ProblemUnfit, "trip", string(ask.Trip)), 1000, "g"
			q.Bar.Reason = freight.ReasonWeight
		}
	}
	return q, nil
}

func (w *world) Do(_ context.Context, cmd freight.Command) (freight.Result, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands = append(w.commands, cmd)
	name := string(cmd.Org) + cmd.Key
	if first, ok := w.answers[name]; ok && cmd.Key != "" {
		if first.Key.Hash != cmd.Hash {
			return freight.Result{}, freight.Refuse(freight.ProblemKeyReused, "Idempotency-Key", cmd.Key)
		}
		if first.Refusal != nil {
			return freight.Result{}, first.Refusal
		}
		return first.Result, nil
	}
	do := w.do
	if do == nil {
		do = w.plausible
	}
	result, err := do(cmd)
	var refusal *freight.Error
	errors.As(err, &refusal)
	w.answers[name] = freight.Answer{Key: freight.Key{Hash: cmd.Hash}, Result: result, Refusal: refusal}
	return result, err
}

// Refused keeps what was refused at the edge.
func (w *world) Refused(_ context.Context, cmd freight.Command, refusal error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	note := freight.NoteRefusal{What: freight.NamingOf(cmd.Act)}
	errors.As(refusal, &note.Refusal)
	cmd.Act = note
	w.noted = append(w.noted, cmd)
}

// plausible answers a command with a row that repeats its terms.
func (w *world) plausible(cmd freight.Command) (freight.Result, error) {
	w.seq++
	meta := freight.Meta{Market: cmd.Market, Org: cmd.Org, Version: 1, Made: now, Changed: now, Actor: cmd.Actor, Behalf: cmd.Behalf}
	load := func(id freight.ID, terms freight.LoadTerms) (freight.Result, error) {
		meta.ID = id
		l := &freight.Load{Meta: meta, LoadTerms: terms, State: freight.LoadPosted, Posted: now, Alone: 100000}
		w.loads = append(w.loads, *l)
		return freight.Result{Seq: w.seq, Load: l}, nil
	}
	trip := func(id freight.ID, terms freight.TripTerms) (freight.Result, error) {
		meta.ID = id
		t := &freight.Trip{Meta: meta, TripTerms: terms, State: freight.TripOpen}
		w.trips = append(w.trips, *t)
		return freight.Result{Seq: w.seq, Trip: t}, nil
	}
	switch act := cmd.Act.(type) {
	case freight.PostLoad:
		return load(id("ld", fmt.Sprintf("new%d", w.seq)), act.Terms)
	case freight.EditLoad:
		return load(act.Load, act.Terms)
	case freight.RepostLoad:
		return load(act.Load, act.Terms)
	case freight.AnnounceTrip:
		return trip(id("tr", fmt.Sprintf("new%d", w.seq)), act.Terms)
	case freight.EditTrip:
		return trip(act.Trip, act.Terms)
	case freight.RenewTrip:
		return trip(act.Trip, act.Terms)
	case freight.WithdrawLoad:
		for i := range w.loads {
			if w.loads[i].ID == act.Load && w.loads[i].Org == cmd.Org {
				return freight.Result{Seq: w.seq, Load: &w.loads[i]}, nil
			}
		}
	case freight.BreakTrip:
		for i := range w.trips {
			if w.trips[i].ID == act.Trip && w.trips[i].Org == cmd.Org {
				return freight.Result{Seq: w.seq, Trip: &w.trips[i]}, nil
			}
		}
	case freight.CancelTrip:
		for i := range w.trips {
			if w.trips[i].ID == act.Trip && w.trips[i].Org == cmd.Org {
				return freight.Result{Seq: w.seq, Trip: &w.trips[i]}, nil
			}
		}
	}
	return w.plausibleOffer(cmd)
}

func (w *world) plausibleOffer(cmd freight.Command) (freight.Result, error) {
	find := func(id freight.ID) (freight.Deal, error) {
		for _, d := range w.deals {
			if d.Offer != nil && d.Offer.ID == id && d.Offer.Org == cmd.Org {
				return d, nil
			}
		}
		return freight.Deal{}, freight.Missing("anything", id)
	}
	switch act := cmd.Act.(type) {
	case freight.AddProof:
		return w.show(cmd, act)
	case freight.SetPreference:
		w.preference.Version, w.preference.PreferenceTerms = w.preference.Version+1, act.Terms
		return freight.Result{Seq: w.seq, Preference: &w.preference}, nil
	case freight.ReceiveOffer:
		d, err := find(act.Offer)
		return freight.Result{Seq: w.seq, Offer: d.Offer}, err
	case freight.SeeOffer:
		d, err := find(act.Offer)
		return freight.Result{Seq: w.seq, Offer: d.Offer}, err
	case freight.DeclineOffer:
		d, err := find(act.Offer)
		return freight.Result{Seq: w.seq, Offer: d.Offer}, err
	case freight.BookNow:
		for i := range w.deals {
			if w.deals[i].Load.ID == act.Load {
				return freight.Result{Seq: w.seq, Booking: w.deals[i].Booking}, nil
			}
		}
	case freight.AcceptOffer:
		d, err := find(act.Offer)
		return freight.Result{Seq: w.seq, Booking: d.Booking}, err
	}
	return freight.Result{}, freight.Missing("somewhere else", "x")
}

func (w *world) Head(context.Context, freight.ID) (int64, error) { return w.seq, w.fail }

func find[T any](w *world, rows []T, is func(*T) bool, id freight.ID) (T, int64, error) {
	var none T
	if w.fail != nil {
		return none, 0, w.fail
	}
	for i := range rows {
		if is(&rows[i]) {
			return rows[i], w.seq, nil
		}
	}
	return none, 0, freight.Missing("row", id)
}

func page[T any](w *world, rows []T, is func(*T) bool, q freight.Query, name func(*T) freight.ID) (freight.Page[T], error) {
	if w.fail != nil {
		return freight.Page[T]{}, w.fail
	}
	out := freight.Page[T]{Seq: w.seq}
	past := q.After == ""
	for i := range rows {
		switch {
		case !is(&rows[i]):
		case !past:
			past = name(&rows[i]) == q.After
		case len(out.Rows) == q.Limit:
			out.Next = name(&out.Rows[q.Limit-1])
			return out, nil
		default:
			out.Rows = append(out.Rows, rows[i])
		}
	}
	return out, nil
}

func sees(s freight.Scope, orgs ...freight.ID) bool { return s.Desk || slices.Contains(orgs, s.Org) }

func (w *world) Load(_ context.Context, s freight.Scope, id freight.ID) (freight.Load, int64, error) {
	return find(w, w.loads, func(l *freight.Load) bool { return l.ID == id && sees(s, l.Org) }, id)
}

func (w *world) Loads(_ context.Context, q freight.Query) (freight.Page[freight.Load], error) {
	is := func(l *freight.Load) bool {
		return sees(q.Scope, l.Org) && (q.State == "" || string(l.State) == q.State)
	}
	return page(w, w.loads, is, q, func(l *freight.Load) freight.ID { return l.ID })
}

func (w *world) Trip(_ context.Context, s freight.Scope, id freight.ID) (freight.Trip, int64, error) {
	return find(w, w.trips, func(t *freight.Trip) bool { return t.ID == id && sees(s, t.Org) }, id)
}

func (w *world) Trips(_ context.Context, q freight.Query) (freight.Page[freight.Trip], error) {
	return page(w, w.trips, func(t *freight.Trip) bool { return sees(q.Scope, t.Org) }, q, func(t *freight.Trip) freight.ID { return t.ID })
}

func (w *world) Vehicles(_ context.Context, q freight.Query) (freight.Page[freight.Vehicle], error) {
	return page(w, w.vehicles, func(v *freight.Vehicle) bool { return sees(q.Scope, v.Org) }, q, func(v *freight.Vehicle) freight.ID { return v.ID })
}

func (w *world) Offer(_ context.Context, s freight.Scope, id freight.ID) (freight.Deal, int64, error) {
	return find(w, w.deals, func(d *freight.Deal) bool {
		return d.Offer != nil && d.Offer.ID == id && sees(s, d.Offer.Org, d.Offer.Shipper)
	}, id)
}

func (w *world) Bids(ctx context.Context, s freight.Scope, id freight.ID) ([]freight.Bid, int64, error) {
	_, seq, err := w.Offer(ctx, s, id)
	return []freight.Bid{{At: now, By: freight.SideCarrier, Price: 33_000}, {At: now + freight.Minute, By: freight.SideShipper, Price: 31_000}}, seq, err
}

func (w *world) Offers(_ context.Context, q freight.Query) (freight.Page[freight.Deal], error) {
	is := func(d *freight.Deal) bool {
		return d.Offer != nil && sees(q.Scope, d.Offer.Org, d.Offer.Shipper) && (q.State != "open" || d.Offer.Open())
	}
	return page(w, w.deals, is, q, func(d *freight.Deal) freight.ID { return d.Offer.ID })
}

func (w *world) bundles() (list []freight.Bundle) {
	for _, d := range w.deals {
		if d.Offer == nil || d.Offer.Bundle == "" {
			continue
		}
		if n := len(list); n == 0 || list[n-1].ID != d.Offer.Bundle {
			list = append(list, freight.Bundle{ID: d.Offer.Bundle})
		}
		b := &list[len(list)-1]
		b.Version, b.Lines = max(b.Version, d.Offer.Edition), append(b.Lines, d)
	}
	return list
}

func (w *world) Bundle(_ context.Context, s freight.Scope, id freight.ID) (freight.Bundle, int64, error) {
	return find(w, w.bundles(), func(b *freight.Bundle) bool { return b.ID == id && sees(s, b.Lines[0].Offer.Org) }, id)
}

func (w *world) Bundles(_ context.Context, q freight.Query) (freight.Page[freight.Bundle], error) {
	is := func(b *freight.Bundle) bool { return sees(q.Scope, b.Lines[0].Offer.Org) }
	return page(w, w.bundles(), is, q, func(b *freight.Bundle) freight.ID { return b.ID })
}

func (w *world) Booking(_ context.Context, s freight.Scope, id freight.ID) (freight.Deal, int64, error) {
	return find(w, w.deals, func(d *freight.Deal) bool {
		return d.Booking != nil && d.Booking.ID == id && sees(s, d.Booking.Org, d.Booking.Shipper)
	}, id)
}

func (w *world) Bookings(_ context.Context, q freight.Query) (freight.Page[freight.Deal], error) {
	is := func(d *freight.Deal) bool { return d.Booking != nil && sees(q.Scope, d.Booking.Org, d.Booking.Shipper) }
	return page(w, w.deals, is, q, func(d *freight.Deal) freight.ID { return d.Booking.ID })
}

func (w *world) Sharing(ctx context.Context, s freight.Scope, id freight.ID) (freight.Sharing, int64, error) {
	d, seq, err := w.Booking(ctx, s, id)
	if err != nil {
		return freight.Sharing{}, 0, err
	}
	return freight.Sharing{Booking: *d.Booking, Due: d.Booking.Share + 700, Fees: 200, Shares: []freight.Fen{d.Booking.Share, 500}}, seq, nil
}

func concerns(s freight.Scope, c *freight.Company) bool {
	mine := slices.ContainsFunc(c.Members, func(m freight.Member) bool { return m.Org == s.Org })
	return s.Desk || mine || s.Org == carrier.ID && (c.Pool.State == freight.PoolTendered || c.Pool.State == freight.PoolCommitted)
}

func (w *world) Pool(_ context.Context, s freight.Scope, id freight.ID) (freight.Company, int64, error) {
	return find(w, w.pools, func(c *freight.Company) bool { return c.Pool.ID == id && concerns(s, c) }, id)
}

func (w *world) Pools(_ context.Context, q freight.Query) (freight.Page[freight.Company], error) {
	is := func(c *freight.Company) bool { return concerns(q.Scope, c) && (q.State != "open" || c.Pool.Live()) }
	return page(w, w.pools, is, q, func(c *freight.Company) freight.ID { return c.Pool.ID })
}

func (w *world) BoardLoads(_ context.Context, q freight.Query) (freight.Page[freight.Load], error) {
	return page(w, w.loads, func(l *freight.Load) bool { return true }, q, func(l *freight.Load) freight.ID { return l.ID })
}

func (w *world) BoardTrips(_ context.Context, q freight.Query) (freight.Page[freight.Trip], error) {
	return page(w, w.trips, func(t *freight.Trip) bool { return true }, q, func(t *freight.Trip) freight.ID { return t.ID })
}

func (w *world) Unanswered(_ context.Context, _, after freight.ID, limit int) (freight.Page[freight.Load], error) {
	q := freight.Query{After: after, Limit: limit}
	return page(w, w.loads, func(l *freight.Load) bool { return l.State == freight.LoadPosted }, q, func(l *freight.Load) freight.ID { return l.ID })
}

func (w *world) Explanation(ctx context.Context, s freight.Scope, load freight.ID) (*freight.Explanation, error) {
	if _, _, err := w.Load(ctx, s, load); err != nil {
		return nil, err
	}
	return w.why[load], nil
}

func (w *world) Homeward(ctx context.Context, s freight.Scope, id freight.ID) (freight.Homeward, int64, error) {
	t, seq, err := w.Trip(ctx, s, id)
	h := freight.Homeward{Trip: t}
	if told := t.Tied().Reload; err == nil && told != nil {
		for _, line := range told.Lines {
			l, _, err := w.Load(ctx, freight.Scope{Desk: true}, line.Load)
			if err != nil {
				return h, seq, err
			}
			h.Loads = append(h.Loads, l)
		}
	}
	return h, seq, err
}

func (w *world) Preference(context.Context, freight.Scope) (freight.Preference, int64, error) {
	return w.preference, w.seq, w.fail
}

func (w *world) TripExplanation(ctx context.Context, s freight.Scope, trip freight.ID) (*freight.TripExplanation, error) {
	if _, _, err := w.Trip(ctx, s, trip); err != nil {
		return nil, err
	}
	return w.outlooks[trip], nil
}

func (w *world) Events(_ context.Context, _, audience freight.ID, after int64, limit int) ([]freight.Event, int64, error) {
	var list []freight.Event
	for _, e := range w.events {
		if e.Audience == audience && e.Seq > after && len(list) < limit {
			list = append(list, e)
		}
	}
	return list, w.seq, w.fail
}

func (w *world) Markets(context.Context) ([]freight.Market, error) {
	return []freight.Market{market}, w.fail
}

func (w *world) Org(_ context.Context, id freight.ID) (freight.Org, error) {
	for _, o := range []freight.Org{shipper, carrier, other, desk, abroad} {
		if o.ID == id {
			return o, w.fail
		}
	}
	return freight.Org{}, freight.Missing("org", id)
}

func (w *world) Parties(ctx context.Context, ids ...freight.ID) (map[freight.ID]freight.Org, error) {
	known := map[freight.ID]freight.Org{}
	for _, id := range ids {
		o, err := w.Org(ctx, id)
		if err != nil {
			return nil, err
		}
		known[id] = o
	}
	return known, nil
}

func (w *world) Authenticate(_ context.Context, r *http.Request) (freight.Principal, error) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	cookie, err := r.Cookie(SessionCookie)
	if token == "" && err == nil {
		token = cookie.Value
	}
	p, ok := principals[token]
	if !ok {
		return freight.Principal{}, &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
	}
	p.Cookie = err == nil
	return p, nil
}

func (w *world) SignIn(_ context.Context, link string) (string, freight.Principal, freight.Instant, error) {
	p, ok := principals[strings.TrimPrefix(link, "link-")]
	if !ok {
		return "", p, 0, &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn}
	}
	return strings.TrimPrefix(link, "link-"), p, now + freight.Day, nil
}

func (w *world) SignOut(context.Context, freight.Principal) error { return nil }

var towns = []Town{
	{ID: "320400", Kind: "prefecture", Name: "常州", Full: "常州市", Latin: "Changzhou", Parent: "江苏", Point: freight.Point{LatE7: 317740000, LngE7: 1199540000}, Bookable: true},
	{ID: "320614", Kind: "county", Name: "海门", Full: "海门区", Latin: "Haimen", Parent: "江苏 南通", Point: freight.Point{LatE7: 318710000, LngE7: 1211800000}, Bookable: true},
	{ID: "330382", Kind: "county", Name: "乐清", Full: "乐清市", Latin: "Yueqing", Parent: "浙江 温州", Point: freight.Point{LatE7: 279900000, LngE7: 1206990000}},
}

func (w *world) Reread(context.Context) (RoadsInUse, error) {
	return RoadsInUse{Method: "graph", Version: "r2-test-truck", Changed: true}, w.fail
}

func (w *world) Way(_ context.Context, points []freight.Point, lines bool) (Way, error) {
	way := Way{Method: "fallback", Version: "test"}
	for i := range points[1:] {
		leg := WayLeg{Metres: 1000, Seconds: 120, AccessM: 7}
		if lines {
			leg.Line = points[i : i+2]
		}
		way.Legs = append(way.Legs, leg)
	}
	return way, w.fail
}

func (w *world) Rough(town string, p freight.Point) bool {
	return slices.ContainsFunc(towns, func(t Town) bool { return !t.Bookable && t.Name == town && t.Point == p })
}

func (w *world) Reads(name, text string) bool { return strings.Contains(name, text) }

func (w *world) AddSite(_ context.Context, site freight.Site) error {
	if _, taken := w.sites[site.ID]; taken {
		return freight.Refuse(freight.ProblemStale, "id", string(site.ID))
	}
	w.sites[site.ID] = site
	return nil
}

func (w *world) SetSite(ctx context.Context, site freight.Site) error {
	if err := w.siteAt(ctx, site.Org, site.ID, site.Version-1); err != nil {
		return err
	}
	w.sites[site.ID] = site
	return nil
}

func (w *world) DropSite(ctx context.Context, org, id freight.ID, version int64) error {
	if err := w.siteAt(ctx, org, id, version); err != nil {
		return err
	}
	delete(w.sites, id)
	return nil
}

func (w *world) siteAt(ctx context.Context, org, id freight.ID, version int64) error {
	site, err := w.Site(ctx, org, id)
	if err == nil && site.Version != version {
		err = freight.Refuse(freight.ProblemStale, "version", fmt.Sprint(version))
	}
	return err
}

func (w *world) Site(_ context.Context, org, id freight.ID) (freight.Site, error) {
	site, ok := w.sites[id]
	if !ok || site.Org != org {
		return freight.Site{}, freight.Missing("site", id)
	}
	return site, nil
}

func (w *world) Sites(_ context.Context, org freight.ID) ([]freight.Site, error) {
	var list []freight.Site
	for _, id := range slices.Sorted(maps.Keys(w.sites)) {
		if w.sites[id].Org == org {
			list = append(list, w.sites[id])
		}
	}
	return list, nil
}

func (w *world) At(freight.Point) ([]Town, error) { return towns[:1], nil }

func (w *world) Search(text string, near *freight.Point, limit int) ([]Town, error) {
	if strings.TrimSpace(text) == "" {
		return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "q"}
	}
	towns := slices.Clone(towns)
	towns = slices.DeleteFunc(towns, func(t Town) bool { return !strings.Contains(t.Name+t.Latin, text) })
	if near != nil && len(towns) > 1 && near.LngE7 > 1205000000 {
		slices.Reverse(towns)
	}
	return towns[:min(limit, len(towns))], nil
}

// Rows and bodies.

func stopAt(town string, latE7, lngE7 int32, open freight.Instant) freight.Stop {
	return freight.Stop{
		Place:  freight.Place{Point: freight.Point{LatE7: latE7, LngE7: lngE7}, Town: town, Address: town + "工业园区88号"},
		Window: freight.Window{Open: open, Close: open + 2*freight.Hour}, ServiceS: 900,
		Contact: freight.Contact{Name: town + "联系人", Phone: "13900000001"},
	}
}

func someLoad(name string, org freight.Org) freight.Load {
	return freight.Load{
		Meta: freight.Meta{ID: id("ld", name), Market: market.ID, Org: org.ID, Version: 3, Made: now, Changed: now},
		LoadTerms: freight.LoadTerms{
			Ref: "SO-" + name, Goods: "12箱纺机配件", Pickup: stopAt("海门", 318712345, 1211812345, now+freight.Hour),
			Delivery: stopAt("常州", 317743211, 1199543211, now+6*freight.Hour),
			Size: freight.Size{Room: freight.Room{Grams: 844800, Millilitres: 3456000, FloorMM: 1200},
				Pieces: []freight.Piece{{Count: 12, LengthMM: 600, WidthMM: 400, HeightMM: 1200, Grams: 70400}}},
			Needs: freight.CapTailLift, Ceiling: 77777, AnswerBy: now + freight.Hour,
		},
		State: freight.LoadPosted, Posted: now, Alone: 98765, Direct: freight.Leg{Metres: 170123, Seconds: 9876, Method: "fallback", Version: "1"},
	}
}

func someTrip(name string, org freight.Org) freight.Trip {
	pickup, drop := someLoad("x", shipper).Pickup, someLoad("x", shipper).Delivery
	t := freight.Trip{
		Meta: freight.Meta{ID: id("tr", name), Market: market.ID, Org: org.ID, Version: 2, Made: now, Changed: now},
		TripTerms: freight.TripTerms{
			Ref: "T-" + name,
			Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "苏F88888", Colour: "yellow"}, Type: freight.Type9M6,
				Payload: 18000000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapTailLift},
			Stops:  []freight.Stop{stopAt("启东", 318101234, 1216601234, now), stopAt("南京", 320601234, 1187901234, now+8*freight.Hour)},
			Rooms:  []freight.Room{{Grams: 5000000, Millilitres: 20000000, FloorMM: 4000}},
			Limits: freight.Limits{DetourM: 54321, DetourS: 3333, ExtraStops: 4}, Least: 4242, Lease: now + freight.Day,
		},
		VehicleID: id("vh", "one"), State: freight.TripOpen, Router: freight.Router{Method: "fallback", Version: "1"},
		DirectM: 300000, DirectS: 18000,
	}
	take := freight.Room{Grams: 844800, Millilitres: 3456000, FloorMM: 1200}
	t.Plan = []freight.Call{
		{Kind: freight.CallStart, Own: 0, Point: t.Stops[0].Place.Point, Arrive: now, Start: now, Leave: now + 900*freight.Second},
		{Kind: freight.CallPickup, Own: -1, Load: id("ld", "x"), Point: pickup.Place.Point, Take: take, LegM: 60000, LegS: 3600},
		{Kind: freight.CallDelivery, Own: -1, Load: id("ld", "x"), Point: drop.Place.Point, Take: freight.Room{}.Minus(take), LegM: 170000, LegS: 9900},
		{Kind: freight.CallEnd, Own: 1, Point: t.Stops[1].Place.Point, LegM: 120000, LegS: 7000},
	}
	return t
}

func someDeal(name string, state freight.BookingState) freight.Deal {
	l, t := someLoad(name, shipper), someTrip(name, carrier)
	meta := func(prefix string) freight.Meta {
		return freight.Meta{ID: id(prefix, name), Market: market.ID, Org: carrier.ID, Version: 2, Made: now, Changed: now}
	}
	d := freight.Deal{Load: l, Trip: t, Shipper: shipper, Carrier: carrier}
	d.Offer = &freight.Offer{
		Meta: meta("of"), Terms: freight.Terms{Price: 45678, Alone: l.Alone, DetourM: 12345, DetourS: 1234, PickupETA: now + 2*freight.Hour, DropETA: now + 7*freight.Hour},
		State: freight.OfferSent, Shipper: shipper.ID, Load: l.ID, LoadVersion: 3, Trip: t.ID, TripVersion: 2, Router: t.Router, Expires: now + 15*freight.Minute,
	}
	if state != "" {
		d.Booking = &freight.Booking{
			Meta: meta("bk"), State: state, Shipper: shipper.ID, Load: l.ID, Trip: t.ID, Offer: d.Offer.ID, Take: l.Size.Room,
			Price: 45678, Share: 40000, Most: 90000, Alone: l.Alone, PickupBy: l.Pickup.Window.Close, DropBy: l.Delivery.Window.Close,
			PickupETA: now + 2*freight.Hour, DropETA: now + 7*freight.Hour, Router: t.Router,
		}
	}
	return d
}

const goodLoad = `{
  "ref": "SO-1", "goods": "12箱纺机配件",
  "pickup": {"place": {"lat": 31.8712345, "lng": 121.1812345, "town": "海门", "address": "工业园区88号"},
    "window": {"open": "2026-11-22T19:00:00+08:00", "close": "2026-11-22T21:00:00+08:00"}, "contact": {"name": "王经理", "phone": "13900000001"}},
  "delivery": {"place": {"lat": 31.774, "lng": 119.954, "town": "常州"},
    "window": {"open": "2026-11-23T08:00:00+08:00", "close": "2026-11-23T12:00:00+08:00"}, "service_s": 600},
  "size": {"kg": 844.8, "pieces": [{"count": 12, "length_m": 0.6, "width_m": 0.4, "height_m": 1.2, "kg": 70.4}]},
  "needs": ["tail_lift", "covered"], "ceiling_fen": 90000
}`

const goodTrip = `{
  "ref": "T-1", "vehicle": {"plate": {"number": "苏F88888", "colour": "yellow"}, "type": "9.6m", "has": ["tail_lift"]},
  "stops": [
    {"place": {"lat": 31.81, "lng": 121.66, "town": "启东"}, "window": {"open": "2026-11-22T18:30:00+08:00", "close": "2026-11-22T19:30:00+08:00"}},
    {"place": {"lat": 32.06, "lng": 118.79, "town": "南京"}, "window": {"open": "2026-11-23T00:00:00+08:00", "close": "2026-11-23T06:00:00+08:00"}}],
  "rooms": [{"kg": 5000, "floor_m": 4}],
  "limits": {"detour_km": 50, "detour_min": 60, "extra_stops": 4}, "least_fen": 5000
}`

// with replaces a part of a body, and fails when the part is not there.
func with(t testing.TB, body, old, new string) string {
	t.Helper()
	if !strings.Contains(body, old) {
		t.Fatalf("no %s in the body", old)
	}
	return strings.Replace(body, old, new, 1)
}

func (w *world) AddPositions(ctx context.Context, s freight.Scope, id freight.ID, told []freight.Position, at freight.Instant) (freight.Sifted, error) {
	trip, _, err := w.Trip(ctx, s, id)
	if err != nil {
		return freight.Sifted{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	sifted := freight.Sift(&trip, w.positions, told, at)
	w.positions = append(w.positions, sifted.Kept...)
	return sifted, nil
}

func (w *world) Positions(ctx context.Context, s freight.Scope, id freight.ID, from freight.Instant, limit int) (freight.Page[freight.Position], error) {
	_, seq, err := w.Trip(ctx, s, id)
	page := freight.Page[freight.Position]{Seq: seq}
	for _, p := range w.positions {
		if p.At >= from && len(page.Rows) < limit {
			page.Rows = append(page.Rows, p)
		}
	}
	return page, err
}

func (w *world) Whereabouts(ctx context.Context, s freight.Scope, id freight.ID) (freight.Position, int64, error) {
	deal, seq, err := w.Booking(ctx, s, id)
	switch {
	case err != nil:
		return freight.Position{}, 0, err
	case deal.Booking.State == freight.BookingReleased:
		return freight.Position{}, 0, freight.Refuse(freight.ProblemState, "state", string(deal.Booking.State))
	case len(w.positions) == 0:
		return freight.Position{}, seq, nil
	}
	return w.positions[len(w.positions)-1], seq, nil
}
