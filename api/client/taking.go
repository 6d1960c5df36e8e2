package client

import (
	"context"
	"net/url"
	"time"
)

// Quote is what taking a load of the board for a trip, or a trip for a load, would mean. It
// holds nothing: TakeLoad and TakeTrip name what it says, and get that or a refusal.
type Quote struct {
	LoadID      string    `json:"load_id"`
	TripID      string    `json:"trip_id"`
	LoadVersion int64     `json:"load_version"`
	TripVersion int64     `json:"trip_version"`
	At          time.Time `json:"at"`
	OK          bool      `json:"ok"` // else Refusal says why not
	PriceFen    int64     `json:"price_fen,omitempty"`
	AloneFen    int64     `json:"alone_fen,omitempty"`
	Detour      *Drive    `json:"detour,omitempty"`
	PickupETA   time.Time `json:"pickup_eta,omitzero"`
	DropETA     time.Time `json:"drop_eta,omitzero"`
	Hold        bool      `json:"hold,omitempty"`     // the shipper looks first
	OfferID     string    `json:"offer_id,omitempty"` // that waits for one's answer already
	Router      *Router   `json:"router,omitempty"`
	Refusal     *Fault    `json:"refusal,omitempty"`
	By          int64     `json:"by,omitempty"` // by how much it does not fit
	Unit        string    `json:"unit,omitempty"`
}

// Quotes are those for each of one's own, those that may be taken first.
type Quotes struct {
	Items  []Quote      `json:"items"`
	Counts []QuoteCount `json:"counts"` // of the others
}

// QuoteCount is how many may not be taken for one reason.
type QuoteCount struct {
	Problem string `json:"problem"`
	Reason  string `json:"reason,omitempty"`
	N       int64  `json:"n"`
}

type quoted struct {
	TripID      string `json:"trip_id,omitempty"`
	LoadID      string `json:"load_id,omitempty"`
	LoadVersion int64  `json:"load_version"`
	TripVersion int64  `json:"trip_version"`
	PriceFen    int64  `json:"price_fen"`
	Detour      Drive  `json:"detour"`
}

func (q *Quote) taken() quoted {
	t := quoted{LoadVersion: q.LoadVersion, TripVersion: q.TripVersion, PriceFen: q.PriceFen}
	if q.Detour != nil {
		t.Detour = *q.Detour
	}
	return t
}

// QuoteLoad tells what taking a load of the board would mean for a trip of the operator's,
// or for each of them where trip is "".
func (c *Client) QuoteLoad(ctx context.Context, load, trip string) (Quotes, error) {
	return get[Quotes](ctx, c, one("board/loads", load, "quote"), only("trip_id", trip), nil)
}

// QuoteTrip tells what booking a trip of the board would mean for a load of the shipper's,
// or for each of them where load is "".
func (c *Client) QuoteTrip(ctx context.Context, trip, load string) (Quotes, error) {
	return get[Quotes](ctx, c, one("board/trips", trip, "quote"), only("load_id", load), nil)
}

// only is a query of one parameter, none where it is empty.
func only(name, value string) url.Values {
	if value == "" {
		return nil
	}
	return url.Values{name: {value}}
}

// TakeLoad takes a load of the board at once for the trip that it was quoted for.
func (c *Client) TakeLoad(ctx context.Context, q Quote, opts ...Option) (Booking, error) {
	t := q.taken()
	t.TripID = q.TripID
	return post[Booking](ctx, c, one("board/loads", q.LoadID, "book"), t, opts)
}

// TakeTrip books a trip of the board at once for the load that it was quoted for.
func (c *Client) TakeTrip(ctx context.Context, q Quote, opts ...Option) (Booking, error) {
	t := q.taken()
	t.LoadID = q.LoadID
	return post[Booking](ctx, c, one("board/trips", q.TripID, "book"), t, opts)
}
