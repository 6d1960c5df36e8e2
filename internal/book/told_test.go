package book

import (
	"slices"
	"testing"

	"pinhuo/freight"
)

// heard lists the types of events that an organization was told, in order.
func (w *world) heard(org freight.ID) []freight.EventType {
	var list []freight.EventType
	for _, e := range w.told {
		if e.Audience == org {
			list = append(list, e.Type)
		}
	}
	return list
}

func (w *world) wantHeard(org freight.ID, want ...freight.EventType) {
	w.t.Helper()
	if got := w.heard(org); !slices.Equal(got, want) {
		w.t.Errorf("%s heard %v, want %v", org, got, want)
	}
}

// TestTheDeskHearsOfLoadsThatWaitForIt follows three loads onto the desk's list
// and off it: booked, edited, ended.
func TestTheDeskHearsOfLoadsThatWaitForIt(t *testing.T) {
	w := newWorld(t)
	w.book.env.Desks = []freight.ID{"og_desk", "og_night"}
	a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
	var loads []*freight.Load
	for range 3 {
		loads = append(loads, w.post(km(10, 0), km(80, 0), 840_000, a))
	}
	quick := w.post(km(10, 0), km(80, 0), 1000)
	w.must(quick.Org, freight.WithdrawLoad{Load: quick.ID})
	w.wantHeard("og_desk")

	w.now = loads[0].AnswerBy
	for _, l := range loads {
		w.must("", freight.Tick{Clock: freight.Clock{At: l.AnswerBy, Kind: freight.ClockAnswer, ID: l.ID}})
		w.must("", freight.ExplainLoad{Load: l.ID, Version: l.Version, Explanation: freight.Explanation{Load: l.ID, Org: l.Org}})
	}
	onto := []freight.EventType{freight.EventLoadUnanswered, freight.EventLoadExplained}
	want := slices.Concat(onto, onto, onto)
	w.wantHeard("og_desk", want...)
	w.wantHeard("og_night", want...)

	b := w.announce("B", km(0, 0), km(100, 0), 5_000_000)
	w.ask(w.book.Load(loads[0].ID), b)
	if _, err := w.accept(loads[0].ID, b.ID); err != nil {
		t.Fatal(err)
	}
	terms := loads[1].LoadTerms
	terms.AnswerBy = w.now + freight.Hour
	w.must(loads[1].Org, freight.EditLoad{Load: loads[1].ID, Version: 2, Terms: terms, Direct: loads[1].Direct})
	w.now = loads[2].Ends() + 1
	w.must("", freight.ExplainLoad{Load: loads[2].ID, Version: 2, Explanation: freight.Explanation{Load: loads[2].ID, Final: true}})
	w.wantHeard("og_desk", append(want, freight.EventLoadSettled, freight.EventLoadSettled, freight.EventLoadSettled)...)
	var states []string
	for _, e := range w.told {
		if e.Type == freight.EventLoadSettled && e.Audience == "og_desk" {
			states = append(states, e.Facts.State)
		}
	}
	if !slices.Equal(states, []string{"committed", "posted", "closed"}) {
		t.Errorf("settled as %v", states)
	}
}

// TestTheShipperHearsWhatBecameOfOffers: an offer that runs out, that is
// declined, or that its trip withdraws is told to both sides.
func TestTheShipperHearsWhatBecameOfOffers(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
	b := w.must("og_other", freight.AnnounceTrip{Terms: w.tripTerms("B", km(0, 0), km(100, 0), 5_000_000), Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
	c := w.announce("C", km(0, 0), km(100, 0), 5_000_000)
	l := w.post(km(10, 0), km(80, 0), 840_000, a, b, c)
	runsOut, refused := w.offer(l.ID, a.ID), w.offer(l.ID, b.ID)
	w.told = nil
	w.must(b.Org, freight.DeclineOffer{Offer: refused.ID, Version: refused.Version})
	w.must(c.Org, freight.CancelTrip{Trip: c.ID})
	w.now = runsOut.Expires + 1
	w.must("", freight.Tick{Clock: freight.Clock{At: runsOut.Expires, Kind: freight.ClockOffer, ID: runsOut.ID}})
	w.wantHeard(l.Org, freight.EventOfferDeclined, freight.EventOfferWithdrawn, freight.EventOfferExpired)
	w.wantHeard(b.Org, freight.EventOfferDeclined)
	w.wantHeard(a.Org, freight.EventOfferWithdrawn, freight.EventTripCancelled, freight.EventOfferExpired)
}
