package book

import "pinhuo/freight"

// shelf is a copy-on-write map: reads fall through to the shelf below, writes
// stay here until absorbed. Values are immutable once set; a nil value means
// that the entity is gone.
type shelf[V any] struct {
	below *shelf[V]
	own   map[freight.ID]*V
}

func newShelf[V any]() shelf[V] { return shelf[V]{own: map[freight.ID]*V{}} }

func (s *shelf[V]) fork() shelf[V] { return shelf[V]{below: s} }

// get returns the present value, nil when there is none.
func (s *shelf[V]) get(id freight.ID) *V {
	for at := s; at != nil; at = at.below {
		if v, ok := at.own[id]; ok {
			return v
		}
	}
	return nil
}

// set replaces the value; nil removes it.
func (s *shelf[V]) set(id freight.ID, v *V) {
	if s.own == nil {
		s.own = make(map[freight.ID]*V, 4)
	}
	s.own[id] = v
}

// absorb takes over what a fork of this shelf changed.
func (s *shelf[V]) absorb(fork *shelf[V]) {
	for id, v := range fork.own {
		if v == nil && s.below == nil {
			delete(s.own, id)
			continue
		}
		s.set(id, v)
	}
}

// ids is an immutable list of ids in the order they were added.
type ids []freight.ID

func (l *ids) list() []freight.ID {
	if l == nil {
		return nil
	}
	return *l
}

func (l *ids) with(id freight.ID) *ids {
	grown := append(append(make(ids, 0, len(l.list())+1), l.list()...), id)
	return &grown
}

// without returns the list less one id, nil when that leaves nothing.
func (l *ids) without(id freight.ID) *ids {
	rest := make(ids, 0, len(l.list()))
	for _, other := range l.list() {
		if other != id {
			rest = append(rest, other)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return &rest
}
