package batch

import (
	"cmp"
	"math"
	"slices"
)

// orderSteps bounds the search for the cheapest order of one set.
const orderSteps = 2_000

// mostFound bounds the sets that a pricing hands on.
const mostFound = 40

// pricer finds the most that any set of a lot is worth beyond prices, by branch
// and bound over sets: a set grows by loads in one order, each set with the cheapest
// of all its orders.
type pricer struct {
	lot     *Lot
	limit   int         // steps of one pricing
	stop    func() bool // nil for never
	orderer *orderer
	time    int64               // seconds from the first opening to the last closing, less the own drive
	work    [Dimensions]int64   // most that the trip can do, in size times metres
	works   [][Dimensions]int64 // of each load, over its own way

	prices []int64
	gain   []int64 // of each of the lot's loads, beyond its price
	nodes  int
	best   int64
	over   int64 // most that a set not looked at may be worth
	set    []int32
	order  []branch // scratch
	taken  []branch // by the last relaxation
	found  []priced
}

// branch is a load that a set may grow by, and what the grown set costs.
type branch struct {
	load int32 // of the lot
	cost int64
}

func newPricer(lot *Lot, limit int, stop func() bool) *pricer {
	p := &pricer{lot: lot, limit: limit, stop: stop, gain: make([]int64, len(lot.Loads))}
	if lot.Problem == nil {
		return p
	}
	p.orderer = &orderer{p: lot.Problem, most: orderSteps}
	p.effort()
	stops := lot.Problem.Trips[0].Stops
	p.time = stops[len(stops)-1].Close - stops[0].Open - stops[0].Service
	for i := 1; i < len(stops); i++ {
		p.time -= lot.Problem.seconds(int32(stops[i-1].Place), int32(stops[i].Place))
		if i < len(stops)-1 {
			p.time -= stops[i].Service
		}
	}
	return p
}

// effort fills in the work: what a truck holds times the way it drives is no less
// than what its loads take times the ways they go.
func (p *pricer) effort() {
	q, trip := p.lot.Problem, &p.lot.Problem.Trips[0]
	way := trip.DetourM
	for i := 1; i < len(trip.Stops); i++ {
		way += q.metres(int32(trip.Stops[i-1].Place), int32(trip.Stops[i].Place))
	}
	for d := range p.work {
		for _, room := range trip.Room {
			p.work[d] = max(p.work[d], room[d])
		}
		p.work[d] *= way
	}
	for i := range q.Loads {
		l, work := &q.Loads[i], [Dimensions]int64{}
		for d := range work {
			work[d] = l.Size[d] * q.metres(int32(l.Pickup.Place), int32(l.Delivery.Place))
		}
		p.works = append(p.works, work)
	}
}

// price returns the most, and the sets worth most that were met. sound tells
// that all sets were looked at or proven to be worth no more.
func (p *pricer) price(prices []int64) (worth int64, sound bool) {
	most, _ := p.relaxed(prices)
	if p.lot.Problem == nil {
		return most, false
	}
	p.prices, p.found = prices, p.found[:0]
	p.nodes, p.best, p.over, p.set = 0, 0, 0, p.set[:0]
	p.grow(0, 0, p.open())
	return min(most, max(p.best, p.over)), p.over <= p.best
}

// open lists the loads worth more than their price.
func (p *pricer) open() (may []branch) {
	for k := range p.gain {
		if p.gain[k] > 0 {
			may = append(may, branch{load: int32(k)})
		}
	}
	return may
}

// relaxed is the most that any set may be worth as far as can be seen without
// looking at sets, and the loads that it would have.
func (p *pricer) relaxed(prices []int64) (worth int64, wants []branch) {
	for k, l := range p.lot.Loads {
		p.gain[k] = p.lot.gain(k) - prices[l]
	}
	p.set = p.set[:0]
	may := p.open()
	if p.lot.Problem != nil {
		worth = p.room(0, 0, may)
		return worth, p.taken
	}
	slices.SortFunc(may, func(a, b branch) int {
		return cmp.Or(cmp.Compare(p.gain[b.load], p.gain[a.load]), cmp.Compare(a.load, b.load))
	})
	may = may[:min(len(may), p.lot.Most)]
	for _, b := range may {
		worth += p.gain[b.load]
	}
	return worth, may
}

// grow looks at the present set, of a gain and a cost, with each of the loads that may
// still go in.
func (p *pricer) grow(gain, cost int64, may []branch) {
	may = p.feasible(gain, cost, may)
	slices.SortFunc(may, func(a, b branch) int { return cmp.Or(cmp.Compare(b.cost, a.cost), cmp.Compare(a.load, b.load)) })
	for i, b := range may {
		// The set grows by this load and by some of those after it, none of which
		// alone makes it dearer.
		rest := may[i+1:]
		if p.room(gain+p.gain[b.load], b.cost, rest) <= p.best {
			continue
		}
		if p.nodes >= p.limit || p.stop != nil && p.stop() {
			p.over = max(p.over, p.room(gain+p.gain[b.load], b.cost, rest))
			continue
		}
		p.set = append(p.set, b.load)
		p.note(gain+p.gain[b.load], b.cost)
		if len(rest) > 0 {
			p.grow(gain+p.gain[b.load], b.cost, slices.Clone(rest))
		}
		p.set = p.set[:len(p.set)-1]
	}
}

// room is the most that a set of a gain and a cost may be worth with any of the
// loads that may go in: there is time to serve only so many, and each takes some
// of the work that the truck can do.
func (p *pricer) room(gain, cost int64, may []branch) int64 {
	if len(may) == 0 {
		p.taken = p.taken[:0]
		return gain - cost
	}
	least, left, work := int64(math.MaxInt64), p.time, p.work
	for _, b := range may {
		least = min(least, p.service(b.load))
	}
	for _, k := range p.set {
		left -= p.service(k)
		for d := range work {
			work[d] -= p.works[k][d]
		}
	}
	most := int64(len(may))
	if least > 0 {
		most = min(most, max(0, left/least))
	}
	p.order = append(p.order[:0], may...)
	slices.SortFunc(p.order, func(a, b branch) int { return cmp.Compare(p.gain[b.load], p.gain[a.load]) })
	more := int64(0)
	for _, b := range p.order[:most] {
		more += p.gain[b.load]
	}
	p.taken = append(p.taken[:0], p.order[:most]...)
	for d := range work {
		if brings, n := p.knapsack(d, work[d]); brings < more {
			more = brings
			p.taken = append(p.taken[:0], p.order[:n]...)
		}
	}
	return gain + more - cost
}

// knapsack is the most that the loads in order may bring with so much work in
// one dimension, where loads may be taken in part.
func (p *pricer) knapsack(d int, work int64) (most int64, n int) {
	rate := func(k int32) float64 { return float64(p.gain[k]) / float64(max(1, p.works[k][d])) }
	slices.SortFunc(p.order, func(a, b branch) int { return cmp.Compare(rate(b.load), rate(a.load)) })
	for i, b := range p.order {
		need := p.works[b.load][d]
		if need > work {
			return most + int64(float64(p.gain[b.load])*float64(max(0, work))/float64(need)) + 1, i
		}
		work -= need
		most += p.gain[b.load]
	}
	return most, len(p.order)
}

func (p *pricer) service(k int32) int64 {
	l := &p.lot.Problem.Loads[k]
	return l.Pickup.Service + l.Delivery.Service
}

// feasible keeps the loads that may go into the present set, and finds what it
// costs with each.
func (p *pricer) feasible(gain, cost int64, may []branch) []branch {
	kept := may[:0]
	total := p.room(gain, 0, may)
	for _, b := range may {
		// Dearer than this, no set with the load beats the best.
		most := total - p.best
		set := append(slices.Clip(p.set), b.load)
		route, c := p.orderer.cheapest(&p.lot.Problem.Trips[0], set, max(most, cost+1))
		p.nodes += p.orderer.steps
		switch {
		case p.orderer.spent():
			kept = append(kept, branch{b.load, cost}) // no less than without the load
		case route != nil:
			kept = append(kept, branch{b.load, c})
		}
	}
	return kept
}

// note takes in a set that is worth anything.
func (p *pricer) note(gain, cost int64) {
	worth := gain - cost
	if worth <= 0 {
		return
	}
	p.best = max(p.best, worth)
	set := priced{value: -cost}
	for _, k := range p.set {
		set.value += p.lot.Problem.Loads[k].Saving
		set.loads = append(set.loads, p.lot.Loads[k])
	}
	slices.Sort(set.loads)
	p.found = append(p.found, set)
	if len(p.found) >= 2*mostFound {
		p.trim()
	}
}

// trim keeps the sets worth most.
func (p *pricer) trim() {
	worth := func(s *priced) int64 {
		w := s.value
		for _, l := range s.loads {
			w -= p.prices[l]
		}
		return w
	}
	slices.SortFunc(p.found, func(a, b priced) int {
		return cmp.Or(cmp.Compare(worth(&b), worth(&a)), slices.Compare(a.loads, b.loads))
	})
	p.found = p.found[:min(len(p.found), mostFound)]
}
