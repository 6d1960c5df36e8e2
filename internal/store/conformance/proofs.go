package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// checkProofs reads a proof as both sides, the desk and a stranger.
func checkProofs(t testing.TB, s *store.Store, w *World, want freight.Proof) {
	ctx := t.Context()
	for _, scope := range []freight.Scope{w.of(w.Shipper), w.of(w.Carrier), w.all()} {
		page := must(s.Proofs(ctx, scope, want.Booking))(t)
		equal(t, "proofs", page.Rows, []freight.Proof{want})
		equal(t, "their number", page.Seq, w.State.EventSeq)
		got, _, err := s.Proof(ctx, scope, want.Booking, want.ID)
		equal(t, "proof", must(got, err)(t), want)
	}
	_, err := s.Proofs(ctx, freight.Scope{Market: w.Market.ID, Org: "og_stranger"}, want.Booking)
	equal(t, "a stranger's look", freight.CodeOf(err), freight.NotFound)
	_, _, err = s.Proof(ctx, w.of(w.Shipper), want.Booking, "pf_none")
	equal(t, "no such proof", freight.CodeOf(err), freight.NotFound)
	equal(t, "its blob has a row", must(s.Pointed(ctx, want.Picture.Blob))(t), true)
	equal(t, "another has none", must(s.Pointed(ctx, "another"))(t), false)
}
