package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Proof is a picture that somebody showed of the goods of a booking.
type Proof struct {
	ID        string    `json:"id"`
	BookingID string    `json:"booking_id"`
	Kind      string    `json:"kind"` // "pickup", "delivery", "damage" or "signature"
	By        string    `json:"by"`   // "shipper" or "carrier"
	At        time.Time `json:"at"`
	ToldAt    time.Time `json:"told_at"`
	Text      string    `json:"text,omitempty"`
	Width     int64     `json:"width"`
	Height    int64     `json:"height"`
	Bytes     int64     `json:"bytes"`
	SHA256    string    `json:"sha256"`             // of the picture as it is kept
	TakenAt   time.Time `json:"taken_at,omitzero"`  // as the camera wrote into it
	TakenLat  float64   `json:"taken_lat,omitzero"` // as the camera wrote into it
	TakenLng  float64   `json:"taken_lng,omitzero"`
	Picture   string    `json:"picture"` // its path
}

// ProofTerms say what a picture shows.
type ProofTerms struct {
	Kind string
	At   time.Time // when it was made; now when zero
	Text string
}

// AddProof shows a picture of the goods of a booking: JPEG, PNG or WebP, at most 8 MiB and
// 24 megapixels. What was shown before is answered alike.
func (c *Client) AddProof(ctx context.Context, booking string, terms ProofTerms, picture []byte, opts ...Option) (Proof, error) {
	q := url.Values{}
	set(q, "kind", terms.Kind)
	set(q, "text", terms.Text)
	setTime(q, "at", terms.At)
	var out Proof
	err := c.do(ctx, call{method: http.MethodPost, path: one("bookings", booking, "proofs"), query: q, raw: picture}, &out, opts...)
	return out, err
}

// Proofs lists the proofs of a booking, oldest first.
func (c *Client) Proofs(ctx context.Context, booking string) ([]Proof, error) {
	page, err := get[Page[Proof]](ctx, c, one("bookings", booking, "proofs"), nil, nil)
	return page.Items, err
}

// Picture returns the picture of a proof, a JPEG.
func (c *Client) Picture(ctx context.Context, booking, proof string) ([]byte, error) {
	return file(ctx, c, one("bookings", booking, "proofs", url.PathEscape(proof), "picture"), nil)
}
