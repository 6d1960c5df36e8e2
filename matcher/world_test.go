package matcher_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/matcher"
)

var (
	seed   = flag.Uint64("seed", 1, "seed of the random worlds")
	worlds = flag.Int("worlds", 2000, "number of random worlds")
)

// drawn is how many worlds a test that draws whole worlds looks at: a fifth under the race
// detector, which tells nothing more of the others; all without it and by make hunt.
func drawn() int {
	if racing {
		return *worlds / 5
	}
	return *worlds
}

// morning is the instant the worlds' first trips leave at.
const morning = freight.Instant(1_790_000_000_000) // whole seconds

// world is a lane with trips along it, some of them with riders aboard, and
// loads beside it.
type world struct {
	*rand.Rand
	seed  uint64
	care  *rand.Rand // draws what has rules of its own; nil where nothing has
	duty  *rand.Rand // draws the rules by which drivers rest; nil where none do
	fit   *matcher.Fit
	kind  lane
	dawn  freight.Instant // when its first trips leave
	axis  []freight.Point
	trips []*freight.Trip
	loads []*freight.Load

	guide  *roads.Guide // of worlds on roads
	across bool         // the axis crosses the lower Yangtze whatever the kind
}

// lane is what is special about a world.
type lane int

const (
	plainLane lane = iota
	riverLane      // the axis crosses the lower Yangtze
	roundLane      // trips come back to where they began
	townLane       // all stops within a few kilometres: one cell
	pointLane      // all stops in one point
	roamLane       // free-roaming trucks
	zeroLane       // no spare room anywhere
	lanes
)

// careEvery is how rare worlds are in which vehicles and loads have rules about
// doors, decks and company.
const careEvery = 8

// dutyEvery is how rare worlds are in which drivers have to rest.
const dutyEvery = 4

func (l lane) String() string {
	return [...]string{"plain", "river", "round trip", "one town", "one point", "roaming", "zero room"}[l]
}

var fallback = must(roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func byRoad(a, b freight.Point) freight.Leg {
	m, s := fallback.Between(geo.Point(a), geo.Point(b))
	return freight.Leg{Metres: m, Seconds: s, Method: fallback.Method(), Version: fallback.Version()}
}

// noMetric is a measure that obeys no triangle rule: what Fits says must be
// exact under it too.
func noMetric(a, b freight.Point) freight.Leg {
	leg := byRoad(a, b)
	h := uint64(uint32(a.LatE7))*0x9E3779B97F4A7C15 ^ uint64(uint32(b.LngE7))*0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	leg.Seconds = leg.Seconds * int64(20+h%180) / 100
	leg.Metres = leg.Metres * int64(20+(h>>8)%180) / 100
	return leg
}

// remembered answers what was asked before from memory; one goroutine at a time.
func remembered(measure matcher.Measure) matcher.Measure {
	known := map[[2]freight.Point]freight.Leg{}
	return func(a, b freight.Point) freight.Leg {
		leg, ok := known[[2]freight.Point{a, b}]
		if !ok {
			leg = measure(a, b)
			known[[2]freight.Point{a, b}] = leg
		}
		return leg
	}
}

// turnBy finds where trucks can turn by their routers.
func turnBy(router func(freight.Router) geo.Router) func(freight.Router, freight.Point, freight.Point, int64) (freight.Point, bool) {
	return func(r freight.Router, a, b freight.Point, afterS int64) (freight.Point, bool) {
		p, ok := router(r).(roads.Turner).Turn(geo.Point(a), geo.Point(b), afterS)
		return freight.Point(p), ok
	}
}

var costs = freight.DefaultCosts()

// newWorld draws the world of a number; equal seeds and numbers give equal worlds.
func newWorld(seed uint64, number, trips, loads int, measure matcher.Measure) *world {
	return worldAt(morning, seed, number, trips, loads, measure)
}

func worldAt(dawn freight.Instant, seed uint64, number, trips, loads int, measure matcher.Measure) *world {
	w := blank(dawn, seed, number, measure)
	w.fill(trips, loads)
	return w
}

// blank is a world with nothing in it.
func blank(dawn freight.Instant, seed uint64, number int, measure matcher.Measure) *world {
	w := &world{
		dawn: dawn,
		Rand: rand.New(rand.NewPCG(seed, uint64(number))), seed: seed,
		fit:  &matcher.Fit{Costs: &costs, Measure: remembered(measure), Now: dawn - freight.Hour, Floor: matcher.Floor{Bound: fallback.Bound()}},
		kind: lane(number) % lanes,
	}
	if number%2 == 0 {
		w.fit.Turn = turnBy(func(freight.Router) geo.Router { return fallback })
	}
	if number/int(lanes)%careEvery == careEvery-1 {
		w.care = rand.New(rand.NewPCG(seed, ^uint64(number)))
	}
	if number/int(lanes)%dutyEvery == dutyEvery-1 {
		w.duty = rand.New(rand.NewPCG(seed, ^uint64(number)>>1))
	}
	return w
}

func (w *world) fill(trips, loads int) {
	dawn := w.dawn
	w.layAxis()
	for i := range trips {
		w.trips = append(w.trips, w.trip(i))
	}
	for range loads {
		w.loads = append(w.loads, w.load(freight.ID(fmt.Sprintf("ld_%02d", len(w.loads)))))
	}
	for i, trip := range w.trips {
		if w.care != nil || w.IntN(3) == 0 {
			w.board(trip, i)
		}
	}
	if w.chance(25) {
		w.fit.Now = dawn + freight.Instant(w.Int64N(int64(5*freight.Hour)))
	}
}

func (w *world) chance(percent int) bool { return w.IntN(100) < percent }

func (w *world) between(least, most int64) int64 { return least + w.Int64N(most-least+1) }

func (w *world) minutes(least, most int64) freight.Instant {
	return freight.Instant(w.between(least, most)) * freight.Minute
}

// layAxis draws two to five places, each some way further on.
func (w *world) layAxis() {
	at := freight.Point{LatE7: int32(w.between(31_100_0000, 32_500_0000)), LngE7: int32(w.between(119_800_0000, 121_500_0000))}
	river := w.kind == riverLane || w.across && w.kind != townLane && w.kind != pointLane
	if river {
		at = w.near(freight.Point{LatE7: 32_150_0000, LngE7: 120_900_0000}, 20)
	}
	dLat, dLng := w.between(-250_0000, 250_0000), w.between(-450_0000, 450_0000)
	if river {
		dLat, dLng = w.between(-450_0000, -200_0000), w.between(-200_0000, 200_0000)
	}
	if river && w.across {
		at.LatE7 += 10_0000
		dLat, dLng = w.between(-950_0000, -550_0000), w.between(-300_0000, 300_0000)
	}
	if w.kind == townLane {
		dLat, dLng = w.between(-1_0000, 1_0000), w.between(-1_0000, 1_0000)
	}
	n := 2 + w.IntN(4)
	for i := range n {
		if w.kind == pointLane {
			dLat, dLng = 0, 0
		}
		w.axis = append(w.axis, freight.Point{
			LatE7: at.LatE7 + int32(dLat*int64(i)/int64(n-1)), LngE7: at.LngE7 + int32(dLng*int64(i)/int64(n-1)),
		})
	}
	if w.kind == roundLane {
		for i := n - 2; i >= 0; i-- {
			w.axis = append(w.axis, w.axis[i])
		}
	}
}

// near moves a point by up to km kilometres each way.
func (w *world) near(p freight.Point, km int64) freight.Point {
	reach := km * 9_0000
	return freight.Point{LatE7: p.LatE7 + int32(w.between(-reach, reach)), LngE7: p.LngE7 + int32(w.between(-reach, reach))}
}

func stop(p freight.Point, window freight.Window, serviceS int64) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: p, Town: "town"}, Window: window, ServiceS: serviceS}
}

// trip draws a trip along the axis that can keep its own times.
func (w *world) trip(i int) *freight.Trip {
	for {
		terms := w.tripTerms()
		router, measure := w.router(&terms)
		var legs []freight.Leg
		for k := 1; k < len(terms.Stops); k++ {
			legs = append(legs, measure(terms.Stops[k-1].Place.Point, terms.Stops[k].Place.Point))
		}
		plan, m, s, err := w.fit.Base(terms, legs)
		if err != nil {
			continue
		}
		return &freight.Trip{
			Meta: freight.Meta{ID: freight.ID(fmt.Sprintf("tr_%05d", i)), Version: 1}, TripTerms: terms, Router: router,
			State: freight.TripOpen, DirectM: m, DirectS: s, Plan: plan,
		}
	}
}

// router is by what a trip is measured: in worlds on roads the graph, now and then
// the fallback, else what the Fit measures by.
func (w *world) router(t *freight.TripTerms) (freight.Router, matcher.Measure) {
	if w.guide == nil {
		return freight.Router{}, w.fit.Measure
	}
	var stops []geo.Point
	for _, s := range t.Stops {
		stops = append(stops, geo.Point(s.Place.Point))
	}
	r := w.guide.Choose(stops)
	if w.chance(15) {
		r = fallback
	}
	named := freight.Router{Method: r.Method(), Version: r.Version()}
	return named, w.fit.By(named)
}

var vehicles = []freight.VehicleTerms{
	{Type: freight.Type4M2, Payload: 1_800_000, Inner: freight.Inner{LengthMM: 4150, WidthMM: 2100, HeightMM: 2100}, Has: freight.CapBox},
	{Type: freight.Type6M8, Payload: 10_000_000, Inner: freight.Inner{LengthMM: 6750, WidthMM: 2350, HeightMM: 2400}, Has: freight.CapBox | freight.CapTailLift},
	{Type: freight.Type9M6, Payload: 18_000_000, Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapBox | freight.CapTailLift | freight.CapFoodSafe},
}

func (w *world) tripTerms() freight.TripTerms {
	t := freight.TripTerms{
		Vehicle: w.vehicle(vehicles[w.IntN(len(vehicles))]), Least: freight.Fen(w.between(0, 5000)),
		Limits: freight.Limits{DetourM: w.between(20_000, 200_000), DetourS: w.between(1200, 12_000), ExtraStops: w.between(2, 12)},
	}
	if w.chance(5) {
		t.Limits = freight.Limits{DetourM: w.between(0, 20_000), DetourS: w.between(0, 1200), ExtraStops: w.between(0, 3)}
	}
	if w.duty != nil && w.duty.IntN(4) > 0 {
		t.Duty = w.rests()
	}
	w.route(&t)
	legs := max(len(t.Stops)-1, 1)
	if t.Roaming {
		legs = 1
	}
	w.rooms(&t, legs)
	return t
}

// route draws the stops of a trip and their windows.
func (w *world) route(t *freight.TripTerms) {
	points := w.axis
	switch t.Roaming = w.kind == roamLane; {
	case t.Roaming && w.chance(50):
		points = w.axis[:1]
	case t.Roaming:
		points = []freight.Point{w.axis[0], w.axis[w.IntN(len(w.axis))]}
	}
	stray := int64(8)
	if w.kind == townLane {
		stray = 1
	}
	at := w.dawn + w.minutes(0, 90)
	t.Horizon = 0
	for i, p := range points {
		if w.kind != pointLane && (w.kind != roundLane || i > 0 && i < len(points)-1) {
			p = w.near(p, stray)
		}
		if i > 0 {
			at = at.After(w.fit.Measure(t.Stops[i-1].Place.Point, p).Seconds) + w.minutes(0, 45)
		}
		slack := w.minutes(60, 500)
		if w.chance(10) {
			slack = w.minutes(0, 60)
		}
		service := w.between(0, 30) * 60
		t.Stops = append(t.Stops, stop(p, freight.Window{Open: at - w.minutes(0, 60), Close: at + slack}, service))
		at = at.After(service)
	}
	for i := range t.Stops {
		if w.care != nil && w.care.IntN(8) == 0 {
			t.Stops[i].Gate = w.gate()
		}
		if w.care != nil && w.care.IntN(8) == 0 {
			t.Stops[i].Bans = w.bans()
		}
	}
	if t.Roaming {
		t.Horizon = at + w.minutes(120, 900)
	}
}

// rooms draws the spare room of each leg: alike on all, changing along the
// way, or short on one leg only.
func (w *world) rooms(t *freight.TripTerms, legs int) {
	full := t.Vehicle.Inner.Room(t.Vehicle.Payload)
	part := func(percent int64) freight.Room {
		return freight.Room{Grams: full.Grams * percent / 100, Millilitres: full.Millilitres * percent / 100, FloorMM: full.FloorMM * percent / 100}
	}
	t.Rooms = make([]freight.Room, legs)
	style, alike, short := w.IntN(10), w.between(50, 100), w.IntN(legs)
	for k := range t.Rooms {
		switch {
		case w.kind == zeroLane:
		case style < 2:
			t.Rooms[k] = part(w.between(0, 100))
		case style < 9 && k == short && legs > 1:
			t.Rooms[k] = part(w.between(0, 6))
		default:
			t.Rooms[k] = part(alike)
		}
	}
}

// load draws a load along the axis, or now and then against it.
func (w *world) load(id freight.ID) *freight.Load {
	n := len(w.axis)
	from, to := w.IntN(n), w.IntN(n)
	if from > to && w.chance(85) {
		from, to = to, from
	}
	if w.across && w.chance(70) {
		from, to = 0, n-1
		if w.kind == roundLane {
			to = n / 2
		}
	}
	stray := int64(10)
	switch {
	case w.kind == pointLane, w.kind == townLane:
		stray = 1
	case w.chance(20):
		stray = 60
	}
	p, d := w.near(w.axis[from], stray), w.near(w.axis[to], stray)
	if w.kind == pointLane && w.chance(50) {
		p, d = w.axis[0], w.axis[0]
	}
	open := w.dawn.After(w.fit.Measure(w.axis[0], p).Seconds) - w.minutes(0, 240)
	drive := w.fit.Measure(p, d).Seconds
	due := open.After(drive) + w.minutes(60, 240)
	length := w.minutes(400, 1200)
	if w.chance(15) {
		length = w.minutes(0, 120)
	}
	l := &freight.Load{Meta: freight.Meta{ID: id, Version: 1}, State: freight.LoadPosted}
	l.Pickup = stop(p, freight.Window{Open: open, Close: open + length}, w.between(0, 20)*60)
	l.Delivery = stop(d, freight.Window{Open: open, Close: due + length}, w.between(0, 20)*60)
	if w.chance(10) {
		l.Delivery.Window.Close = open.After(drive*w.between(80, 200)/100) + w.minutes(1, 120)
	}
	w.size(l)
	w.rules(l)
	l.Direct = w.fit.Measure(p, d)
	l.Alone, _ = costs.Alone(l.Size, l.Direct, l.Pickup.ServiceS+l.Delivery.ServiceS)
	l.Ceiling = l.Alone * freight.Fen(w.between(80, 250)) / 100
	if w.chance(5) {
		l.Ceiling = l.Alone * freight.Fen(w.between(1, 60)) / 100
	}
	return l
}

func (w *world) size(l *freight.Load) {
	l.Size.Room = freight.Room{Grams: w.between(100_000, 800_000), Millilitres: w.between(200_000, 3_000_000), FloorMM: w.between(200, 1200)}
	if w.kind == zeroLane && w.chance(60) {
		l.Size.Room = freight.Room{}
	}
	switch w.IntN(25) {
	case 0:
		l.Size.Room.Grams *= 10
	case 1:
		l.Size.Room.Millilitres *= 10
	case 2:
		l.Size.Room.FloorMM *= 10
	case 3:
		l.Size.Pieces = []freight.Piece{{Count: 1, LengthMM: w.between(1000, 8000), WidthMM: 1200, HeightMM: w.between(1000, 2600)}}
	case 4:
		l.Needs = freight.CapTailLift
	case 5:
		l.Needs = freight.CapTailLift | freight.CapFoodSafe
	}
}

// board gives the trip up to three riders.
func (w *world) board(trip *freight.Trip, number int) {
	for k := range 1 + w.IntN(3) {
		rider := w.load(freight.ID(fmt.Sprintf("ld_rider_%d_%d", number, k)))
		v := w.fit.Fits(trip, rider)
		if !v.OK {
			continue
		}
		if w.chance(50) { // promised more closely than asked
			for _, call := range []*freight.Call{&v.Plan[v.Terms.PickupAt], &v.Plan[v.Terms.DeliveryAt]} {
				call.Window.Close = min(call.Window.Close, call.Start+w.minutes(0, 60))
			}
		}
		apply(trip, v)
	}
}

// apply makes an accepted verdict the trip's plan.
func apply(trip *freight.Trip, v matcher.Verdict) {
	trip.Plan = v.Plan
	trip.Version++
}

// clone copies a trip so that its plan can change.
func clone(trip *freight.Trip) *freight.Trip {
	c := *trip
	c.Plan = append([]freight.Call(nil), trip.Plan...)
	return &c
}

func logSeed(t testing.TB) {
	t.Helper()
	t.Logf("seed %d (choose with -seed)", *seed)
}

// vehicle gives some trucks doors, a limit a metre, a cooler and a licence.
func (w *world) vehicle(v freight.VehicleTerms) freight.VehicleTerms {
	if w.care == nil {
		return v
	}
	v.Doors = [...]freight.Doors{freight.DoorsUnsaid, freight.DoorsRear, freight.DoorsRear, freight.DoorsSide}[w.care.IntN(4)]
	if w.care.IntN(10) == 0 {
		v.DoorW, v.DoorH = v.Inner.WidthMM-w.care.Int64N(1000), v.Inner.HeightMM-w.care.Int64N(800)
	}
	if w.care.IntN(12) == 0 {
		v.DeckGrams = 200_000 + w.care.Int64N(3_000_000)
	}
	if w.care.IntN(8) > 0 {
		v.Cools = freight.Temp{Low: -20, High: 10}
	}
	if w.care.IntN(8) > 0 {
		v.Has |= freight.CapHazmat
	}
	if w.care.IntN(2) == 0 {
		v.Rehandle = 1 + freight.Fen(w.care.Int64N(300))
	}
	return v
}

// rules gives some loads pieces, an access, a temperature, dangers, or a cap.
func (w *world) rules(l *freight.Load) {
	if w.care == nil {
		return
	}
	one := func(n int) bool { return w.care.IntN(n) == 0 }
	if one(3) {
		l.Size.Stacking = [...]freight.Stacking{freight.StackNone, freight.StackAll, freight.StackTopOnly}[w.care.IntN(3)]
		for range 1 + w.care.IntN(2) {
			l.Size.Pieces = append(l.Size.Pieces, freight.Piece{Count: 1 + w.care.Int64N(4), LengthMM: 600 + w.care.Int64N(1000),
				WidthMM: 400 + w.care.Int64N(800), HeightMM: 300 + w.care.Int64N(1500)})
		}
		if one(3) {
			l.Size.Pieces[0].Stacking = freight.StackTopOnly
		}
		l.Size.FloorMM = max(l.Size.Floor(), l.Size.FloorMM*w.care.Int64N(2))
	}
	if one(4) {
		l.Size.Access = [...]freight.Access{freight.AccessRear, freight.AccessRear, freight.AccessRear, freight.AccessRear, freight.AccessRear, freight.AccessRear, freight.AccessRear, freight.AccessSide, freight.AccessTop}[w.care.IntN(9)]
	}
	switch w.care.IntN(6) {
	case 0:
		low := [...]int16{-24, -18, 2, 8, 12}[w.care.IntN(5)]
		l.Care.Temp = freight.Temp{Low: low, High: low + 1 + int16(w.care.IntN(8))}
	case 1, 2:
		l.Care.Hazmat = freight.Hazmat{Class: "8", Limited: !one(8)}
		if one(4) {
			l.Size.Grams *= 8
		}
	case 3, 4:
		l.Care.Food = true
	}
	for _, stop := range []*freight.Stop{&l.Pickup, &l.Delivery} {
		if one(4) {
			stop.Gate = w.gate()
		}
		if one(6) {
			stop.Bans = w.bans()
		}
	}
	l.Care.Rehandle = !one(3)
	if one(4) {
		l.Care.DelayS = 60 + w.care.Int64N(3600)
	}
}

// gate is open some hours of most days by a clock somewhere.
func (w *world) gate() freight.Gate {
	var days [7]freight.Hours
	for d := range days {
		if d == 0 || w.care.IntN(6) > 0 {
			first := w.care.Int32N(20) * 60
			days[d] = freight.Hours{Open: first, Shut: min(1440, first+180+w.care.Int32N(1000))}
		}
	}
	return must(freight.NewGate(days, [...]string{"Asia/Shanghai", "America/St_Johns", "UTC"}[w.care.IntN(3)], w.dawn))
}

// bans are one or two, some hours of most days, for some of the trucks.
func (w *world) bans() (bans freight.Bans) {
	for range 1 + w.care.IntN(2) {
		var spans string
		n := 0
		for d := range 7 {
			if w.care.IntN(6) > 0 {
				from := 1440*d + 60*w.care.IntN(20)
				spans += fmt.Sprintf(" %05d-%05d", from, from+30+w.care.IntN(400))
				n++
			}
		}
		if n > 0 {
			bans += freight.Bans(fmt.Sprintf("%02x3f %08d +0000 %02d%s town\n", 4|w.care.IntN(64), 2000*w.care.IntN(5), n, spans))
		}
	}
	return bans
}

// rests draws rules of driving that bind on drives as short as those of the worlds.
func (w *world) rests() freight.Duty {
	draw := w.duty
	d := freight.Duty{Drivers: 1, DriveS: 60 * (20 + draw.Int64N(100)),
		Counts: [...]freight.Rests{"", freight.RestsRoad, freight.RestsWaiting, freight.RestsStanding}[draw.IntN(4)]}
	d.RestS = 1 + draw.Int64N(d.DriveS/2)
	if draw.IntN(3) == 0 {
		d.DayS = d.DriveS + draw.Int64N(2*d.DriveS)
		d.ResetS = d.RestS + draw.Int64N(2*d.DriveS)
	}
	if draw.IntN(6) == 0 {
		d.Drivers = 2
	}
	return d
}
