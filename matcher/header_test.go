package matcher_test

import (
	"runtime/debug"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// What the header calls hopeless, Fits refuses; and it sees a good part of
// what Fits refuses, all of what the vehicle alone decides.
func TestHopelessAgreesWithFits(t *testing.T) {
	logSeed(t)
	refused, seen := 0, 0
	for number := range *worlds {
		w := newWorld(*seed, number, 4, 4, noMetric)
		for _, trip := range w.trips {
			for _, load := range w.loads {
				v, hopeless := w.fit.Fits(trip, load), w.fit.Hopeless(trip, load)
				switch {
				case v.OK && hopeless:
					t.Fatalf("world %d: %s fits %s but is called hopeless", number, load.ID, trip.ID)
				case !hopeless && (v.Reason == freight.ReasonEquipment || v.Reason == freight.ReasonPiece):
					t.Fatalf("world %d: %s on %s is refused for %s and not called hopeless", number, load.ID, trip.ID, v.Reason)
				}
				if !v.OK {
					refused++
				}
				if hopeless {
					seen++
				}
			}
		}
	}
	t.Logf("%d refused, %d of them hopeless at sight", refused, seen)
	if seen*100 < 20*refused {
		t.Errorf("the header saw only %d of %d", seen, refused)
	}
}

func TestHopeless(t *testing.T) {
	f := flatFit()
	early, late := freight.Window{Open: morning - freight.Day, Close: morning - 1}, freight.Window{Open: morning + freight.Day + 1, Close: morning + 2*freight.Day}
	cases := []struct {
		name  string
		trip  func(*freight.Trip)
		load  func(*freight.Load)
		now   freight.Instant
		clear bool
	}{
		{name: "nothing in the way", clear: true},
		{name: "picked up before it leaves", load: func(l *freight.Load) { l.Pickup.Window = early }},
		{name: "picked up after it arrives", load: func(l *freight.Load) { l.Pickup.Window, l.Delivery.Window = late, late }},
		{name: "delivered before it leaves", load: func(l *freight.Load) { l.Delivery.Window = early }},
		{name: "delivered before it can be loaded", load: func(l *freight.Load) {
			l.Pickup.ServiceS = 7200
			l.Delivery.Window.Close = morning + freight.Hour
		}},
		{name: "too heavy on every leg", load: func(l *freight.Load) { l.Size.Grams = 10_000_001 }},
		{name: "room on one leg", trip: func(t *freight.Trip) { t.Rooms[0] = freight.Room{} }, clear: true},
		{name: "room on the leg behind it only", trip: func(t *freight.Trip) { t.Rooms[1] = freight.Room{} }, now: 70 * freight.Minute},
		{name: "every call fixed", now: 130 * freight.Minute},
		{name: "needs what the vehicle lacks", load: func(l *freight.Load) { l.Needs = freight.CapOpenTop }},
		{name: "a piece too long", load: func(l *freight.Load) {
			l.Size.Pieces = []freight.Piece{{Count: 1, LengthMM: 9501, WidthMM: 1, HeightMM: 1}}
		}},
	}
	for _, c := range cases {
		f.Now = morning
		trip, load := flatTrip(f, "T", at(0, 0), at(60, 0), at(120, 0)), flatLoad(f, "L", at(80, 0), at(110, 0))
		if c.trip != nil {
			c.trip(trip)
		}
		if c.load != nil {
			c.load(load)
		}
		f.Now = morning + c.now
		if got := f.Hopeless(trip, load); got == c.clear {
			t.Errorf("%s: hopeless %v", c.name, got)
		}
		if got := f.Fits(trip, load); got.OK != c.clear {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	f.Now = morning
	roamer, load := flatRoamer(f, "T", at(0, 0), 2), flatLoad(f, "L", at(0, 0), at(10, 0))
	if load.Delivery.Window.Open = morning + 2*freight.Hour + 1; !f.Hopeless(roamer, load) {
		t.Error("a free truck delivers after its horizon")
	}
}

// A refusal costs no memory, an acceptance one plan.
func TestFitsAllocatesOnlyThePlan(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-race" && s.Value == "true" {
				t.Skip("the race detector empties pools at random")
			}
		}
	}
	f := flatFit()
	trip, load := flatTrip(f, "T", at(0, 0), at(40, 0), at(80, 0), at(120, 0)), flatLoad(f, "L", at(10, 0), at(90, 0))
	for name, c := range map[string]struct {
		grams int64
		ok    bool
		want  float64
	}{"accepted": {1, true, 1}, "too heavy": {1e9, false, 0}} {
		load.Size.Grams = c.grams
		var v matcher.Verdict
		if got := testing.AllocsPerRun(200, func() { v = f.Fits(trip, load) }); got != c.want || v.OK != c.ok {
			t.Errorf("%s: %v allocations, want %v; %+v", name, got, c.want, v)
		}
	}
}
