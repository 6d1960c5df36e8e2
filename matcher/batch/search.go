package batch

import (
	"cmp"
	"slices"
)

// maxLoads bounds how many loads of a trip a search looks at: those worth most
// at the present prices.
const maxLoads = 256

// set says which of a search's loads a bundle has.
type set [maxLoads / 64]uint64

func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }
func (s set) with(i int) set { s[i/64] |= 1 << (i % 64); return s }

// bundle is a set of loads on a trip and the best order found for it.
type bundle struct {
	set   set
	route []code
	loads []int32
	worth int64 // savings less prices less cost of the detour
	cost  int64 // of the detour
}

// searcher finds bundles. Its memory is used again.
type searcher struct {
	p     *Problem
	tour  tour
	loads []int32 // that may ride, best first
	gain  []int64 // of each: saving less price
	now   []bundle
	next  []bundle
	seen  map[set]int
	codes []code
	ids   []int32
}

func newSearcher(p *Problem) *searcher {
	return &searcher{p: p, tour: tour{p: p}, seen: map[set]int{}}
}

// search finds bundles of a trip by beam, and hands each that is worth more
// than nothing to found: all sets of one load, then the best width of those
// with one more, and so on until none grows. A load whose price is its saving
// or more cannot make a bundle worth more, for it adds to the detour.
//
// candidates are the loads that the trip could carry alone; prices are the
// duals.
func (s *searcher) search(trip *Trip, candidates []int32, prices []int64, width int, found func(b *bundle)) {
	s.choose(candidates, prices)
	s.codes, s.ids = s.codes[:0], s.ids[:0]
	s.now = append(s.now[:0], bundle{route: ownRoute(trip)})
	for len(s.now) > 0 {
		clear(s.seen)
		s.next = s.next[:0]
		for i := range s.now {
			s.grow(trip, &s.now[i])
		}
		for i := range s.next {
			if s.next[i].worth > 0 {
				found(&s.next[i])
			}
		}
		if len(s.next) > width {
			slices.SortFunc(s.next, func(a, b bundle) int {
				if d := cmp.Compare(b.worth, a.worth); d != 0 {
					return d
				}
				return slices.Compare(a.set[:], b.set[:])
			})
			s.next = s.next[:width]
		}
		s.now, s.next = s.next, s.now
	}
}

func ownRoute(trip *Trip) []code {
	route := make([]code, len(trip.Stops)-2)
	for i := range route {
		route[i] = ownCode
	}
	return route
}

// choose keeps the loads that are worth more than their price.
func (s *searcher) choose(candidates []int32, prices []int64) {
	s.loads = s.loads[:0]
	for _, l := range candidates {
		if s.p.Loads[l].Saving > prices[l] {
			s.loads = append(s.loads, l)
		}
	}
	if len(s.loads) > maxLoads {
		slices.SortFunc(s.loads, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.p.Loads[b].Saving-prices[b], s.p.Loads[a].Saving-prices[a]), cmp.Compare(a, b))
		})
		s.loads = s.loads[:maxLoads]
	}
	s.gain = s.gain[:0]
	for _, l := range s.loads {
		s.gain = append(s.gain, s.p.Loads[l].Saving-prices[l])
	}
}

// grow adds each load to a bundle, and keeps of equal sets the cheapest order.
func (s *searcher) grow(trip *Trip, b *bundle) {
	if !s.tour.set(trip, b.route) {
		return
	}
	for i, l := range s.loads {
		if b.set.has(i) {
			continue
		}
		at := s.tour.cheapest(l)
		if !at.feasible {
			continue
		}
		grown := bundle{set: b.set.with(i), worth: b.worth + s.gain[i] - at.cost, cost: b.cost + at.cost}
		k, known := s.seen[grown.set]
		if known && s.next[k].cost <= grown.cost {
			continue
		}
		grown.route = s.tour.with(l, at, s.room(len(b.route)+2))
		if known {
			grown.loads = s.next[k].loads
			s.next[k] = grown
			continue
		}
		grown.loads = append(append(s.list(len(b.loads)+1), b.loads...), l)
		s.seen[grown.set] = len(s.next)
		s.next = append(s.next, grown)
	}
}

// room takes memory for n codes, and list for n loads; all of it is given back
// at the next search.
func (s *searcher) room(n int) []code {
	if len(s.codes)+n > cap(s.codes) {
		s.codes = make([]code, 0, max(4096, 2*cap(s.codes)))
	}
	s.codes = s.codes[:len(s.codes)+n]
	return s.codes[len(s.codes)-n : len(s.codes)-n : len(s.codes)]
}

func (s *searcher) list(n int) []int32 {
	if len(s.ids)+n > cap(s.ids) {
		s.ids = make([]int32, 0, max(4096, 2*cap(s.ids)))
	}
	s.ids = s.ids[:len(s.ids)+n]
	return s.ids[len(s.ids)-n : len(s.ids)-n : len(s.ids)]
}
