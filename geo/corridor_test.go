package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/internal/seed"
)

// metric is a test's true driving seconds. It obeys the triangle rule and is
// never below testBound.
type metric func(a, b Point) int64

const testRate = 1.24 / (60 / 3.6) // seconds for each great-circle metre

var testBound = NewBound(testRate)

func plainMetric(a, b Point) int64 { return int64(math.Ceil(GreatCircleM(a, b) * testRate)) }

// slowMetric is a router whose bound is far from the truth.
func slowMetric(a, b Point) int64 { return int64(math.Ceil(GreatCircleM(a, b) * testRate * 1.3)) }

// wallMetric is a world cut by a parallel that can be crossed at gates only.
func wallMetric(latE7 int32, gates []Point) metric {
	return func(a, b Point) int64 {
		if (a.LatE7 > latE7) == (b.LatE7 > latE7) {
			return plainMetric(a, b)
		}
		best := math.Inf(1)
		for _, g := range gates {
			best = min(best, GreatCircleM(a, g)+GreatCircleM(g, b))
		}
		return int64(math.Ceil(best * testRate))
	}
}

// testStop is a stop of the exact evaluator: times in ms, service in seconds.
type testStop struct {
	p           Point
	open, close int64
	service     int64
}

// testTrip is a trip of the exact evaluator.
type testTrip struct {
	stops   []testStop
	horizon int64 // of a free-roaming trip, else 0
	limit   int64
	roams   bool
	riders  int   // stops that are not the trip's own
	spent   int64 // seconds that they make the drive longer
}

// drive simulates a route; ok is false where a window is missed. It returns
// the driving seconds.
func drive(d metric, stops []testStop, horizon int64) (int64, bool) {
	at, total := int64(math.MinInt64), int64(0)
	for i, s := range stops {
		if i > 0 {
			leg := d(stops[i-1].p, s.p)
			total += leg
			at += leg * 1000
		}
		at = max(at, s.open)
		if at > s.close {
			return 0, false
		}
		at += s.service * 1000
	}
	return total, horizon == 0 || at <= horizon
}

// best is the least detour, that of riders included, of any insertion that keeps
// everything, by trying them all.
func (t testTrip) best(d metric, l Load) (int64, bool) {
	own, ok := drive(d, t.stops, t.horizon)
	if !ok {
		return 0, false
	}
	pickup := testStop{l.Pickup, l.PickupOpenMs, l.PickupCloseMs, l.PickupServiceS}
	delivery := testStop{l.Delivery, l.DeliveryOpenMs, l.DeliveryCloseMs, l.DeliveryServiceS}
	n := len(t.stops)
	end := n
	if t.horizon == 0 {
		end = n - 1
	}
	best := int64(math.MaxInt64)
	for i := 1; i <= end; i++ {
		for j := i; j <= end; j++ {
			route := slices.Concat(t.stops[:i], []testStop{pickup}, t.stops[i:j], []testStop{delivery}, t.stops[j:])
			total, ok := drive(d, route, t.horizon)
			if added := total - own + t.spent; ok && (t.roams || added <= t.limit) {
				best = min(best, added)
			}
		}
	}
	return best, best < math.MaxInt64
}

// indexed is the trip as a caller gives it to the index: the earliest and
// latest times of its own plan.
func (t testTrip) indexed(d metric) Trip {
	n := len(t.stops)
	leave, arrive := make([]int64, n), make([]int64, n)
	at := int64(math.MinInt64)
	for i, s := range t.stops {
		if i > 0 {
			at += d(t.stops[i-1].p, s.p) * 1000
		}
		at = max(at, s.open) + s.service*1000
		leave[i] = at
	}
	late := int64(math.MaxInt64)
	if t.horizon != 0 {
		late = t.horizon
	}
	for i := n - 1; i >= 0; i-- {
		s := t.stops[i]
		if late != math.MaxInt64 {
			late -= s.service * 1000
		}
		arrive[i] = min(late, s.close)
		late = arrive[i]
		if i > 0 {
			late -= d(t.stops[i-1].p, s.p) * 1000
		}
	}
	out := Trip{Bound: testBound, DetourLimitS: t.limit, Roams: t.roams}
	for i := 1; i < n; i++ {
		out.Legs = append(out.Legs, Leg{
			From: t.stops[i-1].p, To: t.stops[i].p, Seconds: d(t.stops[i-1].p, t.stops[i].p),
			EarliestMs: leave[i-1], LatestMs: arrive[i],
		})
	}
	if t.horizon != 0 {
		out.Tail = &Tail{From: t.stops[n-1].p, EarliestMs: leave[n-1], HorizonMs: t.horizon}
	}
	return out
}

// world is one random market.
type world struct {
	name  string
	d     metric
	trips []testTrip
	loads []Load

	drives  *Drives // d, where the bound knows it
	strays  bool    // d obeys no triangle rule
	planted bool    // the bound is wrong: only misses count
}

const hourMs = 3_600_000

// epochMs is a day of the test worlds, long enough ago to be past in no clock.
const epochMs = int64(1_760_000_000_000)

func randPoint(r *rand.Rand, centre Point, spreadDeg float64) Point {
	lat := centre.Lat() + (r.Float64()*2-1)*spreadDeg
	lng := centre.Lng() + (r.Float64()*2-1)*spreadDeg/max(0.2, math.Cos(centre.Lat()*math.Pi/180))
	return wrapped(lat, lng)
}

func wrapped(lat, lng float64) Point {
	lat = min(max(lat, -90), 90)
	lng = math.Mod(lng+540, 360) - 180
	return Point{LatE7: int32(math.Round(lat * 1e7)), LngE7: int32(math.Round(lng * 1e7))}
}

// between is a place near the line from a to b, at share f of it.
func between(r *rand.Rand, a, b Point, f, offDeg float64) Point {
	dLng := math.Mod(b.Lng()-a.Lng()+540, 360) - 180
	return randPoint(r, wrapped(a.Lat()+(b.Lat()-a.Lat())*f, a.Lng()+dLng*f), offDeg)
}

// homes are the middles of the test worlds: the delta, the antimeridian, two
// pentagons of H3 and a pole.
var homes = []struct {
	name string
	p    Point
}{
	{"delta", Point{319000000, 1211700000}},
	{"delta", Point{319000000, 1211700000}},
	{"delta", Point{319000000, 1211700000}},
	{"antimeridian", Point{-170000000, 1799000000}},
	{"pentagon", Point{647000000, 105300000}},
	{"pentagon", Point{500000000, -1430000000}},
	{"pole", Point{885000000, 0}},
}

func randWorld(r *rand.Rand, trips, loads int) world {
	home := homes[r.IntN(len(homes))]
	w := world{name: home.name, d: plainMetric}
	switch r.IntN(4) {
	case 0:
		w.d = slowMetric
	case 1:
		gates := []Point{randPoint(r, home.p, 2), randPoint(r, home.p, 4)}
		for i := range gates {
			gates[i].LatE7 = home.p.LatE7
		}
		w.d = wallMetric(home.p.LatE7, gates)
	}
	spread := []float64{0.05, 0.5, 2, 5}[r.IntN(4)]
	for range trips {
		w.trips = append(w.trips, randTrip(r, w.d, home.p, spread))
	}
	for range loads {
		w.loads = append(w.loads, randLoad(r, w, home.p, spread))
	}
	for i := range w.trips {
		if r.IntN(3) > 0 {
			w.tighten(&w.trips[i])
		}
	}
	return w
}

// tighten sets a trip's limit to what one of the loads needs to the second.
func (w world) tighten(t *testTrip) {
	if t.roams {
		return
	}
	free := *t
	free.roams = true
	for _, l := range w.loads {
		if exact, ok := free.best(w.d, l); ok && exact < 4*3600 {
			t.limit = exact
			return
		}
	}
}

func randTrip(r *rand.Rand, d metric, home Point, spread float64) testTrip {
	t := testTrip{limit: []int64{0, 600, 1800, 3600, 7200}[r.IntN(5)]}
	n := 2 + r.IntN(4)
	at := epochMs + r.Int64N(48*hourMs)
	slack := []int64{0, hourMs / 2, hourMs, 2 * hourMs, 3 * hourMs, 4 * hourMs, 8 * hourMs, 30 * hourMs}[r.IntN(8)]
	for i := range n {
		p := randPoint(r, home, spread)
		switch {
		case i == n-1 && r.IntN(4) == 0:
			p = t.stops[0].p
		case i > 0 && r.IntN(8) == 0:
			p = t.stops[i-1].p
		}
		if i > 0 {
			at += d(t.stops[i-1].p, p) * 1000
		}
		s := testStop{p: p, open: at - r.Int64N(hourMs), close: at + r.Int64N(slack+1), service: r.Int64N(1200)}
		t.stops = append(t.stops, s)
		at = max(at, s.open) + s.service*1000
	}
	switch r.IntN(6) {
	case 0:
		t.roams = true
	case 1:
		t.roams = true
		t.stops = t.stops[:1+r.IntN(2)]
		t.horizon = at + r.Int64N(24*hourMs)
	}
	return t
}

func randLoad(r *rand.Rand, w world, home Point, spread float64) Load {
	t := w.trips[r.IntN(len(w.trips))]
	a, b := r.IntN(len(t.stops)), r.IntN(len(t.stops))
	if r.IntN(5) > 0 && a > b {
		a, b = b, a
	}
	off := []float64{0, 0.03, 0.15, 0.4}[r.IntN(4)]
	f, g := r.Float64(), r.Float64()
	if f > g && r.IntN(4) > 0 {
		f, g = g, f
	}
	l := Load{
		Pickup:         between(r, t.stops[a].p, t.stops[b].p, f, off),
		Delivery:       between(r, t.stops[a].p, t.stops[b].p, g, off),
		PickupServiceS: r.Int64N(900), DeliveryServiceS: r.Int64N(900),
	}
	if r.IntN(10) == 0 {
		l.Delivery = randPoint(r, home, spread)
	}
	ready := t.stops[0].open + r.Int64N(12*hourMs) - 3*hourMs
	l.PickupOpenMs = ready
	l.PickupCloseMs = ready + r.Int64N(24*hourMs)
	l.DeliveryOpenMs = ready + r.Int64N(6*hourMs)
	l.DeliveryCloseMs = l.DeliveryOpenMs + r.Int64N(30*hourMs)
	return l
}

// tally counts what the worlds of a test held.
type tally struct {
	pairs, feasible, tight, riders, proposed, missed int
	search                                           Search
}

// compare asks the index about every pair of a world and holds the answers
// against the exact evaluator.
func (c *tally) compare(t *testing.T, ix *Corridor, w world, slot []uint32) {
	t.Helper()
	for li, l := range w.loads {
		got, err := ix.TripsFor(l, nil)
		if err != nil {
			t.Fatal(err)
		}
		bySlot := map[uint32]int64{}
		for _, g := range got {
			bySlot[g.Slot] = g.DetourS
		}
		glance := c.glance(t, ix, l, got)
		c.proposed += len(got)
		for ti, trip := range w.trips {
			c.pairs++
			exact, ok := trip.best(w.d, l)
			if !ok {
				continue
			}
			c.feasible++
			if !trip.roams && 10*exact > 8*trip.limit {
				c.tight++
			}
			if trip.riders > 0 {
				c.riders++
			}
			if s := glance[slot[ti]]; s > exact && !w.planted && !(w.strays && trip.riders > 0) {
				t.Errorf("%s: load %d on trip %d: %d s at a glance, above the true detour %d s", w.name, li, ti, s, exact)
			}
			bound, there := bySlot[slot[ti]]
			if !there {
				c.missed++
				continue
			}
			if bound > exact && !w.planted && !(w.strays && trip.riders > 0) { // else riders on other legs may have saved time
				t.Errorf("%s: load %d on trip %d: bound %d s above the true detour %d s", w.name, li, ti, bound, exact)
			}
		}
	}
}

// glance holds a search against what TripsFor returned, and tells its bounds by slot.
func (c *tally) glance(t *testing.T, ix *Corridor, l Load, want []Candidate) map[uint32]int64 {
	t.Helper()
	found, err := c.search.Seek(ix, l)
	if err != nil {
		t.Fatal(err)
	}
	bounds := map[uint32]int64{}
	var closer []Candidate
	for _, f := range found {
		bounds[f.Slot] = f.DetourS
		if s, ok := c.search.Detour(f.Slot); ok {
			closer = append(closer, Candidate{Slot: f.Slot, DetourS: s})
		}
	}
	sortCandidates(closer)
	if !slices.Equal(closer, want) || len(bounds) != len(found) {
		t.Fatalf("a search leaves %v, TripsFor %v", closer, want)
	}
	return bounds
}

func addTrips(t *testing.T, ix *Corridor, w world) []uint32 {
	t.Helper()
	var out []uint32
	for _, trip := range w.trips {
		made := trip.indexed(w.d)
		made.Bound = made.Bound.With(w.drives)
		s, err := ix.AddTrip(made)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// sided tells the world's drives where some place is to the north of the first stop and
// another is not: across a wall, if there is one, and across open land.
func (w world) sided() *Drives {
	border := w.trips[0].stops[0].p.LatE7
	return &Drives{Seconds: w.d,
		Side: func(p Point) uint8 {
			if p.LatE7 > border {
				return 2
			}
			return 1
		},
		Across: func(p Point, far Vec, side uint8) float64 {
			lat, lng := math.Asin(max(-1, min(1, far.Z))), math.Atan2(far.Y, far.X)
			there := wrapped(lat*180/math.Pi, lng*180/math.Pi)
			if (there.LatE7 > border) != (side == 2) {
				there.LatE7 = border + int32(side) - 1 // rounded across it
			}
			return float64(w.d(p, there)) - 1 // it was rounded up
		},
	}
}

// TestNoFalseNegatives is the promise of the index, against every insertion
// tried out on thousands of random worlds.
func TestNoFalseNegatives(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	var all tally
	worlds := 2000 / raceShare
	if testing.Short() {
		worlds = 300
	}
	ix := NewCorridor()
	for range worlds {
		w := randWorld(r, 8, 12)
		ix.mixedTrips = r.IntN(2)
		if r.IntN(2) == 0 {
			w.drives = w.sided()
		}
		slot := addTrips(t, ix, w)
		all.compare(t, ix, w, slot)
		for _, s := range slot { // the next world reuses the slots
			ix.RemoveTrip(s)
		}
		if all.missed > 0 || t.Failed() {
			t.Fatalf("%s: %+v", w.name, all)
		}
	}
	t.Logf("%+v", all)
	if all.feasible*10 < all.pairs || all.tight*20 < all.feasible {
		t.Errorf("the worlds prove too little: %+v", all)
	}
}

// TestShrunkCoverIsCaught plants a bug, covers that forget the radius of
// cells, and sees that the comparison finds it.
func TestShrunkCoverIsCaught(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var all tally
	ix := NewCorridor()
	ix.radiusScale, ix.walker.radiusScale = 0, 0
	for range 300 / raceShare {
		w := randWorld(r, 8, 12)
		slot := addTrips(t, ix, w)
		all.compare(t, ix, w, slot)
		for _, s := range slot {
			ix.RemoveTrip(s)
		}
	}
	t.Logf("%+v", all)
	if all.missed == 0 {
		t.Error("a cover without the cells' radii lost nothing")
	}
}
