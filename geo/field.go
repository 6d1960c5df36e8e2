package geo

import "sync/atomic"

// field is a bound's part of the index: its cells with all that is posted in
// them. Trips that one router measures stand in one field; a load stands in all.
type field struct {
	bound  Bound
	grid   grid          // on a Ground its coarse cells, by number
	book   calendar      // its trips
	trips  int           // that it holds; owned by the writer
	filled atomic.Uint32 // loads in slots below this one stand in the field
}

func newField(b Bound) *field {
	f := &field{bound: b}
	if b.ground != nil {
		f.grid.number(b.ground.Cells)
	}
	return f
}

// stand puts a load into the field, in memory that the standing has; false where
// it is off the field's roads.
func (f *field) stand(e *loadEntry, s *standing) bool {
	s.field = f
	if g := f.bound.ground; g != nil {
		s.pickup.spot.clear()
		s.delivery.spot.clear()
		if !g.Find(e.from, &s.pickup.spot) || !g.Find(e.to, &s.delivery.spot) {
			return false
		}
		s.haulMs = g.between(&s.pickup.spot, &s.delivery.spot)
		return s.haulMs < far
	}
	f.bound.near(e.from, &s.pickup)
	f.bound.near(e.to, &s.delivery)
	s.haulMs = f.bound.haul(e.from, e.to, s.pickup.vec, s.delivery.vec)
	return true
}

// foot is a cell in which a place is looked for.
type foot struct {
	node *node
	// On a Ground a trip's presence is that at the cell's junctions. From the one passed
	// on the way to the place it is up to lagMs farther.
	lagMs int64
}

// feet appends the cells of a place: of a rate's grid the one that holds it, of a
// Ground those of its gates. Cells that the index never touched are left out
// unless made is set.
func (f *field) feet(p Point, s *site, made bool, buf []foot) ([]foot, error) {
	if f.bound.ground == nil {
		find := f.grid.lookup
		if made {
			find = f.grid.at
		}
		n, err := find(p)
		if n == nil || err != nil {
			return buf, err
		}
		return append(buf, foot{node: n}), nil
	}
	from := len(buf)
	for i := range s.spot.Arrive {
		g := &s.spot.Arrive[i]
		buf = addFoot(buf, from, f.grid.by(g.Coarse), g.mostMs)
	}
	for i := range s.spot.Leave {
		buf = addFoot(buf, from, f.grid.by(s.spot.Leave[i].Coarse), 0)
	}
	return buf, nil
}

func addFoot(buf []foot, from int, n *node, lagMs int64) []foot {
	for i := from; i < len(buf); i++ {
		if buf[i].node == n {
			buf[i].lagMs = max(buf[i].lagMs, lagMs)
			return buf
		}
	}
	return append(buf, foot{n, lagMs})
}

// post puts a load's posting, or counts one as dead, in every cell of its pickup.
func (f *field) post(e *loadEntry, s *standing, do func(n *node, at stretch, delivery uint32)) error {
	var few [4]foot
	to, err := f.feet(e.to, &s.delivery, true, few[:0])
	if err != nil {
		return err
	}
	delivery := anyNode
	if len(to) == 1 {
		delivery = to[0].node.id
	}
	from, err := f.feet(e.from, &s.pickup, true, few[:0])
	if err != nil {
		return err
	}
	for _, t := range from {
		do(t.node, e.stretch(t.lagMs), delivery)
	}
	return nil
}

// anyNode stands for a delivery that is looked for in more than one cell.
const anyNode = ^uint32(0)

// retire drops the postings of times that ended before a unix minute. It returns
// how many trips' and loads' postings went.
func (f *field) retire(before int64) (trips, loads int) {
	f.grid.each(func(n *node) { loads += n.loads.retire(before) })
	return f.book.retire(before), loads
}

// postings counts what is posted, dead ones included.
func (f *field) postings() (trips, loads int) {
	f.grid.each(func(n *node) { loads += n.loads.size() })
	return f.book.postings(), loads
}

// Stats is the size of the index.
type Stats struct {
	Trips, Loads               int // slots in use
	TripPostings, LoadPostings int // trips in cells and loads in cells, those of removed ones that wait to be dropped included
	Cells                      int // cells ever touched
}

// Stats counts what the index holds.
func (c *Corridor) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{Trips: c.trips.live(), Loads: c.loads.live(), TripPostings: c.tripped, LoadPostings: c.loaded}
	for _, f := range *c.fields.Load() {
		s.Cells += f.grid.size()
	}
	return s
}
