package dispatch

import (
	"iter"
	"math"
	"sync/atomic"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// stall is what the board keeps of a trip by its slot: its outline, and beside it what a
// search asks of all that come near, so that it fetches the outlines of few. Who reads it
// while the writer puts another version there may see some of either; what comes of that
// the writer judges, and whoever changes a trip looks for its loads anew.
type stall struct {
	outline atomic.Pointer[outline]
	tag     atomic.Uint64 // matcher.Tag
	lease   atomic.Int64  // freight.Instant
}

// put is for the writer alone; nil empties the stall.
func (s *stall) put(o *outline) {
	if o != nil {
		s.tag.Store(uint64(o.header.Tag()))
		s.lease.Store(int64(o.lease))
	}
	s.outline.Store(o)
}

// takes returns the trip if it takes loads at the instant, else nil.
func (s *stall) takes(now freight.Instant) *outline {
	if s == nil || int64(now) >= s.lease.Load() {
		return nil
	}
	return s.outline.Load()
}

// trip is the one in a slot that takes loads at the instant, or nil.
func (b *board) trip(slot uint32, now freight.Instant) *outline {
	return b.tripSlots.at(slot).takes(now)
}

// load is the one in a slot, or nil.
func (b *board) load(slot uint32) *listing {
	if at := b.loadSlots.at(slot); at != nil {
		return at.Load()
	}
	return nil
}

// open goes over the trips that the index found and that take loads now, with the
// seconds by which the load bends each at the least.
func (b *board) open(found []geo.Candidate, now freight.Instant) iter.Seq2[*outline, int64] {
	return func(yield func(*outline, int64) bool) {
		for _, c := range found {
			if o := b.trip(c.Slot, now); o != nil && !yield(o, c.DetourS) {
				return
			}
		}
	}
}

// look notes the trips that take loads of those that the index saw at a glance, and what
// the load can be worth on each at the most, as far as their tags tell. What lies on a
// lane of the operator's comes before all others.
func (s *scratch) look(b *board, now freight.Instant, view *loadView, near []geo.Candidate) {
	lanes := b.lanes.Load() > 0
	for _, c := range near {
		at := b.tripSlots.at(c.Slot)
		o := at.takes(now)
		if o == nil {
			continue
		}
		most := matcher.Tag(at.tag.Load()).AtMost(view.load, c.DetourS)
		if lanes && o.operator.Load().Lane(view.load, view.load.Ceiling, s.asking.Rules.Zone) != nil {
			most = math.MaxInt64
		}
		s.hopes.Add(matcher.Hope{Most: most, At: int32(len(s.noted))})
		s.noted = append(s.noted, finding{outline: o, view: view, at: now})
		s.near = append(s.near, c)
	}
	s.hopes.Order()
}

// closest looks at a hope from ever closer and tells whether it is still the most
// promising then. If not it has been put back, or is none.
func (s *scratch) closest(b *board, view *loadView, h *matcher.Hope) bool {
	for h.Seen < matcher.ByHeader {
		if h.Seen++; !s.closer(b, view, h) || s.hopes.Waits(*h) {
			return false
		}
	}
	return true
}

// closer looks at a hope as closely as it says, and tells whether it is one. What may lie
// on a lane promises as much as can be until its header is looked at.
func (s *scratch) closer(b *board, view *loadView, h *matcher.Hope) bool {
	c, o := &s.near[h.At], s.noted[h.At].outline
	if h.Seen == matcher.ByRecord {
		detourS, ok := s.search.Detour(c.Slot)
		c.DetourS = max(c.DetourS, detourS)
		if h.Most < math.MaxInt64 {
			h.Most = min(h.Most, matcher.Tag(b.tripSlots.at(c.Slot).tag.Load()).AtMost(view.load, c.DetourS))
		}
		return ok
	}
	most, ok := o.header.AtMost(view.load, c.DetourS)
	if !ok {
		return false
	}
	laned, may := s.sift(view, o)
	if h.Most = min(h.Most, most); laned {
		h.Most = math.MaxInt64
	}
	return may
}

// sift tells whether the operator of a trip may be asked now, and whether the load is on
// a lane of his. The trip is unpacked.
func (s *scratch) sift(view *loadView, o *outline) (laned, may bool) {
	if !view.asks(o, &s.trip) {
		return false, false
	}
	o.UnpackTo(&s.trip)
	from, laned := s.asking.Sift(&s.trip, o.operator.Load())
	if from > s.asking.Now {
		s.later = min(s.later, from)
		return false, false
	}
	return laned, true
}
