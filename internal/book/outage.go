package book

import (
	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// mostBack is the most time that a clock gets back.
const mostBack = freight.Day

// resume gives clocks back what an outage took from them. What people said
// about the road, when a truck leaves and when goods can be had, stays.
func (t *turn) resume(act freight.Resume) (freight.Result, error) {
	if act.Since >= t.now {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "since", act.Since.String())
	}
	for _, id := range all(&t.loads) {
		if l := t.loads.get(id); l != nil && l.State == freight.LoadPosted && l.Answer == 0 {
			t.putOffAnswer(l, min(t.back(act.Since, l.AnswerBy), l.Ends()))
		}
	}
	t.putOffTurned(act.Since)
	t.putOffWords(act.Since)
	for _, id := range t.trips.all() {
		if tr := t.trips.get(id); tr != nil && tr.Taking() {
			t.putOffLease(tr, min(t.back(act.Since, tr.Lease), tr.Ends()))
		}
	}
	for _, id := range all(&t.offers) {
		if o := t.offers.get(id); o != nil && o.Open() {
			t.putOffExpiry(o, min(t.back(act.Since, o.Expires), t.mostOf(o)))
		}
	}
	for _, id := range all(&t.bookings) {
		if k := t.bookings.get(id); k != nil && k.State == freight.BookingHeld {
			t.putOffHold(k, min(t.back(act.Since, k.Until), freight.HoldUntil(t.now, k.PickupETA)))
		}
	}
	for _, id := range all(&t.pools) {
		if p := t.pools.get(id); p != nil && p.Live() {
			t.putOffPool(p, min(t.back(act.Since, p.Deadline), t.env.Tender(p.Departs)))
		}
	}
	for _, id := range all(&t.tickets) {
		if tk := t.tickets.get(id); tk != nil && tk.Live() && tk.Late == 0 {
			t.putOffTicket(tk, t.back(act.Since, tk.Due))
		}
	}
	return freight.Result{}, nil
}

// back is when a clock runs out after an outage that lasted until now: what had
// run out meanwhile, or would soon, has as much time left as it had before, but
// no more than the outage took.
func (t *turn) back(since, clock freight.Instant) freight.Instant {
	left := clock - since
	if left < 0 {
		return clock // it had run out before
	}
	return max(clock, t.now+min(left, t.now-since, mostBack))
}

func (t *turn) putOffAnswer(old *freight.Load, by freight.Instant) {
	if by <= old.AnswerBy {
		return
	}
	l := *old
	t.touch(&l.Meta)
	l.AnswerBy = by
	t.saveLoad(&l)
	t.tell(l.Org, freight.EventLoadExtended, &l.Meta, loadFacts(&l))
}

// putOffTurned gives the exchange the time back in which it looks for others.
func (t *turn) putOffTurned(since freight.Instant) {
	for _, id := range all(&t.loads) {
		old := t.loads.get(id)
		if old == nil || old.State != freight.LoadPosted || old.Turned == 0 {
			continue
		}
		if turned := t.back(since, old.Turned+desk.Silence) - desk.Silence; turned > old.Turned {
			l := *old
			t.touch(&l.Meta)
			l.Turned = turned
			t.saveLoad(&l)
		}
	}
}

func (t *turn) putOffLease(old *freight.Trip, until freight.Instant) {
	if until <= old.Lease {
		return
	}
	tr := *old
	t.touch(&tr.Meta)
	tr.Lease = until
	t.saveTrip(&tr)
	facts := tripFacts(&tr)
	facts.Expires = until
	t.tell(tr.Org, freight.EventTripExtended, &tr.Meta, facts)
}

// putOffExpiry changes no terms, so the version that an accept names stays good.
func (t *turn) putOffExpiry(old *freight.Offer, until freight.Instant) {
	if until <= old.Expires {
		return
	}
	o := *old
	o.Changed, o.Expires = t.now, until
	if o.Latest != 0 {
		o.Latest = max(o.Latest, until)
	}
	t.saveOffer(&o)
	t.tell(o.Org, freight.EventOfferExtended, &o.Meta, offerFacts(&o, t.loads.get(o.Load)))
}

// all lists the ids on a shelf and those below it, in order, also of what is gone.
func all[V any](s *shelf[V]) []freight.ID {
	set := map[freight.ID]struct{}{}
	for at := s; at != nil; at = at.below {
		for id := range at.own {
			set[id] = struct{}{}
		}
	}
	return sortedIDs(set)
}
