package geo

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pinhuo/internal/seed"
)

// scan answers a query by the exact bound of every slot, without the index.
func (c *Corridor) scan(tb testing.TB, l Load) []Candidate {
	tb.Helper()
	var q loadEntry
	if err := q.set(l); err != nil {
		tb.Fatal(err)
	}
	var out []Candidate
	for slot := range c.trips.size() {
		if e := c.trips.get(slot); e != nil {
			var in standing
			if !e.field.stand(&q, &in) {
				continue
			}
			if s, ok := e.detour(&q, &in); ok {
				out = append(out, Candidate{Slot: slot, DetourS: s})
			}
		}
	}
	sortCandidates(out)
	return out
}

// TestIndexEqualsScan: the lists drop nothing that the trips' own bound keeps,
// through adding, replacing, removing and reuse of slots; and the question
// asked from the trip's side has the same pairs as from the load's.
func TestIndexEqualsScan(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 2))
	ix := NewCorridor()
	trips, loads := map[uint32]Trip{}, map[uint32]Load{}
	pairs := 0
	for round := range 160 / raceShare {
		ix.mixedTrips = 2 * r.IntN(2)
		w := randWorld(r, 8, 8)
		for i := range w.trips {
			changeTrips(t, r, ix, trips, w.trips[i].indexed(w.d))
			changeLoads(t, r, ix, loads, w.loads[i])
		}
		fromTrips, fromLoads := map[[2]uint32]int64{}, map[[2]uint32]int64{}
		for slot, l := range loads {
			got, err := ix.TripsFor(l, nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := ix.scan(t, l); !slices.Equal(got, want) {
				t.Fatalf("round %d: index %v, scan %v", round, got, want)
			}
			for _, g := range got {
				fromLoads[[2]uint32{g.Slot, slot}] = g.DetourS
			}
		}
		for slot, trip := range trips {
			got, err := ix.LoadsFor(trip, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range got {
				fromTrips[[2]uint32{slot, g.Slot}] = g.DetourS
			}
		}
		if len(fromTrips) != len(fromLoads) {
			t.Fatalf("round %d: %d pairs from trips, %d from loads", round, len(fromTrips), len(fromLoads))
		}
		for pair, s := range fromLoads {
			if fromTrips[pair] != s {
				t.Fatalf("round %d: pair %v has %d s from loads, %d s from trips", round, pair, s, fromTrips[pair])
			}
		}
		pairs += len(fromLoads)
		if got := ix.Stats(); got.Trips != len(trips) || got.Loads != len(loads) {
			t.Fatalf("round %d: %+v, want %d trips, %d loads", round, got, len(trips), len(loads))
		}
	}
	// About six pairs a round are usual.
	if pairs < 320/raceShare {
		t.Errorf("only %d pairs", pairs)
	}
}

func changeTrips(t *testing.T, r *rand.Rand, ix *Corridor, trips map[uint32]Trip, trip Trip) {
	t.Helper()
	slot := uint32(r.IntN(20))
	_, taken := trips[slot]
	switch {
	case taken && r.IntN(2) == 0:
		if err := ix.ReplaceTrip(slot, trip); err != nil {
			t.Fatal(err)
		}
		trips[slot] = trip
	case taken:
		ix.RemoveTrip(slot)
		ix.RemoveTrip(slot) // twice does no harm
		delete(trips, slot)
	default:
		slot, err := ix.AddTrip(trip)
		if err != nil {
			t.Fatal(err)
		}
		if _, there := trips[slot]; there {
			t.Fatalf("slot %d given out twice", slot)
		}
		trips[slot] = trip
	}
}

func changeLoads(t *testing.T, r *rand.Rand, ix *Corridor, loads map[uint32]Load, load Load) {
	t.Helper()
	slot := uint32(r.IntN(20))
	_, taken := loads[slot]
	switch {
	case taken && r.IntN(2) == 0:
		if err := ix.ReplaceLoad(slot, load); err != nil {
			t.Fatal(err)
		}
		loads[slot] = load
	case taken:
		ix.RemoveLoad(slot)
		ix.RemoveLoad(slot)
		delete(loads, slot)
	default:
		slot, err := ix.AddLoad(load)
		if err != nil {
			t.Fatal(err)
		}
		if _, there := loads[slot]; there {
			t.Fatalf("slot %d given out twice", slot)
		}
		loads[slot] = load
	}
}

// TestMatrixOfCases holds single shapes to the answer one can see.
func TestMatrixOfCases(t *testing.T) {
	a, b := Point{319000000, 1211700000}, Point{319000000, 1199700000} // 113 km apart, west
	third := func(f float64) Point { return between(rand.New(rand.NewPCG(1, 1)), a, b, f, 0) }
	leg := func(p, q Point) Leg {
		return Leg{From: p, To: q, Seconds: plainMetric(p, q), EarliestMs: epochMs, LatestMs: epochMs + 12*hourMs}
	}
	load := func(p, q Point) Load {
		return Load{Pickup: p, Delivery: q, PickupOpenMs: epochMs, PickupCloseMs: epochMs + 12*hourMs,
			DeliveryOpenMs: epochMs, DeliveryCloseMs: epochMs + 12*hourMs}
	}
	zero := Trip{Bound: testBound, Legs: []Leg{leg(a, b)}}
	round := Trip{Bound: testBound, Legs: []Leg{leg(a, b), leg(b, a)}, DetourLimitS: 60}
	home := Trip{Bound: testBound, Legs: []Leg{leg(a, a)}, DetourLimitS: 3600}
	still := Trip{Bound: testBound, Legs: []Leg{leg(a, a)}}
	roam := Trip{Bound: testBound, Tail: &Tail{From: a, EarliestMs: epochMs, HorizonMs: epochMs + 6*hourMs}}
	forever := Trip{Bound: testBound, Tail: &Tail{From: a, EarliestMs: math.MinInt64, HorizonMs: math.MaxInt64}}
	late := load(a, b)
	late.PickupCloseMs = epochMs - hourMs
	for _, tc := range []struct {
		name string
		trip Trip
		load Load
		want bool
	}{
		{"own stops at no detour", zero, load(a, b), true},
		{"own stops backwards", zero, load(b, a), false},
		{"round trip, out", round, load(third(0.3), third(0.7)), true},
		{"round trip, back", round, load(third(0.7), third(0.3)), true},
		{"from home and back, near", home, load(a, third(0.1)), true},
		{"from home and back, far", home, load(a, b), false},
		{"no room to move, same place", still, load(a, a), true},
		{"no room to move, elsewhere", still, load(a, third(0.1)), false},
		{"roaming, in reach", roam, load(b, a), true},
		{"roaming, out of reach", roam, load(b, Point{319000000, 1160000000}), false},
		{"without end, anywhere", forever, load(Point{-330000000, 1510000000}, Point{400000000, -740000000}), false},
		{"without end, across the country", forever, load(b, Point{230000000, 1130000000}), false},
		{"without end, near", forever, load(b, third(0.2)), true},
		{"window is past", roam, late, false},
	} {
		ix := NewCorridor()
		if _, err := ix.AddTrip(tc.trip); err != nil {
			t.Fatal(err)
		}
		got, err := ix.TripsFor(tc.load, nil)
		if err != nil || (len(got) == 1) != tc.want {
			t.Errorf("%s: trips %v, %v", tc.name, got, err)
		}
		if _, err := ix.AddLoad(tc.load); err != nil {
			t.Fatal(err)
		}
		if got, err = ix.LoadsFor(tc.trip, nil); err != nil || (len(got) == 1) != tc.want {
			t.Errorf("%s: loads %v, %v", tc.name, got, err)
		}
	}
}

// TestWideTripStaysSmall: a trip that reaches everywhere is one posting.
func TestWideTripStaysSmall(t *testing.T) {
	ix := NewCorridor()
	trip := Trip{Bound: testBound, Tail: &Tail{From: homes[0].p, EarliestMs: epochMs, HorizonMs: epochMs + 90*24*hourMs}}
	slot, err := ix.AddTrip(trip)
	if err != nil {
		t.Fatal(err)
	}
	if s := ix.Stats(); s.TripPostings != 1 || s.Cells > 3*maxCover {
		t.Errorf("%+v", s)
	}
	ix.RemoveTrip(slot)
	if s := ix.Stats(); s.TripPostings != 0 || s.Trips != 0 {
		t.Errorf("after removal %+v", s)
	}
}

// TestLongTripsDoNotMultiply: a trip of many days has as many postings as one
// of an hour's slack with the same roads and limit.
func TestLongTripsDoNotMultiply(t *testing.T) {
	a, b := Point{319000000, 1211700000}, Point{319000000, 1199700000}
	count := func(slack int64) int {
		ix := NewCorridor()
		s := plainMetric(a, b)
		if _, err := ix.AddTrip(Trip{Bound: testBound, DetourLimitS: 1800, Legs: []Leg{{a, b, s, epochMs, epochMs + s*1000 + slack}}}); err != nil {
			t.Fatal(err)
		}
		return ix.Stats().TripPostings
	}
	if hour, month := count(hourMs), count(30*24*hourMs); hour != month {
		t.Errorf("%d postings with an hour, %d with a month to spare", hour, month)
	}
}

func TestRetire(t *testing.T) {
	w := newIntercity(5)
	ix := w.filled(t, 300)
	for range 300 {
		if _, err := ix.AddLoad(w.load()); err != nil {
			t.Fatal(err)
		}
	}
	before := ix.Stats()
	cut := epochMs + 3*24*hourMs
	ix.Retire(cut)
	after := ix.Stats()
	if after.TripPostings >= before.TripPostings || after.TripPostings == 0 || after.LoadPostings >= before.LoadPostings {
		t.Fatalf("before %+v, after %+v", before, after)
	}
	for range 300 { // nothing that can still happen is lost
		l := w.load()
		l.PickupOpenMs = max(l.PickupOpenMs, cut)
		got, err := ix.TripsFor(l, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want := ix.scan(t, l); !slices.Equal(got, want) {
			t.Fatalf("index %v, scan %v", got, want)
		}
	}
	for slot := range uint32(300) {
		ix.RemoveTrip(slot)
		ix.RemoveLoad(slot)
	}
	ix.Retire(math.MaxInt64)
	if s := ix.Stats(); s.Trips != 0 || s.Loads != 0 || s.TripPostings != 0 || s.LoadPostings != 0 {
		t.Errorf("emptied: %+v", s)
	}
}

// TestRemovalReclaims: what is removed does not pile up.
func TestRemovalReclaims(t *testing.T) {
	w := newIntercity(5)
	ix := w.filled(t, 200)
	full := ix.Stats().TripPostings
	for range 40 / raceShare {
		for slot := range uint32(200) {
			if err := ix.ReplaceTrip(slot, w.trip()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := ix.Stats(); s.TripPostings > 6*full {
		t.Errorf("%d postings at first, %d after replacing each many times", full, s.TripPostings)
	}
	for slot := range uint32(200) {
		ix.RemoveTrip(slot)
	}
	if s := ix.Stats(); s.TripPostings > full {
		t.Errorf("emptied: %+v", s)
	}
}

// TestQueriesBesideWrites: trips nobody touches are found whatever the writer
// does to others meanwhile.
func TestQueriesBesideWrites(t *testing.T) {
	w := newIntercity(6)
	ix := w.filled(t, 400)
	loads := make([]Load, 40)
	want := make([][]Candidate, len(loads))
	for i := range loads {
		loads[i] = w.load()
		want[i] = ix.scan(t, loads[i])
	}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				k := i % len(loads)
				got, err := ix.TripsFor(loads[k], nil)
				if err != nil {
					t.Error(err)
					return
				}
				got = slices.DeleteFunc(got, func(c Candidate) bool { return c.Slot >= 400 })
				if !slices.Equal(got, want[k]) {
					t.Errorf("load %d: %v, want %v", k, got, want[k])
					return
				}
			}
		})
	}
	for range 32 / raceShare {
		var slots []uint32
		for range 40 {
			slot, err := ix.AddTrip(w.trip())
			if err != nil {
				t.Error(err)
			}
			slots = append(slots, slot)
		}
		for i, slot := range slots {
			if i%2 == 0 {
				if err := ix.ReplaceTrip(slot, w.trip()); err != nil {
					t.Error(err)
				}
			}
			ix.RemoveTrip(slot)
		}
	}
	close(done)
	readers.Wait()
}

func TestIndexRefuses(t *testing.T) {
	ix := NewCorridor()
	a, b, bad := Point{319000000, 1211700000}, Point{312300000, 1214700000}, Point{1211700000, 319000000}
	s := plainMetric(a, b)
	for _, tc := range []struct {
		name string
		trip Trip
		want error
	}{
		{"nothing", Trip{}, ErrLegs},
		{"a gap", Trip{Bound: testBound, Legs: []Leg{{From: a, To: b, Seconds: s}, {From: a, To: b, Seconds: s}}}, ErrLegs},
		{"a tail elsewhere", Trip{Bound: testBound, Legs: []Leg{{From: a, To: b, Seconds: s}}, Tail: &Tail{From: a}}, ErrLegs},
		{"a swapped leg", Trip{Bound: testBound, Legs: []Leg{{From: a, To: bad, Seconds: s}}}, ErrCoordinates},
		{"a swapped tail", Trip{Bound: testBound, Tail: &Tail{From: bad}}, ErrCoordinates},
		{"a leg too short", Trip{Bound: testBound, Legs: []Leg{{From: a, To: b, Seconds: s - 2}}}, ErrBound},
	} {
		if _, err := ix.AddTrip(tc.trip); !errors.Is(err, tc.want) {
			t.Errorf("adding %s: %v", tc.name, err)
		}
		if _, err := ix.LoadsFor(tc.trip, nil); !errors.Is(err, tc.want) {
			t.Errorf("asking for %s: %v", tc.name, err)
		}
	}
	if _, err := ix.AddLoad(Load{Pickup: a, Delivery: bad}); !errors.Is(err, ErrCoordinates) {
		t.Errorf("a swapped load: %v", err)
	}
	if _, err := ix.TripsFor(Load{Pickup: bad, Delivery: a}, nil); !errors.Is(err, ErrCoordinates) {
		t.Errorf("asking for a swapped load: %v", err)
	}
	good := Trip{Bound: testBound, Legs: []Leg{{From: a, To: b, Seconds: s, EarliestMs: epochMs, LatestMs: epochMs + 5*hourMs}}}
	if err := ix.ReplaceTrip(0, good); !errors.Is(err, ErrSlot) {
		t.Errorf("replacing nothing: %v", err)
	}
	if err := ix.ReplaceLoad(7, Load{Pickup: a, Delivery: b}); !errors.Is(err, ErrSlot) {
		t.Errorf("replacing no load: %v", err)
	}
	if s := ix.Stats(); s.Trips != 0 || s.TripPostings != 0 || s.Loads != 0 {
		t.Errorf("refusals left %+v", s)
	}
}

// TestStretchKeepsSpans: whatever the level, the span read back holds the span
// put in, and its bucket is among those a query of any moment in it visits.
func TestStretchKeepsSpans(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 50_000 {
		from := epochMs + r.Int64N(400*24*hourMs) - 200*24*hourMs
		to := from + int64(math.Exp(r.Float64()*math.Log(100*24*float64(hourMs))))
		s := stretchOf(from, to)
		low, high := minutes(s.level, s.key, s.first, s.span)
		if low > floorDiv(from, minuteMs) || high < floorDiv(to, minuteMs) {
			t.Fatalf("%d..%d read back as minutes %d..%d", from, to, low, high)
		}
		var cell timed
		cell.add(s, loadPosting{from: s.first, span: s.span})
		at := floorDiv(from+r.Int64N(to-from+1), minuteMs)
		if _, i, j := cell.between(s.level, at, at); j-i != 1 {
			t.Fatalf("%d..%d: no bucket at minute %d", from, to, at)
		}
	}
}
