package book

import (
	"fmt"
	"slices"
	"testing"

	"pinhuo/freight"
)

// needs applies one command as a round of its own and returns what it wants planned.
func (w *world) needs(org freight.ID, act freight.Act) []Need {
	w.t.Helper()
	round := w.book.Fork()
	if _, err := round.Apply(w.now, freight.Command{Org: org, Act: act}); err != nil {
		w.t.Fatalf("%T: %v", act, err)
	}
	w.told = append(w.told, round.Events()...)
	w.book.Absorb(round)
	return round.Needs()
}

// TestOthersAreAskedWhenATripGoes: however a trip leaves the market, the loads it
// was being asked for look for another.
func TestOthersAreAskedWhenATripGoes(t *testing.T) {
	for name, leave := range map[string]func(w *world, tr *freight.Trip) []Need{
		"cancelled": func(w *world, tr *freight.Trip) []Need {
			return w.needs("og_truck", freight.CancelTrip{Trip: tr.ID})
		},
		"edited": func(w *world, tr *freight.Trip) []Need {
			terms := w.tripTerms("1", km(0, 0), km(100, 0), 0)
			return w.needs("og_truck", freight.EditTrip{Trip: tr.ID, Version: tr.Version, Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}})
		},
		"lapsed": func(w *world, tr *freight.Trip) []Need {
			w.now = tr.Lease
			return w.needs("", freight.Tick{Clock: freight.Clock{At: tr.Lease, Kind: freight.ClockLease, ID: tr.ID}})
		},
		"completed": func(w *world, tr *freight.Trip) []Need {
			w.now = finish(tr) + 1
			return w.needs("", freight.Tick{Clock: freight.Clock{At: finish(tr), Kind: freight.ClockTrip, ID: tr.ID}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tr := w.announce("1", km(0, 0), km(100, 0), 5_000_000)
			l := w.post(km(0, 0), km(100, 0), 1000, tr)
			needs := leave(w, tr)
			if len(w.book.OpenOffers(l.ID)) != 0 {
				t.Fatal("the offer is still open")
			}
			if !slices.ContainsFunc(needs, func(n Need) bool { return n.Kind == NeedTrips && n.ID == l.ID }) {
				t.Errorf("nobody looks for another trip: %+v", needs)
			}
		})
	}
}

// TestAnswersAreToTheTermsTheyWereFoundFor: an explanation that comes when the
// shipper has stated other terms, or a second time, is no answer.
func TestAnswersAreToTheTermsTheyWereFoundFor(t *testing.T) {
	w := newWorld(t)
	l := w.post(km(0, 0), km(100, 0), 1000)
	why := freight.ExplainLoad{Load: l.ID, Version: l.Version, Explanation: freight.Explanation{Load: l.ID, Org: l.Org}}
	edited := w.must("og_firm", freight.EditLoad{Load: l.ID, Version: l.Version, Terms: w.loadTerms(km(0, 0), km(50, 0), 1000), Direct: flat(km(0, 0), km(50, 0))}).Load
	w.refused(freight.ProblemStale, "", why)
	if w.book.Load(l.ID).Answer != 0 {
		t.Error("the edited load counts as answered")
	}
	why.Version = edited.Version
	w.must("", why)
	w.refused(freight.ProblemStale, "", why)
}

// TestALoadLeavesWithItsLastWord: the end of the window alone changes nothing;
// the last word closes the load, and only once the window has ended.
func TestALoadLeavesWithItsLastWord(t *testing.T) {
	w := newWorld(t)
	l := w.post(km(0, 0), km(100, 0), 1000)
	last := freight.ExplainLoad{Load: l.ID, Version: l.Version, Explanation: freight.Explanation{Load: l.ID, Org: l.Org, Final: true}}
	w.refused(freight.ProblemStale, "", last)
	w.now = l.Ends() + 1
	w.must("", freight.Tick{Clock: freight.Clock{At: l.Ends(), Kind: freight.ClockLoad, ID: l.ID}})
	if w.book.Load(l.ID).State != freight.LoadPosted {
		t.Error("the load left without a word")
	}
	if closed := w.must("", last).Load; closed.State != freight.LoadClosed || closed.Outcome != freight.OutcomeExpired || closed.Answer != w.now {
		t.Errorf("after the last word: %+v", closed)
	}
	w.refused(freight.ProblemStale, "", last)
}

// TestNothingOfCompletedTripsStays: what has left the book leaves nothing behind,
// also when a later command asks for it.
func TestNothingOfCompletedTripsStays(t *testing.T) {
	w := newWorld(t)
	tr := w.announce("1", km(0, 0), km(100, 0), 5_000_000)
	terms := w.loadTerms(km(0, 0), km(100, 0), 1000)
	terms.Ref = "PO-1"
	l := w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(km(0, 0), km(100, 0))}).Load
	w.ask(l, tr)
	if _, err := w.accept(l.ID, tr.ID); err != nil {
		t.Fatal(err)
	}
	booked, tr := *w.book.Load(l.ID), w.book.Trip(tr.ID)
	for _, event := range []freight.BookingEvent{freight.BookingLoadUp, freight.BookingHandOver} {
		w.must("og_truck", freight.MoveGoods{Booking: booked.Booking, Event: event})
	}
	w.now = finish(tr) + 1
	w.must("", freight.Tick{Clock: freight.Clock{At: finish(tr), Kind: freight.ClockTrip, ID: tr.ID}})
	rows := []freight.Load{booked}
	w.book.Adopt(rows, nil)
	w.refused(freight.ProblemState, "og_firm", freight.WithdrawLoad{Load: l.ID})
	w.book.Release(rows, nil)
	if n := len(w.book.loads.own) + len(w.book.trips.own) + len(w.book.bookings.own) + len(w.book.refs.own); n != 0 {
		t.Errorf("%d entries stay: %v %v", n, w.book.loads.own, w.book.refs.own)
	}
}

// TestAPlanOvertakenByEventsIsMadeAnew: when every trip that a plan of the best names has
// gone, those it left out are still to be asked.
func TestAPlanOvertakenByEventsIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	l := w.post(km(0, 0), km(100, 0), 1000)
	plan := freight.Propose{Load: l.ID, Version: l.Version, More: true}
	for i := range 4 {
		tr := w.announce(fmt.Sprint(i), km(0, 0), km(100, 0), 5_000_000)
		plan.Matches = append(plan.Matches, freight.Match{Trip: tr.ID, TripVersion: tr.Version})
		w.must("og_truck", freight.CancelTrip{Trip: tr.ID})
	}
	if needs := w.needs("", plan); len(needs) != 1 || needs[0].Kind != NeedTrips || needs[0].ID != l.ID {
		t.Errorf("wants %+v", needs)
	}
	plan.More = false
	w.refused(freight.ProblemStale, "", plan)
}
