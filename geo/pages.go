package geo

// minDead is the number of dead that a page or a bucket may hold whatever its size.
const minDead = 4

// stamps tells which numbers have been seen since it was last begun.
type stamps struct {
	of  []uint32
	now uint32
}

func (s *stamps) begin(numbers int) {
	if numbers > len(s.of) {
		s.of = append(s.of, make([]uint32, numbers-len(s.of))...)
	}
	if s.now++; s.now == 0 {
		clear(s.of)
		s.now = 1
	}
}

// first tells whether the number is seen for the first time.
func (s *stamps) first(number int) bool {
	seen := s.of[number] == s.now
	s.of[number] = s.now
	return !seen
}

// pageFor is a page with a place for a trip and rows for its cells.
func (c *Corridor) pageFor(f *field, h *head, cells []covered) *page {
	s := f.book.at(f, int64(h.fromMin), int64(h.toMin))
	sector := s.sectorFor(h, c.mixedTrips)
	p := s.roomy(sector)
	missing, ok := c.missing(p, f, cells)
	if ok {
		return p
	}
	return c.renew(s, sector, p, missing)
}

// missing counts the blocks of rows that a page lacks for a cover; ok tells that it
// has memory for them and a place for the trip.
func (c *Corridor) missing(p *page, f *field, cells []covered) (blocks int, ok bool) {
	c.stamps.begin((f.grid.ids() + blockRows - 1) / blockRows)
	ok = p != nil && p.count < len(p.heads)
	for i := range cells {
		block := int(cells[i].node.id / blockRows)
		if p != nil && block < len(p.index) && p.index[block].Load() != 0 || !c.stamps.first(block) {
			continue
		}
		ok = ok && block < len(p.index)
		blocks++
	}
	return blocks, ok && p.made+blocks <= p.room()
}

// roomy is a page of a sector that has a place or can be given one, or nil.
func (s *slab) roomy(sector int) *page {
	pages := s.pages.in(sector)
	for i := len(pages) - 1; i >= 0; i-- {
		if p := pages[i]; p.count < len(p.heads) || p.widens() || 4*(p.count-p.live) >= p.count {
			return p
		}
	}
	return nil
}

// widens tells whether a page that is full may be made larger: as long as its rows
// are not mostly empty.
func (p *page) widens() bool {
	return len(p.heads) < pageTrips && (len(p.heads) < 64 || 8*blockRows*p.made*p.width <= bytesABit*p.posted)
}

// larger is the next number of places of a page: few more, because places that nobody has
// stand empty in every row.
func larger(trips int) int {
	const word = 64
	if trips < 2*word {
		return 2 * trips
	}
	return trips + word
}

// renew puts in the place of a page of a sector one without its dead, with a place for one trip
// more and memory for so many more blocks of rows. Where there is no page it makes
// one.
func (c *Corridor) renew(s *slab, sector int, old *page, missing int) *page {
	trips, blocks := firstTrips, missing
	if old != nil {
		blocks += old.made
		for trips <= old.live {
			trips = larger(trips)
		}
		if old.count < len(old.heads) {
			trips = len(old.heads)
		} else if 8*(trips-old.live) < trips && trips < pageTrips {
			trips = larger(trips)
		}
	}
	fresh := newPage(s, sector, trips, blocks+blocks/8+2, s.field.grid.ids()+2*blockRows)
	if old != nil {
		old.copyTo(fresh, func(slot uint32, at int) {
			e := c.trips.get(slot)
			e.page, e.at = fresh, int32(at)
		})
	}
	c.swap(s, sector, old, fresh)
	return fresh
}

// swap puts one page in the place of another; see slab.exchange.
func (c *Corridor) swap(s *slab, sector int, old, fresh *page) {
	s.exchange(sector, old, fresh)
	if old != nil {
		c.tripped -= old.posted
	}
	if fresh != nil {
		c.tripped += fresh.posted
	}
}

// buryTrip takes a record that is no longer in its slot out of its page, which goes
// when it is empty and is renewed once the dead outnumber the living.
func (c *Corridor) buryTrip(e *tripEntry) {
	defer c.release(e.field)
	p := e.page
	p.bury(int(e.at))
	switch dead := p.count - p.live; {
	case p.slab.gone:
	case p.live == 0:
		c.swap(p.slab, p.sector, p, nil)
	case dead > minDead && dead > p.live:
		c.renew(p.slab, p.sector, p, 0)
	}
}
