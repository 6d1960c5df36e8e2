package book

import "pinhuo/freight"

// A trip that has set out may be told to be late. What lies ahead of it is then forecast,
// anew whenever its plan changes; the plan and what was promised by it stay. While it is
// late it takes nothing new: its plan is not what its truck will do.

// delayTrip is what the carrier of a trip tells of how late it is.
func (t *turn) delayTrip(act freight.DelayTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, 0)
	if err != nil {
		return freight.Result{}, err
	}
	road, err := old.Delayed(t.now, act)
	if road == nil {
		return freight.Result{Trip: old}, err
	}
	next := *old
	t.touch(&next.Meta)
	next.Road = road
	t.saveTrip(&next)
	facts := tripFacts(&next)
	facts.LateS = road.LateS
	t.tell(next.Org, freight.EventTripDelayed, &next.Meta, facts)
	for _, k := range t.ridersByID(next.ID) {
		t.tellExpected(k, &next)
	}
	if err := t.weighRiders(next.ID); err != nil {
		return freight.Result{}, err
	}
	switch {
	case next.Late():
		t.endOffersOn(next.ID, freight.ReasonLease)
	case next.Taking():
		t.need(Need{Kind: NeedLoads, ID: next.ID})
	}
	return freight.Result{Trip: t.trips.get(next.ID)}, nil
}

// tellExpected tells the firm of a rider when its calls are expected by now.
func (t *turn) tellExpected(k *freight.Booking, tr *freight.Trip) {
	facts := shipperFacts(k, t.loads.get(k.Load))
	facts.PickupETA, facts.DropETA = tr.Expected(k.Load)
	if facts.DropETA == 0 {
		return
	}
	facts.LateS = tr.Road.LateS
	t.tell(k.Shipper, freight.EventBookingDelayed, &k.Meta, facts)
}

// foresee keeps what is forecast of a trip in step with its plan.
func (t *turn) foresee(tr *freight.Trip) {
	if tr.Road == nil {
		return
	}
	if !tr.SetOut(t.now) {
		tr.Road = nil
		return
	}
	road := *tr.Road
	road.From = tr.Onward(road.At, road.LateS)
	road.Ahead = t.fit.Ahead(tr, road.From, road.LateS)
	tr.Road = &road
}
