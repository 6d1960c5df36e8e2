package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testBundles checks what is put before an operator together: its lines in their order,
// its version, its pages, and that nobody but he and the desk sees it.
func testBundles(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx := t.Context()
	_, trip, _, alone := w.deal()
	c := w.Commit()
	bundle := func(lines int, state freight.OfferState) (b freight.Bundle) {
		b.ID, b.Version = w.ID(freight.PrefixBundle), 2
		for i := range lines {
			l := w.Load()
			w.Post(c, l, "")
			o := w.Offer(l, trip)
			o.State, o.Bundle, o.Edition = state, b.ID, int64(2-i%2)
			c.Offers = append(c.Offers, freight.Row[freight.Offer]{Value: o})
			b.Lines = append(b.Lines, freight.Deal{Offer: &o, Load: l, Trip: trip, Shipper: w.Shipper, Carrier: w.Carrier})
		}
		return b
	}
	over, first, second := bundle(2, freight.OfferExpired), bundle(3, freight.OfferSent), bundle(1, freight.OfferSeen)
	// The last line of the first comes before the others.
	lines := first.Lines
	lines[0].Offer.After, lines[1].Offer.After = lines[2].Offer.ID, lines[0].Offer.ID
	c.Offers[2].Value.After, c.Offers[3].Value.After = lines[2].Offer.ID, lines[0].Offer.ID
	first.Lines = []freight.Deal{lines[2], lines[0], lines[1]}
	w.Send(c)
	list := func(q freight.Query) (freight.Page[freight.Bundle], error) { return w.Store.Bundles(ctx, q) }
	for _, scope := range []freight.Scope{w.of(w.Carrier), w.all()} {
		rows, count := pages(t, freight.Query{Scope: scope, Limit: 2}, list)
		equal(t, "bundles", rows, []freight.Bundle{second, first, over})
		equal(t, "pages of bundles", count, 2)
		rows, _ = pages(t, freight.Query{Scope: scope, State: "open", Limit: 1}, list)
		equal(t, "open bundles", rows, []freight.Bundle{second, first})
		b, seq, err := w.Store.Bundle(ctx, scope, first.ID)
		equal(t, "bundle", must(b, err)(t), first)
		equal(t, "head", seq, w.State.EventSeq)
	}
	page := must(w.Store.Bundles(ctx, freight.Query{Scope: w.of(w.Shipper), Limit: 9}))(t)
	equal(t, "a shipper's bundles", len(page.Rows), 0)
	for _, id := range []freight.ID{first.ID, alone.ID, ""} {
		_, _, err := w.Store.Bundle(ctx, w.of(w.Shipper), id)
		wantMissing(t, "no bundle of a shipper's", err)
	}
}
