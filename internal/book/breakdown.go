package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// breakTrip takes a truck that broke down out of the market in one turn: what is not aboard
// is posted anew, first in line and without a fee; what is aboard, or by the plan may be, stays where
// it is with somebody who answers for it, and keeps its room until it has left the truck.
func (t *turn) breakTrip(act freight.BreakTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, 0)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State == freight.TripStopped {
		return freight.Result{Trip: old}, nil // told by two phones
	}
	if err := sameVersion(act.Version, old.Version); err != nil {
		return freight.Result{}, err
	}
	step := freight.Step{Event: freight.BookingStrand, At: act.At, By: freight.SideCarrier, Point: act.Point, Text: act.Text}
	if err := old.MayBreak(t.now, &step); err != nil {
		return freight.Result{}, err
	}
	t.endOffersOn(old.ID, freight.ReasonBrokenDown)
	if err := t.cancelNext(old); err != nil {
		return freight.Result{}, err
	}
	t.untie(old)
	bare := *t.trips.get(old.ID)
	if _, err := t.moveTrip(&bare, freight.TripBreak, freight.EventTripStopped); err != nil {
		return freight.Result{}, err
	}
	if err := t.strandAll(old.ID, step); err != nil {
		return freight.Result{}, err
	}
	if len(t.riders(old.ID)) == 0 {
		next, err := t.moveTrip(t.trips.get(old.ID), freight.TripComplete, freight.EventTripCompleted)
		return freight.Result{Trip: next}, err
	}
	return freight.Result{Trip: t.trips.get(old.ID)}, nil
}

// strandAll lets go of what is not aboard a truck that broke down, and finds what is its person.
func (t *turn) strandAll(trip freight.ID, step freight.Step) error {
	booked := t.liveBookings(trip)
	slices.SortFunc(booked, func(a, b *freight.Booking) int { return cmp.Compare(a.ID, b.ID) })
	for _, k := range booked {
		tr := t.trips.get(trip)
		k = t.bookings.get(k.ID) // its share may have moved
		if !t.mayCarry(tr, k) {
			gone := *k
			if err := t.vacate(&gone, tr, freight.ReasonBrokenDown, freight.SideCarrier); err != nil {
				return err
			}
			if err := t.repost(k.Load, true); err != nil {
				return err
			}
			continue
		}
		if err := t.strand(k, step); err != nil {
			return err
		}
	}
	return nil
}

// mayCarry tells whether the goods of a booking are on its truck, or may be: by the plan they
// went in, and nobody said that they did not.
func (t *turn) mayCarry(tr *freight.Trip, k *freight.Booking) bool {
	if k.State != freight.BookingFirm {
		return k.State == freight.BookingAboard
	}
	return k.Custody.Last(freight.BookingArrive) != nil || slices.ContainsFunc(tr.Plan, func(c freight.Call) bool {
		return c.Kind == freight.CallPickup && c.Load == k.Load && c.Start <= t.now
	})
}

// strand notes with a booking that its truck broke down, and opens its ticket.
func (t *turn) strand(old *freight.Booking, step freight.Step) error {
	step.At = max(step.At, old.Made) // it may have happened before this one was promised
	if up := old.Custody.Last(freight.BookingLoadUp); up != nil {
		step.At = max(step.At, up.At)
	}
	k, err := old.Stepped(t.now, step)
	if err != nil {
		return err
	}
	t.touch(&k.Meta)
	t.saveBooking(&k)
	t.tellBoth(&k, t.loads.get(k.Load), freight.EventBookingStranded)
	_, err = t.openCustody(&k, freight.CauseBrokenDown)
	return err
}
