package audit

import (
	"slices"

	"pinhuo/freight"
)

// What is told of a truck's way forecasts, and changes nothing that was promised. The
// auditor drives the rest of the plan himself.

// mostLate is a day, in seconds.
const mostLate = 86_400

// sameRoad tells whether two trips know the same of their way.
func sameRoad(a, b *freight.Road) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.LateS == b.LateS && a.At == b.At && a.Got == b.Got && a.Why == b.Why && a.Text == b.Text && a.From == b.From && slices.Equal(a.Ahead, b.Ahead)
}

// road judges what is known of a truck's way beside its plan.
func (c *course) road(rec *freight.TripRecord) {
	t, r := &rec.Trip, rec.Trip.Road
	if r == nil {
		return
	}
	told := c.prev == nil || c.prev.Trip.Road == nil || c.prev.Trip.Road.Got != r.Got
	sound := r.LateS >= 0 && r.LateS <= mostLate && r.At <= r.Got+120_000 && r.Got <= rec.At && t.Plan[0].Leave < r.Got
	if told {
		sound = sound && r.Got == rec.At && c.prev != nil && slices.Equal(c.prev.Trip.Plan, t.Plan)
	}
	first := 1
	for first < len(t.Plan) && t.Plan[first].Leave+freight.Instant(r.LateS)*freight.Second < r.At {
		first++
	}
	if !sound || r.From != first || len(r.Ahead) != len(t.Plan)-first {
		c.note(RoadWrong, t, Number{"late_s", r.LateS}, Number{"from", int64(r.From)}, Number{"first", int64(first)}, Number{"ahead", int64(len(r.Ahead))})
		return
	}
	if k := c.forecast(t, first); k >= 0 {
		a := r.Ahead[k-first]
		c.note(RoadWrong, t, Number{"call", int64(k)}, Number{"arrive_ms", int64(a.Arrive)}, Number{"start_ms", int64(a.Start)}, Number{"leave_ms", int64(a.Leave)})
	}
}

// forecast drives the plan from call first on as the truck is expected to, and returns the
// first call that does not follow; -1 where all do. A truck that is held up does not rest.
func (c *course) forecast(t *freight.Trip, first int) int {
	if first == len(t.Plan) {
		return -1
	}
	late := *t
	late.Plan = slices.Clone(t.Plan)
	next, before := &t.Plan[first], &late.Plan[first-1]
	out := next.Arrive.After(t.Road.LateS - next.LegS - next.RestS)
	if held := out - before.Leave; held > 0 {
		before.Arrive, before.Leave = before.Arrive+held, out
	}
	for i, a := range t.Road.Ahead {
		call := &late.Plan[first+i]
		call.Arrive, call.Start, call.Leave, call.RestS, call.Drove = a.Arrive, a.Start, a.Leave, a.RestS, a.Drove
		follows := call.Arrive == out.After(call.LegS+call.RestS) && call.Leave == call.Start.After(call.ServiceS) &&
			call.Start == doorOf(call, &t.Vehicle).admits(max(call.Arrive, call.Window.Open))
		if !follows || !c.rests(&late, first+i, out) {
			return first + i
		}
		out = call.Leave
	}
	return -1
}
