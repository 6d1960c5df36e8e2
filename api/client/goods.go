package client

import (
	"context"
	"time"
)

// Step is one thing that was told of the goods of a booking.
type Step struct {
	Event  string    `json:"event"`            // "arrive", "load", "hand_over", "refuse", "return", "cancel" or "no_show"; the exchange's "strand" is of a truck that broke down
	At     time.Time `json:"at,omitzero"`      // when it happened; now when zero
	ToldAt time.Time `json:"told_at,omitzero"` // set by the exchange
	By     string    `json:"by,omitempty"`     // set by the exchange: "shipper" or "carrier"
	Pieces int64     `json:"pieces,omitempty"` // handed over; 0 for all
	Where  *LatLng   `json:"where,omitempty"`  // set by the exchange: of "strand", where the truck stands
	Text   string    `json:"text,omitempty"`
}

type goodsTerms struct {
	Version int64     `json:"version,omitempty"`
	Event   string    `json:"event"`
	At      time.Time `json:"at,omitzero"`
	Pieces  int64     `json:"pieces,omitempty"`
	Text    string    `json:"text,omitempty"`
}

// MoveGoods tells what happened to the goods of a booking; version 0 is whatever there is.
// What was told before is answered alike.
func (c *Client) MoveGoods(ctx context.Context, booking string, version int64, what Step, opts ...Option) (Booking, error) {
	return post[Booking](ctx, c, one("bookings", booking, "goods"), goodsTerms{version, what.Event, what.At, what.Pieces, what.Text}, opts)
}
