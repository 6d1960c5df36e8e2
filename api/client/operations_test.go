package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// operations are what the server does by its OpenAPI document, each with the method of
// this package that asks for it. Ids are "x".
var operations = map[string]func(context.Context, *Client) error{
	"healthz":        func(ctx context.Context, c *Client) error { return c.Alive(ctx) },
	"readyz":         func(ctx context.Context, c *Client) error { return c.Ready(ctx) },
	"me":             func(ctx context.Context, c *Client) error { return failure(c.Me(ctx)) },
	"sign-in":        func(ctx context.Context, c *Client) error { return failure(c.SignIn(ctx, "x")) },
	"sign-out":       func(ctx context.Context, c *Client) error { return c.SignOut(ctx) },
	"list-loads":     func(ctx context.Context, c *Client) error { return failure(c.Loads(ctx, List{})) },
	"post-load":      func(ctx context.Context, c *Client) error { return failure(c.PostLoad(ctx, LoadTerms{})) },
	"get-load":       func(ctx context.Context, c *Client) error { return failure(c.Load(ctx, "x")) },
	"edit-load":      func(ctx context.Context, c *Client) error { return failure(c.EditLoad(ctx, "x", 1, LoadTerms{})) },
	"withdraw-load":  func(ctx context.Context, c *Client) error { return failure(c.WithdrawLoad(ctx, "x")) },
	"repost-load":    func(ctx context.Context, c *Client) error { return failure(c.RepostLoad(ctx, "x", LoadTerms{})) },
	"keep-load":      func(ctx context.Context, c *Client) error { return failure(c.KeepLoad(ctx, "x")) },
	"explain-load":   func(ctx context.Context, c *Client) error { return failure(c.Explanation(ctx, "x")) },
	"load-story":     func(ctx context.Context, c *Client) error { return failure(c.Story(ctx, "x")) },
	"list-trips":     func(ctx context.Context, c *Client) error { return failure(c.Trips(ctx, List{})) },
	"announce-trip":  func(ctx context.Context, c *Client) error { return failure(c.AnnounceTrip(ctx, TripTerms{})) },
	"get-trip":       func(ctx context.Context, c *Client) error { return failure(c.Trip(ctx, "x")) },
	"edit-trip":      func(ctx context.Context, c *Client) error { return failure(c.EditTrip(ctx, "x", 1, TripTerms{})) },
	"cancel-trip":    func(ctx context.Context, c *Client) error { return failure(c.CancelTrip(ctx, "x")) },
	"break-trip":     func(ctx context.Context, c *Client) error { return failure(c.BreakTrip(ctx, "x", Breakdown{})) },
	"keep-trip":      func(ctx context.Context, c *Client) error { return failure(c.KeepTrip(ctx, "x")) },
	"renew-trip":     func(ctx context.Context, c *Client) error { return failure(c.RenewTrip(ctx, "x", TripTerms{})) },
	"explain-trip":   func(ctx context.Context, c *Client) error { return failure(c.TripExplanation(ctx, "x")) },
	"list-positions": func(ctx context.Context, c *Client) error { return failure(c.Positions(ctx, "x", time.Time{}, 0)) },
	"tell-positions": func(ctx context.Context, c *Client) error { return failure(c.TellPositions(ctx, "x", nil)) },
	"get-reload":     func(ctx context.Context, c *Client) error { return failure(c.WayHome(ctx, "x")) },
	"list-vehicles":  func(ctx context.Context, c *Client) error { return failure(c.Vehicles(ctx, List{})) },
	"list-offers":    func(ctx context.Context, c *Client) error { return failure(c.Offers(ctx, List{})) },
	"get-offer":      func(ctx context.Context, c *Client) error { return failure(c.Offer(ctx, "x")) },
	"list-bids":      func(ctx context.Context, c *Client) error { return failure(c.Bids(ctx, "x")) },
	"see-offer":      func(ctx context.Context, c *Client) error { return failure(c.SeeOffer(ctx, "x")) },
	"receive-offer":  func(ctx context.Context, c *Client) error { return failure(c.ReceiveOffer(ctx, "x")) },
	"accept-offer":   func(ctx context.Context, c *Client) error { return failure(c.AcceptOffer(ctx, "x", 1)) },
	"decline-offer":  func(ctx context.Context, c *Client) error { return failure(c.DeclineOffer(ctx, "x", 1, "")) },
	"counter-offer": func(ctx context.Context, c *Client) error {
		return failure(c.CounterOffer(ctx, "x", 1, 1, false, false))
	},
	"list-bundles":    func(ctx context.Context, c *Client) error { return failure(c.Bundles(ctx, List{})) },
	"get-bundle":      func(ctx context.Context, c *Client) error { return failure(c.Bundle(ctx, "x")) },
	"accept-bundle":   func(ctx context.Context, c *Client) error { return failure(c.AcceptBundle(ctx, "x", 1, nil)) },
	"decline-bundle":  func(ctx context.Context, c *Client) error { return failure(c.DeclineBundle(ctx, "x", 1, nil, "")) },
	"list-bookings":   func(ctx context.Context, c *Client) error { return failure(c.Bookings(ctx, List{})) },
	"get-booking":     func(ctx context.Context, c *Client) error { return failure(c.Booking(ctx, "x")) },
	"confirm-booking": func(ctx context.Context, c *Client) error { return failure(c.ConfirmBooking(ctx, "x", 1)) },
	"delay-trip": func(ctx context.Context, c *Client) error {
		return failure(c.DelayTrip(ctx, "x", Delay{LateS: 1800, Why: "traffic"}))
	},
	"add-proof": func(ctx context.Context, c *Client) error {
		return failure(c.AddProof(ctx, "x", ProofTerms{}, []byte("x")))
	},
	"list-proofs": func(ctx context.Context, c *Client) error { return failure(c.Proofs(ctx, "x")) },
	"get-picture": func(ctx context.Context, c *Client) error { return failure(c.Picture(ctx, "x", "x")) },
	"move-goods": func(ctx context.Context, c *Client) error {
		return failure(c.MoveGoods(ctx, "x", 1, Step{Event: "load"}))
	},
	"refuse-booking":    func(ctx context.Context, c *Client) error { return failure(c.RefuseBooking(ctx, "x", 1, "")) },
	"get-whereabouts":   func(ctx context.Context, c *Client) error { return failure(c.Whereabouts(ctx, "x")) },
	"get-split":         func(ctx context.Context, c *Client) error { return failure(c.Split(ctx, "x")) },
	"booking-statement": func(ctx context.Context, c *Client) error { return failure(c.BookingStatement(ctx, "x")) },
	"get-statement":     func(ctx context.Context, c *Client) error { return failure(c.Statement(ctx, "2026-11")) },
	"statement-csv":     func(ctx context.Context, c *Client) error { return failure(c.StatementFile(ctx, "2026-11")) },
	"list-pools":        func(ctx context.Context, c *Client) error { return failure(c.Pools(ctx, List{})) },
	"get-pool":          func(ctx context.Context, c *Client) error { return failure(c.Pool(ctx, "x")) },
	"consent-pool":      func(ctx context.Context, c *Client) error { return failure(c.ConsentPool(ctx, "x", 1)) },
	"decline-pool":      func(ctx context.Context, c *Client) error { return failure(c.DeclinePool(ctx, "x", 1, "")) },
	"take-pool":         func(ctx context.Context, c *Client) error { return failure(c.TakePool(ctx, "x", 1, Vehicle{})) },
	"get-asking":        func(ctx context.Context, c *Client) error { return failure(c.Asking(ctx)) },
	"set-asking":        func(ctx context.Context, c *Client) error { return failure(c.SetAsking(ctx, AskingTerms{})) },
	"read-standing":     func(ctx context.Context, c *Client) error { return failure(c.Standing(ctx)) },
	"read-log":          func(ctx context.Context, c *Client) error { return failure(c.Log(ctx, List{}, LogQuery{})) },
	"log-head":          func(ctx context.Context, c *Client) error { return failure(c.LogHead(ctx)) },
	"list-acts":         func(ctx context.Context, c *Client) error { return failure(c.Acts(ctx, List{}, "")) },
	"board-loads":       func(ctx context.Context, c *Client) error { return failure(c.BoardLoads(ctx, List{})) },
	"board-trips":       func(ctx context.Context, c *Client) error { return failure(c.BoardTrips(ctx, List{})) },
	"list-tickets":      func(ctx context.Context, c *Client) error { return failure(c.Tickets(ctx, List{}, "")) },
	"ask-desk":          func(ctx context.Context, c *Client) error { return failure(c.AskDesk(ctx, Question{})) },
	"get-ticket":        func(ctx context.Context, c *Client) error { return failure(c.Ticket(ctx, "x")) },
	"take-ticket":       func(ctx context.Context, c *Client) error { return failure(c.TakeTicket(ctx, "x", 1, "")) },
	"hand-over-ticket":  func(ctx context.Context, c *Client) error { return failure(c.HandOverTicket(ctx, "x", 1, "x", "")) },
	"note-ticket":       func(ctx context.Context, c *Client) error { return failure(c.NoteTicket(ctx, "x", 1, "")) },
	"finish-ticket":     func(ctx context.Context, c *Client) error { return failure(c.FinishTicket(ctx, "x", 1, "")) },
	"confirm-ticket":    func(ctx context.Context, c *Client) error { return failure(c.ConfirmTicket(ctx, "x", 1, "")) },
	"reopen-ticket":     func(ctx context.Context, c *Client) error { return failure(c.ReopenTicket(ctx, "x", 1, "")) },
	"unanswered-loads":  func(ctx context.Context, c *Client) error { return failure(c.Unanswered(ctx, List{})) },
	"read-costs":        func(ctx context.Context, c *Client) error { return failure(c.Costs(ctx)) },
	"set-costs":         func(ctx context.Context, c *Client) error { return failure(c.SetCosts(ctx, CostTerms{}, 1)) },
	"read-roster":       func(ctx context.Context, c *Client) error { return failure(c.Roster(ctx)) },
	"set-officer":       func(ctx context.Context, c *Client) error { return failure(c.SetOfficer(ctx, "x", OfficerTerms{})) },
	"remove-officer":    func(ctx context.Context, c *Client) error { return failure(c.RemoveOfficer(ctx, "x")) },
	"mark-officer":      func(ctx context.Context, c *Client) error { return failure(c.MarkAway(ctx, "x", true)) },
	"list-briefs":       func(ctx context.Context, c *Client) error { return failure(c.Briefs(ctx, List{})) },
	"brief-text":        func(ctx context.Context, c *Client) error { return failure(c.BriefText(ctx, "x")) },
	"brief-csv":         func(ctx context.Context, c *Client) error { return failure(c.BriefFile(ctx, "x")) },
	"reread-roads":      func(ctx context.Context, c *Client) error { return failure(c.RereadRoads(ctx)) },
	"list-events":       func(ctx context.Context, c *Client) error { return failure(c.Events(ctx, "", 0)) },
	"stream":            func(ctx context.Context, c *Client) error { return c.Stream(ctx, Watch{}) },
	"find-places":       func(ctx context.Context, c *Client) error { return failure(c.Places(ctx, "x", 0)) },
	"find-route": func(ctx context.Context, c *Client) error {
		return failure(c.Route(ctx, []Point{{31, 121}, {32, 120}}, true))
	},
	"quote-board-load": func(ctx context.Context, c *Client) error { return failure(c.QuoteLoad(ctx, "x", "y")) },
	"quote-board-trip": func(ctx context.Context, c *Client) error { return failure(c.QuoteTrip(ctx, "x", "y")) },
	"book-board-load":  func(ctx context.Context, c *Client) error { return failure(c.TakeLoad(ctx, Quote{LoadID: "x"})) },
	"book-board-trip":  func(ctx context.Context, c *Client) error { return failure(c.TakeTrip(ctx, Quote{TripID: "x"})) },
	"list-sites":       func(ctx context.Context, c *Client) error { return failure(c.Sites(ctx)) },
	"add-site":         func(ctx context.Context, c *Client) error { return failure(c.AddSite(ctx, SiteTerms{})) },
	"set-site":         func(ctx context.Context, c *Client) error { return failure(c.SetSite(ctx, "x", 1, SiteTerms{})) },
	"drop-site":        func(ctx context.Context, c *Client) error { return c.DropSite(ctx, "x") },
}

func failure[T any](_ T, err error) error { return err }

// operation is what is compared of one.
type operation struct {
	ID         string `json:"operationId"`
	Parameters []struct {
		Name, In string
	} `json:"parameters"`
}

// Each operation of docs/openapi.json has a method here that sends what the document
// says, and no method sends what it does not.
func TestEachOperationHasAMethod(t *testing.T) {
	text, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]operation `json:"paths"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for path, verbs := range doc.Paths {
		for verb, o := range verbs {
			seen[o.ID] = true
			ask := operations[o.ID]
			if ask == nil {
				t.Errorf("%s %s: %s has no method", strings.ToUpper(verb), path, o.ID)
				continue
			}
			for _, fault := range o.differs(ask, strings.ToUpper(verb), path) {
				t.Errorf("%s: %s", o.ID, fault)
			}
		}
	}
	for id := range operations {
		if !seen[id] {
			t.Errorf("%s is not in the document", id)
		}
	}
}

// differs lists where a method's request is not the operation.
func (o operation) differs(ask func(context.Context, *Client) error, verb, path string) (faults []string) {
	var mu sync.Mutex
	var asked []*http.Request
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r)
		mu.Unlock()
		if o.ID == "stream" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprint(w, "{}")
	}))
	defer srv.Close()
	c, err := New(Config{Base: srv.URL, Token: "t", HTTP: srv.Client()})
	if err != nil {
		return []string{err.Error()}
	}
	var refused *Problem
	if err := ask(context.Background(), c); err != nil && (o.ID != "stream" || !errors.As(err, &refused)) {
		faults = append(faults, err.Error())
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 {
		return append(faults, fmt.Sprintf("%d requests", len(asked)))
	}
	got := asked[0]
	want := strings.NewReplacer("{id}", "x", "{user}", "x", "{proof}", "x").Replace(path)
	if got.Method != verb || got.URL.Path != want {
		faults = append(faults, fmt.Sprintf("asks %s %s, not %s %s", got.Method, got.URL.Path, verb, want))
	}
	for name := range got.URL.Query() {
		if !slices.ContainsFunc(o.Parameters, func(p struct{ Name, In string }) bool { return p.In == "query" && p.Name == name }) {
			faults = append(faults, "asks for "+name+", which the document does not know")
		}
	}
	return faults
}
