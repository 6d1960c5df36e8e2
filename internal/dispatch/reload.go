package dispatch

import (
	"cmp"
	"context"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/reload"
)

// PlanReloads looks for what trucks could carry home from the end of their trips: commands
// for the writer, which judges each anew. It reads the board and decides nothing; it may
// run beside the writer and beside other plans. Equal boards at one instant give equal
// plans. A load is told to one operator at a time, and to none while anybody is being
// asked for it.
func (e *Engine) PlanReloads(now freight.Instant) []freight.Command {
	b := e.board.Load()
	s := &homeward{demand: demand{engine: e, board: b, fit: e.fit(now)}, told: map[freight.ID]bool{}}
	s.fit.Terse = true
	s.collect(now)
	var acts []freight.Act
	for _, trip := range s.trips {
		if act, ok := s.seek(trip); ok {
			acts = append(acts, act)
		}
	}
	return e.commands(acts)
}

// homeward is one look at what trucks could carry home.
type homeward struct {
	demand
	trips []*freight.Trip                // whose operators may be told, by id
	told  map[freight.ID]bool            // loads of which an operator knows
	of    map[freight.ID][]*freight.Trip // vehicle -> its trips on the board
}

// collect finds the trips whose operators may be told, and which loads others have been
// told of.
func (s *homeward) collect(now freight.Instant) {
	s.of = map[freight.ID][]*freight.Trip{}
	s.each(func(trip *freight.Trip) {
		tied := trip.Tied()
		if tied.Reload != nil && tied.Next == "" && now <= tied.Reload.Until {
			for _, line := range tied.Reload.Lines {
				s.told[line.Load] = true
			}
		}
		if reload.Asks(trip, now) {
			s.trips, s.of[trip.VehicleID] = append(s.trips, trip), nil
		}
	})
	slices.SortFunc(s.trips, func(a, b *freight.Trip) int { return cmp.Compare(a.ID, b.ID) })
	if len(s.trips) == 0 {
		return
	}
	s.each(func(trip *freight.Trip) {
		if _, asked := s.of[trip.VehicleID]; asked {
			s.of[trip.VehicleID] = append(s.of[trip.VehicleID], trip)
		}
	})
}

// each goes over the trips on the board.
func (s *homeward) each(look func(*freight.Trip)) {
	s.board.trips.Range(func(_, held any) bool {
		look(held.(*berth).outline.Load().Unpack())
		return true
	})
}

// seek finds the best set of loads for the way home of a truck.
func (s *homeward) seek(trip *freight.Trip) (freight.Act, bool) {
	back, ok := reload.Backhaul(s.fit, trip, s.until(trip))
	if !ok {
		return nil, false
	}
	set, ok := reload.Best(s.fit, back, s.waiting(trip, back))
	if !ok || set.Value <= 0 || !reload.News(trip, &set, s.waits) {
		return nil, false
	}
	act := freight.ProposeReload{Trip: trip.ID, Version: trip.Version}
	for i, l := range set.Loads {
		act.Lines = append(act.Lines, freight.Line{Load: l.ID, Version: l.Version, At: set.At[i]})
		s.told[l.ID] = true
	}
	return act, true
}

// until is when the vehicle of a trip is to set out on its next one, 0 for never.
func (s *homeward) until(trip *freight.Trip) (until freight.Instant) {
	for _, other := range s.of[trip.VehicleID] {
		if other.ID != trip.ID && other.Ends() > trip.Starts() && (until == 0 || other.Starts() < until) {
			until = other.Starts()
		}
	}
	return until
}

// waiting are the loads along the way home that nobody is being asked for, in order of
// id; those that the operator of the trip knows already are among them.
func (s *homeward) waiting(trip, back *freight.Trip) []*freight.Load {
	var known []freight.ReloadLine
	if last := trip.Tied().Reload; last != nil {
		known = last.Lines
	}
	header := s.fit.Header(back, back.Router)
	var loads []*freight.Load
	for _, view := range s.views(back) {
		l := view.load
		mine := slices.ContainsFunc(known, func(line freight.ReloadLine) bool { return line.Load == l.ID })
		if _, may := header.AtMost(l, 0); may && free(view) && (mine || !s.told[l.ID]) {
			loads = append(loads, l)
		}
	}
	slices.SortFunc(loads, func(a, b *freight.Load) int { return cmp.Compare(a.ID, b.ID) })
	return loads
}

// free tells whether nobody is being asked for the load.
func free(view *loadView) bool { return view.indexed && len(view.open) == 0 && !view.pooled }

// waits tells whether a load is still on the board as it was stated, and free.
func (s *homeward) waits(load freight.ID, stated int64) bool {
	at := s.board.listing(load)
	if at == nil {
		return false
	}
	view := at.view.Load()
	return view.load.Stated == stated && free(view)
}

// reloadPlanner looks for what trucks could carry home again and again until ctx ends.
func (d *Dispatcher) reloadPlanner(ctx context.Context) {
	each(ctx, d.engine.cfg.Reloads, func() bool {
		d.queue.wait()
		return d.put(d.engine.PlanReloads(d.time()), false)
	})
}
