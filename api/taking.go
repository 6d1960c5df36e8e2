package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Quoter tells what taking something from the board would mean. Errors are *freight.Error.
type Quoter interface {
	// Quote tells what taking a load for a trip would mean now; one of them must be the
	// asker's.
	Quote(ctx context.Context, market freight.ID, ask freight.AskQuote) (freight.Quote, error)
}

// mostQuoted bounds the loads or trips that one request is quoted for, in each state that
// they can be taken in.
const mostQuoted = 20

// Quote is what taking a load for a trip would mean now. It holds nothing: who takes it
// names what it says.
type Quote struct {
	LoadID      freight.ID  `json:"load_id"`
	TripID      freight.ID  `json:"trip_id"`
	LoadVersion int64       `json:"load_version"`
	TripVersion int64       `json:"trip_version"`
	At          time.Time   `json:"at"`
	OK          bool        `json:"ok" doc:"It may be taken; else refusal says why not"`
	PriceFen    freight.Fen `json:"price_fen,omitempty" doc:"What the carrier gets; a shipper pays at the most this"`
	AloneFen    freight.Fen `json:"alone_fen,omitempty" doc:"Estimate of going alone"`
	Detour      *Drive      `json:"detour,omitempty" doc:"What the load adds to the trip"`
	PickupETA   time.Time   `json:"pickup_eta,omitzero"`
	DropETA     time.Time   `json:"drop_eta,omitzero"`
	Hold        bool        `json:"hold,omitempty" doc:"The shipper looks first: the booking is held until it says yes"`
	OfferID     freight.ID  `json:"offer_id,omitempty" doc:"The offer that waits for the reader's answer already: to take the load is to accept it"`
	Router      *Router     `json:"router,omitempty"`
	Refusal     *Fault      `json:"refusal,omitempty" doc:"Why it may not be taken, and what can be done"`
	By          int64       `json:"by,omitempty" doc:"By how much it does not fit"`
	Unit        string      `json:"unit,omitempty" doc:"Of by"`
}

// Quotes are what taking something would mean for each of one's own.
type Quotes struct {
	Items  []Quote      `json:"items" doc:"Those that may be taken first, with the shortest drive or the lowest price ahead"`
	Counts []QuoteCount `json:"counts" doc:"Why the others may not"`
}

// QuoteCount is how many may not be taken for one reason.
type QuoteCount struct {
	Problem freight.Problem `json:"problem"`
	Reason  freight.Reason  `json:"reason,omitempty"`
	N       int64           `json:"n"`
}

// TakeTerms name what a quote said.
type TakeTerms struct {
	LoadVersion int64 `json:"load_version" minimum:"1"`
	TripVersion int64 `json:"trip_version" minimum:"1"`
	PriceFen    int64 `json:"price_fen" minimum:"1" maximum:"1000000000" doc:"A carrier gets no less, a shipper pays no more, or it is refused"`
	Detour      Drive `json:"detour" doc:"A carrier drives no farther, or it is refused"`
}

// Requests of those who take something from the board.
type (
	// QuoteLoad asks what taking a load would mean for the operator's trips.
	QuoteLoad struct {
		Named
		Trip freight.ID `query:"trip_id" doc:"For this one alone. When left out: for the newest of the operator's trips that take loads"`
	}
	// QuoteTrip asks what booking a trip would mean for the shipper's loads.
	QuoteTrip struct {
		Named
		Load freight.ID `query:"load_id" doc:"For this one alone. When left out: for the newest of the shipper's open loads"`
	}
	// TakeLoad takes a load for a trip of the operator's.
	TakeLoad struct {
		Named
		Keyed
		Body struct {
			TripID freight.ID `json:"trip_id" maxLength:"64"`
			TakeTerms
		}
	}
	// TakeTrip books a trip for a load of the shipper's.
	TakeTrip struct {
		Named
		Keyed
		Body struct {
			LoadID freight.ID `json:"load_id" maxLength:"64"`
			TakeTerms
		}
	}
)

func (s *server) taking() {
	handle(s, huma.Operation{
		OperationID: "quote-board-load", Method: http.MethodGet, Path: "/v1/board/loads/{id}/quote", Tags: []string{"board"},
		Summary: "What taking a load of the board would mean: price, detour and times for each of the operator's trips, or why not",
	}, mayHaul, s.quoteLoad)
	handle(s, huma.Operation{
		OperationID: "book-board-load", Method: http.MethodPost, Path: "/v1/board/loads/{id}/book", Tags: []string{"board"},
		Summary: "Take a load of the board for a trip at once, at terms no worse than those quoted",
	}, mayHaul, s.takeLoad)
	handle(s, huma.Operation{
		OperationID: "quote-board-trip", Method: http.MethodGet, Path: "/v1/board/trips/{id}/quote", Tags: []string{"board"},
		Summary: "What booking a trip of the board would mean: price and times for each of the shipper's loads, or why not",
	}, mayPost, s.quoteTrip)
	handle(s, huma.Operation{
		OperationID: "book-board-trip", Method: http.MethodPost, Path: "/v1/board/trips/{id}/book", Tags: []string{"board"},
		Summary: "Book a trip of the board for a load at once, where its operator lets it, at a price no higher than that quoted",
	}, mayPost, s.takeTrip)
}

func (s *server) quoteLoad(ctx context.Context, c *call, in *QuoteLoad) (*Reflected[Quotes], error) {
	own := func(state string) ([]freight.AskQuote, error) {
		page, err := s.cfg.Reader.Trips(ctx, c.owned(state))
		list := make([]freight.AskQuote, len(page.Rows))
		for i := range page.Rows {
			list[i] = freight.AskQuote{Org: c.org, Load: in.ID, Trip: page.Rows[i].ID}
		}
		return list, err
	}
	return s.quotes(ctx, c, freight.AskQuote{Org: c.org, Load: in.ID, Trip: in.Trip}, own, string(freight.TripOpen), string(freight.TripUnderway))
}

func (s *server) quoteTrip(ctx context.Context, c *call, in *QuoteTrip) (*Reflected[Quotes], error) {
	own := func(state string) ([]freight.AskQuote, error) {
		page, err := s.cfg.Reader.Loads(ctx, c.owned(state))
		list := make([]freight.AskQuote, len(page.Rows))
		for i := range page.Rows {
			list[i] = freight.AskQuote{Org: c.org, Load: page.Rows[i].ID, Trip: in.ID}
		}
		return list, err
	}
	return s.quotes(ctx, c, freight.AskQuote{Org: c.org, Load: in.Load, Trip: in.ID}, own, string(freight.LoadPosted))
}

// owned asks for the newest rows of the caller's own in a state.
func (c *call) owned(state string) freight.Query {
	return freight.Query{Scope: freight.Scope{Market: c.who.Market, Org: c.org}, State: state, Limit: mostQuoted}
}

// quotes quotes for the one that is named, or for all of the caller's own in some states.
// One that has left since the list was read is left out, unless nothing else
// is left.
func (s *server) quotes(ctx context.Context, c *call, one freight.AskQuote, own func(state string) ([]freight.AskQuote, error), states ...string) (*Reflected[Quotes], error) {
	if _, err := c.command("", freight.BookNow{}); err != nil {
		return nil, err
	}
	if err := wellNamed(one.Load, one.Trip); err != nil {
		return nil, err
	}
	asks := []freight.AskQuote{one}
	if one.Load == "" || one.Trip == "" {
		asks = nil
		for _, state := range states {
			list, err := own(state)
			if err != nil {
				return nil, err
			}
			asks = append(asks, list...)
		}
	}
	seq, err := s.cfg.Reader.Head(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	var list []freight.Quote
	var gone error
	for _, ask := range asks {
		q, err := s.cfg.Quotes.Quote(ctx, c.who.Market, ask)
		switch {
		case err == nil:
			list = append(list, q)
		case freight.CodeOf(err) == freight.NotFound:
			gone = err
		default:
			return nil, err
		}
	}
	if len(list) == 0 && gone != nil {
		return nil, gone
	}
	return &Reflected[Quotes]{s.cursor(c, seq), c.viewQuotes(list)}, nil
}

func (c *call) viewQuotes(list []freight.Quote) Quotes {
	slices.SortStableFunc(list, func(a, b freight.Quote) int {
		switch {
		case (a.Bar == nil) != (b.Bar == nil):
			return cmp.Compare(b2i(a.Bar != nil), b2i(b.Bar != nil))
		case a.Load == b.Load:
			return cmp.Or(cmp.Compare(a.DetourS, b.DetourS), cmp.Compare(a.Trip, b.Trip))
		}
		return cmp.Or(cmp.Compare(a.Price, b.Price), cmp.Compare(a.Load, b.Load))
	})
	out := Quotes{Items: []Quote{}, Counts: []QuoteCount{}}
	for i := range list {
		q := &list[i]
		out.Items = append(out.Items, c.viewQuote(q))
		if q.Bar == nil {
			continue
		}
		at := slices.IndexFunc(out.Counts, func(n QuoteCount) bool { return n.Problem == q.Bar.Problem && n.Reason == q.Bar.Reason })
		if at < 0 {
			at = len(out.Counts)
			out.Counts = append(out.Counts, QuoteCount{Problem: q.Bar.Problem, Reason: q.Bar.Reason})
		}
		out.Counts[at].N++
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// viewQuote shows what either side may know of a match before it is made: what an offer
// would tell.
func (c *call) viewQuote(q *freight.Quote) Quote {
	out := Quote{LoadID: q.Load, TripID: q.Trip, LoadVersion: q.LoadVersion, TripVersion: q.TripVersion, At: when(q.At), OK: q.Bar == nil, By: q.By, Unit: q.Unit}
	if q.Bar != nil {
		fault := faultOf(q.Bar, c.lang)
		out.Refusal = &fault
		return out
	}
	out.PriceFen, out.AloneFen, out.Detour, out.Router = q.Price, q.Alone, &Drive{q.DetourM, q.DetourS}, &Router{q.Router.Method, q.Router.Version}
	out.PickupETA, out.DropETA, out.Hold, out.OfferID = when(q.PickupETA), when(q.DropETA), q.Looks, q.Offer
	return out
}

func (s *server) takeLoad(ctx context.Context, c *call, in *TakeLoad) (*One[Booking], error) {
	return s.take(ctx, c, in.Key, in.ID, in.Body.TripID, &in.Body.TakeTerms)
}

func (s *server) takeTrip(ctx context.Context, c *call, in *TakeTrip) (*One[Booking], error) {
	return s.take(ctx, c, in.Key, in.Body.LoadID, in.ID, &in.Body.TakeTerms)
}

// wellNamed refuses what is no id of a load or of a trip; "" stands for any.
func wellNamed(load, trip freight.ID) error {
	switch {
	case load != "" && !wellFormed(load, freight.PrefixLoad):
		return freight.Missing("load", load)
	case trip != "" && !wellFormed(trip, freight.PrefixTrip):
		return freight.Missing("trip", trip)
	}
	return nil
}

func (s *server) take(ctx context.Context, c *call, key string, load, trip freight.ID, t *TakeTerms) (*One[Booking], error) {
	if err := wellNamed(load, trip); err != nil {
		return nil, err
	}
	act := freight.BookNow{Load: load, Trip: trip, LoadVersion: t.LoadVersion, TripVersion: t.TripVersion,
		Price: freight.Fen(t.PriceFen), DetourM: t.Detour.Metres, DetourS: t.Detour.Seconds}
	return s.booked(ctx, c, key, act)
}
