package matcher

import (
	"math"

	"pinhuo/freight"
)

// Header is what tells at sight, nothing measured, that a trip cannot carry a
// load, and otherwise how much the pair can be worth at the most. It belongs to
// one version of a trip and to the Fit that made it. It has 48 bytes, so that with what
// stands beside it a search waits for memory once; what is more than its parts hold
// they say with most, which rules out nothing.
type Header struct {
	cost    *freight.TypeCost
	grams   uint32 // the most that any leg has left, in each dimension
	ml      uint32
	floorMM uint32
	least   uint32 // price in fen, at the least
	spentS  int32  // driving seconds of the plan beyond the trip's own stops, or more
	pace    int32  // of the measure; below 0 where the plan was measured by another router
	has     freight.Capability
	inner   [3]uint16 // mm: long side, short side, height of what pieces must pass
	margin  uint16    // percent
	twice   bool      // it may stop twice more
}

// Header sums the trip up. router is the one whose distances the Fit measures.
func (f *Fit) Header(trip *freight.Trip, router freight.Router) Header {
	h := Header{has: able(&trip.Vehicle), cost: f.rates(trip.Vehicle.Type), margin: uint16(min(max(f.Costs.Margin, 0), math.MaxUint16)),
		least: short(int64(trip.Least)), inner: sides(mouth(&trip.Vehicle))}
	if pace := f.floor(trip.Router).Pace; pace <= math.MaxInt32 {
		h.pace = int32(pace)
	}
	var along hold
	var most freight.Room
	riders := int64(0)
	for k := range trip.Plan {
		call := &trip.Plan[k]
		most = most.Max(along.leaving(trip, call))
		if call.Rider() {
			riders++
		}
	}
	h.grams, h.ml, h.floorMM = short(most.Grams), short(most.Millilitres), short(most.FloorMM)
	h.twice = trip.Limits.ExtraStops-riders >= 2
	spent := f.spent(trip, riders > 0)
	if trip.Router != router || spent > math.MaxInt32 {
		h.pace = -1
	}
	h.spentS = int32(max(min(spent, math.MaxInt32), math.MinInt32))
	return h
}

// short is a figure in half its room, at the most what that holds. Of two figures that
// are in order so are the short ones.
func short(n int64) uint32 { return uint32(min(max(n, 0), math.MaxUint32)) }

// sides are those of a box or a piece, likewise: the longer and the shorter one of its
// floor, and its height.
func sides(in freight.Inner) [3]uint16 {
	side := func(mm int64) uint16 { return uint16(min(max(mm, 0), math.MaxUint16)) }
	return [3]uint16{side(max(in.LengthMM, in.WidthMM)), side(min(in.LengthMM, in.WidthMM)), side(in.HeightMM)}
}

// holds tells whether a piece may pass, as freight.Inner.Takes does.
func (h *Header) holds(p *freight.Piece) bool {
	piece := sides(freight.Inner{LengthMM: p.LengthMM, WidthMM: p.WidthMM, HeightMM: p.HeightMM})
	return piece[0] <= h.inner[0] && piece[1] <= h.inner[1] && piece[2] <= h.inner[2]
}

// roomFor tells whether some leg has each of what the load takes at the least.
func (h *Header) roomFor(take freight.Room) bool {
	return short(take.Grams) <= h.grams && short(take.Millilitres) <= h.ml && short(take.FloorMM) <= h.floorMM
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
	if !h.has.Has(asks(load)) || !h.twice || int64(h.least) > int64(load.Ceiling) || !h.roomFor(load.Size.Least()) {
		return 0, false
	}
	for i := range load.Size.Pieces {
		if !h.holds(&load.Size.Pieces[i]) {
			return 0, false
		}
	}
	if h.pace < 0 {
		return math.MaxInt64, true
	}
	added := detourS - int64(h.spentS)
	cost := h.cost.Drive(leastRoad(int64(h.pace), added), max(added+load.Pickup.ServiceS+load.Delivery.ServiceS, 0))
	if int64(cost)*int64(h.margin) > int64(load.Ceiling)*100 {
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

// leastRoad is the least metres that so many added seconds come to, at a pace or a quicker
// one: those of the up to five new drives are rounded up, and so are the metres of the
// up to two old ones. Without a pace nothing is known.
func leastRoad(pace, addedS int64) int64 {
	if pace == 0 || addedS <= 5 {
		return 0
	}
	return max(0, (addedS-5)*1_000_000/pace-2)
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
