package matcher

import (
	"pinhuo/freight"
	"pinhuo/matcher/hours"
)

// Turns tells whether the truck of a trip may turn off the drive that it is on: not where
// its drivers have to rest, for nobody knows where on the way they do.
func (f *Fit) Turns(trip *freight.Trip) bool {
	rules := hours.Of(&trip.Duty)
	return f.Turn != nil && !rules.Bind()
}

// turning makes the survey of the same load on the plan in which the truck turns off
// the drive it is on; nil where it cannot.
func (s *survey) turning() *survey {
	if !s.fit.Turns(s.trip) {
		return nil
	}
	k, afterS, ok := s.trip.Turning(s.fit.Now)
	if !ok {
		return nil
	}
	at, to := &s.trip.Plan[k-1], &s.trip.Plan[k]
	point, ok := s.fit.Turn(s.trip.Router, at.Point, to.Point, afterS)
	if !ok {
		return nil
	}
	measure := s.fit.of(s.trip)
	out, on := measure(at.Point, point), measure(point, to.Point)
	if out.Seconds < afterS || out.Seconds >= to.LegS {
		return nil // not where it was said to be
	}
	t := surveys.Get().(*survey)
	t.fit, t.load, t.horizon, t.rules, t.enough = s.fit, s.load, s.horizon, s.rules, -1
	t.bent = append(append(append(t.bent[:0], s.trip.Plan[:k]...), here(at, point, out)), s.trip.Plan[k:]...)
	t.bent[k+1].LegM, t.bent[k+1].LegS = on.Metres, on.Seconds
	t.aside = *s.trip
	t.aside.Plan, t.trip = t.bent, &t.aside
	t.first, t.lastUp, t.last = k+1, k+1, len(t.bent)
	if t.bent[t.last-1].Kind == freight.CallEnd {
		t.last--
	}
	t.extra = drive{out.Metres + on.Metres - to.LegM, out.Seconds + on.Seconds - to.LegS}
	t.before = to.Arrive - freight.TurnLead
	return t
}

// here is the call at which a truck that left the call before turns off.
func here(before *freight.Call, at freight.Point, leg freight.Leg) freight.Call {
	there := before.Leave.After(leg.Seconds)
	return freight.Call{Kind: freight.CallHere, Own: -1, Point: at, Window: freight.Window{Open: there, Close: there},
		LegM: leg.Metres, LegS: leg.Seconds, Arrive: there, Start: there, Leave: there}
}

// measureTurned is measure for a plan with a turning: what turning adds is the load's,
// not the plan's.
func (s *survey) measureTurned() {
	s.measure()
	s.spentM, s.spentS = s.spentM-s.extra.m, s.spentS-s.extra.s
}

// closest is the fault of the insertion that came nearer, of those behind the next call,
// where there are any, and those at the turning.
func closest(behind, turned fault, open bool) fault {
	b, t := behind.reason.Rank(), turned.reason.Rank()
	if open && (b > t || b == t && behind.by <= turned.by) {
		return behind
	}
	return turned
}
