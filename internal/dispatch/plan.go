package dispatch

import (
	"slices"
	"sync"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// spareMatches is how many matches a plan proposes beyond those asked at once,
// for the case that the world has moved on when the writer judges them.
const spareMatches = 3

// Plan answers one need with commands for the writer. It reads the board and
// decides nothing; it may run beside the writer and beside other plans.
func (e *Engine) Plan(now freight.Instant, need book.Need) []freight.Command {
	b := e.board.Load()
	var acts []freight.Act
	switch need.Kind {
	case book.NeedTrips:
		acts = e.planTrips(b, now, need.ID)
	case book.NeedLoads:
		acts = e.planLoads(b, now, need.ID)
	case book.NeedExplain:
		acts = e.planExplain(b, now, need)
	}
	list := make([]freight.Command, 0, len(acts))
	for _, act := range acts {
		list = append(list, freight.Command{Market: e.market.ID, Act: act})
	}
	return list
}

// scratch is the memory of one plan, used again by others.
type scratch struct {
	nearby []geo.Candidate
	trips  []*freight.Trip
	noted  []finding
	wanted []matcher.Judged
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// clear gives the memory back; nothing of the plan is kept alive.
func (s *scratch) clear() {
	clear(s.trips)
	clear(s.noted)
	clear(s.wanted)
	s.nearby, s.trips, s.noted, s.wanted = s.nearby[:0], s.trips[:0], s.noted[:0], s.wanted[:0]
	scratches.Put(s)
}

// planTrips finds the best trips for a load.
func (e *Engine) planTrips(b *board, now freight.Instant, id freight.ID) []freight.Act {
	at := b.listing(id)
	if at == nil {
		return nil
	}
	view := at.view.Load()
	if view.load.State != freight.LoadPosted {
		return nil
	}
	s := scratches.Get().(*scratch)
	defer s.clear()
	var err error
	if s.nearby, err = b.index.TripsFor(matcher.Errand(view.load), s.nearby); err != nil {
		e.cfg.Log.Error("search trips", "load", id, "error", err)
		return nil
	}
	e.cfg.Metrics.searched(len(s.nearby))
	// All trips are looked at before the first is judged: so the processor fetches
	// them from memory side by side.
	for _, c := range s.nearby {
		if trip := b.tripSlots.get(c.Slot); trip != nil && trip.Matchable(now) {
			s.trips = append(s.trips, trip)
		}
	}
	fit := e.fit(now)
	for _, trip := range s.trips {
		pair, ask := e.judge(fit, view, trip)
		s.noted = append(s.noted, findingOf(&pair))
		if ask {
			s.wanted = append(s.wanted, pair)
		}
	}
	at.found.note(s.noted...)
	propose := freight.Propose{Load: id, Version: view.load.Version}
	for _, pair := range matcher.Best(s.wanted, outreach.Asked+spareMatches) {
		propose.Matches = append(propose.Matches, freight.Match{Trip: pair.Trip.ID, TripVersion: pair.Trip.Version})
	}
	if len(propose.Matches) == 0 {
		return nil
	}
	return []freight.Act{propose}
}

// planLoads finds the loads that a trip could carry, best first.
func (e *Engine) planLoads(b *board, now freight.Instant, id freight.ID) []freight.Act {
	trip := b.trip(id)
	if trip == nil {
		return nil
	}
	fit := e.fit(now)
	if !trip.Matchable(now) {
		return nil
	}
	nearby, err := b.index.LoadsFor(fit.Journey(trip), nil)
	if err != nil {
		e.cfg.Log.Error("search loads", "trip", id, "error", err)
		return nil
	}
	e.cfg.Metrics.searched(len(nearby))
	var wanted []matcher.Judged
	for _, c := range nearby {
		at := b.loadSlots.get(c.Slot)
		if at == nil {
			continue
		}
		if view := at.view.Load(); view.indexed {
			pair, ask := e.judge(fit, view, trip)
			at.found.note(findingOf(&pair))
			if ask && len(view.open) < outreach.Asked {
				wanted = append(wanted, pair)
			}
		}
	}
	acts := make([]freight.Act, 0, len(wanted))
	for _, pair := range matcher.Best(wanted, len(wanted)) {
		acts = append(acts, freight.Propose{Load: pair.Load.ID, Version: pair.Load.Version,
			Matches: []freight.Match{{Trip: trip.ID, TripVersion: trip.Version}}})
	}
	return acts
}

// judge asks whether the load fits the trip, and tells whether the trip is to be
// asked: it fits, it is not being asked and it has not said no to the present
// terms.
func (e *Engine) judge(fit *matcher.Fit, view *loadView, trip *freight.Trip) (matcher.Judged, bool) {
	pair := matcher.Judged{Trip: trip, Load: view.load, Verdict: fit.Weigh(trip, view.load)}
	e.cfg.Metrics.candidate(pair.Verdict.Reason)
	if e.cfg.Observer != nil {
		e.cfg.Observer.Judged(Judgement{At: fit.Now, Load: view.load.ID, Trip: trip.ID, OnTrip: trip.Version,
			OK: pair.Verdict.OK, Reason: pair.Verdict.Reason, By: pair.Verdict.By, Unit: pair.Verdict.Unit})
	}
	if refusal, ok := view.refused[trip.ID]; ok && pair.Verdict.OK && refusal.Holds(view.load, trip) {
		pair.Verdict = matcher.Verdict{Reason: refusal.Reason}
	}
	return pair, pair.Verdict.OK && !slices.Contains(view.open, trip.ID)
}

// nearestTrip is the trip whose way the load bends least by great circle, of
// those that were on the board while the load was: the one to name where the
// index ruled all of them out.
func (b *board) nearestTrip(l *freight.Load) *freight.Trip {
	var best *freight.Trip
	var least float64
	p, d := geo.Point(l.Pickup.Place.Point), geo.Point(l.Delivery.Place.Point)
	look := func(trip *freight.Trip) {
		bend := aside(trip, p) + aside(trip, d)
		if best == nil || bend < least || bend == least && trip.ID < best.ID {
			best, least = trip, bend
		}
	}
	b.trips.Range(func(_, held any) bool {
		look(held.(*berth).trip.Load())
		return true
	})
	for _, trip := range b.gone.since(l.Posted) {
		look(trip)
	}
	return best
}

// aside is how many great-circle metres a visit to p adds to the trip's own way.
func aside(t *freight.Trip, p geo.Point) float64 {
	first := geo.Point(t.Stops[0].Place.Point)
	if len(t.Stops) == 1 {
		return geo.GreatCircleM(first, p)
	}
	least := -1.0
	for i := 1; i < len(t.Stops); i++ {
		a, c := geo.Point(t.Stops[i-1].Place.Point), geo.Point(t.Stops[i].Place.Point)
		if add := geo.GreatCircleM(a, p) + geo.GreatCircleM(p, c) - geo.GreatCircleM(a, c); least < 0 || add < least {
			least = add
		}
	}
	return least
}
