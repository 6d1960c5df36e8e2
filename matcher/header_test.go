package matcher_test

import (
	"fmt"
	"math"
	"runtime/debug"
	"testing"
	"unsafe"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// What the header refuses at sight, Fits refuses, and no pair is worth more than
// it says; and it sees a good part of what Fits refuses, all of what the vehicle
// alone decides.
func TestHeaderAgreesWithFits(t *testing.T) {
	logSeed(t)
	for name, pace := range map[string]int64{"pace": fallback.Pace(), "no pace": 0} {
		t.Run(name, func(t *testing.T) {
			n := sights{corridor: geo.NewCorridor()}
			for number := range drawn() {
				w := newWorld(*seed, number, 4, 4, byRoad)
				w.fit.Floor.Pace = pace
				for _, trip := range w.trips {
					header := w.fit.Header(trip, freight.Router{})
					for _, load := range w.loads {
						if err := n.compare(w.fit, &header, trip, load); err != nil {
							t.Fatalf("world %d (%v): %v", number, w.kind, err)
						}
					}
				}
			}
			t.Logf("%d refused, %d of them at sight; %d fit, %d of them valued to a twentieth", n.refused, n.seen, n.fit, n.near)
			if n.seen*100 < 20*n.refused {
				t.Errorf("the header saw only %d of %d", n.seen, n.refused)
			}
			if n.tagged < n.fit {
				t.Errorf("%d tags told as much as the header, %d fit", n.tagged, n.fit)
			}
			if pace > 0 && n.near*100 < 50*n.fit {
				t.Errorf("the header valued only %d of %d to a twentieth", n.near, n.fit)
			}
		})
	}
}

// sights counts pairs by what the header said of them.
type sights struct {
	corridor                 *geo.Corridor
	refused, seen, fit, near int
	tagged                   int // of which the tag told as much as the header
}

func (n *sights) compare(f *matcher.Fit, header *matcher.Header, trip *freight.Trip, load *freight.Load) error {
	least, err := leastDetour(n.corridor, f, trip, load)
	if err != nil {
		return err
	}
	v := f.Fits(trip, load)
	most, ok := header.AtMost(load, least)
	if tagged := header.Tag().AtMost(load, least); ok && tagged < most {
		return fmt.Errorf("%s is worth %d on %s by the header and %d by the tag", load.ID, most, trip.ID, tagged)
	} else if ok && tagged-most <= int64(load.Alone)/1000 {
		n.tagged++
	}
	switch {
	case v.OK && !ok:
		return fmt.Errorf("%s fits %s but is called hopeless", load.ID, trip.ID)
	case v.OK && v.Value > most:
		return fmt.Errorf("%s is worth %d on %s, %d at the most", load.ID, v.Value, trip.ID, most)
	case ok && (v.Reason == freight.ReasonEquipment || v.Reason == freight.ReasonPiece):
		return fmt.Errorf("%s on %s is refused for %s and not called hopeless", load.ID, trip.ID, v.Reason)
	}
	if v.OK {
		n.fit++
		if most-v.Value <= int64(load.Alone)/20 {
			n.near++
		}
		return nil
	}
	n.refused++
	if !ok {
		n.seen++
	}
	return nil
}

// leastDetour is what an empty corridor index says of the pair, 0 where it rules
// the pair out.
func leastDetour(corridor *geo.Corridor, f *matcher.Fit, trip *freight.Trip, load *freight.Load) (int64, error) {
	slot, err := corridor.AddTrip(f.Journey(trip))
	if err != nil {
		return 0, err
	}
	defer corridor.RemoveTrip(slot)
	found, err := corridor.TripsFor(matcher.Errand(load), nil)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	return found[0].DetourS, nil
}

func TestHeader(t *testing.T) {
	f := flatFit()
	f.Floor.Pace = 60_000 // flat drives at 60 km/h
	load := flatLoad(f, "L", at(80, 0), at(110, 0))
	load.Alone = 100_000
	cases := []struct {
		name  string
		trip  func(*freight.Trip)
		load  func(*freight.Load)
		least int64 // detour, seconds
		clear bool
	}{
		{name: "nothing in the way", clear: true},
		{name: "too heavy on every leg", load: func(l *freight.Load) { l.Size.Grams = 10_000_001 }},
		{name: "room on one leg", trip: func(t *freight.Trip) { t.Rooms[0] = freight.Room{} }, clear: true},
		{name: "needs what the vehicle lacks", load: func(l *freight.Load) { l.Needs = freight.CapOpenTop }},
		{name: "a piece too long", load: func(l *freight.Load) {
			l.Size.Pieces = []freight.Piece{{Count: 1, LengthMM: 9501, WidthMM: 1, HeightMM: 1}}
		}},
		{name: "one more stop allowed", trip: func(t *freight.Trip) { t.Limits.ExtraStops = 1 }},
		{name: "asks more than the load pays", trip: func(t *freight.Trip) { t.Least = 50_001 }, load: func(l *freight.Load) { l.Ceiling = 50_000 }},
		{name: "the way there costs more than the load pays", load: func(l *freight.Load) { l.Ceiling = 50_000 }, least: 3 * 3600},
		{name: "the way there costs as much as the load pays", load: func(l *freight.Load) { l.Ceiling = 50_000 }, least: 3600, clear: true},
	}
	for _, c := range cases {
		trip, load := flatTrip(f, "T", at(0, 0), at(60, 0), at(120, 0)), *load
		if c.trip != nil {
			c.trip(trip)
		}
		if c.load != nil {
			c.load(&load)
		}
		header := f.Header(trip, freight.Router{})
		if _, got := header.AtMost(&load, c.least); got != c.clear {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestHeaderIsSmall: with a pointer and an instant beside it one line of memory holds it.
func TestHeaderIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(matcher.Header{}); size > 48 {
		t.Errorf("a header has %d bytes", size)
	}
}

// TestHeaderValue: a longer way is worth less, unless another router measured
// the plan.
func TestHeaderValue(t *testing.T) {
	f := flatFit()
	f.Floor.Pace = 60_000
	trip, load := flatTrip(f, "T", at(0, 0), at(120, 0)), flatLoad(f, "L", at(40, 0), at(80, 0))
	here, strange := f.Header(trip, freight.Router{}), f.Header(trip, freight.Router{Method: "flat", Version: "2"})
	near, _ := here.AtMost(load, 0)
	far, _ := here.AtMost(load, 3600)
	if near != int64(load.Alone) || near-far < 15_000 {
		t.Errorf("worth %d on the way and %d an hour off it; going alone costs %d", near, far, load.Alone)
	}
	if most, ok := strange.AtMost(load, 3600); !ok || most != math.MaxInt64 {
		t.Errorf("of a plan that another router measured nothing is known: %d, %v", most, ok)
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
