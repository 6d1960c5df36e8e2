package conformance

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// Run holds an engine to the contract. fresh gives a new empty database each
// time it is called, cleared away when the test that it is called for ends.
func Run(t *testing.T, fresh func(t testing.TB) store.Config) {
	for _, part := range []struct {
		name string
		run  func(t *testing.T, fresh func(t testing.TB) store.Config)
	}{
		{"rows", testRows}, {"state", testState}, {"gone", testGone}, {"prior", testPrior}, {"reads", testReads}, {"deals", testDeals}, {"bundles", testBundles},
		{"desk", testDesk}, {"numbers", testNumbers}, {"stale", testStale}, {"unique", testUnique}, {"fences", testFences},
		{"races", testRaces}, {"readers", testReaders}, {"breaks", testBreaks}, {"full", testFull}, {"schema", testSchema},
		{"sweep", testSweep}, {"orgs", testOrgs}, {"sessions", testSessions}, {"tokens", testTokens}, {"sites", testSites}, {"pools", testPools},
		{"tickets", testTickets}, {"positions", testPositions},
		{"asking", testAsking}, {"acts", testDeeds},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.run(t, fresh)
		})
	}
}

// equal fails unless both are the same.
func equal[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Fatalf("%s differs (- wanted, + got):\n%s", what, diff)
	}
}

// must passes a value on unless there was an error.
func must[T any](value T, err error) func(tb testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

// wantFault fails unless err is a commit error of the fault.
func wantFault(tb testing.TB, err error, fault freight.CommitFault) *freight.CommitError {
	tb.Helper()
	known, ok := errors.AsType[*freight.CommitError](err)
	if !ok || known.Fault != fault {
		tb.Fatalf("got %v, want a commit error %q", err, fault)
	}
	return known
}

// wantMissing fails unless err is the one error for what is not there and for
// what is not to be seen.
func wantMissing(tb testing.TB, what string, err error) {
	tb.Helper()
	if freight.CodeOf(err) != freight.NotFound {
		tb.Fatalf("%s: got %v, want not_found", what, err)
	}
}

// all returns the scope of the desk.
func (w *World) all() freight.Scope {
	return freight.Scope{Market: w.Market.ID, Org: w.Desk.ID, Desk: true}
}

// of returns the scope of an organization.
func (w *World) of(org freight.Org) freight.Scope {
	return freight.Scope{Market: w.Market.ID, Org: org.ID}
}

// post commits new loads, one event and change each.
func (w *World) post(loads ...freight.Load) {
	w.tb.Helper()
	c := w.Commit()
	for _, l := range loads {
		w.Post(c, l, "")
	}
	w.Send(c)
}

// deal commits a vehicle, a trip, a load and an offer of it.
func (w *World) deal() (v freight.Vehicle, t freight.Trip, l freight.Load, o freight.Offer) {
	w.tb.Helper()
	v = w.Vehicle()
	t, l = w.Trip(v), w.Load()
	o = w.Offer(l, t)
	c := w.Commit()
	c.Vehicles = []freight.Row[freight.Vehicle]{{Value: v}}
	c.Trips = []freight.Row[freight.Trip]{{Value: t}}
	c.Offers = []freight.Row[freight.Offer]{{Value: o}}
	w.Post(c, l, "")
	w.Say(c, freight.EventOfferSent, o.Org, o.Meta, freight.Facts{Offer: o.ID})
	w.Send(c)
	return v, t, l, o
}

// accept commits the booking of an offer.
func (w *World) accept(l freight.Load, o freight.Offer) (freight.Load, freight.Offer, freight.Booking) {
	w.tb.Helper()
	b := w.Booking(l, o)
	o.Version, o.State = o.Version+1, freight.OfferAccepted
	l.Version, l.State, l.Booking = l.Version+1, freight.LoadCommitted, b.ID
	c := w.Commit()
	c.Loads = []freight.Row[freight.Load]{{Replaces: l.Version - 1, Value: l}}
	c.Offers = []freight.Row[freight.Offer]{{Replaces: o.Version - 1, Value: o}}
	c.Bookings = []freight.Row[freight.Booking]{{Value: b}}
	w.Say(c, freight.EventBookingFirm, b.Shipper, b.Meta, freight.Facts{Booking: b.ID})
	w.Send(c)
	return l, o, b
}
