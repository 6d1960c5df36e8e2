package book

import "pinhuo/freight"

// A carrier may end one booking of a trip while its goods are not aboard: because he does
// not fetch them, which is his to answer for, or because they were not there.

// notFetched ends a booking at its carrier's word: told is the booking with what he told.
func (t *turn) notFetched(old, told *freight.Booking) (freight.Result, error) {
	gone := *old
	gone.Custody = told.Custody
	trip := t.trips.get(old.Trip)
	step := &gone.Custody.Steps[len(gone.Custody.Steps)-1]
	end := t.cancelOne
	if step.Event == freight.BookingNoShow {
		if err := t.waited(&gone, step); err != nil {
			return freight.Result{}, err
		}
		end = t.noShow
	}
	if err := end(&gone, trip); err != nil {
		return freight.Result{}, err
	}
	if trip = t.trips.get(old.Trip); stuck(trip) && len(t.riders(trip.ID)) == 0 {
		if _, err := t.moveTrip(trip, freight.TripComplete, freight.EventTripCompleted); err != nil {
			return freight.Result{}, err
		}
	}
	return freight.Result{Booking: t.bookings.get(old.ID)}, t.settleTicket(gone.Custody.Ticket)
}

// cancelOne lets the load of a booking go on, first in line, on another truck.
func (t *turn) cancelOne(gone *freight.Booking, trip *freight.Trip) error {
	why := freight.ReasonWithdrawn
	if trip.State == freight.TripStopped {
		why = freight.ReasonBrokenDown
	}
	if err := t.vacate(gone, trip, why, freight.SideCarrier); err != nil {
		return err
	}
	return t.repost(gone.Load, true)
}

// noShow ends a load that was not there: its pickup window is over.
func (t *turn) noShow(gone *freight.Booking, trip *freight.Trip) error {
	if err := t.vacate(gone, trip, freight.ReasonNoShow, freight.SideShipper); err != nil {
		return err
	}
	_, err := t.closeLoad(t.loads.get(gone.Load), freight.LoadFail, freight.OutcomeFailed)
	return err
}

// waited wants the truck to have been at the dock before the pickup's window closed, and to
// have waited until then.
func (t *turn) waited(k *freight.Booking, gone *freight.Step) error {
	closes := t.loads.get(k.Load).Pickup.Window.Close
	at := k.Custody.Last(freight.BookingArrive)
	switch {
	case at == nil || at.At > closes:
		return freight.Refuse(freight.ProblemState, "event", string(freight.BookingArrive))
	case gone.At < closes:
		e := freight.Refuse(freight.ProblemState, "at", gone.At.String())
		e.Min = closes.String()
		return e
	}
	return nil
}

// part settles a booking that ends before its goods were aboard: who ends it owes what the
// table says. before is the trip with it, tr without. Nobody had said yes to a held one.
func (t *turn) part(k *freight.Booking, before, tr *freight.Trip, why freight.Reason, by freight.Side) error {
	switch {
	case k.State == freight.BookingHeld:
		return nil
	case by == freight.SideCarrier:
		return t.letDown(k, before, tr, why)
	case why == freight.ReasonNoShow:
		return t.leave(k, before, tr, freight.FeeNoShow)
	}
	return t.leave(k, before, tr, freight.FeeWithdrawn)
}

// letDown settles a booking that its carrier ends by itself: he owes its shipper the fee of the
// table, but for a trip that was left short or broke down, and gets no more from those who stay than they
// pay. What that leaves him short is his own doing.
func (t *turn) letDown(k *freight.Booking, before, tr *freight.Trip, why freight.Reason) error {
	s := t.split(before, k.Final != 0)
	after, _, err := s.Leave(k.ID, t.stillDue(k, s, before, tr), 0)
	if err != nil {
		return err
	}
	t.reprice(after)
	tr.Due, tr.Cover = tr.Due+after.Due-s.Due, after.Fees
	if before.Short == 0 && why != freight.ReasonBrokenDown {
		if k.Fee = t.fee(freight.FeeCancelled, k); k.Fee > 0 {
			k.FeeBy = k.Org
		}
	}
	if len(after.Riders) == 0 {
		tr.Cover, tr.Short = 0, 0
	}
	return nil
}
