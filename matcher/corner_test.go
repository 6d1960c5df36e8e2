package matcher_test

import (
	"testing"

	"pinhuo/freight"
)

// board puts the load aboard by what Fits says; it must fit.
func board(t *testing.T, trip *freight.Trip, load *freight.Load) {
	t.Helper()
	f := flatFit()
	v := f.Fits(trip, load)
	if !v.OK {
		t.Fatalf("%s on %s: %s by %d", load.ID, trip.ID, v.Reason, v.By)
	}
	trip.Plan = v.Plan
}

// What rides beside dangerous goods that ride alone is too much by all it weighs.
func TestBesideDangerousGoodsByWeight(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(100, 0))
	trip.Vehicle.Has |= freight.CapHazmat
	trip.Rooms[0].Grams = trip.Vehicle.Payload // nothing of the operator's own aboard
	acid := flatLoad(f, "acid", at(0, 0), at(100, 0))
	acid.Pickup.Window.Close = morning
	acid.Care.Hazmat = freight.Hazmat{Class: "8"}
	board(t, trip, acid)
	rice := flatLoad(f, "rice", at(20, 0), at(80, 0))
	rice.Pickup.Window.Close = morning + freight.Hour // the acid is aboard
	if v := f.Fits(trip, rice); v.OK || v.Reason != freight.ReasonHazmat || v.By != rice.Size.Grams {
		t.Errorf("%+v, want too much by %d g", v, rice.Size.Grams)
	}
}

// A roaming truck's way to its last promised call is that call's own leg, also when the
// new load is delivered after it.
func TestDeliveryBehindTheLastCall(t *testing.T) {
	f := flatFit()
	trip := flatRoamer(f, "T", at(0, 0), 20)
	board(t, trip, flatLoad(f, "A", at(100, 0), at(110, 0)))
	load := flatLoad(f, "L", at(0, 0), at(115, 0))
	load.Pickup.Window.Close = morning
	load.Delivery.Window = freight.Window{Open: morning, Close: morning + 115*freight.Minute}
	v := f.Fits(trip, load)
	if !v.OK || v.Plan[len(v.Plan)-1].Load != "L" || v.Plan[len(v.Plan)-1].Start != load.Delivery.Window.Close {
		t.Errorf("%+v: at 60 km/h it is there in time", v)
	}
}

// All service ends by the horizon, which is a time that still counts.
func TestServiceMayEndWithTheHorizon(t *testing.T) {
	f := flatFit()
	trip := flatRoamer(f, "T", at(0, 0), 2)
	load := flatLoad(f, "L", at(120, 0), at(120, 0))
	if v := f.Fits(trip, load); !v.OK {
		t.Errorf("refused for %s by %d", v.Reason, v.By)
	}
}

// A router of another method is another router, even if its version has the same name.
func TestJourneyByAnotherMethodOfOneVersion(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(100, 0))
	trip.Limits.DetourS = 600
	trip.Router = freight.Router{Method: "flat"}
	same := f.Journey(trip).DetourLimitS
	trip.Router.Method = "graph"
	trip.Plan[1].LegS -= 600
	if got := f.Journey(trip).DetourLimitS; got != same+600 {
		t.Errorf("limit %d s, by its own router %d: the plan's drive is 600 s shorter than this router says", got, same)
	}
}

// Who is next after a call that is gone is reached sooner by the service that falls away.
func TestWithoutTheCallThatTheTruckIsBoundFor(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(100, 0))
	first := flatLoad(f, "A", at(10, 0), at(80, 0))
	first.Pickup.ServiceS = 900
	board(t, trip, first)
	board(t, trip, flatLoad(f, "B", at(20, 0), at(90, 0)))
	f.Now = trip.Plan[0].Leave + freight.Minute
	plan := f.Without(trip, "A")
	if plan[1].Load != "B" || plan[1].Arrive != trip.Plan[2].Arrive-15*freight.Minute {
		t.Errorf("%+v, before %+v", plan[1], trip.Plan[2])
	}
}

// Where a rider made one drive shorter, because he may be turned round at, what another
// rider's drive grew by is still spent: a load at the same doors costs nothing more.
func TestHeaderWhereARiderMadeADriveShorter(t *testing.T) {
	f := flatFit()
	f.Floor.Pace = 60_000
	begin, half := at(0, 0), at(100, 0)
	f.Measure = func(a, b freight.Point) freight.Leg {
		leg := flat(a, b)
		if a == begin && b == half {
			leg.Seconds += 1200 // no turning on this way
		}
		return leg
	}
	trip := flatTrip(f, "T", begin, half, at(200, 0))
	for _, rider := range []*freight.Load{flatLoad(f, "A", at(50, 0), at(60, 0)), flatLoad(f, "B", at(150, 10), at(160, 10))} {
		v := f.Fits(trip, rider)
		if !v.OK {
			t.Fatalf("%s: %s by %d", rider.ID, v.Reason, v.By)
		}
		trip.Plan = v.Plan
	}
	load, header := flatLoad(f, "L", at(150, 10), at(160, 10)), f.Header(trip, freight.Router{})
	v := f.Fits(trip, load)
	if most, ok := header.AtMost(load, 1200); !v.OK || !ok || most < v.Value {
		t.Errorf("worth %d, at the most %d (%v)", v.Value, most, ok)
	}
}
