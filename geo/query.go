package geo

import (
	"cmp"
	"math/bits"
	"slices"
)

// query is the scratch memory of one query.
type query struct {
	walker *walker
	load   loadEntry // that is asked for
	spare  standing  // of loads that do not stand in the trip's field yet
	sight  sight
	runs   []run
	feet   []foot
	pages  []*page
	rows   []int       // of each page, where the rows of the feet begin
	seen   []seen      // trips that cover a cell of pickup and delivery
	warm   int64       // sum of what was read only so that it is at hand
	keys   []int64     // of candidates, to sort
	found  []Candidate // trips that their heads allow, with what those tell of the detour
	hits   []uint32    // loads
	awake  []hit       // the trips that were found
}

// seen is a place of a page.
type seen struct {
	page *page
	at   int
}

// hit is a trip to be judged by its record.
type hit struct {
	slot uint32
	trip *tripEntry
}

// TripsFor appends to buf the trips that may carry the load, by rising lower
// bound of the detour, equal bounds by slot. It fails with ErrCoordinates.
func (c *Corridor) TripsFor(l Load, buf []Candidate) ([]Candidate, error) {
	q := c.scratch.Get().(*query)
	defer c.scratch.Put(q)
	if err := q.seek(c, l); err != nil {
		return buf, err
	}
	q.wake(c)
	from := len(buf)
	for _, h := range q.awake {
		if s, ok := q.detour(h.trip); ok {
			buf = append(buf, Candidate{Slot: h.slot, DetourS: s})
		}
	}
	clear(q.awake) // the pool keeps no trip alive
	q.rank(buf[from:])
	return buf, nil
}

// seek finds the trips whose heads allow the load, each once.
func (q *query) seek(c *Corridor, l Load) error {
	if err := q.load.set(l); err != nil {
		return err
	}
	q.found = q.found[:0]
	moves := c.moves.Load()
	for _, f := range *c.fields.Load() {
		if err := q.scan(f); err != nil {
			return err
		}
	}
	if moves%2 != 0 || moves != c.moves.Load() { // a trip may have been seen in two places
		slices.SortFunc(q.found, func(a, b Candidate) int { return cmp.Compare(a.Slot, b.Slot) })
		q.found = slices.CompactFunc(q.found, func(a, b Candidate) bool { return a.Slot == b.Slot })
	}
	return nil
}

// detour is what a trip's record tells of it. A trip of a field that came meanwhile is
// as if it were not there yet.
func (q *query) detour(t *tripEntry) (seconds int64, ok bool) {
	if s := q.load.standing(t.field); s != nil {
		return t.detour(&q.load, s)
	}
	return 0, false
}

// stand puts the load into a field, in memory of the queries before; nil where it
// is off the field's roads.
func (q *query) stand(f *field) *standing {
	in := q.load.in
	if len(in) < cap(in) {
		in = in[:len(in)+1]
	} else {
		in = append(in, standing{})
	}
	s := &in[len(in)-1]
	if !f.stand(&q.load, s) {
		s.field = nil
		s = nil
	}
	q.load.in = in
	return s
}

// wake looks the hits up. It reads every record before the first is judged: so the
// processor fetches them from memory side by side.
func (q *query) wake(c *Corridor) {
	q.awake = q.awake[:0]
	for i := range q.found {
		if t := c.trips.get(q.found[i].Slot); t != nil {
			q.awake = append(q.awake, hit{q.found[i].Slot, t})
		}
	}
	for i := range q.awake {
		q.warm += q.awake[i].trip.limitMs
	}
	for i := range q.awake {
		stops := q.awake[i].trip.stops
		q.warm += stops[len(stops)-1].latest
	}
}

// scan takes the trips of a field that may carry the load: those that are under way
// in its windows, cover a cell of its pickup and one of its delivery, and have a head
// that allows it.
func (q *query) scan(f *field) (err error) {
	s := q.stand(f)
	if s == nil {
		return nil
	}
	if q.feet, err = f.feet(q.load.from, &s.pickup, false, q.feet[:0]); err != nil {
		return err
	}
	pickups := len(q.feet)
	if q.feet, err = f.feet(q.load.to, &s.delivery, false, q.feet); err != nil {
		return err
	}
	q.sight.look(&q.load, s)
	q.pages = q.pages[:0]
	for level := range slabLevels {
		for _, slab := range f.book.between(level, q.sight.from, q.sight.to) {
			for sector, faced := range q.sight.sectors {
				if faced {
					q.pages = append(q.pages, slab.pages.in(sector)...)
				}
			}
		}
	}
	q.scanPages(pickups)
	return nil
}

// scanPages goes through the pages step by step: first all indexes, then all rows,
// then all heads. No step waits for what it reads itself, so the processor fetches
// from memory many at once.
func (q *query) scanPages(pickups int) {
	q.rows, q.seen = q.rows[:0], q.seen[:0]
	for _, p := range q.pages {
		q.warm += int64(p.width)
	}
	for _, p := range q.pages {
		for i := range q.feet {
			q.rows = append(q.rows, p.row(q.feet[i].node.id))
		}
	}
	for i, row := range q.rows {
		p := q.pages[i/len(q.feet)]
		if q.warm += int64(p.alive[0].Load()); row != noRow {
			q.warm += int64(p.blocks[row].Load())
		}
	}
	for i, p := range q.pages {
		rows := q.rows[i*len(q.feet):][:len(q.feet)]
		q.match(p, rows[:pickups], rows[pickups:])
	}
	for _, s := range q.seen {
		q.warm += int64(s.page.heads[s.at].toMin)
	}
	for _, s := range q.seen {
		h := &s.page.heads[s.at]
		if way, ok := q.sight.sees(h); ok {
			q.found = append(q.found, Candidate{Slot: h.slot, DetourS: q.sight.beyond(way, s.page.own[s.at])})
		}
	}
	clear(q.pages) // the pool keeps no page alive
	clear(q.seen)
}

// match takes the trips of a page that cover a cell of the pickup and one of the
// delivery.
func (q *query) match(p *page, from, to []int) {
	anywhere := p.anywhere.Load()
	if !anywhere && (none(from) || none(to)) {
		return
	}
	var found [pageTrips / 64]uint64
	for w := range p.width {
		wide := uint64(0)
		if anywhere {
			wide = p.wide[w].Load()
		}
		found[w] = p.alive[w].Load() & (wide | p.union(from, w)) & (wide | p.union(to, w))
	}
	if count(found[:p.width]) >= fewTrips {
		q.sight.refine(p, &found)
	}
	if count(found[:p.width]) >= denseTrips {
		q.sight.steer(p, &found)
	}
	for w, m := range found[:p.width] {
		for ; m != 0; m &= m - 1 {
			q.seen = append(q.seen, seen{p, 64*w + bits.TrailingZeros64(m)})
		}
	}
}

func none(rows []int) bool {
	for _, row := range rows {
		if row != noRow {
			return false
		}
	}
	return true
}

// LoadsFor appends to buf the loads that the trip may carry, by rising lower
// bound of the detour, equal bounds by slot. The trip need not be in the
// index. It fails like AddTrip.
func (c *Corridor) LoadsFor(t Trip, buf []Candidate) ([]Candidate, error) {
	e, err := newTripEntry(c.field(t.Bound), t)
	if err != nil {
		return buf, err
	}
	q := c.scratch.Get().(*query)
	defer c.scratch.Put(q)
	if err := q.scanTrip(c, e, &t); err != nil {
		return buf, err
	}
	slices.Sort(q.hits) // a load may have several postings, and a slot used again an old one
	from := len(buf)
	for _, slot := range slices.Compact(q.hits) {
		l := c.loads.get(slot)
		if l == nil {
			continue
		}
		s := l.standing(e.field)
		if s == nil {
			if s = &q.spare; !e.field.stand(l, s) {
				continue
			}
		}
		if s, ok := e.detour(l, s); ok {
			buf = append(buf, Candidate{Slot: slot, DetourS: s})
		}
	}
	q.rank(buf[from:])
	return buf, nil
}

// scanTrip takes the loads that the trip may carry, and all that do not stand in
// its field yet.
func (q *query) scanTrip(c *Corridor, e *tripEntry, t *Trip) error {
	q.hits = q.hits[:0]
	for slot := e.field.filled.Load(); slot < c.loads.size(); slot++ {
		q.hits = append(q.hits, slot)
	}
	cells, wide, err := q.walker.cover(e, t)
	if err != nil {
		return err
	}
	if wide {
		h := e.head(0)
		from, to := int64(h.fromMin), int64(h.toMin)
		e.field.grid.each(func(n *node) { q.scanLoads(n, from, to, false) })
		return nil
	}
	for i := range cells {
		c := &cells[i]
		q.scanLoads(c.node, floorDiv(c.fromMs, minuteMs), floorDiv(c.toMs, minuteMs), true)
	}
	return nil
}

// scanLoads takes the loads of a pickup cell that are open while the truck may
// be there, in unix minutes, and, where asked, go to a cell of the cover.
func (q *query) scanLoads(n *node, open, end int64, within bool) {
	q.runs = n.loads.runs(open, end, q.runs[:0])
	for _, r := range q.runs {
		there := windowIn(r.level, r.key, open, end)
		for i := range r.list {
			p := &r.list[i]
			if there.touches(p.from, p.span) && (!within || p.delivery == anyNode || q.walker.entry(p.delivery) >= 0) {
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}
