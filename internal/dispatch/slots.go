package dispatch

import "sync/atomic"

const slotChunk = 1024

// slots maps the small numbers of the index to what is kept of their holders: one
// writer, many readers, no locks. What is kept says itself how it may be read beside the
// writer. Chunks are never moved, only the list of them is copied.
type slots[E any] struct {
	chunks atomic.Pointer[[]*[slotChunk]E]
}

// at returns what a slot has, nil where there was never anything.
func (s *slots[E]) at(slot uint32) *E {
	list := s.chunks.Load()
	if list == nil || int(slot/slotChunk) >= len(*list) {
		return nil
	}
	return &(*list)[slot/slotChunk][slot%slotChunk]
}

// open returns what a slot has, made where there was never anything; for the writer
// alone.
func (s *slots[E]) open(slot uint32) *E {
	var list []*[slotChunk]E
	if old := s.chunks.Load(); old != nil {
		list = *old
	}
	if need := int(slot/slotChunk) + 1; need > len(list) {
		grown := append(make([]*[slotChunk]E, 0, need), list...)
		for len(grown) < need {
			grown = append(grown, new([slotChunk]E))
		}
		s.chunks.Store(&grown)
		list = grown
	}
	return &list[slot/slotChunk][slot%slotChunk]
}

// each calls f with all there is, in order of slot.
func (s *slots[E]) each(f func(*E)) {
	list := s.chunks.Load()
	if list == nil {
		return
	}
	for _, chunk := range *list {
		for i := range chunk {
			f(&chunk[i])
		}
	}
}
