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
	judge := audit.Judge{Router: router, Costs: costs}
	seen := map[freight.Reason]int{}
	for n := range 20_000 {
		w := newScene(draw, router, costs)
		load := w.load()
		verdict := w.fit.Fits(w.trip, load)
		finding := judge.Try(w.trip, load, w.fit.Now)
		if verdict.OK != finding.Fits || verdict.Reason != finding.Reason || verdict.By != finding.By {
			t.Fatalf("pair %d: the matcher says %v %s by %d, the auditor %v %s by %d\ntrip %+v\nload %+v\nnow %v", n,
				verdict.OK, verdict.Reason, verdict.By, finding.Fits, finding.Reason, finding.By, w.trip, load, w.fit.Now)
		}
		seen[verdict.Reason]++
	}
	for _, r := range []freight.Reason{freight.NoReason, freight.ReasonEquipment, freight.ReasonPiece, freight.ReasonWindowPickup,
		freight.ReasonWindowDelivery, freight.ReasonCalendar, freight.ReasonRiderDelay, freight.ReasonWeight, freight.ReasonVolume,
		freight.ReasonDeck, freight.ReasonStops, freight.ReasonDetourDistance, freight.ReasonDetourTime, freight.ReasonPrice} {
		if seen[r] < 10 {
			t.Errorf("reason %q came up %d times", r, seen[r])
		}
	}
	t.Log(fmt.Sprint(seen))
}

// scene is one trip at one moment of its life, with riders aboard.
type scene struct {
	draw *rand.Rand
	fit  *matcher.Fit
	trip *freight.Trip
	n    int
}

const dawn = freight.Instant(1_700_000_000_000)

func newScene(draw *rand.Rand, router geo.Router, costs freight.Costs) *scene {
	w := &scene{draw: draw}
	w.fit = &matcher.Fit{Costs: &costs, Now: dawn, Measure: func(a, b freight.Point) freight.Leg {
		m, s := router.Between(geo.Point(a), geo.Point(b))
		return freight.Leg{Metres: m, Seconds: s, Method: router.Method(), Version: router.Version()}
	}}
	for w.trip == nil {
		w.announce()
	}
	for range draw.IntN(4) {
		w.fit.Now += freight.Instant(draw.Int64N(int64(freight.Hour)))
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
	var legs []freight.Leg
	for i := 1; i < stops; i++ {
		legs = append(legs, w.fit.Measure(t.Stops[i-1].Place.Point, t.Stops[i].Place.Point))
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
	l.Alone = freight.Fen(w.upTo(300_000))
	l.Ceiling = l.Alone
	return l
}
