package geo

// roundingS covers the rounding of bounds, in seconds, where a cell is judged
// by its centre.
const roundingS = 2

// covered is one cell of a trip's cover and the times at which the truck can be
// anywhere in it.
type covered struct {
	node         *node
	fromMs, toMs int64
}

// mark is what a walk remembers of a cell: valid where the numbers are those
// of the present walk.
type mark struct {
	walk, flood uint32
	entry       int32 // of the cell
}

// walker computes covers. It is scratch memory: one goroutine at a time.
type walker struct {
	field       *field  // of the trip
	radiusScale float64 // 1; tests shrink the cover by it to see that it is missed

	marks       []mark
	walk, flood uint32
	stack       []*node
	out         []covered
	there, on   []int64 // on a Ground, by cell: milliseconds to it and on from it
}

// maxCover is the most cells a trip is posted in, about 3.6 million km². A
// trip that reaches farther is kept in one list that every query reads.
const maxCover = 2048

// cover is the cells where the trip may make an extra stop, in the order of
// the walk, valid until the next call; wide tells that they are too many, and
// then the cells say nothing.
//
// Each leg a→b is covered by the cells that touch {x: m(a,x)+m(x,b)-L <=
// room}, where room is the detour limit or, if that is less, the time the leg
// has to spare. That set is connected and holds a, so a walk over neighbours
// from the cell of a finds all of it; a cell touches it only if its centre c
// has an excess of at most room + g·r, r being the cell's radius and g <= 2 the
// slope of the excess at c. The tail is covered by the cells within its time. On a
// Ground no walk is needed: see coverRoads.
func (w *walker) cover(e *tripEntry, t *Trip) (cells []covered, wide bool, err error) {
	w.out = w.out[:0]
	w.field = e.field
	w.walk++
	if e.field.bound.ground != nil {
		w.coverRoads(e)
		return w.out, len(w.out) > maxCover, nil
	}
	for i := range e.legs() {
		if err := w.coverLeg(e, i, t.Legs[i].From); err != nil {
			return nil, false, err
		}
	}
	if e.tail != nil {
		if err := w.coverTail(e, t.Tail.From); err != nil {
			return nil, false, err
		}
	}
	return w.out, len(w.out) > maxCover, nil
}

// seconds is the bound between two vectors, not rounded.
func (w *walker) seconds(v, u Vec) float64 { return v.GreatCircleM(u) * w.field.bound.secondsPerMetre }

// radius is the bound of the drive from a cell's centre to its rim.
func (w *walker) radius(n *node) float64 {
	return n.radiusM * w.field.bound.secondsPerMetre * w.radiusScale
}

func (w *walker) coverLeg(e *tripEntry, leg int, start Point) error {
	l, from, to := &e.stops[leg], e.stops[leg].vec(), e.stops[leg+1].vec()
	drive := float64(l.driveS)
	room := min(float64(e.limitMs), float64(l.latest-l.earliest-l.driveMs())) / 1000
	if room < 0 {
		return nil
	}
	return w.spread(start, func(n *node) bool {
		r := w.radius(n)
		toA, toB := w.seconds(from, n.centre), w.seconds(n.centre, to)
		excess := toA + toB - drive - room - roundingS
		if excess > 2*r || excess > 0 && excess*excess > n.steepest(from, to)*r*r {
			return false
		}
		return w.enter(covered{
			node:   n,
			fromMs: l.earliest + int64(max(0, toA-r-roundingS)*1000),
			toMs:   l.latest - int64(max(0, toB-r-roundingS)*1000),
		})
	})
}

func (w *walker) coverTail(e *tripEntry, start Point) error {
	t, from := e.tail, e.stops[len(e.stops)-1].vec()
	room := float64(t.horizon-t.earliest) / 1000
	if room < 0 {
		return nil
	}
	return w.spread(start, func(n *node) bool {
		r := w.radius(n)
		away := w.seconds(from, n.centre)
		if away > room+r+roundingS {
			return false
		}
		return w.enter(covered{node: n, fromMs: t.earliest + int64(max(0, away-r-roundingS)*1000), toMs: t.horizon})
	})
}

// spread walks the cells around p outwards as long as visit says yes and the
// cover is not too wide.
func (w *walker) spread(p Point, visit func(*node) bool) error {
	start, err := w.field.grid.at(p)
	if err != nil {
		return err
	}
	w.flood++
	w.stack = append(w.stack[:0], start)
	w.mark(start).flood = w.flood
	for len(w.stack) > 0 && len(w.out) <= maxCover {
		n := w.stack[len(w.stack)-1]
		w.stack = w.stack[:len(w.stack)-1]
		if !visit(n) {
			continue
		}
		near, err := w.field.grid.neighbours(n)
		if err != nil {
			return err
		}
		for _, next := range near {
			if m := w.mark(next); m.flood != w.flood {
				m.flood = w.flood
				w.stack = append(w.stack, next)
			}
		}
	}
	return nil
}

// mark is the walker's note on a cell.
func (w *walker) mark(n *node) *mark {
	if int(n.id) >= len(w.marks) {
		w.marks = append(w.marks, make([]mark, max(int(n.id)+1, w.field.grid.ids())-len(w.marks))...)
	}
	return &w.marks[n.id]
}

// entry is the place of a cell in this walk's cover, or -1.
func (w *walker) entry(id uint32) int32 {
	if int(id) >= len(w.marks) || w.marks[id].walk != w.walk {
		return -1
	}
	return w.marks[id].entry
}

// enter adds a cell, or widens its presence; false where no moment is left anywhere
// in it.
func (w *walker) enter(c covered) bool {
	if c.fromMs > c.toMs {
		return false
	}
	if at := w.entry(c.node.id); at >= 0 {
		p := &w.out[at]
		p.fromMs, p.toMs = min(p.fromMs, c.fromMs), max(p.toMs, c.toMs)
		return true
	}
	m := w.mark(c.node)
	m.walk, m.entry = w.walk, int32(len(w.out))
	w.out = append(w.out, c)
	return true
}
