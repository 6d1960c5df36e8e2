package matcher

import (
	"slices"

	"pinhuo/freight"
)

// never is later than any instant, with room left to reckon with.
const never = freight.Instant(1) << 61

// search finds the cheapest feasible insertion in O(n²): a pair (i, j) costs a
// few additions, because the drive to call j is carried along and whatever
// follows it is summed up in one latest start.
func (s *survey) search() (insertion, bool) {
	s.found, s.tiring = false, s.tiring[:0]
	if s.riders+2 > s.trip.Limits.ExtraStops {
		return insertion{}, false
	}
	s.slack()
	p := &s.load.Pickup
	opens := p.Openings(&s.trip.Vehicle)
	for i := s.first; i <= s.lastUp; i++ {
		leave := s.early[i-1]
		if leave > p.Window.Close {
			break // no later call is left earlier
		}
		start := opens.Next(max(leave.After(s.legs[i-1].toPickup.s), p.Window.Open))
		done := start.After(p.ServiceS)
		if start <= p.Window.Close && done <= s.horizon && s.takes(i-1) {
			s.deliver(i, done)
		}
	}
	s.settle()
	return s.best, s.found
}

// settle goes through the insertions that still have to leave drivers their rests, the
// cheapest first, and stops at the first that does: what that asks is dear to find.
func (s *survey) settle() {
	for len(s.tiring) > 0 && !s.found {
		best := 0
		for k := 1; k < len(s.tiring); k++ {
			if s.cheaper(s.tiring[k], s.tiring[best]) {
				best = k
			}
		}
		in := s.tiring[best]
		if s.price(in) <= s.load.Ceiling && s.legal(in.i, in.j, 0) {
			s.best, s.found = in, true
		}
		s.tiring = slices.Delete(s.tiring, best, best+1)
	}
}

// slack fills latest: the latest beginning of service at each call that lets
// it and every later call of the present plan be in time.
func (s *survey) slack() {
	plan := s.trip.Plan
	s.latest = grown(s.latest, len(plan))
	for k := len(plan) - 1; k >= s.first; k-- {
		late := deadline(&s.trip.TripTerms, &plan[k])
		if k < len(plan)-1 {
			late = plan[k].Openings(&s.trip.Vehicle).Last(min(late, s.latest[k+1].After(-plan[k+1].LegS-plan[k].ServiceS)))
		}
		if late < plan[k].Window.Open {
			late = -never
		}
		s.latest[k] = late
	}
}

// takes tells whether the leg leaving call k has room for the load, and nobody
// aboard who may not ride with it.
func (s *survey) takes(k int) bool {
	free, take := &s.free[k], &s.take
	return s.mix[k] == mixing{} && take.Grams <= free.Grams && take.Millilitres <= free.Millilitres && take.FloorMM <= free.FloorMM
}

// deliver tries every place of the delivery for a pickup before call i that is
// done at leave. It carries the load past one call after the other and stops
// where room or a window ends, or where every delivery would be late.
func (s *survey) deliver(i int, leave freight.Instant) {
	plan, d := s.trip.Plan, &s.load.Delivery
	opens := d.Openings(&s.trip.Vehicle)
	reach, next := s.haul.s, int64(0)
	var way blocking
	if i < len(plan) {
		next = s.legs[i].fromPickup.s
	}
	for j := i; ; j++ {
		opens.ServiceS = d.ServiceS + way.own
		start := opens.Next(max(leave.After(reach), d.Window.Open))
		if way.stuck == 0 && start <= d.Window.Close && s.rest(j, start.After(opens.ServiceS)) {
			s.consider(i, j, way.all+way.own)
		}
		if j == s.last || leave > d.Window.Close || !s.takes(j) {
			return
		}
		call := s.passed(j, i)
		if s.cargo.Rear && call.Cargo.Rear {
			if !s.movable() && call.Kind == freight.CallDelivery && s.origin[j] < i {
				return // it cannot get past the load
			}
			way.pass(s, j, i)
		}
		start = call.Openings(&s.trip.Vehicle).Next(max(leave.After(next), call.Window.Open))
		if start > deadline(&s.trip.TripTerms, call) {
			return
		}
		leave, reach = start.After(call.ServiceS), s.legs[j].toDelivery.s
		if j+1 < len(plan) {
			next = plan[j+1].LegS
		}
	}
}

// rest tells whether the plan from call j on is in time when the truck leaves
// the delivery before it at leave.
func (s *survey) rest(j int, leave freight.Instant) bool {
	if leave > s.horizon {
		return false
	}
	if j == len(s.trip.Plan) {
		return true
	}
	return max(leave.After(s.legs[j].fromDelivery.s), s.trip.Plan[j].Window.Open) <= s.latest[j]
}

// consider makes an insertion that clocks and rooms allow the best one if it
// keeps the limits of detour and price and is cheaper than the best so far. moving is for how
// long goods are moved out of the way.
func (s *survey) consider(i, j int, moving int64) {
	in, limits := s.detour(i, j), &s.trip.Limits
	in.moving = moving
	if !s.trip.Roaming && (s.spentM+in.metres > limits.DetourM || s.spentS+in.seconds > limits.DetourS) {
		return
	}
	if s.found && !s.every && in.seconds >= s.best.seconds && (s.trip.Roaming || in.metres >= s.best.metres && in.moving >= s.best.moving) {
		return // longer and farther is never cheaper
	}
	in.cost = s.marginal(in)
	if s.rules.Bind() && !s.every {
		s.tiring = append(s.tiring, in)
		return
	}
	better := s.every || !s.found || s.cheaper(in, s.best)
	if !better || s.price(in) > s.load.Ceiling || s.rules.Bind() && !s.legal(i, j, 0) {
		return
	}
	if s.best, s.found = in, true; s.every {
		s.spots = append(s.spots, Spot{freight.Spot{PickupAt: i, DeliveryAt: j + 1}, in.cost})
	}
}
