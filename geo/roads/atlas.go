package roads

import (
	"math"
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

// known returns the place with its ways to the landings, nil where it is not known.
func (a *atlas) known(p geo.Point) *site {
	if known := a.pages[pageOf(p)].Load(); known != nil && known.at == p {
		return &known.site
	}
	return nil
}

// find returns the place with its ways to the landings, prepared by the river when it is
// not known.
func (a *atlas) find(r *river, p geo.Point) *site {
	if known := a.known(p); known != nil {
		return known
	}
	made := &located{at: p, site: r.site(p)}
	made.site.reach = r.reach(made.site.vec)
	a.pages[pageOf(p)].Store(made)
	return &made.site
}

// banksSize is how many places' banks are remembered: about what a processor has at
// hand. A power of two.
const banksSize = 1 << 14

// banks remembers of places where they are and on which bank, in memory that never
// changes hands. A place may be forgotten for another one. It is safe for concurrent
// use.
type banks struct {
	lines [banksSize]bankLine
}

// bankLine is a place. turns is odd while somebody writes it, and 0 where nobody has
// yet; who reads it while that changes has read nothing.
type bankLine struct {
	turns   atomic.Uint32
	bank    atomic.Uint32
	at      atomic.Uint64
	x, y, z atomic.Uint64
	_       [24]byte // to the next line of the processor's memory
}

// find returns the place without its ways to the landings.
func (b *banks) find(r *river, p geo.Point) site {
	line, at := &b.lines[pageOf(p)%banksSize], uint64(uint32(p.LatE7))<<32|uint64(uint32(p.LngE7))
	turns := line.turns.Load()
	if turns != 0 && turns%2 == 0 && line.at.Load() == at {
		known := site{bank: bank(line.bank.Load()), vec: geo.Vec{X: math.Float64frombits(line.x.Load()),
			Y: math.Float64frombits(line.y.Load()), Z: math.Float64frombits(line.z.Load())}}
		if line.turns.Load() == turns {
			return known
		}
	}
	made := r.site(p)
	if turns%2 == 0 && line.turns.CompareAndSwap(turns, turns+1) {
		line.at.Store(at)
		line.bank.Store(uint32(made.bank))
		line.x.Store(math.Float64bits(made.vec.X))
		line.y.Store(math.Float64bits(made.vec.Y))
		line.z.Store(math.Float64bits(made.vec.Z))
		line.turns.Store(max(turns+2, 2))
	}
	return made
}

// pageOf spreads places that lie close together.
func pageOf(p geo.Point) uint32 {
	h := uint64(uint32(p.LatE7))<<32 | uint64(uint32(p.LngE7))
	h ^= h >> 29
	h *= 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
	return uint32(h >> (64 - 16))
}
