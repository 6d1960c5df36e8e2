package matcher_test

import (
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Every place where trying finds that a load fits is named, no other, with what it
// costs, the cheapest first; and a verdict for one place is what trying that one finds.
func TestSpotsEqualNaive(t *testing.T) {
	logSeed(t)
	places, dearer, refused := 0, 0, 0
	for number := range drawn() / 16 {
		w := newWorld(*seed, number, 3, 4, byRoad)
		for _, trip := range w.trips {
			for _, load := range w.loads {
				var want []freight.Spot
				end := len(trip.Plan)
				if trip.Plan[end-1].Kind == freight.CallEnd {
					end--
				}
				for i := trip.Fixed(w.fit.Now); i <= end; i++ {
					for j := i; j <= end; j++ {
						at := freight.Spot{PickupAt: i, DeliveryAt: j + 1}
						v, _ := tryPlan(w.fit, trip, load, trip.Plan, i, j)
						got := w.fit.At(trip, load, at)
						if got.OK != v.OK {
							t.Fatalf("world %d, %s on %s at %v: %+v, trying: %+v", number, load.ID, trip.ID, at, got, v)
						}
						if !v.OK {
							refused++
							continue
						}
						v.Terms.Departure = lastDeparture(trip, v.Plan, i)
						if want = append(want, at); !reflect.DeepEqual(got, v) {
							t.Fatalf("world %d, %s on %s at %v:\n got %+v\nwant %+v", number, load.ID, trip.ID, at, got, v)
						}
					}
				}
				got := w.fit.Spots(trip, load, nil)
				cheapest(t, w.fit, trip, load, got)
				places += len(got)
				dearer += max(0, len(got)-1)
				for _, at := range got {
					if !slices.Contains(want, at.Spot) {
						t.Fatalf("world %d, %s on %s: does not fit at %v", number, load.ID, trip.ID, at)
					}
				}
				if len(got) != len(want) {
					t.Fatalf("world %d, %s on %s: the places %v, trying finds %v", number, load.ID, trip.ID, got, want)
				}
			}
		}
	}
	if places < 100 || dearer < 50 || refused < 100 {
		t.Errorf("%d places, %d of them not the cheapest, %d refused", places, dearer, refused)
	}
}

// cheapest holds the places against their order, and the first one against Fits.
func cheapest(t *testing.T, f *matcher.Fit, trip *freight.Trip, load *freight.Load, spots []matcher.Spot) {
	t.Helper()
	for k, at := range spots {
		v := f.Put(trip, load, at.Spot)
		if worth := trip.Worth(int64(load.Alone - at.Cost)); v.Value != worth {
			t.Fatalf("at %v it is worth %d, said to cost %d and so be worth %d", at.Spot, v.Value, at.Cost, worth)
		}
		if k > 0 && at.Cost < spots[k-1].Cost {
			t.Fatalf("the places %v are in no order", spots)
		}
	}
	v := f.Put(trip, load, freight.Spot{})
	if trip.Roaming || f.Turn != nil && v.OK && v.Plan[v.Terms.PickupAt-1].Kind == freight.CallHere {
		return // by seconds, or it turns off
	}
	if v.OK != (len(spots) > 0) || v.OK && v.Value != trip.Worth(int64(load.Alone-spots[0].Cost)) {
		t.Fatalf("Fits says %t, worth %d, and the places are %v", v.OK, v.Value, spots)
	}
}

// A place that the plan has not is refused.
func TestAtRefusesPlacesThatAreNone(t *testing.T) {
	w := newWorld(*seed, 0, 1, 1, byRoad)
	n := len(w.trips[0].Plan)
	for _, at := range []freight.Spot{{PickupAt: 0, DeliveryAt: 1}, {PickupAt: 1, DeliveryAt: 1}, {PickupAt: 2, DeliveryAt: 1}, {PickupAt: -1, DeliveryAt: 3}, {PickupAt: 1, DeliveryAt: n + 2}, {PickupAt: n + 5, DeliveryAt: n + 6}} {
		if v := w.fit.At(w.trips[0], w.loads[0], at); v.OK || v.Reason != freight.ReasonWindowPickup {
			t.Errorf("at %v: %+v", at, v)
		}
	}
}
