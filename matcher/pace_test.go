package matcher_test

import (
	"testing"

	"pinhuo/geo"
)

// TestPaceMissesNothing: an index that also knows what the limit of metres comes
// to in seconds still proposes all that fits, and proposes less.
func TestPaceMissesNothing(t *testing.T) {
	logSeed(t)
	corridor := geo.NewCorridor()
	var with, without shares
	for number := range *worlds / 2 {
		w := newWorld(*seed, number, 5, 5, byRoad)
		if err := compare(corridor, w, &without); err != nil {
			t.Fatalf("world %d (%v): %v", number, w.kind, err)
		}
		w.fit.Floor.Pace = fallback.Pace()
		if err := compare(corridor, w, &with); err != nil {
			t.Fatalf("world %d (%v), by pace: %v", number, w.kind, err)
		}
	}
	t.Logf("by pace %d of %d pairs proposed, without %d; %d fit", with.proposed, with.pairs, without.proposed, with.feasible)
	if with.proposed >= without.proposed || with.feasible == 0 {
		t.Errorf("by pace %d pairs are proposed, without %d; %d fit", with.proposed, without.proposed, with.feasible)
	}
}

// TestPaceOfTightLimits: a load that bends the trip by exactly the metres that
// its operator allows is proposed.
func TestPaceOfTightLimits(t *testing.T) {
	logSeed(t)
	found := 0
	for number := range 400 {
		w := newWorld(*seed, number, 4, 4, byRoad)
		w.fit.Floor.Pace = fallback.Pace()
		for _, trip := range w.trips {
			for _, load := range w.loads {
				v := w.fit.Fits(trip, load)
				if !v.OK || trip.Roaming {
					continue
				}
				tight := clone(trip)
				spent, _ := trip.Detour()
				tight.Limits.DetourM = spent + v.Terms.DetourM
				if !w.fit.Fits(tight, load).OK {
					continue // another insertion is cheaper and longer
				}
				one := *w
				one.trips, one.loads = one.trips[:0:0], one.loads[:0:0]
				one.trips, one.loads = append(one.trips, tight), append(one.loads, load)
				var count shares
				if err := compare(geo.NewCorridor(), &one, &count); err != nil {
					t.Fatalf("world %d (%v): %v", number, w.kind, err)
				}
				found++
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d pairs at their limit", found)
	}
}
