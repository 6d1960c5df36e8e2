package bundle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

// flat measures on a plane of metres at 20 m/s, rounded up.
func flat(a, b freight.Point) freight.Leg {
	abs := func(n int32) int64 { return int64(max(n, -n)) }
	m := abs(a.LatE7-b.LatE7) + abs(a.LngE7-b.LngE7)
	return freight.Leg{Metres: m, Seconds: (m + 19) / 20}
}

// scene draws a truck with an own stop between and loads near its way, so tight that
// orders matter: short windows, little room, rear doors.
func scene(t *testing.T, chance *rand.Rand, loads int) (*matcher.Fit, *freight.Trip, []*freight.Load) {
	t.Helper()
	costs := freight.DefaultCosts()
	fit := &matcher.Fit{Costs: &costs, Measure: flat, Terse: true}
	point := func() freight.Point {
		return freight.Point{LatE7: 20 * chance.Int32N(3000), LngE7: 20 * chance.Int32N(1000)} // of whole seconds: no rounding
	}
	stop := func(at freight.Point, open, shut freight.Instant) freight.Stop {
		return freight.Stop{Place: freight.Place{Point: at}, Window: freight.Window{Open: open * freight.Minute, Close: shut * freight.Minute}, ServiceS: 300 + chance.Int64N(900)}
	}
	terms := freight.TripTerms{
		Stops:   []freight.Stop{stop(freight.Point{}, 60, 90), stop(point(), 60, 400), stop(freight.Point{LatE7: 60_000}, 60, 350+freight.Instant(chance.Int64N(300)))},
		Limits:  freight.Limits{DetourM: 80_000 + chance.Int64N(120_000), DetourS: 5000 + chance.Int64N(9000), ExtraStops: 8},
		Rooms:   []freight.Room{{Grams: 3_000_000, Millilitres: 9_000_000}, {Grams: 2_500_000, Millilitres: 9_000_000}},
		Vehicle: freight.VehicleTerms{Type: "6.8m", Payload: 10_000_000, Doors: [...]freight.Doors{freight.DoorsUnsaid, freight.DoorsRear}[chance.IntN(2)]},
	}
	if chance.IntN(3) == 0 {
		terms.Duty = freight.Duty{DriveS: 3600 + chance.Int64N(3600), RestS: 1200, Drivers: 1}
	}
	var legs []freight.Leg
	for i := 1; i < len(terms.Stops); i++ {
		legs = append(legs, flat(terms.Stops[i-1].Place.Point, terms.Stops[i].Place.Point))
	}
	plan, m, s, err := fit.Base(terms, legs)
	if err != nil {
		return scene(t, chance, loads)
	}
	trip := &freight.Trip{TripTerms: terms, Plan: plan, DirectM: m, DirectS: s}
	var goods []*freight.Load
	for i := range loads {
		l := &freight.Load{}
		open := freight.Instant(chance.Int64N(120))
		l.ID = freight.ID(rune('a' + i))
		l.Pickup = stop(point(), open, open+120+freight.Instant(chance.Int64N(200)))
		l.Delivery = stop(point(), open, open+200+freight.Instant(chance.Int64N(300)))
		l.Size.Grams = 300_000 + chance.Int64N(1_200_000)
		l.Alone, _ = costs.Alone(l.Size, flat(l.Pickup.Place.Point, l.Delivery.Place.Point), 1200)
		l.Ceiling = l.Alone * freight.Fen(60+chance.Int64N(80)) / 100
		goods = append(goods, l)
	}
	return fit, trip, goods
}

// everything tries every place of every load, one load after the other, and tells of
// the cheapest plan what it costs. payable tells whether a plan counts.
func everything(fit *matcher.Fit, trip *freight.Trip, loads []*freight.Load, payable func(plan []freight.Call) (int64, bool)) (least int64, ok bool) {
	if len(loads) == 0 {
		return payable(trip.Plan)
	}
	l := matcher.Unpriced(loads[0])
	for i := 1; i < len(trip.Plan); i++ {
		for j := i; j < len(trip.Plan); j++ {
			v := fit.At(trip, l, freight.Spot{PickupAt: i, DeliveryAt: j + 1})
			if !v.OK {
				continue
			}
			next := *trip
			next.Plan = v.Plan
			if c, found := everything(fit, &next, loads[1:], payable); found && (!ok || c < least) {
				least, ok = c, true
			}
		}
	}
	return least, ok
}

// split finds the least that a plan comes to if its loads are put in one after the
// other, in any order in which each pays no more than its ceiling for what it causes.
func split(fit *matcher.Fit, trip *freight.Trip, plan []freight.Call, loads []*freight.Load) (least int64, ok bool) {
	n := len(loads)
	var visit func(has int, sum int64)
	var perm func(has int, sum int64)
	drive := func(has int) (m, s int64) { // of the plan with those loads alone
		at := plan[0].Point
		for _, call := range plan[1:] {
			in := call.Own >= 0
			for k := range loads {
				in = in || call.Own < 0 && call.Load == loads[k].ID && has>>k&1 == 1
			}
			if !in {
				continue
			}
			leg := flat(at, call.Point)
			m, s, at = m+leg.Metres, s+leg.Seconds, call.Point
		}
		return m, s
	}
	cost, _ := fit.Costs.Of(trip.Vehicle.Type)
	perm = func(has int, sum int64) {
		if has == 1<<n-1 {
			if !ok || sum < least {
				least, ok = sum, true
			}
			return
		}
		visit(has, sum)
	}
	visit = func(has int, sum int64) {
		m0, s0 := drive(has)
		for k, l := range loads {
			if has>>k&1 == 1 {
				continue
			}
			m1, s1 := drive(has | 1<<k)
			s := s1 - s0 + l.Pickup.ServiceS + l.Delivery.ServiceS
			if fit.Costs.Price(trip.Vehicle.Type, m1-m0, s, trip.Least) <= l.Ceiling {
				perm(has|1<<k, sum+int64(cost.Drive(m1-m0, s)))
			}
		}
	}
	perm(0, 0)
	return least, ok
}

// The order of a set is the cheapest there is in which it can be put in load by load, as
// far as trying every order of its calls finds; and it can be put in so.
func TestOrderEqualsTryingEverything(t *testing.T) {
	chance := rand.New(rand.NewPCG(seed.Of(t), 0))
	const worlds = 150
	feasible, pinned, unpayable := 0, 0, 0
	for world := range worlds {
		fit, trip, loads := scene(t, chance, 2+world%3)
		most := int64(1) << 40
		want, ok := everything(fit, trip, loads, func(plan []freight.Call) (int64, bool) { return split(fit, trip, plan, loads) })
		if _, fits := everything(fit, trip, loads, func([]freight.Call) (int64, bool) { return 0, true }); fits && !ok {
			unpayable++
		}
		f, all := NewFleet(loads), make([]int32, len(loads))
		for i := range all {
			all[i] = int32(i)
		}
		f.Add(trip, fit, all)
		ride, cost, found := f.Order(0, all, most)
		if found != ok || ok && max(cost-want, want-cost) > int64(2*len(loads)) {
			t.Fatalf("world %d of %d loads: %d, %t; trying everything: %d, %t", world, len(loads), cost, found, want, ok)
		}
		if !ok {
			continue
		}
		feasible++
		set := f.Riding(ride)
		if sum := put(t, fit, trip, loads, &set); sum != cost {
			t.Fatalf("world %d: put in one after the other they cost %d, not %d", world, sum, cost)
		}
		if slices.ContainsFunc(set.At, func(at freight.Spot) bool { return at != freight.Spot{} }) {
			pinned++
		}
	}
	if feasible < worlds/10 || pinned < 3 || unpayable < 3 {
		t.Errorf("%d sets feasible of %d, %d of them not at the cheapest places, %d that cannot be split", feasible, worlds, pinned, unpayable)
	}
	t.Logf("%d sets feasible of %d, %d of them not at the cheapest places, %d that cannot be split", feasible, worlds, pinned, unpayable)
}

// put puts the loads of a ride in and returns what they cost.
func put(t *testing.T, fit *matcher.Fit, trip *freight.Trip, loads []*freight.Load, set *Riding) (sum int64) {
	t.Helper()
	probe := *trip
	for i, l := range set.Loads {
		v := fit.Put(&probe, loads[l], set.At[i])
		if !v.OK {
			t.Fatalf("load %d of %v does not go in", i, set.Loads)
		}
		probe.Plan = v.Plan
		sum += int64(loads[l].Alone) - v.Value
	}
	return sum
}
