package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// The plane is the world of the index benchmark: a square of 1.7 million km² with 400
// cities whose shares fall off by Zipf's law, and trips and loads between them over a
// week. Its area stays the same however many trips there are.
const (
	planeSide   = 1_303_840.0 // metres
	planeCities = 400
	planeZipf   = 0.8
	planeDays   = 7
	planeSouth  = 26.1
	planeWest   = 106.2
)

// planeBegin is Monday, 2 March 2026, 00:00 UTC.
const planeBegin = freight.Instant(1_772_409_600_000)

// plane draws trips and loads; equal seeds give equal ones.
type plane struct {
	r      *rand.Rand
	router geo.Router
	fit    *matcher.Fit
	cities []freight.Point
	shares []float64 // summed up
	costs  freight.Costs
	name   freight.Router
}

func newPlane(seed uint64, router geo.Router, pace int64, inside func(freight.Point) bool) *plane {
	w := &plane{r: rand.New(rand.NewPCG(seed, 2)), router: router, costs: freight.DefaultCosts()}
	sum := 0.0
	for len(w.cities) < planeCities {
		p := planePoint(w.r.Float64()*planeSide, w.r.Float64()*planeSide)
		if inside != nil && !inside(p) {
			continue
		}
		w.cities = append(w.cities, p)
		sum += math.Pow(float64(len(w.cities)), -planeZipf)
		w.shares = append(w.shares, sum)
	}
	w.name = freight.Router{Method: router.Method(), Version: router.Version()}
	name := w.name
	w.fit = &matcher.Fit{Costs: &w.costs, Now: planeBegin, Floor: matcher.Floor{Bound: router.Bound(), Pace: pace},
		Symmetric: pace > 0, Measure: func(a, b freight.Point) freight.Leg {
			m, s := router.Between(geo.Point(a), geo.Point(b))
			return freight.Leg{Metres: m, Seconds: s, Method: name.Method, Version: name.Version}
		}}
	return w
}

// planePoint is so many metres east and north of the plane's corner.
func planePoint(east, north float64) freight.Point {
	lat := planeSouth + north/111_195
	return freight.Point{LatE7: int32(lat * 1e7), LngE7: int32((planeWest + east/111_195/math.Cos(32*math.Pi/180)) * 1e7)}
}

// place is within a few kilometres of a city.
func (w *plane) place() freight.Point {
	at, k := w.r.Float64()*w.shares[planeCities-1], 0
	for w.shares[k] < at {
		k++
	}
	c := w.cities[k]
	return freight.Point{LatE7: c.LatE7 + int32(7e4*w.r.NormFloat64()), LngE7: c.LngE7 + int32(8e4*w.r.NormFloat64())}
}

// lane is two places 50 to 800 km apart.
func (w *plane) lane() (a, b freight.Point) {
	for {
		a, b = w.place(), w.place()
		if m := geo.GreatCircleM(geo.Point(a), geo.Point(b)); m >= 50_000 && m <= 800_000 {
			return a, b
		}
	}
}

func (w *plane) between(least, most int64) int64 { return least + w.r.Int64N(most-least+1) }

// capabilities are the three bits of equipment.
var capabilities = [...]freight.Capability{freight.CapBox, freight.CapTailLift, freight.CapFoodSafe}

// trip draws a truck by zero to two places on its way, with room that changes by leg,
// 1 to 8 hours to spare, and limits of 30 km and 30 minutes. It returns nil where its
// own drive is not possible by road.
func (w *plane) trip(number int) *freight.Trip {
	t := freight.TripTerms{Vehicle: w.vehicle(), Limits: freight.Limits{DetourM: 30_000, DetourS: 1800, ExtraStops: 8}, Least: 3000,
		Lease: planeBegin + 10*freight.Day}
	at := planeBegin + freight.Instant(w.r.Int64N(int64(planeDays*freight.Day)))
	slack := freight.Instant(w.between(60, 480)) * freight.Minute
	whole := t.Vehicle.Inner.Room(t.Vehicle.Payload)
	var legs []freight.Leg
	for i, p := range w.course() {
		if i > 0 {
			leg := w.fit.Measure(t.Stops[i-1].Place.Point, p)
			if leg.Seconds >= geo.UnreachableS {
				return nil
			}
			at, legs = at.After(leg.Seconds), append(legs, leg)
			percent := w.between(10, 80)
			t.Rooms = append(t.Rooms, freight.Room{Grams: whole.Grams * percent / 100, Millilitres: whole.Millilitres * percent / 100, FloorMM: whole.FloorMM * percent / 100})
		}
		t.Stops = append(t.Stops, freight.Stop{Place: freight.Place{Point: p}, Window: freight.Window{Open: at, Close: at + slack}})
	}
	plan, m, s, err := w.fit.Base(t, legs)
	if err != nil {
		return nil
	}
	return &freight.Trip{Meta: freight.Meta{ID: freight.ID(fmt.Sprintf("tr_%07d", number)), Version: 1}, TripTerms: t,
		State: freight.TripOpen, DirectM: m, DirectS: s, Plan: plan, Router: w.name}
}

// course is two to four places on a way of 50 to 800 km.
func (w *plane) course() []freight.Point {
	from, to := w.lane()
	n := w.r.IntN(3)
	shares := []float64{w.r.Float64(), w.r.Float64()}[:n]
	slices.Sort(shares)
	points := []freight.Point{from}
	for _, share := range shares {
		points = append(points, freight.Point{LatE7: from.LatE7 + int32(share*float64(to.LatE7-from.LatE7)) + int32(1e5*w.r.NormFloat64()),
			LngE7: from.LngE7 + int32(share*float64(to.LngE7-from.LngE7)) + int32(1e5*w.r.NormFloat64())})
	}
	return append(points, to)
}

// vehicle draws a truck with some of the three bits of equipment.
func (w *plane) vehicle() freight.VehicleTerms {
	v := trucks[w.r.IntN(len(trucks))].terms
	v.Has = 0
	for _, c := range capabilities {
		if w.r.IntN(4) > 0 {
			v.Has |= c
		}
	}
	return v
}

// load draws a small consignment with a window of 8 hours to fetch it and one of 14
// to bring it.
func (w *plane) load(number int) *freight.Load {
	for {
		from, to := w.lane()
		open := planeBegin + freight.Instant(w.r.Int64N(int64((planeDays-1)*freight.Day)))
		direct := w.fit.Measure(from, to)
		if direct.Seconds >= geo.UnreachableS {
			continue
		}
		due := open.After(direct.Seconds)
		l := &freight.Load{Meta: freight.Meta{ID: freight.ID(fmt.Sprintf("ld_%07d", number)), Version: 1}, State: freight.LoadPosted, Direct: direct}
		l.Pickup = freight.Stop{Place: freight.Place{Point: from}, Window: freight.Window{Open: open, Close: open + 8*freight.Hour}, ServiceS: 600}
		l.Delivery = freight.Stop{Place: freight.Place{Point: to}, Window: freight.Window{Open: due, Close: due + 14*freight.Hour}, ServiceS: 600}
		l.Size.Room = freight.Room{Grams: w.between(50_000, 800_000), Millilitres: w.between(200_000, 3_000_000), FloorMM: w.between(200, 1200)}
		if w.r.IntN(4) == 0 {
			l.Needs = capabilities[w.r.IntN(len(capabilities))]
		}
		if l.Alone, _ = w.costs.Alone(l.Size, l.Direct, 1200); l.Alone == 0 {
			continue
		}
		l.Ceiling = l.Alone * 9 / 10
		return l
	}
}
