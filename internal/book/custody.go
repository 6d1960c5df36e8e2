package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// Custody is told by people: room is kept until somebody says that the goods have left the
// truck, whatever its plan says, and a trip ends when nothing is aboard.

// goodsEvents names what both sides are told of each event of custody.
var goodsEvents = map[freight.BookingEvent]freight.EventType{
	freight.BookingArrive: freight.EventBookingArrived, freight.BookingLoadUp: freight.EventBookingAboard,
	freight.BookingHandOver: freight.EventBookingHandedOver, freight.BookingRefuse: freight.EventBookingRefused, freight.BookingReturn: freight.EventBookingReturned,
	freight.BookingCancel: freight.EventBookingReleased, freight.BookingNoShow: freight.EventBookingReleased,
}

// goods returns a booking of which the asker is a side, and which side.
func (t *turn) goods(id freight.ID) (*freight.Booking, freight.Side, error) {
	k := cmp.Or(t.bookings.get(id), t.past.get(id))
	switch {
	case k != nil && k.Org == t.cmd.Org:
		return k, freight.SideCarrier, nil
	case k != nil && k.Shipper == t.cmd.Org:
		return k, freight.SideShipper, nil
	}
	return nil, "", freight.Missing("booking", id)
}

// moveGoods is what a side tells of the goods of a booking. What was told before is
// answered once more: two phones tell of one hand-over.
func (t *turn) moveGoods(act freight.MoveGoods) (freight.Result, error) {
	old, side, err := t.goods(act.Booking)
	if err != nil {
		return freight.Result{}, err
	}
	what, known := goodsEvents[act.Event]
	if !known {
		return freight.Result{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "event", Value: freight.Shorten(string(act.Event))}
	}
	if side == freight.SideShipper && act.Event != freight.BookingHandOver && act.Event != freight.BookingReturn {
		return freight.Result{}, &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Field: "event", Value: string(act.Event)}
	}
	if told(old, act.Event) {
		return freight.Result{Booking: old}, nil
	}
	if err := sameVersion(act.Version, old.Version); err != nil {
		return freight.Result{}, err
	}
	k, err := old.Stepped(t.now, freight.Step{Event: act.Event, At: act.At, By: side, Pieces: act.Pieces, Text: act.Text})
	if err != nil {
		return freight.Result{}, err
	}
	if what == freight.EventBookingReleased {
		return t.notFetched(old, &k)
	}
	t.touch(&k.Meta)
	if err := t.carried(&k, what); err != nil {
		return freight.Result{}, err
	}
	return freight.Result{Booking: t.proveLate(&k)}, nil
}

// told tells whether the last that was told of a booking's state is the event.
func told(k *freight.Booking, event freight.BookingEvent) bool {
	switch event {
	case freight.BookingLoadUp:
		return k.State == freight.BookingAboard
	case freight.BookingHandOver:
		return k.State == freight.BookingHandedOver || k.State == freight.BookingProven
	case freight.BookingReturn:
		return k.State == freight.BookingReturned
	case freight.BookingRefuse, freight.BookingCancel, freight.BookingNoShow:
		n := len(k.Custody.Steps)
		return n > 0 && k.Custody.Steps[n-1].Event == event
	}
	return false
}

// carried saves a booking whose goods somebody told of and tells both sides; where the
// truck has them no more its room is free, and an overdue trip may be over.
func (t *turn) carried(k *freight.Booking, what freight.EventType) error {
	risk := t.weigh(k)
	t.saveBooking(k)
	l := t.loads.get(k.Load)
	t.tellBoth(k, l, what)
	if risk != "" {
		if err := t.tellRisk(k, risk); err != nil {
			return err
		}
	}
	if k.Live() {
		if what == freight.EventBookingRefused {
			_, err := t.openCustody(k, freight.CauseAtDock)
			return err
		}
		return nil
	}
	event, outcome := freight.LoadFail, freight.OutcomeFailed
	if k.State == freight.BookingHandedOver {
		t.count(k.Org, freight.Tally{Owed: 1, Kept: 1})
		t.count(k.Shipper, freight.Tally{Owed: 1, Kept: 1})
		event, outcome = freight.LoadDeliver, freight.OutcomeDelivered
	}
	if err := t.arrived(l, event, outcome); err != nil {
		return err
	}
	if err := t.closeCustody(k); err != nil {
		return err
	}
	return t.unload(k)
}

// arrived closes a load whose goods have left their truck; it keeps the booking that
// carried them.
func (t *turn) arrived(old *freight.Load, event freight.LoadEvent, outcome freight.Outcome) error {
	l := *old
	state, err := freight.NextLoad(l.State, event)
	if err != nil {
		return err
	}
	t.touch(&l.Meta)
	l.State, l.Outcome = state, outcome
	t.saveLoad(&l)
	return nil
}

// unload notes in the plan of a truck that goods have left it. Room that was kept beyond
// the plan is free from then on, and a trip that only waited for that is over.
func (t *turn) unload(k *freight.Booking) error {
	old := t.trips.get(k.Trip)
	next := *old
	next.Plan = slices.Clone(old.Plan)
	for i := range next.Plan {
		if c := &next.Plan[i]; c.Kind == freight.CallDelivery && c.Load == k.Load {
			c.Done = true
		}
	}
	t.touch(&next.Meta)
	t.saveTrip(&next)
	if next.Taking() && old.Behind(t.now) && !next.Behind(t.now) {
		t.need(Need{Kind: NeedLoads, ID: next.ID})
	}
	if stuck(&next) && len(t.riders(next.ID)) == 0 {
		_, err := t.moveTrip(&next, freight.TripComplete, freight.EventTripCompleted)
		return err
	}
	return nil
}

// ridersByID lists the riders of a trip by their ids, in which they are told.
func (t *turn) ridersByID(trip freight.ID) []*freight.Booking {
	booked := t.riders(trip)
	slices.SortFunc(booked, func(a, b *freight.Booking) int { return cmp.Compare(a.ID, b.ID) })
	return booked
}

// endTrip ends a trip whose plan is done. One that is not known to be empty is overdue:
// its sides are told, and the desk is called when they stay silent.
func (t *turn) endTrip(old *freight.Trip) error {
	t.endOffersOn(old.ID, freight.ReasonLease)
	if err := t.endHolds(old.ID); err != nil {
		return err
	}
	old = t.trips.get(old.ID)
	t.settle(old)
	booked := t.ridersByID(old.ID)
	if len(booked) == 0 {
		_, err := t.moveTrip(old, freight.TripComplete, freight.EventTripCompleted)
		return err
	}
	if _, err := t.moveTrip(old, freight.TripOverrun, freight.EventTripOverdue); err != nil {
		return err
	}
	for _, k := range booked {
		t.tellBoth(t.bookings.get(k.ID), t.loads.get(k.Load), freight.EventBookingOverdue)
	}
	return nil
}

// callFor gives the desk's officers what is on a trip and has no end: a ticket for each
// booking that has none. It tells whether there was any to open.
func (t *turn) callFor(tr *freight.Trip, cause freight.TicketCause) (bool, error) {
	opened := false
	for _, k := range t.ridersByID(tr.ID) {
		one, err := t.openCustody(k, cause)
		if err != nil {
			return false, err
		}
		opened = opened || one
	}
	return opened, nil
}

// openCustody gives a booking's goods their person, unless they have one. Where the desk
// has no officers nobody can be named.
func (t *turn) openCustody(old *freight.Booking, cause freight.TicketCause) (bool, error) {
	if tk := t.tickets.get(old.Custody.Ticket); tk != nil && tk.Live() || t.Roster().Default() == nil {
		return false, nil
	}
	tk := freight.Ticket{Meta: t.meta(freight.PrefixTicket, old.Shipper), Kind: freight.TicketCustody, Cause: cause, Load: old.Load,
		Booking: old.ID, Other: old.Org, Class: freight.ClassUrgent}
	opened, err := t.step(tk, desk.Act{Event: freight.TicketAsk, Side: desk.SideExchange})
	if err != nil {
		return false, err
	}
	k := *old
	t.touch(&k.Meta)
	k.Custody.Ticket = opened.ID
	t.saveBooking(&k)
	return true, nil
}

// closeCustody lets the ticket of goods that have left the truck be done, for their shipper
// to confirm.
func (t *turn) closeCustody(k *freight.Booking) error {
	return t.settleTicket(k.Custody.Ticket)
}
