package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testState checks what a writer starts from: everything live and nothing
// else, the same after reopening.
func testState(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	w := NewWorld(t, cfg)
	equal(t, "empty state", w.State, freight.State{Market: w.Market, Desks: []freight.ID{w.Desk.ID}, Epoch: w.State.Epoch})
	v, trip, load, offer := w.deal()
	booked, accepted, booking := w.accept(load, offer)
	open := w.Load()
	closed := w.Load()
	closed.State, closed.Outcome = freight.LoadClosed, freight.OutcomeWithdrawn
	done := w.Trip(v)
	done.State = freight.TripCompleted
	lapsed := w.Trip(v)
	lapsed.State = freight.TripLapsed
	sent := w.Offer(open, trip)
	refused := w.Offer(open, lapsed)
	refused.State, refused.Reason = freight.OfferDeclined, freight.ReasonDeclined
	late := w.Offer(booked, lapsed)
	late.State, late.Reason = freight.OfferExpired, freight.ReasonExpiredOffer
	over := w.Offer(closed, trip)
	over.State = freight.OfferDeclined
	gone := w.Offer(open, trip)
	gone.State = freight.OfferWithdrawn
	released := w.Booking(open, sent)
	released.State, released.Cause = freight.BookingReleased, freight.ReasonWithdrawn
	past := w.Load() // its trip is over, and it with it
	past.State = freight.LoadCommitted
	ridden, spurned := w.Offer(past, done), w.Offer(past, lapsed)
	ridden.State, spurned.State = freight.OfferAccepted, freight.OfferDeclined
	c := w.Commit()
	w.Post(c, past, "")
	w.Post(c, open, "")
	w.Post(c, closed, "")
	c.Trips = []freight.Row[freight.Trip]{{Value: done}, {Value: lapsed}}
	c.Offers = []freight.Row[freight.Offer]{{Value: sent}, {Value: refused}, {Value: late}, {Value: over}, {Value: gone}, {Value: ridden}, {Value: spurned}}
	c.Bookings = []freight.Row[freight.Booking]{{Value: released}, {Value: w.Booking(past, ridden)}}
	w.Send(c)
	want := freight.State{
		Market: w.Market, Desks: []freight.ID{w.Desk.ID}, Epoch: w.State.Epoch, EventSeq: w.State.EventSeq, ChangeSeq: w.State.ChangeSeq, At: c.At,
		Vehicles: []freight.Vehicle{v}, Loads: []freight.Load{booked, open}, Trips: []freight.Trip{trip, lapsed},
		Offers: []freight.Offer{accepted, sent, refused, late}, Bookings: []freight.Booking{booking}, Reached: []freight.Reached{{Org: trip.Org, Hour: freight.HourOf(c.At), N: 8}},
	}
	if accepted.Open() {
		t.Fatal("the accepted offer must not be open")
	}
	equal(t, "reloaded state", must(w.Store.Reload(t.Context(), w.Market.ID))(t), want)
	epoch, key, err := w.Store.Identity(t.Context())
	if err != nil || epoch == "" || key == [32]byte{} {
		t.Fatalf("identity %q: %v", epoch, err)
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	w.Store = Open(t, cfg)
	want.Epoch++
	equal(t, "state after reopening", w.Acquire("again"), want)
	again, sameKey, err := w.Store.Identity(t.Context())
	if err != nil || again != epoch || sameKey != key {
		t.Fatalf("the identity changed from %q to %q: %v", epoch, again, err)
	}
}

// testPrior looks up by key what no writer holds in memory.
func testPrior(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	v := w.Vehicle()
	closed, trip := w.Load(), w.Trip(v)
	closed.State, trip.State = freight.LoadClosed, freight.TripCompleted
	other := w.Load()
	other.Org, other.Ref = w.Carrier.ID, closed.Ref // another organization may use the same reference
	c := w.Commit()
	w.Post(c, closed, "first")
	w.Post(c, other, "first") // and the same key
	c.Trips = []freight.Row[freight.Trip]{{Value: trip}}
	w.Send(c)
	ref := freight.Ref{Kind: freight.KindLoad, Org: closed.Org, Ref: closed.Ref}
	tripRef := freight.Ref{Kind: freight.KindTrip, Org: trip.Org, Ref: trip.Ref}
	ask := freight.Prior{Market: w.Market.ID,
		Keys:  []freight.Key{{Org: closed.Org, Name: "first"}, {Org: closed.Org, Name: "second"}, {Org: w.Desk.ID, Name: "first"}},
		Refs:  []freight.Ref{ref, tripRef, {Kind: freight.KindTrip, Org: closed.Org, Ref: closed.Ref}, {Kind: freight.KindLoad, Org: w.Desk.ID, Ref: closed.Ref}},
		Loads: []freight.ID{closed.ID, "ld_none"}, Trips: []freight.ID{trip.ID, trip.ID}}
	known := must(w.Store.Prior(t.Context(), ask))(t)
	equal(t, "answers", known.Answers, c.Answers[:1])
	equal(t, "refs", known.Refs, map[freight.Ref]freight.ID{ref: closed.ID, tripRef: trip.ID})
	equal(t, "loads", known.Loads, []freight.Load{closed})
	equal(t, "trips", known.Trips, []freight.Trip{trip})
	known = must(w.Store.Prior(t.Context(), freight.Prior{Market: "mk_other", Loads: ask.Loads, Trips: ask.Trips}))(t)
	equal(t, "rows of another market", len(known.Loads)+len(known.Trips), 0)
	w.priorOfMany()
}

// priorOfMany asks for more keys than one list of a statement holds.
func (w *World) priorOfMany() {
	w.tb.Helper()
	c := w.Commit()
	ask := freight.Prior{Market: w.Market.ID}
	for range 300 {
		l := w.Load()
		w.Post(c, l, string(l.ID))
		ask.Keys = append(ask.Keys, c.Answers[len(c.Answers)-1].Key)
		ask.Refs = append(ask.Refs, freight.Ref{Kind: freight.KindLoad, Org: l.Org, Ref: l.Ref})
		ask.Loads = append(ask.Loads, l.ID)
	}
	w.Send(c)
	known := must(w.Store.Prior(w.tb.Context(), ask))(w.tb)
	equal(w.tb, "many answers", len(known.Answers), 300)
	equal(w.tb, "many refs", len(known.Refs), 300)
	equal(w.tb, "many loads", len(known.Loads), 300)
	equal(w.tb, "answers with another hash", known.Answers[0].Key.Hash, [32]byte{1})
}
