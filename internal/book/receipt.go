package book

import "pinhuo/freight"

// startClock lets the clock of a new offer wait for its receipt: until it has reached
// the operator it runs to the latest instant that the market allows, before one at which
// it ends in any case.
func (t *turn) startClock(o *freight.Offer, ends freight.Instant) {
	if t.env.Latest == nil {
		return
	}
	o.Latest = min(t.env.Latest(t.now, o.Expires), ends)
	o.Expires = o.Latest
}

// receiveOffer notes that an offer has reached its operator: from now on its clock
// runs. That changes no terms, so the version that an accept names stays good.
func (t *turn) receiveOffer(act freight.ReceiveOffer) (freight.Result, error) {
	old, err := t.openOffer(act.Offer, 0)
	if err != nil {
		return freight.Result{}, err
	}
	if old.Received != 0 {
		return freight.Result{Offer: old}, nil
	}
	o := *old
	o.Changed, o.Actor = t.now, t.cmd.Actor
	t.reach(&o)
	t.saveOffer(&o)
	t.tell(o.Org, freight.EventOfferReceived, &o.Meta, offerFacts(&o, t.loads.get(o.Load)))
	t.reachOthers(&o)
	return freight.Result{Offer: &o}, nil
}

// reachOthers lets the clocks of a bundle run with that of the one of its offers that has
// just reached the operator: they came together, and end together.
func (t *turn) reachOthers(first *freight.Offer) {
	for _, old := range t.lines(first.Bundle) {
		if old.ID == first.ID || old.Received != 0 {
			continue
		}
		o := *old
		o.Changed, o.Actor = t.now, t.cmd.Actor
		t.reach(&o)
		o.Expires = min(o.Expires, first.Expires)
		t.saveOffer(&o)
		t.tell(o.Org, freight.EventOfferReceived, &o.Meta, offerFacts(&o, t.loads.get(o.Load)))
	}
}

// reach starts the clock of an offer that has just reached its operator.
func (t *turn) reach(o *freight.Offer) {
	if o.Received != 0 {
		return
	}
	o.Received = t.now
	if o.Latest != 0 {
		o.Expires = min(o.Expires, t.env.Expiry(t.now, o.Departure))
	}
}

// mostOf is to when the clock of an open offer may be put off now.
func (t *turn) mostOf(o *freight.Offer) freight.Instant {
	until, ends := t.env.Expiry(t.now, o.Departure), t.leavingOf(o)
	if o.Latest != 0 && o.Received == 0 {
		until = t.env.Latest(t.now, until)
	}
	return min(until, ends)
}
