// Package batch finds the best set of loads for every trip of a market at once:
// columns, each a trip with a set of loads and the best order found for it, are
// packed so that no load rides twice and the value of all is greatest.
//
// The method is column generation with a Lagrangian set packing. Each load has
// a price, its dual: what its place is worth to the trips that compete for it.
// Beam search (matcher/bundle) finds for each trip the sets that are worth most at
// these prices, a subgradient method moves the prices until supply meets demand
// (pool.balance), and repair and local search turn what the trips want at those
// prices into a packing (pool.repair, pool.exchange). Whoever stops it gets the
// best packing so far. MATCHING.md's sources and figures are in docs/matching.md.
//
// Everything is integers: metres, seconds, and money in whatever unit the caller
// has. No clock and no chance: equal problems give equal answers for an equal
// number of rounds.
package batch

import "fmt"

// Dimensions is how many measures a load's size has: in a market these are
// grams, millilitres and millimetres of floor.
const Dimensions = 3

// Problem is a market at one instant.
type Problem struct {
	Trips []Trip
	Loads []Load

	// Metres and Seconds between places, the row being the origin: place a to
	// place b is at a*Places+b. Both obey the triangle rule.
	Places  int
	Metres  []int32
	Seconds []int32

	// What an added metre and an added second cost.
	PerMetre, PerSecond int64
}

// Trip is a truck bound through its own stops in their order.
type Trip struct {
	Stops   []Stop              // the first is left at its Open, the last reached by its Close
	Room    [][Dimensions]int64 // spare room on each leg between own stops
	DetourM int64               // greatest added metres
	DetourS int64               // greatest added driving seconds
	Equip   uint64              // what the truck can do
}

// Stop is a place with the window in which service may begin, in seconds.
type Stop struct {
	Place       int
	Open, Close int64
	Service     int64
}

// Load is goods to be taken from one stop to another.
type Load struct {
	Pickup, Delivery Stop
	Size             [Dimensions]int64
	Equip            uint64 // what the truck must be able to do
	Saving           int64  // what serving it is worth
}

// Call is one stop of a route: where a load is picked up or delivered, or, with
// Load = Own, the trip's next own stop.
type Call struct {
	Load   int
	Pickup bool
}

// Own is the load of a call at the trip's own stop.
const Own = -1

// Route is what a trip does between its first and its last stop.
type Route []Call

// Packing is a route for each trip, nil where it takes nothing, and what all
// are worth together.
type Packing struct {
	Routes []Route
	Value  int64
}

// check refuses a problem that cannot be computed with.
func (p *Problem) check() error {
	if n := p.Places * p.Places; len(p.Metres) != n || len(p.Seconds) != n {
		return fmt.Errorf("batch: %d places, but %d metres and %d seconds", p.Places, len(p.Metres), len(p.Seconds))
	}
	for i := range p.Trips {
		t := &p.Trips[i]
		if len(t.Stops) < 2 || len(t.Room) != len(t.Stops)-1 {
			return fmt.Errorf("batch: trip %d has %d stops and room on %d legs", i, len(t.Stops), len(t.Room))
		}
		for _, s := range t.Stops {
			if s.Place < 0 || s.Place >= p.Places {
				return fmt.Errorf("batch: trip %d stops at place %d of %d", i, s.Place, p.Places)
			}
		}
	}
	for i := range p.Loads {
		l := &p.Loads[i]
		for _, s := range []Stop{l.Pickup, l.Delivery} {
			if s.Place < 0 || s.Place >= p.Places {
				return fmt.Errorf("batch: load %d stops at place %d of %d", i, s.Place, p.Places)
			}
		}
	}
	return nil
}
