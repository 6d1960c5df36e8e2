// Package sample makes up a day of freight between the towns of a region, in the form
// that a replay reads: to try the exchange on roads for which nobody has recorded
// freight. Towns, distances and hours are plausible; the goods are not anybody's.
package sample

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/places"
)

// ErrTowns is wrapped where a region has too few towns to drive between.
var ErrTowns = errors.New("too few towns of the gazetteer with coordinates of their own")

// Options say what day it is to be. Equal options make equal days.
type Options struct {
	Box   geo.Box
	Loads int
	Trips int
	Seed  uint64
	Day   time.Time // midnight, in the zone in which the times are written
}

// leastTowns is how many towns a region must have.
const leastTowns = 20

// How far freight goes, in metres as the crow flies.
const (
	nearM, farM         = 30_000, 350_000
	tripNearM, tripFarM = 60_000, 500_000
)

// crowMetresPerHour is how far a truck gets in an hour as the crow flies, with its rests.
const crowMetresPerHour = 35_000

// Write writes the day's loads and trips. It fails with ErrTowns, or where it cannot
// write.
func Write(g *places.Gazetteer, loads, trips io.Writer, o Options) error {
	d := &day{o: o, r: rand.New(rand.NewPCG(o.Seed, 1)), towns: g.In(o.Box)}
	if len(d.towns) < leastTowns {
		return fmt.Errorf("%d towns: %w", len(d.towns), ErrTowns)
	}
	return errors.Join(d.loads(loads), d.trips(trips))
}

// day is a day in the making.
type day struct {
	o     Options
	r     *rand.Rand
	towns []places.Place
}

// pair draws two towns that lie so far apart, or as nearly so as a hundred tries find.
func (d *day) pair(near, far float64) (a, b places.Place, metres float64) {
	for range 100 {
		a, b = d.towns[d.r.IntN(len(d.towns))], d.towns[d.r.IntN(len(d.towns))]
		if metres = geo.GreatCircleM(a.Point, b.Point); metres >= near && metres <= far {
			break
		}
	}
	return a, b, metres
}

// at writes an hour of the day, to the minute.
func (d *day) at(hour float64) string {
	return d.o.Day.Add(time.Duration(hour*60) * time.Minute).Format(time.RFC3339)
}

// near moves a point up to some hundred metres from the middle of its town.
func (d *day) near(p geo.Point) string {
	lat, lng := p.Lat()+d.r.NormFloat64()*0.004, p.Lng()+d.r.NormFloat64()*0.004
	return fmt.Sprintf("%.6f,%.6f", lng, lat)
}

// amount draws sizes as freight has them: many small ones, few large ones.
func (d *day) amount(median, spread, most float64) float64 {
	return min(median*math.Exp(spread*d.r.NormFloat64()), most)
}

func (d *day) loads(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, "load_id,posted_at,ready_at,pickup_by,deliver_by,pickup_lon,pickup_lat,dropoff_lon,dropoff_lat,weight_kg,volume_m3,pickup_place,dropoff_place,kind")
	kinds := []string{"纸箱", "机械配件", "面料", "家电", "建材", "化工桶装"}
	for i := range d.o.Loads {
		a, b, metres := d.pair(nearM, farM)
		ready := 6 + d.r.Float64()*12
		posted := ready - 1 - d.r.Float64()*5
		kg := d.amount(900, 0.9, 12_000)
		fmt.Fprintf(w, "L%04d,%s,%s,%s,%s,%s,%s,%.0f,%.2f,%s,%s,%s\n", i+1, d.at(posted), d.at(ready), d.at(ready+4+d.r.Float64()*4),
			d.at(ready+8+metres/crowMetresPerHour+d.r.Float64()*12), d.near(a.Point), d.near(b.Point), kg, kg/250, a.Name, b.Name, kinds[d.r.IntN(len(kinds))])
	}
	return w.Flush()
}

func (d *day) trips(to io.Writer) error {
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, "trip_id,vehicle_id,posted_at,depart_at,latest_arrive_at,origin_lon,origin_lat,dest_lon,dest_lat,capacity_kg,spare_kg,spare_m3,origin_place,dest_place")
	for i := range d.o.Trips {
		a, b, metres := d.pair(tripNearM, tripFarM)
		depart := 7 + d.r.Float64()*12
		posted := depart - 1 - d.r.Float64()*6
		capacity := []float64{4_000, 9_000, 18_000, 30_000}[d.r.IntN(4)]
		spare := math.Round(capacity * (0.2 + 0.6*d.r.Float64()))
		fmt.Fprintf(w, "T%04d,,%s,%s,%s,%s,%s,%.0f,%.0f,%.2f,%s,%s\n", i+1, d.at(posted), d.at(depart), d.at(depart+4+2*metres/crowMetresPerHour),
			d.near(a.Point), d.near(b.Point), capacity, spare, spare/280, a.Name, b.Name)
	}
	return w.Flush()
}
