package matcher_test

import (
	"slices"
	"strings"
	"sync"
	"time"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/deck"
)

// naive is Fits by the book, written for reading: every insertion is built as
// a whole plan, measured again and driven from end to end, in O(n³).
func naive(f *matcher.Fit, trip *freight.Trip, load *freight.Load) matcher.Verdict {
	n := len(trip.Plan)
	end := n
	if trip.Plan[n-1].Kind == freight.CallEnd {
		end--
	}
	worst := matcher.Verdict{Reason: freight.ReasonWindowPickup, Unit: "s"}
	var best matcher.Verdict
	var bestCost int64
	first := true
	try := func(on *freight.Trip, i, j int) {
		v, cost := tryPlan(f, on, load, trip.Plan, i, j)
		switch {
		case v.OK && (!best.OK || cost < bestCost):
			best, bestCost = v, cost
		case !v.OK && (first || closer(v, worst)):
			worst, first = v, false
		}
	}
	for i := trip.Fixed(f.Now); i <= end; i++ {
		for j := i; j <= end; j++ {
			try(trip, i, j)
		}
	}
	aside, k := turnedOff(f, trip)
	for j := k; aside != nil && j <= end+1; j++ {
		try(aside, k, j)
	}
	if best.OK {
		p := best.Terms.PickupAt
		best.Terms.Departure = lastDeparture(trip, best.Plan, p)
		if aside != nil && best.Plan[p-1] == aside.Plan[k-1] {
			best.Terms.Departure = min(best.Terms.Departure, trip.Plan[k-1].Arrive-10*freight.Minute)
		}
		return best
	}
	return worst
}

// turnedOff is the trip with a call where its truck may turn off the drive that it is on,
// and the place behind that call; nil where it cannot turn.
func turnedOff(f *matcher.Fit, trip *freight.Trip) (*freight.Trip, int) {
	k := 0
	for k < len(trip.Plan) && trip.Plan[k].Leave < f.Now {
		k++
	}
	rests := trip.Duty.DayS > 0 || trip.Duty.Drivers < 2 && trip.Duty.DriveS > 0
	if f.Turn == nil || rests || k == 0 || k == len(trip.Plan) || trip.Plan[k].Kind == freight.CallHere {
		return nil, 0
	}
	const grain = 5 * 60_000
	turn := (f.Now + 10*60_000 + grain - 1) / grain * grain
	after := int64(turn-trip.Plan[k-1].Leave+999) / 1000
	if after >= trip.Plan[k].LegS {
		return nil, 0
	}
	at, ok := f.Turn(trip.Router, trip.Plan[k-1].Point, trip.Plan[k].Point, after)
	if !ok {
		return nil, 0
	}
	out := f.Measure(trip.Plan[k-1].Point, at)
	if out.Seconds < after || out.Seconds >= trip.Plan[k].LegS {
		return nil, 0
	}
	there := trip.Plan[k-1].Leave + freight.Instant(out.Seconds)*1000
	aside := *trip
	aside.Plan = slices.Insert(slices.Clone(trip.Plan), k, freight.Call{Kind: freight.CallHere, Own: -1, Point: at,
		Window: freight.Window{Open: there, Close: there}, LegM: out.Metres, LegS: out.Seconds, Arrive: there, Start: there, Leave: there})
	on := f.Measure(at, trip.Plan[k].Point)
	aside.Plan[k+1].LegM, aside.Plan[k+1].LegS = on.Metres, on.Seconds
	return &aside, k + 1
}

func closer(a, b matcher.Verdict) bool {
	if a.Reason != b.Reason {
		return a.Reason.Rank() > b.Reason.Rank()
	}
	return a.By < b.By
}

func no(r freight.Reason, by int64, unit string) (matcher.Verdict, int64) {
	return matcher.Verdict{Reason: r, By: by, Unit: unit}, 0
}

func tryPlan(f *matcher.Fit, trip *freight.Trip, load *freight.Load, was []freight.Call, i, j int) (v matcher.Verdict, rank int64) {
	if r, by, unit := unsuited(&trip.Vehicle, load); r != freight.NoReason {
		return no(r, by, unit)
	}
	if r, by := tooLate(trip, joined(f, trip, load, i, j, ""), i, j+1); r != freight.NoReason {
		return no(r, by, "s")
	}
	if r, by := tooLate(trip, joined(f, trip, load, i, j, "gates"), i, j+1); r != freight.NoReason {
		return no(freight.ReasonGate, by, "s")
	}
	plan := joined(f, trip, load, i, j, "gates and bans")
	if r, by := tooLate(trip, plan, i, j+1); r != freight.NoReason {
		return no(freight.ReasonBan, by, "s")
	}
	if by := untired(f, trip, plan); by > 0 {
		return no(freight.ReasonHours, by, "s")
	}
	if r, by, unit := tooFull(trip, plan, i, j+1); r != freight.NoReason {
		return no(r, by, unit)
	}
	if r, by, unit := ill(trip, plan, load.ID); r != freight.NoReason {
		return no(r, by, unit)
	}
	v, rank = tooDear(f, trip, load, was, plan, i, j+1)
	if delay := load.Care.DelayS; v.OK && delay > 0 {
		for _, k := range []int{i, j + 1} {
			plan[k].Window.Close = min(plan[k].Window.Close, plan[k].Start+freight.Instant(delay)*1000)
		}
	}
	return v, rank
}

// joined is the whole plan with the load in it, measured and driven anew from
// the pickup on.
func joined(f *matcher.Fit, trip *freight.Trip, load *freight.Load, i, j int, shut string) []freight.Call {
	plan := make([]freight.Call, 0, len(trip.Plan)+2)
	take := deck.Take(&load.Size, &trip.Vehicle)
	cargo := load.Cargo(&trip.Vehicle)
	pickup := freight.Call{Kind: freight.CallPickup, Own: -1, Load: load.ID, Point: load.Pickup.Place.Point,
		Window: load.Pickup.Window, ServiceS: load.Pickup.ServiceS, Take: take, Cargo: cargo, Gate: load.Pickup.Gate, Bans: load.Pickup.Bans}
	delivery := freight.Call{Kind: freight.CallDelivery, Own: -1, Load: load.ID, Point: load.Delivery.Place.Point,
		Window: load.Delivery.Window, ServiceS: load.Delivery.ServiceS, Cargo: cargo, Gate: load.Delivery.Gate, Bans: load.Delivery.Bans,
		Take: freight.Room{Grams: -take.Grams, Millilitres: -take.Millilitres, FloorMM: -take.FloorMM}}
	for k := 0; k <= len(trip.Plan); k++ {
		if k == i {
			plan = append(plan, pickup)
		}
		if k == j {
			plan = append(plan, delivery)
		}
		if k < len(trip.Plan) {
			plan = append(plan, trip.Plan[k])
		}
	}
	for k := i; k < len(plan); k++ {
		_, moved := inTheWay(plan, k)
		plan[k].ServiceS += moved - plan[k].RehandleS
		plan[k].RehandleS = moved
	}
	rider := func(k int) bool { return k == i || k == j+1 }
	begin := i
	if trip.Duty.Said() {
		begin = trip.Fixed(f.Now) // the rests of the present plan are not counted
	}
	for k := begin; k < len(plan); k++ {
		if rider(k) || rider(k-1) {
			leg := f.Measure(plan[k-1].Point, plan[k].Point)
			plan[k].LegM, plan[k].LegS = leg.Metres, leg.Seconds
		}
		leave := plan[k-1].Leave
		if k == i && trip.Fixed(f.Now) == len(trip.Plan) {
			leave = max(leave, f.Now)
		}
		plan[k].RestS, plan[k].Drove = 0, freight.Drove{}
		plan[k].Arrive = leave + freight.Instant(plan[k].LegS)*1000
		plan[k].Start = max(plan[k].Arrive, plan[k].Window.Open)
		if shut == "gates" && k >= i {
			plan[k].Start = opened(plan[k].Gate, plan[k].Start)
		} else if shut != "" || k < i {
			plan[k].Start = welcome(&trip.Vehicle, &plan[k], plan[k].Start)
		}
		plan[k].Leave = plan[k].Start + freight.Instant(plan[k].ServiceS)*1000
	}
	return plan
}

func tooLate(trip *freight.Trip, plan []freight.Call, p, d int) (freight.Reason, int64) {
	seconds := func(ms freight.Instant) int64 {
		if ms <= 0 {
			return 0
		}
		return int64(ms+999) / 1000
	}
	late := func(k int) int64 { return seconds(plan[k].Start - plan[k].Window.Close) }
	if late(p) > 0 {
		return freight.ReasonWindowPickup, late(p)
	}
	if late(d) > 0 {
		return freight.ReasonWindowDelivery, late(d)
	}
	var calendar, rider int64
	for k := p; k < len(plan); k++ {
		if trip.Roaming {
			calendar = max(calendar, seconds(plan[k].Leave-trip.Horizon))
		}
		if plan[k].Own >= 0 {
			calendar = max(calendar, late(k))
		} else {
			rider = max(rider, late(k))
		}
	}
	switch {
	case calendar > 0:
		return freight.ReasonCalendar, calendar
	case rider > 0:
		return freight.ReasonRiderDelay, rider
	}
	return freight.NoReason, 0
}

func tooFull(trip *freight.Trip, plan []freight.Call, p, d int) (freight.Reason, int64, string) {
	var over freight.Room
	for k := p; k < d; k++ {
		over = over.Max(aboardAt(plan, k).Minus(roomAt(trip, plan, k)))
	}
	switch {
	case over.Grams > 0:
		return freight.ReasonWeight, over.Grams, "g"
	case over.Millilitres > 0:
		return freight.ReasonVolume, over.Millilitres, "ml"
	case over.FloorMM > 0:
		return freight.ReasonDeck, over.FloorMM, "mm"
	}
	return freight.NoReason, 0, ""
}

// aboardAt is what riders take when call k is left.
func aboardAt(plan []freight.Call, k int) (sum freight.Room) {
	for _, c := range plan[:k+1] {
		sum = sum.Plus(c.Take)
	}
	return sum
}

// roomAt is what the operator spares on the leg that leaves call k.
func roomAt(trip *freight.Trip, plan []freight.Call, k int) freight.Room {
	if trip.Roaming {
		return trip.Rooms[0]
	}
	for plan[k].Own < 0 {
		k--
	}
	return trip.Rooms[plan[k].Own]
}

func tooDear(f *matcher.Fit, trip *freight.Trip, load *freight.Load, was, plan []freight.Call, p, d int) (matcher.Verdict, int64) {
	var m, s, oldM, oldS, stops, moving int64
	for _, c := range plan {
		m, s, moving = m+c.LegM, s+c.LegS, moving+c.RehandleS
		if c.Load != "" {
			stops++
		}
	}
	for _, c := range was {
		oldM, oldS, moving = oldM+c.LegM, oldS+c.LegS, moving-c.RehandleS
	}
	switch {
	case stops > trip.Limits.ExtraStops:
		return no(freight.ReasonStops, stops-trip.Limits.ExtraStops, "stops")
	case !trip.Roaming && m-trip.DirectM > trip.Limits.DetourM:
		return no(freight.ReasonDetourDistance, m-trip.DirectM-trip.Limits.DetourM, "m")
	case !trip.Roaming && s-trip.DirectS > trip.Limits.DetourS:
		return no(freight.ReasonDetourTime, s-trip.DirectS-trip.Limits.DetourS, "s")
	}
	m, s = m-oldM, s-oldS
	service := load.Pickup.ServiceS + load.Delivery.ServiceS
	moved := (freight.Fen(moving)*trip.Vehicle.Rehandle + 59) / 60
	price := f.Costs.Price(trip.Vehicle.Type, m, s+service, trip.Least) + moved
	if price > load.Ceiling {
		return no(freight.ReasonPrice, int64(price-load.Ceiling), "fen")
	}
	of, _ := f.Costs.Of(trip.Vehicle.Type)
	cost := int64(of.Drive(max(m, 0), max(s+service, 0)) + moved)
	rank := cost
	if trip.Roaming {
		rank = s
	}
	return matcher.Verdict{OK: true, Plan: plan, Value: int64(load.Alone) - cost, Terms: freight.Terms{
		Price: price, Alone: load.Alone, DetourM: m, DetourS: s, PickupAt: p, DeliveryAt: d,
		PickupETA: plan[p].Start, DropETA: plan[d].Start,
	}}, rank
}

// lastDeparture is found by trying: how many ms later than planned may the
// truck set out for call p so that nothing is late?
func lastDeparture(trip *freight.Trip, plan []freight.Call, p int) freight.Instant {
	fits := func(depart freight.Instant) bool {
		if trip.Duty.Said() {
			return newRester(trip, plan, p, depart).lateness(0, before(plan, p, depart, trip)) <= 0
		}
		for _, c := range plan[p:] {
			start := welcome(&trip.Vehicle, &c, max(depart+freight.Instant(c.LegS)*1000, c.Window.Open))
			depart = start + freight.Instant(c.ServiceS)*1000
			if start > c.Window.Close || trip.Roaming && depart > trip.Horizon {
				return false
			}
		}
		return true
	}
	low := plan[p].Arrive - freight.Instant(plan[p].LegS+plan[p].RestS)*1000 // fits
	high := low + 30*freight.Day
	for high-low > 1 {
		if mid := low + (high-low)/2; fits(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// opened is the first of the instant itself and the coming days' openings at
// which the calendar says that the gate is open.
func opened(gate freight.Gate, at freight.Instant) freight.Instant {
	if gate == "" {
		return at
	}
	spans := strings.Fields(string(gate))
	zone := number(spans[0][1:])
	east := freight.Instant(zone/100*60+zone%100) * freight.Minute
	if spans[0][0] == '-' {
		east = -east
	}
	minutes := func(text string) freight.Instant {
		return freight.Instant(number(text)/100*60+number(text)%100) * freight.Minute
	}
	for day := -1; day < 9; day++ {
		noon := (at + east).Time().Truncate(24*time.Hour).AddDate(0, 0, day)
		span := spans[1+(int(noon.Weekday())+6)%7]
		first, last := freight.At(noon)-east+minutes(span[:4]), freight.At(noon)-east+minutes(span[5:])
		if span != "0000-0000" && max(at, first) <= last {
			return max(at, first)
		}
	}
	panic("never open: " + gate)
}

// welcome is when the truck is served at the call if it is there at the instant: then, when the
// gate opens or when a ban ends, whatever is the first at which neither forbids it.
func welcome(v *freight.VehicleTerms, call *freight.Call, at freight.Instant) freight.Instant {
	if call.Bans == "" {
		return opened(call.Gate, at)
	}
	shut := shutTo(v, call.Bans, at)
	free := func(start freight.Instant) bool {
		for _, span := range shut {
			if start < span[1] && start+max(seconds(call.ServiceS), 1) > span[0] {
				return false
			}
		}
		return start >= at && opened(call.Gate, start) == start
	}
	if free(at) {
		return at
	}
	var tries []freight.Instant
	for _, span := range shut {
		tries = append(tries, span[1])
	}
	if call.Gate != "" {
		zone := number(string(call.Gate[1:5]))
		east := freight.Instant(zone/100*60+zone%100) * freight.Minute
		if call.Gate[0] == '-' {
			east = -east
		}
		for day := range freight.Instant(9) {
			midnight := (at+east)/freight.Day*freight.Day - east + day*freight.Day // still belongs to the day before too
			tries = append(tries, opened(call.Gate, midnight), opened(call.Gate, midnight+1))
		}
	}
	slices.Sort(tries)
	for _, start := range tries {
		if free(start) {
			return start
		}
	}
	return at + 1000*freight.Day
}

// shutTo lists when the truck may not be there in the weeks from the instant on; the bans of
// the worlds are by UTC.
func shutTo(v *freight.VehicleTerms, bans freight.Bans, at freight.Instant) (shut [][2]freight.Instant) {
	monday := at.Time().UTC().Truncate(24 * time.Hour)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, -1)
	}
	for _, b := range listed(bans) {
		if !slices.Contains(b.Types, v.Type) || v.Plate.Colour != "" && !slices.Contains(b.Colours, v.Plate.Colour) || b.PayloadKg > 0 && v.Payload <= b.PayloadKg*1000 {
			continue
		}
		for w := range freight.Instant(3) {
			for _, span := range b.Spans {
				from := freight.At(monday) + 7*w*freight.Day
				shut = append(shut, [2]freight.Instant{from + freight.Instant(span[0])*freight.Minute, from + freight.Instant(span[1])*freight.Minute})
			}
		}
	}
	return shut
}

var bansRead sync.Map // of texts

// listed reads a text of bans once.
func listed(bans freight.Bans) []freight.Ban {
	if known, ok := bansRead.Load(bans); ok {
		return known.([]freight.Ban)
	}
	list := bans.List()
	bansRead.Store(bans, list)
	return list
}
