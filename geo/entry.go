package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// unlimited stands for no detour limit, in milliseconds.
const unlimited = math.MaxInt64 / 4

// horizonMs bounds the instants and spans the index reckons with, so that sums
// never overflow: about 35,000 years either way.
const horizonMs = int64(1) << 50

// legEntry is a leg as the index holds it: vectors and milliseconds.
type legEntry struct {
	at               Point // from
	from, to         Vec
	driveMs          int64 // the true drive
	startMs          int64 // the true drive from the first stop to from
	earliest, latest int64
}

// tailEntry is a tail as the index holds it.
type tailEntry struct {
	at                Point // from
	from              Vec
	earliest, horizon int64
}

// tripEntry is an indexed trip, immutable.
type tripEntry struct {
	fromMs, toMs int64 // the span of all its clocks in unix milliseconds
	limitMs      int64
	totalMs      int64 // the true drive over all legs
	tail         *tailEntry
	legs         []legEntry
	gen          uint16
	few          [2]legEntry // the memory of legs where they are no more: most trips are one piece of memory
}

// loadEntry is an indexed load or a query for one, immutable.
type loadEntry struct {
	from, to                   Point // pickup and delivery
	pickup, delivery           Vec
	haulMs                     int64 // bound of the drive from pickup to delivery
	pickupOpen, pickupClose    int64
	deliveryOpen, deliverClose int64
	pickupServe, deliverServe  int64
	gen                        uint16
}

func clampMs(ms int64) int64 { return min(max(ms, -horizonMs), horizonMs) }

func clampS(s int64) int64 { return min(max(s, 0), horizonMs/1000) * 1000 }

// newTripEntry checks a trip and turns it into the index's own units.
func newTripEntry(b Bound, t Trip) (*tripEntry, error) {
	if len(t.Legs) == 0 && t.Tail == nil {
		return nil, fmt.Errorf("no leg and no tail: %w", ErrLegs)
	}
	e := &tripEntry{limitMs: clampS(t.DetourLimitS)}
	if t.Roams || t.Tail != nil {
		e.limitMs = unlimited
	}
	if e.legs = e.few[:0]; len(t.Legs) > len(e.few) {
		e.legs = make([]legEntry, 0, len(t.Legs))
	}
	for i, l := range t.Legs {
		if i > 0 && t.Legs[i-1].To != l.From {
			return nil, fmt.Errorf("leg %d begins at %v, the one before ends at %v: %w", i, l.From, t.Legs[i-1].To, ErrLegs)
		}
		if err := checkLeg(b, l); err != nil {
			return nil, fmt.Errorf("leg %d: %w", i, err)
		}
		e.legs = append(e.legs, legEntry{
			at: l.From, from: l.From.Vec(), to: l.To.Vec(), driveMs: clampS(l.Seconds), startMs: e.totalMs,
			earliest: clampMs(l.EarliestMs), latest: clampMs(l.LatestMs),
		})
		e.totalMs += clampS(l.Seconds)
	}
	if t.Tail != nil {
		if err := e.addTail(t); err != nil {
			return nil, err
		}
	}
	e.fromMs, e.toMs = e.presence()
	return e, nil
}

// addTail gives the trip its open end.
func (e *tripEntry) addTail(t Trip) error {
	if n := len(t.Legs); n > 0 && t.Legs[n-1].To != t.Tail.From {
		return fmt.Errorf("tail begins at %v, the last leg ends at %v: %w", t.Tail.From, t.Legs[n-1].To, ErrLegs)
	}
	if !t.Tail.From.Valid() {
		return fmt.Errorf("tail from %v: %w", t.Tail.From, ErrCoordinates)
	}
	e.tail = &tailEntry{at: t.Tail.From, from: t.Tail.From.Vec(), earliest: clampMs(t.Tail.EarliestMs), horizon: clampMs(t.Tail.HorizonMs)}
	return nil
}

// presence is the span of all the trip's clocks in unix milliseconds.
func (e *tripEntry) presence() (fromMs, toMs int64) {
	fromMs, toMs = horizonMs, -horizonMs
	for i := range e.legs {
		fromMs, toMs = min(fromMs, e.legs[i].earliest), max(toMs, e.legs[i].latest)
	}
	if e.tail != nil {
		fromMs, toMs = min(fromMs, e.tail.earliest), max(toMs, e.tail.horizon)
	}
	return fromMs, max(fromMs, toMs)
}

func checkLeg(b Bound, l Leg) error {
	if !l.From.Valid() || !l.To.Valid() {
		return fmt.Errorf("%v to %v: %w", l.From, l.To, ErrCoordinates)
	}
	if least := b.Between(l.From, l.To); l.Seconds < least {
		return fmt.Errorf("%d s from %v to %v, bound %d s: %w", l.Seconds, l.From, l.To, least, ErrBound)
	}
	return nil
}

// newLoadEntry checks a load and turns it into the index's own units.
func newLoadEntry(b Bound, l Load) (*loadEntry, error) {
	if !l.Pickup.Valid() || !l.Delivery.Valid() {
		return nil, fmt.Errorf("%v to %v: %w", l.Pickup, l.Delivery, ErrCoordinates)
	}
	e := &loadEntry{
		from: l.Pickup, to: l.Delivery, pickup: l.Pickup.Vec(), delivery: l.Delivery.Vec(),
		pickupOpen: clampMs(l.PickupOpenMs), pickupClose: clampMs(l.PickupCloseMs),
		deliveryOpen: clampMs(l.DeliveryOpenMs), deliverClose: clampMs(l.DeliveryCloseMs),
		pickupServe: clampS(l.PickupServiceS), deliverServe: clampS(l.DeliveryServiceS),
	}
	e.haulMs = b.millis(e.pickup, e.delivery)
	return e, nil
}

// stretch is where the load's pickup window lies in its cell's lists.
func (e *loadEntry) stretch() stretch {
	return stretchOf(e.pickupOpen, max(e.pickupOpen, e.pickupClose))
}

// sortCandidates orders by bound, equal ones by slot.
func sortCandidates(cs []Candidate) {
	slices.SortFunc(cs, func(a, b Candidate) int {
		if d := cmp.Compare(a.DetourS, b.DetourS); d != 0 {
			return d
		}
		return cmp.Compare(a.Slot, b.Slot)
	})
}

// picked is what the legs walked so far allow for the pickup.
type picked struct {
	possible bool
	excessMs int64 // the least excess of any of them
	readyMs  int64 // the earliest moment any of them leaves the pickup
}

// detour is a lower bound, in seconds, of the drive that the load adds to the
// trip, over all placements of pickup and delivery on its legs and tail;
// ok is false where no placement keeps windows, clocks and limit.
//
// All distances are bounds m(.,.) of the true ones and L is true, so for one
// leg m(a,P)+m(P,D)+m(D,b)-L bounds the detour; for two, the sum of the
// excesses m(a,x)+m(x,b)-L does, each of which is at least 0 in truth.
func (e *tripEntry) detour(b Bound, q *loadEntry) (seconds int64, ok bool) {
	best := int64(math.MaxInt64)
	var p picked
	for i := range e.legs {
		if d, fits := e.legs[i].place(b, q, &p, e.limitMs); fits {
			best = min(best, d)
		}
	}
	if e.tail != nil {
		if d, fits := e.tail.place(b, q, p); fits {
			best = min(best, d)
		}
	}
	if best > e.limitMs {
		return 0, false
	}
	return (best + 999) / 1000, true
}

// place is the least detour with the delivery on this leg and the pickup on
// this or an earlier one. It then adds this leg's pickup to p.
func (l *legEntry) place(b Bound, q *loadEntry, p *picked, limitMs int64) (int64, bool) {
	fromP, toP := b.millis(l.from, q.pickup), b.millis(q.pickup, l.to)
	excessP := max(0, fromP+toP-l.driveMs)
	at := max(q.pickupOpen, l.earliest+fromP)
	ready := at + q.pickupServe
	here := at <= q.pickupClose && ready+toP <= l.latest && excessP <= limitMs
	if !here && !p.possible {
		return 0, false
	}
	fromD, toD := b.millis(l.from, q.delivery), b.millis(q.delivery, l.to)
	excessD := max(0, fromD+toD-l.driveMs)
	best := int64(math.MaxInt64)
	if p.possible && l.served(q, max(l.earliest+fromD, p.readyMs+q.haulMs), toD) {
		best = p.excessMs + excessD
	}
	if !here {
		return best, best < math.MaxInt64
	}
	if l.served(q, ready+q.haulMs, toD) {
		best = min(best, max(excessP, excessD, fromP+q.haulMs+toD-l.driveMs))
	}
	if !p.possible {
		*p = picked{possible: true, excessMs: excessP, readyMs: ready}
	}
	p.excessMs, p.readyMs = min(p.excessMs, excessP), min(p.readyMs, ready)
	return best, best < math.MaxInt64
}

// served tells whether a truck that is at the delivery at the given moment
// serves it in time and then reaches the leg's end, toD away.
func (l *legEntry) served(q *loadEntry, at, toD int64) bool {
	at = max(at, q.deliveryOpen)
	return at <= q.deliverClose && at+q.deliverServe+toD <= l.latest
}

// place is the least added drive with the delivery on the tail and the pickup
// on it or on an earlier leg.
func (t *tailEntry) place(b Bound, q *loadEntry, p picked) (int64, bool) {
	best := int64(math.MaxInt64)
	fromD := b.millis(t.from, q.delivery)
	if p.possible {
		at := max(q.deliveryOpen, t.earliest+fromD, p.readyMs+q.haulMs)
		if at <= q.deliverClose && at+q.deliverServe <= t.horizon {
			best = p.excessMs + fromD
		}
	}
	fromP := b.millis(t.from, q.pickup)
	at := max(q.pickupOpen, t.earliest+fromP)
	if at <= q.pickupClose {
		at = max(q.deliveryOpen, at+q.pickupServe+q.haulMs)
		if at <= q.deliverClose && at+q.deliverServe <= t.horizon {
			best = min(best, fromP+q.haulMs)
		}
	}
	return best, best < math.MaxInt64
}
