package dispatch

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

// shadow plans as the engine does, but judges every candidate at once.
type shadow struct {
	*testing.T
	e     *Engine
	found map[freight.ID]map[freight.ID]matcher.Judged // load -> trip -> the last verdict

	plans, chosen, late int
}

// eager is the verdict of the pair, and whether the trip is to be asked.
func (s *shadow) eager(fit *matcher.Fit, view *loadView, trip *freight.Trip) (matcher.Judged, bool) {
	v := fit.Weigh(trip, view.load)
	if refusal, ok := view.refused[trip.ID]; ok && v.OK && refusal.Holds(view.load, trip) {
		v = matcher.Verdict{Reason: refusal.Reason}
	}
	pair := matcher.Judged{Trip: trip, Load: view.load, Verdict: v}
	if s.found[view.load.ID] == nil {
		s.found[view.load.ID] = map[freight.ID]matcher.Judged{}
	}
	s.found[view.load.ID][trip.ID] = pair
	return pair, v.OK && !slices.Contains(view.open, trip.ID)
}

// noes is 1 for a trip that has refused the load on its present terms, 0 for others.
func (v *loadView) noes(trip *freight.Trip) int {
	if no, ok := v.refused[trip.ID]; ok && no.Of(v.load, trip) {
		return 1
	}
	return 0
}

// trips is what planTrips must answer.
func (s *shadow) trips(now freight.Instant, id freight.ID) []freight.Act {
	b := s.e.board.Load()
	view := b.listing(id).view.Load()
	near, err := new(geo.Search).Seek(b.index, matcher.Errand(view.load))
	if err != nil {
		s.Fatal(err)
	}
	var wanted []matcher.Judged
	for _, c := range near {
		if trip := b.tripSlots.at(c.Slot).outline.Load().Unpack(); trip.Matchable(now) {
			if pair, ask := s.eager(s.e.fit(now), view, trip); ask {
				wanted = append(wanted, pair)
			}
		}
	}
	propose := freight.Propose{Load: id, Version: view.load.Version}
	best := matcher.Best(wanted, len(wanted))
	slices.SortStableFunc(best, func(a, b matcher.Judged) int { // who has refused comes after all others
		return view.noes(a.Trip) - view.noes(b.Trip)
	})
	for _, pair := range best {
		propose.Matches = append(propose.Matches, freight.Match{Trip: pair.Trip.ID, TripVersion: pair.Trip.Version})
	}
	if len(propose.Matches) == 0 {
		return nil
	}
	return []freight.Act{propose}
}

// asks tells whether an answer to planTrips begins with the best and then has
// some others that fit, at least one if there are any, and all where every one was asked
// for; and whether it tells that there may be more.
func (s *shadow) asks(now freight.Instant, need book.Need, got, want freight.Act) bool {
	g, ok := got.(freight.Propose)
	w, also := want.(freight.Propose)
	if !ok || !also || g.OfTrip || !g.More && len(g.Matches) < len(w.Matches) {
		return false
	}
	width := wide(now, s.e.board.Load().listing(need.ID).view.Load())
	if need.Kind == book.NeedEvery {
		width = len(w.Matches)
	}
	first := min(len(w.Matches), width)
	if g.Load != w.Load || g.Version != w.Version || len(g.Matches) > width+spareMatches ||
		len(g.Matches) < min(len(w.Matches), first+1) || !slices.Equal(g.Matches[:first], w.Matches[:first]) {
		return false
	}
	for i, m := range g.Matches {
		if !slices.Contains(w.Matches, m) || slices.Contains(g.Matches[:i], m) {
			return false
		}
	}
	return true
}

// wide is how many operators may be asked for the load at once.
func wide(now freight.Instant, view *loadView) int {
	return outreach.Width(now, view.first, view.load)
}

// loads is what planLoads must answer.
func (s *shadow) loads(now freight.Instant, id freight.ID) []freight.Act {
	b := s.e.board.Load()
	trip := b.outline(id).Unpack()
	near, err := b.index.LoadsFor(s.e.fit(now).Journey(trip), nil)
	if err != nil {
		s.Fatal(err)
	}
	var wanted []matcher.Judged
	for _, c := range near {
		view := b.load(c.Slot).view.Load()
		if pair, ask := s.eager(s.e.fit(now), view, trip); ask && len(view.open) < wide(now, view) {
			wanted = append(wanted, pair)
		}
	}
	acts := []freight.Act{}
	best := matcher.Best(wanted, len(wanted))
	slices.SortStableFunc(best, func(a, b matcher.Judged) int { // first in line before all
		return map[bool]int{true: 0, false: 1}[a.Load.First] - map[bool]int{true: 0, false: 1}[b.Load.First]
	})
	for _, pair := range best {
		acts = append(acts, freight.Propose{Load: pair.Load.ID, Version: pair.Load.Version, OfTrip: true, Matches: []freight.Match{{Trip: id, TripVersion: trip.Version}}})
	}
	return acts
}

// plan answers the needs and holds each answer against the shadow's.
func (s *shadow) plan(now freight.Instant) (batch []freight.Command) {
	for _, need := range s.e.Needs() {
		var want []freight.Act
		switch {
		case need.Kind == book.NeedLoads && s.e.live.Trip(need.ID) != nil:
			want = s.loads(now, need.ID)
		case (need.Kind == book.NeedTrips || need.Kind == book.NeedEvery) && s.e.live.Load(need.ID).State == freight.LoadPosted:
			want = s.trips(now, need.ID)
		}
		got := s.e.Plan(now, need)
		if len(got) != len(want) {
			s.Fatalf("%s %s: %d acts, want %d", need.Kind, need.ID, len(got), len(want))
		}
		for i, cmd := range got {
			if !reflect.DeepEqual(cmd.Act, want[i]) && !s.asks(now, need, cmd.Act, want[i]) {
				s.Fatalf("%s %s:\n got %+v\nwant %+v", need.Kind, need.ID, cmd.Act, want[i])
			}
		}
		s.plans, s.chosen = s.plans+1, s.chosen+len(want)
		batch = append(batch, got...)
	}
	return batch
}

// explained holds what is said of a load in the end against the shadow's.
func (s *shadow) explained(id freight.ID) {
	at := s.e.board.Load().listing(id)
	got := at.found.all(func(f *finding, trip *freight.Trip) matcher.Verdict {
		s.late++
		return s.e.judgeLate(f, trip)
	})
	var want []matcher.Judged
	for _, pair := range s.found[id] {
		want = append(want, pair)
	}
	slices.SortFunc(want, func(a, b matcher.Judged) int { return cmp.Compare(a.Trip.ID, b.Trip.ID) })
	if len(got) != len(want) {
		s.Fatalf("%s: %d verdicts, want %d", id, len(got), len(want))
	}
	for i := range got {
		v, w := got[i].Verdict, want[i].Verdict
		w.Value = 0 // not kept
		if !reflect.DeepEqual(got[i].Trip, want[i].Trip) || !reflect.DeepEqual(v, w) {
			s.Fatalf("%s on %s: %+v, want %+v", id, want[i].Trip.ID, v, w)
		}
	}
}

// replies lets some operators take a load, refuse it or give up their trip.
func replies(draw *rand.Rand, e *Engine, loads []freight.ID) []freight.Command {
	var batch []freight.Command
	for _, id := range loads {
		for _, o := range e.live.OpenOffers(id) {
			cmd := freight.Command{Org: o.Org, Actor: "us_driver"}
			switch draw.IntN(12) {
			case 0:
				cmd.Act = freight.AcceptOffer{Offer: o.ID, Version: o.Version}
			case 1, 2, 3:
				cmd.Act = freight.DeclineOffer{Offer: o.ID, Version: o.Version}
			case 4:
				cmd.Act = freight.CancelTrip{Trip: o.Trip}
			default:
				continue
			}
			batch = append(batch, cmd)
		}
	}
	return batch
}

// TestPlansFindTheBestWithoutJudgingAll plays a small market, with bookings,
// refusals and new terms, in which every plan must choose as if it had judged
// every candidate, and every explanation must say what it would have said.
func TestPlansFindTheBestWithoutJudgingAll(t *testing.T) {
	seed := seed.Of(t)
	sketch := newSketch(t, seed, 5)
	e, _ := sketch.open(t)
	draw := rand.New(rand.NewPCG(seed, 1))
	s := &shadow{T: t, e: e, found: map[freight.ID]map[freight.ID]matcher.Judged{}}
	var loads []freight.ID
	trips := 0
	for now := start; now < start+freight.Hour; now += 5 * freight.Minute {
		fill(t, e, now, 40, func(int) freight.Command { trips++; return sketch.trip(trips) })
		for _, posted := range fill(t, e, now, 10, func(n int) freight.Command { return sketch.load(len(loads) + n) }) {
			loads = append(loads, posted.Load.ID)
		}
		for batch := s.plan(now); len(batch) > 0; batch = append(s.plan(now), replies(draw, e, loads)...) {
			if _, err := e.Round(t.Context(), now, batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	for id := range s.found {
		s.explained(id)
	}
	t.Logf("%d plans chose %d; %d candidates were judged when they had to be explained", s.plans, s.chosen, s.late)
	if s.plans < 300 || s.chosen < s.plans/2 || s.late == 0 {
		t.Error("too little happened to show anything")
	}
}
