package batch

import (
	"cmp"
	"slices"

	"pinhuo/matcher/bundle"
)

// column is a trip with a set of loads: what a packing is made of.
type column struct {
	trip  int32
	loads []int32 // ascending
	ride  bundle.Ride
	value int64 // savings less cost of the detour
}

// pool holds the columns found so far and the prices of loads.
type pool struct {
	m       bundle.Market
	columns []column
	of      [][]int32          // trip -> its columns
	known   map[uint64][]int32 // hash of trip and loads -> columns
	saving  []int64            // of loads
	prices  []int64            // of loads
	bound   int64              // no packing of the columns is worth more
	descent descent
}

func newPool(m bundle.Market) *pool {
	trips, loads := m.Size()
	q := &pool{m: m, of: make([][]int32, trips), known: map[uint64][]int32{}, saving: make([]int64, loads), prices: make([]int64, loads)}
	all := make([]int32, loads)
	for l := range all {
		all[l], q.saving[l] = int32(l), m.Saving(int32(l))
	}
	q.descent = descent{loads: all, price: q.prices, use: make([]int32, loads), most: q.saving,
		patience: 12, shorten: 0.6, shortest: 0.002, steps: priceRounds}
	return q
}

// add takes in a column, or a cheaper ride for one that is there, and tells
// whether anything is new.
func (q *pool) add(trip int, loads []int32, ride bundle.Ride, value int64) bool {
	sorted := slices.Clone(loads)
	slices.Sort(sorted)
	h := hash(trip, sorted)
	for _, id := range q.known[h] {
		if c := &q.columns[id]; int(c.trip) == trip && slices.Equal(c.loads, sorted) {
			if value <= c.value {
				return false
			}
			c.value, c.ride = value, q.m.Keep(ride)
			return true
		}
	}
	q.enter(h, column{trip: int32(trip), loads: sorted, ride: q.m.Keep(ride), value: value})
	return true
}

func hash(trip int, loads []int32) uint64 {
	h := uint64(trip)*0x9e3779b97f4a7c15 + 1
	for _, l := range loads {
		h = (h ^ uint64(l)) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return h
}

// take takes in a column that is not there yet and whose ride is kept.
func (q *pool) take(c Column) {
	q.enter(hash(c.Trip, c.Loads), column{trip: int32(c.Trip), loads: c.Loads, ride: c.Ride, value: c.Value})
}

func (q *pool) enter(hash uint64, c column) {
	id := int32(len(q.columns))
	q.columns = append(q.columns, c)
	q.of[c.trip] = append(q.of[c.trip], id)
	q.known[hash] = append(q.known[hash], id)
}

// at is what a column is worth at the prices.
func (q *pool) at(c *column) int64 {
	worth := c.value
	for _, l := range c.loads {
		worth -= q.prices[l]
	}
	return worth
}

// wanted returns the trip's best column at the prices, -1 for none, and its worth.
func (q *pool) wanted(trip int) (int32, int64) {
	best, most := int32(-1), int64(0)
	for _, id := range q.of[trip] {
		if w := q.at(&q.columns[id]); w > most {
			best, most = id, w
		}
	}
	return best, most
}

// balance moves the prices until the Lagrangian bound of the pool is least, as
// far as some steps get. goal is the value of the best packing known. Every so
// often it calls try with what the trips want.
func (q *pool) balance(goal func() int64, try func(wants []int32)) {
	wants := make([]int32, len(q.of))
	demand := func() (worth int64) {
		for t := range wants {
			id, most := q.wanted(t)
			wants[t] = id
			worth += most
			if id >= 0 {
				for _, l := range q.columns[id].loads {
					q.descent.use[l]++
				}
			}
		}
		return worth
	}
	q.bound = q.descent.run(demand, goal, func(step int) {
		if step%8 == 7 {
			try(wants)
		}
	})
}

// packing is a choice of columns, -1 for none.
type packing struct {
	chosen []int32 // by trip
	rider  []int32 // load -> trip, -1 for none
}

// value is what a packing is worth. It may grow by itself: a cheaper order may
// be found for a column that it has.
func (q *pool) value(k *packing) (value int64) {
	for _, id := range k.chosen {
		if id >= 0 {
			value += q.columns[id].value
		}
	}
	return value
}

func (q *pool) empty() *packing {
	k := &packing{chosen: make([]int32, len(q.of)), rider: make([]int32, len(q.saving))}
	for i := range k.chosen {
		k.chosen[i] = -1
	}
	for i := range k.rider {
		k.rider[i] = -1
	}
	return k
}

func (k *packing) clone() *packing {
	return &packing{slices.Clone(k.chosen), slices.Clone(k.rider)}
}

// put gives a trip a column in place of what it has.
func (q *pool) put(k *packing, trip int, id int32) {
	if old := k.chosen[trip]; old >= 0 {
		for _, l := range q.columns[old].loads {
			k.rider[l] = -1
		}
	}
	k.chosen[trip] = id
	if id >= 0 {
		for _, l := range q.columns[id].loads {
			k.rider[l] = int32(trip)
		}
	}
}

// open tells whether all loads of a column ride with nobody, or with the trip.
func (k *packing) open(c *column, trip int32) bool {
	for _, l := range c.loads {
		if r := k.rider[l]; r >= 0 && r != trip {
			return false
		}
	}
	return true
}

// repair makes a packing of what the trips want: in order of worth each takes
// its best column that is still open.
func (q *pool) repair(wants []int32) *packing {
	k := q.empty()
	order := make([]int, 0, len(wants))
	worth := make([]int64, len(wants))
	for t, id := range wants {
		if id >= 0 {
			order = append(order, t)
			worth[t] = q.at(&q.columns[id])
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(worth[b], worth[a]), cmp.Compare(a, b)) })
	var later []int
	for _, t := range order {
		if k.open(&q.columns[wants[t]], int32(t)) {
			q.put(k, t, wants[t])
		} else {
			later = append(later, t)
		}
	}
	for _, t := range later {
		q.put(k, t, q.bestOpen(k, t))
	}
	return k
}

// bestOpen is the trip's open column that is worth most at the prices, -1 where
// none is worth anything.
func (q *pool) bestOpen(k *packing, trip int) int32 {
	best, most := int32(-1), int64(-1)
	for _, id := range q.of[trip] {
		c := &q.columns[id]
		if w := q.at(c); w > most && c.value > 0 && k.open(c, int32(trip)) {
			best, most = id, w
		}
	}
	return best
}
