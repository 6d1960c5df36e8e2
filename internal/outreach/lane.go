package outreach

import (
	"math"

	"pinhuo/freight"
)

// Lane returns the operator's lane that the load is on at a price, nil where it is on
// none: the first that takes it by itself, else the first. The day is that on which the
// pickup opens, by the clock of the IANA zone.
func (o *Operator) Lane(l *freight.Load, price freight.Fen, zone string) *freight.Lane {
	said := o.Terms()
	if said == nil {
		return nil
	}
	var first *freight.Lane
	for i := range said.Lanes {
		lane := &said.Lanes[i]
		if first != nil && !lane.Auto || price < lane.Least || !takes(lane, l, zone) {
			continue
		}
		if lane.Auto {
			return lane
		}
		first = lane
	}
	return first
}

func takes(lane *freight.Lane, l *freight.Load, zone string) bool {
	if !within(l.Pickup.Place.Point, &lane.From) || !within(l.Delivery.Place.Point, &lane.To) {
		return false
	}
	if lane.Days != 0 && lane.Days>>l.Pickup.Window.Open.Weekday(zone)&1 == 0 {
		return false
	}
	if !lane.Needs.Has(l.Needs) || !lane.Special && (l.Care.Temp != freight.Temp{} || l.Care.Hazmat != freight.Hazmat{}) {
		return false
	}
	return fits(l.Size.Grams, lane.Most.Grams) && fits(l.Size.Millilitres, lane.Most.Millilitres) && fits(l.Size.FloorMM, lane.Most.FloorMM)
}

// fits tells whether so much is no more than the most, 0 for any.
func fits(n, most int64) bool { return most == 0 || n <= most }

const (
	e7           = math.Pi / 180 / 1e7
	earthM       = 6_371_008.8
	metresPerDeg = 111_000
)

// within tells whether a point lies in the circle around the end of a lane, by great
// circle (haversine).
func within(p freight.Point, end *freight.LaneEnd) bool {
	lat := int64(p.LatE7) - int64(end.Point.LatE7)
	if max(lat, -lat) > end.RadiusM*1e7/metresPerDeg+1e4 {
		return false // most lie elsewhere: a degree of latitude has more than 111 km nearly everywhere
	}
	a, b := float64(p.LatE7)*e7, float64(end.Point.LatE7)*e7
	sinLat, sinLng := math.Sin((b-a)/2), math.Sin((float64(end.Point.LngE7)-float64(p.LngE7))*e7/2)
	h := sinLat*sinLat + math.Cos(a)*math.Cos(b)*sinLng*sinLng
	return 2*earthM*math.Asin(math.Min(1, math.Sqrt(h))) <= float64(end.RadiusM)
}
