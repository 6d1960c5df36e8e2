package geo

import "math"

// Scale of the posting fields.
const (
	alongUnit = 16 // seconds of a unit of position along the trip
	anyAlong  = math.MaxUint16
)

// roundingS covers the rounding of bounds, in seconds, where a cell is judged
// by its centre.
const roundingS = 2

// covered is one cell of a trip's cover: the times at which the truck can be
// anywhere in the cell, and for a stop at the cell's centre how many seconds of
// its drive the truck needs at the least to get there and has used up at the
// most when it must turn back to keep the detour limit. Away from the centre
// both change by the drive to it at the most, and where the entry has headings
// by no less than their share of it: see heading.
//
// Several legs through one cell are one entry without headings where they run
// into each other, else up to maxRuns entries, so that the way out and the way
// back of a round trip stay apart.
type covered struct {
	node         *node
	along        float64 // seconds along the trip's true drive, at the centre
	reach, due   float64 // seconds into the drive
	out, back    uint8   // headings at the centre away from where the leg begins and ends
	fromMs, toMs int64   // presence anywhere in the cell
	prev         int32   // entry before this one of the same cell, or -1
	runs         int32   // entries of the cell up to this one
	at           stretch // of the presence, once asked for
	size         int32   // of its bucket, as last seen
}

// maxRuns is the most entries a trip has in one cell.
const maxRuns = 4

// mark is what a walk remembers of a cell: valid where the numbers are those
// of the present walk.
type mark struct {
	walk, flood uint32
	last        int32 // newest entry of the cell
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
func (w *walker) cover(e *tripEntry) (cells []covered, wide bool, err error) {
	w.out = w.out[:0]
	w.field = e.field
	w.walk++
	if e.field.bound.ground != nil {
		w.coverRoads(e)
		return w.out, len(w.out) > maxCover, nil
	}
	for i := range e.legs {
		if err := w.coverLeg(e, &e.legs[i]); err != nil {
			return nil, false, err
		}
	}
	if e.tail != nil {
		if err := w.coverTail(e); err != nil {
			return nil, false, err
		}
	}
	return w.out, len(w.out) > maxCover, nil
}

// seconds is the bound between two vectors, not rounded.
func (w *walker) seconds(v, u Vec) float64 { return v.GreatCircleM(u) * w.field.bound.secondsPerMetre }

// radius is the bound of the drive from a cell's centre to its rim. On a Ground it
// is about that, and what it is used for is the same with any other figure.
func (w *walker) radius(n *node) float64 {
	if w.field.bound.ground != nil {
		return roadsRadiusS
	}
	return n.radiusM * w.field.bound.secondsPerMetre * w.radiusScale
}

func (w *walker) coverLeg(e *tripEntry, l *legEntry) error {
	drive, start := float64(l.driveMs)/1000, float64(l.startMs)/1000
	limit := float64(e.limitMs) / 1000
	room := min(limit, float64(l.latest-l.earliest)/1000-drive)
	if room < 0 {
		return nil
	}
	return w.spread(l.at, func(n *node) bool {
		r := w.radius(n)
		toA, toB := w.seconds(l.from, n.centre), w.seconds(n.centre, l.to)
		excess := toA + toB - drive - room - roundingS
		if excess > 2*r {
			return false
		}
		out, back := n.slope(l.from), n.slope(l.to)
		if excess > out.steepest(back)*r {
			return false
		}
		c := covered{
			node: n, along: start + (toA+drive-toB)/2, reach: start + toA, due: limit + start + drive - toB,
			fromMs: l.earliest + int64(max(0, toA-r-roundingS)*1000),
			toMs:   l.latest - int64(max(0, toB-r-roundingS)*1000),
		}
		if c.fromMs > c.toMs {
			return false // no moment is left anywhere in the cell
		}
		c.out, c.back = out.heading(), back.heading()
		w.enter(c)
		return true
	})
}

func (w *walker) coverTail(e *tripEntry) error {
	t := e.tail
	room := float64(t.horizon-t.earliest) / 1000
	if room < 0 {
		return nil
	}
	return w.spread(t.at, func(n *node) bool {
		r := w.radius(n)
		away := w.seconds(t.from, n.centre)
		if away > room+r+roundingS {
			return false
		}
		total := float64(e.totalMs) / 1000
		w.enter(covered{
			node: n, along: math.Inf(1), reach: total + away, due: math.Inf(1), out: n.slope(t.from).heading(), back: anyHeading,
			fromMs: t.earliest + int64(max(0, away-r-roundingS)*1000), toMs: t.horizon,
		})
		return true
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
		w.marks = append(w.marks, make([]mark, max(int(n.id)+1, w.field.grid.size())-len(w.marks))...)
	}
	return &w.marks[n.id]
}

// newest is the newest entry of a cell in this walk, or -1.
func (w *walker) newest(id uint32) int32 {
	if int(id) >= len(w.marks) || w.marks[id].walk != w.walk {
		return -1
	}
	return w.marks[id].last
}

// enter adds an entry, or widens the cell's newest one where the two run into
// each other.
func (w *walker) enter(c covered) {
	m := w.mark(c.node)
	c.prev = w.newest(c.node.id)
	c.runs = 1
	if c.prev >= 0 {
		p := &w.out[c.prev]
		near := c.along-p.along <= w.radius(c.node) && c.fromMs <= p.toMs+finestMinutes*minuteMs
		if near || p.runs == maxRuns {
			p.along = max(p.along, c.along)
			p.reach, p.due = min(p.reach, c.reach), max(p.due, c.due)
			p.out, p.back = anyHeading, anyHeading
			p.fromMs, p.toMs = min(p.fromMs, c.fromMs), max(p.toMs, c.toMs)
			return
		}
		c.runs = p.runs + 1
	}
	m.walk, m.last = w.walk, int32(len(w.out))
	w.out = append(w.out, c)
}

// posting packs an entry, rounding every figure to the side of proposing.
func (c *covered) posting(slot uint32, gen uint16) tripPosting {
	return tripPosting{
		slot: slot, gen: gen, out: c.out, back: c.back,
		reach: uint16(min(max(c.reach/alongUnit, 0), anyAlong-1)),
		due:   uint16(min(max(math.Ceil(c.due/alongUnit), 0), anyAlong)),
		from:  c.at.first, span: c.at.span,
	}
}

// tripPosting is a cell of a trip's cover in 16 bytes without a pointer. The
// level and key of its bucket complete the times.
type tripPosting struct {
	slot       uint32
	gen        uint16
	reach, due uint16 // seconds into the drive in alongUnit; due is anyAlong where there is no limit
	out, back  uint8  // headings
	from, span uint16 // minutes within the bucket
}

func (p tripPosting) place() (uint32, uint16) { return p.slot, p.gen }

// loadPosting is a load in its pickup cell, by pickup window.
type loadPosting struct {
	slot       uint32
	delivery   uint32 // node id of the delivery cell
	gen        uint16
	from, span uint16 // minutes within the bucket
}

func (p loadPosting) place() (uint32, uint16) { return p.slot, p.gen }
