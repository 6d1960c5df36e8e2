package book

import (
	"cmp"

	"pinhuo/freight"
)

// hold makes a new booking wait for its shipper, who looks first. It takes room like any
// other, so only so many of one trip may wait at a time.
func (t *turn) hold(k *freight.Booking) error {
	if t.Held(k.Trip) >= freight.MaxHolds {
		return freight.NoHold(k.Trip)
	}
	k.State, k.Share, k.Until = freight.BookingHeld, k.Price, freight.HoldUntil(t.now, k.PickupETA)
	return nil
}

// heldBooking returns a held booking of the asking shipper's in the version named.
func (t *turn) heldBooking(id freight.ID, version int64) (*freight.Booking, error) {
	k := cmp.Or(t.bookings.get(id), t.past.get(id))
	if k == nil || k.Shipper != t.cmd.Org {
		return nil, freight.Missing("booking", id)
	}
	if k.State == freight.BookingHeld && t.now > k.Until || k.Cause == freight.ReasonUnconfirmed {
		return nil, freight.Refuse(freight.ProblemExpired, "booking", k.Until.String())
	}
	return k, sameVersion(version, k.Version)
}

// confirmBooking makes a held booking firm; one that its shipper has confirmed stays so.
func (t *turn) confirmBooking(act freight.ConfirmBooking) (freight.Result, error) {
	old, err := t.heldBooking(act.Booking, 0)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State == freight.BookingFirm && old.Until != 0 {
		return freight.Result{Booking: old}, nil
	}
	if err := sameVersion(act.Version, old.Version); err != nil {
		return freight.Result{}, err
	}
	k := *old
	if k.State, err = freight.NextBooking(old.State, freight.BookingConfirm); err != nil {
		return freight.Result{}, err
	}
	t.touch(&k.Meta)
	trip := *t.trips.get(k.Trip)
	t.touch(&trip.Meta)
	if err := t.join(&k, &trip); err != nil {
		return freight.Result{}, err
	}
	t.saveBooking(&k)
	t.saveTrip(&trip)
	t.tellBoth(&k, t.loads.get(k.Load), freight.EventBookingFirm)
	return freight.Result{Booking: &k}, nil
}

// refuseBooking releases a held booking at its shipper's word.
func (t *turn) refuseBooking(act freight.RefuseBooking) (freight.Result, error) {
	old, err := t.heldBooking(act.Booking, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State != freight.BookingHeld {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	why := act.Reason
	if why == freight.NoReason {
		why = freight.ReasonDeclined
	}
	if err := t.letGo(old, why, freight.SideShipper); err != nil {
		return freight.Result{}, err
	}
	return freight.Result{Booking: t.bookings.get(old.ID)}, nil
}

// holdOver releases a booking whose shipper looked first and slept.
func (t *turn) holdOver(id freight.ID) (bool, error) {
	k := t.bookings.get(id)
	if k == nil || k.State != freight.BookingHeld || k.Until >= t.now {
		return false, nil
	}
	return true, t.letGo(k, freight.ReasonUnconfirmed, freight.SideExchange)
}

// letGo releases a held booking: its room goes to others, and its load goes on.
func (t *turn) letGo(k *freight.Booking, why freight.Reason, by freight.Side) error {
	gone := *k
	if err := t.vacate(&gone, t.trips.get(k.Trip), why, by); err != nil {
		return err
	}
	return t.repost(k.Load, false)
}

// endHolds releases what a trip that is over holds: an outage put the clocks off until now.
func (t *turn) endHolds(trip freight.ID) error {
	for _, k := range t.liveBookings(trip) {
		if k.State != freight.BookingHeld {
			continue
		}
		if err := t.letGo(k, freight.ReasonUnconfirmed, freight.SideExchange); err != nil {
			return err
		}
	}
	return nil
}

// putOffHold gives a hold back what an outage took.
func (t *turn) putOffHold(old *freight.Booking, until freight.Instant) {
	if until <= old.Until {
		return
	}
	k := *old
	k.Changed, k.Until = t.now, until
	t.saveBooking(&k)
	t.tellBoth(&k, t.loads.get(k.Load), freight.EventBookingExtended)
}
