package matcher

import (
	"math"

	"pinhuo/freight"
)

// Header is what tells at sight, nothing measured, that a trip cannot carry a
// load, and otherwise how much the pair can be worth at the most. It belongs to
// one version of a trip and to the Fit that made it.
type Header struct {
	has    freight.Capability
	stops  int32 // that may still be added
	inner  freight.Inner
	most   freight.Room // the most that any leg has left, in each dimension
	cost   *freight.TypeCost
	margin int64
	least  freight.Fen
	spentS int64 // driving seconds of the plan beyond the trip's own stops
	pace   int64 // of the measure; below 0 where the plan was measured by another router
}

// Header sums the trip up. router is the one whose distances the Fit measures.
func (f *Fit) Header(trip *freight.Trip, router freight.Router) Header {
	h := Header{has: able(&trip.Vehicle), inner: mouth(&trip.Vehicle), cost: f.rates(trip.Vehicle.Type),
		margin: f.Costs.Margin, least: trip.Least, pace: f.floor(trip.Router).Pace}
	if trip.Router != router {
		h.pace = -1
	}
	var along hold
	riders := int64(0)
	for k := range trip.Plan {
		call := &trip.Plan[k]
		h.most = h.most.Max(along.leaving(trip, call))
		if call.Rider() {
			riders++
		}
	}
	h.stops = int32(min(trip.Limits.ExtraStops-riders, math.MaxInt32))
	h.spentS = f.spent(trip, riders > 0)
	return h
}

// spent is the most by which riders have made any of the trip's own drives longer, in
// seconds, or more. Where turns are forbidden a drive may have become shorter, and
// what another has taken more is then not to be set off against that.
func (f *Fit) spent(trip *freight.Trip, riders bool) int64 {
	_, spent := trip.Detour()
	if n := len(trip.Stops); n < 2 || !trip.Roaming && (n == 2 || !riders) {
		return spent
	}
	measure, driven, k := f.of(trip), int64(0), 1
	spent = 0
	for i := range trip.Plan {
		c := &trip.Plan[i]
		driven += c.LegS
		if c.Own < 0 || i == 0 {
			continue
		}
		own := measure(trip.Stops[k-1].Place.Point, trip.Stops[k].Place.Point).Seconds
		spent, driven, k = spent+max(driven-own, 0), 0, k+1
	}
	return spent + driven
}

// rates finds the costs of a vehicle type; zeros where there are none.
func (f *Fit) rates(t freight.VehicleType) *freight.TypeCost {
	for i := range f.Costs.Types {
		if f.Costs.Types[i].Type == t {
			return &f.Costs.Types[i]
		}
	}
	return new(freight.TypeCost)
}

// AtMost returns the greatest value that Weigh may give the load on the trip,
// where it bends the drive along the trip's own stops by at least detourS
// seconds, as the corridor index says. It returns false where Weigh is sure to
// refuse, for capabilities, pieces, room, stops or price. Where no pace is known
// only the seconds of the detour are reckoned with.
func (h *Header) AtMost(load *freight.Load, detourS int64) (value int64, ok bool) {
	if !h.has.Has(asks(load)) || h.stops < 2 || h.least > load.Ceiling || h.most.Lacks(load.Size.Least()) != freight.NoReason {
		return 0, false
	}
	for i := range load.Size.Pieces {
		if !h.inner.Takes(load.Size.Pieces[i]) {
			return 0, false
		}
	}
	if h.pace < 0 {
		return math.MaxInt64, true
	}
	added := detourS - h.spentS
	cost := h.cost.Drive(h.metres(added), max(added+load.Pickup.ServiceS+load.Delivery.ServiceS, 0))
	if int64(cost)*h.margin > int64(load.Ceiling)*100 {
		return 0, false
	}
	return int64(load.Alone - cost), true
}

// mouth is the inner box as far as its door lets pieces in.
func mouth(v *freight.VehicleTerms) freight.Inner {
	in := v.Inner
	if v.OpensAside() {
		return in
	}
	if v.DoorH > 0 {
		in.HeightMM = min(in.HeightMM, v.DoorH)
	}
	if v.DoorW > 0 && in.LengthMM >= in.WidthMM {
		in.WidthMM = min(in.WidthMM, v.DoorW)
	}
	return in
}

// metres is the least road that so many added seconds come to: those of the up
// to five new drives are rounded up, and so are the metres of the up to two old
// ones.
func (h *Header) metres(addedS int64) int64 {
	if h.pace == 0 || addedS <= 5 {
		return 0
	}
	return max(0, (addedS-5)*1_000_000/h.pace-2)
}

// meets tells whether the clocks of trip and load overlap at all.
func (f *Fit) meets(trip *freight.Trip, load *freight.Load, first int) bool {
	p, d := &load.Pickup, &load.Delivery
	start := max(trip.Plan[first-1].Leave, f.Now, p.Window.Open)
	if start > p.Window.Close {
		return false
	}
	start = max(start.After(p.ServiceS), d.Window.Open)
	if start > d.Window.Close {
		return false
	}
	end := start.After(d.ServiceS)
	if trip.Roaming && end > trip.Horizon {
		return false
	}
	final := &trip.Plan[len(trip.Plan)-1]
	return final.Kind != freight.CallEnd || end <= deadline(&trip.TripTerms, final)
}

// roomy tells whether some leg that is left has room for what the load takes.
func roomy(trip *freight.Trip, take *freight.Room, first, last int) bool {
	var h hold
	for k := range trip.Plan[:last] {
		free := h.leaving(trip, &trip.Plan[k])
		if k >= first-1 && free.Lacks(*take) == freight.NoReason {
			return true
		}
	}
	return false
}
