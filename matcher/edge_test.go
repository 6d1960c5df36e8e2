package matcher_test

import (
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// tightened is a pair that fits, with every limit drawn in to what the plan needs
// or, one by one, left as it was.
func tightened(draw *rand.Rand, trip *freight.Trip, load *freight.Load, v matcher.Verdict) (*freight.Trip, *freight.Load) {
	t, l := clone(trip), *load
	t.Stops = append([]freight.Stop(nil), trip.Stops...)
	half := func() bool { return draw.IntN(2) == 0 }
	if half() {
		l.Pickup.Window.Close, l.Delivery.Window.Close = v.Plan[v.Terms.PickupAt].Start, v.Plan[v.Terms.DeliveryAt].Start
	}
	if half() {
		l.Ceiling = v.Terms.Price
	}
	if half() {
		t.Least = v.Terms.Price
	}
	after := clone(trip)
	after.Plan = v.Plan
	if half() {
		t.Limits = freight.Limits{}
		t.Limits.DetourM, t.Limits.DetourS = after.Detour()
		for _, call := range v.Plan {
			if call.Rider() {
				t.Limits.ExtraStops++
			}
		}
	}
	if half() {
		draws(t, v.Plan, load.ID)
	}
	return t, &l
}

// draws closes the windows of the trip's own stops and of its riders when the plan
// serves them, and ends a free-roaming trip with its last service.
func draws(t *freight.Trip, plan []freight.Call, joins freight.ID) {
	k := 0
	for _, call := range plan {
		if call.Own < 0 && call.Load == joins {
			continue
		}
		t.Plan[k].Window.Close = call.Start
		if call.Own >= 0 && call.Own < len(t.Stops) {
			t.Stops[call.Own].Window.Close = call.Start
		}
		k++
	}
	if t.Roaming {
		t.Horizon = 0
		for _, call := range plan {
			t.Horizon = max(t.Horizon, call.Leave)
		}
	}
}

// What just fits fits: every limit of the load, the trip and its riders may be drawn
// in to the second, the metre and the fen that the plan needs, and still Fits takes
// the load, the header lets it pass and the index finds it.
func TestWhatJustFitsFits(t *testing.T) {
	logSeed(t)
	fitting := 0
	for number := range *worlds / 8 {
		w := newWorld(*seed, number, 4, 4, byRoad)
		for _, trip := range w.trips {
			for _, load := range w.loads {
				v := w.fit.Fits(trip, load)
				if !v.OK {
					continue
				}
				fitting++
				tight, l := tightened(w.Rand, trip, load, v)
				got := w.fit.Weigh(tight, l)
				if !got.OK {
					t.Fatalf("world %d (%v), %s on %s: refused for %s by %d, and it just fits\nload %+v\ntrip %+v", number, w.kind, load.ID, trip.ID, got.Reason, got.By, l, tight)
				}
				header := w.fit.Header(tight, tight.Router)
				index := geo.NewCorridor()
				must(index.AddTrip(w.fit.Journey(tight)))
				found := must(index.TripsFor(matcher.Errand(l), nil))
				if len(found) != 1 {
					t.Fatalf("world %d (%v), %s on %s: the index does not find what just fits", number, w.kind, load.ID, trip.ID)
				}
				if most, ok := header.AtMost(l, found[0].DetourS); !ok || most < got.Value {
					t.Fatalf("world %d (%v), %s on %s: at most %d (%v), and what just fits is worth %d", number, w.kind, load.ID, trip.ID, most, ok, got.Value)
				}
			}
		}
	}
	if fitting < 100 {
		t.Errorf("%d pairs fit: the worlds are too tame", fitting)
	}
}
