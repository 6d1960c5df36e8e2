package geo

import "math"

// roadsRadiusS is about the seconds from the middle of a coarse cell to its rim.
const roadsRadiusS = 1500

// On a Ground a posting has in place of headings what is to be added to its
// figures for a place in the cell.
const (
	outOnRoads  = 0 // the way between the place and the road
	backOnRoads = 1 // the same, less what lies between the cell's junction and the place
)

// leanOnRoads fills in the lean of a place on a Ground. Where the trip itself stops
// in the cell the place may be that stop or lie on its piece of road: then nothing
// is sure to be added.
func leanOnRoads(lean *lean, s *site, at foot) {
	lean[outOnRoads] = int32(min(s.spot.AccessMs/1000, math.MaxInt32/4))
	lean[backOnRoads] = int32(max(floorDiv(s.spot.AccessMs-at.lagMs, 1000), math.MinInt32/4))
	lean[anyHeading] = min(0, lean[backOnRoads])
}

// coverRoads finds the cells of a trip on a Ground. Let x be a place where the trip
// may make an extra stop between a and b, d the figure that the Ground bounds. On
// the way to x the truck passes a gate g of x, and d(a,g) + d(g,b) <= d(a,x) +
// d(x,b), so the cell C of g has m(a,C) + m(C,b) - L <= room, m being the least to
// and from any junction of C. If it passes none, x lies on a piece of road that a
// lies on, and likewise on the way on from x; then the gates of a, or of b, are
// among those of x, so their cells are taken as if they were reached at once.
func (w *walker) coverRoads(e *tripEntry) {
	cells := e.field.grid.list()
	if len(w.there) < len(cells) {
		w.there, w.on = make([]int64, len(cells)), make([]int64, len(cells))
	}
	there, on := w.there[:len(cells)], w.on[:len(cells)]
	for i := range e.legs {
		w.coverRoad(e, i, there, on)
	}
	if e.tail != nil {
		w.coverRoadTail(e, there)
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

func (w *walker) coverRoad(e *tripEntry, leg int, there, on []int64) {
	g, l, from, to := e.field.bound.ground, &e.legs[leg], &e.spots[leg], &e.spots[leg+1]
	limit := e.limit(leg)
	room := min(limit, l.latest-l.earliest-l.driveMs)
	if room < 0 {
		return
	}
	g.outward(from, there)
	g.inward(to, on)
	from.own(there)
	to.own(on)
	cells := e.field.grid.list()
	for c := range there {
		if there[c]+on[c]-l.driveMs > room || there[c] >= far || on[c] >= far {
			continue
		}
		if len(w.out) > maxCover {
			return
		}
		w.enter(covered{
			node: cells[c], out: headingOnRoads(outOnRoads, there[c]), back: headingOnRoads(backOnRoads, on[c]),
			along:  float64(l.startMs+(there[c]+l.driveMs-on[c])/2) / 1000,
			reach:  float64(l.startMs+there[c]) / 1000,
			due:    float64(limit+l.startMs+l.driveMs-on[c]) / 1000,
			fromMs: l.earliest + there[c], toMs: max(l.latest-on[c], l.earliest+there[c]),
		})
	}
}

// headingOnRoads is the lean of a cell that is so far from a stop of the trip.
func headingOnRoads(usual uint8, ms int64) uint8 {
	if ms == 0 {
		return anyHeading
	}
	return usual
}

func (w *walker) coverRoadTail(e *tripEntry, there []int64) {
	t, from := e.tail, &e.spots[len(e.spots)-1]
	room := t.horizon - t.earliest
	if room < 0 {
		return
	}
	e.field.bound.ground.outward(from, there)
	from.own(there)
	for c, n := range e.field.grid.list() {
		if there[c] > room || there[c] >= far || len(w.out) > maxCover {
			continue
		}
		w.enter(covered{
			node: n, along: math.Inf(1), reach: float64(e.totalMs+there[c]) / 1000, due: math.Inf(1),
			out: headingOnRoads(outOnRoads, there[c]), back: anyHeading, fromMs: t.earliest + there[c], toMs: t.horizon,
		})
	}
}
