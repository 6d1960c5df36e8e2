package client

import (
	"context"
	"time"
)

// LatLng is a point of WGS-84, in degrees.
type LatLng struct {
	Lat float64 `json:"lat"`
	Lng float64 `json:"lng"`
}

// Breakdown is what is told of a truck that broke down.
type Breakdown struct {
	Version int64     `json:"version,omitempty"` // the version shown; 0 for whatever there is
	At      time.Time `json:"at,omitzero"`       // when it happened; now when zero
	Where   *LatLng   `json:"where,omitempty"`   // it stands
	Text    string    `json:"text,omitempty"`
}

// BreakTrip tells that the truck of a trip broke down and goes no further.
func (c *Client) BreakTrip(ctx context.Context, trip string, what Breakdown, opts ...Option) (Trip, error) {
	return post[Trip](ctx, c, one("trips", trip, "break-down"), what, opts)
}
