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
	gainMs           int64 // the most that stops on the way may save
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
	gainMs       int64 // of all legs
	tail         *tailEntry
	legs         []legEntry
	spots        []Spot // on a Ground: of the stops, in their order
	field        *field
	gen          uint16
	few          [2]legEntry // the memory of legs where they are no more: most trips are one piece of memory
}

// loadEntry is an indexed load or a query for one. An indexed one is immutable.
type loadEntry struct {
	from, to                   Point // pickup and delivery
	pickupOpen, pickupClose    int64
	deliveryOpen, deliverClose int64
	pickupServe, deliverServe  int64
	gen                        uint16
	in                         []standing // by field that it was posted in or asked in
}

// standing is where a load stands in a field.
type standing struct {
	field            *field
	pickup, delivery site
	haulMs           int64 // bound of the drive from pickup to delivery
}

// site is a place of a load in a field.
type site struct {
	vec  Vec  // where a rate bounds drives
	spot Spot // on a Ground
}

func clampMs(ms int64) int64 { return min(max(ms, -horizonMs), horizonMs) }

func clampS(s int64) int64 { return min(max(s, 0), horizonMs/1000) * 1000 }

// newTripEntry checks a trip and turns it into the index's own units.
func newTripEntry(f *field, t Trip) (*tripEntry, error) {
	if len(t.Legs) == 0 && t.Tail == nil {
		return nil, fmt.Errorf("no leg and no tail: %w", ErrLegs)
	}
	e := &tripEntry{limitMs: clampS(t.DetourLimitS), field: f}
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
		if !l.From.Valid() || !l.To.Valid() {
			return nil, fmt.Errorf("leg %d, %v to %v: %w", i, l.From, l.To, ErrCoordinates)
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
	e.stand(t)
	for i := range e.legs {
		least := e.least(i)
		if t.Legs[i].Seconds < least {
			return nil, fmt.Errorf("leg %d: %d s, bound %d s: %w", i, t.Legs[i].Seconds, least, ErrBound)
		}
		if g := f.bound.ground; g != nil && !g.Metric {
			e.legs[i].gainMs = clampS(t.Legs[i].Seconds) - 1000*least
			e.gainMs += e.legs[i].gainMs
		}
	}
	e.widen()
	return e, nil
}

// widen gives the clocks what stops on the legs before and after may save.
func (e *tripEntry) widen() {
	if e.gainMs == 0 {
		return
	}
	before := int64(0)
	for i := range e.legs {
		l := &e.legs[i]
		l.earliest -= before
		before += l.gainMs
		l.latest += e.gainMs - before
	}
	if e.tail != nil {
		e.tail.earliest -= before
	}
	e.fromMs, e.toMs = e.fromMs-e.gainMs, e.toMs+e.gainMs
}

// limit is the most that the drive may be longer on a leg, given what stops on the
// others may save.
func (e *tripEntry) limit(leg int) int64 { return e.limitMs + e.gainMs - e.legs[leg].gainMs }

// stand puts the trip's stops onto the roads of a Ground.
func (e *tripEntry) stand(t Trip) {
	g := e.field.bound.ground
	if g == nil {
		return
	}
	e.spots = make([]Spot, 0, len(t.Legs)+1)
	var s Spot
	put := func(p Point) {
		if !g.Find(p, &s) { // nothing gets there or away
			s = Spot{At: p}
		}
		e.spots = append(e.spots, s.clone())
	}
	for i, l := range t.Legs {
		if i == 0 {
			put(l.From)
		}
		put(l.To)
	}
	if len(t.Legs) == 0 {
		put(t.Tail.From)
	}
}

// least is the bound of a leg in seconds; 0 where one of its stops is off the
// road.
func (e *tripEntry) least(leg int) int64 {
	b := e.field.bound
	if b.ground == nil {
		return b.Seconds(e.legs[leg].from.GreatCircleM(e.legs[leg].to))
	}
	ms := b.ground.between(&e.spots[leg], &e.spots[leg+1])
	if ms >= far {
		return 0
	}
	return ms / 1000
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

// set checks a load and turns it into the index's own units; it stands nowhere.
func (e *loadEntry) set(l Load) error {
	if !l.Pickup.Valid() || !l.Delivery.Valid() {
		return fmt.Errorf("%v to %v: %w", l.Pickup, l.Delivery, ErrCoordinates)
	}
	*e = loadEntry{
		from: l.Pickup, to: l.Delivery, in: e.in[:0],
		pickupOpen: clampMs(l.PickupOpenMs), pickupClose: clampMs(l.PickupCloseMs),
		deliveryOpen: clampMs(l.DeliveryOpenMs), deliverClose: clampMs(l.DeliveryCloseMs),
		pickupServe: clampS(l.PickupServiceS), deliverServe: clampS(l.DeliveryServiceS),
	}
	return nil
}

// standing is where the load stands in a field, or nil.
func (e *loadEntry) standing(f *field) *standing {
	for i := range e.in {
		if e.in[i].field == f {
			return &e.in[i]
		}
	}
	return nil
}

// stretch is where the load's pickup window lies in the lists of a cell in which
// trucks may be said to leave so much too early.
func (e *loadEntry) stretch(lagMs int64) stretch {
	return stretchOf(e.pickupOpen-lagMs, max(e.pickupOpen, e.pickupClose))
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

// drives are the least drives to one of the load's places from where the leg
// begins, and from there to where it ends.
func (e *tripEntry) drives(leg int, s *site) (there, on int64) {
	b, l := e.field.bound, &e.legs[leg]
	if b.ground == nil {
		return b.millis(l.from, s.vec), b.millis(s.vec, l.to)
	}
	return b.ground.between(&e.spots[leg], &s.spot), b.ground.between(&s.spot, &e.spots[leg+1])
}

// away is the least drive from where the tail begins to one of the load's places.
func (e *tripEntry) away(s *site) int64 {
	b := e.field.bound
	if b.ground == nil {
		return b.millis(e.tail.from, s.vec)
	}
	return b.ground.between(&e.spots[len(e.spots)-1], &s.spot)
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
	for i := range e.legs {
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
// this or an earlier one. It then adds this leg's pickup to p.
func (e *tripEntry) place(leg int, q *loadEntry, s *standing, p *picked) (int64, bool) {
	l := &e.legs[leg]
	fromP, toP := e.drives(leg, &s.pickup)
	excessP := max(-l.gainMs, fromP+toP-l.driveMs)
	at := max(q.pickupOpen, l.earliest+fromP)
	ready := at + q.pickupServe
	here := at <= q.pickupClose && ready+toP <= l.latest && excessP <= e.limit(leg)
	if !here && !p.possible {
		return 0, false
	}
	fromD, toD := e.drives(leg, &s.delivery)
	excessD := max(-l.gainMs, fromD+toD-l.driveMs)
	best := int64(math.MaxInt64)
	if p.possible && l.served(q, max(l.earliest+fromD, p.readyMs+s.haulMs), toD) {
		best = p.excessMs + excessD
	}
	if !here {
		return best, best < math.MaxInt64
	}
	if l.served(q, ready+s.haulMs, toD) {
		best = min(best, max(excessP, excessD, fromP+s.haulMs+toD-l.driveMs))
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
