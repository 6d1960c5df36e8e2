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

// budget is the longest way in earth radii that keeps the detour limit, for a trip
// whose legs come to so many milliseconds.
func (e *tripEntry) budget(legsMs int64) float32 {
	rate := e.field.bound.secondsPerMetre
	if e.field.bound.ground != nil || rate == 0 || e.tail != nil || e.limitMs >= unlimited {
		return float32(math.Inf(1))
	}
	return floatUp(float64(legsMs+e.limitMs)/1000/rate/EarthRadiusM + slopRadii)
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
	serve                     float64 // at the delivery
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
	}
	v.face()
}

// chord is the straight line through the earth, in its radii: no longer than the way
// over its surface.
func chord(a, b *[3]float32) float32 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return float32(math.Sqrt(float64(x*x + y*y + z*z)))
}

// sees tells whether the trip may carry the load, as far as its head tells.
func (v *sight) sees(h *head) bool {
	if int64(h.fromMin) > v.to || int64(h.toMin) < v.from {
		return false
	}
	there, on := float32(0), float32(0)
	if v.minutes > 0 {
		first, last := h.first.vec(), h.last.vec()
		there, on = chord(&first, &v.pickup), chord(&v.delivery, &last)
		if there+v.haul+on > h.budget {
			return false
		}
	}
	at := max(v.open, float64(h.fromMin)+float64(there)*v.minutes)
	if at > v.close {
		return false
	}
	at = max(v.deliverOpen, at+v.leave)
	return at <= v.deliverClose && (h.last&openEnd != 0 || at+v.serve+float64(on)*v.minutes <= float64(h.toMin))
}
