package book

import "pinhuo/freight"

func (t *turn) announceTrip(act freight.AnnounceTrip) (freight.Result, error) {
	tr, err := t.newTrip()
	if err != nil {
		return freight.Result{}, err
	}
	return t.stateTrip(tr, act.Terms, act.Legs, freight.EventTripAnnounced)
}

// newTrip begins a trip of the asker's that is open for matching.
func (t *turn) newTrip() (*freight.Trip, error) {
	tr := &freight.Trip{Meta: t.meta(freight.PrefixTrip, t.cmd.Org), State: freight.TripAnnounced}
	state, err := freight.NextTrip(tr.State, freight.TripOpenUp)
	tr.State = state
	return tr, err
}

// stateTrip judges the terms and opens the trip with them.
func (t *turn) stateTrip(tr *freight.Trip, terms freight.TripTerms, legs []freight.Leg, what freight.EventType) (freight.Result, error) {
	if err := t.judgeTrip(tr, terms, legs); err != nil {
		return freight.Result{}, err
	}
	t.openTrip(tr, what)
	return freight.Result{Trip: tr}, nil
}

// openTrip saves a trip that has been judged and looks for loads.
func (t *turn) openTrip(tr *freight.Trip, what freight.EventType) {
	t.saveTrip(tr)
	t.tell(tr.Org, what, &tr.Meta, tripFacts(tr))
	t.need(Need{Kind: NeedLoads, ID: tr.ID})
}

// judgeTrip puts the terms on the trip with the plan of its own stops, and makes its
// vehicle known.
func (t *turn) judgeTrip(tr *freight.Trip, terms freight.TripTerms, legs []freight.Leg) error {
	admission := freight.Admission{Market: t.env.Market, Now: t.now, Bans: t.env.Bans}
	terms, err := admission.Trip(terms)
	if err != nil {
		return err
	}
	if len(legs) != len(terms.Stops)-1 {
		return unmeasured()
	}
	if !terms.Duty.Said() {
		terms.Duty = t.env.Duty
	}
	if err := t.freeRef(freight.KindTrip, terms.Ref, tr.ID); err != nil {
		return err
	}
	plan, directM, directS, err := t.fit.Base(terms, legs)
	if err != nil {
		return err
	}
	vehicle, err := t.vehicle(terms.Vehicle)
	if err != nil {
		return err
	}
	t.untie(tr)
	tr.TripTerms, tr.VehicleID, tr.Plan, tr.DirectM, tr.DirectS, tr.Stated = terms, vehicle, plan, directM, directS, tr.Version
	tr.Opened, tr.Answer, tr.Word, tr.Again = t.now, 0, t.wordOfTrip(&terms), t.againOf(&terms)
	tr.Router = t.router(terms, legs)
	if err := t.tie(tr); err != nil {
		return err
	}
	return t.freeVehicle(tr)
}

// router names the router of the trip, which its own drives were measured by; one
// without any is asked of its only stop.
func (t *turn) router(terms freight.TripTerms, legs []freight.Leg) freight.Router {
	first := terms.Stops[0].Place.Point
	leg := t.env.Measure(first, first)
	if len(legs) > 0 {
		leg = legs[0]
	}
	return freight.Router{Method: leg.Method, Version: leg.Version}
}

// vehicle finds or registers the vehicle of a plate; a plate has one active owner.
func (t *turn) vehicle(terms freight.VehicleTerms) (freight.ID, error) {
	id := t.plates.get(plateKey(terms.Plate))
	if id == nil {
		v := &freight.Vehicle{Meta: t.meta(freight.PrefixVehicle, t.cmd.Org), VehicleTerms: terms}
		t.saveVehicle(v)
		return v.ID, nil
	}
	old := t.vehicles.get(*id)
	if old.Org != t.cmd.Org {
		return "", freight.Refuse(freight.ProblemPlate, "vehicle.plate", terms.Plate.Number)
	}
	if old.VehicleTerms != terms {
		v := *old
		t.touch(&v.Meta)
		v.VehicleTerms = terms
		t.saveVehicle(&v)
	}
	return old.ID, nil
}

// freeVehicle refuses a trip that overlaps another live trip of its vehicle.
func (t *turn) freeVehicle(tr *freight.Trip) error {
	for _, id := range t.tripsOf.get(tr.VehicleID).list() {
		other := t.trips.get(id)
		if other == nil || other.ID == tr.ID || !other.Live() {
			continue
		}
		if tr.Starts() < other.Ends() && other.Starts() < tr.Ends() {
			return freight.Refuse(freight.ProblemOverlap, "vehicle", string(other.ID))
		}
	}
	return nil
}

func (t *turn) editTrip(act freight.EditTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State != freight.TripOpen || len(t.liveBookings(old.ID)) > 0 {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	t.endOffersOn(old.ID, freight.ReasonEdited)
	next := *old
	t.touch(&next.Meta)
	return t.stateTrip(&next, act.Terms, act.Legs, freight.EventTripEdited)
}

func (t *turn) renewTrip(act freight.RenewTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if len(t.liveBookings(old.ID)) > 0 {
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	next := *old
	if next.State, err = freight.NextTrip(old.State, freight.TripRenew); err != nil {
		return freight.Result{}, err
	}
	t.touch(&next.Meta)
	return t.stateTrip(&next, act.Terms, act.Legs, freight.EventTripAnnounced)
}

// cancelTrip takes a trip back and posts the loads it carried anew, first in
// line, in the same turn.
func (t *turn) cancelTrip(act freight.CancelTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	next, err := t.cancel(old)
	return freight.Result{Trip: next}, err
}

func (t *turn) cancel(old *freight.Trip) (*freight.Trip, error) {
	booked := t.liveBookings(old.ID)
	for _, k := range booked {
		if k.State != freight.BookingHeld && t.onTheWay(old, k.Load) {
			return nil, freight.Refuse(freight.ProblemState, "booking", string(k.ID))
		}
	}
	t.endOffersOn(old.ID, freight.ReasonWithdrawn)
	if err := t.cancelNext(old); err != nil {
		return nil, err
	}
	t.untie(old)
	bare := *t.trips.get(old.ID)
	for _, k := range booked {
		gone := *k
		if k.State != freight.BookingHeld {
			t.cancelled(&gone, &bare)
		}
		if err := t.repostAfterCancel(&gone); err != nil {
			return nil, err
		}
		bare.Plan = t.fit.Without(&bare, k.Load)
	}
	bare.Cover, bare.Short = 0, 0
	t.count(bare.Org, freight.Tally{Cancelled: 1})
	return t.moveTrip(&bare, freight.TripCancel, freight.EventTripCancelled)
}

func (t *turn) repostAfterCancel(k *freight.Booking) error {
	if err := t.release(k, freight.ReasonWithdrawn, freight.SideCarrier); err != nil {
		return err
	}
	return t.repost(k.Load, true)
}

// repost puts a load whose booking was released on the market again.
func (t *turn) repost(load freight.ID, first bool) error {
	l := *t.loads.get(load)
	state, err := freight.NextLoad(l.State, freight.LoadRelease)
	if err != nil {
		return err
	}
	t.touch(&l.Meta)
	l.State, l.Booking, l.Posted, l.First, l.Answer = state, "", t.now, first, 0
	l.AnswerBy, l.Word = freight.AnswerBy(l.Pickup.Window.Close, t.now), t.wordOf(&l)
	t.saveLoad(&l)
	t.tell(l.Org, freight.EventLoadPosted, &l.Meta, loadFacts(&l))
	t.need(Need{Kind: NeedTrips, ID: l.ID})
	return t.mindLost(&l)
}

// moveTrip saves the trip in its next state.
func (t *turn) moveTrip(old *freight.Trip, event freight.TripEvent, what freight.EventType) (*freight.Trip, error) {
	next := *old
	state, err := freight.NextTrip(old.State, event)
	if err != nil {
		return nil, err
	}
	t.touch(&next.Meta)
	next.State = state
	t.saveTrip(&next)
	facts := tripFacts(&next)
	if event == freight.TripLapse && old.Word.Over(t.now) {
		facts.Reason = freight.ReasonUnrenewed
	}
	t.tell(next.Org, what, &next.Meta, facts)
	t.weighNext(&next)
	if !next.Live() {
		err = t.settleTrip(next.ID)
	}
	return &next, err
}
