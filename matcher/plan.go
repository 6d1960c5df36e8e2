package matcher

import (
	"fmt"
	"math"

	"pinhuo/freight"
	"pinhuo/matcher/hours"
)

// Base returns the plan of the trip's own stops and their drive in metres and
// seconds, both 0 for a free-roaming trip, whose whole drive is detour. legs
// are the drives between each two stops. The truck leaves as early as its
// first window and f.Now allow. Where it cannot keep its own windows or its
// horizon the error is Invalid with ProblemSchedule and names the first such
// stop; legs that do not belong to the stops are an Internal error.
func (f *Fit) Base(t freight.TripTerms, legs []freight.Leg) (plan []freight.Call, directM, directS int64, err error) {
	if len(t.Stops) == 0 || len(legs) != len(t.Stops)-1 {
		return nil, 0, 0, &freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal, Field: "legs",
			Cause: fmt.Errorf("base plan: %d legs for %d stops", len(legs), len(t.Stops))}
	}
	plan = make([]freight.Call, len(t.Stops))
	for i, stop := range t.Stops {
		call := freight.Call{Kind: ownKind(i, len(t.Stops)), Own: i, Point: stop.Place.Point, Window: stop.Window, ServiceS: stop.ServiceS, Gate: stop.Gate, Bans: stop.Bans}
		if i > 0 {
			call.LegM, call.LegS = legs[i-1].Metres, legs[i-1].Seconds
		}
		plan[i] = call
		directM, directS = directM+call.LegM, directS+call.LegS
	}
	timetable(&t, plan, 0, hours.Begin{At: f.Now})
	for i := range plan {
		if late := lateness(&t, &plan[i]); late > 0 {
			return nil, 0, 0, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemSchedule,
				Field: fmt.Sprintf("stops[%d]", i), Value: plan[i].Start.String(), Max: plan[i].Start.After(-wholeSeconds(late)).String()}
		}
	}
	if t.Roaming {
		directM, directS = 0, 0
	}
	return plan, directM, directS, nil
}

func ownKind(i, n int) freight.CallKind {
	switch {
	case i == 0:
		return freight.CallStart
	case i == n-1:
		return freight.CallEnd
	}
	return freight.CallVia
}

// serve sets the times of a call that the truck sets out for at leave.
func serve(t *freight.TripTerms, call *freight.Call, leave freight.Instant) {
	call.Arrive = leave.After(call.LegS)
	call.Start = call.Openings(&t.Vehicle).Next(max(call.Arrive, call.Window.Open))
	call.Leave = call.Start.After(call.ServiceS)
}

// lateness is by how much service at the call begins after its window or, on
// a free-roaming trip, ends after the horizon; 0 or less where it does not.
func lateness(t *freight.TripTerms, call *freight.Call) freight.Instant {
	late := call.Start - call.Window.Close
	if t.Roaming {
		late = max(late, call.Leave-t.Horizon)
	}
	return late
}

// LatestStart is the latest beginning of service at the first call of the trip's plan
// that still lets it and all later calls be in time.
func LatestStart(trip *freight.Trip) freight.Instant {
	plan := trip.Plan
	if len(plan) == 1 {
		return latestStart(&trip.TripTerms, plan, 0)
	}
	out := latestSetOut(&trip.TripTerms, plan, 1, plan[0].Leave)
	return plan[0].Openings(&trip.Vehicle).Last(min(out.After(-plan[0].ServiceS), deadline(&trip.TripTerms, &plan[0])))
}

// latestStart is the latest beginning of service at call k of the plan that
// still lets it and all later calls be in time, rests apart.
func latestStart(t *freight.TripTerms, plan []freight.Call, k int) freight.Instant {
	late := freight.Instant(math.MaxInt64)
	for i := len(plan) - 1; i >= k; i-- {
		if i < len(plan)-1 {
			late = late.After(-plan[i+1].LegS - plan[i].ServiceS)
		}
		late = plan[i].Openings(&t.Vehicle).Last(min(late, deadline(t, &plan[i])))
	}
	return late
}

// deadline is the latest beginning of service at a call by itself.
func deadline(t *freight.TripTerms, call *freight.Call) freight.Instant {
	late := call.Window.Close
	if t.Roaming {
		late = min(late, t.Horizon.After(-call.ServiceS))
	}
	return call.Openings(&t.Vehicle).Last(late)
}

// plan builds the trip's plan with the load in it. Calls before the pickup
// keep their times, the others are driven anew; where drivers have to rest, all are that
// can still be changed.
func (s *survey) plan(in insertion) []freight.Call {
	old := s.trip.Plan
	plan := make([]freight.Call, 0, len(old)+2)
	plan = append(plan, old[:in.i]...)
	plan = append(plan, s.riderCall(freight.CallPickup, s.legs[in.i-1].toPickup))
	reached := s.haul
	if in.j > in.i {
		from := len(plan)
		for k := in.i; k < in.j; k++ {
			plan = append(plan, *s.passed(k, in.i))
		}
		plan[from].LegM, plan[from].LegS = s.legs[in.i].fromPickup.m, s.legs[in.i].fromPickup.s
		reached = s.legs[in.j-1].toDelivery
	}
	plan = append(plan, s.riderCall(freight.CallDelivery, reached))
	plan[len(plan)-1].RehandleS = s.blocked(in.i, in.j).own
	plan[len(plan)-1].ServiceS += plan[len(plan)-1].RehandleS
	if in.j < len(old) {
		from := len(plan)
		plan = append(plan, old[in.j:]...)
		plan[from].LegM, plan[from].LegS = s.legs[in.j].fromDelivery.m, s.legs[in.j].fromDelivery.s
	}
	from := in.i
	if s.rules.Bind() {
		from = s.first
	}
	timetable(&s.trip.TripTerms, plan, from, setOut(&s.trip.TripTerms, &plan[from-1], s.early[from-1]))
	s.bind(&plan[in.i])
	s.bind(&plan[in.j+1])
	return plan
}

// bind closes the window of a call of the load at what its shipper will bear for
// others who join later.
func (s *survey) bind(call *freight.Call) {
	if delay := s.load.Care.DelayS; delay > 0 {
		call.Window.Close = min(call.Window.Close, call.Start.After(delay))
	}
}

func (s *survey) riderCall(kind freight.CallKind, reached drive) freight.Call {
	load := s.load
	stop, take := &load.Pickup, s.take
	if kind == freight.CallDelivery {
		stop, take = &load.Delivery, freight.Room{}.Minus(take)
	}
	return freight.Call{
		Kind: kind, Own: -1, Load: load.ID, Point: stop.Place.Point, Window: stop.Window, ServiceS: stop.ServiceS,
		Take: take, Cargo: s.cargo, Gate: stop.Gate, Bans: stop.Bans, LegM: reached.m, LegS: reached.s,
	}
}

// Without returns the trip's plan after the load's two calls are taken out, as
// a new slice. Legs between calls that become neighbours are measured anew.
//
// Calls fixed at f.Now keep their times. A truck that is on its way to a call
// taken out, or stands there, is reckoned to reach that place first and to go
// on from there; so under a measure that obeys the triangle rule no call that
// remains gets later than it was, or where drivers have to rest, than its window and
// its riders' caps allow.
func (f *Fit) Without(trip *freight.Trip, load freight.ID) []freight.Call {
	old, fixed := trip.Plan, trip.Fixed(f.Now)
	plan := make([]freight.Call, 0, len(old))
	from, kept := -1, 0 // the first call that can be changed, and the index in old of the last one kept
	var begin hours.Begin
	up := -1 // of the load, while it is aboard
	for k, call := range old {
		if call.Own < 0 && call.Load == load {
			if up = k; call.Kind == freight.CallDelivery {
				up = -1
			}
			continue
		}
		if k >= fixed {
			less := eased(old, up, k)
			call.ServiceS, call.RehandleS = call.ServiceS-less, call.RehandleS-less
		}
		if k > 0 && kept < k-1 {
			leg := f.of(trip)(plan[len(plan)-1].Point, call.Point)
			call.LegM, call.LegS = leg.Metres, leg.Seconds
		}
		if k >= fixed && from < 0 {
			from, begin = len(plan), setOut(&trip.TripTerms, &plan[len(plan)-1], plan[len(plan)-1].Leave)
			if kept < fixed-1 {
				begin = f.turned(trip, begin, &old[fixed-1], &call)
			}
		}
		plan, kept = append(plan, call), k
	}
	if from >= 0 {
		timetable(&trip.TripTerms, plan, from, begin)
	}
	return plan
}

// turned is a truck bound for a call that is gone: it would have set out so as to be at
// the next call as it will be, with the drive to the other behind it.
func (f *Fit) turned(trip *freight.Trip, begin hours.Begin, gone, next *freight.Call) hours.Begin {
	there := max(gone.Arrive, f.Now)
	onward := f.of(trip)(gone.Point, next.Point).Seconds
	return hours.Begin{At: max(begin.At, there.After(onward-next.LegS)), Drove: gone.Drove}
}
