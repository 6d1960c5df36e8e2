package book

import "pinhuo/freight"

// tripShelf is the shelf of trips. They are most of what a market keeps in memory, so
// the book at the bottom has them packed, and unpacks one for whoever asks; a fork has
// those that it changed as they are.
type tripShelf struct {
	below  *tripShelf
	own    map[freight.ID]*freight.Trip
	packed map[freight.ID]freight.PackedTrip // of the bottom, which has no others

	adopted map[freight.ID]int64 // versions of ended ones that a round may want back
}

func newTripShelf() tripShelf { return tripShelf{packed: map[freight.ID]freight.PackedTrip{}} }

func (s *tripShelf) fork() tripShelf { return tripShelf{below: s} }

// get returns the present value, nil when there is none.
func (s *tripShelf) get(id freight.ID) *freight.Trip {
	for ; s.below != nil; s = s.below {
		if v, ok := s.own[id]; ok {
			return v
		}
	}
	if p, ok := s.packed[id]; ok {
		return p.Unpack()
	}
	return nil
}

// has tells whether there is one.
func (s *tripShelf) has(id freight.ID) bool {
	for ; s.below != nil; s = s.below {
		if v, ok := s.own[id]; ok {
			return v != nil
		}
	}
	_, ok := s.packed[id]
	return ok
}

// set replaces the value; nil removes it.
func (s *tripShelf) set(id freight.ID, v *freight.Trip) {
	switch {
	case s.below != nil:
		if s.own == nil {
			s.own = make(map[freight.ID]*freight.Trip, 4)
		}
		s.own[id] = v
	case v == nil:
		delete(s.packed, id)
	default:
		s.packed[id] = v.Pack()
	}
}

// absorb takes over what a fork of this shelf changed.
func (s *tripShelf) absorb(fork *tripShelf) {
	for id, v := range fork.own {
		s.set(id, v)
	}
}

// drop forgets one.
func (s *tripShelf) drop(id freight.ID) { delete(s.packed, id) }

// adopt takes a trip in that had left; release lets it go where it is as it was.
func (s *tripShelf) adopt(t *freight.Trip) {
	if s.has(t.ID) {
		return
	}
	if s.adopted == nil {
		s.adopted = map[freight.ID]int64{}
	}
	s.adopted[t.ID] = t.Version
	s.set(t.ID, t)
}

func (s *tripShelf) release(t *freight.Trip) {
	version, ok := s.adopted[t.ID]
	delete(s.adopted, t.ID)
	if now := s.get(t.ID); ok && now != nil && now.Version == version {
		s.drop(t.ID)
	}
}

// all lists the ids on a shelf and those below it, in order, also of what is gone.
func (s *tripShelf) all() []freight.ID {
	set := map[freight.ID]struct{}{}
	for at := s; at != nil; at = at.below {
		for id := range at.own {
			set[id] = struct{}{}
		}
		for id := range at.packed {
			set[id] = struct{}{}
		}
	}
	return sortedIDs(set)
}

// touched lists the ids that the shelf itself has, in order.
func (s *tripShelf) touched() []freight.ID {
	if s.below != nil {
		return sortedIDs(s.own)
	}
	return sortedIDs(s.packed)
}

// each goes over the trips that the shelf itself has.
func (s *tripShelf) each(look func(id freight.ID, v *freight.Trip)) {
	for id, v := range s.own {
		if v != nil {
			look(id, v)
		}
	}
	for id, p := range s.packed {
		look(id, p.Unpack())
	}
}
