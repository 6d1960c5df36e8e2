package matcher_test

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// What no random world comes upon: small print of the reasons.
func TestSmallPrintOfReasons(t *testing.T) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(100, 0))
	load := flatLoad(f, "L", at(40, 0), at(70, 0))
	nowhere := *f
	nowhere.Measure = func(a, b freight.Point) freight.Leg {
		if a != b && (a == load.Pickup.Place.Point || b == load.Pickup.Place.Point) {
			return freight.Leg{Metres: 7, Seconds: geo.UnreachableS}
		}
		return flat(a, b)
	}
	if v := nowhere.Weigh(trip, load); v.Reason != freight.ReasonOffRoad || v.By != 7 || v.Unit != "m" {
		t.Errorf("a place that no road leads to: %+v", v)
	}
	wide := *load
	wide.Size.Pieces = []freight.Piece{{Count: 1, LengthMM: 3000, WidthMM: trip.Vehicle.Inner.WidthMM + 50, HeightMM: 100}}
	if v := f.Weigh(trip, &wide); v.Reason != freight.ReasonPiece || v.By != 50 || v.Unit != "mm" {
		t.Errorf("a piece that is 50 mm too wide: %+v", v)
	}
	near := matcher.Nearest([]matcher.Judged{
		refused("a", freight.ReasonStops, 2, freight.Limits{ExtraStops: 2}), refused("b", freight.ReasonStops, 3, freight.Limits{ExtraStops: 6})})
	if near == nil || near.Trip != "b" {
		t.Errorf("half of six stops is nearer than all of two: %+v", near)
	}
	full, third := clone(trip), clone(trip)
	full.Rooms = []freight.Room{{}}
	third.Rooms = []freight.Room{{Grams: 400_000, Millilitres: 2_000_000, FloorMM: 500}}
	if n := matcher.Parts([]matcher.Judged{{Trip: third, Load: load}, {Trip: full, Load: load}}); n != 3 {
		t.Errorf("%d parts beside a truck that is full, want 3", n)
	}
}

// A price bound and a filter of clocks that are met exactly let the load pass.
func TestBoundsLetTheExactPass(t *testing.T) {
	f := flatFit()
	f.Floor = matcher.Floor{Pace: 60_000}
	trip := flatTrip(f, "T", at(0, 0), at(100, 0))
	load := flatLoad(f, "L", at(40, 0), at(70, 0))
	load.Pickup.ServiceS, load.Delivery.ServiceS = 3600, 3600 // 2 h at 65.00, with the margin 149.50
	load.Ceiling = 14_950
	header := f.Header(trip, trip.Router)
	if v := f.Weigh(trip, load); !v.OK {
		t.Fatalf("refused: %+v", v)
	}
	if _, ok := header.AtMost(load, 0); !ok {
		t.Error("the bound of the price refuses what costs just the ceiling")
	}
	free := flatRoamer(f, "R", at(0, 0), 2)
	still := flatLoad(f, "S", at(0, 0), at(0, 0))
	still.Delivery.ServiceS = int64(2 * freight.Hour / freight.Second)
	still.Ceiling = 1_000_000
	if v := f.Weigh(free, still); !v.OK {
		t.Errorf("a free truck that is done just at its horizon: %+v", v)
	}
}
