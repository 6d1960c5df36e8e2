package geo

import "sync/atomic"

// chunkSize is the number of slots that are allocated at once.
const chunkSize = 1024

// slots is a table of immutable records by slot: one writer at a time, readers
// without locks.
type slots[T any] struct {
	chunks atomic.Pointer[[]*[chunkSize]atomic.Pointer[T]]
	high   atomic.Uint32 // slots ever given out; owned by the writer, read by all
	vacant []uint32      // freed slots, last in first out; owned by the writer
}

// size is the number of slots that readers may ask for.
func (s *slots[T]) size() uint32 { return s.high.Load() }

// live is the number of slots in use; for the writer.
func (s *slots[T]) live() int { return int(s.high.Load()) - len(s.vacant) }

// get is the record in a slot, or nil.
func (s *slots[T]) get(slot uint32) *T {
	chunks := s.chunks.Load()
	if chunks == nil || int(slot/chunkSize) >= len(*chunks) {
		return nil
	}
	return (*chunks)[slot/chunkSize][slot%chunkSize].Load()
}

// take gives out a vacant slot; the writer sets it next.
func (s *slots[T]) take() uint32 {
	if n := len(s.vacant); n > 0 {
		slot := s.vacant[n-1]
		s.vacant = s.vacant[:n-1]
		return slot
	}
	slot := s.high.Load()
	if slot%chunkSize == 0 {
		var grown []*[chunkSize]atomic.Pointer[T]
		if old := s.chunks.Load(); old != nil {
			grown = append(grown, *old...)
		}
		grown = append(grown, new([chunkSize]atomic.Pointer[T]))
		s.chunks.Store(&grown)
	}
	s.high.Store(slot + 1)
	return slot
}

// set publishes the record of a slot.
func (s *slots[T]) set(slot uint32, v *T) {
	(*s.chunks.Load())[slot/chunkSize][slot%chunkSize].Store(v)
}

// free empties a slot and returns what it held; an empty one stays as it is.
func (s *slots[T]) free(slot uint32) *T {
	old := s.get(slot)
	if old == nil {
		return nil
	}
	s.set(slot, nil)
	s.vacant = append(s.vacant, slot)
	return old
}

// giveBack returns a slot that was taken and never set.
func (s *slots[T]) giveBack(slot uint32) { s.vacant = append(s.vacant, slot) }
