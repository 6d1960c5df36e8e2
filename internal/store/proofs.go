package store

import (
	"context"

	"pinhuo/freight"
)

type proofBody struct {
	Kind   *freight.ProofKind `json:"kind"`
	Bytes  *int64             `json:"bytes"`
	Width  *int64             `json:"width"`
	Height *int64             `json:"height"`
	Taken  *freight.Instant   `json:"taken,omitempty"`
	Point  **freight.Point    `json:"point,omitempty"`
	By     *freight.Side      `json:"by"`
	At     *freight.Instant   `json:"at"`
	Text   *string            `json:"text,omitempty"`
}

var proofTable = entity(freight.KindProof, "proofs", []string{"booking_id", "blob", "body"},
	func(p *freight.Proof) *freight.Meta { return &p.Meta }, func(p *freight.Proof, to []any) []any {
		return append(to, &p.Booking, &p.Picture.Blob)
	}, func(p *freight.Proof) any {
		pic := &p.Picture
		return &proofBody{Kind: &p.Kind, Bytes: &pic.Bytes, Width: &pic.Width, Height: &pic.Height, Taken: &pic.Taken, Point: &pic.Point,
			By: &p.By, At: &p.At, Text: &p.Text}
	})

// Proofs returns the proofs of a booking that the scope is a side of, oldest first, and the
// market's last event number.
func (s *Store) Proofs(ctx context.Context, scope freight.Scope, booking freight.ID) (freight.Page[freight.Proof], error) {
	return pageView(ctx, s, "list proofs", scope.Market, func(q querier) (freight.Page[freight.Proof], error) {
		if _, err := sideOne(q, bookingTable, scope, booking); err != nil {
			return freight.Page[freight.Proof]{}, err
		}
		rows, err := proofTable.list(q, "WHERE booking_id = ? ORDER BY id", string(booking))
		return freight.Page[freight.Proof]{Rows: rows}, err
	})
}

// Proof returns one proof of a booking that the scope is a side of, and the market's last
// event number.
func (s *Store) Proof(ctx context.Context, scope freight.Scope, booking, proof freight.ID) (freight.Proof, int64, error) {
	page, err := s.Proofs(ctx, scope, booking)
	for i := range page.Rows {
		if page.Rows[i].ID == proof {
			return page.Rows[i], page.Seq, nil
		}
	}
	if err == nil {
		err = freight.Missing(freight.KindProof, proof)
	}
	return freight.Proof{}, 0, err
}

// Pointed tells whether a row points to a blob.
func (s *Store) Pointed(ctx context.Context, blob freight.Digest) (bool, error) {
	found := false
	err := s.reader.view(ctx, func(q querier) error {
		rows, err := proofTable.list(q, "WHERE blob = ? LIMIT 1", string(blob))
		found = len(rows) > 0
		return err
	})
	return found, failure("look for a blob's row", err)
}
