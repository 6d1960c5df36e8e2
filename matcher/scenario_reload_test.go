package matcher_test

import (
	"fmt"

	"pinhuo/freight"
	"pinhuo/matcher/reload"
)

// reload tells what a truck could carry home from the end of its trip, and what both
// trips are worth.
func (s *stage) reload(id string) []string {
	trip := s.trip(id)
	back, ok := reload.Backhaul(s.fit, trip, 0)
	if !ok {
		return []string{"no way home to look at"}
	}
	out := []string{fmt.Sprintf("from %s at %s, home at %s by %s", s.grid.name(back.Plan[0].Point), hhmm(back.Starts()), s.grid.name(trip.Home().Point), hhmm(back.Ends()))}
	set, ok := reload.Best(s.fit, back, s.loads)
	if !ok {
		return append(out, "nothing fits")
	}
	alone := func(load freight.ID) freight.Fen { return s.pool(string(load)).Alone }
	r := reload.Propose(s.fit, trip, back, &set, reload.First(s.fit, trip, alone))
	for i, line := range r.Lines {
		l := set.Loads[i]
		out = append(out, fmt.Sprintf("%s: load at %s %s, unload at %s %s, pays %v", line.Load, s.grid.name(l.Pickup.Place.Point), hhmm(line.Pickup),
			s.grid.name(l.Delivery.Place.Point), hhmm(line.Drop), line.Price))
	}
	return append(out, fmt.Sprintf("set out by %s; this trip is worth %v, the way home %v, both %v", hhmm(r.Until), freight.Fen(r.First), freight.Fen(r.Then), freight.Fen(r.Value)))
}
