package roads

import (
	"sync/atomic"
	"unsafe"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// stand is a place as a graph knows it: snapped, and without the room that a Snap
// holds in reserve. It is never changed.
type stand struct {
	place    geo.Point
	off      bool // no route begins or ends there
	region   byte
	toRoadM  int32 // metres to the nearest road, where it is off
	access   ch.Weight
	from, to []end
	spot     spotKey
}

// spotKey tells snapped places apart: places on one spot of one straight have one
// key, all others one of their own.
type spotKey struct{ a, b uint64 }

// standBytes is what a stand takes with two ways onto the road and two off it, as most
// have, and its page.
const standBytes = int(unsafe.Sizeof(stand{}) + 4*unsafe.Sizeof(end{}) + unsafe.Sizeof(atomic.Pointer[stand]{}))

func (s *stand) bytes() int64 {
	if s == nil {
		return 0
	}
	return int64(unsafe.Sizeof(*s)) + int64(len(s.from)+len(s.to))*int64(unsafe.Sizeof(end{}))
}

// stands remembers places. Its memory is bounded: a place is forgotten for another
// one that happens to lie there. It is safe for concurrent use.
type stands struct {
	pages []atomic.Pointer[stand]
	most  int64         // bytes
	used  atomic.Int64  // bytes
	count atomic.Uint64 // of keys given out
}

// newStands makes room for as many places as fit the bytes, and at least one.
func newStands(bytes int) *stands {
	n := 1
	for 2*n*standBytes <= bytes {
		n *= 2
	}
	return &stands{pages: make([]atomic.Pointer[stand], n), most: int64(max(bytes, standBytes))}
}

// at is a place, snapped where it is not known.
func (t *stands) at(r *Router, p geo.Point) *stand {
	page := &t.pages[mix(p, geo.Point{})&uint64(len(t.pages)-1)]
	if known := page.Load(); known != nil && known.place == p {
		return known
	}
	made := t.make(r, p)
	// One that would take too much is not kept: some places have many ways onto the road.
	room := t.most - int64(len(t.pages))*int64(unsafe.Sizeof(*page)) - t.used.Load()
	if made.bytes()-page.Load().bytes() <= room {
		t.used.Add(made.bytes() - page.Swap(made).bytes())
	}
	return made
}

func (t *stands) make(r *Router, p geo.Point) *stand {
	s := r.snaps.Get().(*[2]Snap)
	defer r.snaps.Put(s)
	snap := &s[0]
	if err := r.Snap(p, snap); err != nil {
		return &stand{place: p, off: true, toRoadM: int32(offM(err))}
	}
	made := &stand{place: p, region: snap.region, access: snap.access}
	ends := append(append(make([]end, 0, snap.nFrom+snap.nTo), snap.from[:snap.nFrom]...), snap.to[:snap.nTo]...)
	made.from, made.to = ends[:snap.nFrom:snap.nFrom], ends[snap.nFrom:]
	made.spot = spotKey{1<<63 | t.count.Add(1), 0}
	if snap.nSpots == 1 {
		made.spot = snap.spots[0].key()
	}
	return made
}
