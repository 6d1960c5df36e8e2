package geo

import (
	"math"
	"slices"
)

// query is the scratch memory of one query.
type query struct {
	walker *walker
	load   loadEntry    // that is asked for
	spare  standing     // of loads that do not stand in the trip's field yet
	here   []uint64     // by trip slot, a bit where the trip may be at the pickup and is no hit yet
	last   []int32      // by trip slot, where that bit is set: newest of its chain
	at     []pickupHere // pickup postings that passed, chained by slot
	runs   []run[tripPosting]
	loads  []run[loadPosting]
	feet   []foot
	lean   lean // of the pickup, then of the delivery
	hits   []uint32
	awake  []hit // those whose clocks can meet the load's
}

// hit is a trip to be judged by its record.
type hit struct {
	slot uint32
	trip *tripEntry
}

// pickupHere is a posting of the pickup's cell, unpacked.
type pickupHere struct {
	reach   int32 // seconds into the trip's drive, at the least
	prev    int32 // posting of the same trip before this one, or -1
	fromMin int64 // unix minute of presence, at the earliest
}

// TripsFor appends to buf the trips that may carry the load, by rising lower
// bound of the detour, equal bounds by slot. It fails with ErrCoordinates.
func (c *Corridor) TripsFor(l Load, buf []Candidate) ([]Candidate, error) {
	q := c.scratch.Get().(*query)
	defer c.scratch.Put(q)
	if err := q.load.set(l); err != nil {
		return buf, err
	}
	q.hits = q.hits[:0]
	fields := *c.fields.Load()
	for _, f := range fields {
		if err := q.scan(c, f); err != nil {
			return buf, err
		}
	}
	if len(fields) > 1 { // a slot used again may still have an old posting
		slices.Sort(q.hits)
		q.hits = slices.Compact(q.hits)
	}
	q.wake(c)
	from := len(buf)
	for _, h := range q.awake {
		// A trip of a field that came meanwhile is as if it were not there yet.
		if s := q.load.standing(h.trip.field); s != nil {
			if s, ok := h.trip.detour(&q.load, s); ok {
				buf = append(buf, Candidate{Slot: h.slot, DetourS: s})
			}
		}
	}
	clear(q.awake) // the pool keeps no trip alive
	sortCandidates(buf[from:])
	return buf, nil
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

// wake looks the hits up and leaves out those whose clocks cannot meet the
// load's. It reads every record before the first is judged: so the processor
// fetches them from memory side by side.
func (q *query) wake(c *Corridor) {
	e := &q.load
	q.awake = q.awake[:0]
	for _, slot := range q.hits {
		t := c.trips.get(slot)
		if t != nil && t.fromMs <= e.pickupClose && t.toMs >= e.deliveryOpen && t.toMs >= e.pickupOpen {
			q.awake = append(q.awake, hit{slot, t})
		}
	}
}

// begin forgets what was scanned before but for its hits.
func (q *query) begin(slots int) {
	if words := (slots + 63) / 64; words > len(q.here) {
		q.here = make([]uint64, words)
		q.last = make([]int32, 64*words)
	}
	clear(q.here)
	q.at = q.at[:0]
}

// scan takes the trips of a field that may carry the load.
func (q *query) scan(c *Corridor, f *field) error {
	s := q.stand(f)
	if s == nil {
		return nil
	}
	q.begin(int(c.trips.size()))
	from := len(q.hits)
	q.scanWide(f)
	wide := len(q.hits) > from
	if err := q.scanCells(f, s); err != nil {
		return err
	}
	if wide { // a slot used again may still have an old posting
		slices.Sort(q.hits[from:])
		q.hits = append(q.hits[:from], slices.Compact(q.hits[from:])...)
	}
	return nil
}

// scanWide takes every trip without cells that is on the road in the pickup
// window.
func (q *query) scanWide(f *field) {
	open, end := floorDiv(q.load.pickupOpen, minuteMs), floorDiv(q.load.pickupClose, minuteMs)
	q.runs = f.wide.runs(open, end, q.runs[:0])
	for _, r := range q.runs {
		within := windowIn(r.level, r.key, open, end)
		for _, p := range r.list {
			if within.touches(p.from, p.span) {
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}

// scanCells takes the trips whose postings in the pickup's and the delivery's
// cells allow the load: those of the pickup are noted, those of the delivery
// compared with the notes.
func (q *query) scanCells(f *field, s *standing) (err error) {
	if q.feet, err = f.feet(q.load.from, &s.pickup, false, q.feet[:0]); err != nil {
		return err
	}
	pickups := len(q.feet)
	if q.feet, err = f.feet(q.load.to, &s.delivery, false, q.feet); err != nil {
		return err
	}
	for i := range q.feet {
		if i < pickups {
			q.scanPickup(f, s, q.feet[i])
		} else if len(q.at) > 0 {
			q.scanDelivery(f, s, q.feet[i])
		}
	}
	return nil
}

// reachS is the least of the trip's drive, in seconds, after which the truck is at
// the query's place.
func (q *query) reachS(p *tripPosting) int32 { return int32(p.reach)*alongUnit + q.lean[p.out] }

// dueS is how many seconds of its drive the truck has used up at the most when it
// must leave the query's place.
func (q *query) dueS(p *tripPosting) int32 {
	if p.due == anyAlong {
		return math.MaxInt32
	}
	return int32(p.due)*alongUnit - q.lean[p.back]
}

func (q *query) scanPickup(f *field, s *standing, at foot) {
	f.leanAt(&q.lean, &s.pickup, at)
	open, end := floorDiv(q.load.pickupOpen-at.lagMs, minuteMs), floorDiv(q.load.pickupClose, minuteMs)
	slots := uint32(len(q.last))
	q.runs = at.node.trips.runs(open, end, q.runs[:0])
	for _, r := range q.runs {
		within := windowIn(r.level, r.key, open, end)
		for i := range r.list {
			p := &r.list[i]
			reach := q.reachS(p)
			if !within.touches(p.from, p.span) || reach > q.dueS(p) || p.slot >= slots {
				continue
			}
			word, bit, prev := &q.here[p.slot/64], uint64(1)<<(p.slot%64), int32(-1)
			if *word&bit != 0 {
				prev = q.last[p.slot]
			}
			*word |= bit
			q.last[p.slot] = int32(len(q.at))
			from, _ := minutes(r.level, r.key, p.from, p.span)
			q.at = append(q.at, pickupHere{reach: reach, prev: prev, fromMin: max(from, open)})
		}
	}
}

// scanDelivery compares by the bound of the drive with the load in it: the truck
// needs the pickup's reach and the haul to be at the delivery, and there it may
// have used up no more than what is due.
func (q *query) scanDelivery(f *field, s *standing, at foot) {
	f.leanAt(&q.lean, &s.delivery, at)
	e := &q.load
	haulMs := e.pickupServe + s.haulMs
	open, end := floorDiv(max(e.deliveryOpen, e.pickupOpen+haulMs)-at.lagMs, minuteMs), floorDiv(e.deliverClose, minuteMs)
	haulMin, haul := floorDiv(haulMs-at.lagMs, minuteMs), int32(min(s.haulMs/1000, math.MaxInt32/2))
	slots := uint32(len(q.last))
	q.runs = at.node.trips.runs(open, end, q.runs[:0])
	for _, r := range q.runs {
		within := windowIn(r.level, r.key, open, end)
		for i := range r.list {
			p := &r.list[i]
			if p.slot >= slots || q.here[p.slot/64]>>(p.slot%64)&1 == 0 || !within.touches(p.from, p.span) {
				continue
			}
			due := q.dueS(p)
			if q.reachS(p) > due {
				continue
			}
			_, to := minutes(r.level, r.key, p.from, p.span)
			if q.joins(q.last[p.slot], due-haul, min(to, end)-haulMin) {
				q.here[p.slot/64] &^= 1 << (p.slot % 64)
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}

// joins tells whether some posting of a chain has the truck at the pickup after no
// more than so much of its drive and by the unix minute.
func (q *query) joins(chain, reach int32, byMin int64) bool {
	for i := chain; i >= 0; i = q.at[i].prev {
		if u := &q.at[i]; u.reach <= reach && u.fromMin <= byMin {
			return true
		}
	}
	return false
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
	if err := q.scanTrip(c, e); err != nil {
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
	sortCandidates(buf[from:])
	return buf, nil
}

// scanTrip takes the loads that the trip may carry, and all that do not stand in
// its field yet.
func (q *query) scanTrip(c *Corridor, e *tripEntry) error {
	q.hits = q.hits[:0]
	for slot := e.field.filled.Load(); slot < c.loads.size(); slot++ {
		q.hits = append(q.hits, slot)
	}
	cells, wide, err := q.walker.cover(e)
	if err != nil {
		return err
	}
	if wide {
		for _, n := range e.field.grid.list() {
			q.scanLoads(n, e.fromMs, e.toMs, false)
		}
		return nil
	}
	for i := range cells {
		if q.walker.newest(cells[i].node.id) == int32(i) {
			from, to := q.walker.span(int32(i))
			q.scanLoads(cells[i].node, from, to, true)
		}
	}
	return nil
}

// span is the presence of all entries of a cell, from its newest back.
func (w *walker) span(newest int32) (fromMs, toMs int64) {
	fromMs, toMs = horizonMs, -horizonMs
	for i := newest; i >= 0; i = w.out[i].prev {
		fromMs, toMs = min(fromMs, w.out[i].fromMs), max(toMs, w.out[i].toMs)
	}
	return fromMs, toMs
}

// scanLoads takes the loads of a pickup cell that are open while the truck may
// be there and, where asked, go to a cell of the cover.
func (q *query) scanLoads(n *node, fromMs, toMs int64, within bool) {
	open, end := floorDiv(fromMs, minuteMs), floorDiv(toMs, minuteMs)
	q.loads = n.loads.runs(open, end, q.loads[:0])
	for _, r := range q.loads {
		there := windowIn(r.level, r.key, open, end)
		for i := range r.list {
			p := &r.list[i]
			if there.touches(p.from, p.span) && (!within || p.delivery == anyNode || q.walker.newest(p.delivery) >= 0) {
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}
