package geo

import (
	"cmp"
	"math"
	"slices"
)

// sortCandidates orders by bound, equal ones by slot.
func sortCandidates(cs []Candidate) {
	slices.SortFunc(cs, func(a, b Candidate) int {
		if d := cmp.Compare(a.DetourS, b.DetourS); d != 0 {
			return d
		}
		return cmp.Compare(a.Slot, b.Slot)
	})
}

// rank sorts the candidates that a query has found. Their two figures fit one number,
// but for detours of a lifetime.
func (q *query) rank(cs []Candidate) {
	q.keys = q.keys[:0]
	for _, c := range cs {
		if c.DetourS < math.MinInt32 || c.DetourS > math.MaxInt32 {
			sortCandidates(cs)
			return
		}
		q.keys = append(q.keys, c.DetourS<<32|int64(c.Slot))
	}
	slices.Sort(q.keys)
	for i, k := range q.keys {
		cs[i] = Candidate{Slot: uint32(k), DetourS: k >> 32}
	}
}

// picked is what the legs walked so far allow for the pickup.
type picked struct {
	possible bool
	excessMs int64 // the least excess of any of them
	readyMs  int64 // the earliest moment any of them leaves the pickup
}

// there is the least drive to one of the load's places from where the leg begins.
func (e *tripEntry) there(leg int, s *site) int64 {
	if b := e.field.bound; b.ground == nil {
		return b.to(s, e.stops[leg].vec(), e.side(leg))
	}
	return e.field.bound.ground.between(&e.streets.spots[leg], &s.spot)
}

// on is the least drive from one of the load's places to where the leg ends.
func (e *tripEntry) on(leg int, s *site) int64 {
	if b := e.field.bound; b.ground == nil {
		return b.to(s, e.stops[leg+1].vec(), e.side(leg+1))
	}
	return e.field.bound.ground.between(&s.spot, &e.streets.spots[leg+1])
}

// away is the least drive from where the tail begins to one of the load's places.
func (e *tripEntry) away(s *site) int64 {
	b, last := e.field.bound, len(e.stops)-1
	if b.ground == nil {
		return b.to(s, e.stops[last].vec(), e.side(last))
	}
	return b.ground.between(&e.streets.spots[last], &s.spot)
}

// detour is a lower bound, in seconds, of the drive that the load adds to the
// trip, over all placements of pickup and delivery on its legs and tail;
// ok is false where no placement keeps windows, clocks and limit.
//
// All distances are bounds m(.,.) of the true ones and L is true, so for one
// leg m(a,P)+m(P,D)+m(D,b)-L bounds the detour; for two, the sum of the
// excesses m(a,x)+m(x,b)-L does. Where the truth obeys the triangle rule each is
// at least 0, elsewhere at least what stops may save, taken off.
func (e *tripEntry) detour(q *loadEntry, s *standing) (seconds int64, ok bool) {
	best := int64(math.MaxInt64)
	var p picked
	for i := range e.legs() {
		if d, fits := e.place(i, q, s, &p); fits && d <= e.limit(i) {
			best = min(best, d)
		}
	}
	if e.tail != nil {
		if d, fits := e.placeTail(q, s, p); fits {
			best = min(best, d)
		}
	}
	if best == math.MaxInt64 {
		return 0, false
	}
	return floorDiv(best+999, 1000), true
}

// place is the least detour with the delivery on this leg and the pickup on
// this or an earlier one. It then adds this leg's pickup to p. A drive is looked up
// only if those before it leave something to find.
func (e *tripEntry) place(leg int, q *loadEntry, s *standing, p *picked) (int64, bool) {
	l, gain, limit := &e.stops[leg], e.gain(leg), e.limit(leg)
	drive := l.driveMs()
	fromP := e.there(leg, &s.pickup)
	at := max(q.pickupOpen, l.earliest+fromP)
	ready, excessP := at+q.pickupServe, int64(0)
	here := at <= q.pickupClose && ready <= l.latest && fromP-drive <= limit
	if here {
		toP := e.on(leg, &s.pickup)
		excessP = max(-gain, fromP+toP-drive)
		here = ready+toP <= l.latest && excessP <= limit
	}
	if !here && !p.possible {
		return 0, false
	}
	toD, best := e.on(leg, &s.delivery), int64(math.MaxInt64)
	both := here && fromP+s.haulMs+toD-drive <= limit && l.served(q, ready+s.haulMs, toD)
	if both || p.possible {
		fromD := e.there(leg, &s.delivery)
		excessD := max(-gain, fromD+toD-drive)
		if both {
			best = max(excessP, excessD, fromP+s.haulMs+toD-drive)
		}
		if p.possible && l.served(q, max(l.earliest+fromD, p.readyMs+s.haulMs), toD) {
			best = min(best, p.excessMs+excessD)
		}
	}
	if here {
		if !p.possible {
			*p = picked{possible: true, excessMs: excessP, readyMs: ready}
		}
		p.excessMs, p.readyMs = min(p.excessMs, excessP), min(p.readyMs, ready)
	}
	return best, best < math.MaxInt64
}

// served tells whether a truck that is at the delivery at the given moment
// serves it in time and then reaches the leg's end, toD away.
func (s *stopEntry) served(q *loadEntry, at, toD int64) bool {
	at = max(at, q.deliveryOpen)
	return at <= q.deliverClose && at+q.deliverServe+toD <= s.latest
}

// placeTail is the least added drive with the delivery on the tail and the pickup
// on it or on an earlier leg.
func (e *tripEntry) placeTail(q *loadEntry, s *standing, p picked) (int64, bool) {
	t := e.tail
	best := int64(math.MaxInt64)
	fromD := e.away(&s.delivery)
	if p.possible {
		at := max(q.deliveryOpen, t.earliest+fromD, p.readyMs+s.haulMs)
		if at <= q.deliverClose && at+q.deliverServe <= t.horizon {
			best = p.excessMs + fromD
		}
	}
	fromP := e.away(&s.pickup)
	at := max(q.pickupOpen, t.earliest+fromP)
	if at <= q.pickupClose {
		at = max(q.deliveryOpen, at+q.pickupServe+s.haulMs)
		if at <= q.deliverClose && at+q.deliverServe <= t.horizon {
			best = min(best, fromP+s.haulMs)
		}
	}
	return best, best < math.MaxInt64
}
