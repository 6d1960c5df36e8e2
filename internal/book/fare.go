package book

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/shares"
)

// Three numbers are kept of a booking: what the carrier gets for it (Price, agreed and
// never changed), what its shipper pays now (Share) and what he pays at the most
// (Most). The shares of those who ride sum to what the carrier gets for them, less
// what the fees of those who left make up for.

// departed tells whether the truck has set out: then nobody's share moves any more.
func (t *turn) departed(tr *freight.Trip) bool {
	return tr.State == freight.TripUnderway || tr.Plan[0].Leave < t.now
}

// riders are the firm bookings of a trip in the order in which they came. One that is
// only held pays its quote and moves nobody.
func (t *turn) riders(trip freight.ID) []*freight.Booking {
	return slices.DeleteFunc(t.liveBookings(trip), func(k *freight.Booking) bool { return k.State == freight.BookingHeld })
}

// split is what the riders of a trip pay whose shares move, or what those pay whose
// shares are final.
func (t *turn) split(tr *freight.Trip, final bool) shares.Split {
	s := shares.Split{Fees: tr.Cover, Due: tr.Cover}
	for _, k := range t.riders(tr.ID) {
		if (k.Final != 0) != final {
			continue
		}
		s.Riders = append(s.Riders, shares.Rider{ID: k.ID, Ceiling: k.Most, Share: k.Share})
		s.Due += k.Share
	}
	return s
}

// join lets a booking that has just become firm pay its part: at least its price,
// which is what it adds to the carrier's due, and at most its ceiling. What that
// leaves over lowers the others, in the same turn. On a truck that has set out it
// pays its price. The trip is a new version that the caller saves.
func (t *turn) join(k *freight.Booking, tr *freight.Trip) error {
	tr.Due += k.Price
	if t.departed(tr) {
		k.Share, k.Final = k.Price, t.now
		return nil
	}
	before := t.split(tr, false)
	after, err := before.Join(k.ID, k.Most, before.Due+k.Price)
	if err != nil {
		return err
	}
	k.Share, _ = after.Of(k.ID)
	t.reprice(after)
	return nil
}

// reprice saves the bookings whose share a split has changed and tells their shippers.
func (t *turn) reprice(s shares.Split) {
	for _, r := range s.Riders {
		old := t.bookings.get(r.ID)
		if old == nil || old.Share == r.Share {
			continue
		}
		k := *old
		t.touch(&k.Meta)
		k.Share = r.Share
		t.saveBooking(&k)
		t.tell(k.Shipper, freight.EventBookingRepriced, &k.Meta, shipperFacts(&k, t.loads.get(k.Load)))
	}
}

// leave settles a booking that its shipper takes back, or whose goods he did not bring: he owes the fee of the table,
// which first makes up for what those who stay do not pay for; what is left of it is
// the carrier's for the room he kept. Nobody else's share rises: what is short all the
// same the carrier is asked to do without. before is the trip with him, tr without.
func (t *turn) leave(k *freight.Booking, before, tr *freight.Trip, cause freight.FeeCause) error {
	s := t.split(before, k.Final != 0)
	k.Fee, k.FeeBy = t.fee(cause, k), k.Shipper
	if k.Fee == 0 {
		k.FeeBy = ""
	}
	after, parting, err := s.Leave(k.ID, t.stillDue(k, s, before, tr), k.Fee)
	if err != nil {
		return err
	}
	t.reprice(after)
	k.Short = parting.Short
	tr.Due += after.Due - s.Due + k.Fee - parting.Owes
	tr.Cover, tr.Short = after.Fees, tr.Short+parting.Short
	if len(after.Riders) == 0 {
		tr.Cover, tr.Short = 0, 0
	}
	if parting.Short > 0 {
		facts := tripFacts(tr)
		facts.Booking, facts.Short, facts.Due = k.ID, parting.Short, tr.Due
		t.tell(tr.Org, freight.EventTripShort, &tr.Meta, facts)
		for _, desk := range t.env.Desks {
			t.tell(desk, freight.EventTripShort, &tr.Meta, facts)
		}
		_, err = t.openAbout(freight.Ticket{Kind: freight.TicketShort, Trip: tr.ID, Booking: k.ID, Load: k.Load, Short: tr.Short, Gets: tr.Due}, tr.Org)
	}
	return err
}

// stillDue is what the carrier has to get for those who stay: what was agreed for
// them or, where that is more, what they cause without the one who leaves; never more
// than before. On a truck that has set out it is what they pay.
func (t *turn) stillDue(k *freight.Booking, s shares.Split, before, tr *freight.Trip) freight.Fen {
	var agreed, service freight.Fen
	for _, other := range t.riders(tr.ID) {
		if other.ID != k.ID && (other.Final != 0) == (k.Final != 0) {
			agreed += other.Price
			service += freight.Fen(t.served(other))
		}
	}
	switch {
	case len(s.Riders) == 1:
		return 0
	case k.Final != 0:
		return s.Due - k.Share
	}
	costs := t.costsOf(k.Costs)
	cost, _ := costs.Of(tr.Vehicle.Type)
	metres, seconds := tr.Detour()
	if k.Offer == "" { // of a pool: the truck was hired, and costs what it costs
		m, sec := before.Detour()
		return s.Due - min(k.Price, cost.Drive(max(m-metres, 0), max(sec-seconds, 0)+t.served(k)))
	}
	causes := costs.Price(tr.Vehicle.Type, metres, seconds+int64(service), 0) + tr.Rehandled()
	return max(agreed, min(s.Due, causes))
}

// served is how long the truck stands for a booking's load, in seconds.
func (t *turn) served(k *freight.Booking) int64 {
	if l := t.loads.get(k.Load); l != nil {
		return l.Pickup.ServiceS + l.Delivery.ServiceS
	}
	return 0
}

// fee is what the table says for a booking that is released now.
func (t *turn) fee(cause freight.FeeCause, k *freight.Booking) freight.Fen {
	if t.env.Fees == nil {
		return 0
	}
	return t.env.Fees.Of(cause, k.PickupETA-t.now, k.Share)
}

// cancelled settles a booking whose carrier takes the trip back: he owes its shipper
// the fee of the table, but for a trip that was left short.
func (t *turn) cancelled(k *freight.Booking, tr *freight.Trip) {
	tr.Due -= k.Share
	if tr.Short > 0 {
		return
	}
	if k.Fee = t.fee(freight.FeeCancelled, k); k.Fee > 0 {
		k.FeeBy = k.Org
	}
}

// settle makes the shares of a trip final.
func (t *turn) settle(tr *freight.Trip) bool {
	done := false
	for _, old := range t.riders(tr.ID) {
		if old.Final != 0 {
			continue
		}
		k := *old
		t.touch(&k.Meta)
		k.Final = t.now
		t.saveBooking(&k)
		t.tellFinal(&k, t.loads.get(k.Load))
		done = true
	}
	return done
}

// tellFinal tells both sides that a share moves no more.
func (t *turn) tellFinal(k *freight.Booking, l *freight.Load) {
	t.tell(k.Shipper, freight.EventBookingFinal, &k.Meta, shipperFacts(k, l))
	t.tell(k.Org, freight.EventBookingFinal, &k.Meta, bookingFacts(k, l))
}
