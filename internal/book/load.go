package book

import (
	"pinhuo/freight"
	"pinhuo/internal/desk"
)

func (t *turn) postLoad(act freight.PostLoad) (freight.Result, error) {
	l := &freight.Load{Meta: t.meta(freight.PrefixLoad, t.cmd.Org)}
	if err := t.stateLoad(l, act.Terms, act.Direct); err != nil {
		return freight.Result{}, err
	}
	t.saveLoad(l)
	t.tell(l.Org, freight.EventLoadPosted, &l.Meta, loadFacts(l))
	t.startAsking(l)
	return freight.Result{Load: l}, nil
}

// stateLoad judges the terms and puts the load on the market with them.
func (t *turn) stateLoad(l *freight.Load, terms freight.LoadTerms, direct freight.Leg) error {
	admission := freight.Admission{Market: t.env.Market, Now: t.now, Bans: t.env.Bans}
	terms, err := admission.Load(terms)
	if err != nil {
		return err
	}
	if direct.Method == "" {
		return unmeasured()
	}
	if err := t.freeRef(freight.KindLoad, terms.Ref, l.ID); err != nil {
		return err
	}
	l.Applied = l.Named != nil && l.Named.Made(&l.LoadTerms, &terms) || l.Applied && l.Answer == 0
	l.Named, l.Turned = nil, 0
	if l.State != freight.LoadPosted {
		from := l.State
		if from == "" {
			from = freight.LoadDraft
		}
		if l.State, err = freight.NextLoad(from, freight.LoadPost); err != nil {
			return err
		}
		l.Posted = t.now
	}
	l.Outcome, l.Booking, l.Answer, l.Stated = freight.OutcomeNone, "", 0, l.Version
	l.LoadTerms, l.Direct = terms, direct
	l.Alone, _ = t.fit.Costs.Alone(l.Size, direct, l.Pickup.ServiceS+l.Delivery.ServiceS)
	if l.Ceiling == 0 {
		l.Ceiling = t.fit.Costs.Ceiling(l.Alone)
	}
	if l.AnswerBy == 0 {
		l.AnswerBy = freight.AnswerBy(l.Pickup.Window.Close, t.now)
	}
	l.Word = t.wordOf(l)
	return nil
}

// unmeasured refuses a command that was not admitted when its distances were
// due and has become admissible since: sent again, it is measured.
func unmeasured() error {
	return &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemOverload}
}

func (t *turn) editLoad(act freight.EditLoad) (freight.Result, error) {
	old, err := t.ownLoad(act.Load, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State != freight.LoadPosted {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	t.endOffers(t.OpenOffers(old.ID), freight.OfferWithdraw, freight.ReasonEdited)
	return t.restate(old, act.Terms, act.Direct, freight.EventLoadEdited)
}

func (t *turn) repostLoad(act freight.RepostLoad) (freight.Result, error) {
	old, err := t.ownLoad(act.Load, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if !old.MayRepost() {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	return t.restate(old, act.Terms, act.Direct, freight.EventLoadPosted)
}

func (t *turn) restate(old *freight.Load, terms freight.LoadTerms, direct freight.Leg, what freight.EventType) (freight.Result, error) {
	l := *old
	t.touch(&l.Meta)
	if err := t.stateLoad(&l, terms, direct); err != nil {
		return freight.Result{}, err
	}
	l.First = false
	t.saveLoad(&l)
	t.tell(l.Org, what, &l.Meta, loadFacts(&l))
	t.startAsking(&l)
	return freight.Result{Load: &l}, nil
}

func (t *turn) withdrawLoad(act freight.WithdrawLoad) (freight.Result, error) {
	old, err := t.ownLoad(act.Load, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State == freight.LoadCommitted {
		if err := t.unbook(old); err != nil {
			return freight.Result{}, err
		}
		old = t.loads.get(old.ID)
	}
	t.endOffers(t.OpenOffers(old.ID), freight.OfferWithdraw, freight.ReasonWithdrawn)
	l, err := t.closeLoad(old, freight.LoadWithdraw, freight.OutcomeWithdrawn)
	if err != nil {
		return freight.Result{}, err
	}
	t.tell(l.Org, freight.EventLoadWithdrawn, &l.Meta, loadFacts(l))
	return freight.Result{Load: l}, nil
}

// unbook releases the booking of a load that its shipper takes back and gives
// the room to others.
func (t *turn) unbook(l *freight.Load) error {
	k := t.bookings.get(l.Booking)
	if k == nil {
		return freight.Refuse(freight.ProblemState, "state", string(l.State))
	}
	trip := t.trips.get(k.Trip)
	if trip == nil || k.State != freight.BookingHeld && t.onTheWay(trip, l.ID) {
		return freight.Refuse(freight.ProblemState, "booking", string(k.ID))
	}
	gone := *k
	return t.vacate(&gone, trip, freight.ReasonWithdrawn, freight.SideShipper)
}

// vacate releases a booking, takes its load out of the trip's plan and gives the room to
// others. Who ends a firm one settles it; nobody had said yes to a held one.
func (t *turn) vacate(gone *freight.Booking, trip *freight.Trip, why freight.Reason, by freight.Side) error {
	next := *trip
	t.touch(&next.Meta)
	next.Plan = t.fit.Unserved(trip, gone.Load)
	if err := t.part(gone, trip, &next, why, by); err != nil {
		return err
	}
	if err := t.release(gone, why, by); err != nil {
		return err
	}
	t.saveTrip(&next)
	t.tell(next.Org, freight.EventTripReplanned, &next.Meta, tripFacts(&next))
	t.reviewOffersOn(&next)
	t.need(Need{Kind: NeedLoads, ID: next.ID})
	return t.keepNext(&next)
}

// onTheWay tells whether the truck is already driving to the load's pickup or
// beyond: then the goods may be aboard and only the two sides together can undo it.
func (t *turn) onTheWay(trip *freight.Trip, load freight.ID) bool {
	for _, call := range trip.Plan[:trip.Fixed(t.now)] {
		if call.Kind == freight.CallPickup && call.Load == load {
			return true
		}
	}
	return false
}

// release ends a booking before aboard.
func (t *turn) release(old *freight.Booking, cause freight.Reason, by freight.Side) error {
	k := *old
	state, err := freight.NextBooking(k.State, freight.BookingRelease)
	if err != nil {
		return err
	}
	t.touch(&k.Meta)
	k.State, k.Cause, k.By = state, cause, by
	t.saveBooking(&k)
	switch {
	case by == freight.SideCarrier:
		t.count(k.Org, freight.Tally{Owed: 1})
	case by == freight.SideShipper && (cause == freight.ReasonWithdrawn || cause == freight.ReasonNoShow):
		t.count(k.Shipper, freight.Tally{Owed: 1})
	}
	l := t.loads.get(k.Load)
	carrier, shipper := bookingFacts(&k, l), shipperFacts(&k, l)
	carrier.Reason, shipper.Reason = cause, cause
	t.tell(k.Org, freight.EventBookingReleased, &k.Meta, carrier)
	t.tell(k.Shipper, freight.EventBookingReleased, &k.Meta, shipper)
	return nil
}

func (t *turn) closeLoad(old *freight.Load, event freight.LoadEvent, outcome freight.Outcome) (*freight.Load, error) {
	l := *old
	state, err := freight.NextLoad(l.State, event)
	if err != nil {
		return nil, err
	}
	t.touch(&l.Meta)
	l.State, l.Outcome, l.Booking = state, outcome, ""
	t.saveLoad(&l)
	return &l, nil
}

// explainLoad answers a posted load without a deal, once for each statement of
// its terms; the last word closes it.
func (t *turn) explainLoad(act freight.ExplainLoad) (freight.Result, error) {
	why, old := act.Explanation, t.loads.get(act.Load)
	if old == nil || old.State != freight.LoadPosted || old.Stated > act.Version ||
		why.Final && !over(old, t.now) && !old.Word.Over(t.now) || !why.Final && old.Answer != 0 {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "load", string(act.Load))
	}
	why.At, why.Next = t.now, t.nextStep(old)
	t.explained = append(t.explained, why)
	cause := desk.Needs(t.plight(old, why.Answers()))
	l, err := t.answer(old, &why)
	if err != nil {
		return freight.Result{}, err
	}
	facts := loadFacts(l)
	facts.Trips, facts.Counts, facts.Nearest, facts.Parts = why.Trips, why.Counts, why.Nearest, why.Parts
	facts.LateS, facts.Remedy, facts.Vehicle, facts.Officer = why.LateS, why.Remedy, string(why.Next.Vehicle), why.Next.Officer
	t.tell(l.Org, freight.EventLoadExplained, &l.Meta, facts)
	if !why.Final {
		t.tellDesks(freight.EventLoadExplained, l, facts)
	}
	if id := t.minded.get(l.ID); id != nil {
		err = t.explainTicket(t.tickets.get(*id), cause, &why)
	} else if old.Answer == 0 && cause != "" {
		err = t.openUnanswered(l, cause, &why)
	}
	return freight.Result{Load: l}, err
}

// answer notes that the load has been answered and, with the last word, closes it.
func (t *turn) answer(old *freight.Load, why *freight.Explanation) (*freight.Load, error) {
	next := *old
	if next.Answer == 0 {
		next.Answer = t.now
	}
	if why.Remedy.Helps() {
		next.Named = why.Remedy
	}
	if !why.Final {
		t.touch(&next.Meta)
		t.saveLoad(&next)
		return &next, nil
	}
	if !over(old, t.now) {
		return t.lapseLoad(&next)
	}
	t.endOffers(t.OpenOffers(old.ID), freight.OfferWithdraw, freight.ReasonWindowPickup)
	l, err := t.closeLoad(&next, freight.LoadExpire, freight.OutcomeExpired)
	if err != nil {
		return nil, err
	}
	t.tell(l.Org, freight.EventLoadExpired, &l.Meta, loadFacts(l))
	return l, nil
}
