package geo

import (
	"math/bits"
	"slices"
	"sync/atomic"
)

// Trips stand by time: those whose clocks span at most 8 h in slabs of 2 h by
// their beginning, those of at most 16 h in slabs of 4 h, and so on; in the last
// level all are in one slab. So a trip stands in one slab however long it lasts,
// and a query looks at no more of them than its window and the span of a level
// come to.
const (
	slabLevels  = 12
	firstSpan   = 8 * 60 // minutes
	slabsASpan  = 4
	minuteBegin = -1 << 31 // of a head: earlier than a head can say
	minuteEnd   = 1<<31 - 1
)

// slab is the trips of one level that begin in one stretch of time.
type slab struct {
	field *field
	level int
	key   int64 // its stretch, counted in their length since the epoch
	pages shelves
	came  [allSectors]int // trips of each sector that were put among the mixed; owned by the writer
	trips int             // that it holds; owned by the writer
	gone  bool            // retired; owned by the writer
}

// calendar is the slabs of a field.
type calendar struct {
	levels [slabLevels]atomic.Pointer[[]*slab] // by rising key; replaced, never changed
}

// slabSpan is the longest span of a level in minutes, slabLength that of its slabs.
func slabSpan(level int) int64   { return firstSpan << level }
func slabLength(level int) int64 { return slabSpan(level) / slabsASpan }

// slabOf is where a span of unix minutes belongs.
func slabOf(fromMin, toMin int64) (level int, key int64) {
	level = bits.Len64(uint64(max(toMin-fromMin-1, 0)) / firstSpan)
	if level >= slabLevels-1 {
		return slabLevels - 1, 0
	}
	return level, floorDiv(fromMin, slabLength(level))
}

// list is the slabs of a level.
func (c *calendar) list(level int) []*slab {
	if p := c.levels[level].Load(); p != nil {
		return *p
	}
	return nil
}

func byKey(s *slab, key int64) int {
	switch {
	case s.key < key:
		return -1
	case s.key > key:
		return 1
	}
	return 0
}

// between is the slabs of a level that may hold trips which are under way at some
// moment of a span in unix minutes.
func (c *calendar) between(level int, from, to int64) []*slab {
	all := c.list(level)
	if level == slabLevels-1 || len(all) == 0 {
		return all
	}
	low, _ := slices.BinarySearchFunc(all, floorDiv(from-slabSpan(level), slabLength(level)), byKey)
	last := floorDiv(to, slabLength(level))
	high := low
	for high < len(all) && all[high].key <= last {
		high++
	}
	return all[low:high]
}

// at is the slab of a span, made where there is none; for the writer.
func (c *calendar) at(f *field, fromMin, toMin int64) *slab {
	level, key := slabOf(fromMin, toMin)
	all := c.list(level)
	i, found := slices.BinarySearchFunc(all, key, byKey)
	if found {
		return all[i]
	}
	s := &slab{field: f, level: level, key: key}
	grown := slices.Insert(slices.Clone(all), i, s)
	c.levels[level].Store(&grown)
	return s
}

// retire drops the slabs whose trips all ended before a unix minute, and those left
// empty. It returns how many postings went. For the writer.
func (c *calendar) retire(before int64) (postings int) {
	for level := range c.levels {
		all := c.list(level)
		kept := make([]*slab, 0, len(all))
		for _, s := range all {
			past := level < slabLevels-1 && (s.key+1)*slabLength(level)+slabSpan(level) <= before
			if past || s.trips == 0 {
				postings += s.postings()
				s.gone = true
			} else {
				kept = append(kept, s)
			}
		}
		if len(kept) < len(all) {
			c.levels[level].Store(&kept)
		}
	}
	return postings
}

// postings counts what is posted, dead ones included.
func (c *calendar) postings() (n int) {
	for level := range c.levels {
		for _, s := range c.list(level) {
			n += s.postings()
		}
	}
	return n
}

func (s *slab) postings() (n int) {
	s.pages.each(func(p *page) { n += p.posted })
	return n
}

// exchange puts a page of a sector in the place of another; nil for old adds it, nil for
// fresh takes the old one out.
func (s *slab) exchange(sector int, old, fresh *page) {
	pages := slices.Clone(s.pages.in(sector))
	i := slices.Index(pages, old)
	switch {
	case fresh == nil:
		pages = slices.Delete(pages, i, i+1)
	case old == nil:
		pages = append(pages, fresh)
	default:
		pages[i] = fresh
	}
	s.pages[sector].Store(&pages)
}
