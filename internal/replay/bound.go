package replay

import (
	"cmp"
	"fmt"
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
	"pinhuo/matcher/batch"
	"pinhuo/matcher/bundle"
)

// How long a bound is sought: by work, so that equal input gives equal figures.
const (
	boundRounds = 8
	boundSteps  = 100_000
	packRounds  = 3
)

// scale is how many units of a bound's money make a fen, so that metres and
// seconds cost whole units: the denominator of freight.TypeCost.Drive.
const scale = 18_000

// Bound sets what a replay came to beside what anyone could have made of the day
// who had known all of it from the start, with the same trips, loads, limits and
// costs.
type Bound struct {
	Bound   freight.Fen `json:"bound_fen"`  // no packing of the day is worth more: proven
	Packed  freight.Fen `json:"packed_fen"` // one that the batch matcher finds for the whole day, booked load by load
	Known   freight.Fen `json:"known_fen"`  // one of the pairs that could still be booked once both were on the market and the operator had answered
	Online  float64     `json:"online_percent_of_bound"`
	OfKnown float64     `json:"online_percent_of_known"`
	Reached float64     `json:"packed_percent_of_bound"`
	Pairs   int         `json:"pairs"` // of trips and loads that fit but for the price
	Cut     int         `json:"cut"`   // trips bounded roughly, because they can carry too many sets
	Rounds  int         `json:"rounds"`
}

// hindsight is the whole day at once.
type hindsight struct {
	fit   *matcher.Fit
	loads []*freight.Load // by id
	trips []*freight.Trip // by id, as announced
	near  [][]int32       // by trip: loads that fit but for the price
}

// bound computes it. The router must obey the triangle rule in metres and
// seconds, as the fallback does and roads do not.
func (m *market) bound(o *outcome, value freight.Fen) (*Bound, error) {
	h, err := m.hindsight(o)
	if err != nil {
		return nil, err
	}
	out := &Bound{}
	for t := range h.trips {
		out.Pairs += len(h.near[t])
	}
	choice := h.pack(h.near)
	out.Known = freight.Fen(h.pack(h.known(m.opts.AnswerAfter)).Value)
	prices := make([]int64, len(choice.Prices))
	for l, price := range choice.Prices {
		prices[l] = price * scale
	}
	var known []batch.Column
	for t := range h.trips {
		for _, c := range choice.Best(t, 300) {
			c.Value = (c.Value + 1) * scale // Fits rounds costs up
			known = append(known, c)
		}
	}
	found := batch.Bound(h.lots(), len(h.loads), prices, batch.BoundEffort{Known: known, Rounds: boundRounds, Steps: boundSteps})
	out.Bound, out.Packed = freight.Fen(found.Bound/scale), freight.Fen(choice.Value)
	out.Cut, out.Rounds = found.Cut, found.Rounds
	if out.Bound > 0 {
		out.Online = 100 * float64(value) / float64(out.Bound)
		out.Reached = 100 * float64(out.Packed) / float64(out.Bound)
	}
	if out.Known > 0 {
		out.OfKnown = 100 * float64(value) / float64(out.Known)
	}
	return out, nil
}

// pack packs the whole day with these pairs of trips and loads.
func (h *hindsight) pack(near [][]int32) *batch.Choice {
	fleet := bundle.NewFleet(h.loads)
	for t, trip := range h.trips {
		fleet.Add(trip, h.fit, near[t])
	}
	return batch.Pack(fleet, batch.Effort{Rounds: packRounds})
}

// known is the pairs that fit when load and trip have both come and an operator has
// taken so long to answer: a truck that has set out for its next call by then turns
// aside for nobody before it is there.
func (h *hindsight) known(after freight.Instant) [][]int32 {
	near := make([][]int32, len(h.trips))
	for t, trip := range h.trips {
		for _, l := range h.near[t] {
			fit := *h.fit
			fit.Now = max(h.loads[l].Posted, trip.Made) + after
			if bundle.Carries(trip, &fit, h.loads[l]) {
				near[t] = append(near[t], l)
			}
		}
	}
	return near
}

// hindsight finds the pairs that fit, by the corridor index and by Fits.
func (m *market) hindsight(o *outcome) (*hindsight, error) {
	h := &hindsight{fit: &matcher.Fit{Costs: &m.opts.Costs, Measure: m.engine.Measure, Terse: true}}
	if r, ok := m.router.(interface {
		Pace() int64
		Symmetric() bool
	}); ok {
		h.fit.Floor, h.fit.Symmetric = matcher.Floor{Bound: m.router.Bound(), Pace: r.Pace()}, r.Symmetric()
	}
	for _, l := range o.loads {
		h.loads = append(h.loads, l)
	}
	slices.SortFunc(h.loads, func(a, b *freight.Load) int { return cmp.Compare(a.ID, b.ID) })
	index, at := geo.NewCorridor(), map[uint32]int32{}
	for i, l := range h.loads {
		slot, err := index.AddLoad(matcher.Errand(l))
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", l.Ref, err)
		}
		at[slot] = int32(i)
	}
	for _, t := range o.trips {
		trip, err := m.announced(h.fit, t)
		if err != nil {
			return nil, fmt.Errorf("trip %s: %w", t.Ref, err)
		}
		h.trips = append(h.trips, trip)
	}
	slices.SortFunc(h.trips, func(a, b *freight.Trip) int { return cmp.Compare(a.ID, b.ID) })
	for _, trip := range h.trips {
		found, err := index.LoadsFor(h.fit.Journey(trip), nil)
		if err != nil {
			return nil, fmt.Errorf("trip %s: %w", trip.Ref, err)
		}
		var near []int32
		for _, c := range found {
			if l := at[c.Slot]; bundle.Carries(trip, h.fit, h.loads[l]) {
				near = append(near, l)
			}
		}
		slices.Sort(near)
		h.near = append(h.near, near)
	}
	return h, nil
}

// announced is a trip as it was before it had any riders.
func (m *market) announced(fit *matcher.Fit, t *freight.Trip) (*freight.Trip, error) {
	trip := *t
	var legs []freight.Leg
	for i := 1; i < len(t.Stops); i++ {
		legs = append(legs, m.engine.Measure(t.Stops[i-1].Place.Point, t.Stops[i].Place.Point))
	}
	var err error
	trip.Plan, trip.DirectM, trip.DirectS, err = fit.Base(t.TripTerms, legs)
	return &trip, err
}

// lots are the trips one by one. What the lots leave out makes the bound larger,
// never smaller: floor and pieces, the price of each load by itself, and the
// number of stops.
func (h *hindsight) lots() []batch.Lot {
	lots := make([]batch.Lot, len(h.trips))
	for t, trip := range h.trips {
		cost, _ := h.fit.Costs.Of(trip.Vehicle.Type)
		if trip.Roaming {
			lots[t] = h.roaming(trip, &cost, h.near[t])
		} else {
			lots[t] = batch.Lot{Problem: h.problem(trip, &cost, h.near[t]), Loads: h.near[t]}
		}
	}
	return lots
}

// problem is one trip and the loads that it could carry. Money is in parts of a
// fen, and what the services cost is taken off the savings.
func (h *hindsight) problem(trip *freight.Trip, cost *freight.TypeCost, near []int32) *batch.Problem {
	p := &batch.Problem{PerMetre: int64(cost.PerKM+cost.Toll) * 18, PerSecond: int64(cost.PerHour) * 5}
	var points []freight.Point
	stop := func(s *freight.Stop) batch.Stop {
		points = append(points, s.Place.Point)
		return batch.Stop{Place: len(points) - 1, Open: h.seconds(trip, s.Window.Open, 999), Close: h.seconds(trip, s.Window.Close, 0), Service: s.ServiceS}
	}
	t := batch.Trip{DetourM: trip.Limits.DetourM, DetourS: trip.Limits.DetourS}
	for i := range trip.Stops {
		t.Stops = append(t.Stops, stop(&trip.Stops[i]))
	}
	for _, room := range trip.Rooms {
		t.Room = append(t.Room, [batch.Dimensions]int64{room.Grams, room.Millilitres})
	}
	p.Trips = []batch.Trip{t}
	for _, n := range near {
		l := h.loads[n]
		p.Loads = append(p.Loads, batch.Load{Pickup: stop(&l.Pickup), Delivery: stop(&l.Delivery),
			Size: [batch.Dimensions]int64{l.Size.Grams, l.Size.Millilitres}, Saving: gain(l, cost)})
	}
	p.Places = len(points)
	for _, a := range points {
		for _, b := range points {
			leg := h.fit.Measure(a, b)
			p.Metres, p.Seconds = append(p.Metres, int32(leg.Metres)), append(p.Seconds, int32(leg.Seconds))
		}
	}
	return p
}

// seconds is an instant in seconds from the trip's first opening. All windows are
// of whole seconds, so nothing is lost.
func (h *hindsight) seconds(trip *freight.Trip, at freight.Instant, up freight.Instant) int64 {
	return int64((at - trip.Stops[0].Window.Open + up) / freight.Second)
}

// gain is what a load saves less what its services cost, in parts of a fen.
func gain(l *freight.Load, cost *freight.TypeCost) int64 {
	return int64(l.Alone)*scale - int64(cost.PerHour)*5*(l.Pickup.ServiceS+l.Delivery.ServiceS)
}

// roaming bounds a truck that goes where it likes by as many loads as it may have
// stops for. Its whole drive is a cost, and no kilometre of it carries more than
// the truck holds: so each load answers for a share of the road as large as its
// share of the truck, over no less than its own way.
func (h *hindsight) roaming(trip *freight.Trip, cost *freight.TypeCost, near []int32) batch.Lot {
	lot := batch.Lot{Loads: near, Most: int(trip.Limits.ExtraStops / 2)}
	room := trip.Rooms[0]
	for _, n := range near {
		l := h.loads[n]
		own := h.fit.Measure(l.Pickup.Place.Point, l.Delivery.Place.Point)
		way := float64(int64(cost.PerKM+cost.Toll)*18*own.Metres + int64(cost.PerHour)*5*own.Seconds)
		share := (ratio(l.Size.Grams, room.Grams) + ratio(l.Size.Millilitres, room.Millilitres)) / 2
		lot.Gains = append(lot.Gains, max(0, gain(l, cost)-int64(way*share)))
	}
	return lot
}

func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
