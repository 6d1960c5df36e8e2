package dispatch

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

// TestFindingsKeepTheLastOfEachTrip compares with a map, and holds the list to a
// length in proportion to the trips. Nothing is judged before it is asked for,
// and nothing twice.
func TestFindingsKeepTheLastOfEachTrip(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 0))
	var f findings
	views := []*loadView{{load: &freight.Load{}}, {load: &freight.Load{}}, {load: &freight.Load{}}}
	last := map[freight.ID]finding{}
	longest := 0
	for n := range 2000 {
		var list []finding
		for range 1 + r.IntN(40) {
			trip := freight.Trip{Meta: freight.Meta{ID: freight.ID(fmt.Sprintf("tr_%d", r.IntN(60))), Version: int64(n)}}
			one := finding{view: views[n%3], at: freight.Instant(n), outline: &outline{PackedTrip: trip.Pack()}}
			switch r.IntN(3) {
			case 0:
				one.said = &said{ok: true}
			case 1:
				one.said = &said{reason: freight.ReasonWeight, by: r.Int64N(100), unit: "g"}
			}
			last[trip.ID] = one
			list = append(list, one)
		}
		longest = max(longest, len(list))
		f.note(list...)
		if len(f.list) > 2*(60+longest) {
			t.Fatalf("%d findings are kept of 60 trips", len(f.list))
		}
	}
	asked := 0
	late := func(one *finding, _ *freight.Trip) matcher.Verdict {
		asked++
		return matcher.Verdict{Reason: freight.ReasonPrice, By: int64(one.at), Unit: "fen"}
	}
	all := f.all(late)
	if len(all) != len(last) || asked == 0 || asked == len(all) {
		t.Fatalf("%d trips, want %d; %d judged late", len(all), len(last), asked)
	}
	for i, pair := range all {
		if i > 0 && all[i-1].Trip.ID >= pair.Trip.ID {
			t.Errorf("%s stands before %s", all[i-1].Trip.ID, pair.Trip.ID)
		}
		one := last[pair.Trip.ID]
		want := matcher.Judged{Trip: one.Unpack(), Load: one.view.load, Verdict: matcher.Verdict{Reason: freight.ReasonPrice, By: int64(one.at), Unit: "fen"}}
		if s := one.said; s != nil {
			want.Verdict = matcher.Verdict{OK: s.ok, Reason: s.reason, By: s.by, Unit: s.unit}
		}
		if !reflect.DeepEqual(pair, want) {
			t.Errorf("found %+v, want %+v", pair, want)
		}
	}
	before := asked
	if again := f.all(late); !reflect.DeepEqual(again, all) || asked != before {
		t.Errorf("asked again: %d judged anew", asked-before)
	}
}
