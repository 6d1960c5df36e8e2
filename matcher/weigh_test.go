package matcher_test

import (
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// TestWeighIsFitsWithoutTerms, and a measure that is the same both ways may be
// asked one way alone.
func TestWeighIsFitsWithoutTerms(t *testing.T) {
	logSeed(t)
	feasible := 0
	for number := range min(*worlds, 400) {
		w := newWorld(*seed, number, 4, 4, byRoad)
		once := matcher.Fit{Costs: w.fit.Costs, Measure: w.fit.Measure, Now: w.fit.Now, Symmetric: true, Turn: w.fit.Turn}
		for _, trip := range w.trips {
			for _, load := range w.loads {
				want := w.fit.Fits(trip, load)
				if got := once.Fits(trip, load); !reflect.DeepEqual(got, want) {
					t.Fatalf("world %d, %s on %s: measured once %+v, both ways %+v", number, load.ID, trip.ID, got, want)
				}
				if want.OK {
					feasible++
				}
				want.Terms, want.Plan = freight.Terms{}, nil
				if got := once.Weigh(trip, load); !reflect.DeepEqual(got, want) {
					t.Fatalf("world %d, %s on %s: weighed %+v, want %+v", number, load.ID, trip.ID, got, want)
				}
			}
		}
	}
	if feasible == 0 {
		t.Fatal("nothing fits")
	}
}

// TestSymmetricHalvesTheMeasuring but for the ends of the plan.
func TestSymmetricHalvesTheMeasuring(t *testing.T) {
	f := flatFit()
	var points []freight.Point
	for i := range 12 {
		points = append(points, at(int32(30*i), 0))
	}
	trip, load := flatTrip(f, "T", points...), flatLoad(f, "L", at(40, 0), at(70, 0))
	asked := 0
	count := matcher.Fit{Costs: f.Costs, Now: f.Now, Measure: func(a, b freight.Point) freight.Leg { asked++; return f.Measure(a, b) }}
	if !count.Weigh(trip, load).OK {
		t.Fatal("the pair does not fit")
	}
	both := asked
	asked, count.Symmetric = 0, true
	count.Weigh(trip, load)
	if asked > both*3/5 {
		t.Errorf("measured %d times, %d both ways", asked, both)
	}
}
