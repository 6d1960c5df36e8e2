package batch

import (
	"cmp"
	"math"
	"slices"

	"pinhuo/matcher/bundle"
)

// Effort says how long a solver tries.
type Effort struct {
	// Rounds bounds the rounds of search, pricing and repair; 0 means until
	// nothing gets better any more.
	Rounds int
	// Stop, which may be nil, is asked often; once it says true the best packing
	// so far is returned.
	Stop func() bool
	// Prices of loads to begin with, such as those of the last time; nil for none.
	Prices []int64
	// Known are columns to begin with. A trip in Settled has all that are worth
	// having in them, but for those with a load in its Fresh; the first round
	// looks for these alone. Both are nil or have an entry for each trip.
	Known   []Column
	Settled []bool
	Fresh   [][]int32
}

// Column is a trip with a set of loads, ascending, and the best ride found for
// it; Value is what the loads save less what the ride costs.
type Column struct {
	Trip  int
	Loads []int32
	Ride  bundle.Ride
	Value int64
}

// Widths of the beam, from round to round.
var widths = [...]int{6, 12, 24, 48, 96}

const (
	columnsARound = 30_000 // bundles of all searches of a round that become columns
	leastColumns  = 50     // of one search
	reordered     = 8      // new columns of one search whose order is made the best
	reorders      = 64     // sets of one search for which an order is sought where insertion finds none
	priceRounds   = 200    // steps of the prices in a round
	circle        = 12     // trips that exchange loads at once
	patience      = 3      // rounds without gain at the greatest width that end the search
)

// Solve packs the loads of a problem. The packing keeps every rule, whenever it
// is stopped; an error means that the problem makes no sense.
func Solve(p *Problem, effort Effort) (*Packing, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	m := newTable(p)
	choice := Pack(m, effort)
	packing := &Packing{Routes: make([]Route, len(p.Trips)), Value: choice.Value}
	for t, ride := range choice.Rides {
		if ride != bundle.Empty {
			packing.Routes[t] = m.calls(ride)
		}
	}
	return packing, nil
}

// Choice is a ride for each trip, Empty where it takes nothing, and what all are
// worth together.
type Choice struct {
	Rides []bundle.Ride
	Loads [][]int32 // by trip, ascending
	Value int64

	// Prices of loads: what a place for each is worth to the trips that compete
	// for it. No packing of the columns found is worth more than Bound.
	Prices  []int64
	Bound   int64
	Columns int

	solver *solver
}

// Pack packs the loads of a market, whenever it is stopped.
func Pack(m bundle.Market, effort Effort) *Choice {
	s := newSolver(m, effort)
	s.run()
	s.shake()
	return s.result()
}

// solver is one run.
type solver struct {
	m         bundle.Market
	effort    Effort
	pool      *pool
	searcher  *bundle.Searcher
	exchanger *exchanger
	best      *packing
	round     int
	masked    []int64 // scratch: prices of a search with others' loads out of reach
	found     []bundle.Bundle
	keep      int // bundles of a search that become columns
}

func newSolver(m bundle.Market, effort Effort) *solver {
	trips, loads := m.Size()
	s := &solver{m: m, effort: effort, pool: newPool(m), searcher: bundle.NewSearcher(m), masked: make([]int64, loads),
		keep: max(leastColumns, columnsARound/max(1, trips))}
	copy(s.pool.prices, effort.Prices)
	s.exchanger = newExchanger(s.pool)
	s.best = s.pool.empty()
	for _, c := range effort.Known {
		s.pool.take(c)
	}
	return s
}

func (s *solver) stopped() bool { return s.effort.Stop != nil && s.effort.Stop() }

// run searches round by round, each with a wider beam, until no round finds
// anything new.
func (s *solver) run() {
	idle := 0
	for ; s.effort.Rounds == 0 || s.round < s.effort.Rounds; s.round++ {
		before := s.value()
		last := s.round >= len(widths)-1
		fresh := s.price(widths[min(s.round, len(widths)-1)])
		if !s.stopped() {
			s.pool.balance(s.value, func(wants []int32) { s.offer(s.pool.repair(wants)) })
		}
		s.finish(last)
		if idle++; s.value() > before || !last {
			idle = 0
		}
		if s.stopped() || fresh == 0 && s.round > 0 || idle == patience {
			return
		}
	}
}

// offer takes a packing when it is the best so far.
func (s *solver) offer(k *packing) {
	if s.pool.value(k) > s.value() {
		s.best = k.clone()
	}
}

// value is that of the best packing so far.
func (s *solver) value() int64 { return s.pool.value(s.best) }

// price searches columns for every trip at the present prices and returns how
// many are new.
func (s *solver) price(width int) (fresh int) {
	for t := range s.pool.of {
		if s.stopped() {
			return fresh
		}
		if s.settled(t) {
			fresh += s.extend(t)
		} else {
			fresh += s.columns(t, s.pool.prices, width)
		}
	}
	return fresh
}

// settled tells whether the trip's known columns do for the present round.
func (s *solver) settled(trip int) bool {
	return s.round == 0 && s.effort.Settled != nil && s.effort.Settled[trip]
}

// extend adds the trip's fresh loads to its columns, twice over.
func (s *solver) extend(trip int) (fresh int) {
	if len(s.effort.Fresh[trip]) == 0 {
		return 0
	}
	s.m.Forget()
	from := -1 // the trip without any load
	for range 2 {
		until := len(s.pool.of[trip])
		for ; from < until; from++ {
			var c column
			if from >= 0 {
				c = s.pool.columns[s.pool.of[trip][from]]
			}
			fresh += s.stretch(trip, &c)
		}
	}
	return fresh
}

// stretch adds each of the trip's fresh loads to a column.
func (s *solver) stretch(trip int, c *column) (fresh int) {
	if !s.m.Look(trip, c.ride) {
		return 0
	}
	for _, l := range s.effort.Fresh[trip] {
		if slices.Contains(c.loads, l) {
			continue
		}
		if added, ok := s.m.Place(l); ok && added < s.pool.saving[l] {
			loads := append(slices.Clip(c.loads), l)
			if s.pool.add(trip, loads, s.m.With(), c.value+s.pool.saving[l]-added) {
				fresh++
			}
		}
	}
	return fresh
}

// columns searches bundles of a trip and keeps the best as columns.
func (s *solver) columns(trip int, prices []int64, width int) (fresh int) {
	s.found = s.found[:0]
	s.searcher.Search(trip, prices, bundle.Effort{Width: width, Orders: reorders}, func(b *bundle.Bundle) { s.found = append(s.found, *b) })
	slices.SortFunc(s.found, func(a, b bundle.Bundle) int {
		return cmp.Or(cmp.Compare(b.Worth, a.Worth), slices.Compare(a.Loads, b.Loads))
	})
	for i := range s.found[:min(len(s.found), s.keep)] {
		b := &s.found[i]
		saving := int64(0)
		for _, l := range b.Loads {
			saving += s.pool.saving[l]
		}
		if !s.pool.add(trip, b.Loads, b.Ride, saving-b.Cost) {
			continue
		}
		if fresh++; fresh > reordered {
			continue
		}
		if ride, cost, ok := s.m.Order(trip, b.Loads, b.Cost); ok {
			s.pool.add(trip, b.Loads, ride, saving-cost)
		}
	}
	return fresh
}

// finish improves the best packing trip by trip: once, or thoroughly until no
// trip finds anything better with the loads in its reach.
func (s *solver) finish(thoroughly bool) {
	k := s.best.clone()
	for again := true; again; again = again && thoroughly && !s.stopped() {
		again = false
		for t := range s.pool.of {
			if s.stopped() {
				break
			}
			if !s.settled(t) {
				again = s.fill(k, t) || again
			}
			again = s.exchanger.improve(k, s.exchanger.around(k, int32(t), circle)) || again
		}
	}
	s.offer(k)
}

// shake takes the loads from the trips of one neighbourhood after the other,
// lets these trips choose again in another order and exchange, and keeps what is
// better. It ends when some rounds through all neighbourhoods have brought nothing,
// or, where rounds are counted, after the first.
func (s *solver) shake() {
	trips, turns := len(s.pool.of), math.MaxInt
	if s.effort.Rounds > 0 {
		turns = trips
	}
	for turn, idle := 0, 0; turn < turns && idle < patience*trips && !s.stopped(); turn++ {
		k := s.best.clone()
		region := s.exchanger.around(k, int32(turn%trips), 3*circle)
		slices.SortFunc(region, func(a, b int32) int { return cmp.Compare(scatter(a, turn), scatter(b, turn)) })
		for _, t := range region {
			s.pool.put(k, int(t), -1)
		}
		for _, t := range region {
			s.pool.put(k, int(t), s.pool.bestOpen(k, int(t)))
		}
		for _, t := range region {
			s.exchanger.improve(k, s.exchanger.around(k, t, circle))
		}
		if idle++; s.pool.value(k) > s.value() {
			idle = 0
		}
		s.offer(k)
	}
}

// scatter orders trips differently from turn to turn.
func scatter(trip int32, turn int) uint64 {
	h := (uint64(trip)<<32 ^ uint64(turn)) * 0x9e3779b97f4a7c15
	h = (h ^ h>>29) * 0xbf58476d1ce4e5b9
	return h ^ h>>32
}

// fill searches the best bundle of a trip among its own loads and those nobody
// has.
func (s *solver) fill(k *packing, trip int) bool {
	for _, l := range s.m.Alone(trip) {
		s.masked[l] = 0
		if r := k.rider[l]; r >= 0 && r != int32(trip) {
			s.masked[l] = s.pool.saving[l]
		}
	}
	s.columns(trip, s.masked, widths[0])
	now := int64(0)
	if id := k.chosen[trip]; id >= 0 {
		now = s.pool.columns[id].value
	}
	best := int32(-1)
	for _, id := range s.pool.of[trip] {
		if c := &s.pool.columns[id]; c.value > now && k.open(c, int32(trip)) {
			best, now = id, c.value
		}
	}
	if best < 0 {
		return false
	}
	s.pool.put(k, trip, best)
	return true
}

// Best returns a trip's columns that are worth most at the final prices, at most
// n of them.
func (c *Choice) Best(trip, n int) []Column {
	wishes := c.solver.exchanger.list(int32(trip), func(*column) bool { return true }, n)
	best := make([]Column, len(wishes))
	for i, w := range wishes {
		one := &c.solver.pool.columns[w.id]
		best[i] = Column{trip, one.loads, one.ride, one.value}
	}
	return best
}

func (s *solver) result() *Choice {
	out := &Choice{Rides: make([]bundle.Ride, len(s.pool.of)), Loads: make([][]int32, len(s.pool.of)), Value: s.value(),
		Prices: s.pool.prices, Bound: s.pool.bound, Columns: len(s.pool.columns), solver: s}
	for t, id := range s.best.chosen {
		if id >= 0 {
			out.Rides[t], out.Loads[t] = s.pool.columns[id].ride, s.pool.columns[id].loads
		}
	}
	return out
}
