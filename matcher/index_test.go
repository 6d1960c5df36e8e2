package matcher_test

import (
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

func TestJourney(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(60, 0), at(100, 0))
	trip.Stops[1].Window.Open, trip.Stops[1].ServiceS = morning+2*freight.Hour, 600
	trip.Stops[2].Window.Close = morning + 4*freight.Hour
	trip.Limits.DetourS = 1234
	v := f.Fits(trip, flatLoad(f, "L", at(10, 5), at(90, 5)))
	if !v.OK {
		t.Fatalf("%+v", v)
	}
	bare := f.Journey(trip)
	apply(trip, v)
	if got := f.Journey(trip); !reflect.DeepEqual(got, bare) {
		t.Errorf("a rider changed the journey: %+v, was %+v", got, bare)
	}
	minute := func(n int64) int64 { return int64(morning) + n*60_000 }
	want := geo.Trip{DetourLimitS: 1234, Legs: []geo.Leg{
		{From: geo.Point(at(0, 0)), To: geo.Point(at(60, 0)), Seconds: 3600, EarliestMs: minute(0), LatestMs: minute(240 - 40 - 10)},
		{From: geo.Point(at(60, 0)), To: geo.Point(at(100, 0)), Seconds: 2400, EarliestMs: minute(130), LatestMs: minute(240)},
	}}
	if !reflect.DeepEqual(bare, want) {
		t.Errorf("%+v\nwant %+v", bare, want)
	}
	roamer := flatRoamer(f, "R", at(7, 7), 5)
	if got := f.Journey(roamer); !got.Roams || len(got.Legs) != 0 ||
		*got.Tail != (geo.Tail{From: geo.Point(at(7, 7)), EarliestMs: minute(0), HorizonMs: minute(300)}) {
		t.Errorf("free truck: %+v, tail %+v", got, got.Tail)
	}
	back := based(f, "B", freight.TripTerms{Roaming: true, Horizon: morning + 3*freight.Hour, Rooms: roamer.Rooms,
		Stops: []freight.Stop{stop(at(0, 0), open, 0), stop(at(0, 30), open, 600)}}, []freight.Leg{flat(at(0, 0), at(0, 30))})
	if got := f.Journey(back); !got.Roams || got.Tail != nil || len(got.Legs) != 1 || got.Legs[0].LatestMs != minute(170) {
		t.Errorf("free truck with an end: %+v", got)
	}
}

func TestErrand(t *testing.T) {
	load := flatLoad(flatFit(), "L", at(1, 2), at(3, 4))
	load.Pickup.Window, load.Delivery.Window = freight.Window{Open: 10, Close: 20}, freight.Window{Open: 30, Close: 40}
	load.Pickup.ServiceS, load.Delivery.ServiceS = 5, 6
	want := geo.Load{Pickup: geo.Point(at(1, 2)), Delivery: geo.Point(at(3, 4)), PickupOpenMs: 10, PickupCloseMs: 20,
		DeliveryOpenMs: 30, DeliveryCloseMs: 40, PickupServiceS: 5, DeliveryServiceS: 6}
	if got := matcher.Errand(load); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestJourneyOfAnotherRouter: where the router that a trip was announced by is gone, its
// limit and its clocks give what the old figures may differ by.
func TestJourneyOfAnotherRouter(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(60, 0), at(100, 0))
	trip.Stops[2].Window.Close = morning + 4*freight.Hour
	trip.Limits.DetourS, trip.Router = 1000, freight.Router{Method: "flat", Version: "as it is"}
	own := flat
	f.Measure = func(a, b freight.Point) freight.Leg {
		leg := own(a, b)
		leg.Version = "as it is"
		return leg
	}
	here := f.Journey(trip)
	trip.Router.Version = "gone"
	trip.Plan[1].LegS -= 300 // it used to be shorter
	trip.DirectS += 500      // and the other leg longer
	trip.Plan[2].LegS += 800
	gone := f.Journey(trip)
	if here.DetourLimitS != 1000 || gone.DetourLimitS != 1000+300+500 {
		t.Errorf("limits of %d s and %d s", here.DetourLimitS, gone.DetourLimitS)
	}
	for i := range here.Legs {
		a, b := here.Legs[i], gone.Legs[i]
		if a.EarliestMs-b.EarliestMs != 300_000 || b.LatestMs-a.LatestMs < 300_000 || a.Seconds != b.Seconds {
			t.Errorf("leg %d: %+v, was %+v", i, b, a)
		}
	}
}
