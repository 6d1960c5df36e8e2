package book

import (
	"testing"

	"pinhuo/freight"
)

// A truck that has set out turns aside for nobody, so the clock of an offer ends when it
// does, though it may set out much later and still be in time: a yes at its last instant
// holds, and a silence leaves time to ask others.
func TestAnOfferEndsWhenItsTruckSetsOut(t *testing.T) {
	for _, late := range []freight.Instant{2 * freight.Minute, 14 * freight.Minute, 16 * freight.Minute} {
		w := newWorld(t)
		a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
		leaves := a.Plan[0].Leave
		w.now = leaves - late
		l := w.post(km(10, 0), km(80, 0), 840_000, a)
		o := w.offer(l.ID, a.ID)
		if want := min(leaves, w.now+15*freight.Minute); o.Expires != want || o.Departure <= leaves+freight.Hour {
			t.Errorf("%d ms before the truck leaves: the offer runs out %d ms after, want %d; it may leave %d ms later",
				late, o.Expires-leaves, want-leaves, o.Departure-leaves)
		}
		w.now = o.Expires
		if _, err := w.accept(l.ID, a.ID); err != nil {
			t.Errorf("%d ms before the truck leaves: a yes in time: %v", late, err)
		}
	}
}

// Where trucks turn off the drive they are on the offer goes on, but not with a driver who
// has to rest: his truck turns nowhere.
func TestAnOfferToATruckThatTurnsOffGoesOn(t *testing.T) {
	for _, duty := range []freight.Duty{{}, {Drivers: 1, DriveS: 4 * 3600, RestS: 1200, Counts: freight.RestsRoad}} {
		w := newWorld(t)
		w.book.env.Turn = func(freight.Router, freight.Point, freight.Point, int64) (freight.Point, bool) {
			return freight.Point{}, false
		}
		w.book.env.Duty = duty
		a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
		w.now = a.Plan[0].Leave - 2*freight.Minute
		l := w.post(km(10, 0), km(80, 0), 840_000, a)
		if got := w.offer(l.ID, a.ID).Expires; (got == a.Plan[0].Leave) != (duty.Drivers > 0) {
			t.Errorf("%+v: the offer runs out %d ms after its truck leaves", duty, got-a.Plan[0].Leave)
		}
	}
}

// So do the clock of a price that was named, and one that an outage put off.
func TestAClockThatBeginsAnewEndsWhenTheTruckSetsOut(t *testing.T) {
	for _, late := range []freight.Instant{7 * freight.Minute, 25 * freight.Minute} {
		w := newWorld(t)
		a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
		leaves := a.Plan[0].Leave
		w.now = leaves - late
		l := w.post(km(10, 0), km(80, 0), 840_000, a)
		w.now += freight.Minute
		o := w.offer(l.ID, a.ID)
		asked := w.must(a.Org, freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + 100}).Offer
		if want := min(leaves, w.now+15*freight.Minute); asked.Expires != want {
			t.Errorf("%d ms before the truck leaves: the price stands until %d ms after, want %d", late, asked.Expires-leaves, want-leaves)
		}
		since := w.now
		w.now += 5 * freight.Minute
		w.must("", freight.Resume{Since: since})
		if got, want := w.offer(l.ID, a.ID).Expires, min(leaves, w.now+15*freight.Minute); got > want || got < asked.Expires {
			t.Errorf("%d ms before the truck leaves: after an outage it stands until %d ms after, want at most %d", late, got-leaves, want-leaves)
		}
	}
}

// Of a set the clock is that of what the truck has promised already: the places that it
// comes to for the set alone keep nobody waiting.
func TestASetEndsWhenItsTruckSetsOut(t *testing.T) {
	w, truck, first, second := pair(t)
	w.now = truck.Plan[0].Leave - 3*freight.Minute
	w.must("", setOf(truck, first, second))
	for _, l := range []*freight.Load{first, second} {
		if o := w.offer(l.ID, truck.ID); o == nil || o.Expires != truck.Plan[0].Leave {
			t.Fatalf("offer %+v, not to the instant %d at which the truck sets out", o, truck.Plan[0].Leave)
		}
	}
	w.now += 3 * freight.Minute
	for _, l := range []*freight.Load{first, second} {
		if _, err := w.accept(l.ID, truck.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// A truck that has done its plan and roams waits where it is.
func TestAnOfferToATruckThatWaitsHasItsWholeClock(t *testing.T) {
	before := []freight.Call{{Kind: freight.CallStart}, {Kind: freight.CallPickup, Own: -1, Load: "ld_new"}}
	plan := []freight.Call{{Kind: freight.CallStart, Leave: 7}}
	if at := setsOut(plan, before); at != 0 {
		t.Errorf("sets out at %d", at)
	}
	if at := setsOut(append(plan, freight.Call{Kind: freight.CallEnd, Own: 1}), before); at != 7 {
		t.Errorf("sets out at %d, want 7", at)
	}
}
