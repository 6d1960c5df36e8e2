package client

import (
	"context"
	"time"
)

// Delay is how late a trip is.
type Delay struct {
	LateS  int64     `json:"late_s"`           // seconds behind the plan, in all; 0 for on time again
	At     time.Time `json:"at,omitzero"`      // when it was so; now when zero
	ToldAt time.Time `json:"told_at,omitzero"` // set by the exchange
	Why    string    `json:"why,omitempty"`    // "traffic", "dock", "weather", "truck" or "other"
	Text   string    `json:"text,omitempty"`
}

// Forecast is when the truck of a booking is expected, by what was last told of its way.
type Forecast struct {
	LateS    int64     `json:"late_s"` // seconds that the truck was behind its plan
	At       time.Time `json:"at"`     // when it was
	PickupAt time.Time `json:"pickup_at,omitzero"`
	DropAt   time.Time `json:"drop_at,omitzero"`
}

type delayTerms struct {
	LateS int64     `json:"late_s"`
	At    time.Time `json:"at,omitzero"`
	Why   string    `json:"why,omitempty"`
	Text  string    `json:"text,omitempty"`
}

// DelayTrip tells how late a trip that has set out is. What was told before is answered alike.
func (c *Client) DelayTrip(ctx context.Context, trip string, what Delay, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, one("trips", trip, "delay"), delayTerms{what.LateS, what.At, what.Why, what.Text}, opts)
}
