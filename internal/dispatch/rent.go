package dispatch

import (
	"pinhuo/freight"
	"pinhuo/matcher"
)

// mostWeighed bounds the sets of a truck that a load is weighed against: those worth
// most at the last prices.
const mostWeighed = 8

// room is what a load takes from the other loads that the truck could carry, in fen: by
// how much the best set that still goes with it, at the prices of the last round, is
// worth less than the best of all. 0 where the truck has changed since. A nil r knows
// no rents.
func (r *rents) room(now freight.Instant, fit *matcher.Fit, o *outline, pair *matcher.Judged) int64 {
	trip := pair.Trip
	if r == nil || r.trips[trip.ID] == nil {
		return 0
	}
	m := r.trips[trip.ID]
	if m.outline != o || trip.Fixed(now) != m.fixed {
		return 0
	}
	most, left := int64(0), int64(0) // of any set, and of one beside the load
	for _, c := range m.columns[:min(len(m.columns), mostWeighed)] {
		worth, has := r.worth(&c, pair.Load)
		most = max(most, worth)
		if worth <= left {
			continue
		}
		if has {
			left = worth
			continue
		}
		probe := *trip
		probe.Plan = c.ride.Plan
		if v := fit.Weigh(&probe, pair.Load); v.OK {
			left = max(left, worth-max(0, pair.Verdict.Value-v.Value))
		}
	}
	return most - left
}

// worth is what a set is worth beyond the prices of its loads but the given one, and
// whether it has that one.
func (r *rents) worth(c *remembered, but *freight.Load) (worth int64, has bool) {
	worth = c.value
	for _, l := range c.loads {
		if l.ID == but.ID {
			has = true
			continue
		}
		worth -= r.prices[l.ID]
	}
	return worth, has
}

// load is what a place for the load is worth to the trucks that compete for it.
func (r *rents) load(l *freight.Load) int64 {
	if r == nil {
		return 0
	}
	return r.prices[l.ID]
}
