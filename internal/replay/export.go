package replay

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/poolbench"
)

// Export says what an instance of the day holds, and what of the day it cannot hold.
type Export struct {
	Trips   int                 `json:"trips"`
	Loads   int                 `json:"loads"`
	Type    freight.VehicleType `json:"type"`    // whose costs all trips have
	Roaming int                 `json:"roaming"` // trips left out, for the format has no trip without an end
	Vias    int                 `json:"vias"`    // trips whose stops between the ends are left out
	Costs   int                 `json:"costs"`   // trips of another type
}

// export writes the replayed day, as it was announced and posted, as an instance of
// poolbench/1: money in 1/18000 fen, seconds from the first instant of the day. The
// room of a trip is what is spare on its fullest leg. What services cost is taken off
// the savings. Floor is in; pieces, access, gates, temperatures, food and dangerous
// goods, price ceilings and the number of stops are not.
func (m *market) export(o *outcome) (*Export, error) {
	x := &exporter{market: m, at: map[freight.Point]int{}}
	for _, t := range o.trips {
		switch {
		case t.Ref == "": // of a pool: no row of the input
		case t.Roaming:
			x.out.Roaming++
		default:
			x.trips = append(x.trips, t)
		}
	}
	for _, l := range o.loads {
		x.loads = append(x.loads, l)
	}
	slices.SortFunc(x.trips, func(a, b *freight.Trip) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(x.loads, func(a, b *freight.Load) int { return cmp.Compare(a.ID, b.ID) })
	x.found()
	for _, t := range x.trips {
		x.trip(t)
	}
	for _, l := range x.loads {
		x.load(l)
	}
	x.matrices()
	x.out.Trips, x.out.Loads = len(x.in.Trips), len(x.in.Loads)
	return &x.out, poolbench.WriteFile(m.opts.Export, &x.in)
}

type exporter struct {
	market *market
	trips  []*freight.Trip
	loads  []*freight.Load
	in     poolbench.Instance
	out    Export
	cost   freight.TypeCost
	zero   freight.Instant
	at     map[freight.Point]int
	points []freight.Point
}

// found begins the instance: its costs are those of the type that most trips have.
func (x *exporter) found() {
	count := map[freight.VehicleType]int{}
	for _, t := range x.trips {
		count[t.Vehicle.Type]++
	}
	for _, t := range x.market.opts.Costs.Types {
		if x.out.Type == "" || count[t.Type] > count[x.out.Type] {
			x.out.Type, x.cost = t.Type, t
		}
	}
	x.zero = math.MaxInt64
	for _, t := range x.trips {
		x.zero = min(x.zero, t.Stops[0].Window.Open)
	}
	for _, l := range x.loads {
		x.zero = min(x.zero, l.Pickup.Window.Open)
	}
	x.in.Format, x.in.Name, x.in.Seed = poolbench.InstanceFormat, "replay", x.market.opts.Seed
	x.in.Params = poolbench.Params{CostPerM: int64(x.cost.PerKM+x.cost.Toll) * 18, CostPerS: int64(x.cost.PerHour) * 5}
}

func (x *exporter) trip(t *freight.Trip) {
	first, last := &t.Stops[0], &t.Stops[len(t.Stops)-1]
	if len(t.Stops) > 2 {
		x.out.Vias++
	}
	if t.Vehicle.Type != x.out.Type {
		x.out.Costs++
	}
	least := t.Rooms[0]
	for _, r := range t.Rooms {
		least.Grams, least.Millilitres, least.FloorMM = min(least.Grams, r.Grams), min(least.Millilitres, r.Millilitres), min(least.FloorMM, r.FloorMM)
	}
	x.in.Trips = append(x.in.Trips, poolbench.Trip{ID: len(x.in.Trips), From: x.place(first), To: x.place(last),
		Start: x.seconds(first.Window.Open, 999) + first.ServiceS, ArriveBy: x.seconds(last.Window.Close, 0), Cap: sized(least, 0),
		MaxDetourM: t.Limits.DetourM, MaxDetourS: t.Limits.DetourS, Equip: uint64(t.Vehicle.Has)})
}

func (x *exporter) load(l *freight.Load) {
	window := func(w freight.Window) [2]int64 { return [2]int64{x.seconds(w.Open, 999), x.seconds(w.Close, 0)} }
	x.in.Loads = append(x.in.Loads, poolbench.Load{ID: len(x.in.Loads), Pickup: x.place(&l.Pickup), Delivery: x.place(&l.Delivery),
		PickupTW: window(l.Pickup.Window), DeliveryTW: window(l.Delivery.Window), Size: sized(l.Size.Room, 1),
		ServicePickupS: l.Pickup.ServiceS, ServiceDeliveryS: l.Delivery.ServiceS, Equip: uint64(l.Needs), Saving: max(0, gain(l, &x.cost))})
}

// sized is a room in kg, dm³ and cm, rounded down, or up for what has to go in.
func sized(r freight.Room, up int64) [3]int64 {
	return [3]int64{(r.Grams + up*999) / 1000, (r.Millilitres + up*999) / 1000, (r.FloorMM + up*9) / 10}
}

func (x *exporter) seconds(at, up freight.Instant) int64 {
	return int64((at - x.zero + up) / freight.Second)
}

// place is the number of a stop's place.
func (x *exporter) place(s *freight.Stop) int {
	at := s.Place.Point
	n, known := x.at[at]
	if !known {
		n = len(x.points)
		x.at[at] = n
		x.points = append(x.points, at)
		x.in.Locations = append(x.in.Locations, [2]float64{float64(at.LatE7) / 1e7, float64(at.LngE7) / 1e7})
	}
	return n
}

// matrices measures every drive by the router of the replay.
func (x *exporter) matrices() {
	for _, a := range x.points {
		metres, seconds := make([]int64, len(x.points)), make([]int64, len(x.points))
		for i, b := range x.points {
			leg := x.market.engine.Measure(a, b)
			metres[i], seconds[i] = min(leg.Metres, math.MaxInt32), min(leg.Seconds, math.MaxInt32)
		}
		x.in.DistM, x.in.DurS = append(x.in.DistM, metres), append(x.in.DurS, seconds)
	}
}

// String says what the instance cannot hold.
func (x *Export) String() string {
	return fmt.Sprintf("%d trips, %d loads at the costs of a %s; left out: %d roaming trips, the stops between of %d, the own costs of %d",
		x.Trips, x.Loads, x.Type, x.Roaming, x.Vias, x.Costs)
}
