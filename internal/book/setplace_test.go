package book

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
	"pinhuo/matcher/bundle"
)

// A set is offered in the order of calls that was found for it, also where a load's
// cheapest place would leave none for the rest, and can be accepted offer by offer at the
// terms that were shown.
func TestASetKeepsItsPlaces(t *testing.T) {
	chance := rand.New(rand.NewPCG(seed.Of(t), 0))
	sets, placed, needed := 0, 0, 0
	for range 600 {
		w := newWorld(t)
		terms := w.tripTerms("A", km(0, 0), km(100, 0), 1_000_000)
		terms.Limits = freight.Limits{DetourM: 200_000, DetourS: 12_000, ExtraStops: 8}
		terms.Vehicle.Doors = freight.DoorsRear
		truck := w.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
		var loads []*freight.Load
		for range 3 {
			loads = append(loads, w.drawn(chance))
		}
		fit := &matcher.Fit{Costs: w.book.env.Costs, Measure: flat, Now: w.now, Terse: true}
		fleet, all := bundle.NewFleet(loads), []int32{0, 1, 2}
		fleet.Add(truck, fit, all)
		ride, _, ok := fleet.Order(0, all, 1<<40)
		if !ok {
			continue
		}
		sets++
		set, act := fleet.Riding(ride), freight.ProposeSet{Trip: truck.ID}
		for i, l := range set.Loads {
			act.Lines = append(act.Lines, freight.Line{Load: loads[l].ID, Version: loads[l].Version, At: set.At[i]})
		}
		if !slices.ContainsFunc(set.At, func(at freight.Spot) bool { return at != freight.Spot{} }) {
			continue
		}
		placed++
		w.must("", act)
		for _, line := range act.Lines {
			o := w.offer(line.Load, truck.ID)
			if o == nil {
				t.Fatal("no offer for", line)
			}
			w.must("", freight.ReviewOffer{Offer: o.ID})
			if now := w.offer(line.Load, truck.ID); now == nil || now.Version != o.Version {
				t.Fatalf("nothing has happened, and %+v becomes %+v", o, now)
			}
			if _, err := w.accept(line.Load, truck.ID); err != nil {
				t.Fatalf("accepted in order: %v", err)
			}
		}
		if !inTurn(fit, truck, loads) {
			needed++
		}
	}
	t.Logf("%d sets, %d of them not at the cheapest places, %d that no order of cheapest places makes", sets, placed, needed)
	if sets < 100 || placed < 8 || needed < 1 {
		t.Errorf("%d sets, %d of them not at the cheapest places, %d that no order of cheapest places makes", sets, placed, needed)
	}
}

// drawn posts a load near the way of a truck from km 0 to km 100, with short windows.
func (w *world) drawn(chance *rand.Rand) *freight.Load {
	at := func() freight.Point { return km(chance.Float64()*100, chance.Float64()*30) }
	open := 2*freight.Hour + freight.Instant(chance.Int64N(120))*freight.Minute
	terms := w.loadTerms(at(), at(), 300_000)
	terms.Pickup.Window = freight.Window{Open: start + open, Close: start + open + freight.Instant(60+chance.Int64N(120))*freight.Minute}
	terms.Delivery.Window.Close = terms.Pickup.Window.Close + freight.Instant(60+chance.Int64N(200))*freight.Minute
	terms.Ref = fmt.Sprint(chance.Uint32())
	return w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(terms.Pickup.Place.Point, terms.Delivery.Place.Point)}).Load
}

// inTurn tells whether the loads fit one after the other at their cheapest places, in any
// order.
func inTurn(fit *matcher.Fit, trip *freight.Trip, loads []*freight.Load) bool {
	if len(loads) == 0 {
		return true
	}
	for i, l := range loads {
		probe := *trip
		v := fit.Fits(trip, l)
		if probe.Plan = v.Plan; v.OK && inTurn(fit, &probe, slices.Delete(slices.Clone(loads), i, i+1)) {
			return true
		}
	}
	return false
}
