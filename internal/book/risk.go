package book

import "pinhuo/freight"

// A promise that by the forecast will be broken is known to both sides before it is, once,
// and they are told when it is well again. Where it is not within the stated time, or the
// promise has passed, the desk has a ticket for the goods.

// weigh notes on a booking whether its promise is at risk by what is known of its truck's
// way, and returns what both sides are told of that; "" where nothing has changed.
func (t *turn) weigh(k *freight.Booking) freight.EventType {
	var breaks freight.Instant
	if tr := t.trips.get(k.Trip); tr != nil && k.Live() {
		breaks = k.Breaks(tr)
	}
	risk := &k.Custody.Risk
	switch {
	case breaks != 0 && risk.Since == 0:
		*risk = freight.Risk{Since: t.now, Until: max(t.now, min(t.now+freight.RiskTicket, breaks))}
		return freight.EventBookingAtRisk
	case breaks == 0 && risk.Since != 0 && !k.Passed(t.now):
		*risk = freight.Risk{}
		if k.Live() {
			return freight.EventBookingWell
		}
	}
	return ""
}

// weighRiders weighs every promise of a trip whose forecast has changed.
func (t *turn) weighRiders(trip freight.ID) error {
	for _, old := range t.ridersByID(trip) {
		k := *old
		what := t.weigh(&k)
		if what == "" {
			continue
		}
		t.touch(&k.Meta)
		t.saveBooking(&k)
		if err := t.tellRisk(&k, what); err != nil {
			return err
		}
	}
	return nil
}

// tellRisk tells both sides of a booking that it is at risk, with when it is expected and
// when the desk has it; or that it is well again, and then the desk's ticket is done.
func (t *turn) tellRisk(k *freight.Booking, what freight.EventType) error {
	l, tr := t.loads.get(k.Load), t.trips.get(k.Trip)
	for _, side := range []freight.ID{k.Shipper, k.Org} {
		facts := bookingFacts(k, l)
		facts.PickupETA, facts.DropETA = tr.Expected(k.Load)
		facts.Expires = k.Custody.Risk.Until
		t.tell(side, what, &k.Meta, facts)
	}
	if tk := t.tickets.get(k.Custody.Ticket); what == freight.EventBookingWell && tk != nil && tk.Cause == freight.CauseAtRisk {
		return t.closeCustody(k)
	}
	return nil
}

// riskDue gives the desk a booking whose promise is still at risk, or has passed.
func (t *turn) riskDue(id freight.ID) (bool, error) {
	k := t.bookings.get(id)
	if k == nil || !k.Live() || k.Custody.Risk.Since == 0 || k.Custody.Risk.Until >= t.now {
		return false, nil
	}
	return t.openCustody(k, freight.CauseAtRisk)
}

// placeRisk keeps count of the live bookings whose promise is at risk.
func (b *Book) placeRisk(k *freight.Booking) {
	switch risky := k.Live() && k.Custody.Risk.Since != 0; {
	case risky:
		b.risky.set(k.ID, &k.Custody.Risk)
	case b.risky.get(k.ID) != nil:
		b.risky.set(k.ID, nil)
	}
}

// AtRisk counts the live bookings of the live book whose promise is at risk.
func (b *Book) AtRisk() int { return len(b.risky.own) }
