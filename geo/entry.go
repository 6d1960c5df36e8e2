package geo

import (
	"fmt"
	"math"
)

// unlimited stands for no detour limit, in milliseconds.
const unlimited = math.MaxInt64 / 4

// horizonMs bounds the instants and spans the index reckons with, so that sums
// never overflow: about 35,000 years either way.
const horizonMs = int64(1) << 50

// stopEntry is a stop as the index holds it, and the leg that begins there.
type stopEntry struct {
	at               [3]int32 // unit vector, in units of 1 / vecScale
	driveS           uint32   // the true drive
	earliest, latest int64    // unix milliseconds of presence on the leg
}

// vecScale makes a unit of a stop's vector about 6 mm.
const vecScale = 1 << 30

func (s *stopEntry) vec() Vec {
	const unit = 1. / vecScale
	return Vec{X: float64(s.at[0]) * unit, Y: float64(s.at[1]) * unit, Z: float64(s.at[2]) * unit}
}

func (s *stopEntry) put(p Point) {
	v := p.Vec()
	for i, x := range [3]float64{v.X, v.Y, v.Z} {
		s.at[i] = int32(math.Round(x * vecScale))
	}
}

// Of a trip's first stops the sides are noted, of others nothing is known.
const (
	sideBits = 2
	sided    = 32 / sideBits
	anySide  = Sides
)

// side is that of a stop, or anySide.
func (e *tripEntry) side(stop int) uint8 {
	if stop >= sided {
		return anySide
	}
	return uint8(e.sides>>(stop*sideBits)) % Sides
}

// put notes where a stop is.
func (e *tripEntry) put(stop int, p Point) {
	e.stops[stop].put(p)
	if d := e.field.bound.drives; d != nil && stop < sided {
		e.sides |= uint32(d.Side(p)%Sides) << (stop * sideBits)
	}
}

func (s *stopEntry) driveMs() int64 { return int64(s.driveS) * 1000 }

// tailEntry is a tail as the index holds it.
type tailEntry struct{ earliest, horizon int64 }

// tripEntry is an indexed trip, immutable but for where it stands.
type tripEntry struct {
	field   *field
	limitMs int64
	stops   []stopEntry // one more than legs
	tail    *tailEntry  // from the last stop
	streets *streets    // on a Ground

	page  *page  // where it is posted; owned by the writer
	at    int32  // its place there; owned by the writer
	sides uint32 // of the first stops, sideBits each
}

// streets is what a Ground adds to a trip.
type streets struct {
	spots  []Spot  // of the stops
	gains  []int64 // by leg, the milliseconds that stops on it may save at the most
	gainMs int64   // of all legs
}

// loadEntry is an indexed load or a query for one. An indexed one is immutable.
type loadEntry struct {
	from, to                   Point // pickup and delivery
	pickupOpen, pickupClose    int64
	deliveryOpen, deliverClose int64
	pickupServe, deliverServe  int64
	gen                        uint16     // tells the load's postings from those of who had its slot before
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
	at   Point // where a rate bounds drives, and the next two
	vec  Vec
	side uint8
	spot Spot // on a Ground
}

func clampMs(ms int64) int64 { return min(max(ms, -horizonMs), horizonMs) }

func clampS(s int64) int64 { return min(max(s, 0), horizonMs/1000) * 1000 }

// newTripEntry checks a trip and turns it into the index's own units.
func newTripEntry(f *field, t Trip) (*tripEntry, error) {
	if len(t.Legs) == 0 && t.Tail == nil {
		return nil, fmt.Errorf("a trip with neither legs nor a tail: %w", ErrLegs)
	}
	e := blankTrip(len(t.Legs) + 1)
	e.field, e.limitMs = f, clampS(t.DetourLimitS)
	if t.Roams || t.Tail != nil {
		e.limitMs = unlimited
	}
	for i, l := range t.Legs {
		if i > 0 && t.Legs[i-1].To != l.From {
			return nil, fmt.Errorf("leg %d begins at %v, the one before ends at %v: %w", i, l.From, t.Legs[i-1].To, ErrLegs)
		}
		if !l.From.Valid() || !l.To.Valid() {
			return nil, fmt.Errorf("leg %d, %v to %v: %w", i, l.From, l.To, ErrCoordinates)
		}
		if i == 0 {
			e.put(0, l.From)
		}
		e.put(i+1, l.To)
		e.stops[i].drive(l)
	}
	if t.Tail != nil {
		if err := e.addTail(t); err != nil {
			return nil, err
		}
	}
	return e, e.stand(t)
}

// blankTrip is memory for a trip of so many stops, in one piece where they are few.
func blankTrip(stops int) *tripEntry {
	switch stops {
	case 2:
		m := new(struct {
			e tripEntry
			s [2]stopEntry
		})
		m.e.stops = m.s[:]
		return &m.e
	case 3:
		m := new(struct {
			e tripEntry
			s [3]stopEntry
		})
		m.e.stops = m.s[:]
		return &m.e
	case 4:
		m := new(struct {
			e tripEntry
			s [4]stopEntry
		})
		m.e.stops = m.s[:]
		return &m.e
	}
	return &tripEntry{stops: make([]stopEntry, stops)}
}

// drive notes the leg that begins at the stop. One of more seconds than there is
// room for can be driven inside no presence.
func (s *stopEntry) drive(l Leg) {
	s.earliest, s.latest = clampMs(l.EarliestMs), clampMs(l.LatestMs)
	if l.Seconds > math.MaxUint32 {
		s.earliest, s.latest = horizonMs, -horizonMs
	}
	s.driveS = uint32(min(max(l.Seconds, 0), math.MaxUint32))
}

// legs are the stops from which a leg leads to the next.
func (e *tripEntry) legs() []stopEntry { return e.stops[:len(e.stops)-1] }

// limit is the most that the drive may be longer on a leg, given what stops on the
// others may save.
func (e *tripEntry) limit(leg int) int64 {
	if e.streets == nil {
		return e.limitMs
	}
	return e.limitMs + e.streets.gainMs - e.streets.gains[leg]
}

// gain is the most that stops on a leg may save.
func (e *tripEntry) gain(leg int) int64 {
	if e.streets == nil {
		return 0
	}
	return e.streets.gains[leg]
}

// stand puts the trip's stops onto the roads of a Ground, and sees that no leg is
// shorter than its bound.
func (e *tripEntry) stand(t Trip) error {
	g := e.field.bound.ground
	if g != nil {
		e.streets = &streets{spots: g.stand(t), gains: make([]int64, len(t.Legs))}
	}
	for i := range t.Legs {
		least := e.least(i)
		if t.Legs[i].Seconds < least {
			return fmt.Errorf("leg %d: %d s, bound %d s: %w", i, t.Legs[i].Seconds, least, ErrBound)
		}
		if g != nil && !g.Metric {
			e.streets.gains[i] = clampS(t.Legs[i].Seconds) - 1000*least
			e.streets.gainMs += e.streets.gains[i]
		}
	}
	e.widen()
	return nil
}

// stand finds a trip's stops on the roads.
func (g *Ground) stand(t Trip) []Spot {
	spots := make([]Spot, 0, len(t.Legs)+1)
	var s Spot
	put := func(p Point) {
		if !g.Find(p, &s) { // nothing gets there or away
			s = Spot{At: p}
		}
		spots = append(spots, s.clone())
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
	return spots
}

// widen gives the clocks what stops on the legs before and after may save.
func (e *tripEntry) widen() {
	if e.streets == nil || e.streets.gainMs == 0 {
		return
	}
	before := int64(0)
	for i := range e.legs() {
		s := &e.stops[i]
		s.earliest -= before
		before += e.streets.gains[i]
		s.latest += e.streets.gainMs - before
	}
	if e.tail != nil {
		e.tail.earliest -= before
	}
}

// least is the bound of a leg in seconds; 0 where one of its stops is off the
// road.
func (e *tripEntry) least(leg int) int64 {
	b := e.field.bound
	if b.ground == nil {
		return b.Seconds(e.stops[leg].vec().GreatCircleM(e.stops[leg+1].vec()))
	}
	ms := b.ground.between(&e.streets.spots[leg], &e.streets.spots[leg+1])
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
	if len(t.Legs) == 0 {
		e.put(0, t.Tail.From)
	}
	e.tail = &tailEntry{earliest: clampMs(t.Tail.EarliestMs), horizon: clampMs(t.Tail.HorizonMs)}
	return nil
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
