package matcher

import (
	"math"

	"pinhuo/freight"
	"pinhuo/geo"
)

// Journey is what the corridor index must know of a trip so that it proposes
// every load that Fits may accept, now or later, whatever riders come and go:
// the drives between the trip's own stops with the loosest times that its
// windows and horizon leave. It changes only when the trip's own terms do.
func (f *Fit) Journey(trip *freight.Trip) geo.Trip {
	t := &trip.TripTerms
	journey := geo.Trip{Roams: t.Roaming, DetourLimitS: t.Limits.DetourS}
	leave := trip.Plan[0].Leave
	for i := 1; i < len(t.Stops); i++ {
		from, to := &t.Stops[i-1], &t.Stops[i]
		seconds := f.Measure(from.Place.Point, to.Place.Point).Seconds
		journey.Legs = append(journey.Legs, geo.Leg{
			From: geo.Point(from.Place.Point), To: geo.Point(to.Place.Point), Seconds: seconds, EarliestMs: int64(leave),
		})
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
		journey.Legs[i].LatestMs = int64(late)
		late = late.After(-journey.Legs[i].Seconds - t.Stops[i].ServiceS)
	}
	if len(t.Stops) == 1 {
		journey.Tail = &geo.Tail{From: geo.Point(t.Stops[0].Place.Point), EarliestMs: int64(leave), HorizonMs: int64(t.Horizon)}
	}
	return journey
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
