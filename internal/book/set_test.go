package book

import (
	"testing"

	"pinhuo/freight"
)

// pair is a truck, and two loads from a place aside of its way: the second pays no
// more than its service and a little, so it fits only once the first has brought
// the truck there.
func pair(t *testing.T) (w *world, truck *freight.Trip, first, second *freight.Load) {
	w = newWorld(t)
	truck = w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	first = w.post(km(50, 15), km(80, 0), 100_000)
	terms := w.loadTerms(km(50, 15), km(80, 0), 100_000)
	terms.Ceiling = 4000 // its services cost 25 yuan with the margin, the way aside 47 more
	second = w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(km(50, 15), km(80, 0))}).Load
	return w, truck, first, second
}

func setOf(truck *freight.Trip, loads ...*freight.Load) freight.ProposeSet {
	set := freight.ProposeSet{Trip: truck.ID}
	for _, l := range loads {
		set.Lines = append(set.Lines, freight.Line{Load: l.ID, Version: l.Version})
	}
	return set
}

func TestALoadThatPaysInCompanyIsOfferedInASet(t *testing.T) {
	w, truck, first, second := pair(t)
	w.refused(freight.ProblemStale, "", setOf(truck, second)) // alone it does not pay
	w.must("", setOf(truck, second, first, second))
	a, b := w.offer(first.ID, truck.ID), w.offer(second.ID, truck.ID)
	if a == nil || b == nil || a.After != "" || b.After != a.ID || a.Expires != b.Expires {
		t.Fatalf("offers %+v and %+v", a, b)
	}
	w.refused(freight.ProblemStale, "", setOf(truck, first, second)) // both have been asked about
	if _, err := w.accept(second.ID, truck.ID); freight.ProblemOf(err) != freight.ProblemUnfit {
		t.Fatalf("the second is accepted without the first: %v", err)
	}
	w.must("", freight.ReviewOffer{Offer: b.ID})
	if again := w.offer(second.ID, truck.ID); again == nil || again.Version != b.Version {
		t.Fatalf("what stands upon an open offer is judged alone: %+v", again)
	}
	if _, err := w.accept(first.ID, truck.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.accept(second.ID, truck.ID); err != nil {
		t.Fatal(err)
	}
}

func TestWhatStoodUponAnOfferGoesWithIt(t *testing.T) {
	w, truck, first, second := pair(t)
	w.must("", setOf(truck, first, second))
	o := w.offer(first.ID, truck.ID)
	needs := w.needs("og_truck", freight.DeclineOffer{Offer: o.ID, Version: o.Version})
	if w.offer(second.ID, truck.ID) != nil {
		t.Error("an offer is open whose load does not fit any more")
	}
	found := false
	for _, n := range needs {
		found = found || n.Kind == NeedTrips && n.ID == second.ID
	}
	if !found {
		t.Errorf("nobody looks for another trip: %+v", needs)
	}
}

// What another truck takes out of a set leaves those who do without it.
func TestASetThatLosesALoadIsJudgedAnew(t *testing.T) {
	w, truck, first, second := pair(t)
	other := w.announce("B", km(0, 0), km(100, 0), 1_000_000)
	third := w.post(km(20, 0), km(70, 0), 100_000)
	w.must("", setOf(truck, first, third, second))
	w.ask(first, other)
	if _, err := w.accept(first.ID, other.ID); err != nil {
		t.Fatal(err)
	}
	if w.offer(third.ID, truck.ID) == nil || w.offer(second.ID, truck.ID) != nil {
		t.Errorf("left are %+v and %+v", w.offer(third.ID, truck.ID), w.offer(second.ID, truck.ID))
	}
}
