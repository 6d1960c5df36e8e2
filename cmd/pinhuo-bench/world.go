package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// city is a place that freight comes from and goes to, with its share of it.
type city struct {
	name     string
	lat, lng float64
	share    int
}

// cities are the Yangtze delta and what lies within a day's drive.
var cities = [...]city{
	{"上海", 31.23, 121.47, 12}, {"苏州", 31.30, 120.58, 9}, {"昆山", 31.39, 120.98, 6}, {"常熟", 31.65, 120.75, 4},
	{"无锡", 31.49, 120.31, 7}, {"江阴", 31.92, 120.28, 4}, {"常州", 31.81, 119.97, 6}, {"南京", 32.06, 118.80, 7},
	{"镇江", 32.19, 119.43, 3}, {"扬州", 32.39, 119.41, 3}, {"泰州", 32.46, 119.92, 3}, {"南通", 31.98, 120.89, 8},
	{"海门", 31.89, 121.17, 6}, {"启东", 31.81, 121.66, 2}, {"如皋", 32.37, 120.56, 2}, {"盐城", 33.35, 120.16, 3},
	{"淮安", 33.61, 119.02, 2}, {"杭州", 30.27, 120.15, 8}, {"嘉兴", 30.75, 120.76, 4}, {"湖州", 30.89, 120.09, 3},
	{"绍兴", 30.00, 120.58, 4}, {"宁波", 29.87, 121.54, 7}, {"金华", 29.08, 119.65, 3}, {"台州", 28.66, 121.42, 2},
	{"合肥", 31.82, 117.23, 4}, {"芜湖", 31.35, 118.43, 2}, {"马鞍山", 31.67, 118.51, 2},
}

// box is the market that holds them.
var box = freight.Box{South: 271_000_000, West: 1_153_000_000, North: 343_000_000, East: 1_237_500_000}

// truck is a class of vehicle, its share of the trips and its own size.
type truck struct {
	share int
	terms freight.VehicleTerms
}

var trucks = [...]truck{
	{35, freight.VehicleTerms{Type: freight.Type4M2, Payload: 1_800_000, Inner: freight.Inner{LengthMM: 4150, WidthMM: 2100, HeightMM: 2100}, Has: freight.CapBox}},
	{25, freight.VehicleTerms{Type: freight.Type6M8, Payload: 10_000_000, Inner: freight.Inner{LengthMM: 6750, WidthMM: 2350, HeightMM: 2400}, Has: freight.CapBox | freight.CapTailLift}},
	{25, freight.VehicleTerms{Type: freight.Type9M6, Payload: 18_000_000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapBox}},
	{15, freight.VehicleTerms{Type: freight.Type13M, Payload: 30_000_000, Inner: freight.Inner{LengthMM: 13_000, WidthMM: 2400, HeightMM: 2700}, Has: freight.CapCovered | freight.CapSideOpen}},
}

// world draws trips and loads; equal seeds and beginnings give equal ones.
type world struct {
	r     *rand.Rand
	begin freight.Instant // whole minutes
	road  *roads.Fallback
	drawn int
}

func newWorld(seed, stream uint64, begin time.Time) (*world, error) {
	road, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		return nil, err
	}
	return &world{r: rand.New(rand.NewPCG(seed, stream)), begin: freight.At(begin.Truncate(time.Minute)), road: road}, nil
}

func (w *world) between(least, most int64) int64 { return least + w.r.Int64N(most-least+1) }

func (w *world) minutes(least, most int64) freight.Instant {
	return freight.Instant(w.between(least, most)) * freight.Minute
}

// pick draws an index by the shares of n things.
func (w *world) pick(n int, share func(i int) int) int {
	whole := 0
	for i := range n {
		whole += share(i)
	}
	at := w.r.IntN(whole)
	for i := range n {
		if at -= share(i); at < 0 {
			return i
		}
	}
	return n - 1
}

func (w *world) city() *city {
	return &cities[w.pick(len(cities), func(i int) int { return cities[i].share })]
}

// lane draws two cities 40 to 450 km apart as the crow flies.
func (w *world) lane() (from, to *city) {
	for {
		from, to = w.city(), w.city()
		if m := geo.GreatCircleM(geo.Point(from.point(0, 0)), geo.Point(to.point(0, 0))); m >= 40_000 && m <= 450_000 {
			return from, to
		}
	}
}

func (c *city) point(north, east float64) freight.Point {
	const km = 1 / 111.2 // degrees of latitude
	return freight.Point{
		LatE7: int32(math.Round((c.lat + north*km) * 1e7)),
		LngE7: int32(math.Round((c.lng + east*km/math.Cos(c.lat*math.Pi/180)) * 1e7)),
	}
}

// stop is a place in or around the city: most within 8 km, a few farther out.
func (w *world) stop(c *city, window freight.Window, serviceS int64) freight.Stop {
	return freight.Stop{
		Place: freight.Place{Point: c.point(8*w.r.NormFloat64(), 8*w.r.NormFloat64()), Town: c.name,
			Address: fmt.Sprintf("工业路 %d 号", w.between(1, 300))},
		Window: window, ServiceS: serviceS, Contact: freight.Contact{Name: "值班室", Phone: fmt.Sprintf("0513-%08d", w.r.IntN(100_000_000))},
	}
}

func (w *world) seconds(a, b freight.Stop) int64 {
	_, s := w.road.Between(geo.Point(a.Place.Point), geo.Point(b.Place.Point))
	return s
}

// trip draws a truck on its way within the next day and a half, with part of
// its room to spare. Every other one drives by a third city.
func (w *world) trip() freight.TripTerms {
	from, to := w.lane()
	at := w.begin + w.minutes(60, 36*60)
	stops := []freight.Stop{w.stop(from, freight.Window{Open: at, Close: at + w.minutes(30, 180)}, 900)}
	last := []*city{to}
	if w.r.IntN(2) == 0 {
		if via := w.via(from, to); via != nil {
			last = []*city{via, to}
		}
	}
	for _, c := range last {
		next := w.stop(c, freight.Window{}, 900)
		before := stops[len(stops)-1]
		at = at.After(before.ServiceS + w.seconds(before, next))
		next.Window = freight.Window{Open: at - freight.Hour, Close: at + w.minutes(120, 420)}
		stops = append(stops, next)
	}
	t := freight.TripTerms{Vehicle: trucks[w.pick(len(trucks), func(i int) int { return trucks[i].share })].terms, Stops: stops,
		Limits: freight.Limits{DetourM: w.between(20, 80) * 1000, DetourS: w.between(30, 120) * 60, ExtraStops: 2 * w.between(1, 4)},
		Least:  freight.Fen(w.between(30, 120) * 100)}
	w.drawn++
	t.Vehicle.Plate = freight.Plate{Number: fmt.Sprintf("苏F%05d", w.drawn), Colour: "yellow"}
	whole := t.Vehicle.Inner.Room(t.Vehicle.Payload)
	for range len(stops) - 1 {
		percent := w.between(10, 80)
		t.Rooms = append(t.Rooms, freight.Room{Grams: whole.Grams * percent / 100,
			Millilitres: whole.Millilitres * percent / 100, FloorMM: whole.FloorMM * percent / 100})
	}
	return t
}

// via finds a city that lies more or less on the way, nil where none was drawn.
func (w *world) via(from, to *city) *city {
	a, b := geo.Point(from.point(0, 0)), geo.Point(to.point(0, 0))
	for range 8 {
		c := w.city()
		p := geo.Point(c.point(0, 0))
		if c != from && c != to && geo.GreatCircleM(a, p)+geo.GreatCircleM(p, b) < 1.2*geo.GreatCircleM(a, b) {
			return c
		}
	}
	return nil
}

var goods = [...]string{"纺织品", "五金配件", "电机", "包装材料", "日用百货", "汽车零件"}

// load draws a small consignment: cartons or a few pallets, to be picked up
// within the next day and delivered within the one after.
func (w *world) load() freight.LoadTerms {
	from, to := w.lane()
	open := w.begin + w.minutes(60, 24*60)
	pickup := freight.Window{Open: open, Close: open + w.minutes(240, 720)}
	l := freight.LoadTerms{Goods: goods[w.r.IntN(len(goods))], Pickup: w.stop(from, pickup, 900), Delivery: w.stop(to, freight.Window{}, 900)}
	due := pickup.Close.After(w.seconds(l.Pickup, l.Delivery)*3/2) + w.minutes(240, 1440)
	l.Delivery.Window = freight.Window{Open: open, Close: due}
	piece := freight.Piece{Count: w.between(1, 40), LengthMM: 600, WidthMM: 400, HeightMM: 400, Grams: w.between(5, 30) * 1000}
	if w.r.IntN(2) == 0 {
		piece = freight.Piece{Count: w.between(1, 4), LengthMM: 1200, WidthMM: 1000, HeightMM: w.between(8, 16) * 100, Grams: w.between(100, 600) * 1000}
	}
	l.Size.Pieces = []freight.Piece{piece}
	if w.r.IntN(20) == 0 {
		l.Needs = freight.CapTailLift
	}
	return l
}
