package roads

import "pinhuo/geo/roads/ch"

// bound is a lower bound of the milliseconds and centimetres by road between two
// snapped places, without access legs: the least over the roads by which one
// may leave and arrive. The second is a bound of any way there is, not only of
// the fastest.
func (g *Graph) bound(r *routes, a, b *Snap) (ms, cm int64) {
	if a.shares(b) {
		return 0, 0
	}
	ms, cm = 1<<62, 1<<62
	for i := range a.from[:a.nFrom] {
		s := &a.from[i]
		for j := range b.to[:b.nTo] {
			t := &b.to[j]
			arrive := t.pos
			from, to := g.head(s.arc), g.tail(t.arc)
			ms = min(ms, s.Extra.Ms()+r.cells.least(&r.cells.ms, from, to)+arrive.Ms())
			cm = min(cm, s.Extra.Cm()+r.cells.least(&r.cells.cm, from, to)+arrive.Cm())
		}
	}
	return ms, cm
}

// tail is the node where an arc begins.
func (g *Graph) tail(arc uint32) uint32 {
	if arc&1 == 0 {
		return g.pieces[arc/2].From
	}
	return g.pieces[arc/2].To
}

// head is the node where an arc ends.
func (g *Graph) head(arc uint32) uint32 { return g.tail(arc ^ 1) }

// greatest is the most great-circle metres that any piece covers in a
// millisecond: no drive is faster as the crow flies.
func (g *Graph) greatest(r *routes) float64 {
	least := uint32(1<<32 - 1)
	for i := range r.pace {
		if g.pieces[i].Class == Gate {
			continue
		}
		for dir, pace := range r.pace[i] {
			if pace > 0 && r.weight[2*i+dir] < ch.Inf {
				least = min(least, pace)
			}
		}
	}
	return 1e6 / float64(least)
}
