package matcher_test

import (
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// The fast path must say what the naive reference says, to the last field,
// whether or not the measure obeys the triangle rule.
func TestFitsEqualsNaive(t *testing.T) {
	logSeed(t)
	for name, measure := range map[string]matcher.Measure{"roads": byRoad, "no metric": noMetric} {
		t.Run(name, func(t *testing.T) {
			pairs, ok := 0, 0
			reasons := map[freight.Reason]int{}
			for number := range drawn() {
				if number%2 == 1 { // a world with rules of its own
					number = (number/int(lanes)*careEvery+careEvery-1)*int(lanes) + number%int(lanes)
				}
				w := newWorld(*seed, number, 4, 4, measure)
				for _, trip := range w.trips {
					for _, load := range w.loads {
						pairs++
						want, got := naive(w.fit, trip, load), w.fit.Fits(trip, load)
						if !reflect.DeepEqual(got, want) {
							t.Fatalf("world %d (%v), %s on %s:\n got %+v\nwant %+v\nplan %+v", number, w.kind, load.ID, trip.ID, got, want, trip.Plan)
						}
						if got.OK {
							ok++
						}
						reasons[got.Reason]++
					}
				}
			}
			t.Logf("%d pairs, %d feasible", pairs, ok)
			for _, r := range freight.Reasons[1 : freight.ReasonPrice.Rank()+1] {
				if r == freight.ReasonOffRoad { // these worlds are all road
					continue
				}
				t.Logf("%6d %s", reasons[r], r)
				if reasons[r] == 0 && drawn() >= 2000 { // a short run says nothing about shares
					t.Errorf("no pair was refused for %s: the worlds are too tame", r)
				}
			}
		})
	}
}
