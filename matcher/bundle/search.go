package bundle

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

// Exact is the greatest set whose best order is sought exactly.
const Exact = 6

// Bundle is a set of loads on a trip and the best ride found for it.
type Bundle struct {
	Ride  Ride
	Loads []int32 // in the order in which they were put in
	Worth int64   // savings less prices less cost of the detour
	Cost  int64   // of the detour
	set   set
}

// Effort says how hard a search tries.
type Effort struct {
	Width  int // sets of each size that are gone on from
	Loads  int // of the greatest set, 0 for any number
	Orders int // sets into whose cheapest order a load does not go, for which another is sought
	Better int // sets of each size, the best first, for which a cheaper order is sought
}

// Searcher finds bundles. Its memory is used again.
type Searcher struct {
	m     Market
	trip  int
	loads []int32 // that may ride, best first
	gain  []int64 // of each: saving less price
	now   []Bundle
	next  []Bundle
	seen  map[set]int
	ids   []int32
	tries int // sets for which another order may still be sought, in this search
}

// NewSearcher is a searcher of a market.
func NewSearcher(m Market) *Searcher { return &Searcher{m: m, seen: map[set]int{}} }

// Search finds bundles of a trip by beam, and hands each that is worth more
// than nothing to found: all sets of one load, then the best of those
// with one more, and so on until none grows. A load whose price is its saving
// or more cannot make a bundle worth more, for it adds to the detour.
//
// prices are the duals. Bundles are good until the next search.
func (s *Searcher) Search(trip int, prices []int64, effort Effort, found func(b *Bundle)) {
	s.m.Forget()
	s.trip, s.tries, s.ids = trip, effort.Orders, s.ids[:0]
	s.choose(s.m.Alone(trip), prices)
	s.now = append(s.now[:0], Bundle{Ride: Empty})
	for size := 1; len(s.now) > 0 && (effort.Loads == 0 || size <= effort.Loads); size++ {
		clear(s.seen)
		s.next = s.next[:0]
		for i := range s.now {
			s.grow(&s.now[i])
		}
		if effort.Better > 0 {
			s.improve(effort.Better)
		}
		for i := range s.next {
			if s.next[i].Worth > 0 {
				found(&s.next[i])
			}
		}
		if len(s.next) > effort.Width {
			s.sort()
			s.next = s.next[:effort.Width]
		}
		s.now, s.next = s.next, s.now
	}
}

// sort puts the bundles of a size in order, those worth most first.
func (s *Searcher) sort() {
	slices.SortFunc(s.next, func(a, b Bundle) int {
		if d := cmp.Compare(b.Worth, a.Worth); d != 0 {
			return d
		}
		return slices.Compare(a.set[:], b.set[:])
	})
}

// improve seeks a cheaper order for the first so many bundles of a size.
func (s *Searcher) improve(most int) {
	s.sort()
	for i := range s.next[:min(len(s.next), most)] {
		b := &s.next[i]
		if ride, cost, ok := s.m.Order(s.trip, b.Loads, b.Cost); ok {
			b.Ride, b.Worth, b.Cost = ride, b.Worth+b.Cost-cost, cost
		}
	}
}

// choose keeps the loads that are worth more than their price.
func (s *Searcher) choose(candidates []int32, prices []int64) {
	s.loads = s.loads[:0]
	for _, l := range candidates {
		if s.m.Saving(l) > prices[l] {
			s.loads = append(s.loads, l)
		}
	}
	if len(s.loads) > maxLoads {
		slices.SortFunc(s.loads, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.m.Saving(b)-prices[b], s.m.Saving(a)-prices[a]), cmp.Compare(a, b))
		})
		s.loads = s.loads[:maxLoads]
	}
	s.gain = s.gain[:0]
	for _, l := range s.loads {
		s.gain = append(s.gain, s.m.Saving(l)-prices[l])
	}
}

// grow adds each load to a bundle, and keeps of equal sets the cheapest ride.
func (s *Searcher) grow(b *Bundle) {
	if !s.m.Look(s.trip, b.Ride) {
		return
	}
	for i, l := range s.loads {
		if b.set.has(i) {
			continue
		}
		set := b.set.with(i)
		k, known := s.seen[set]
		added, ok := s.m.Place(l)
		cost := b.Cost + added
		switch {
		case ok && known && k >= 0 && s.next[k].Cost <= cost:
			continue
		case ok:
			s.keep(set, b, i, cost, s.m.With())
		case !known && s.tries > 0 && len(b.Loads) < Exact:
			s.tries--
			s.seen[set] = -1
			ride, cost, ok := s.m.Order(s.trip, append(append(s.list(len(b.Loads)+1), b.Loads...), l), s.most(b))
			if ok {
				s.keep(set, b, i, cost, ride)
			}
		}
	}
}

// most is what a detour may cost so that a bundle with more loads may still be
// worth anything: as much as it and all other loads bring.
func (s *Searcher) most(b *Bundle) int64 {
	most := b.Worth + b.Cost
	for i, gain := range s.gain {
		if !b.set.has(i) {
			most += gain
		}
	}
	return most
}

// keep takes in a bundle grown by a load, in place of a dearer ride of its set.
func (s *Searcher) keep(set set, from *Bundle, i int, cost int64, ride Ride) {
	grown := Bundle{set: set, Ride: ride, Worth: from.Worth + from.Cost + s.gain[i] - cost, Cost: cost}
	if k, known := s.seen[set]; known && k >= 0 {
		grown.Loads = s.next[k].Loads
		s.next[k] = grown
		return
	}
	grown.Loads = append(append(s.list(len(from.Loads)+1), from.Loads...), s.loads[i])
	s.seen[set] = len(s.next)
	s.next = append(s.next, grown)
}

// list takes memory for n loads; all of it is given back at the next search.
func (s *Searcher) list(n int) []int32 {
	if len(s.ids)+n > cap(s.ids) {
		s.ids = make([]int32, 0, max(4096, 2*cap(s.ids)))
	}
	s.ids = s.ids[:len(s.ids)+n]
	return s.ids[len(s.ids)-n : len(s.ids)-n : len(s.ids)]
}
