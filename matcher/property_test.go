package matcher_test

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// life is a trip that takes and loses riders while time goes on.
type life struct {
	*world
	t      *testing.T
	trip   *freight.Trip
	riders map[freight.ID]*freight.Load
	booked int
	freed  int
	turned int // bookings for which it turned off the drive it was on
	late   int // bookings made after the truck had left
}

func newLife(t *testing.T, number int) *life {
	w := newWorld(*seed, number, 1, 12, byRoad)
	w.fit.Now = morning - freight.Hour
	for _, load := range w.loads {
		load.Ceiling *= 3
	}
	trip := w.trip(0) // without riders
	trip.Limits.DetourM, trip.Limits.DetourS, trip.Limits.ExtraStops = trip.Limits.DetourM*2, trip.Limits.DetourS*2, trip.Limits.ExtraStops*2
	return &life{world: w, t: t, trip: trip, riders: map[freight.ID]*freight.Load{}}
}

func (l *life) fail(format string, args ...any) {
	l.t.Helper()
	l.t.Fatalf("seed %d, "+format, append([]any{l.seed}, args...)...)
}

// take books the load if it fits, and checks what that did to the plan.
func (l *life) take(number int, load *freight.Load) {
	v := l.fit.Fits(l.trip, load)
	if !v.OK {
		return
	}
	fixed := l.trip.Fixed(l.fit.Now)
	kept := v.Terms.PickupAt
	if l.trip.Duty.Said() {
		kept = fixed // rests are placed anew
	}
	turned := v.Plan[v.Terms.PickupAt-1].Kind == freight.CallHere && !slices.Contains(l.trip.Plan, v.Plan[v.Terms.PickupAt-1])
	if turned {
		l.turn(number, v, fixed)
	} else if v.Terms.PickupAt < fixed || !slices.Equal(v.Plan[:kept], l.trip.Plan[:kept]) {
		l.fail("world %d: pickup at %d, %d calls are fixed:\n%+v\n%+v", number, v.Terms.PickupAt, fixed, l.trip.Plan, v.Plan)
	}
	if arrive := v.Plan[v.Terms.PickupAt].Arrive; arrive < l.fit.Now {
		l.fail("world %d: picked up at %v, before now %v", number, arrive, l.fit.Now)
	}
	if fixed > 1 {
		l.late++
	}
	m, s := l.trip.Detour()
	apply(l.trip, v)
	if m2, s2 := l.trip.Detour(); m2-m != v.Terms.DetourM || s2-s != v.Terms.DetourS {
		l.fail("world %d: the plan grew by %d m, %d s, the terms say %+v", number, m2-m, s2-s, v.Terms)
	}
	l.riders[load.ID] = load
	l.booked++
	if err := violation(byRoad, l.trip, l.riders); err != nil {
		l.fail("world %d after booking %s: %v", number, load.ID, err)
	}
}

// turn checks a plan in which the truck turns off the drive that it is on: in ten minutes
// at the earliest, and before it is there.
func (l *life) turn(number int, v matcher.Verdict, fixed int) {
	l.turned++
	at, here := v.Terms.PickupAt, v.Plan[v.Terms.PickupAt-1]
	bound := l.trip.Plan[fixed-1]
	if at != fixed || fixed < 2 || !slices.Equal(v.Plan[:fixed-1], l.trip.Plan[:fixed-1]) || here.Rider() || here.Take != (freight.Room{}) {
		l.fail("world %d: turns off at %d, %d calls are fixed:\n%+v\n%+v", number, at, fixed, l.trip.Plan, v.Plan)
	}
	if here.Leave < l.fit.Now+10*freight.Minute || here.Leave >= bound.Arrive || v.Terms.Departure > bound.Arrive {
		l.fail("world %d: turns off at %v, now %v, next call at %v, to be known by %v", number, here.Leave, l.fit.Now, bound.Arrive, v.Terms.Departure)
	}
}

// lose releases a rider, wherever the truck is, and checks the others.
func (l *life) lose(number int, id freight.ID) {
	fixed := l.trip.Fixed(l.fit.Now)
	old := l.trip.Plan
	if l.trip.Duty.Said() && slices.ContainsFunc(old[:fixed], func(c freight.Call) bool { return c.Load == id }) {
		return // what it drives for nothing has no place in the plan
	}
	l.trip = clone(l.trip)
	l.trip.Plan = l.fit.Without(l.trip, id)
	delete(l.riders, id)
	l.freed++
	if err := violation(byRoad, l.trip, l.riders); err != nil {
		l.fail("world %d after releasing %s: %v", number, id, err)
	}
	at := 0
	for k, c := range old {
		if c.Own < 0 && c.Load == id {
			continue
		}
		now := l.trip.Plan[at]
		at++
		if now.Start > c.Start && !l.trip.Duty.Said() || k < fixed && (now.Arrive != c.Arrive || now.Leave != c.Leave) {
			l.fail("world %d after releasing %s: call %d moved from %+v to %+v, %d are fixed", number, id, k, c, now, fixed)
		}
	}
}

// Whatever is booked and released while the truck is on its way, nothing that
// was promised is broken.
func TestAcceptedPlansHold(t *testing.T) {
	logSeed(t)
	booked, freed, late, turned := 0, 0, 0, 0
	for number := range drawn() {
		l := newLife(t, number)
		for _, load := range l.loads {
			l.take(number, load)
			if ids := slices.Sorted(maps.Keys(l.riders)); len(ids) > 0 && l.chance(25) {
				l.lose(number, ids[l.IntN(len(ids))])
			}
			if l.chance(40) {
				l.fit.Now += l.minutes(0, 150)
			}
		}
		booked, freed, late, turned = booked+l.booked, freed+l.freed, late+l.late, turned+l.turned
	}
	t.Logf("%d bookings, %d of them on the way, %d turning off for it, %d releases", booked, late, turned, freed)
	if drawn() >= 2000 && (booked < 4000 || late < 200 || freed < 1000 || turned < 10) {
		t.Error("too few to prove anything")
	}
}

// Under a measure that obeys the triangle rule, any of a trip's riders can go
// and the rest still holds.
func TestSubsetsStayFeasible(t *testing.T) {
	logSeed(t)
	subsets := 0
	for number := range *worlds / 4 {
		l := newLife(t, number)
		for _, load := range l.loads {
			if len(l.riders) < 5 {
				l.take(number, load)
			}
		}
		ids := slices.Sorted(maps.Keys(l.riders))
		for set := range 1 << len(ids) {
			part := clone(l.trip)
			stay := map[freight.ID]*freight.Load{}
			for i, id := range ids {
				if set&(1<<i) != 0 {
					stay[id] = l.riders[id]
					continue
				}
				part.Plan = l.fit.Without(part, id)
			}
			subsets++
			if err := violation(byRoad, part, stay); err != nil {
				t.Fatalf("world %d, riders %v of %v: %v", number, slices.Sorted(maps.Keys(stay)), ids, err)
			}
		}
	}
	t.Logf("%d subsets", subsets)
}

// A release undoes a booking: the plan is what it was before.
func TestReleaseUndoesBooking(t *testing.T) {
	logSeed(t)
	undone := 0
	for number := range *worlds / 4 {
		l := newLife(t, number)
		for _, load := range l.loads {
			before := clone(l.trip)
			v := l.fit.Fits(l.trip, load)
			if !v.OK {
				continue
			}
			apply(l.trip, v)
			if back := l.fit.Without(l.trip, load.ID); !slices.Equal(back, before.Plan) {
				t.Fatalf("world %d, %s booked and released:\n got %+v\nwant %+v", number, load.ID, back, before.Plan)
			}
			undone++
		}
	}
	if *worlds >= 2000 && undone < 500 {
		t.Errorf("only %d bookings undone", undone)
	}
}

// Fits neither changes what it is given nor depends on anything else, and any
// number of goroutines may ask at once.
func TestFitsIsPure(t *testing.T) {
	logSeed(t)
	for number := range 50 {
		w := newWorld(*seed, number, 4, 4, byRoad)
		w.fit.Measure = byRoad
		before := make([]*freight.Trip, len(w.trips))
		for i, trip := range w.trips {
			before[i] = clone(trip)
		}
		judge := func() (all []matcher.Verdict) {
			for _, trip := range w.trips {
				for _, load := range w.loads {
					all = append(all, w.fit.Fits(trip, load))
				}
			}
			return all
		}
		want := judge()
		var wg sync.WaitGroup
		got := make([][]matcher.Verdict, 4)
		for g := range got {
			wg.Go(func() { got[g] = judge() })
		}
		wg.Wait()
		for _, all := range got {
			if !reflect.DeepEqual(all, want) {
				t.Fatalf("world %d: verdicts differ between askers", number)
			}
		}
		for _, v := range want {
			if v.OK { // whoever owns the verdict may write into its plan
				v.Plan[0].LegM, v.Plan[len(v.Plan)-1].LegM = -1, -1
			}
		}
		for i, trip := range w.trips {
			if !reflect.DeepEqual(trip, before[i]) {
				t.Fatalf("world %d: trip %s was changed", number, trip.ID)
			}
		}
	}
}
