package batch

import (
	"cmp"
	"slices"
)

// Sizes of an exchange.
const (
	glances   = 24    // best columns of a trip that say whom it competes with
	maxWishes = 500   // columns of a trip that an exchange looks at
	maxNodes  = 20000 // choices that an exchange tries
	haggles   = 60    // steps of the local prices
)

// wish is a column that a trip of an exchange might take, and what the trip
// gives up by that against its best one.
type wish struct {
	id   int32
	loss int64
}

// exchanger improves packings by solving the packing of a few trips exactly,
// with the loads that they and nobody else have.
type exchanger struct {
	q      *pool
	trips  []int32
	wishes [][]wish
	reach  []int32 // loads that some wish has
	open   []bool  // by load: in reach and not taken
	price  []int64 // by load, of those in reach
	slack  int64   // what may still be lost
	nodes  int
	choice []int32
	best   []int32
	score  []int32 // by trip, scratch

	descent descent
}

func newExchanger(q *pool) *exchanger {
	trips, loads := q.m.Size()
	x := &exchanger{q: q, open: make([]bool, loads), price: make([]int64, loads), score: make([]int32, trips)}
	x.descent = descent{price: x.price, use: make([]int32, loads), most: q.saving, patience: 1, shorten: 0.8, steps: haggles}
	return x
}

// around finds the trips that compete with one for its best columns, itself
// first: at most circle.
func (x *exchanger) around(k *packing, trip int32, circle int) []int32 {
	q := x.q
	clear(x.score)
	for rank, w := range x.list(trip, func(*column) bool { return true }, glances) {
		for _, l := range q.columns[w.id].loads {
			if r := k.rider[l]; r >= 0 && r != trip {
				x.score[r] += int32(glances - rank)
			}
		}
	}
	var near []int32
	for t, s := range x.score {
		if s > 0 {
			near = append(near, int32(t))
		}
	}
	slices.SortFunc(near, func(a, b int32) int { return cmp.Or(cmp.Compare(x.score[b], x.score[a]), cmp.Compare(a, b)) })
	return append([]int32{trip}, near[:min(len(near), circle-1)]...)
}

// list returns the trip's wished columns, best first at the pool's prices.
func (x *exchanger) list(trip int32, wanted func(c *column) bool, most int) []wish {
	q := x.q
	var all []wish
	for _, id := range q.of[trip] {
		if c := &q.columns[id]; wanted(c) {
			all = append(all, wish{id, -q.at(c)})
		}
	}
	slices.SortFunc(all, func(a, b wish) int { return cmp.Or(cmp.Compare(a.loss, b.loss), cmp.Compare(a.id, b.id)) })
	return all[:min(len(all), most)]
}

// improve packs the trips anew and tells whether that was worth more.
func (x *exchanger) improve(k *packing, trips []int32) bool {
	q := x.q
	present := x.gather(k, trips)
	ceiling := x.haggle(present)
	if ceiling > present {
		left := int64(0)
		for _, l := range x.reach {
			left += x.price[l]
		}
		x.slack, x.nodes = ceiling-present-1, maxNodes
		x.choice = append(x.choice[:0], trips...)
		x.best = x.best[:0]
		x.try(0, 0, left)
	}
	for _, l := range x.reach {
		x.open[l] = false
	}
	if ceiling <= present || len(x.best) == 0 {
		return false
	}
	for _, t := range trips {
		q.put(k, int(t), -1)
	}
	for i, t := range trips {
		q.put(k, int(t), x.best[i])
	}
	return true
}

// gather lists what the trips might take of the loads that they and nobody else
// have, and returns the value of what they take now.
func (x *exchanger) gather(k *packing, trips []int32) (present int64) {
	q := x.q
	x.trips, x.wishes, x.reach = trips, x.wishes[:0], x.reach[:0]
	within := func(c *column) bool {
		for _, l := range c.loads {
			if r := k.rider[l]; r >= 0 && !slices.Contains(trips, r) {
				return false
			}
		}
		return c.value > 0
	}
	for _, t := range trips {
		if id := k.chosen[t]; id >= 0 {
			present += q.columns[id].value
		}
		list := append(x.list(t, within, maxWishes), wish{-1, 0})
		for _, w := range list[:len(list)-1] {
			for _, l := range q.columns[w.id].loads {
				if !x.open[l] {
					x.open[l] = true
					x.price[l] = q.prices[l]
					x.reach = append(x.reach, l)
				}
			}
		}
		x.wishes = append(x.wishes, list)
	}
	return present
}

// haggle moves the prices of the loads in reach until the bound on the value of
// the exchange is small, and orders each trip's wishes by what they lose at
// these prices. The bound is what the trips' best columns are worth plus the
// prices of all loads in reach; no choice is worth more, whatever the prices.
func (x *exchanger) haggle(present int64) (ceiling int64) {
	x.descent.loads = x.reach
	ceiling = x.descent.run(x.demand, func() int64 { return present }, nil)
	for _, list := range x.wishes {
		top := int64(0)
		for i := range list {
			list[i].loss = -x.worth(list[i].id)
			top = max(top, -list[i].loss)
		}
		for i := range list {
			list[i].loss += top
		}
		slices.SortFunc(list, func(a, b wish) int { return cmp.Or(cmp.Compare(a.loss, b.loss), cmp.Compare(a.id, b.id)) })
	}
	return ceiling
}

// demand lets each trip want its best column, and returns what they are worth.
func (x *exchanger) demand() (worth int64) {
	for _, list := range x.wishes {
		best, most := int32(-1), int64(0)
		for _, w := range list {
			if worth := x.worth(w.id); worth > most {
				best, most = w.id, worth
			}
		}
		worth += most
		if best >= 0 {
			for _, l := range x.q.columns[best].loads {
				x.descent.use[l]++
			}
		}
	}
	return worth
}

// worth is what a column is worth at the local prices, 0 for none.
func (x *exchanger) worth(id int32) int64 {
	if id < 0 {
		return 0
	}
	c := &x.q.columns[id]
	worth := c.value
	for _, l := range c.loads {
		worth -= x.price[l]
	}
	return worth
}

// try chooses for the trips from depth on. lost is what they have given up so
// far, left the prices of loads that nobody has taken: what a choice is worth
// is the bound less both, so a branch ends where they eat up the slack.
func (x *exchanger) try(depth int, lost, left int64) {
	if depth == len(x.trips) {
		if lost+left <= x.slack {
			x.best = append(x.best[:0], x.choice...)
			x.slack = lost + left - 1
		}
		return
	}
	for _, w := range x.wishes[depth] {
		if lost+w.loss > x.slack || x.nodes == 0 {
			return
		}
		x.nodes--
		var loads []int32
		if w.id >= 0 {
			loads = x.q.columns[w.id].loads
		}
		if !x.allOpen(loads) {
			continue
		}
		rest := left
		for _, l := range loads {
			x.open[l] = false
			rest -= x.price[l]
		}
		x.choice[depth] = w.id
		x.try(depth+1, lost+w.loss, rest)
		for _, l := range loads {
			x.open[l] = true
		}
	}
}

func (x *exchanger) allOpen(loads []int32) bool {
	for _, l := range loads {
		if !x.open[l] {
			return false
		}
	}
	return true
}
