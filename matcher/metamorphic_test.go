package matcher_test

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// best is the value of the best trip for each load, found as a planner finds it:
// by the index, the headers and Weigh; -1 where none fits.
func best(w *world) []int64 {
	market := newByIndex(w)
	var values []int64
	for _, load := range w.loads {
		top := int64(-1)
		for _, trip := range market.Near(load) {
			if v := w.fit.Weigh(trip, load); v.OK {
				top = max(top, v.Value)
			}
		}
		values = append(values, top)
	}
	return values
}

// moved is a copy of a world in which every instant and every point is another.
func moved(w *world, when func(freight.Instant) freight.Instant, where func(freight.Point) freight.Point, measure matcher.Measure) *world {
	c := *w
	fit := *w.fit
	fit.Now, fit.Measure = when(fit.Now), measure
	c.fit, c.trips, c.loads = &fit, nil, nil
	window := func(v freight.Window) freight.Window { return freight.Window{Open: when(v.Open), Close: when(v.Close)} }
	stop := func(s freight.Stop) freight.Stop {
		s.Window, s.Place.Point = window(s.Window), where(s.Place.Point)
		return s
	}
	for _, old := range w.trips {
		trip := clone(old)
		trip.Stops = nil
		for _, s := range old.Stops {
			trip.Stops = append(trip.Stops, stop(s))
		}
		if trip.Roaming {
			trip.Horizon = when(trip.Horizon)
		}
		for k := range trip.Plan {
			call := &trip.Plan[k]
			call.Window, call.Point = window(call.Window), where(call.Point)
			call.Arrive, call.Start, call.Leave = when(call.Arrive), when(call.Start), when(call.Leave)
		}
		c.trips = append(c.trips, trip)
	}
	for _, old := range w.loads {
		load := *old
		load.Pickup, load.Delivery = stop(load.Pickup), stop(load.Delivery)
		c.loads = append(c.loads, &load)
	}
	return &c
}

// What a market is worth does not hang on names, on the order in which trips came,
// on the week, on which way the map is held, nor on a truck that can carry nothing.
func TestValueStaysTheSame(t *testing.T) {
	logSeed(t)
	sameTime := func(i freight.Instant) freight.Instant { return i }
	samePlace := func(p freight.Point) freight.Point { return p }
	fitting := 0
	for number := range *worlds / 40 {
		w := newWorld(*seed, number, 8, 6, byRoad)
		want := best(w)
		check := func(what string, other *world) {
			t.Helper()
			for i, got := range best(other) {
				if got != want[i] {
					t.Fatalf("world %d (%v), %s: load %s is worth %d, was %d", number, w.kind, what, w.loads[i].ID, got, want[i])
				}
				if got >= 0 {
					fitting++
				}
			}
		}
		shuffled := moved(w, sameTime, samePlace, w.fit.Measure)
		w.Shuffle(len(shuffled.trips), func(i, j int) {
			a, b := shuffled.trips[i], shuffled.trips[j]
			shuffled.trips[i], shuffled.trips[j], a.ID, b.ID = b, a, b.ID, a.ID
		})
		check("shuffled", shuffled)
		week := func(i freight.Instant) freight.Instant { return i + 7*freight.Day }
		check("a week later", moved(w, week, samePlace, w.fit.Measure))
		mirror := func(p freight.Point) freight.Point {
			return freight.Point{LatE7: p.LatE7, LngE7: int32(2*1_206_500_000 - int64(p.LngE7))}
		}
		mirrored := moved(w, sameTime, mirror, func(a, b freight.Point) freight.Leg { return w.fit.Measure(mirror(a), mirror(b)) })
		mirrored.fit.Floor.Bound = geo.NewBound(fallback.Bound().SecondsPerMetre()) // that knows of no river, which lies where it lay
		check("mirrored", mirrored)
		useless := moved(w, sameTime, samePlace, w.fit.Measure)
		idle := clone(w.trips[w.IntN(len(w.trips))])
		idle.ID, idle.Limits.ExtraStops = "tr_useless", 0
		useless.trips = append(useless.trips, idle)
		check("with a truck that takes nothing", useless)
	}
	if fitting < 100 {
		t.Errorf("%d loads fit: the worlds are too tame", fitting)
	}
}
