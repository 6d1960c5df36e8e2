package audit

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
)

// A truck that is under way may turn off the drive it is on, at a place that follows
// from the drive and the instant alone: the first one of its router's that it reaches ten minutes
// from then at the earliest, counted in whole five minutes. The plan then has a call
// there, which carries nothing. A truck whose driver rests on the way by rules does not turn.
const (
	ahead = 10 * freight.Minute
	step  = 5 * freight.Minute
)

// bend is where a truck turns: in the place of call at of its plan, which comes next.
type bend struct {
	at   int
	here freight.Call
	on   road // to the next call
}

// bendOf finds where the truck that has this plan may turn at the instant; false where it
// may not.
func bendOf(router geo.Router, trip *freight.Trip, now freight.Instant) (bend, bool) {
	plan := trip.Plan
	turner, knows := router.(interface {
		Turn(a, b geo.Point, afterS int64) (geo.Point, bool)
	})
	k := slices.IndexFunc(plan, func(c freight.Call) bool { return c.Leave >= now })
	if !knows || shiftOf(&trip.Duty).binds() || k < 1 || plan[k].Kind == freight.CallHere {
		return bend{}, false
	}
	turn := now + ahead
	if odd := turn % step; odd > 0 {
		turn += step - odd
	}
	before, next := &plan[k-1], &plan[k]
	after := ceilSeconds(turn - before.Leave)
	if after >= next.LegS {
		return bend{}, false
	}
	p, ok := turner.Turn(geo.Point(before.Point), geo.Point(next.Point), after)
	if !ok {
		return bend{}, false
	}
	m, s := router.Between(geo.Point(before.Point), p)
	if s < after || s >= next.LegS {
		return bend{}, false
	}
	there := before.Leave.After(s)
	b := bend{at: k, here: freight.Call{Kind: freight.CallHere, Own: -1, Point: freight.Point(p), LegM: m, LegS: s,
		Window: freight.Window{Open: there, Close: there}, Arrive: there, Start: there, Leave: there}}
	b.on.m, b.on.s = router.Between(p, geo.Point(next.Point))
	return b, true
}

// trial is the load on the truck at the instant, behind the call that it is driving to.
func (j *Judge) trial(trip *freight.Trip, load *freight.Load, now freight.Instant) *trial {
	t := &trial{judge: j, router: j.router(trip), trip: trip, load: load, now: now, driven: driven(trip.Plan, now)}
	t.end = len(trip.Plan)
	if trip.Plan[t.end-1].Kind == freight.CallEnd {
		t.end--
	}
	t.lastUp = t.end
	return t
}

// orElse tries the places behind a turning where the others have failed, and returns what
// came nearer.
func (t *trial) orElse(before *trial, found Finding, rank int) Finding {
	t.survey()
	t.shortest = before.shortest // what turning adds is the load's
	turned, n := t.everyPlace()
	before.paid = t.paid
	if turned.Fits || n > rank || n == rank && turned.By < found.By {
		return turned
	}
	return found
}

// aside is the same trial on the plan in which the truck turns; nil where it cannot.
func (t *trial) aside() *trial {
	b, ok := bendOf(t.router, t.trip, t.now)
	if !ok {
		return nil
	}
	trip := *t.trip
	trip.Plan = slices.Insert(slices.Clone(trip.Plan), b.at, b.here)
	trip.Plan[b.at+1].LegM, trip.Plan[b.at+1].LegS = b.on.m, b.on.s
	turned := t.judge.trial(&trip, t.load, t.now)
	turned.driven, turned.lastUp, turned.noes = b.at+1, b.at+1, t.noes
	return turned
}

// turned wants what the truck had left unchanged and its turning where it had to be. It
// returns how many leading calls of the plan are past changing.
func (c *course) turned(rec *freight.TripRecord, at int) int {
	same := true
	for k := range at {
		same = same && unchanged(&c.prev.Trip, &rec.Trip, k)
	}
	if router, ok := c.routers[rec.Trip.Router]; ok {
		b, ok := bendOf(router, &c.prev.Trip, rec.At)
		same = same && ok && b.at == at && b.here == rec.Trip.Plan[at]
	}
	if rec.Trip.Plan[at+1].Kind != freight.CallPickup {
		same = false
	}
	if !same {
		c.note(PlanHistory, &rec.Trip, Number{"call", int64(at)}, Number{"turned", 1})
	}
	return at + 1
}
