package main

import (
	"fmt"
	"runtime"
	"time"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// fitsCommand measures one judgement of a candidate in full.
type fitsCommand struct{}

// judgements is how many of one run are timed together: one takes less than the clock
// of a thread can tell.
const judgements = 20_000

// Run judges a load of crates on a truck that has six riders aboard and eight stops before
// it, with all there is in play: pieces, unloading order, company, caps on delay, a gate, a ban, and
// with and without a driver who has to rest on the way.
func (fitsCommand) Run(b *bench) error {
	runtime.LockOSThread() // threadTime is that of one thread
	defer runtime.UnlockOSThread()
	for run := range b.Runs {
		for _, rests := range []bool{false, true} {
			c, err := newCandidate(rests)
			if err != nil {
				return err
			}
			what := "one candidate, nobody rests"
			if rests {
				what = "one candidate, rests and bans"
			}
			micros, allocs := c.time()
			b.add("fits", "", what, "µs", micros, atMost(5))
			b.add("fits", "", what+": allocations", "", allocs, atMost(0))
		}
		b.say("fits: run %d of %d", run+1, b.Runs)
	}
	return nil
}

// candidate is a truck with riders and a load that fits it.
type candidate struct {
	fit   matcher.Fit
	costs freight.Costs
	trip  freight.Trip
	load  freight.Load
}

// newCandidate checks that the load fits and one of a gram too many does not, that there
// are eight stops and six riders, and rests in the plan where they should be.
func newCandidate(rests bool) (*candidate, error) {
	c := &candidate{costs: freight.DefaultCosts()}
	c.fit = matcher.Fit{Costs: &c.costs, Measure: along, Symmetric: true, Terse: true, Now: planeBegin}
	if err := c.truck(rests); err != nil {
		return nil, err
	}
	for n := range int32(6) {
		rider := tonne(freight.ID(fmt.Sprint("R", n)), n+2, 200-10*n)
		rider.Care = freight.Care{Temp: freight.Temp{Low: 0, High: 8}, Food: true, DelayS: 7200}
		v := c.fit.Fits(&c.trip, &rider)
		if !v.OK {
			return nil, fmt.Errorf("fits: rider %d does not fit", n)
		}
		c.trip.Plan = v.Plan
	}
	c.fit.Now = c.trip.Plan[6].Leave // the last of them is aboard
	c.load = tonne("L", 70, 120)
	c.load.Size.Pieces = []freight.Piece{{Count: 6, LengthMM: 1200, WidthMM: 800, HeightMM: 1000}, {Count: 4, LengthMM: 600, WidthMM: 400, HeightMM: 400}}
	c.load.Size.Stacking, c.load.Size.FloorMM, c.load.Care.DelayS = freight.StackAll, 0, 3600
	return c, c.check(rests)
}

func (c *candidate) check(rests bool) error {
	heavy := c.load
	heavy.Size.Grams = c.trip.Rooms[0].Grams - 6*c.load.Size.Grams + 1
	v, rested := c.fit.Fits(&c.trip, &c.load), false
	for _, call := range v.Plan {
		rested = rested || call.RestS > 0
	}
	ahead := len(c.trip.Plan) - c.trip.Fixed(c.fit.Now)
	switch {
	case !v.OK || ahead != 8:
		return fmt.Errorf("fits: %d stops ahead, and the load fits: %t", ahead, v.OK)
	case rested != rests:
		return fmt.Errorf("fits: the plan has rests: %t", rested)
	case c.fit.Fits(&c.trip, &heavy).OK:
		return fmt.Errorf("fits: a load that is too heavy fits")
	}
	return nil
}

// kilometre is a place so many kilometres along the road.
func kilometre(at int32) freight.Point {
	return freight.Point{LatE7: 300_000_000, LngE7: 1_200_000_000 + at}
}

// along measures that road at 60 km/h.
func along(a, b freight.Point) freight.Leg {
	km := int64(max(a.LngE7-b.LngE7, b.LngE7-a.LngE7))
	return freight.Leg{Metres: 1000 * km, Seconds: 60 * km}
}

// called is a stop at a kilometre, open for so long from the beginning on.
func called(at int32, hours freight.Instant) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: kilometre(at)}, ServiceS: 600,
		Window: freight.Window{Open: planeBegin, Close: planeBegin + hours*freight.Hour}}
}

// tonne is one of goods for whatever price, to be handled at docks.
func tonne(id freight.ID, from, to int32) (l freight.Load) {
	l.ID, l.Pickup, l.Delivery = id, called(from, 20), called(to, 20)
	l.Size.Room, l.Size.Access = freight.Room{Grams: 1_000_000, Millilitres: 4_000_000, FloorMM: 1000}, freight.AccessRear
	l.Alone, l.Ceiling = 1_000_000, freight.MaxFen
	return l
}

// truck goes from kilometre 0 over 220 to 240, where trucks are banned in the morning and
// a gate opens.
func (c *candidate) truck(rests bool) error {
	end, gate := called(240, 20), [7]freight.Hours{}
	ban := "3f3f 00000000 +0000 07"
	for day := range 7 {
		gate[day] = freight.Hours{Open: 5 * 60, Shut: 20 * 60}
		ban += fmt.Sprintf(" %05d-%05d", 1440*day+60, 1440*day+4*60)
	}
	var err error
	if end.Gate, err = freight.NewGate(gate, "UTC", planeBegin); err != nil {
		return err
	}
	end.Bans = freight.Bans(ban + " city\n")
	room := freight.Room{Grams: 12_000_000, Millilitres: 60_000_000, FloorMM: 9000}
	terms := freight.TripTerms{
		Stops: []freight.Stop{called(0, 2), called(220, 20), end}, Rooms: []freight.Room{room, room},
		Vehicle: freight.VehicleTerms{Type: freight.Type9M6, Payload: 18_000_000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500},
			Doors: freight.DoorsRear, DeckGrams: 3_000_000, Cools: freight.Temp{Low: -5, High: 10}},
		Limits: freight.Limits{DetourM: 60_000, DetourS: 3600, ExtraStops: 14},
	}
	if rests {
		terms.Duty = freight.Duty{Drivers: 1, DriveS: 3 * 3600, RestS: freight.RuleRestS, DayS: 9 * 3600, ResetS: 11 * 3600}
	}
	plan, m, s, err := c.fit.Base(terms, []freight.Leg{along(kilometre(0), kilometre(220)), along(kilometre(220), kilometre(240))})
	c.trip = freight.Trip{TripTerms: terms, Plan: plan, DirectM: m, DirectS: s, State: freight.TripOpen}
	return err
}

// time is the processor time of a judgement in microseconds, and how often it allocates.
func (c *candidate) time() (perOp, allocs float64) {
	var before, after runtime.MemStats
	c.fit.Weigh(&c.trip, &c.load)
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := threadTime()
	for range judgements {
		c.fit.Weigh(&c.trip, &c.load)
	}
	took := time.Duration(threadTime() - began)
	runtime.ReadMemStats(&after)
	return float64(took.Nanoseconds()) / 1e3 / judgements, float64((after.Mallocs - before.Mallocs) / judgements)
}
