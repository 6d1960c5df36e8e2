package dispatch

import "sync/atomic"

const slotChunk = 1024

// slots maps the small numbers of the index to values: one writer, many
// readers, no locks. Chunks are never moved, only the list of them is copied.
type slots[T any] struct {
	chunks atomic.Pointer[[]*[slotChunk]atomic.Pointer[T]]
}

// get returns the value in a slot, nil when it is empty.
func (s *slots[T]) get(slot uint32) *T {
	list := s.chunks.Load()
	if list == nil || int(slot/slotChunk) >= len(*list) {
		return nil
	}
	return (*list)[slot/slotChunk][slot%slotChunk].Load()
}

// set is for the writer alone.
func (s *slots[T]) set(slot uint32, v *T) {
	var list []*[slotChunk]atomic.Pointer[T]
	if old := s.chunks.Load(); old != nil {
		list = *old
	}
	if need := int(slot/slotChunk) + 1; need > len(list) {
		grown := append(make([]*[slotChunk]atomic.Pointer[T], 0, need), list...)
		for len(grown) < need {
			grown = append(grown, new([slotChunk]atomic.Pointer[T]))
		}
		s.chunks.Store(&grown)
		list = grown
	}
	list[slot/slotChunk][slot%slotChunk].Store(v)
}

// each calls f with every value, in order of slot.
func (s *slots[T]) each(f func(*T)) {
	list := s.chunks.Load()
	if list == nil {
		return
	}
	for _, chunk := range *list {
		for i := range chunk {
			if v := chunk[i].Load(); v != nil {
				f(v)
			}
		}
	}
}
