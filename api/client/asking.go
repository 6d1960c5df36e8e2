package client

import "context"

// Quiet is when an operator is not to be disturbed, by the market's clock.
type Quiet struct {
	From   string `json:"from"` // "22:00"
	Till   string `json:"till"`
	Urgent bool   `json:"urgent,omitempty"` // ask all the same about what cannot wait
}

// LaneEnd is a circle on the map.
type LaneEnd struct {
	Lat      float64 `json:"lat"`
	Lng      float64 `json:"lng"`
	Town     string  `json:"town"`
	RadiusKm int64   `json:"radius_km"`
}

// LaneRoom is the most that a lane takes; zero does not bound.
type LaneRoom struct {
	Kg     float64 `json:"kg,omitempty"`
	Litres float64 `json:"litres,omitempty"`
	FloorM float64 `json:"floor_m,omitempty"`
}

// Lane is a way that an operator wants loads on.
type Lane struct {
	Name     string    `json:"name"`
	From     LaneEnd   `json:"from"`
	To       LaneEnd   `json:"to"`
	Days     []string  `json:"days,omitempty"` // "mon" to "sun"; every day where empty
	LeastFen int64     `json:"least_fen,omitempty"`
	Most     *LaneRoom `json:"most,omitempty"`
	Needs    []string  `json:"needs,omitempty"`
	Special  bool      `json:"special,omitempty"`
	Auto     bool      `json:"auto,omitempty"` // takes what meets it at once
}

// AskingTerms say how an organization wants to be asked: of a shipper Partners and
// PartnersMin, of an operator the others.
type AskingTerms struct {
	Partners      []string `json:"partners,omitempty"`
	PartnersMin   int64    `json:"partners_min,omitempty"`
	OffersPerHour int64    `json:"offers_per_hour,omitempty"`
	Quiet         *Quiet   `json:"quiet,omitempty"`
	WhileDriving  bool     `json:"while_driving,omitempty"`
	Lanes         []Lane   `json:"lanes,omitempty"`
}

// Asking is what an organization says about asking; version 0 while it says nothing.
type Asking struct {
	AskingTerms
	Version int64 `json:"version"`
}

// Asking returns what the organization says about asking.
func (c *Client) Asking(ctx context.Context) (Asking, error) {
	return get[Asking](ctx, c, "/v1/asking", nil, nil)
}

// SetAsking says all of it anew.
func (c *Client) SetAsking(ctx context.Context, terms AskingTerms, opts ...Option) (Asking, error) {
	return put[Asking](ctx, c, "/v1/asking", terms, opts)
}
