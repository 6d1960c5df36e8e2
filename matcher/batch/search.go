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

// bundle is a set of loads on a trip and the best ride found for it.
type bundle struct {
	set   set
	ride  Ride
	loads []int32
	worth int64 // savings less prices less cost of the detour
	cost  int64 // of the detour
}

// searcher finds bundles. Its memory is used again.
type searcher struct {
	m     Market
	trip  int
	loads []int32 // that may ride, best first
	gain  []int64 // of each: saving less price
	now   []bundle
	next  []bundle
	seen  map[set]int
	ids   []int32
	tries int // sets for which another order may still be sought, in this search
}

func newSearcher(m Market) *searcher { return &searcher{m: m, seen: map[set]int{}} }

// search finds bundles of a trip by beam, and hands each that is worth more
// than nothing to found: all sets of one load, then the best width of those
// with one more, and so on until none grows. A load whose price is its saving
// or more cannot make a bundle worth more, for it adds to the detour.
//
// prices are the duals. tries is for how many sets into whose cheapest order a
// load does not go another order is sought. Bundles are good until the next
// search.
func (s *searcher) search(trip int, prices []int64, width, tries int, found func(b *bundle)) {
	s.m.Forget()
	s.trip, s.tries, s.ids = trip, tries, s.ids[:0]
	s.choose(s.m.Alone(trip), prices)
	s.now = append(s.now[:0], bundle{ride: Empty})
	for len(s.now) > 0 {
		clear(s.seen)
		s.next = s.next[:0]
		for i := range s.now {
			s.grow(&s.now[i])
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

// choose keeps the loads that are worth more than their price.
func (s *searcher) choose(candidates []int32, prices []int64) {
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
func (s *searcher) grow(b *bundle) {
	if !s.m.Look(s.trip, b.ride) {
		return
	}
	for i, l := range s.loads {
		if b.set.has(i) {
			continue
		}
		set := b.set.with(i)
		k, known := s.seen[set]
		added, ok := s.m.Place(l)
		cost := b.cost + added
		switch {
		case ok && known && k >= 0 && s.next[k].cost <= cost:
			continue
		case ok:
			s.keep(set, b, i, cost, s.m.With())
		case !known && s.tries > 0 && len(b.loads) < exactLoads:
			s.tries--
			s.seen[set] = -1
			ride, cost, ok := s.m.Order(s.trip, append(append(s.list(len(b.loads)+1), b.loads...), l), s.most(b))
			if ok {
				s.keep(set, b, i, cost, ride)
			}
		}
	}
}

// most is what a detour may cost so that a bundle with more loads may still be
// worth anything: as much as it and all other loads bring.
func (s *searcher) most(b *bundle) int64 {
	most := b.worth + b.cost
	for i, gain := range s.gain {
		if !b.set.has(i) {
			most += gain
		}
	}
	return most
}

// keep takes in a bundle grown by a load, in place of a dearer ride of its set.
func (s *searcher) keep(set set, from *bundle, i int, cost int64, ride Ride) {
	grown := bundle{set: set, ride: ride, worth: from.worth + from.cost + s.gain[i] - cost, cost: cost}
	if k, known := s.seen[set]; known && k >= 0 {
		grown.loads = s.next[k].loads
		s.next[k] = grown
		return
	}
	grown.loads = append(append(s.list(len(from.loads)+1), from.loads...), s.loads[i])
	s.seen[set] = len(s.next)
	s.next = append(s.next, grown)
}

// list takes memory for n loads; all of it is given back at the next search.
func (s *searcher) list(n int) []int32 {
	if len(s.ids)+n > cap(s.ids) {
		s.ids = make([]int32, 0, max(4096, 2*cap(s.ids)))
	}
	s.ids = s.ids[:len(s.ids)+n]
	return s.ids[len(s.ids)-n : len(s.ids)-n : len(s.ids)]
}
