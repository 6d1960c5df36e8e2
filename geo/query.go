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
	first   float64 // seconds along the trip, at the earliest
	room    float64 // seconds of detour left at the pickup, at the most
	fromMin int64   // unix minute of presence, at the earliest
	prev    int32   // posting of the same trip before this one, or -1
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
	for level := range allLevels {
		for _, b := range c.wide.buckets(level, open, end) {
			within := windowIn(level, b.key, open, end)
			for _, p := range b.read() {
				if within.touches(p.from, p.span) {
					q.hits = append(q.hits, p.slot)
				}
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

// off is the bound of the drive between a place and its cell's centre.
func (c *Corridor) off(v Vec, n *node) float64 {
	return v.GreatCircleM(n.centre)*c.bound.secondsPerMetre + roundingS
}

// leastRoom is the least figure of a posting whose room, known at the cell's
// centre, may be none or more at a place that is off seconds away.
func leastRoom(off float64) int16 {
	return int16(max(math.Floor(-2*off/roomUnit), math.MinInt16))
}

func (q *query) scanPickup(c *Corridor, e *loadEntry, n *node) {
	off := c.off(e.pickup, n)
	open, end := floorDiv(e.pickupOpen, minuteMs), floorDiv(e.pickupClose, minuteMs)
	least, slots := leastRoom(off), uint32(len(q.last))
	for level := range allLevels {
		for _, b := range n.trips.buckets(level, open, end) {
			within := windowIn(level, b.key, open, end)
			for _, p := range b.read() {
				if p.room < least || !within.touches(p.from, p.span) || p.slot >= slots {
					continue
				}
				from, _ := minutes(level, b.key, p.from, p.span)
				word, bit, prev := &q.here[p.slot/64], uint64(1)<<(p.slot%64), int32(-1)
				if *word&bit != 0 {
					prev = q.last[p.slot]
				}
				*word |= bit
				q.last[p.slot] = int32(len(q.at))
				q.at = append(q.at, pickupHere{
					first: float64(p.first)*alongUnit - off, room: p.roomS() + 2*off,
					fromMin: max(from, open), prev: prev,
				})
			}
		}
	}
}

// scanDelivery compares by the bound of the detour
//
//	max(eP, eD, (eP+eD)/2 + max(0, m(P,D) - (sD-sP)))
//
// where excess e and position s are known at the cells' centres, so that e is
// at most two and s at most one drive to the centre off. The postings hold
// limit less excess, in which the bound's last term reads
// (roomP+roomD)/2 >= m(P,D) - (sD-sP).
func (q *query) scanDelivery(c *Corridor, e *loadEntry, n *node) {
	off := c.off(e.delivery, n)
	haulMs := e.pickupServe + e.haulMs
	haulMin, haul := haulMs/minuteMs, float64(e.haulMs)/1000
	open := floorDiv(max(e.deliveryOpen, e.pickupOpen+haulMs), minuteMs)
	end := floorDiv(e.deliverClose, minuteMs)
	least, slots := leastRoom(off), uint32(len(q.last))
	for level := range allLevels {
		for _, b := range n.trips.buckets(level, open, end) {
			within := windowIn(level, b.key, open, end)
			for _, p := range b.read() {
				if p.slot >= slots || q.here[p.slot/64]>>(p.slot%64)&1 == 0 || p.room < least || !within.touches(p.from, p.span) {
					continue
				}
				_, to := minutes(level, b.key, p.from, p.span)
				reach := (p.roomS()+2*off)/2 - haul + p.lastS() + off
				for i := q.last[p.slot]; i >= 0; i = q.at[i].prev {
					u := &q.at[i]
					if reach+u.room/2 >= u.first && u.fromMin+haulMin <= min(to, end) {
						q.here[p.slot/64] &^= 1 << (p.slot % 64)
						q.hits = append(q.hits, p.slot)
						break
					}
				}
			}
		}
	}
}

// roomS is the room of a posting in seconds.
func (p tripPosting) roomS() float64 {
	if p.room == anyRoom {
		return math.Inf(1)
	}
	return float64(p.room) * roomUnit
}

// lastS is the farthest position of a posting along the trip in seconds.
func (p tripPosting) lastS() float64 {
	if p.last == anyAlong {
		return math.Inf(1)
	}
	return float64(p.last) * alongUnit
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
	for level := range allLevels {
		for _, b := range n.loads.buckets(level, open, end) {
			for _, p := range b.read() {
				from, to := minutes(level, b.key, p.from, p.span)
				if from > end || to < open || within && q.walker.newest(p.delivery) < 0 {
					continue
				}
				q.hits = append(q.hits, p.slot)
			}
		}
	}
}
