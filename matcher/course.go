package matcher

import (
	"math"

	"pinhuo/freight"
)

// Course is what tells at the price of two drives by how much a load bends a trip's way:
// closer than what the corridor index knows, where rivers lie between. It belongs to one
// statement of a trip. The zero Course knows nothing.
type Course struct {
	from, to freight.Point
	ownS     int32 // the drive over the trip's own stops
	known    bool
}

// Course finds that of a trip.
func (f *Fit) Course(trip *freight.Trip) Course {
	last := len(trip.Stops) - 1
	if last < 1 || trip.Roaming || trip.DirectS > math.MaxInt32 || !f.floor(trip.Router).Bound.Measured() {
		return Course{}
	}
	return Course{trip.Stops[0].Place.Point, trip.Stops[last].Place.Point, int32(trip.DirectS), true}
}

// Bends is the least number of seconds by which the load bends the drive along the trip's
// own stops: the way from the first of them over pickup and delivery to the last, less
// that drive. Each of the three drives of the way was rounded up. It is false where stops
// may save time or the trip has no such drive. measure is the trip's, and haulS what it
// says of the load's own way.
func (c *Course) Bends(measure Measure, load *freight.Load, haulS int64) (detourS int64, ok bool) {
	if !c.known {
		return 0, false
	}
	way := measure(c.from, load.Pickup.Place.Point).Seconds + haulS + measure(load.Delivery.Place.Point, c.to).Seconds
	return way - 3 - int64(c.ownS), true
}
