package batch

import "pinhuo/matcher/bundle"

// orderer finds the cheapest order of a set of loads on a trip by depth-first
// search. Because ways obey the triangle rule, what a route costs so far and
// from where it stands straight to the next own stop is never more than what it
// costs in the end: that, and the latest instants that the rest allows, cut the
// search short.
type orderer struct {
	p      *Problem
	trip   *Trip
	loads  []int32
	state  []int8 // of each load: 0 waiting, 1 aboard, 2 delivered
	left   int    // calls at loads that are still to come
	route  []code
	best   []code
	least  int64   // cost of the best order
	own    int     // own stops passed, the first one included
	rest   []int64 // by own stop: seconds of the trip's own way from it to the end
	restM  []int64
	aboard [Dimensions]int64

	most  int // steps of one search, 0 for as many as it takes
	steps int // of the search, so far
}

// spent tells whether the search was cut short: then what it found is no more
// than what it found.
func (o *orderer) spent() bool { return o.most > 0 && o.steps > o.most }

// improve finds a cheaper order than one of a given cost, nil where there is
// none.
func (o *orderer) improve(trip *Trip, loads []int32, cost int64) ([]code, int64) {
	if len(loads) > bundle.Exact {
		return nil, cost
	}
	return o.cheapest(trip, loads, cost)
}

// cheapest is improve for a set of any size.
func (o *orderer) cheapest(trip *Trip, loads []int32, cost int64) ([]code, int64) {
	o.trip, o.loads, o.least = trip, loads, cost
	o.state = sized(o.state, len(loads))
	clear(o.state)
	o.left, o.own, o.route, o.best = 2*len(loads), 1, o.route[:0], o.best[:0]
	o.aboard, o.steps = [Dimensions]int64{}, 0
	n := len(trip.Stops)
	o.rest, o.restM = sized(o.rest, n), sized(o.restM, n)
	o.rest[n-1], o.restM[n-1] = 0, 0
	for i := n - 2; i >= 0; i-- {
		a, b := int32(trip.Stops[i].Place), int32(trip.Stops[i+1].Place)
		o.rest[i], o.restM[i] = o.rest[i+1]+o.p.seconds(a, b), o.restM[i+1]+o.p.metres(a, b)
	}
	first := trip.Stops[0]
	o.try(int32(first.Place), first.Open+first.Service, 0, 0)
	if len(o.best) == 0 {
		return nil, cost
	}
	return o.best, o.least
}

// try goes on from a place that is left at an instant, after so many metres and
// seconds.
func (o *orderer) try(at int32, now, metres, seconds int64) {
	if o.steps++; o.spent() {
		return
	}
	next := &o.trip.Stops[o.own]
	place := int32(next.Place)
	m := metres + o.p.metres(at, place) + o.restM[o.own] - o.restM[0]
	s := seconds + o.p.seconds(at, place) + o.rest[o.own] - o.rest[0]
	if m > o.trip.DetourM || s > o.trip.DetourS || o.p.cost(m, s) >= o.least {
		return
	}
	arrive := max(now+o.p.seconds(at, place), next.Open)
	if arrive > next.Close {
		return // and it would be later still after more calls
	}
	if !o.hopeful(at, now, metres, seconds) {
		return
	}
	for i, l := range o.loads {
		if o.state[i] < 2 {
			o.visit(i, l, at, now, metres, seconds)
		}
	}
	if o.own == len(o.trip.Stops)-1 {
		if o.left == 0 {
			o.least = o.p.cost(m, s)
			o.best = append(o.best[:0], o.route...)
		}
		return
	}
	if !fits(&o.trip.Room[o.own], &o.aboard) {
		return
	}
	o.own++
	o.route = append(o.route, ownCode)
	o.try(place, arrive+next.Service, metres+o.p.metres(at, place), seconds+o.p.seconds(at, place))
	o.route = o.route[:len(o.route)-1]
	o.own--
}

// hopeful tells whether each load that is not delivered may still be: in time
// if it were next, and, on the last leg, at less than the best order costs.
func (o *orderer) hopeful(at int32, now, metres, seconds int64) bool {
	last := len(o.trip.Stops) - 1
	end := int32(o.trip.Stops[last].Place)
	for i, l := range o.loads {
		load := &o.p.Loads[l]
		by, t := at, now
		m, s := metres-o.restM[0], seconds-o.rest[0]
		for k := o.state[i]; k < 2; k++ {
			stop := &load.Pickup
			if k == 1 {
				stop = &load.Delivery
			}
			place := int32(stop.Place)
			if t = max(t+o.p.seconds(by, place), stop.Open); t > stop.Close {
				return false
			}
			t += stop.Service
			m, s, by = m+o.p.metres(by, place), s+o.p.seconds(by, place), place
		}
		if o.own == last && o.p.cost(m+o.p.metres(by, end), s+o.p.seconds(by, end)) >= o.least {
			return false
		}
	}
	return true
}

// visit goes on over a load's next stop.
func (o *orderer) visit(i int, l int32, at int32, now, metres, seconds int64) {
	load := &o.p.Loads[l]
	stop, c, sign := &load.Pickup, pickupOf(l), int64(1)
	if o.state[i] == 1 {
		stop, c, sign = &load.Delivery, deliveryOf(l), -1
	}
	place := int32(stop.Place)
	arrive := max(now+o.p.seconds(at, place), stop.Open)
	if arrive > stop.Close {
		return
	}
	shift(&o.aboard, &load.Size, sign)
	if fits(&o.trip.Room[o.own-1], &o.aboard) {
		o.state[i]++
		o.left--
		o.route = append(o.route, c)
		o.try(place, arrive+stop.Service, metres+o.p.metres(at, place), seconds+o.p.seconds(at, place))
		o.route = o.route[:len(o.route)-1]
		o.left++
		o.state[i]--
	}
	shift(&o.aboard, &load.Size, -sign)
}
