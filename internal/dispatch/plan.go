package dispatch

import (
	"math"
	"slices"
	"sync"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// spareMatches is how many matches a plan proposes at the most beyond those
// asked at once, for the case that the world has moved on when the writer judges
// them. They are the best of what had to be judged, at least one where more fit:
// a plan that names no more than are asked names all there were.
const spareMatches = 3

// Plan answers one need with commands for the writer. It reads the board and
// decides nothing; it may run beside the writer and beside other plans.
func (e *Engine) Plan(now freight.Instant, need book.Need) []freight.Command {
	b := e.board.Load()
	var acts []freight.Act
	switch need.Kind {
	case book.NeedTrips, book.NeedEvery:
		acts = e.planTrips(b, now, need.ID, e.wanted(need.Kind))
	case book.NeedLoads:
		acts = e.planLoads(b, now, need.ID)
	case book.NeedExplain:
		acts = e.planExplain(b, now, need)
	case book.NeedOutlook:
		acts = e.planOutlook(b, now, need)
	}
	return e.commands(acts)
}

// commands are acts of the market's planners, for the writer.
func (e *Engine) commands(acts []freight.Act) []freight.Command {
	list := make([]freight.Command, len(acts))
	for i, act := range acts {
		list[i] = freight.Command{Market: e.market.ID, Act: act}
	}
	return list
}

// scratch is the memory of one plan, used again by others.
type scratch struct {
	search geo.Search
	nearby []geo.Candidate
	noted  []finding       // what takes loads of what the search saw
	near   []geo.Candidate // the same as the index knows it
	hopes  matcher.Hopes   // of the noted
	wanted []matcher.Judged
	laned  []matcher.Judged // on a lane of the operator's
	again  []matcher.Judged // who have refused before

	asking asking
	trip   freight.Trip    // that is looked at
	judged unpacked        // that are among the wanted, the laned and the again
	most   int             // matches that are proposed
	more   bool            // some hopes have not been judged
	later  freight.Instant // when another operator may be asked, outreach.Never where none waits
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// clear gives the memory back; nothing of the plan is kept alive.
func (s *scratch) clear() {
	clear(s.noted)
	clear(s.wanted)
	clear(s.laned)
	clear(s.again)
	s.near, s.laned, s.again, s.asking, s.more = s.near[:0], s.laned[:0], s.again[:0], asking{}, false
	s.judged.clear()
	s.nearby, s.noted, s.hopes, s.wanted = s.nearby[:0], s.noted[:0], s.hopes[:0], s.wanted[:0]
	scratches.Put(s)
}

// breadth is how many of the trips that a load fits are proposed.
type breadth int

const (
	none breadth = iota // the load is held: those near it are only noted
	best
	every
)

func (e *Engine) wanted(kind book.NeedKind) breadth {
	switch {
	case e.holds():
		return none
	case kind == book.NeedEvery:
		return every
	}
	return best
}

// planTrips finds trips for a load.
func (e *Engine) planTrips(b *board, now freight.Instant, id freight.ID, want breadth) []freight.Act {
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
	s.asking, s.later = e.asks(b, now, view.load), outreach.Never
	if outreach.Sole(now, view.load) {
		s.later = outreach.SoleEnd(view.load)
	}
	near, err := s.search.Seek(b.index, matcher.Errand(view.load))
	if err != nil {
		e.cfg.Log.Error("search trips", "load", id, "error", err)
		return nil
	}
	e.cfg.Metrics.searched(len(near))
	s.look(b, now, view, near)
	if want == none {
		e.hurry(s, b, now, view)
	} else {
		e.choose(s, b, now, view, want)
	}
	at.found.note(s.noted...)
	return s.propose(now, view.load)
}

// propose makes the acts of a plan for a load: those it is on the lane of come first,
// those who have refused it before last.
func (s *scratch) propose(now freight.Instant, l *freight.Load) (acts []freight.Act) {
	propose := freight.Propose{Load: l.ID, Version: l.Version}
	for _, list := range [][]matcher.Judged{s.laned, s.wanted, s.again} {
		for _, pair := range matcher.Best(list, s.most-len(propose.Matches)) {
			propose.Matches = append(propose.Matches, freight.Match{Trip: pair.Trip.ID, TripVersion: pair.Trip.Version})
		}
	}
	propose.More = s.more || len(s.laned)+len(s.wanted)+len(s.again) > len(propose.Matches)
	if len(propose.Matches) > 0 {
		acts = append(acts, propose)
	}
	if s.later > now && s.later != outreach.Never {
		acts = append(acts, freight.AskLater{ID: l.ID, At: s.later})
	}
	return acts
}

// choose judges the hopes one after the other until no other can be among those
// to be asked, or all. The rest is judged when the load has to be explained.
func (e *Engine) choose(s *scratch, b *board, now freight.Instant, view *loadView, want breadth) {
	fit := e.fit(now)
	var values [outreach.Most]int64 // greatest first
	first := values[:view.width(now)]
	if s.most = len(first) + spareMatches; want == every {
		s.most = len(s.hopes)
	}
	for {
		h, ok := s.hopes.Next()
		if !ok {
			return
		}
		if want == best && len(s.wanted) > len(first) && h.Most < first[len(first)-1] {
			s.more = true
			return
		}
		if !s.closest(b, view, &h) {
			continue
		}
		noted := &s.noted[h.At]
		pair := e.judge(fit, view, s.judged.take(noted.outline))
		noted.said = saidOf(&pair.Verdict)
		if !pair.Verdict.OK {
			s.judged.giveBack()
			continue
		}
		if h.Most == math.MaxInt64 && s.asking.lane(e.board.Load(), &pair) != nil {
			s.laned = append(s.laned, pair)
			continue
		}
		pair.Rent = e.packer.rents.Load().room(now, fit, noted.outline, &pair)
		if no, ok := view.refused[pair.Trip.ID]; ok && no.Of(view.load, pair.Trip) {
			s.again = append(s.again, pair)
			continue
		}
		value := pair.Verdict.Value - pair.Rent
		for i := range first {
			if i >= len(s.wanted) || value > first[i] {
				first[i], value = value, first[i]
			}
		}
		s.wanted = append(s.wanted, pair)
	}
}

// planLoads finds the loads that a trip could carry, best first.
func (e *Engine) planLoads(b *board, now freight.Instant, id freight.ID) []freight.Act {
	o := b.outline(id)
	if o == nil || now >= o.lease {
		return nil
	}
	fit, trip := e.fit(now), o.Unpack()
	nearby, err := b.index.LoadsFor(fit.Journey(trip), nil)
	if err != nil {
		e.cfg.Log.Error("search loads", "trip", id, "error", err)
		return nil
	}
	e.cfg.Metrics.searched(len(nearby))
	var wanted []matcher.Judged
	later := outreach.Never
	for _, c := range nearby {
		at := b.load(c.Slot)
		if at == nil {
			continue
		}
		view := at.view.Load()
		if !view.indexed {
			continue
		}
		noted := finding{outline: o, view: view, at: now}
		if _, ok := o.header.AtMost(view.load, c.DetourS); ok && e.room(b, now, view, trip) && view.asks(o, trip) {
			ask := e.asks(b, now, view.load)
			if from := ask.From(trip, b.operator(trip.Org)); from > now {
				later = min(later, from)
				at.found.note(noted)
				continue
			}
			if e.waits(now, view, trip) {
				e.hurries(now, view.load, trip, false)
				at.found.note(noted)
				continue
			}
			pair := e.judge(fit, view, trip)
			noted.said = saidOf(&pair.Verdict)
			if pair.Verdict.OK {
				pair.Rent = e.packer.rents.Load().load(view.load)
				wanted = append(wanted, pair)
			}
		}
		at.found.note(noted)
	}
	acts := make([]freight.Act, 0, len(wanted)+1)
	if later != outreach.Never {
		acts = append(acts, freight.AskLater{ID: id, At: later})
	}
	best := matcher.Best(wanted, len(wanted))
	slices.SortStableFunc(best, func(a, b matcher.Judged) int { return firstInLine(a.Load) - firstInLine(b.Load) })
	for _, pair := range best {
		acts = append(acts, freight.Propose{Load: pair.Load.ID, Version: pair.Load.Version, OfTrip: true,
			Matches: []freight.Match{{Trip: trip.ID, TripVersion: trip.Version}}})
	}
	return acts
}

// firstInLine puts loads whose trip was cancelled before the others.
func firstInLine(l *freight.Load) int {
	if l.First {
		return 0
	}
	return 1
}

// judge asks whether the load fits the trip. A trip that fits and has said no to
// the present terms is refused for the reason it gave.
func (e *Engine) judge(fit *matcher.Fit, view *loadView, trip *freight.Trip) matcher.Judged {
	pair := matcher.Judged{Trip: trip, Load: view.load, Verdict: fit.Weigh(trip, view.load)}
	e.cfg.Metrics.candidate(pair.Verdict.Reason)
	if e.cfg.Observer != nil {
		e.cfg.Observer.Judged(Judgement{At: fit.Now, Load: view.load.ID, Trip: trip.ID, OnTrip: trip.Version,
			OK: pair.Verdict.OK, Reason: pair.Verdict.Reason, By: pair.Verdict.By, Unit: pair.Verdict.Unit})
	}
	if refusal, ok := view.refused[trip.ID]; ok && pair.Verdict.OK && refusal.Holds(view.load, trip) {
		pair.Verdict = matcher.Verdict{Reason: refusal.Reason}
	}
	if pair.Verdict.OK {
		noes := e.board.Load().declined(trip.VehicleID)
		pair.Verdict.Terms.Price = view.refused.Asking(fit.Now, view.load, trip, &pair.Verdict.Terms, noes)
		if no := noes.Bars(fit.Now, &pair.Verdict.Terms); no != freight.NoReason {
			pair.Verdict = matcher.Verdict{Reason: no}
		}
	}
	return pair
}

// nearestTrip is the trip whose way the load bends least by great circle, of
// those that were on the board while the load was: the one to name where the
// index ruled all of them out.
func (b *board) nearestTrip(l *freight.Load) *freight.Trip {
	var best *freight.Trip
	var least float64
	p, d := geo.Point(l.Pickup.Place.Point), geo.Point(l.Delivery.Place.Point)
	var trip freight.Trip
	look := func(packed *freight.PackedTrip) {
		packed.UnpackTo(&trip)
		bend := aside(&trip, p) + aside(&trip, d)
		if best == nil || bend < least || bend == least && trip.ID < best.ID {
			kept := trip
			kept.Stops, kept.Rooms, kept.Plan = slices.Clone(trip.Stops), slices.Clone(trip.Rooms), slices.Clone(trip.Plan)
			best, least = &kept, bend
		}
	}
	b.trips.Range(func(_, held any) bool {
		look(&held.(*berth).outline.Load().PackedTrip)
		return true
	})
	gone := b.gone.since(l.Posted)
	for i := range gone {
		look(&gone[i])
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
