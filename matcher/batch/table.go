package batch

import (
	"slices"

	"pinhuo/matcher/bundle"
)

// table is a Problem as a market: places, matrices, and everything known from
// the start.
type table struct {
	p     *Problem
	tour  tour
	at    place // of the load placed last
	load  int32
	alone [][]int32
	rides bundle.Rides[[]code]

	orderer orderer
	codes   []code // memory of passing routes
}

func newTable(p *Problem) *table {
	m := &table{p: p, tour: tour{p: p}, orderer: orderer{p: p}, alone: make([][]int32, len(p.Trips))}
	for t := range p.Trips {
		if !m.Look(t, bundle.Empty) {
			continue // it cannot even do its own stops
		}
		for l := range p.Loads {
			load := &p.Loads[l]
			if load.Equip&^p.Trips[t].Equip == 0 && load.Saving > 0 && m.tour.cheapest(int32(l)).feasible {
				m.alone[t] = append(m.alone[t], int32(l))
			}
		}
	}
	return m
}

// Size implements Market.
func (m *table) Size() (trips, loads int) { return len(m.p.Trips), len(m.p.Loads) }

// Saving implements Market.
func (m *table) Saving(load int32) int64 { return m.p.Loads[load].Saving }

// Alone implements Market.
func (m *table) Alone(trip int) []int32 { return m.alone[trip] }

// Look implements Market.
func (m *table) Look(trip int, ride bundle.Ride) bool {
	return m.tour.set(&m.p.Trips[trip], m.route(trip, ride))
}

func (m *table) route(trip int, ride bundle.Ride) []code {
	if ride == bundle.Empty {
		return ownRoute(&m.p.Trips[trip])
	}
	return m.rides.Get(ride)
}

// Place implements Market.
func (m *table) Place(load int32) (cost int64, ok bool) {
	m.load, m.at = load, m.tour.cheapest(load)
	return m.at.cost, m.at.feasible
}

// With implements Market.
func (m *table) With() bundle.Ride {
	return m.rides.Add(m.tour.with(m.load, m.at, m.room(len(m.tour.calls)))) // two ends less, two calls more
}

// Order implements Market.
func (m *table) Order(trip int, loads []int32, most int64) (bundle.Ride, int64, bool) {
	route, cost := m.orderer.improve(&m.p.Trips[trip], loads, most)
	if route == nil {
		return bundle.Empty, cost, false
	}
	return m.rides.Add(append(m.room(len(route)), route...)), cost, true
}

// Keep implements Market.
func (m *table) Keep(ride bundle.Ride) bundle.Ride {
	return m.rides.Keep(slices.Clone(m.rides.Get(ride)))
}

// Forget implements Market.
func (m *table) Forget() {
	m.rides.Forget()
	m.codes = m.codes[:0]
}

// room takes memory for n codes.
func (m *table) room(n int) []code {
	if len(m.codes)+n > cap(m.codes) {
		m.codes = make([]code, 0, max(4096, 2*cap(m.codes)))
	}
	m.codes = m.codes[:len(m.codes)+n]
	return m.codes[len(m.codes)-n : len(m.codes)-n : len(m.codes)]
}

// calls is a ride's route as a packing has it.
func (m *table) calls(ride bundle.Ride) Route {
	var route Route
	for _, c := range m.rides.Get(ride) {
		if c == ownCode {
			route = append(route, Call{Load: Own})
		} else {
			route = append(route, Call{Load: int(c.load()), Pickup: !c.delivers()})
		}
	}
	return route
}

func ownRoute(trip *Trip) []code {
	route := make([]code, len(trip.Stops)-2)
	for i := range route {
		route[i] = ownCode
	}
	return route
}
