package reload

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

const start = freight.Instant(1_700_000_000_000)

var costs = freight.DefaultCosts()

// flat measures on a plane of 1 m a unit of 10^-5 degrees, at 60 km/h.
func flat(a, b freight.Point) freight.Leg {
	dx, dy := float64(a.LngE7-b.LngE7)/100, float64(a.LatE7-b.LatE7)/100
	m := int64(math.Ceil(math.Hypot(dx, dy)))
	return freight.Leg{Metres: m, Seconds: (m*60 + 999) / 1000, Method: "flat", Version: "1"}
}

func km(x, y float64) freight.Point {
	return freight.Point{LatE7: int32(300_000_000 + y*100_000), LngE7: int32(1_200_000_000 + x*100_000)}
}

func stop(at freight.Point, from, to freight.Instant) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: at, Town: "town"}, Window: freight.Window{Open: start + from, Close: start + to}, ServiceS: 600}
}

func fitAt(now freight.Instant) *matcher.Fit {
	return &matcher.Fit{Costs: &costs, Measure: flat, Now: now}
}

// outbound is a truck of km 0 that goes to km 100 and is done two hours after it starts.
func outbound(t testing.TB, f *matcher.Fit) *freight.Trip {
	t.Helper()
	trip := &freight.Trip{State: freight.TripOpen, VehicleID: "ve_1", TripTerms: freight.TripTerms{
		Vehicle: freight.VehicleTerms{Type: freight.Type9M6, Payload: 10_000_000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}},
		Stops:   []freight.Stop{stop(km(0, 0), freight.Hour, 2*freight.Hour), stop(km(100, 0), freight.Hour, 6*freight.Hour)},
		Rooms:   []freight.Room{{Grams: 1_000_000}}, Limits: freight.Limits{DetourM: 40_000, DetourS: 3600, ExtraStops: 8},
		Chain: &freight.Chain{Home: &freight.Place{Point: km(0, 0), Town: "home"}},
	}}
	trip.ID = "tr_1"
	var err error
	if trip.Plan, trip.DirectM, trip.DirectS, err = f.Base(trip.TripTerms, []freight.Leg{flat(km(0, 0), km(100, 0))}); err != nil {
		t.Fatal(err)
	}
	return trip
}

// randomLoads are loads from somewhere near the end of the trip to somewhere near its
// home, and some that are not.
func randomLoads(rng *rand.Rand, n int) (list []*freight.Load) {
	at := func(x float64) freight.Point { return km(x+rng.Float64()*30-15, rng.Float64()*24-12) }
	for i := range n {
		from, to := 60+rng.Float64()*40, rng.Float64()*40
		if rng.IntN(6) == 0 {
			from, to = to, from
		}
		open := freight.Instant(rng.IntN(8)) * freight.Hour
		l := &freight.Load{State: freight.LoadPosted, LoadTerms: freight.LoadTerms{Goods: "crates",
			Pickup:   stop(at(from), open, open+freight.Instant(2+rng.IntN(8))*freight.Hour),
			Delivery: stop(at(to), open, open+freight.Instant(4+rng.IntN(14))*freight.Hour),
			Size:     freight.Size{Room: freight.Room{Grams: int64(1+rng.IntN(6)) * 1_000_000, Millilitres: 4_000_000, FloorMM: int64(1+rng.IntN(5)) * 1000}}}}
		l.ID, l.Stated = freight.ID(fmt.Sprintf("ld_%02d", i)), 1
		l.Direct = flat(l.Pickup.Place.Point, l.Delivery.Place.Point)
		l.Alone, _ = costs.Alone(l.Size, l.Direct, 1200)
		l.Ceiling = l.Alone * freight.Fen(15+rng.IntN(80)) / 100
		list = append(list, l)
	}
	return list
}

// all tries every sequence of loads and returns the value of the best, and of how many
// sequences.
func all(f *matcher.Fit, trip *freight.Trip, left []*freight.Load, value int64) (best int64, tried int) {
	best = value
	for i, l := range left {
		v := f.Fits(trip, l)
		if !v.OK {
			continue
		}
		next := *trip
		next.Plan = v.Plan
		b, n := all(f, &next, slices.Delete(slices.Clone(left), i, i+1), value+v.Value)
		best, tried = max(best, b), tried+n+1
	}
	return best, tried
}

func TestTheBestSetEqualsTryingEverything(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 5))
	found, several, aside := 0, 0, 0
	for world := range 400 {
		f := fitAt(start)
		trip := outbound(t, f)
		back, ok := Backhaul(f, trip, 0)
		if !ok {
			t.Fatal("no way home")
		}
		loads := randomLoads(rng, 1+rng.IntN(4))
		want, _ := all(f, back, loads, 0)
		set, ok := Best(f, back, loads)
		if got := set.Value; got < want {
			t.Fatalf("world %d: found %d, the best sequence is worth %d", world, got, want)
		}
		if !ok {
			continue
		}
		found++
		if len(set.Loads) > 1 {
			several++
		}
		again, ok := Put(f, back, set.Loads, set.At)
		if !ok || again.Value != set.Value || again.Price() != set.Price() {
			t.Fatalf("world %d: in its order it is worth %d, not %d", world, again.Value, set.Value)
		}
		if first, _ := Best(f, back, loads[:1]); first.Value < set.Value {
			aside++
		}
		r := Propose(f, trip, back, &set, 7000)
		if r.Value != 7000+set.Value*(1000-trip.FailRisk())/1000 || r.Until < set.Trip.Plan[0].Start || r.Departs.Open < trip.Done() {
			t.Fatalf("world %d: %+v", world, r)
		}
	}
	if found < 100 || several < 30 || aside < 20 {
		t.Errorf("the worlds show little: %d sets, %d of several loads, %d better than the first", found, several, aside)
	}
}

// With more loads than the beam looks at, what it finds still holds and is no worse than
// taking the best load, then the best beside it.
func TestLargerSetsHold(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 6))
	for world := range 15 {
		f := fitAt(start)
		back, _ := Backhaul(f, outbound(t, f), 0)
		loads := randomLoads(rng, 30)
		set, ok := Best(f, back, loads)
		if !ok {
			continue
		}
		slices.Reverse(loads)
		if other, _ := Best(f, back, loads); other.Value != set.Value || !slices.Equal(other.Loads, set.Loads) {
			t.Errorf("world %d: another order of the loads gives another set", world)
		}
		if greedy := greedily(f, back, loads); set.Value < greedy {
			t.Errorf("world %d: %d, greedily %d", world, set.Value, greedy)
		}
	}
}

func greedily(f *matcher.Fit, trip *freight.Trip, loads []*freight.Load) (value int64) {
	for range freight.ReloadLoads {
		var best matcher.Verdict
		for _, l := range loads {
			if v := f.Fits(trip, l); v.OK && v.Value > best.Value && !slices.ContainsFunc(trip.Plan, func(c freight.Call) bool { return c.Load == l.ID }) {
				best = v
			}
		}
		if !best.OK {
			return value
		}
		next := *trip
		next.Plan, value = best.Plan, value+best.Value
		trip = &next
	}
	return value
}

func TestWhereNoWayHomeIsSought(t *testing.T) {
	f := fitAt(start)
	until := start + 3*freight.Hour + 10*freight.Minute + 100*freight.Minute // the trip ends at 2h50, home is 100 minutes away
	for name, c := range map[string]struct {
		bend  func(*freight.Trip)
		until freight.Instant
		want  bool
	}{
		"as it is":                   {func(*freight.Trip) {}, 0, true},
		"no home":                    {func(t *freight.Trip) { t.Chain = nil }, 0, false},
		"only after another":         {func(t *freight.Trip) { t.Chain = &freight.Chain{After: "tr_0"} }, 0, false},
		"ends at home":               {func(t *freight.Trip) { t.Chain = &freight.Chain{Home: &freight.Place{Point: km(85, 0), Town: "home"}} }, 0, false},
		"just beyond":                {func(t *freight.Trip) { t.Chain = &freight.Chain{Home: &freight.Place{Point: km(80, 0), Town: "home"}} }, 0, true},
		"roams":                      {func(t *freight.Trip) { t.Roaming = true }, 0, false},
		"lapsed":                     {func(t *freight.Trip) { t.State = freight.TripLapsed }, 0, false},
		"underway":                   {func(t *freight.Trip) { t.State = freight.TripUnderway }, 0, true},
		"the next trip is too soon":  {func(*freight.Trip) {}, until - 21*freight.Minute, false},
		"the next trip is far ahead": {func(*freight.Trip) {}, until + freight.Day, true},
		"drivers rest": {func(t *freight.Trip) {
			t.Duty = freight.Duty{Drivers: 1, DriveS: 4 * 3600, RestS: 1200, DayS: 8 * 3600, ResetS: 11 * 3600}
		}, 0, true},
	} {
		trip := outbound(t, f)
		c.bend(trip)
		back, ok := Backhaul(f, trip, c.until)
		if ok != c.want {
			t.Errorf("%s: %v", name, ok)
		}
		if !ok {
			continue
		}
		admission := freight.Admission{Market: freight.Market{Box: freight.Box{South: 0, West: 0, North: 900_000_000, East: 1_800_000_000}}, Now: start}
		terms := back.TripTerms
		terms.Vehicle.Plate = freight.Plate{Number: "苏FA", Colour: "yellow"}
		if _, err := admission.Trip(terms); err != nil {
			t.Errorf("%s: cannot be announced: %v", name, err)
		}
		if back.Starts() < trip.Fresh() || c.until != 0 && back.Ends() > c.until {
			t.Errorf("%s: from %v to %v", name, back.Starts(), back.Ends())
		}
	}
}

func TestWhatIsNewsToAnOperator(t *testing.T) {
	l := func(id string) *freight.Load { load := &freight.Load{}; load.ID = freight.ID(id); return load }
	trip := &freight.Trip{Tie: &freight.Tie{Reload: &freight.Reload{Then: 1000, Named: []freight.ID{"a", "b"}, Lines: []freight.ReloadLine{{Load: "b"}}}}}
	for name, c := range map[string]struct {
		loads []*freight.Load
		value int64
		waits bool
		want  bool
	}{
		"known loads, however dear":      {[]*freight.Load{l("a"), l("b")}, 9000, false, false},
		"a new one worth little more":    {[]*freight.Load{l("c")}, 1099, true, false},
		"a new one worth a tenth more":   {[]*freight.Load{l("c")}, 1100, true, true},
		"a new one when the last is off": {[]*freight.Load{l("c")}, 10, false, true},
	} {
		if got := News(trip, &Set{Loads: c.loads, Value: c.value}, func(freight.ID, int64) bool { return c.waits }); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !News(&freight.Trip{}, &Set{}, nil) {
		t.Error("whoever was told nothing yet hears nothing")
	}
}

func TestWhatATripCarriesIsWorth(t *testing.T) {
	f := fitAt(start)
	trip := outbound(t, f)
	loads := randomLoads(rand.New(rand.NewPCG(1, 1)), 1)
	l := loads[0]
	l.Pickup, l.Delivery = stop(km(10, 3), 0, 8*freight.Hour), stop(km(80, 0), 0, 12*freight.Hour)
	l.Size.Room, l.Ceiling = freight.Room{Grams: 500_000}, 1_000_000
	if First(f, trip, nil) != 0 {
		t.Error("an empty truck is worth something")
	}
	v := f.Fits(trip, l)
	if !v.OK {
		t.Fatal(v.Reason)
	}
	trip.Plan = v.Plan
	if got := First(f, trip, func(freight.ID) freight.Fen { return l.Alone }); got != v.Value {
		t.Errorf("worth %d, it was accepted for %d", got, v.Value)
	}
}

// A trip after another that has not ended is worth less to a load, and asks the same.
func TestATripAfterAnotherIsWorthLess(t *testing.T) {
	f := fitAt(start)
	trip := outbound(t, f)
	l := randomLoads(rand.New(rand.NewPCG(1, 1)), 1)[0]
	l.Pickup, l.Delivery = stop(km(10, 3), 0, 8*freight.Hour), stop(km(80, 0), 0, 12*freight.Hour)
	l.Size.Room, l.Ceiling = freight.Room{Grams: 500_000}, 1_000_000
	sure := f.Fits(trip, l)
	trip.Tie = &freight.Tie{Risk: 100}
	unsure := f.Fits(trip, l)
	if !sure.OK || !unsure.OK || unsure.Value != sure.Value*900/1000 || unsure.Terms != sure.Terms || f.Weigh(trip, l).Value != unsure.Value {
		t.Errorf("%d fen for %+v, after another trip %d for %+v", sure.Value, sure.Terms, unsure.Value, unsure.Terms)
	}
	trip.Tie.Risk = 0
	if again := f.Fits(trip, l); again.Value != sure.Value {
		t.Errorf("%d fen once the other has ended", again.Value)
	}
}
