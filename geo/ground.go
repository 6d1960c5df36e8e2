package geo

// coverRoads finds the cells of a trip on a Ground. Let x be a place where the trip
// may make an extra stop between a and b, d the figure that the Ground bounds. On
// the way to x the truck passes a gate g of x, and d(a,g) + d(g,b) <= d(a,x) +
// d(x,b), so the cell C of g has m(a,C) + m(C,b) - L <= room, m being the least to
// and from any junction of C. If it passes none, x lies on a piece of road that a
// lies on, and likewise on the way on from x; then the gates of a, or of b, are
// among those of x, so their cells are taken as if they were reached at once.
func (w *walker) coverRoads(e *tripEntry) {
	if cells := e.field.bound.ground.Cells; len(w.there) < cells {
		w.there, w.on = make([]int64, cells), make([]int64, cells)
	}
	for i := range e.legs() {
		w.coverRoad(e, i)
	}
	if e.tail != nil {
		w.coverRoadTail(e)
	}
}

// own marks the cells of a stop's gates as reached at once.
func (s *Spot) own(ms []int64) {
	for i := range s.Leave {
		ms[s.Leave[i].Coarse] = 0
	}
	for i := range s.Arrive {
		ms[s.Arrive[i].Coarse] = 0
	}
}

func (w *walker) coverRoad(e *tripEntry, leg int) {
	g, l, from, to := e.field.bound.ground, &e.stops[leg], &e.streets.spots[leg], &e.streets.spots[leg+1]
	there, on, drive := w.there[:g.Cells], w.on[:g.Cells], l.driveMs()
	room := min(e.limit(leg), l.latest-l.earliest-drive)
	if room < 0 {
		return
	}
	g.outward(from, there)
	g.inward(to, on)
	from.own(there)
	to.own(on)
	for c := range there {
		if there[c]+on[c]-drive > room || there[c] >= far || on[c] >= far {
			continue
		}
		if len(w.out) > maxCover {
			return
		}
		w.enter(covered{node: w.field.grid.by(uint32(c)), fromMs: l.earliest + there[c], toMs: max(l.latest-on[c], l.earliest+there[c])})
	}
}

func (w *walker) coverRoadTail(e *tripEntry) {
	g, t, from := e.field.bound.ground, e.tail, &e.streets.spots[len(e.stops)-1]
	there := w.there[:g.Cells]
	room := t.horizon - t.earliest
	if room < 0 {
		return
	}
	g.outward(from, there)
	from.own(there)
	for c := range there {
		if there[c] > room || there[c] >= far || len(w.out) > maxCover {
			continue
		}
		w.enter(covered{node: w.field.grid.by(uint32(c)), fromMs: t.earliest + there[c], toMs: t.horizon})
	}
}
