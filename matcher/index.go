package matcher

import (
	"math"

	"pinhuo/freight"
	"pinhuo/geo"
)

// Floor is what a measure promises of its drives.
type Floor struct {
	Bound geo.Bound // lower bound of their seconds; the zero Bound where none is known
	Pace  int64     // most driving seconds that 1,000 km of road take; 0 where a way may be slow, or its metres are not the shortest
}

// floor is what the measure of a trip promises.
func (f *Fit) floor(router freight.Router) Floor {
	if f.Floors == nil {
		return f.Floor
	}
	return f.Floors(router)
}

// Journey is what the corridor index must know of a trip so that it proposes
// every load that Fits may accept, now or later, whatever riders come and go:
// the drives between the trip's own stops with the loosest times that its
// windows and horizon leave. It changes only when the trip's own terms do.
func (f *Fit) Journey(trip *freight.Trip) geo.Trip {
	t := &trip.TripTerms
	floor, measure := f.floor(trip.Router), f.of(trip)
	drift, moved := f.drift(trip, measure)
	if moved {
		floor.Pace = 0
	}
	journey := geo.Trip{Bound: floor.Bound, Roams: t.Roaming, DetourLimitS: detourLimit(t, floor.Pace) + drift}
	own, leave := int64(0), trip.Plan[0].Leave
	for i := 1; i < len(t.Stops); i++ {
		from, to := &t.Stops[i-1], &t.Stops[i]
		seconds := measure(from.Place.Point, to.Place.Point).Seconds
		journey.Legs = append(journey.Legs, geo.Leg{
			From: geo.Point(from.Place.Point), To: geo.Point(to.Place.Point), Seconds: seconds, EarliestMs: int64(leave.After(-drift)),
		})
		own += seconds
		leave = max(leave.After(seconds), to.Window.Open).After(to.ServiceS)
	}
	late := freight.Instant(math.MaxInt64)
	for i := len(journey.Legs) - 1; i >= 0; i-- {
		to := &t.Stops[i+1]
		due := to.Window.Close
		if t.Roaming {
			due = min(due, t.Horizon.After(-to.ServiceS))
		}
		late = min(late, due)
		journey.Legs[i].LatestMs = int64(late.After(drift))
		late = late.After(-journey.Legs[i].Seconds - t.Stops[i].ServiceS)
	}
	if len(t.Stops) == 1 {
		journey.Tail = &geo.Tail{From: geo.Point(t.Stops[0].Place.Point), EarliestMs: int64(leave), HorizonMs: int64(t.Horizon)}
	}
	if moved && !t.Roaming {
		journey.DetourLimitS += max(trip.DirectS-own, 0)
	}
	return journey
}

// drift is by how many seconds the drives of the plan are shorter in all than the
// router says that measures the trip now, where that is not the one that it was
// announced by: those drives stay in the plan until something is put between.
func (f *Fit) drift(trip *freight.Trip, measure Measure) (seconds int64, moved bool) {
	for i := 1; i < len(trip.Plan); i++ {
		leg := measure(trip.Plan[i-1].Point, trip.Plan[i].Point)
		if leg.Method == trip.Router.Method && leg.Version == trip.Router.Version {
			return 0, false
		}
		seconds += max(leg.Seconds-trip.Plan[i].LegS, 0)
	}
	return seconds, trip.Router != (freight.Router{})
}

// detourLimit is the trip's limit of added seconds or, if that is less, what its
// limit of added metres comes to: the metres of each of its n-1 drives are
// rounded up, and so are the seconds of each of the n+1 drives with a load.
func detourLimit(t *freight.TripTerms, pace int64) int64 {
	if pace <= 0 {
		return t.Limits.DetourS
	}
	n := int64(len(t.Stops))
	metres := t.Limits.DetourM + n - 1
	return min(t.Limits.DetourS, (metres*pace+999_999)/1_000_000+n+1)
}

// Errand is what the corridor index must know of a load.
func Errand(load *freight.Load) geo.Load {
	p, d := &load.Pickup, &load.Delivery
	return geo.Load{
		Pickup: geo.Point(p.Place.Point), Delivery: geo.Point(d.Place.Point),
		PickupOpenMs: int64(p.Window.Open), PickupCloseMs: int64(p.Window.Close),
		DeliveryOpenMs: int64(d.Window.Open), DeliveryCloseMs: int64(d.Window.Close),
		PickupServiceS: p.ServiceS, DeliveryServiceS: d.ServiceS,
	}
}
