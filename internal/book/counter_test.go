package book

import (
	"testing"

	"pinhuo/freight"
)

// haggle is a load that a truck is asked for, and the offer.
func haggle(t *testing.T) (*world, *freight.Trip, *freight.Load, *freight.Offer) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	terms := w.loadTerms(km(20, 0), km(80, 0), 100_000)
	terms.Hold = true // who haggles has looked
	l := w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(km(20, 0), km(80, 0))}).Load
	w.ask(l, truck)
	return w, truck, l, w.offer(l.ID, truck.ID)
}

func TestAPriceIsHaggledOverAndBooked(t *testing.T) {
	w, _, l, o := haggle(t)
	first := w.must("og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + 3000}).Offer
	if first.State != freight.OfferCountered || first.By != freight.SideCarrier || first.Version != o.Version+1 {
		t.Fatalf("countered: %+v", first)
	}
	w.refused(freight.ProblemStale, "og_firm", freight.AcceptOffer{Offer: o.ID, Version: o.Version})
	w.refused(freight.ProblemTurn, "og_truck", freight.AcceptOffer{Offer: o.ID, Version: first.Version})
	w.refused(freight.ProblemTurn, "og_truck", freight.CounterOffer{Offer: o.ID, Version: first.Version, Price: o.Price + 4000})
	w.refused(freight.ProblemRange, "og_firm", freight.CounterOffer{Offer: o.ID, Version: first.Version, Price: o.Price - 1})
	w.refused(freight.ProblemRange, "og_firm", freight.CounterOffer{Offer: o.ID, Version: first.Version, Price: first.Counter})
	second := w.must("og_firm", freight.CounterOffer{Offer: o.ID, Version: first.Version, Price: o.Price + 1000}).Offer
	w.refused(freight.ProblemTurn, "og_firm", freight.AcceptOffer{Offer: o.ID, Version: second.Version})
	w.refused(freight.ProblemTurn, "og_firm", freight.DeclineOffer{Offer: o.ID, Version: second.Version})
	r := w.must("og_truck", freight.AcceptOffer{Offer: o.ID, Version: second.Version})
	if k := r.Booking; k.Price != o.Price+1000 || k.State != freight.BookingFirm || r.Offer.Price != k.Price || w.book.Load(l.ID).State != freight.LoadCommitted {
		t.Errorf("booked %+v by %+v", k, r.Offer)
	}
}

func TestACounterTellsNoReserve(t *testing.T) {
	w, _, l, o := haggle(t)
	e := w.refused(freight.ProblemRange, "og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Alone + 1})
	if e.Max != fen(o.Alone) || e.Min != fen(o.Price+1) {
		t.Errorf("bounds that both sides see: %+v", e)
	}
	w.refused(freight.ProblemYuan, "og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price / 50})
	w.refused(freight.ProblemRange, "og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price / 50, Sure: true})
	if now := w.offer(l.ID, o.Trip); now.Version != o.Version || now.State != o.State {
		t.Errorf("a refusal changed the offer: %+v", now)
	}
	w.refused(freight.ProblemUnknown, "og_other", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + 1})
}

func TestMoreThanTheCeilingNeedsItsShippersWord(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	terms := w.loadTerms(km(20, 0), km(80, 0), 100_000)
	terms.Ceiling = 4000
	l := w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(km(20, 0), km(80, 0))}).Load
	w.ask(l, truck)
	o := w.offer(l.ID, truck.ID)
	asked := w.must("og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: 6000}).Offer // tells nothing of the 4000
	if e := w.refused(freight.ProblemCeiling, "og_firm", freight.AcceptOffer{Offer: o.ID, Version: asked.Version}); e.Max != "4000fen" {
		t.Errorf("refused with %+v", e)
	}
	w.refused(freight.ProblemCeiling, "og_firm", freight.CounterOffer{Offer: o.ID, Version: asked.Version, Price: 5000})
	k := w.must("og_firm", freight.AcceptOffer{Offer: o.ID, Version: asked.Version, Over: true}).Booking
	if k.Price != 6000 || k.Most != 6000 || w.book.Load(l.ID).Ceiling != 4000 {
		t.Errorf("booked %+v under %d", k, w.book.Load(l.ID).Ceiling)
	}
	w.must("og_truck", freight.CancelTrip{Trip: truck.ID}) // the word was for that truck
	next := w.announce("B", km(0, 0), km(100, 0), 1_000_000)
	w.ask(w.book.Load(l.ID), next)
	o = w.offer(l.ID, next.ID)
	asked = w.must(next.Org, freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: 5000}).Offer
	w.refused(freight.ProblemCeiling, "og_firm", freight.AcceptOffer{Offer: o.ID, Version: asked.Version})
}

func TestRoundsEnd(t *testing.T) {
	w, _, _, o := haggle(t)
	low, high := o.Price, o.Price+4000
	for i := range freight.Fen(freight.MaxRounds) {
		org, price := freight.ID("og_truck"), high-i*100
		if i%2 == 1 {
			org, price = "og_firm", low+i*100
		}
		o = w.must(org, freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: price}).Offer
	}
	w.refused(freight.ProblemRounds, "og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Counter + 1})
	w.must("og_truck", freight.AcceptOffer{Offer: o.ID, Version: o.Version})
}

func TestACounterRunsOut(t *testing.T) {
	w, _, l, o := haggle(t)
	asked := w.must("og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + 1000}).Offer
	w.now = asked.Expires
	tick := freight.Tick{Clock: freight.Clock{At: asked.Expires, Kind: freight.ClockOffer, ID: o.ID}}
	w.refused(freight.ProblemStale, "", tick)
	w.now++
	w.refused(freight.ProblemExpired, "og_firm", freight.AcceptOffer{Offer: o.ID, Version: asked.Version})
	w.must("", tick)
	if w.offer(l.ID, o.Trip) != nil || w.book.Load(l.ID).State != freight.LoadPosted {
		t.Error("it goes on as if nothing had run out")
	}
}

// New terms end the bargaining over the old ones.
func TestAChangedPlanEndsTheBargaining(t *testing.T) {
	w, truck, l, o := haggle(t)
	w.must("og_truck", freight.CounterOffer{Offer: o.ID, Version: o.Version, Price: o.Price + 1000})
	other := w.post(km(10, 0), km(90, 0), 100_000, truck)
	if _, err := w.accept(other.ID, truck.ID); err != nil {
		t.Fatal(err)
	}
	if now := w.offer(l.ID, truck.ID); now == nil || now.State != freight.OfferSent || now.Counter != 0 || now.Rounds != 1 {
		t.Errorf("the offer is %+v", now)
	}
}
