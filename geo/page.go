package geo

import (
	"math"
	"math/bits"
	"sync/atomic"
)

const (
	pageTrips  = 512 // places of a page at the most
	firstTrips = 8   // places of a new page
	blockRows  = 8   // rows that are made at once
	bytesABit  = 16  // what a posting may take before a page is not made wider any more
)

// page is up to pageTrips trips of a slab and for each cell a row of bits, one for
// each trip that may stop there. A cell that two trips share costs each of them a
// bit, and two rows tell by a few words which trips may be in both cells.
//
// Places are given out once, in rising order. What stands in one is written before
// its bit in alive is set and never changes. A page without room is replaced by a
// larger one, and one with more dead than living by one without the dead: who still
// reads it sees what was there before.
type page struct {
	index    []atomic.Uint32 // by cell / blockRows: block of rows, counted from 1; 0 where there is none
	blocks   []atomic.Uint64 // rows, one after the other
	width    int             // words of a row
	anywhere atomic.Bool     // some bit of wide is set
	alive    [pageTrips / 64]atomic.Uint64
	heads    []head                        // by place
	own      []float32                     // by place, see tripEntry.own
	wide     [pageTrips / 64]atomic.Uint64 // trips that reach too far for cells: as if in every row
	slack    atomic.Uint32                 // bits of the greatest slack of trips that are not astray, a float32
	traits   [allTraits][pageTrips / 64]atomic.Uint64

	// Owned by the writer.
	slab        *slab
	sector      int // of the slab
	count, live int // places given out, and not dead
	made        int // blocks in use
	posted      int // bits set in rows
}

// head is what tells at sight that a trip cannot carry a load: no placement on its
// legs is shorter than the way from its first stop to the pickup, the delivery and
// its last stop. Where a Ground bounds the drives its tables tell how long that is.
//
// A head has 32 bytes, so that reading it waits for memory once.
type head struct {
	first, last    pin     // where the trip begins and ends
	budget         float32 // the longest way of that kind, see tripEntry.budget; infinite where there is no limit
	slot           uint32
	fromMin, toMin int32 // unix minutes between which the whole way lies
}

// newPage is a page for so many trips and blocks of rows, of cells below a number.
func newPage(s *slab, sector, trips, blocks, cells int) *page {
	width := (trips + 63) / 64
	return &page{
		slab: s, sector: sector, width: width, heads: make([]head, trips), own: make([]float32, trips),
		index:  make([]atomic.Uint32, (cells+blockRows-1)/blockRows),
		blocks: make([]atomic.Uint64, blocks*blockRows*width),
	}
}

// noRow stands for the row of a cell that no trip of the page covers.
const noRow = -1

// row is where the row of a cell begins, or noRow.
func (p *page) row(cell uint32) int {
	block := int(cell / blockRows)
	if block >= len(p.index) {
		return noRow
	}
	k := p.index[block].Load()
	if k == 0 {
		return noRow
	}
	return (int(k-1)*blockRows + int(cell%blockRows)) * p.width
}

// union is the trips of a word that cover a cell of any of the rows.
func (p *page) union(rows []int, word int) (m uint64) {
	for _, row := range rows {
		if row != noRow {
			m |= p.blocks[row+word].Load()
		}
	}
	return m
}

// room is the number of blocks the page has memory for.
func (p *page) room() int { return len(p.blocks) / (blockRows * p.width) }

// put gives a trip the next place; for the writer, who knows that there is one and
// that the page holds the cells. It returns the place.
func (p *page) put(h head, own float32, cells []covered, wide bool) int {
	at := p.count
	p.heads[at], p.own[at] = h, own
	p.describe(at)
	if wide {
		p.reach(at)
	}
	for i := range cells {
		p.post(cells[i].node.id, at)
	}
	p.count, p.live = at+1, p.live+1
	p.slab.trips++
	set(p.alive[:], at)
	return at
}

// reach sets the bit of a trip that may be anywhere.
func (p *page) reach(at int) {
	set(p.wide[:], at)
	p.anywhere.Store(true)
	p.posted++
}

// post sets a bit of a row.
func (p *page) post(cell uint32, at int) {
	if k := &p.index[cell/blockRows]; k.Load() == 0 {
		p.made++
		k.Store(uint32(p.made))
	}
	set(p.blocks[p.row(cell):], at)
	p.posted++
}

func set(row []atomic.Uint64, at int) {
	w := &row[at/64]
	w.Store(w.Load() | 1<<(at%64))
}

// bury lets go of the trip in a place; for the writer.
func (p *page) bury(at int) {
	w := &p.alive[at/64]
	w.Store(w.Load() &^ (1 << (at % 64)))
	p.live--
	p.slab.trips--
}

// copyTo puts the living into an empty page, in their order, and tells for each its
// slot and its new place; for the writer.
func (p *page) copyTo(to *page, moved func(slot uint32, at int)) {
	place := make([]int, p.count)
	for at := range p.count {
		place[at] = -1
		if p.alive[at/64].Load()>>(at%64)&1 != 0 {
			place[at] = to.count
			to.heads[to.count], to.own[to.count] = p.heads[at], p.own[at]
			to.describe(to.count)
			moved(p.heads[at].slot, to.count)
			to.count++
		}
	}
	to.live = to.count
	each := func(row []atomic.Uint64, found func(at int)) {
		for w := range p.width {
			for m := row[w].Load() & p.alive[w].Load(); m != 0; m &= m - 1 {
				found(place[64*w+bits.TrailingZeros64(m)])
			}
		}
	}
	each(p.wide[:], to.reach)
	for block := range p.index {
		if p.index[block].Load() == 0 {
			continue
		}
		for cell := uint32(block * blockRows); cell < uint32((block+1)*blockRows); cell++ {
			each(p.blocks[p.row(cell):], func(at int) { to.post(cell, at) })
		}
	}
	for at := range to.count {
		set(to.alive[:], at)
	}
}

// floatUp is x rounded up to what a float32 holds.
func floatUp(x float64) float32 {
	f := float32(x)
	if float64(f) < x {
		f = math.Nextafter32(f, float32(math.Inf(1)))
	}
	return f
}
