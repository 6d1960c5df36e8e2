package audit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/audit"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

// The auditor and the matcher were written apart from one rule. On random trips
// and loads, tight enough for every reason to come up, they must say the same.
func TestAuditorAndMatcherAgree(t *testing.T) {
	seed := seed.Of(t)
	draw := rand.New(rand.NewPCG(seed, 1))
	router, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	costs := freight.DefaultCosts()
	judge, turning := audit.Judge{Router: router, Costs: costs}, audit.Judge{Router: router, Costs: costs, TopOff: true}
	turned := 0
	seen := map[freight.Reason]int{}
	for n := range 20_000 {
		w := newScene(draw, router, costs)
		loads, judge := 1, &judge
		if w.easy {
			loads = 5
		}
		if w.fit.Turn != nil {
			judge = &turning
		}
		for range loads {
			load := w.load()
			verdict := w.fit.Fits(w.trip, load)
			finding := judge.Try(w.trip, load, w.fit.Now)
			if verdict.OK != finding.Fits || verdict.Reason != finding.Reason || verdict.By != finding.By {
				t.Fatalf("scene %d: the matcher says %v %s by %d, the auditor %v %s by %d\ntrip %+v\nload %+v\nnow %v", n,
					verdict.OK, verdict.Reason, verdict.By, finding.Fits, finding.Reason, finding.By, w.trip, load, w.fit.Now)
			}
			seen[verdict.Reason]++
			if verdict.OK && verdict.Plan[verdict.Terms.PickupAt-1].Kind == freight.CallHere {
				turned++
			}
		}
	}
	for _, r := range []freight.Reason{freight.NoReason, freight.ReasonEquipment, freight.ReasonPiece, freight.ReasonWindowPickup,
		freight.ReasonWindowDelivery, freight.ReasonCalendar, freight.ReasonRiderDelay, freight.ReasonGate, freight.ReasonBan, freight.ReasonHours, freight.ReasonWeight, freight.ReasonVolume,
		freight.ReasonDeck, freight.ReasonDeckLoad, freight.ReasonUnloadOrder, freight.ReasonTemperature,
		freight.ReasonHazmat, freight.ReasonFood, freight.ReasonStops, freight.ReasonDetourDistance, freight.ReasonDetourTime, freight.ReasonPrice} {
		if seen[r] < 5 {
			t.Errorf("reason %q came up %d times", r, seen[r])
		}
	}
	if t.Log(fmt.Sprint(seen), turned); turned < 30 {
		t.Errorf("trucks turned off for %d loads", turned)
	}
}

// scene is one trip at one moment of its life, with riders aboard.
type scene struct {
	draw *rand.Rand
	fit  *matcher.Fit
	trip *freight.Trip
	n    int
	easy bool // much time and room, so that many get aboard
}

const dawn = freight.Instant(1_700_000_000_000)

func newScene(draw *rand.Rand, router geo.Router, costs freight.Costs) *scene {
	w := &scene{draw: draw}
	w.fit = &matcher.Fit{Costs: &costs, Now: dawn, Measure: func(a, b freight.Point) freight.Leg {
		m, s := router.Between(geo.Point(a), geo.Point(b))
		return freight.Leg{Metres: m, Seconds: s, Method: router.Method(), Version: router.Version()}
	}}
	if draw.IntN(2) == 0 {
		w.fit.Turn = func(_ freight.Router, a, b freight.Point, afterS int64) (freight.Point, bool) {
			p, ok := router.(roads.Turner).Turn(geo.Point(a), geo.Point(b), afterS)
			return freight.Point(p), ok
		}
	}
	for w.trip == nil {
		w.announce()
	}
	tries := draw.IntN(4)
	if w.easy {
		tries = 12
	}
	for n := range tries {
		if n < 3 {
			w.fit.Now += freight.Instant(draw.Int64N(int64(freight.Hour)))
		}
		if v := w.fit.Fits(w.trip, w.load()); v.OK {
			w.trip.Plan = v.Plan
		}
	}
	w.fit.Now += freight.Instant(draw.Int64N(int64(2 * freight.Hour)))
	return w
}

func (w *scene) announce() {
	t := freight.TripTerms{Roaming: w.draw.IntN(4) == 0, Vehicle: freight.VehicleTerms{Type: freight.Type9M6, Payload: 18_000_000,
		Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapBox}}
	stops := 2 + w.draw.IntN(3)
	if t.Roaming {
		stops = 1 + w.draw.IntN(2)
		t.Horizon = dawn + freight.Instant(4+w.draw.IntN(12))*freight.Hour
	}
	w.outfit(&t.Vehicle)
	for i := range stops {
		s := w.stop()
		s.Window = freight.Window{Open: dawn, Close: dawn + freight.Instant(2+4*i+w.draw.IntN(8))*freight.Hour}
		t.Stops = append(t.Stops, s)
	}
	for range max(1, stops-1) {
		t.Rooms = append(t.Rooms, freight.Room{Grams: w.upTo(6_000_000), Millilitres: w.upTo(20_000_000), FloorMM: w.upTo(6000)})
	}
	if t.Roaming {
		t.Rooms = t.Rooms[:1]
	}
	t.Limits = freight.Limits{DetourM: w.upTo(150_000), DetourS: w.upTo(9000), ExtraStops: w.upTo(8)}
	t.Least = freight.Fen(w.upTo(20_000))
	w.rests(&t)
	var legs []freight.Leg
	for i := 1; i < stops; i++ {
		legs = append(legs, w.fit.Measure(t.Stops[i-1].Place.Point, t.Stops[i].Place.Point))
	}
	if w.easy = t.Vehicle.Doors != freight.DoorsUnsaid; w.easy {
		for i := range t.Rooms {
			t.Rooms[i] = t.Vehicle.Inner.Room(t.Vehicle.Payload)
		}
		t.Limits, t.Least = freight.Limits{DetourM: 3_000_000, DetourS: 200_000, ExtraStops: 20}, 0
		t.Stops[len(t.Stops)-1].Window.Close += 2 * freight.Day
	}
	plan, m, s, err := w.fit.Base(t, legs)
	if err == nil {
		w.trip = &freight.Trip{Meta: freight.Meta{ID: "tr"}, TripTerms: t, State: freight.TripOpen, Plan: plan, DirectM: m, DirectS: s}
	}
}

func (w *scene) upTo(most int64) int64 { return w.draw.Int64N(most + 1) }

func (w *scene) stop() freight.Stop {
	p := freight.Point{LatE7: 310_000_000 + int32(w.upTo(12_000_000)), LngE7: 1_190_000_000 + int32(w.upTo(20_000_000))}
	return freight.Stop{Place: freight.Place{Point: p}, ServiceS: w.upTo(3600)}
}

func (w *scene) load() *freight.Load {
	w.n++
	l := &freight.Load{Meta: freight.Meta{ID: freight.ID(fmt.Sprint("ld", w.n))}}
	l.Pickup, l.Delivery = w.stop(), w.stop()
	open := dawn + freight.Instant(w.upTo(4))*freight.Hour
	l.Pickup.Window = freight.Window{Open: open, Close: open + freight.Instant(1+w.upTo(8))*freight.Hour}
	l.Delivery.Window = freight.Window{Open: open, Close: l.Pickup.Window.Close + freight.Instant(w.upTo(8))*freight.Hour}
	l.Size.Room = freight.Room{Grams: 1 + w.upTo(3_000_000), Millilitres: w.upTo(10_000_000), FloorMM: w.upTo(3000)}
	if w.draw.IntN(20) == 0 {
		l.Needs = freight.CapTailLift
	}
	if w.draw.IntN(20) == 0 {
		l.Size.Pieces = []freight.Piece{{Count: 1, LengthMM: w.upTo(12_000), WidthMM: w.upTo(3000), HeightMM: w.upTo(2600)}}
	}
	w.rules(l)
	l.Alone = freight.Fen(w.upTo(300_000))
	l.Ceiling = l.Alone
	return l
}

// outfit gives half of the trucks doors, a limit a metre, a cooler and a licence.
func (w *scene) outfit(v *freight.VehicleTerms) {
	if w.draw.IntN(2) == 0 {
		return
	}
	v.Doors = [...]freight.Doors{freight.DoorsUnsaid, freight.DoorsRear, freight.DoorsRear, freight.DoorsSide}[w.draw.IntN(4)]
	v.DoorW, v.DoorH = max(0, w.upTo(4000)-1600), max(0, w.upTo(4000)-1500)
	if w.draw.IntN(4) == 0 {
		v.DeckGrams = 100_000 + w.upTo(3_000_000)
	}
	v.Cools = freight.Temp{Low: -20, High: 10}
	v.Has |= freight.CapHazmat | freight.CapFoodSafe
	v.Rehandle = freight.Fen(w.upTo(1) * (1 + w.upTo(200)))
}

// rules gives half of the loads pieces, an access, a temperature or dangers.
func (w *scene) rules(l *freight.Load) {
	if w.draw.IntN(2) == 0 {
		return
	}
	if w.draw.IntN(2) == 0 {
		l.Size.Pieces = nil
		for range 1 + w.draw.IntN(4) {
			l.Size.Pieces = append(l.Size.Pieces, freight.Piece{Count: 1 + w.upTo(3), LengthMM: 300 + w.upTo(1000), WidthMM: 200 + w.upTo(900),
				HeightMM: 200 + w.upTo(1800), Stacking: [...]freight.Stacking{"", "", freight.StackTopOnly}[w.draw.IntN(3)]})
		}
		l.Size.Stacking = [...]freight.Stacking{"", freight.StackNone, freight.StackAll}[w.draw.IntN(3)]
		l.Size.FloorMM = max(l.Size.Floor(), w.upTo(1)*l.Size.FloorMM)
	}
	l.Size.Access = [...]freight.Access{"", "", "", freight.AccessRear, freight.AccessSide}[w.draw.IntN(5)]
	switch w.draw.IntN(3) {
	case 0:
		low := [...]int16{-24, -18, 2, 8, 12}[w.draw.IntN(5)]
		l.Care.Temp = freight.Temp{Low: low, High: low + 4}
	case 1:
		l.Care.Hazmat = freight.Hazmat{Class: "8", Limited: w.draw.IntN(8) > 0}
		l.Size.Grams *= 1 + w.upTo(2)
	case 2:
		l.Care.Food = true
	}
	l.Care.DelayS = w.upTo(3) * 1200
	l.Care.Rehandle = w.draw.IntN(3) > 0
	for _, stop := range []*freight.Stop{&l.Pickup, &l.Delivery} {
		if w.draw.IntN(3) == 0 {
			stop.Gate = w.gate()
		}
		if w.draw.IntN(3) == 0 {
			stop.Bans = w.bans()
		}
	}
	if w.easy {
		l.Pickup.Window.Close += freight.Day
		l.Delivery.Window.Close += freight.Day
	}
}

// gate is open some hours of most days.
func (w *scene) gate() freight.Gate {
	var days [7]freight.Hours
	for d := range days {
		if d == 0 || w.draw.IntN(6) > 0 {
			first := int32(w.upTo(19)) * 60
			days[d] = freight.Hours{Open: first, Shut: min(1440, first+120+int32(w.upTo(1000)))}
		}
	}
	gate, err := freight.NewGate(days, [...]string{"Asia/Shanghai", "America/St_Johns", "UTC"}[w.draw.IntN(3)], dawn)
	if err != nil {
		panic(err)
	}
	return gate
}

// bans are one or two, some hours of most days.
func (w *scene) bans() (bans freight.Bans) {
	for range 1 + w.draw.IntN(2) {
		var spans string
		n := 0
		for d := range 7 {
			if w.draw.IntN(6) > 0 {
				from := 1440*int64(d) + 60*w.upTo(19)
				spans += fmt.Sprintf(" %05d-%05d", from, from+30+w.upTo(200))
				n++
			}
		}
		if n > 0 {
			bans += freight.Bans(fmt.Sprintf("%02x%02x %08d %s %02d%s ring road\n", 8|w.draw.IntN(64), 1+w.draw.IntN(63), 9000*w.upTo(2),
				[...]string{"+0800", "-0330", "+0000"}[w.draw.IntN(3)], n, spans))
		}
	}
	return bans
}

// rests gives some drivers rules by which they must rest.
func (w *scene) rests(t *freight.TripTerms) {
	if w.draw.IntN(6) > 0 {
		return
	}
	t.Duty = freight.Duty{Drivers: 1, DriveS: 1200 + w.upTo(9000), Counts: [...]freight.Rests{"", freight.RestsRoad, freight.RestsWaiting, freight.RestsStanding}[w.draw.IntN(4)]}
	t.Duty.RestS = 1 + w.upTo(t.Duty.DriveS/2)
	if w.draw.IntN(3) == 0 {
		t.Duty.DayS = t.Duty.DriveS + w.upTo(2*t.Duty.DriveS)
		t.Duty.ResetS = t.Duty.RestS + w.upTo(10_000)
	}
	if w.draw.IntN(8) == 0 {
		t.Duty.Drivers = 2
	}
}
