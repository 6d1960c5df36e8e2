package book

import (
	"testing"

	"pinhuo/freight"
)

// look posts a load whose shipper looks first, and asks the trips for it.
func (w *world) look(from, to freight.Point, grams int64, trips ...*freight.Trip) *freight.Load {
	w.t.Helper()
	terms := w.loadTerms(from, to, grams)
	terms.Hold = true
	l := w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(from, to)}).Load
	w.ask(l, trips...)
	return l
}

// heldOn books a load whose shipper looks first on the trip.
func (w *world) heldOn(load, trip freight.ID) *freight.Booking {
	w.t.Helper()
	r, err := w.accept(load, trip)
	if err != nil {
		w.t.Fatal(err)
	}
	if r.Booking.State != freight.BookingHeld {
		w.t.Fatalf("the shipper looks first, but the booking is %s", r.Booking.State)
	}
	return r.Booking
}

func TestAHoldIsATenthOfTheTimeToThePickup(t *testing.T) {
	const now = start
	for _, tc := range []struct{ pickup, want freight.Instant }{
		{5 * freight.Hour, 30 * freight.Minute},
		{50 * freight.Minute, 5 * freight.Minute},
		{30 * freight.Minute, 5 * freight.Minute}, // a tenth would be 3
		{10 * freight.Hour, freight.Hour},
		{48 * freight.Hour, freight.Hour},
		{3 * freight.Minute, 3 * freight.Minute}, // never past the pickup
		{0, 0},
		{-freight.Hour, 0},
	} {
		if got := freight.HoldUntil(now, now+tc.pickup) - now; got != tc.want {
			t.Errorf("with the pickup %d ms away a hold lasts %d ms, want %d", tc.pickup, got, tc.want)
		}
	}
}

func TestAHoldTakesRoomAndIsConfirmed(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	l := w.look(km(20, 0), km(80, 0), 700_000, truck)
	k := w.heldOn(l.ID, truck.ID)
	if k.Until != freight.HoldUntil(w.now, k.PickupETA) {
		t.Errorf("held until %s", k.Until)
	}
	rival := w.post(km(20, 0), km(80, 0), 700_000)
	w.refused(freight.ProblemStale, "", freight.Propose{Load: rival.ID, Version: 1, Matches: []freight.Match{{Trip: truck.ID}}})
	w.refused(freight.ProblemUnknown, "og_truck", freight.ConfirmBooking{Booking: k.ID})
	w.refused(freight.ProblemStale, "og_firm", freight.ConfirmBooking{Booking: k.ID, Version: 7})
	w.now = k.Until // the last instant counts
	firm := w.must("og_firm", freight.ConfirmBooking{Booking: k.ID, Version: k.Version}).Booking
	again := w.must("og_firm", freight.ConfirmBooking{Booking: k.ID, Version: k.Version}).Booking
	if firm.State != freight.BookingFirm || again.Version != firm.Version {
		t.Errorf("confirmed to %+v, again to %+v", firm, again)
	}
	w.refused(freight.ProblemState, "og_firm", freight.RefuseBooking{Booking: k.ID})
	for _, c := range w.book.Clocks() {
		if c.Kind == freight.ClockHold {
			t.Errorf("a clock is left: %+v", c)
		}
	}
}

func TestAShipperWhoLooksAndSaysNo(t *testing.T) {
	w := newWorld(t)
	truck, other := w.announce("A", km(0, 0), km(100, 0), 1_000_000), w.announce("B", km(0, 0), km(100, 0), 1_000_000)
	l := w.look(km(20, 0), km(80, 0), 700_000, truck)
	k := w.heldOn(l.ID, truck.ID)
	needs := w.needs("og_firm", freight.RefuseBooking{Booking: k.ID, Reason: freight.ReasonPrice})
	w.goesOn(l, truck, other, needs)
	w.refused(freight.ProblemUnknown, "og_firm", freight.ConfirmBooking{Booking: k.ID})
}

func TestTheSleepingShipper(t *testing.T) {
	w := newWorld(t)
	truck, other := w.announce("A", km(0, 0), km(100, 0), 1_000_000), w.announce("B", km(0, 0), km(100, 0), 1_000_000)
	l := w.look(km(20, 0), km(80, 0), 700_000, truck)
	k := w.heldOn(l.ID, truck.ID)
	tick := freight.Tick{Clock: freight.Clock{At: k.Until, Kind: freight.ClockHold, ID: k.ID}}
	w.now = k.Until
	w.refused(freight.ProblemStale, "", tick)
	w.now++
	w.refused(freight.ProblemExpired, "og_firm", freight.ConfirmBooking{Booking: k.ID})
	needs := w.needs("", tick)
	w.goesOn(l, truck, other, needs)
	told := 0
	for _, e := range w.told {
		if e.Type == freight.EventBookingReleased && e.Subject == k.ID && e.Facts.Reason == freight.ReasonUnconfirmed {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d of two sides were told", told)
	}
}

// goesOn wants the load on the market again and the truck empty; the truck is not asked
// for it again, others are.
func (w *world) goesOn(l *freight.Load, truck, other *freight.Trip, needs []Need) {
	w.t.Helper()
	now := w.book.Load(l.ID)
	tr := w.book.Trip(truck.ID)
	if now.State != freight.LoadPosted || now.Booking != "" || now.Answer != 0 || len(tr.Plan) != 2 || len(w.book.liveBookings(truck.ID)) != 0 {
		w.t.Fatalf("load %+v, plan %+v", now, tr.Plan)
	}
	found := map[Need]bool{}
	for _, n := range needs {
		found[Need{Kind: n.Kind, ID: n.ID}] = true
	}
	if !found[Need{Kind: NeedTrips, ID: l.ID}] || !found[Need{Kind: NeedLoads, ID: truck.ID}] {
		w.t.Errorf("nobody looks on: %+v", needs)
	}
	w.refused(freight.ProblemStale, "", freight.Propose{Load: l.ID, Version: now.Version, Matches: []freight.Match{{Trip: truck.ID, TripVersion: tr.Version}}})
	w.ask(now, tr, w.book.Trip(other.ID))
	if w.offer(l.ID, truck.ID) != nil || w.offer(l.ID, other.ID) == nil {
		w.t.Error("the truck it was not to be is asked again, or the other one is not")
	}
}

func TestHoldsOfATripAreCapped(t *testing.T) {
	w := newWorld(t)
	terms := w.tripTerms("A", km(0, 0), km(100, 0), 10_000_000)
	terms.Limits.ExtraStops = 10
	truck := w.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
	var held []*freight.Booking
	for i := range freight.MaxHolds {
		l := w.look(km(20+float64(i), 0), km(80, 0), 100_000, w.book.Trip(truck.ID))
		held = append(held, w.heldOn(l.ID, truck.ID))
	}
	l := w.look(km(30, 0), km(80, 0), 100_000, w.book.Trip(truck.ID))
	o := w.offer(l.ID, truck.ID)
	if e := w.refused(freight.ProblemHolds, "og_truck", freight.AcceptOffer{Offer: o.ID, Version: o.Version}); e.Max != "3" {
		t.Errorf("refused with %+v", e)
	}
	if w.offer(l.ID, truck.ID) == nil || w.book.Load(l.ID).State != freight.LoadPosted {
		t.Fatal("the refusal changed something")
	}
	w.must("og_firm", freight.ConfirmBooking{Booking: held[0].ID})
	w.heldOn(l.ID, truck.ID) // the offer has the version that was refused
}

// Neither a cancelled trip nor a withdrawn load waits for a held booking's clock.
func TestHoldsEndWithTheirTripAndLoad(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	l := w.look(km(20, 0), km(80, 0), 100_000, truck)
	k := w.heldOn(l.ID, truck.ID)
	w.must("og_firm", freight.WithdrawLoad{Load: l.ID})
	l = w.look(km(20, 0), km(80, 0), 100_000, w.book.Trip(truck.ID))
	w.heldOn(l.ID, truck.ID)
	w.must("og_truck", freight.CancelTrip{Trip: truck.ID})
	if now := w.book.Load(l.ID); now.State != freight.LoadPosted || !now.First {
		t.Errorf("the load is %+v", now)
	}
	w.now = k.Until + 1
	w.refused(freight.ProblemStale, "", freight.Tick{Clock: freight.Clock{At: k.Until, Kind: freight.ClockHold, ID: k.ID}})
}

func TestAnOutageGivesAHoldItsTimeBack(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	l := w.look(km(20, 0), km(80, 0), 100_000, truck)
	k := w.heldOn(l.ID, truck.ID)
	left := k.Until - w.now
	since := w.now
	w.now += 20 * freight.Minute
	w.must("", freight.Resume{Since: since})
	if got := w.book.bookings.get(k.ID); got.Until != w.now+min(left, 20*freight.Minute, freight.HoldUntil(w.now, k.PickupETA)-w.now) || got.Version != k.Version {
		t.Errorf("held until %d ms from now, had %d left", got.Until-w.now, left)
	}
}
