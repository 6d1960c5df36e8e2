package batch

import (
	"cmp"
	"slices"
)

// column is a trip with a set of loads: what a packing is made of.
type column struct {
	trip  int32
	loads []int32 // ascending
	route []code
	value int64 // savings less cost of the detour
}

// pool holds the columns found so far and the prices of loads.
type pool struct {
	p       *Problem
	columns []column
	of      [][]int32          // trip -> its columns
	known   map[uint64][]int32 // hash of trip and loads -> columns
	prices  []int64            // of loads
	bound   int64              // no packing of the columns is worth more
	use     []int32            // scratch: how many trips want a load
}

func newPool(p *Problem) *pool {
	return &pool{p: p, of: make([][]int32, len(p.Trips)), known: map[uint64][]int32{}, prices: make([]int64, len(p.Loads)),
		use: make([]int32, len(p.Loads))}
}

// add takes in a column, or a cheaper order for one that is there, and tells
// whether anything is new.
func (q *pool) add(trip int, loads []int32, route []code, value int64) bool {
	sorted := slices.Clone(loads)
	slices.Sort(sorted)
	h := uint64(trip)*0x9e3779b97f4a7c15 + 1
	for _, l := range sorted {
		h = (h ^ uint64(l)) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	for _, id := range q.known[h] {
		if c := &q.columns[id]; int(c.trip) == trip && slices.Equal(c.loads, sorted) {
			if value <= c.value {
				return false
			}
			c.value, c.route = value, slices.Clone(route)
			return true
		}
	}
	id := int32(len(q.columns))
	q.columns = append(q.columns, column{trip: int32(trip), loads: sorted, route: slices.Clone(route), value: value})
	q.of[trip] = append(q.of[trip], id)
	q.known[h] = append(q.known[h], id)
	return true
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

// balance moves the prices by subgradient steps towards those at which no load
// is wanted by two trips and none that has a price by no trip: prices that make
// the Lagrangian bound of the pool least. goal is the value of the best packing
// known. Every so often it calls try with what the trips want.
func (q *pool) balance(rounds int, goal func() int64, try func(wants []int32)) {
	wants := make([]int32, len(q.p.Trips))
	best := slices.Clone(q.prices)
	scale, stale := 1.0, 0
	for round := range rounds {
		total, slope := q.demand(wants)
		if round == 0 || total < q.bound {
			if round == 0 || q.bound-total > q.bound/100_000 {
				stale = 0
			}
			q.bound = total
			copy(best, q.prices)
		} else if stale++; stale >= 12 {
			scale, stale = scale*0.6, 0
		}
		if round%8 == 7 {
			try(wants)
		}
		if slope == 0 || total <= goal() || scale < 0.002 {
			break
		}
		step := scale * float64(total-goal()) / float64(slope)
		for l := range q.prices {
			if g := 1 - int64(q.use[l]); g != 0 {
				q.prices[l] = min(max(0, q.prices[l]-int64(step*float64(g))), q.p.Loads[l].Saving)
			}
		}
	}
	copy(q.prices, best)
}

// demand lets each trip want its best column, and returns the Lagrangian bound
// at the present prices and the square of the slope by which they are wrong.
func (q *pool) demand(wants []int32) (bound, slope int64) {
	clear(q.use)
	for t := range wants {
		id, worth := q.wanted(t)
		wants[t] = id
		bound += worth
		if id >= 0 {
			for _, l := range q.columns[id].loads {
				q.use[l]++
			}
		}
	}
	for l, price := range q.prices {
		bound += price
		if g := 1 - int64(q.use[l]); g < 0 || g > 0 && price > 0 {
			slope += g * g
		}
	}
	return bound, slope
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
	k := &packing{chosen: make([]int32, len(q.p.Trips)), rider: make([]int32, len(q.p.Loads))}
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
