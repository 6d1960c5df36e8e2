package roads

import (
	"sync/atomic"

	"pinhuo/geo"
)

// atlasSize is how many places are remembered: those of some ten thousand trips
// with room to spare. A power of two; a full atlas takes about 30 MB.
const atlasSize = 1 << 16

// atlas remembers places that distances were asked for, so that the bank and
// the ways to the landings are found once for a place and not once for a
// distance. A place may be forgotten for another one, which costs time and
// changes nothing. It is safe for concurrent use.
type atlas struct {
	pages [atlasSize]atomic.Pointer[located]
}

// located is a place with all that a distance needs of it.
type located struct {
	at   geo.Point
	site site
}

// find returns the place, prepared by the river when it is not known; with the ways
// to the landings where they are asked for.
func (a *atlas) find(r *river, p geo.Point, landings bool) *site {
	page := &a.pages[pageOf(p)]
	if known := page.Load(); known != nil && known.at == p && (!landings || known.site.reach != nil) {
		return &known.site
	}
	made := &located{at: p, site: r.site(p)}
	if landings {
		made.site.reach = r.reach(made.site.vec)
	}
	page.Store(made)
	return &made.site
}

// pageOf spreads places that lie close together.
func pageOf(p geo.Point) uint32 {
	h := uint64(uint32(p.LatE7))<<32 | uint64(uint32(p.LngE7))
	h ^= h >> 29
	h *= 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
	return uint32(h >> (64 - 16))
}
