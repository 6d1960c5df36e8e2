package matcher

import (
	"slices"

	"pinhuo/freight"
)

// Ahead forecasts the calls of the trip's plan from index from on, which is 1 at the least,
// for a truck that is so many seconds behind it. Its drivers take the rests of the trip's
// rules; to be held up is no rest. Windows are waited for and gates obeyed as ever; what
// comes too late is as little late as can be.
func (f *Fit) Ahead(trip *freight.Trip, from int, lateS int64) []freight.Ahead {
	if from >= len(trip.Plan) {
		return []freight.Ahead{}
	}
	plan := slices.Clone(trip.Plan)
	before, next := &plan[from-1], &plan[from]
	out := next.Arrive.After(lateS - next.LegS - next.RestS)
	if held := out - before.Leave; held > 0 {
		before.Arrive, before.Leave = before.Arrive+held, before.Leave+held
	}
	timetable(&trip.TripTerms, plan, from, setOut(&trip.TripTerms, before, out))
	ahead := make([]freight.Ahead, 0, len(plan)-from)
	for _, c := range plan[from:] {
		ahead = append(ahead, freight.Ahead{Arrive: c.Arrive, Start: c.Start, Leave: c.Leave, RestS: c.RestS, Drove: c.Drove})
	}
	return ahead
}
