package geo

import (
	"math"
	"math/bits"
	"slices"
	"sync/atomic"
)

// Postings of the loads of a cell are kept by time. A posting whose span of presence is at
// most 2 h lies in a bucket of 2 h by its first minute; one of a longer span
// in a coarser level, where buckets are 4 h, 8 h ... 43 days long; one longer
// still in the last level, which has a single bucket. So a posting is stored
// once however long its window is, and a query looks at no more buckets of a
// level than its window covers, and one more.
const (
	fineLevels    = 10
	allLevels     = fineLevels + 1
	finestMinutes = 120
	minuteMs      = 60_000
)

// loadPosting is a load in its pickup cell, by pickup window.
type loadPosting struct {
	slot       uint32
	delivery   uint32 // node id of the delivery cell
	gen        uint16
	from, span uint16 // minutes within the bucket
}

// list is postings in order of insertion. The writer appends beyond count and
// then raises it, so readers that load count see only whole postings.
type list struct {
	count atomic.Int32
	dead  int32         // removed postings still in the list; owned by the writer
	buf   []loadPosting // fixed length; a longer list replaces this one
}

// timed is the postings of a cell, per level the buckets by key.
type timed struct {
	levels [allLevels]atomic.Pointer[level]
}

// level is the buckets of one length: their starts, in bucket lengths since the
// epoch, and what is in them, nil where that is nothing. The keys lie beside each
// other, so that finding a bucket touches no other. A level with one bucket more
// replaces this one; who still reads the old one sees what was there before.
type level struct {
	keys  []int32 // rising
	lists []atomic.Pointer[list]
}

// at is the place of the first bucket of at least that key.
func (l *level) at(key int64) int {
	low, high := 0, len(l.keys)
	if high > 0 { // most often none is missing between the first and this one
		if i := key - int64(l.keys[0]); i >= 0 && i < int64(high) && int64(l.keys[i]) == key {
			return int(i)
		}
	}
	for low < high {
		if mid := int(uint(low+high) / 2); int64(l.keys[mid]) < key {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
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
	level := bits.Len64(uint64(max(to-from-1, 0)) / finestMinutes)
	if level >= fineLevels {
		return stretch{level: fineLevels}
	}
	key := floorDiv(from, finestMinutes) >> level
	return stretch{level: level, key: int32(key), first: uint16(from - key*levelMinutes(level)), span: uint16(to - from)}
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
type run struct {
	level int
	key   int32
	list  []loadPosting
}

// runs appends those of the buckets that may hold a posting whose span touches
// from..to in unix minutes. The buckets are all looked up before any is read, so
// that the processor fetches them from memory side by side.
func (t *timed) runs(from, to int64, buf []run) []run {
	for at := range t.levels {
		l, i, j := t.between(at, from, to)
		for ; i < j; i++ {
			if p := l.lists[i].Load(); p != nil {
				buf = append(buf, run{level: at, key: l.keys[i], list: p.read()})
			}
		}
	}
	return buf
}

// between are the buckets of a level that runs takes: from the i-th up to the j-th.
func (t *timed) between(at int, from, to int64) (l *level, i, j int) {
	l = t.levels[at].Load()
	if l == nil || from > to {
		return nil, 0, 0
	}
	if at == fineLevels {
		return l, 0, len(l.keys)
	}
	length := levelMinutes(at)
	low, high := floorDiv(from, length)-1, floorDiv(to, length)
	i = l.at(low)
	for j = i; j < len(l.keys) && int64(l.keys[j]) <= high; {
		j++
	}
	return l, i, j
}

// read is the postings of a list at this moment.
func (l *list) read() []loadPosting { return l.buf[:l.count.Load()] }

// find is the bucket of a stretch, or nil.
func (t *timed) find(s stretch) *atomic.Pointer[list] {
	l := t.levels[s.level].Load()
	if l == nil {
		return nil
	}
	if i := l.at(int64(s.key)); i < len(l.keys) && l.keys[i] == s.key {
		return &l.lists[i]
	}
	return nil
}

// bucket is the bucket of a stretch, made where there is none; for the writer.
func (t *timed) bucket(s stretch) *atomic.Pointer[list] {
	if b := t.find(s); b != nil {
		return b
	}
	old := t.levels[s.level].Load()
	if old == nil {
		old = &level{}
	}
	i, n := old.at(int64(s.key)), len(old.keys)
	grown := &level{keys: make([]int32, 0, n+1), lists: make([]atomic.Pointer[list], n+1)}
	grown.keys = append(append(append(grown.keys, old.keys[:i]...), s.key), old.keys[i:]...)
	for k := range old.lists {
		to := k
		if k >= i {
			to++
		}
		grown.lists[to].Store(old.lists[k].Load())
	}
	t.levels[s.level].Store(grown)
	return &grown.lists[i]
}

// add appends a posting to its bucket; for the writer.
func (t *timed) add(s stretch, posting loadPosting) {
	b := t.bucket(s)
	l := b.Load()
	if l == nil {
		l = &list{buf: make([]loadPosting, 2)}
		b.Store(l)
	}
	n := int(l.count.Load())
	if n < len(l.buf) {
		l.buf[n] = posting
		l.count.Store(int32(n + 1))
		return
	}
	grown := &list{buf: make([]loadPosting, n+n/4+2), dead: l.dead}
	copy(grown.buf, l.buf)
	grown.buf[n] = posting
	grown.count.Store(int32(n + 1))
	b.Store(grown)
}

// bury counts a posting of a bucket as dead, and rewrites the bucket without
// its dead once they outnumber the living. alive tells them apart. It returns
// the number of postings dropped. For the writer; a retired bucket is no
// matter.
func (t *timed) bury(s stretch, alive func(slot uint32, gen uint16) bool) int {
	b := t.find(s)
	if b == nil || b.Load() == nil {
		return 0
	}
	l := b.Load()
	l.dead++
	old := l.read()
	if l.dead < minDead && int(l.dead) < len(old) || 2*int(l.dead) <= len(old) {
		return 0
	}
	kept := make([]loadPosting, 0, len(old))
	for _, p := range old {
		if alive(p.slot, p.gen) {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		b.Store(nil)
		return len(old)
	}
	fresh := &list{buf: slices.Clip(kept)}
	fresh.count.Store(int32(len(kept)))
	b.Store(fresh)
	return len(old) - len(kept)
}

// size counts the postings of all times.
func (t *timed) size() (n int) {
	for at := range t.levels {
		if l := t.levels[at].Load(); l != nil {
			for i := range l.lists {
				if p := l.lists[i].Load(); p != nil {
					n += int(p.count.Load())
				}
			}
		}
	}
	return n
}

// retire drops the buckets whose postings all ended before a unix minute, and
// those left empty. It returns the number of postings dropped. For the writer.
func (t *timed) retire(before int64) int {
	dropped := 0
	for at := range t.levels {
		old := t.levels[at].Load()
		if old == nil {
			continue
		}
		kept := &level{}
		var lists []*list
		for i, key := range old.keys {
			l := old.lists[i].Load()
			if past := at < fineLevels && (int64(key)+2)*levelMinutes(at) <= before; l == nil || past {
				if l != nil {
					dropped += int(l.count.Load())
				}
				continue
			}
			kept.keys, lists = append(kept.keys, key), append(lists, l)
		}
		if len(lists) == len(old.keys) {
			continue
		}
		kept.lists = make([]atomic.Pointer[list], len(lists))
		for i, l := range lists {
			kept.lists[i].Store(l)
		}
		t.levels[at].Store(kept)
	}
	return dropped
}
