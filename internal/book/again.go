package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// The operator of a trip with bookings is asked the evening before whether he drives. It
// is the question of a lease with another end: who does not answer keeps his bookings,
// but his shippers are told, and the desk.

// expected tells whether a trip has not set out and somebody counts on it.
func (b *Book) expected(tr *freight.Trip) bool {
	return (tr.State == freight.TripOpen || tr.State == freight.TripLapsed) && len(b.liveBookings(tr.ID)) > 0
}

// againOf is when the operator is asked who has just said that he drives.
func (t *turn) againOf(terms *freight.TripTerms) freight.Again {
	a := t.env.Leases.Drive(terms, t.env.Market.Zone)
	if a.Until != 0 && t.now >= a.Ask-freight.Fresh {
		a.Said = t.now
	}
	return a
}

// again asks the operator of a trip whether he drives. He has until the truck sets out at
// the most, however late he is asked.
func (t *turn) again(old *freight.Trip) {
	tr := *old
	tr.Again.Lease = beforeStart(&tr, old.Again.Reminded(t.now))
	t.sayTrip(&tr, freight.EventTripAgain, tr.Again.Until)
}

// putOffAgain gives the operator of a trip the time back in which he is asked and answers,
// as far as his truck has not set out by then.
func (t *turn) putOffAgain(old *freight.Trip, later func(freight.Lease) freight.Lease) {
	if old == nil || !old.Again.Due() || !t.expected(old) {
		return
	}
	tr := *old
	tr.Again.Lease = beforeStart(&tr, later(old.Again.Lease))
	if tr.Again == old.Again {
		return
	}
	if tr.Again.Asked != 0 {
		t.sayTrip(&tr, freight.EventTripAgain, tr.Again.Until)
		return
	}
	t.touch(&tr.Meta)
	t.saveTrip(&tr)
}

// beforeStart is what is asked of a trip anew: to be answered when the truck sets out at
// the latest, or when it was to be answered before.
func beforeStart(tr *freight.Trip, w freight.Lease) freight.Lease {
	w.Until = min(w.Until, max(tr.Again.Until, tr.Starts()))
	return w
}

// drives is his word that he drives, by one tap or by a yes to another load. One that
// nobody has asked him for is told to nobody. The caller saves the trip.
func (t *turn) drives(tr *freight.Trip) error {
	a := &tr.Again
	if a.Until == 0 || a.Said != 0 || t.now < a.Ask-freight.Fresh {
		return nil
	}
	if a.Said = t.now; a.Asked == 0 {
		return nil
	}
	if a.Silent == 0 {
		t.count(tr.Org, freight.Tally{AskedAgain: 1, Reconfirmed: 1})
	}
	facts := tripFacts(tr)
	facts.Expires = a.Until
	t.tell(tr.Org, freight.EventTripReconfirmed, &tr.Meta, facts)
	t.tellRiders(tr.ID, freight.EventBookingAgain, "")
	return t.settleAbout(freight.TicketUnconfirmed, tr.ID)
}

// unconfirmed tells the shippers of a trip that its operator did not say that he drives,
// and gives it to the desk while there is time to ask him.
func (t *turn) unconfirmed(old *freight.Trip) error {
	tr := *old
	tr.Again.Silent = t.now
	t.sayTrip(&tr, freight.EventTripUnconfirmed, tr.Again.Until)
	t.count(tr.Org, freight.Tally{AskedAgain: 1})
	booked := t.liveBookings(tr.ID)
	first := slices.MinFunc(booked, func(a, b *freight.Booking) int {
		return cmp.Or(cmp.Compare(a.PickupETA, b.PickupETA), cmp.Compare(a.ID, b.ID))
	})
	tk, err := t.openAbout(freight.Ticket{Kind: freight.TicketUnconfirmed, Trip: tr.ID, Booking: first.ID, Load: first.Load}, tr.Org)
	if err != nil {
		return err
	}
	var officer freight.ID
	if tk != nil {
		officer = tk.Owner
	}
	t.tellRiders(tr.ID, freight.EventBookingUncertain, officer)
	return nil
}

// tellRiders tells the shippers of a trip's bookings, with the officer who looks after it.
func (t *turn) tellRiders(trip freight.ID, what freight.EventType, officer freight.ID) {
	for _, k := range t.liveBookings(trip) {
		facts := shipperFacts(k, t.loads.get(k.Load))
		facts.Officer = officer
		t.tell(k.Shipper, what, &k.Meta, facts)
	}
}

// openAbout gives a trip its ticket, for its carrier: one of a kind at a time. Where the
// desk has no officers nobody can be named, and there is none.
func (t *turn) openAbout(tk freight.Ticket, carrier freight.ID) (*freight.Ticket, error) {
	act := desk.Act{Event: freight.TicketAsk, Side: desk.SideExchange}
	if id := t.about.get(aboutKey(tk.Kind, tk.Trip)); id != nil {
		old := *t.tickets.get(*id)
		old.Short, old.Gets = tk.Short, tk.Gets
		if act.Event = freight.TicketNote; old.State == freight.TicketDone {
			act.Event = freight.TicketReopen
		}
		return t.step(old, act)
	}
	if t.Roster().Default() == nil {
		return nil, nil
	}
	tk.Meta, tk.Class = t.meta(freight.PrefixTicket, carrier), freight.ClassOrdinary
	return t.step(tk, act)
}

// settleAbout settles a trip's ticket that what it was about has ended by itself.
func (t *turn) settleAbout(kind freight.TicketKind, trip freight.ID) error {
	id := t.about.get(aboutKey(kind, trip))
	if id == nil {
		return nil
	}
	return t.settleTicket(*id)
}

// settleTrip settles the tickets of a trip that is over.
func (t *turn) settleTrip(trip freight.ID) error {
	return cmp.Or(t.settleAbout(freight.TicketUnconfirmed, trip), t.settleAbout(freight.TicketShort, trip))
}
