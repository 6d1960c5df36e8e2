package dispatch

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// TestFindingsKeepTheLastOfEachTrip compares with a map, and holds the list to a
// length in proportion to the trips.
func TestFindingsKeepTheLastOfEachTrip(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var f findings
	last := map[freight.ID]matcher.Judged{}
	longest := 0
	for n := range 2000 {
		var list []finding
		for range 1 + r.IntN(40) {
			trip := &freight.Trip{Meta: freight.Meta{ID: freight.ID(fmt.Sprintf("tr_%d", r.IntN(60))), Version: int64(n)}}
			pair := matcher.Judged{Trip: trip, Load: &freight.Load{}, Verdict: matcher.Verdict{Reason: freight.ReasonWeight, By: r.Int64N(100), Unit: "g"}}
			if r.IntN(3) == 0 {
				pair.Verdict = matcher.Verdict{OK: true}
			}
			last[trip.ID] = pair
			list = append(list, findingOf(&pair))
		}
		longest = max(longest, len(list))
		f.note(list...)
		if len(f.list) > 2*(60+longest) {
			t.Fatalf("%d findings are kept of 60 trips", len(f.list))
		}
	}
	all := f.all()
	if len(all) != len(last) {
		t.Fatalf("%d trips, want %d", len(all), len(last))
	}
	for i, pair := range all {
		if i > 0 && all[i-1].Trip.ID >= pair.Trip.ID {
			t.Errorf("%s stands before %s", all[i-1].Trip.ID, pair.Trip.ID)
		}
		if !reflect.DeepEqual(pair, last[pair.Trip.ID]) {
			t.Errorf("found %+v, last was %+v", pair, last[pair.Trip.ID])
		}
	}
}
