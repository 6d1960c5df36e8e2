package geo

import (
	"math"
	"slices"
)

// query is the scratch memory of one query.
type query struct {
	walker *walker
	serial uint32
	marks  []tripMark   // by trip slot
	at     []pickupHere // pickup postings that passed, chained by slot
	hits   []uint32
	awake  []hit // those whose clocks can meet the load's
}

// hit is a trip to be judged by its record.
type hit struct {
	slot uint32
	trip *tripEntry
}

// tripMark says where a trip's pickup postings begin; valid where serial is
// that of the present query.
type tripMark struct {
	serial uint32
	last   int32 // newest of the chain, or taken
}

// taken marks a trip that is already a hit.
const taken = -2

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
		if t := c.trips.get(slot); t != nil {
			if from, to := t.presence(); from <= e.pickupClose && to >= e.deliveryOpen && to >= e.pickupOpen {
				q.awake = append(q.awake, hit{slot, t})
			}
		}
	}
}

// begin forgets the query before.
func (q *query) begin(slots int) {
	if slots > len(q.marks) {
		q.marks = append(q.marks, make([]tripMark, slots-len(q.marks))...)
	}
	q.serial++
	if q.serial == 0 { // wrapped: marks of 2^32 queries ago would look present
		clear(q.marks)
		q.serial = 1
	}
	q.at, q.hits = q.at[:0], q.hits[:0]
}

// mark is the note on a slot; a slot given out since the query began has none.
func (q *query) mark(slot uint32) *tripMark {
	if int(slot) >= len(q.marks) {
		return nil
	}
	m := &q.marks[slot]
	if m.serial != q.serial {
		*m = tripMark{serial: q.serial, last: -1}
	}
	return m
}

// note adds a trip to the hits.
func (q *query) note(slot uint32, m *tripMark) {
	m.last = taken
	q.hits = append(q.hits, slot)
}

// scanWide takes every trip without cells that is on the road in the pickup
// window.
func (q *query) scanWide(c *Corridor, e *loadEntry) {
	open, end := floorDiv(e.pickupOpen, minuteMs), floorDiv(e.pickupClose, minuteMs)
	for level := range allLevels {
		for _, b := range c.wide.buckets(level, open, end) {
			for _, p := range b.read() {
				from, to := minutes(level, b.key, p.from, p.span)
				if m := q.mark(p.slot); m != nil && m.last != taken && from <= end && to >= open {
					q.note(p.slot, m)
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
	if err != nil || pickup == nil {
		return err
	}
	delivery, err := c.grid.lookup(e.to)
	if err != nil || delivery == nil {
		return err
	}
	q.scanPickup(c, e, pickup)
	if len(q.at) > 0 {
		q.scanDelivery(c, e, delivery)
	}
	return nil
}

// off is the bound of the drive between a place and its cell's centre.
func (c *Corridor) off(v Vec, n *node) float64 {
	return v.GreatCircleM(n.centre)*c.bound.secondsPerMetre + roundingS
}

func (q *query) scanPickup(c *Corridor, e *loadEntry, n *node) {
	off := c.off(e.pickup, n)
	open, end := floorDiv(e.pickupOpen, minuteMs), floorDiv(e.pickupClose, minuteMs)
	for level := range allLevels {
		for _, b := range n.trips.buckets(level, open, end) {
			for _, p := range b.read() {
				from, to := minutes(level, b.key, p.from, p.span)
				room := p.roomS() + 2*off
				if from > end || to < open || room < 0 {
					continue
				}
				m := q.mark(p.slot)
				if m == nil || m.last == taken {
					continue
				}
				q.at = append(q.at, pickupHere{
					first: float64(p.first)*alongUnit - off, room: room,
					fromMin: max(from, open), prev: m.last,
				})
				m.last = int32(len(q.at) - 1)
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
	for level := range allLevels {
		for _, b := range n.trips.buckets(level, open, end) {
			for _, p := range b.read() {
				from, to := minutes(level, b.key, p.from, p.span)
				room := p.roomS() + 2*off
				if from > end || to < open || room < 0 {
					continue
				}
				m := q.mark(p.slot)
				if m == nil {
					continue
				}
				last := p.lastS() + off
				for i := m.last; i >= 0; i = q.at[i].prev {
					u := &q.at[i]
					if (u.room+room)/2 >= haul-(last-u.first) && u.fromMin+haulMin <= min(to, end) {
						q.note(p.slot, m)
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
		from, to := e.presence()
		for _, n := range c.grid.list() {
			q.scanLoads(n, from, to, false)
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
