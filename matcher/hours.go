package matcher

import (
	"pinhuo/freight"
	"pinhuo/matcher/hours"
)

// timetable sets the times of the calls of a plan from index on for a truck that sets
// out as begin says. Where drivers have to rest they do so that the truck is done as
// early as can be; a plan that cannot be driven in time is as little late as can be.
func timetable(t *freight.TripTerms, plan []freight.Call, from int, begin hours.Begin) {
	rules, leave := hours.Of(&t.Duty), begin.At
	if !rules.Bind() {
		for k := from; k < len(plan); k++ {
			serve(t, &plan[k], leave)
			leave = plan[k].Leave
		}
		return
	}
	var front hours.Front
	late := leastGrace(-1, func(grace int64) bool { return through(&front, t, rules, begin, plan[from:], grace) })
	if late > 0 { // else that is what was tried last
		through(&front, t, rules, begin, plan[from:], late)
	}
	for k, v := range front.Visits(nil) {
		call := &plan[from+k]
		call.RestS, call.Drove = v.RestS, v.Drove
		call.Arrive = leave.After(call.LegS + v.RestS)
		call.Start, call.Leave = v.Start, v.Start.After(call.ServiceS)
		leave = call.Leave
	}
}

// setOut is a truck that leaves a call of its plan at the instant.
func setOut(t *freight.TripTerms, call *freight.Call, at freight.Instant) hours.Begin {
	rules := hours.Of(&t.Duty)
	return rules.From(call, at)
}

// through makes all calls of a plan by the rules, with deadlines put off by grace
// seconds; false where that cannot be done in time.
func through(f *hours.Front, t *freight.TripTerms, rules hours.Rules, begin hours.Begin, plan []freight.Call, grace int64) bool {
	var driveS int64
	for k := range plan {
		driveS += plan[k].LegS
	}
	f.Start(rules, begin, driveS)
	for k := range plan {
		if !f.Stop(toMake(t, &plan[k], plan[k].LegS, grace)) {
			return false
		}
	}
	return true
}

// toMake is a call as the drivers' hours see it.
func toMake(t *freight.TripTerms, call *freight.Call, driveS, grace int64) hours.Stop {
	late := call.Window.Close
	if t.Roaming {
		late = min(late, t.Horizon.After(-call.ServiceS))
	}
	return hours.Stop{DriveS: driveS, Open: call.Window.Open, Late: late.After(grace), Opens: call.Openings(&t.Vehicle)}
}

// mostGrace is longer than any plan is late.
const mostGrace = int64(1) << 32

// leastGrace finds the least whole number of seconds with which drives is true; once it is,
// it stays so. Where that is more than most, it returns most + 1; below 0 most is no limit.
func leastGrace(most int64, drives func(int64) bool) int64 {
	if drives(0) {
		return 0
	}
	if most < 0 {
		most = mostGrace
	}
	if most == 0 || !drives(most) {
		return most + 1
	}
	low, high := int64(0), int64(1) // too little, and perhaps enough
	for high < most && !drives(high) {
		low, high = high, 2*high
	}
	high = min(high, most)
	for high-low > 1 {
		if mid := low + (high-low)/2; drives(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// earliest fills early: when the truck would leave each call of the present plan by the
// road, the gates and the bans alone. Where nobody has to rest that is the plan.
func (s *survey) earliest() {
	plan := s.trip.Plan
	s.early = grown(s.early, len(plan))
	for k := range plan {
		if s.early[k] = plan[k].Leave; s.rules.Bind() && k >= s.first {
			call := plan[k]
			serve(&s.trip.TripTerms, &call, s.early[k-1])
			s.early[k] = call.Leave
		}
	}
	if n := len(plan) - 1; s.first == len(plan) {
		s.early[n] = max(s.early[n], s.fit.Now)
	}
}

// legal tells whether the plan with the load in it, which is in time if nobody rests, can
// be driven by the rules, every deadline put off by grace seconds. Whatever rests the present plan has, they are
// placed anew from the last call on that can no longer be changed.
func (s *survey) legal(i, j int, grace int64) bool {
	plan, n := s.trip.Plan, len(s.trip.Plan)
	driveS := s.detour(i, j).seconds
	for k := s.first; k < n; k++ {
		driveS += plan[k].LegS
	}
	f, begin := &s.front, s.rules.From(&plan[s.first-1], s.early[s.first-1])
	if s.rules.Spare(begin, driveS) {
		return true
	}
	f.Start(s.rules, begin, driveS)
	for k := s.first; k < i; k++ {
		if !f.Stop(toMake(&s.trip.TripTerms, &plan[k], plan[k].LegS, grace)) {
			return false
		}
	}
	if !f.Stop(s.making(&s.load.Pickup, s.legs[i-1].toPickup.s, grace)) {
		return false
	}
	reach := s.haul.s
	for k := i; k < j; k++ {
		if !f.Stop(toMake(&s.trip.TripTerms, s.passed(k, i), s.onto(k, i, s.legs[k].fromPickup.s), grace)) {
			return false
		}
		reach = s.legs[k].toDelivery.s
	}
	if !f.Stop(s.making(s.unloading(s.blocked(i, j).own), reach, grace)) {
		return false
	}
	for k := j; k < n; k++ {
		if grace == 0 && k < len(s.latest) {
			leave, ok := f.Rested()
			if ok && max(leave.After(s.onto(k, j, s.legs[k].fromDelivery.s)), plan[k].Window.Open) <= s.latest[k] {
				return true
			}
		}
		if !f.Stop(toMake(&s.trip.TripTerms, &plan[k], s.onto(k, j, s.legs[k].fromDelivery.s), grace)) {
			return false
		}
	}
	return true
}

// onto is the drive to call k of the present plan: from the load's stop where that was
// put before it.
func (s *survey) onto(k, put int, fromLoad int64) int64 {
	if k == put {
		return fromLoad
	}
	return s.trip.Plan[k].LegS
}

// making is a stop of the load as the drivers' hours see it.
func (s *survey) making(stop *freight.Stop, driveS, grace int64) hours.Stop {
	late := min(stop.Window.Close, s.horizon.After(-stop.ServiceS))
	return hours.Stop{DriveS: driveS, Open: stop.Window.Open, Late: late.After(grace), Opens: stop.Openings(&s.trip.Vehicle)}
}

// tired is by how many seconds all deadlines would have to be put off for the drivers
// to have their rests, 0 where they have them. Where that is more than anybody wants
// to know it is one more than that.
func (s *survey) tired(i, j int) int64 {
	if !s.rules.Bind() || s.found && s.best.i == i && s.best.j == j {
		return 0 // the search has found them rested
	}
	return leastGrace(s.enough, func(grace int64) bool { return s.legal(i, j, grace) })
}

// latestSetOut is the latest instant at which the truck can set out for call k of the
// plan and be in time everywhere, if it can be by setting out at least then.
func latestSetOut(t *freight.TripTerms, plan []freight.Call, k int, least freight.Instant) freight.Instant {
	most := latestStart(t, plan, k).After(-plan[k].LegS)
	rules := hours.Of(&t.Duty)
	if !rules.Bind() {
		return most
	}
	var front hours.Front
	for least < most {
		mid := most - (most-least)/2
		begin := rules.From(&plan[k-1], mid)
		if through(&front, t, rules, begin, plan[k:], 0) {
			least = mid
		} else {
			most = mid - 1
		}
	}
	return least
}
