package geo

import (
	"math"
	"slices"
	"sync/atomic"
)

// Postings of a cell are kept by time. A posting whose span of presence is at
// most 2 h lies in a bucket of 2 h by its first minute; one of a longer span
// in a coarser level, where buckets are 4 h, 8 h ... 43 days long; one longer
// still in the last level, which has a single bucket. So a posting is stored
// once however long its trip lasts, and a query looks at no more buckets of a
// level than its window covers, and one more.
const (
	fineLevels    = 10
	allLevels     = fineLevels + 1
	finestMinutes = 120
	minuteMs      = 60_000
)

// posted is what both kinds of posting say to their list.
type posted interface {
	// place is the slot and the generation of the record posted.
	place() (slot uint32, gen uint16)
}

// list is postings in order of insertion. The writer appends beyond count and
// then raises it, so readers that load count see only whole postings.
type list[P posted] struct {
	count atomic.Int32
	buf   []P // fixed length; a longer list replaces this one
}

// bucket is the postings of one stretch of time.
type bucket[P posted] struct {
	key  int32                   // start, in bucket lengths since the epoch
	list atomic.Pointer[list[P]] // nil where empty
	dead int32                   // removed postings still in the list; owned by the writer
}

// timed is the postings of a cell, per level the buckets by key. The slices
// are replaced, never changed, by the writer.
type timed[P posted] struct {
	levels [allLevels]atomic.Pointer[[]*bucket[P]]
}

// stretch is a span of presence as the lists keep it: level and bucket, and
// within the bucket the first minute and the number of minutes.
type stretch struct {
	level       int
	key         int32
	first, span uint16
}

// levelMinutes is the bucket length of a level below fineLevels.
func levelMinutes(level int) int64 { return finestMinutes << level }

// floorDiv divides rounding down; d is positive.
func floorDiv(n, d int64) int64 {
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}

// stretchOf places a span of unix milliseconds, widened to whole minutes.
func stretchOf(fromMs, toMs int64) stretch {
	from, to := floorDiv(fromMs, minuteMs), floorDiv(toMs, minuteMs)+1
	for level := range fineLevels {
		length := levelMinutes(level)
		if key := floorDiv(from, length); to-from <= length {
			return stretch{level: level, key: int32(key), first: uint16(from - key*length), span: uint16(to - from)}
		}
	}
	return stretch{level: fineLevels}
}

// minutes gives back the span of a posting as unix minutes; a posting of the
// last level has no span and is always there.
func minutes(level int, key int32, first, span uint16) (from, to int64) {
	if level == fineLevels {
		return math.MinInt64 / 4, math.MaxInt64 / 4
	}
	from = int64(key)*levelMinutes(level) + int64(first)
	return from, from + int64(span)
}

// window is a span of minutes as a bucket's postings count them.
type window struct{ open, end int32 }

// windowIn is the span open..end in unix minutes, in a bucket.
func windowIn(level int, key int32, open, end int64) window {
	if level == fineLevels {
		return window{math.MinInt32, math.MaxInt32}
	}
	base := int64(key) * levelMinutes(level)
	return window{int32(min(max(open-base, math.MinInt32), math.MaxInt32)), int32(min(max(end-base, math.MinInt32), math.MaxInt32))}
}

// touches tells whether a posting's span and the window have a minute in common.
func (w window) touches(first, span uint16) bool {
	return int32(first) <= w.end && int32(first)+int32(span) >= w.open
}

// run is the postings of a bucket at some moment, and where it lies in time.
type run[P posted] struct {
	level int
	key   int32
	list  []P
}

// runs appends those of the buckets that may hold a posting whose span touches
// from..to in unix minutes. The buckets are all looked up before any is read, so
// that the processor fetches them from memory side by side.
func (t *timed[P]) runs(from, to int64, buf []run[P]) []run[P] {
	for level := range t.levels {
		for _, b := range t.buckets(level, from, to) {
			if list := b.read(); len(list) > 0 {
				buf = append(buf, run[P]{level: level, key: b.key, list: list})
			}
		}
	}
	return buf
}

// buckets are those of a level that runs takes.
func (t *timed[P]) buckets(level int, from, to int64) []*bucket[P] {
	p := t.levels[level].Load()
	if p == nil || from > to {
		return nil
	}
	all := *p
	if level == fineLevels {
		return all
	}
	length := levelMinutes(level)
	low, high := floorDiv(from, length)-1, floorDiv(to, length)
	i, _ := slices.BinarySearchFunc(all, low, byKey[P])
	j, _ := slices.BinarySearchFunc(all[i:], high+1, byKey[P])
	return all[i : i+j]
}

func byKey[P posted](b *bucket[P], key int64) int {
	switch k := int64(b.key); {
	case k < key:
		return -1
	case k > key:
		return 1
	}
	return 0
}

// read is the postings of a bucket at this moment.
func (b *bucket[P]) read() []P {
	l := b.list.Load()
	if l == nil {
		return nil
	}
	return l.buf[:l.count.Load()]
}

// find is the bucket of a stretch, or nil.
func (t *timed[P]) find(s stretch) *bucket[P] {
	p := t.levels[s.level].Load()
	if p == nil {
		return nil
	}
	if i, ok := slices.BinarySearchFunc(*p, int64(s.key), byKey[P]); ok {
		return (*p)[i]
	}
	return nil
}

// add appends a posting to its bucket; for the writer.
func (t *timed[P]) add(s stretch, posting P) {
	b := t.find(s)
	if b == nil {
		b = &bucket[P]{key: s.key}
		t.insert(s.level, b)
	}
	l := b.list.Load()
	if l == nil {
		l = &list[P]{buf: make([]P, 2)}
		b.list.Store(l)
	}
	n := int(l.count.Load())
	if n == len(l.buf) {
		grown := &list[P]{buf: make([]P, n+n/2+2)}
		copy(grown.buf, l.buf)
		grown.buf[n] = posting
		grown.count.Store(int32(n + 1))
		b.list.Store(grown)
		return
	}
	l.buf[n] = posting
	l.count.Store(int32(n + 1))
}

// insert publishes a level with one bucket more.
func (t *timed[P]) insert(level int, b *bucket[P]) {
	var old []*bucket[P]
	if p := t.levels[level].Load(); p != nil {
		old = *p
	}
	i, _ := slices.BinarySearchFunc(old, int64(b.key), byKey[P])
	grown := make([]*bucket[P], 0, len(old)+1)
	grown = append(append(append(grown, old[:i]...), b), old[i:]...)
	t.levels[level].Store(&grown)
}

// minDead is the number of dead postings a bucket may hold whatever its size.
const minDead = 4

// bury counts a posting of a bucket as dead, and rewrites the bucket without
// its dead once they outnumber the living. alive tells them apart. It returns
// the number of postings dropped. For the writer; a retired bucket is no
// matter.
func (t *timed[P]) bury(s stretch, alive func(slot uint32, gen uint16) bool) int {
	b := t.find(s)
	if b == nil {
		return 0
	}
	b.dead++
	old := b.read()
	if b.dead < minDead && int(b.dead) < len(old) || 2*int(b.dead) <= len(old) {
		return 0
	}
	kept := make([]P, 0, len(old))
	for _, p := range old {
		if slot, gen := p.place(); alive(slot, gen) {
			kept = append(kept, p)
		}
	}
	b.dead = 0
	if len(kept) == 0 {
		b.list.Store(nil)
		return len(old)
	}
	fresh := &list[P]{buf: slices.Clip(kept)}
	fresh.count.Store(int32(len(kept)))
	b.list.Store(fresh)
	return len(old) - len(kept)
}

// retire drops the buckets whose postings all ended before a unix minute, and
// those left empty. It returns the number of postings dropped. For the writer.
func (t *timed[P]) retire(before int64) int {
	dropped := 0
	for level := range t.levels {
		p := t.levels[level].Load()
		if p == nil {
			continue
		}
		kept := make([]*bucket[P], 0, len(*p))
		for _, b := range *p {
			past := level < fineLevels && (int64(b.key)+2)*levelMinutes(level) <= before
			if n := len(b.read()); past || n == 0 {
				dropped += n
				continue
			}
			kept = append(kept, b)
		}
		if len(kept) < len(*p) {
			t.levels[level].Store(&kept)
		}
	}
	return dropped
}
