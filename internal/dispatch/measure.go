package dispatch

import (
	"context"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// Guide is a Router of more than one method. What belongs together is measured
// by one of them.
type Guide interface {
	geo.Router
	// Choose picks the router of a trip by its own stops, when it is announced.
	Choose(places []geo.Point) geo.Router
	// By finds it for whatever the trip is asked about later. It never fails: what
	// is gone is replaced by what comes nearest.
	By(method, version string) geo.Router
}

// measure asks a router and names it.
func measure(r geo.Router, a, b freight.Point) freight.Leg {
	m, s := r.Between(geo.Point(a), geo.Point(b))
	return freight.Leg{Metres: m, Seconds: s, Method: r.Method(), Version: r.Version()}
}

// choice picks the router for places that belong together.
func (e *Engine) choice(places ...freight.Point) geo.Router {
	if e.guide == nil {
		return e.cfg.Router
	}
	points := make([]geo.Point, len(places))
	for i, p := range places {
		points[i] = geo.Point(p)
	}
	return e.guide.Choose(points)
}

// Measure is the market's distance of a drive that belongs to no trip.
func (e *Engine) Measure(a, b freight.Point) freight.Leg {
	return measure(e.choice(a, b), a, b)
}

// router is the one that a trip is measured by from now on: its own, unless that is
// gone.
func (e *Engine) router(own freight.Router) geo.Router {
	if e.guide == nil {
		return e.cfg.Router
	}
	return e.guide.By(own.Method, own.Version)
}

// by finds the measure of trips by their routers; nil where all have one.
func (e *Engine) by() func(freight.Router) matcher.Measure {
	if e.guide == nil {
		return nil
	}
	return func(r freight.Router) matcher.Measure {
		router := e.router(r)
		return func(a, b freight.Point) freight.Leg { return measure(router, a, b) }
	}
}

// floorOf is what a router promises of its drives.
func floorOf(r geo.Router) matcher.Floor {
	floor := matcher.Floor{Bound: r.Bound()}
	if p, ok := r.(interface{ Pace() int64 }); ok {
		floor.Pace = p.Pace()
	}
	return floor
}

// floors finds what the routers of trips promise; nil where all have one.
func (e *Engine) floors() func(freight.Router) matcher.Floor {
	if e.guide == nil {
		return nil
	}
	return func(r freight.Router) matcher.Floor { return floorOf(e.router(r)) }
}

// routerOf names the router of a trip.
func (e *Engine) routerOf(t *freight.Trip) freight.Router {
	r := e.router(t.Router)
	return freight.Router{Method: r.Method(), Version: r.Version()}
}

// drives measures a trip's own drives, all by one router.
func (e *Engine) drives(stops []freight.Stop) []freight.Leg {
	places := make([]freight.Point, len(stops))
	for i := range stops {
		places[i] = stops[i].Place.Point
	}
	r := e.choice(places...)
	legs := make([]freight.Leg, 0, len(stops)-1)
	for i := 1; i < len(stops); i++ {
		legs = append(legs, measure(r, places[i-1], places[i]))
	}
	return legs
}

// around measures all drives between a trip's calls and some loads at once, as
// soon as it is asked for one. What else it is asked it measures by itself. It is
// for one goroutine.
func (e *Engine) around(t *freight.Trip, near []int32, loads []*freight.Load) matcher.Measure {
	r := e.router(t.Router)
	var c *chart
	return func(a, b freight.Point) freight.Leg {
		if c == nil {
			c = newChart(r, t, near, loads)
		}
		return c.leg(a, b)
	}
}

// chart is the drives between some places.
type chart struct {
	router geo.Router
	at     map[freight.Point]int
	points []geo.Point
	drives geo.Matrix
	last   [2]spot // asked for: callers go on from the same places
}

type spot struct {
	point freight.Point
	at    int
}

func newChart(r geo.Router, t *freight.Trip, near []int32, loads []*freight.Load) *chart {
	c := &chart{router: r, at: make(map[freight.Point]int, len(t.Plan)+2*len(near))}
	for i := range t.Plan {
		c.add(t.Plan[i].Point)
	}
	for _, l := range near {
		c.add(loads[l].Pickup.Place.Point)
		c.add(loads[l].Delivery.Place.Point)
	}
	var err error
	if c.drives, err = r.Matrix(context.Background(), c.points, c.points); err != nil {
		c.at = nil // some pair has no way: each is asked for when it is wanted
	}
	c.last = [2]spot{{at: -1}, {at: -1}}
	return c
}

func (c *chart) add(p freight.Point) {
	if _, known := c.at[p]; !known {
		c.at[p] = len(c.points)
		c.points = append(c.points, geo.Point(p))
	}
}

// find is the number of a place, -1 for none.
func (c *chart) find(p freight.Point) int {
	for i := range c.last {
		if c.last[i].at >= 0 && c.last[i].point == p {
			return c.last[i].at
		}
	}
	i, known := c.at[p]
	if !known {
		return -1
	}
	c.last[1], c.last[0] = c.last[0], spot{p, i}
	return i
}

func (c *chart) leg(a, b freight.Point) freight.Leg {
	i, j := c.find(a), c.find(b)
	if i < 0 || j < 0 {
		return measure(c.router, a, b)
	}
	return freight.Leg{Metres: c.drives.Metres(i, j), Seconds: c.drives.Seconds(i, j), Method: c.drives.Method, Version: c.drives.Version}
}
