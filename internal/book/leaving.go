package book

import (
	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// expiry returns when an offer runs out that is made now and reaches its operator.
func (t *turn) expiry(trip *freight.Trip, v *matcher.Verdict) freight.Instant {
	return min(t.env.Expiry(t.now, v.Terms.Departure), t.leaving(trip, v))
}

// leaving returns when the clock of any offer ends: when the truck sets out, by its plan,
// on the drive that the load would bend. From then on it turns aside for nobody and a yes
// would be refused, and the sooner that is known the more trucks are left to ask.
func (t *turn) leaving(trip *freight.Trip, v *matcher.Verdict) freight.Instant {
	at := setsOut(trip.Plan, v.Plan[:v.Terms.PickupAt])
	if t.fit.Turns(trip) || at <= t.now { // it turns, or stands and waits for work
		return outreach.Never
	}
	return at
}

// leavingOf returns when the clock of an open offer ends in any case: what cannot be accepted
// any more has no more time than it has.
func (t *turn) leavingOf(o *freight.Offer) freight.Instant {
	trip, l := t.trips.get(o.Trip), t.loads.get(o.Load)
	if trip == nil || l == nil {
		return o.Expires
	}
	v := t.stands(o, trip, l)
	if !v.OK {
		return o.Expires
	}
	if o.Sole {
		return min(t.leaving(trip, &v), outreach.SoleEnd(l))
	}
	return t.leaving(trip, &v)
}

// setsOut returns when a truck leaves the last call of its plan that is among those
// before a pickup, 0 where no other comes after it. The calls may hold those of loads
// that the truck has not been promised yet.
func setsOut(plan, before []freight.Call) freight.Instant {
	passed := 0
	for i := range before {
		if passed < len(plan) && sameCall(&plan[passed], &before[i]) {
			passed++
		}
	}
	if passed == 0 || passed == len(plan) {
		return 0
	}
	return plan[passed-1].Leave
}

// sameCall tells whether two calls of plans of one trip are for the same thing.
func sameCall(a, b *freight.Call) bool {
	return a.Kind == b.Kind && a.Own == b.Own && a.Load == b.Load
}
