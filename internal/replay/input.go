package replay

import (
	"cmp"
	"encoding/base32"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"time"
	"unicode/utf8"

	"pinhuo/freight"
)

// item is one row of the input: a load or a trip to be put on the market at an
// instant.
type item struct {
	at   freight.Instant
	row  *row
	id   string
	load *freight.LoadTerms // one of load and trip is set
	trip *freight.TripTerms
}

// input is what the two files hold.
type input struct {
	items    []item // in the order in which they are put on the market
	loads    int
	trips    int
	rejected []error
	capped   int            // trips with more spare volume than their vehicle holds
	roams    string         // the first trip that roams freely, by file, line and id; "" for none
	bound    int            // trips that do not
	because  string         // why the speed is what it is
	zone     *time.Location // in which the first trip's times are written
	box      freight.Box
}

var (
	loadColumns = []string{"load_id", "posted_at", "ready_at", "pickup_by", "deliver_by", "pickup_lon", "pickup_lat",
		"dropoff_lon", "dropoff_lat", "weight_kg", "volume_m3"}
	tripColumns = []string{"trip_id", "vehicle_id", "posted_at", "depart_at", "latest_arrive_at", "origin_lon", "origin_lat",
		"dest_lon", "dest_lat", "capacity_kg", "spare_kg", "spare_m3"}
)

// readFiles reads both files.
func readFiles(opts *Options) (*input, error) {
	in := &input{zone: time.UTC}
	trips := map[string]bool{}
	err := readFile(opts.Trips, tripColumns, func(r *row) { in.add(r, in.trip(r, opts), trips) })
	if err != nil {
		return nil, err
	}
	loads := map[string]bool{}
	err = readFile(opts.Loads, loadColumns, func(r *row) { in.add(r, in.load(r, opts), loads) })
	if err != nil {
		return nil, err
	}
	// Trips came first, each file in its own order: a stable sort keeps that.
	slices.SortStableFunc(in.items, func(a, b item) int { return cmp.Compare(a.at, b.at) })
	return in, nil
}

func readFile(path string, columns []string, each func(*row)) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return readTable(path, file, columns, each)
}

// add takes the item in, or notes what is wrong with its row.
func (in *input) add(r *row, it item, known map[string]bool) {
	if known[it.id] {
		r.bad("", "", "id "+it.id+" stands on an earlier line")
	}
	if r.fault != nil {
		in.rejected = append(in.rejected, r.fault)
		return
	}
	known[it.id] = true
	it.row = r
	in.items = append(in.items, it)
	if it.load != nil {
		in.loads++
		in.stretch(it.load.Pickup.Place.Point, it.load.Delivery.Place.Point)
		return
	}
	if in.trips == 0 {
		in.zone = r.zone("depart_at")
	}
	in.trips++
	switch {
	case !it.trip.Roaming:
		in.bound++
	case in.roams == "":
		in.roams = fmt.Sprintf("%s:%d: trip %s", r.file, r.line, it.id)
	}
	for _, s := range it.trip.Stops {
		in.stretch(s.Place.Point)
	}
}

// pace sets the speed where the options name none, and notes why it is that.
func (in *input) pace(opts *Options) {
	switch {
	case opts.KMH != 0:
		in.because = becauseTold
	case in.roams != "":
		opts.KMH, in.because = roamingKMH, becauseRoaming
	default:
		opts.KMH, in.because = routedKMH, becauseRouted
	}
}

// stretch makes the market large enough for the points.
func (in *input) stretch(points ...freight.Point) {
	for _, p := range points {
		if in.loads+in.trips == 1 && in.box == (freight.Box{}) {
			in.box = freight.Box{South: p.LatE7, North: p.LatE7, West: p.LngE7, East: p.LngE7}
		}
		in.box.South, in.box.North = min(in.box.South, p.LatE7), max(in.box.North, p.LatE7)
		in.box.West, in.box.East = min(in.box.West, p.LngE7), max(in.box.East, p.LngE7)
	}
}

// load reads a row of the loads.
func (in *input) load(r *row, opts *Options) item {
	it := item{id: r.name("load_id"), at: r.instant("posted_at", true)}
	ready, until := r.instant("ready_at", true), r.instant("deliver_by", true)
	pickupBy := r.instant("pickup_by", false)
	if pickupBy == 0 {
		pickupBy = until
	}
	it.load = &freight.LoadTerms{
		Ref: it.id, Goods: cmp.Or(cut(r.text("kind"), freight.MaxText), "load"),
		Pickup: freight.Stop{Place: place(r, "pickup_place", "pickup_lat", "pickup_lon"),
			Window: freight.Window{Open: ready, Close: pickupBy}, ServiceS: r.seconds("load_s", opts.ServiceS)},
		Delivery: freight.Stop{Place: place(r, "dropoff_place", "dropoff_lat", "dropoff_lon"),
			Window: freight.Window{Open: ready, Close: until}, ServiceS: r.seconds("unload_s", opts.ServiceS)},
	}
	it.load.Size.Grams = r.amount("weight_kg", freight.PlacesKilogram, freight.DecimalUp)
	it.load.Size.Millilitres = r.amount("volume_m3", freight.PlacesCubicMetre, freight.DecimalUp)
	return it
}

// trip reads a row of the trips. A trip without a destination roams freely.
func (in *input) trip(r *row, opts *Options) item {
	it := item{id: r.name("trip_id"), at: r.instant("posted_at", true)}
	window := freight.Window{Open: r.instant("depart_at", true), Close: r.instant("latest_arrive_at", true)}
	stop := func(p freight.Place) freight.Stop { return freight.Stop{Place: p, Window: window} }
	t := &freight.TripTerms{Ref: it.id, Stops: []freight.Stop{stop(place(r, "origin_place", "origin_lat", "origin_lon"))}}
	if r.text("dest_lat") == "" && r.text("dest_lon") == "" {
		t.Roaming, t.Horizon = true, window.Close
	} else {
		for _, p := range r.via("stops") {
			t.Stops = append(t.Stops, stop(freight.Place{Point: p, Town: "via"}))
		}
		t.Stops = append(t.Stops, stop(place(r, "dest_place", "dest_lat", "dest_lon")))
	}
	room := freight.Room{
		Grams:       r.amount("spare_kg", freight.PlacesKilogram, freight.DecimalDown),
		Millilitres: r.amount("spare_m3", freight.PlacesCubicMetre, freight.DecimalDown),
	}
	var volume int64 // 0: the type's
	if r.text("capacity_m3") != "" {
		volume = min(r.amount("capacity_m3", freight.PlacesCubicMetre, freight.DecimalDown), freight.MaxMillilitres)
	}
	t.Vehicle = vehicle(&opts.Costs, cmp.Or(r.text("vehicle_id"), it.id), r.amount("capacity_kg", freight.PlacesKilogram, freight.DecimalDown), volume)
	if most := t.Vehicle.Inner.Room(0).Millilitres; room.Millilitres > most {
		room.Millilitres = most
		in.capped++
	}
	for range max(len(t.Stops)-1, 1) {
		t.Rooms = append(t.Rooms, room)
	}
	t.Limits.ExtraStops = opts.ExtraStops
	it.trip = t
	return it
}

// vehicle is the cheapest type that carries the capacity in grams, with exactly
// that as its payload, and with a box as long as the volume in millilitres needs
// where that is more than the type's.
func vehicle(costs *freight.Costs, id string, capacity, volume int64) freight.VehicleTerms {
	of := costs.Types[len(costs.Types)-1]
	for _, t := range costs.Types {
		if t.Payload >= capacity {
			of = t
			break
		}
	}
	inner, section := of.Inner, of.Inner.WidthMM*of.Inner.HeightMM
	if volume > inner.Room(0).Millilitres {
		inner.LengthMM = min((volume*1000+section-1)/section, freight.MaxFloorMM)
	}
	return freight.VehicleTerms{Plate: freight.Plate{Number: plate(id), Colour: "yellow"}, Type: of.Type, Payload: capacity, Inner: inner}
}

// plateLength is what a number plate may have.
const plateLength = 12

// plate makes a number plate of an id: itself where it can be one, else a
// digest of it.
func plate(id string) string {
	if freight.IsPlate(id) {
		return id
	}
	digest := fnv.New64a()
	_, _ = digest.Write([]byte(id))
	return base32.StdEncoding.EncodeToString(digest.Sum(nil))[:plateLength]
}

func place(r *row, name, lat, lng string) freight.Place {
	p := freight.Place{Point: r.point(lat, lng), Town: cut(r.text(name), freight.MaxRef)}
	if p.Town == "" {
		p.Town = r.text(lat) + " " + r.text(lng)
	}
	return p
}

// cut shortens a text to so many runes.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most])
}
