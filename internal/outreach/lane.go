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
	from, to := l.Pickup.Place.Point, l.Delivery.Place.Point
	for i := range o.ways {
		if w := &o.ways[i]; !w.from.holds(from) || !w.to.holds(to) {
			continue
		}
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

// way is the boxes around the ends of a lane. Most loads lie outside, and these are all
// that is fetched to see it.
type way struct{ from, to box }

type box struct{ south, north, west, east int32 } // degrees x 10^7

func (b *box) holds(p freight.Point) bool {
	return b.south <= p.LatE7 && p.LatE7 <= b.north && b.west <= p.LngE7 && p.LngE7 <= b.east
}

func waysOf(said *freight.PreferenceTerms) []way {
	if said == nil || len(said.Lanes) == 0 {
		return nil
	}
	list := make([]way, len(said.Lanes))
	for i := range said.Lanes {
		list[i] = way{boxAround(&said.Lanes[i].From), boxAround(&said.Lanes[i].To)}
	}
	return list
}

// boxAround holds the circle around the end of a lane; near a pole or the antimeridian it
// goes all the way round.
func boxAround(end *freight.LaneEnd) box {
	lat, lng := int64(end.Point.LatE7), int64(end.Point.LngE7)
	high := end.RadiusM*1e7/metresPerDeg + 1
	far := max(lat, -lat) + high
	b := box{int32(max(lat-high, -900_000_000)), int32(min(lat+high, 900_000_000)), -1_800_000_000, 1_800_000_000}
	if far >= 850_000_000 {
		return b
	}
	wide := int64(float64(high)/math.Cos(float64(far)*e7)) + 1
	if lng-wide >= -1_800_000_000 && lng+wide <= 1_800_000_000 {
		b.west, b.east = int32(lng-wide), int32(lng+wide)
	}
	return b
}

const (
	e7           = math.Pi / 180 / 1e7
	metresPerDeg = 111_000 // of latitude, at the least: of a great circle 111,195
)

// within tells whether a point lies in the circle around the end of a lane.
func within(p freight.Point, end *freight.LaneEnd) bool {
	return p.Metres(end.Point) <= float64(end.RadiusM)
}
