package matcher_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// shares counts what kinds of pairs the worlds were made of.
type shares struct {
	pairs, feasible, tight, both, river, round, cell, changing, proposed, fallback, banks, tired, rested int
}

func (s *shares) String() string {
	of := func(n int) string { return fmt.Sprintf("%d (%.1f %%)", n, 100*float64(n)/float64(s.pairs)) }
	return fmt.Sprintf("%d pairs: feasible %s, tight on one leg only %s (feasible all the same %s), across the river %s, round trips %s, "+
		"all stops in one cell %s, room changing along the way %s, proposed by the index %s, with rests in the plan %s, refused for rests %s",
		s.pairs, of(s.feasible), of(s.tight), of(s.both), of(s.river), of(s.round), of(s.cell), of(s.changing), of(s.proposed), of(s.rested), of(s.tired))
}

// indexed is a world whose trips and loads are in the index.
type indexed struct {
	*world
	corridor            *geo.Corridor
	tripSlots, loadSlot []uint32
	detours             map[[2]int]int64 // that the index says, by pair
}

func index(corridor *geo.Corridor, w *world) (*indexed, error) {
	x := &indexed{world: w, corridor: corridor}
	for _, trip := range w.trips {
		slot, err := x.corridor.AddTrip(w.fit.Journey(trip))
		if err != nil {
			return nil, fmt.Errorf("trip %s: %w", trip.ID, err)
		}
		x.tripSlots = append(x.tripSlots, slot)
	}
	for _, load := range w.loads {
		slot, err := x.corridor.AddLoad(matcher.Errand(load))
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", load.ID, err)
		}
		x.loadSlot = append(x.loadSlot, slot)
	}
	return x, nil
}

// leave takes the world out of the index again.
func (x *indexed) leave() {
	for _, slot := range x.tripSlots {
		x.corridor.RemoveTrip(slot)
	}
	for _, slot := range x.loadSlot {
		x.corridor.RemoveLoad(slot)
	}
}

// proposals asks the index in both directions. Each pair is [trip, load].
func (x *indexed) proposals() (byLoad, byTrip map[[2]int]bool, err error) {
	byLoad, byTrip = map[[2]int]bool{}, map[[2]int]bool{}
	x.detours = map[[2]int]int64{}
	for l, load := range x.loads {
		found, err := x.corridor.TripsFor(matcher.Errand(load), nil)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range found {
			pair := [2]int{slices.Index(x.tripSlots, c.Slot), l}
			byLoad[pair], x.detours[pair] = true, c.DetourS
		}
	}
	for t, trip := range x.trips {
		found, err := x.corridor.LoadsFor(x.fit.Journey(trip), nil)
		if err != nil {
			return nil, nil, err
		}
		for _, c := range found {
			byTrip[[2]int{t, slices.Index(x.loadSlot, c.Slot)}] = true
		}
	}
	return byLoad, byTrip, nil
}

// by is the Fit that measures by the trip's router alone.
func (w *world) by(trip *freight.Trip) *matcher.Fit {
	if w.fit.By == nil {
		return w.fit
	}
	f := *w.fit
	f.Measure, f.By = w.fit.By(trip.Router), nil
	return &f
}

// present is the router that a trip is measured by now.
func (w *world) present(trip *freight.Trip) freight.Router {
	if w.guide == nil {
		return trip.Router
	}
	r := w.guide.By(trip.Router.Method, trip.Router.Version)
	return freight.Router{Method: r.Method(), Version: r.Version()}
}

// compare judges the world by index and matcher, and by brute force.
func compare(corridor *geo.Corridor, w *world, count *shares) error {
	x, err := index(corridor, w)
	if err != nil {
		return err
	}
	defer x.leave()
	byLoad, byTrip, err := x.proposals()
	if err != nil {
		return err
	}
	for t, trip := range w.trips {
		for l, load := range w.loads {
			pair := [2]int{t, l}
			want := naive(w.by(trip), trip, load)
			if want.OK && !(byLoad[pair] && byTrip[pair]) {
				return fmt.Errorf("%s fits %s, but the index proposes it: %v for the load, %v for the trip", load.ID, trip.ID, byLoad[pair], byTrip[pair])
			}
			header := w.fit.Header(trip, w.present(trip))
			if most, ok := header.AtMost(load, x.detours[pair]); want.OK && (!ok || want.Value > most) {
				return fmt.Errorf("%s is worth %d on %s, at most %d (%v) by the header", load.ID, want.Value, trip.ID, most, ok)
			}
			if byLoad[pair] || byTrip[pair] {
				count.proposed++
				if got := w.fit.Fits(trip, load); !reflect.DeepEqual(got, want) {
					return fmt.Errorf("%s on %s:\n got %+v\nwant %+v", load.ID, trip.ID, got, want)
				}
			}
			count.note(w, trip, load, want.OK)
			count.rests(want)
		}
	}
	return nil
}

// rests counts plans with a rest in them and loads that none leaves time for.
func (s *shares) rests(v matcher.Verdict) {
	if v.Reason == freight.ReasonHours {
		s.tired++
	}
	if slices.ContainsFunc(v.Plan, func(c freight.Call) bool { return c.RestS > 0 }) {
		s.rested++
	}
}

func (s *shares) note(w *world, trip *freight.Trip, load *freight.Load, feasible bool) {
	s.pairs++
	tight := shortLegs(w.fit, trip, load) == 1
	if trip.Router.Method == "fallback" {
		s.fallback++
	}
	if banked(load.Pickup.Place.Point) != banked(load.Delivery.Place.Point) {
		s.banks++
	}
	yes := map[*int]bool{
		&s.feasible: feasible,
		&s.tight:    tight,
		&s.both:     tight && feasible,
		&s.river:    load.Direct.Metres > 5000+farther(load)*11/10,
		&s.round:    len(trip.Stops) > 2 && trip.Stops[0].Place == trip.Stops[len(trip.Stops)-1].Place,
		&s.cell:     len(trip.Stops) > 1 && oneCell(trip),
		&s.changing: slices.Max(floors(trip)) > slices.Min(floors(trip)),
	}
	for n := range maps.Keys(yes) {
		if yes[n] {
			*n++
		}
	}
}

// farther is the road between the load's two points if no river were there.
func farther(load *freight.Load) int64 {
	return int64(1.24 * geo.GreatCircleM(geo.Point(load.Pickup.Place.Point), geo.Point(load.Delivery.Place.Point)))
}

func oneCell(trip *freight.Trip) bool {
	first := must(geo.CellOf(geo.Point(trip.Stops[0].Place.Point)))
	for _, s := range trip.Stops {
		if must(geo.CellOf(geo.Point(s.Place.Point))) != first {
			return false
		}
	}
	return true
}

func floors(trip *freight.Trip) []int64 {
	var mm []int64
	for _, r := range trip.Rooms {
		mm = append(mm, r.FloorMM)
	}
	return mm
}

// shortLegs counts the legs still ahead that have no room for the load; 0 where
// there is only one leg.
func shortLegs(f *matcher.Fit, trip *freight.Trip, load *freight.Load) int {
	last := len(trip.Plan) - 1
	if trip.Plan[last].Kind != freight.CallEnd {
		last++
	}
	legs, short := 0, 0
	for k := trip.Fixed(f.Now) - 1; k < last; k++ {
		legs++
		if roomAt(trip, trip.Plan, k).Minus(aboardAt(trip.Plan, k)).Lacks(load.Size.Room) != freight.NoReason {
			short++
		}
	}
	if legs < 2 {
		return 0
	}
	return short
}

// What index and matcher find together must be what brute force finds.
func TestIndexAndMatcherEqualBruteForce(t *testing.T) {
	logSeed(t)
	var count shares
	corridor := geo.NewCorridor() // one for all worlds: what has left must not be found again
	for number := range drawn() {
		w := newWorld(*seed, number, 5, 5, byRoad)
		if err := compare(corridor, w, &count); err != nil {
			t.Fatalf("world %d (%v): %v", number, w.kind, err)
		}
	}
	t.Log(&count)
	if drawn() < 2000 {
		return // a short run says nothing about shares
	}
	least := func(name string, n, percent int) {
		if n*100 < percent*count.pairs {
			t.Errorf("%s: %d of %d pairs, want at least %d %%", name, n, count.pairs, percent)
		}
	}
	least("feasible", count.feasible, 30)
	least("tight on one leg only", count.tight, 20)
	least("tight on one leg only and feasible all the same", count.both, 2)
	least("across the river", count.river, 5)
	least("round trips", count.round, 10)
	least("all stops in one cell", count.cell, 10)
	least("room changing along the way", count.changing, 30)
	if count.rested < 200 || count.tired < 50 {
		t.Errorf("%d plans with rests, %d loads refused for them", count.rested, count.tired)
	}
}

// A week of trips all over the lower Yangtze: the index must leave little to
// judge and still lose nothing.
func TestIndexPrunesAmongTenThousandTrips(t *testing.T) {
	logSeed(t)
	const lanes, each = 2000, 5
	week := &world{fit: &matcher.Fit{Costs: &costs, Measure: byRoad, Now: morning - freight.Hour, Floor: matcher.Floor{Bound: fallback.Bound()}}}
	for n := range lanes {
		dawn := morning + freight.Instant(n%7)*freight.Day
		wanted := 0
		if n%100 == 0 {
			wanted = 1
		}
		w := worldAt(dawn, *seed, 1_000_000+n, each, wanted, byRoad)
		for _, trip := range w.trips {
			trip.ID = freight.ID(fmt.Sprintf("tr_%05d", len(week.trips)))
			week.trips = append(week.trips, trip)
		}
		week.loads = append(week.loads, w.loads...)
	}
	x, err := index(geo.NewCorridor(), week)
	if err != nil {
		t.Fatal(err)
	}
	pairs, proposed, feasible := 0, 0, 0
	for _, load := range week.loads {
		found, err := x.corridor.TripsFor(matcher.Errand(load), nil)
		if err != nil {
			t.Fatal(err)
		}
		known := map[uint32]bool{}
		for _, c := range found {
			known[c.Slot] = true
		}
		proposed += len(known)
		for i, trip := range week.trips {
			pairs++
			if !week.fit.Fits(trip, load).OK {
				continue
			}
			feasible++
			if !known[x.tripSlots[i]] {
				t.Fatalf("%s fits %s but is not proposed", load.ID, trip.ID)
			}
		}
	}
	t.Logf("%d trips, %d loads: %d of %d pairs proposed, %.1f %% pruned, %d feasible",
		len(week.trips), len(week.loads), proposed, pairs, 100*float64(pairs-proposed)/float64(pairs), feasible)
	if len(week.trips) != 10_000 || proposed*100 > 20*pairs {
		t.Errorf("pruned %d of %d pairs among %d trips, want at least 80 %% among 10000", pairs-proposed, pairs, len(week.trips))
	}
	if feasible < len(week.loads) {
		t.Errorf("%d feasible pairs for %d loads: too few to show that nothing is lost", feasible, len(week.loads))
	}
}
