package geo

import (
	"math"
	"slices"
)

// query is the scratch memory of one query.
type query struct {
	walker *walker
	here   []uint64     // by trip slot, a bit where the trip may be at the pickup and is no hit yet
	last   []int32      // by trip slot, where that bit is set: newest of its chain
	at     []pickupHere // pickup postings that passed, chained by slot
	runs   []run[tripPosting]
	loads  []run[loadPosting]
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
	e, err := newLoadEntry(c.bound, l)
	if err != nil {
		return buf, err
	}
	q := c.scratch.Get().(*query)
	defer c.scratch.Put(q)
	q.begin(int(c.trips.size()))
	q.scanWide(c, e)
	if err := q.scanCells(c, e); err != nil {
		return buf, err
	}
	q.wake(c, e)
	from := len(buf)
	for _, h := range q.awake {
		if s, ok := h.trip.detour(c.bound, e); ok {
			buf = append(buf, Candidate{Slot: h.slot, DetourS: s})
		}
	}
	clear(q.awake) // the pool keeps no trip alive
	sortCandidates(buf[from:])
	return buf, nil
}

// wake looks the hits up and leaves out those whose clocks cannot meet the
// load's. It reads every record before the first is judged: so the processor
// fetches them from memory side by side.
func (q *query) wake(c *Corridor, e *loadEntry) {
	q.awake = q.awake[:0]
	for _, slot := range q.hits {
		t := c.trips.get(slot)
		if t != nil && t.fromMs <= e.pickupClose && t.toMs >= e.deliveryOpen && t.toMs >= e.pickupOpen {
			q.awake = append(q.awake, hit{slot, t})
		}
	}
}

// begin forgets the query before.
func (q *query) begin(slots int) {
	if words := (slots + 63) / 64; words > len(q.here) {
		q.here = make([]uint64, words)
		q.last = make([]int32, 64*words)
	}
	clear(q.here)
	q.at, q.hits = q.at[:0], q.hits[:0]
}

// scanWide takes every trip without cells that is on the road in the pickup
// window.
func (q *query) scanWide(c *Corridor, e *loadEntry) {
	open, end := floorDiv(e.pickupOpen, minuteMs), floorDiv(e.pickupClose, minuteMs)
	q.runs = c.wide.runs(open, end, q.runs[:0])
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
// cell allow the load: those of the pickup are noted, those of the delivery
// compared with the notes.
func (q *query) scanCells(c *Corridor, e *loadEntry) error {
	pickup, err := c.grid.lookup(e.from)
	if err != nil {
		return err
	}
	delivery, err := c.grid.lookup(e.to)
	if err != nil {
		return err
	}
	wide := len(q.hits) > 0
	if pickup != nil && delivery != nil {
		q.scanPickup(c, e, pickup)
		if len(q.at) > 0 {
			q.scanDelivery(c, e, delivery)
		}
	}
	if wide { // a slot used again may still have an old posting
		slices.Sort(q.hits)
		q.hits = slices.Compact(q.hits)
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

func (q *query) scanPickup(c *Corridor, e *loadEntry, n *node) {
	c.leanAt(&q.lean, e.pickup, n)
	open, end := floorDiv(e.pickupOpen, minuteMs), floorDiv(e.pickupClose, minuteMs)
	slots := uint32(len(q.last))
	q.runs = n.trips.runs(open, end, q.runs[:0])
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
func (q *query) scanDelivery(c *Corridor, e *loadEntry, n *node) {
	c.leanAt(&q.lean, e.delivery, n)
	haulMs := e.pickupServe + e.haulMs
	open, end := floorDiv(max(e.deliveryOpen, e.pickupOpen+haulMs), minuteMs), floorDiv(e.deliverClose, minuteMs)
	haulMin, haul := haulMs/minuteMs, int32(min(e.haulMs/1000, math.MaxInt32/2))
	slots := uint32(len(q.last))
	q.runs = n.trips.runs(open, end, q.runs[:0])
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
	e, err := newTripEntry(c.bound, t)
	if err != nil {
		return buf, err
	}
	q := c.scratch.Get().(*query)
	defer c.scratch.Put(q)
	cells, wide, err := q.walker.cover(e)
	if err != nil {
		return buf, err
	}
	q.hits = q.hits[:0]
	if wide {
		for _, n := range c.grid.list() {
			q.scanLoads(n, e.fromMs, e.toMs, false)
		}
	}
	for i := range cells {
		if !wide && q.walker.newest(cells[i].node.id) == int32(i) {
			from, to := q.walker.span(int32(i))
			q.scanLoads(cells[i].node, from, to, true)
		}
	}
	slices.Sort(q.hits) // a slot used again may still have an old posting
	from := len(buf)
	for _, slot := range slices.Compact(q.hits) {
		if l := c.loads.get(slot); l != nil {
			if s, ok := e.detour(c.bound, l); ok {
				buf = append(buf, Candidate{Slot: slot, DetourS: s})
			}
		}
	}
	sortCandidates(buf[from:])
	return buf, nil
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
			if there.touches(p.from, p.span) && (!within || q.walker.newest(p.delivery) >= 0) {
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}
