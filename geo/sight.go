package geo

import "math"

// slopMinutes is how much later or earlier than its clocks say a head lets a trip
// be, and slopRadii how much longer its way, against rounding.
const (
	slopMinutes = 0.1
	slopRadii   = 4e-6 // 25 m, of two pins
	haulSlop    = 1e-7 // of a haul
)

// head sums a trip up for its page. Where a rate bounds the drives its clocks are
// counted back to the first stop and on to the last: however many stops lie
// between, the truck is at a place no earlier than a straight drive from the first
// stop would have it there, and may leave it no later than a straight one to the last
// allows. True drives are rounded to seconds, so each leg may miss that by one.
func (e *tripEntry) head(slot uint32) head {
	legs := e.legs()
	before, after := int64(0), int64(0)
	for i := range legs {
		after += legs[i].driveMs() + 1000
	}
	h := head{slot: slot, budget: e.budget(after)}
	rate := e.field.bound.ground == nil
	if rate {
		h.first, h.last = pinOf(e.stops[0].vec()), pinOf(e.stops[len(legs)].vec())
	} else {
		h.first, h.last = e.streets.spots[0].cells()|onRoads, e.streets.spots[len(legs)].cells()
	}
	from, to := 2*horizonMs, -2*horizonMs
	for i := range legs {
		drive := legs[i].driveMs() + 1000
		after -= drive
		if rate {
			from, to = min(from, legs[i].earliest-before), max(to, legs[i].latest+after)
		} else {
			from, to = min(from, legs[i].earliest), max(to, legs[i].latest)
		}
		before += drive
	}
	if t := e.tail; t != nil {
		from, to = min(from, t.earliest-before), max(to, t.horizon)
		h.last |= openEnd
	}
	h.fromMin, h.toMin = minuteAt(floorDiv(from, minuteMs)), minuteAt(floorDiv(max(from, to), minuteMs)+1)
	return h
}

// budget is the longest way that keeps the detour limit, for a trip whose legs come to so
// many milliseconds: in earth radii, on a Ground in seconds. There what stops save on one
// leg does not count against it: the bound of the whole way is no more than its drive.
func (e *tripEntry) budget(legsMs int64) float32 {
	rate := e.field.bound.secondsPerMetre
	switch {
	case e.tail != nil || e.limitMs >= unlimited:
		return float32(math.Inf(1))
	case e.field.bound.ground != nil:
		return floatUp(float64(legsMs+e.limitMs) / 1000)
	case rate == 0:
		return float32(math.Inf(1))
	}
	return floatUp(float64(legsMs+e.limitMs)/1000/rate/EarthRadiusM + slopRadii)
}

// own is the drive over the trip's legs, as budget is; infinite where that bounds nothing.
func (e *tripEntry) own() float32 {
	rate, drive := e.field.bound.secondsPerMetre, int64(0)
	for i := range e.legs() {
		drive += e.stops[i].driveMs()
	}
	switch {
	case e.tail != nil:
		return float32(math.Inf(1))
	case e.field.bound.ground != nil:
		return floatUp(float64(drive) / 1000)
	case rate == 0:
		return float32(math.Inf(1))
	}
	return floatUp(float64(drive)/1000/rate/EarthRadiusM + slopRadii)
}

// unknownS stands for a detour of which nothing is known.
const unknownS = math.MinInt32

// beyond is a lower bound, in seconds, of the detour of a trip that drives so far without
// the load, given the way over first stop, pickup, delivery and last stop: whatever lies
// between, the drive with the load is no shorter.
func (v *sight) beyond(way, own float32) int64 {
	if math.IsInf(float64(own), 1) {
		return unknownS
	}
	seconds := float64(way - own)
	if v.stands == nil {
		seconds *= v.minutes * 60
	}
	return int64(math.Floor(seconds)) - 1
}

// minuteAt is a unix minute as a head keeps it. What is beyond is as good as never.
func minuteAt(minute int64) int32 { return int32(min(max(minute, minuteBegin), minuteEnd)) }

// pin is a unit vector in 63 bits, 21 a coordinate: right to 6 m. The bit that is left
// tells of a trip's last stop that the truck may be anywhere after it.
type pin uint64

const (
	pinBits      = 21
	pinMask      = 1<<pinBits - 1
	pinScale     = 1 << (pinBits - 1)
	openEnd  pin = 1 << 63
)

func pinOf(v Vec) (p pin) {
	for _, x := range [3]float64{v.Z, v.Y, v.X} {
		at := min(int64(math.Round(x*(pinScale-1)))+pinScale, pinMask)
		p = p<<pinBits | pin(at)
	}
	return p
}

// vec is the pin's vector.
func (p pin) vec() [3]float32 {
	const unit = 1. / (pinScale - 1)
	return [3]float32{
		float32(int32(p&pinMask)-pinScale) * unit,
		float32(int32(p>>pinBits&pinMask)-pinScale) * unit,
		float32(int32(p>>(2*pinBits)&pinMask)-pinScale) * unit,
	}
}

// On a Ground the first stop's pin has onRoads, and either holds the coarse cells of its
// stop's gates: each counted from 1 in roadBits, 0 where there is none. Without any
// nothing is known of the stop.
const (
	onRoads   pin = 1 << 63
	roadBits      = 15
	roadMask      = 1<<roadBits - 1
	roadCells     = 4
)

// cells are those of all gates of a spot.
func (s *Spot) cells() (p pin) {
	n := 0
	for _, list := range [2][]Gate{s.Leave, s.Arrive} {
		for i := range list {
			cell := pin(list[i].Coarse) + 1
			switch {
			case p.covers(cell):
			case n == roadCells || cell > roadMask:
				return 0
			default:
				p |= cell << (n * roadBits)
				n++
			}
		}
	}
	return p
}

// covers tells whether a cell, counted from 1, is among the pin's.
func (p pin) covers(cell pin) bool {
	for k := range roadCells {
		if p>>(k*roadBits)&roadMask == cell {
			return true
		}
	}
	return false
}

// least is the least figure of a table between any of the pin's cells and the fine cells
// of some gates; 0 where the pin knows of none. Whatever lies between a stop and a gate
// is left out: who drives from one to the other along one piece of road passes no gate,
// and has both in the same cells.
func (g *Ground) least(p pin, gates []Gate, table []uint16) int64 {
	least := int64(NoWay)
	for k := range roadCells {
		cell := int(p >> (k * roadBits) & roadMask)
		if cell == 0 {
			break
		}
		for i := range gates {
			least = min(least, int64(table[int(gates[i].Fine)*g.Cells+cell-1]))
		}
	}
	if p&^(onRoads|openEnd) == 0 {
		return 0
	}
	return least * g.UnitMs
}

// passes is the way over a load's places by the tables, and whether that is short enough.
func (v *sight) passes(h *head) (way float32, ok bool) {
	g := v.stands.field.bound.ground
	there := g.least(h.first, v.stands.pickup.spot.Arrive, g.In)
	on := g.least(h.last, v.stands.delivery.spot.Leave, g.Out)
	way = float32(there+v.stands.haulMs+on) / 1000
	return way, way <= h.budget
}

func small(v Vec) [3]float32 { return [3]float32{float32(v.X), float32(v.Y), float32(v.Z)} }

// sight is a load as heads see it. Times are unix minutes.
type sight struct {
	pickup, delivery          [3]float32
	straight                  float32             // chord between them; 0 where a Ground tells
	haul                      float32             // the least way between them, in earth radii: no less than the chord
	turns                     [axisTraits]float32 // of the haul's direction, its share along each axis
	sectors                   [allSectors]bool    // whose trips may carry it
	minutes                   float64             // least drive over one earth radius; 0 where a Ground tells
	from, to                  int64               // a trip must begin by the one and last until the other
	open, close, leave        float64             // of the pickup, and from its beginning until the delivery
	deliverOpen, deliverClose float64
	stands                    *standing // on a Ground
	serve                     float64   // at the delivery
}

// look sets a load up for the heads of a field.
func (v *sight) look(e *loadEntry, s *standing) {
	minutes := func(ms int64) float64 { return float64(ms) / minuteMs }
	*v = sight{
		from: floorDiv(max(e.pickupOpen, e.deliveryOpen), minuteMs), to: floorDiv(e.pickupClose, minuteMs),
		open: minutes(e.pickupOpen), close: minutes(e.pickupClose) + slopMinutes, leave: minutes(e.pickupServe + s.haulMs),
		deliverOpen: minutes(e.deliveryOpen), deliverClose: minutes(e.deliverClose) + slopMinutes, serve: minutes(e.deliverServe) - slopMinutes,
	}
	if b := s.field.bound; b.ground == nil {
		v.pickup, v.delivery = small(s.pickup.vec), small(s.delivery.vec)
		v.straight = chord(&v.pickup, &v.delivery)
		v.haul = v.straight
		if b.secondsPerMetre > 0 {
			v.haul = max(v.haul, float32(float64(s.haulMs)/1000/b.secondsPerMetre/EarthRadiusM-haulSlop))
		}
		way := line(&v.pickup, &v.delivery)
		for k := range axes {
			v.turns[k] = dot(&way, &axes[k]) / max(v.straight, leastLine)
		}
		v.minutes = b.secondsPerMetre * EarthRadiusM / 60
	} else {
		v.stands = s
	}
	v.face()
}

// chord is the straight line through the earth, in its radii: no longer than the way
// over its surface.
func chord(a, b *[3]float32) float32 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float32(math.Sqrt(float64(x*x + y*y + z*z)))
}

// sees tells whether the trip may carry the load, as far as its head tells, and how long
// its way would be at the least.
func (v *sight) sees(h *head) (way float32, ok bool) {
	if int64(h.fromMin) > v.to || int64(h.toMin) < v.from {
		return 0, false
	}
	if v.stands != nil {
		if way, ok = v.passes(h); !ok {
			return 0, false
		}
	}
	there, on := float32(0), float32(0)
	if v.minutes > 0 {
		first, last := h.first.vec(), h.last.vec()
		there, on = chord(&first, &v.pickup), chord(&v.delivery, &last)
		if way = there + v.haul + on; way > h.budget {
			return 0, false
		}
	}
	at := max(v.open, float64(h.fromMin)+float64(there)*v.minutes)
	if at > v.close {
		return 0, false
	}
	at = max(v.deliverOpen, at+v.leave)
	return way, at <= v.deliverClose && (h.last&openEnd != 0 || at+v.serve+float64(on)*v.minutes <= float64(h.toMin))
}
