package batch

import "testing"

// lotsOf takes a problem apart.
func lotsOf(p *Problem) []Lot {
	m := newTable(p)
	lots := make([]Lot, len(p.Trips))
	for t := range p.Trips {
		one := *p
		one.Trips, one.Loads = p.Trips[t:t+1], nil
		for _, l := range m.Alone(t) {
			one.Loads = append(one.Loads, p.Loads[l])
		}
		lots[t] = Lot{Problem: &one, Loads: m.Alone(t)}
	}
	return lots
}

// No packing is worth more than the bound, however little effort it was given;
// with enough it is close to the optimum.
func TestBoundIsNeverBelowTheOptimum(t *testing.T) {
	chance := random(t)
	worth, near := 0, 0
	for n := 0; worth < 150; n++ {
		if n == 5000 {
			t.Fatalf("only %d worlds are worth anything", worth)
		}
		p := world(chance, 8, 1+chance.IntN(3), 1+chance.IntN(5))
		best := exhaust(p)
		for _, effort := range []BoundEffort{{Rounds: 20}, {Rounds: 1}, {Rounds: 3, Steps: 1}, {Rounds: 3, Steps: 40}} {
			if got := Bound(lotsOf(p), len(p.Loads), nil, effort); got.Bound < best {
				t.Fatalf("world %d, effort %+v: the bound is %+v, the optimum %d: %+v", n, effort, got, best, p)
			}
		}
		if best == 0 {
			continue
		}
		worth++
		if got := Bound(lotsOf(p), len(p.Loads), nil, BoundEffort{Rounds: 20}); got.Cut == 0 && got.Bound-best <= best/50 {
			near++
		}
	}
	if near < worth*2/3 {
		t.Errorf("of %d worlds only %d are bounded closely", worth, near)
	}
}
