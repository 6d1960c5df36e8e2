package client

import (
	"context"
	"net/url"
	"time"
)

// Split is who pays how much of a trip, without names.
type Split struct {
	Booking   string  `json:"booking_id"`
	Trip      string  `json:"trip_id"`
	DueFen    int64   `json:"due_fen"`  // what the carrier gets
	FeesFen   int64   `json:"fees_fen"` // of it, owed by those who have left
	OwnFen    int64   `json:"own_fen"`
	SharesFen []int64 `json:"shares_fen"` // of everybody who rides, the largest first
	Final     bool    `json:"final"`
}

// StatementLine is what one booking comes to between two firms.
type StatementLine struct {
	Booking   string    `json:"booking_id"`
	Trip      string    `json:"trip_id"`
	Load      string    `json:"load_id"`
	PickupAt  time.Time `json:"pickup_at"` // as booked
	State     string    `json:"state"`
	What      string    `json:"what"` // "share", "fee" or "nothing"
	From      string    `json:"from"`
	To        string    `json:"to"`
	Goods     string    `json:"goods"`
	Ref       string    `json:"ref,omitempty"`
	Shipper   Party     `json:"shipper"`
	Carrier   Party     `json:"carrier"`
	PriceFen  int64     `json:"price_fen"` // agreed with the carrier
	Payer     string    `json:"payer_id,omitempty"`
	Payee     string    `json:"payee_id,omitempty"`
	AmountFen int64     `json:"amount_fen"` // what the payer owes the payee
	SavedFen  int64     `json:"saved_fen"`
	Final     bool      `json:"final"`
}

// Statement is what a month comes to.
type Statement struct {
	Month   string          `json:"month"`
	PaysFen int64           `json:"pays_fen"`
	GetsFen int64           `json:"gets_fen"`
	OpenFen int64           `json:"open_fen"` // of both, what may still change
	Lines   []StatementLine `json:"lines"`
}

// Split returns who pays how much of the trip of a booking.
func (c *Client) Split(ctx context.Context, booking string) (Split, error) {
	return get[Split](ctx, c, one("bookings", booking, "split"), nil, nil)
}

// Statement returns what a month of pickups, such as "2026-11", comes to.
func (c *Client) Statement(ctx context.Context, month string) (Statement, error) {
	return get[Statement](ctx, c, "/v1/statements", url.Values{"month": {month}}, nil)
}

// BookingStatement returns what one booking comes to between its two firms.
func (c *Client) BookingStatement(ctx context.Context, booking string) (StatementLine, error) {
	return get[StatementLine](ctx, c, one("bookings", booking, "statement"), nil, nil)
}

// StatementFile returns a month as CSV, which a spreadsheet reads as text and numbers,
// never as formulas.
func (c *Client) StatementFile(ctx context.Context, month string) ([]byte, error) {
	return file(ctx, c, "/v1/statements/csv", url.Values{"month": {month}})
}
