package pools

import (
	"pinhuo/freight"
	"pinhuo/matcher"
)

// Haul is a truck of one type that carries a set of loads: the trip with its plan,
// and what it costs.
type Haul struct {
	Trip    *freight.Trip   // virtual: it has no id and no operator
	Hire    freight.Fen     // fixed cost, metres, and every hour from setting out to the last service
	Metres  int64           // of the whole drive
	Seconds int64           // from setting out to the end of the last service
	Departs freight.Instant // last departure that still keeps every window
}

// Terms are those of a hired truck: it sets out empty at start and is free until the
// horizon, for at most so many loads.
func Terms(vehicle freight.VehicleTerms, start freight.Stop, horizon freight.Instant, loads int) freight.TripTerms {
	return freight.TripTerms{
		Vehicle: vehicle, Roaming: true, Stops: []freight.Stop{start}, Rooms: []freight.Room{vehicle.Inner.Room(vehicle.Payload)},
		Horizon: horizon, Limits: freight.Limits{ExtraStops: int64(2 * loads)}, Lease: horizon,
	}
}

// Trip builds the trip of a pool, by its Terms, before anybody is aboard. Its router is
// that of a drive without a trip. Errors are those of Fit.Base.
func Trip(f *matcher.Fit, vehicle freight.VehicleTerms, start freight.Stop, horizon freight.Instant, loads int) (*freight.Trip, error) {
	t := &freight.Trip{State: freight.TripOpen, TripTerms: Terms(vehicle, start, horizon, loads)}
	t.Duty = f.Duty
	at := f.Measure(start.Place.Point, start.Place.Point)
	t.Router = freight.Router{Method: at.Method, Version: at.Version}
	plan, _, _, err := f.Base(t.TripTerms, nil)
	t.Plan = plan
	return t, err
}

// Fits puts a load into the trip of a pool. It is Fit.Fits but for the price: what
// riding costs is not the trip's extra drive but a share of the hire.
func Fits(f *matcher.Fit, trip *freight.Trip, load *freight.Load) matcher.Verdict {
	return f.Fits(trip, matcher.Unpriced(load))
}

// Board puts the loads into a trip's plan in their order. Where one does not fit
// the answer names it and the reason, and the trip is nil.
func Board(f *matcher.Fit, trip *freight.Trip, loads []*freight.Load) (*freight.Trip, int, freight.Reason) {
	full := *trip
	for i, l := range loads {
		v := Fits(f, &full, l)
		if !v.OK {
			return nil, i, v.Reason
		}
		full.Plan = v.Plan
	}
	return &full, 0, freight.NoReason
}

// hired reckons a trip with everybody aboard.
func hired(cost *freight.TypeCost, t *freight.Trip) Haul {
	h := Haul{Trip: t}
	for i := range t.Plan {
		h.Metres += t.Plan[i].LegM
	}
	h.Seconds = t.Plan[len(t.Plan)-1].Leave.Seconds(t.Plan[0].Start)
	h.Hire = cost.Fixed + cost.Drive(h.Metres, h.Seconds)
	h.Departs = matcher.LatestStart(t)
	return h
}

// idle is how long the truck waits on its way.
func idle(t *freight.Trip) (wait freight.Instant) {
	for i := range t.Plan[1:] {
		wait += t.Plan[i+1].Start - t.Plan[i+1].Arrive
	}
	return wait
}

// longest is how long a hired truck is out at the most: one day.
const longest = freight.Day

// haul has a vehicle of the type carry the loads, the first of them picked up first,
// setting out no earlier than earliest. It sets out as late as saves waiting.
func (m *Market) haul(cost *freight.TypeCost, loads []*freight.Load) (Haul, bool) {
	start := StartAt(loads[0], m.Earliest)
	h, ok := m.from(cost, start, loads)
	if !ok {
		return h, false
	}
	if later := min(idle(h.Trip), h.Departs-h.Trip.Plan[0].Start); later > 0 {
		start.Window.Open += later
		if other, ok := m.from(cost, start, loads); ok && other.Hire < h.Hire {
			h = other
		}
	}
	return h, true
}

func (m *Market) from(cost *freight.TypeCost, start freight.Stop, loads []*freight.Load) (Haul, bool) {
	if start.Window.Open > start.Window.Close {
		return Haul{}, false
	}
	vehicle := Usual(cost)
	for _, l := range loads {
		vehicle.Has |= l.Needs // whoever takes the pool must have it
	}
	empty, err := Trip(&m.Fit, vehicle, start, Horizon(start, loads), len(loads))
	if err != nil {
		return Haul{}, false
	}
	full, _, why := Board(&m.Fit, empty, loads)
	if why != freight.NoReason {
		return Haul{}, false
	}
	return hired(cost, full), true
}

// Usual is the usual vehicle of a type.
func Usual(cost *freight.TypeCost) freight.VehicleTerms {
	return freight.VehicleTerms{Type: cost.Type, Payload: cost.Payload, Inner: cost.Inner}
}

// StartAt is where a truck sets out whose first pickup is that of the load. It
// tells the town and the point, nobody's address.
func StartAt(first *freight.Load, earliest freight.Instant) freight.Stop {
	w := first.Pickup.Window
	w.Open = max(w.Open, earliest+freight.Second-1)
	place := freight.Place{Point: first.Pickup.Place.Point, Town: first.Pickup.Place.Town}
	return freight.Stop{Place: place, Window: w.Whole()}
}

// Horizon is by when a truck that sets out at start for the loads is done.
func Horizon(start freight.Stop, loads []*freight.Load) (by freight.Instant) {
	for _, l := range loads {
		by = max(by, l.Delivery.Window.Close.After(l.Delivery.ServiceS))
	}
	return min(by, start.Window.Open+longest)
}
