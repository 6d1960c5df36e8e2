package remedy

import (
	"cmp"
	"math"
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
)

// marks is into how many stretches a line is parted before one of them is
// halved.
const marks = 8

// line is a place being moved straight towards the way of a trip.
type line struct {
	rate     freight.RemedyRate
	from, to freight.Point
	metres   float64 // from one to the other, as the crow flies
	bans     *freight.BanMap
	opens    freight.Instant // the place, by whose clock bans are read
}

// change is the change after so many grains along the line.
func (l *line) change(n int64) freight.Remedy {
	by := n * l.rate.Grain
	share := min(float64(by)/l.metres, 1)
	at := freight.Point{
		LatE7: l.from.LatE7 + int32(math.Round(share*float64(l.to.LatE7-l.from.LatE7))),
		LngE7: l.from.LngE7 + int32(math.Round(share*float64(l.to.LngE7-l.from.LngE7))),
	}
	return freight.Remedy{Kind: l.rate.Kind, By: by, Unit: l.rate.Unit, Cost: l.rate.Cost(by), Point: &at, Bans: l.bans.At(at, l.opens)}
}

// grains is how many grains of the line may be sought, for a limit in grains: no
// farther than its end.
func (l *line) grains(most int64) int64 {
	return min(most, int64(math.Ceil(l.metres/float64(l.rate.Grain))))
}

// places moves the pickup, then the delivery, towards the ways of all trips that
// may come into question.
func (k *search) places() {
	k.move(freight.RemedyPickupPlace, &k.load.Pickup)
	k.move(freight.RemedyDeliveryPlace, &k.load.Delivery)
}

func (k *search) move(kind freight.RemedyKind, stop *freight.Stop) {
	from := stop.Place.Point
	rate, ok := k.Table.Of(kind)
	if !ok || k.most(&rate) < 1 {
		return
	}
	var found *line
	for _, trip := range k.Market.Open(k.load) {
		if k.takes[trip] || !k.mayServe(trip) {
			continue
		}
		for _, to := range k.targets(trip, from, k.most(&rate)*rate.Grain) {
			l := &line{rate: rate, from: from, to: to, metres: geo.GreatCircleM(geo.Point(from), geo.Point(to)), bans: k.Bans, opens: stop.Window.Open}
			if k.along(l, trip) {
				found = l
			}
		}
	}
	if found != nil {
		k.shorten(found)
	}
}

// mayServe tells at sight whether a trip may carry the load wherever one of its
// places is.
func (k *search) mayServe(trip *freight.Trip) bool {
	left := max(trip.Fixed(k.Fit.Now)-2, 0) // it may turn on its way to the next call
	return trip.Plan[left].Leave <= k.load.Pickup.Window.Close && trip.Ends() >= k.load.Pickup.Window.Open
}

// along seeks the smallest change on the line that the trip accepts, where it is
// better than the best so far.
func (k *search) along(l *line, trip *freight.Trip) bool {
	end := l.grains(k.most(&l.rate))
	test := func(n int64) bool { return k.allowed(l.change(n)) && k.fits(trip, l.change(n)) }
	before := int64(0)
	for i := int64(1); i <= marks && end > 0; i++ {
		n := max(end*i/marks, 1)
		if n == before || !test(n) {
			before = n
			continue
		}
		for n = least(before, n, test); n > 1 && test(n*9/10); {
			n = least(0, n*9/10, test)
		}
		k.settleAt(l.change(n), trip)
		return true
	}
	return false
}

// settleAt makes a change of place the best so far; of equal costs the smaller
// trip id.
func (k *search) settleAt(r freight.Remedy, trip *freight.Trip) {
	if r.Cost < k.best.Cost {
		k.settle(r, trip)
	}
}

// allowed tells whether the new place may be named.
func (k *search) allowed(r freight.Remedy) bool {
	return k.Box == (freight.Box{}) || k.Box.Contains(*r.Point)
}

// shorten goes back along the line of the best change while nine tenths of it
// are enough for some trip, be it another.
func (k *search) shorten(l *line) {
	for n := k.best.By / l.rate.Grain * 9 / 10; n > 0; n = n * 9 / 10 {
		r := l.change(n)
		if !k.allowed(r) {
			return
		}
		taken := false
		for _, trip := range k.near(k.with(r)) {
			if k.fits(trip, r) {
				k.settle(r, trip)
				taken = true
				break
			}
		}
		if !taken {
			return
		}
	}
}

// nearest is towards how many spots of a trip's way a place is moved at the most.
const nearest = 4

// targets is where a place would be moved to for the trip: per drive that is left
// the spot of its straight line that is nearest, where the truck may come within
// so many metres of the place at all. The nearest few are enough: a truck that
// winds about in one town has dozens of drives, all alike from afar.
func (k *search) targets(trip *freight.Trip, from freight.Point, most int64) []freight.Point {
	first, last := trip.Fixed(k.Fit.Now), len(trip.Plan)
	var list []freight.Point
	for i := first; i < last; i++ {
		a, b := trip.Plan[i-1].Point, trip.Plan[i].Point
		to := foot(a, b, from)
		if to != from && k.reaches(trip, i, from, to, most) {
			list = append(list, to)
		}
	}
	if trip.Plan[last-1].Kind != freight.CallEnd {
		if to := trip.Plan[last-1].Point; to != from {
			list = append(list, to) // the truck may go on from its last call
		}
	}
	far := func(p freight.Point) float64 { return geo.GreatCircleM(geo.Point(from), geo.Point(p)) }
	slices.SortStableFunc(list, func(a, b freight.Point) int { return cmp.Compare(far(a), far(b)) })
	return list[:min(nearest, len(list))]
}

// reaches tells whether the truck may come to the place, moved so far towards the
// spot, between two calls: a straight line is no longer than any road, so a
// detour that is too long by straight lines is too long.
func (k *search) reaches(trip *freight.Trip, i int, from, to freight.Point, most int64) bool {
	if trip.Roaming {
		return true
	}
	metres := geo.GreatCircleM(geo.Point(from), geo.Point(to))
	share := min(float64(most)/metres, 1)
	at := geo.Point{
		LatE7: from.LatE7 + int32(share*float64(to.LatE7-from.LatE7)),
		LngE7: from.LngE7 + int32(share*float64(to.LngE7-from.LngE7)),
	}
	call := &trip.Plan[i]
	bent := geo.GreatCircleM(geo.Point(trip.Plan[i-1].Point), at) + geo.GreatCircleM(at, geo.Point(call.Point))
	return bent <= float64(call.LegM+trip.Limits.DetourM)+1
}

// foot is the spot of the straight line from a to b that is nearest to p, on a map
// that is true to scale around p.
func foot(a, b, p freight.Point) freight.Point {
	shrink := math.Cos(float64(p.LatE7) / 1e7 * math.Pi / 180)
	x, y := float64(b.LngE7-a.LngE7)*shrink, float64(b.LatE7-a.LatE7)
	u, v := float64(p.LngE7-a.LngE7)*shrink, float64(p.LatE7-a.LatE7)
	share := 0.0
	if length := x*x + y*y; length > 0 {
		share = min(max((u*x+v*y)/length, 0), 1)
	}
	return freight.Point{
		LatE7: a.LatE7 + int32(math.Round(share*float64(b.LatE7-a.LatE7))),
		LngE7: a.LngE7 + int32(math.Round(share*float64(b.LngE7-a.LngE7))),
	}
}
