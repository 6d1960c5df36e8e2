package matcher

import (
	"sync"

	"pinhuo/freight"
	"pinhuo/matcher/hours"
)

// drive is a measured leg without its names.
type drive struct{ m, s int64 }

// around is what was measured between one call of the plan and the load.
type around struct{ toPickup, fromPickup, toDelivery, fromDelivery drive }

// survey is everything one judgement reads: the trip, the load and what was
// measured between them. Slices are indexed by the calls of the present plan.
type survey struct {
	fit  *Fit
	trip *freight.Trip
	load *freight.Load
	cost freight.TypeCost
	road Measure // of the trip

	first, last int // least and greatest index before which a call may go
	lastUp      int // greatest index before which the pickup may go

	extra  drive           // what turning off adds to the present plan
	before freight.Instant // by then it is known whether the truck turns off; never where it does not
	aside  freight.Trip    // with the turning, where there is one
	bent   []freight.Call  // its plan

	take  freight.Room  // what the load takes of this vehicle
	cargo freight.Cargo // what the rules know of it

	legs           []around
	haul           drive          // pickup to delivery
	free           []freight.Room // spare on the leg leaving the call
	spentM, spentS int64          // detour of the present plan
	riders         int64          // pickups and deliveries in the present plan

	strict  bool         // somebody aboard, or the load, has rules about company or doors
	mix     []mixing     // on the leg leaving the call, where strict
	company []company    // likewise
	origin  []int        // of the rider delivered at the call: the call of his pickup
	longer  freight.Call // scratch: a call with the load in the way
	drop    freight.Stop // scratch: the load's delivery with others in the way

	rules  hours.Rules // of the drivers
	front  hours.Front
	early  []freight.Instant // when each call can be left, rests apart
	enough int64             // seconds of tiredness that anybody wants to know of, below 0 for any

	horizon freight.Instant   // never where the trip has none
	latest  []freight.Instant // beginning of service, see slack
	best    insertion         // of the search, where found
	found   bool
	tiring  []insertion // cheap enough in all else, but for the rests of drivers
	every   bool        // the search is for all places
	spots   []Spot
}

var surveys = sync.Pool{New: func() any { return new(survey) }}

// release gives the arrays back; nothing of the judged trip is kept alive.
func (s *survey) release() {
	s.fit, s.trip, s.load, s.road, s.aside = nil, nil, nil, nil, freight.Trip{}
	s.every, s.spots = false, nil
	surveys.Put(s)
}

// open begins a judgement; false means that every place in the plan is fixed.
func (s *survey) open(f *Fit, trip *freight.Trip, load *freight.Load) bool {
	s.fit, s.trip, s.load, s.horizon = f, trip, load, never
	if trip.Roaming {
		s.horizon = trip.Horizon
	}
	s.rules, s.enough, s.found = hours.Of(&trip.Duty), -1, false
	s.latest = s.latest[:0]
	s.first, s.last = places(trip, f.Now)
	s.lastUp, s.extra, s.before = s.last, drive{}, never
	return s.first <= s.last
}

// places returns the least and the greatest index of the plan before which a
// call may be inserted; there is none when first > last.
func places(trip *freight.Trip, now freight.Instant) (first, last int) {
	first, last = trip.Fixed(now), len(trip.Plan)
	if trip.Plan[last-1].Kind == freight.CallEnd {
		last--
	}
	return first, last
}

// measure fills the survey, which knows what the load takes: the legs for each call that
// can be a neighbour and the haul itself, nothing twice.
func (s *survey) measure() {
	s.know()
	for k := range s.trip.Plan {
		s.measureCall(k)
	}
}

// know fills the survey but for the legs between its calls and the load.
func (s *survey) know() {
	s.road = s.fit.of(s.trip)
	s.cost, _ = s.fit.Costs.Of(s.trip.Vehicle.Type)
	n := len(s.trip.Plan)
	s.legs = grown(s.legs, n)
	s.free = grown(s.free, n)
	s.haul = s.between(s.load.Pickup.Place.Point, s.load.Delivery.Place.Point)
	s.spentM, s.spentS = s.trip.Detour()
	s.riders = 0
	var h hold
	for k := range s.trip.Plan {
		call := &s.trip.Plan[k]
		s.free[k] = h.leaving(s.trip, call)
		if call.Rider() {
			s.riders++
		}
	}
	s.earliest()
	s.aboard()
}

// measureCall measures between call k and the load, as far as an insertion may
// want to know.
func (s *survey) measureCall(k int) {
	at, legs := s.trip.Plan[k].Point, &s.legs[k]
	p, d := s.load.Pickup.Place.Point, s.load.Delivery.Place.Point
	if k >= s.first-1 && k < s.last {
		legs.toPickup, legs.toDelivery = s.between(at, p), s.between(at, d)
	}
	switch {
	case k < s.first:
	case s.fit.Symmetric && k < s.last:
		legs.fromPickup, legs.fromDelivery = legs.toPickup, legs.toDelivery
	default:
		legs.fromPickup, legs.fromDelivery = s.between(p, at), s.between(d, at)
	}
}

func (s *survey) between(a, b freight.Point) drive {
	leg := s.road(a, b)
	return drive{leg.Metres, leg.Seconds}
}

// hold goes along a plan from its first call and tells what room is left.
type hold struct {
	own    int // the last own stop left
	aboard freight.Room
}

// leaving returns the room left on the leg leaving the next call of the trip's
// plan: what the operator spares there less what riders take.
func (h *hold) leaving(trip *freight.Trip, call *freight.Call) freight.Room {
	if call.Own >= 0 && !trip.Roaming {
		h.own = call.Own
	}
	h.aboard = h.aboard.Plus(call.Take)
	return roomOn(trip, h.own).Minus(h.aboard)
}

// roomOn is the room that the operator spares on the leg leaving own stop k;
// none on a leg that was not stated.
func roomOn(trip *freight.Trip, k int) freight.Room {
	if k < len(trip.Rooms) {
		return trip.Rooms[k]
	}
	return freight.Room{}
}

func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/2)[:n]
	}
	return s[:n]
}

// detour returns the insertion with the metres and driving seconds it adds.
func (s *survey) detour(i, j int) insertion {
	plan, before := s.trip.Plan, &s.legs[i-1]
	in := insertion{i: i, j: j, metres: before.toPickup.m + s.extra.m, seconds: before.toPickup.s + s.extra.s}
	if j == i {
		in.add(s.haul)
	} else {
		in.add(s.legs[i].fromPickup)
		in.spare(&plan[i])
		in.add(s.legs[j-1].toDelivery)
	}
	if j < len(plan) {
		in.add(s.legs[j].fromDelivery)
		in.spare(&plan[j])
	}
	return in
}

func (in *insertion) add(d drive) { in.metres, in.seconds = in.metres+d.m, in.seconds+d.s }

// spare takes off the drive that led to a call before.
func (in *insertion) spare(call *freight.Call) {
	in.metres, in.seconds = in.metres-call.LegM, in.seconds-call.LegS
}

// marginal is what the insertion costs the trip.
func (s *survey) marginal(in insertion) freight.Fen {
	return s.cost.Drive(max(in.metres, 0), max(in.seconds+s.service(), 0)) + s.trip.Vehicle.Rehandling(in.moving)
}

func (s *survey) service() int64 { return s.load.Pickup.ServiceS + s.load.Delivery.ServiceS }

func (s *survey) price(in insertion) freight.Fen {
	return s.fit.Costs.Price(s.trip.Vehicle.Type, in.metres, in.seconds+s.service(), s.trip.Least) + s.trip.Vehicle.Rehandling(in.moving)
}

// cheaper tells whether a is preferred to b; equals go to the one found first.
func (s *survey) cheaper(a, b insertion) bool {
	if s.trip.Roaming {
		return a.seconds < b.seconds
	}
	return a.cost < b.cost
}
