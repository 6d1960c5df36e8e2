package batch

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pinhuo/internal/seed"
)

func random(t testing.TB) *rand.Rand {
	seed := seed.Of(t)
	return rand.New(rand.NewPCG(seed, 0))
}

func solve(t testing.TB, p *Problem, effort Effort) *Packing {
	t.Helper()
	k, err := Solve(p, effort)
	if err != nil {
		t.Fatal(err)
	}
	worth, err := judge(p, k)
	if err != nil {
		t.Fatalf("the packing breaks a rule: %v", err)
	}
	if worth != k.Value {
		t.Fatalf("the packing is worth %d and not %d", worth, k.Value)
	}
	return k
}

// Tiny problems are solved to the optimum that trying everything finds.
func TestSolveEqualsExhaustion(t *testing.T) {
	chance := random(t)
	shared, worth := 0, 0
	for n := 0; worth < 150 || shared < 20; n++ {
		if n == 5000 {
			t.Fatalf("of %d worlds %d are worth anything, %d have a truck with two loads: too poor to prove anything", n, worth, shared)
		}
		p := world(chance, 8, 1+chance.IntN(3), 1+chance.IntN(5))
		k := solve(t, p, Effort{})
		if best := exhaust(p); k.Value != best {
			t.Fatalf("world %d: %d, the optimum is %d: %+v", n, k.Value, best, p)
		}
		if k.Value > 0 {
			worth++
		}
		for i, r := range k.Routes {
			if len(r) >= 4+len(p.Trips[i].Stops)-2 {
				shared++
				break
			}
		}
	}
}

// The cheapest place of a load is the cheapest of all places that keep the
// rules.
func TestCheapestEqualsTryingAll(t *testing.T) {
	chance := random(t)
	feasible := 0
	for range 4000 {
		p := world(chance, 8, 1, 4)
		trip := &p.Trips[0]
		route := ownRoute(trip)
		r, other := tour{p: p}, tour{p: p}
		if !r.set(trip, route) {
			continue
		}
		for l := range int32(4) {
			at := r.cheapest(l)
			best, found := int64(0), false
			for i := 0; i <= len(route); i++ {
				for j := i; j <= len(route); j++ {
					if other.set(trip, r.with(l, place{i: i, j: j}, nil)) {
						if cost := p.cost(other.detourM-r.detourM, other.detourS-r.detourS); !found || cost < best {
							best, found = cost, true
						}
					}
				}
			}
			if at.feasible != found || found && at.cost != best {
				t.Fatalf("cheapest %+v, of all %d %v, in %+v", at, best, found, p)
			}
			if found {
				feasible++
				route = r.with(l, at, nil)
				r.set(trip, route)
			}
		}
	}
	if feasible < 500 {
		t.Errorf("only %d places were found", feasible)
	}
}

// Every subset of a route that keeps the rules keeps them.
func TestSubsetsOfFeasibleAreFeasible(t *testing.T) {
	chance := random(t)
	for range 300 {
		p := world(chance, 12, 3, 20)
		for i, route := range solve(t, p, Effort{Rounds: 2}).Routes {
			for _, gone := range route {
				var rest Route
				for _, c := range route {
					if c.Load == Own || c.Load != gone.Load {
						rest = append(rest, c)
					}
				}
				if _, err := walk(p, i, append(rest, Call{Load: Own}), map[int]int{}); err != nil {
					t.Fatalf("without load %d: %v", gone.Load, err)
				}
			}
		}
	}
}

// Whenever it is stopped there is a packing that keeps every rule.
func TestStoppedAnywhere(t *testing.T) {
	p := world(random(t), 30, 8, 40)
	whole := solve(t, p, Effort{}).Value
	for stop := range 30 {
		asked := 0
		if k := solve(t, p, Effort{Stop: func() bool { asked++; return asked > stop*stop }}); k.Value > whole {
			t.Errorf("stopped early: %d, not stopped: %d", k.Value, whole)
		}
	}
}

// Two runs are equal; with trips and loads in another order the value stays
// within 0.3 %; a trip that can do nothing changes nothing.
func TestNamesDoNotMatter(t *testing.T) {
	chance := random(t)
	for range 3 {
		p := world(chance, 40, 15, 60)
		k := solve(t, p, Effort{})
		if again := solve(t, p, Effort{}); !reflect.DeepEqual(k, again) {
			t.Fatal("two runs differ")
		}
		q := *p
		q.Trips, q.Loads = append([]Trip{}, p.Trips...), append([]Load{}, p.Loads...)
		chance.Shuffle(len(q.Trips), func(i, j int) { q.Trips[i], q.Trips[j] = q.Trips[j], q.Trips[i] })
		chance.Shuffle(len(q.Loads), func(i, j int) { q.Loads[i], q.Loads[j] = q.Loads[j], q.Loads[i] })
		if other := solve(t, &q, Effort{}); 1000*max(other.Value-k.Value, k.Value-other.Value) > 3*k.Value {
			t.Errorf("shuffled: %d, before: %d", other.Value, k.Value)
		}
		useless := p.Trips[0]
		useless.DetourM = -1
		q = *p
		q.Trips = append(append([]Trip{}, p.Trips...), useless)
		if other := solve(t, &q, Effort{}); 1000*max(other.Value-k.Value, k.Value-other.Value) > 3*k.Value {
			t.Errorf("with a useless trip: %d, before: %d", other.Value, k.Value)
		}
	}
}

// What cannot be computed with is refused by name.
func TestSenselessProblems(t *testing.T) {
	good := func() *Problem {
		return &Problem{Places: 1, Metres: make([]int32, 1), Seconds: make([]int32, 1),
			Trips: []Trip{{Stops: make([]Stop, 2), Room: make([][Dimensions]int64, 1)}}, Loads: make([]Load, 1)}
	}
	for name, spoil := range map[string]func(p *Problem){
		"a short matrix":      func(p *Problem) { p.Metres = nil },
		"a trip of one stop":  func(p *Problem) { p.Trips[0].Stops = p.Trips[0].Stops[:1] },
		"no room":             func(p *Problem) { p.Trips[0].Room = nil },
		"a trip to nowhere":   func(p *Problem) { p.Trips[0].Stops[1].Place = 1 },
		"a load from nowhere": func(p *Problem) { p.Loads[0].Pickup.Place = -1 },
	} {
		p := good()
		spoil(p)
		if _, err := Solve(p, Effort{}); err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
	if k, err := Solve(good(), Effort{}); err != nil || k.Value != 0 {
		t.Errorf("nothing to do: %+v, %v", k, err)
	}
}

func BenchmarkCheapest(b *testing.B) {
	chance := rand.New(rand.NewPCG(1, 1))
	for _, aboard := range []int{0, 4, 10} {
		p := world(chance, 30, 1, 4000)
		p.Trips = []Trip{{Stops: []Stop{{}, {Place: 1, Close: 1 << 40}}, Room: [][Dimensions]int64{{1 << 30, 1 << 30, 1 << 30}}, DetourM: 1 << 40, DetourS: 1 << 40, Equip: 7}}
		r := tour{p: p}
		r.set(&p.Trips[0], nil)
		for l := int32(0); l < int32(len(p.Loads)-1) && len(r.calls) < 2+2*aboard; l++ {
			if at := r.cheapest(l); at.feasible {
				r.set(&p.Trips[0], r.with(l, at, nil))
			}
		}
		b.Run(fmt.Sprintf("%d_calls", len(r.calls)), func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				r.cheapest(int32(i % len(p.Loads)))
			}
		})
	}
}
