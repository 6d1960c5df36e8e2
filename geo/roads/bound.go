package roads

import "pinhuo/geo"

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

// ground is the bound for the index: the tables of milliseconds.
func (r *Router) ground() *geo.Ground {
	c := r.routes.cells
	return &geo.Ground{Cells: c.coarses, UnitMs: c.ms.unit, Out: c.ms.out, In: c.ms.in, Find: r.find}
}

// find puts a place onto the roads for the index.
func (r *Router) find(p geo.Point, out *geo.Spot) bool {
	snaps := r.snaps.Get().(*[2]Snap)
	defer r.snaps.Put(snaps)
	s := &snaps[0]
	if r.Snap(p, s) != nil {
		return false
	}
	c, g := r.routes.cells, r.graph
	*out = geo.Spot{At: p, AccessMs: s.access.Ms(), Leave: out.Leave[:0], Arrive: out.Arrive[:0], Pieces: out.Pieces[:0]}
	for i := range s.from[:s.nFrom] {
		e := &s.from[i]
		v := g.head(e.arc)
		out.AddLeave(geo.Gate{Fine: c.fine[v], Coarse: c.coarse[v], Ms: e.Extra.Ms()})
		out.AddPiece(e.arc / 2)
	}
	for i := range s.to[:s.nTo] {
		e := &s.to[i]
		v := g.tail(e.arc)
		out.AddArrive(geo.Gate{Fine: c.fine[v], Coarse: c.coarse[v], Ms: e.pos.Ms()})
		out.AddPiece(e.arc / 2)
	}
	return true
}
