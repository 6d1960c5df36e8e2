package dispatch

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher/pools"
)

// How far from a load's own way others are looked for that could share a truck with
// it: a third of its drive, at least 30 km, and the same in seconds at 60 km/h.
const (
	pooledAsideM = 30_000
	pooledAsideS = 1800
)

// PlanPools forms pools of the loads that are on the market and asked of nobody now:
// commands for the writer, which judges each anew. It reads the board and decides
// nothing; it may run beside the writer and beside other plans. Equal boards at one
// instant give equal plans.
func (e *Engine) PlanPools(now freight.Instant) []freight.Command {
	began := time.Now()
	b := e.board.Load()
	s := &poolSearch{engine: e, board: b, at: map[freight.ID]int{}}
	s.Fit, s.Earliest = *e.fit(now), now+outreach.PoolNotice
	s.collect(now)
	acts := s.joiners()
	s.fill()
	s.Near, s.Stale = s.near, s.stale
	for _, d := range s.Form() {
		act := freight.FormPool{}
		for _, r := range d.Riders {
			act.Loads = append(act.Loads, freight.Pick{Load: r.Load.ID, Version: r.Load.Version})
		}
		acts = append(acts, act)
	}
	e.cfg.Metrics.poolPlan.Observe(time.Since(began).Seconds())
	return e.commands(acts)
}

// poolSearch is one search for pools on the board.
type poolSearch struct {
	pools.Search
	engine *Engine
	board  *board
	views  []*loadView
	pools  []*loadView        // of the first load of each pool whose members are being asked
	at     map[freight.ID]int // load -> where it stands
	nearby []geo.Candidate
}

// collect takes the loads that may be asked, in order of id.
func (s *poolSearch) collect(now freight.Instant) {
	s.board.loads.Range(func(_, held any) bool {
		view := held.(*listing).view.Load()
		if s.may(view, now) {
			s.views = append(s.views, view)
		}
		if view.pool != nil && view.pool.members[0].Load == view.load.ID {
			s.pools = append(s.pools, view)
		}
		return true
	})
	slices.SortFunc(s.views, func(a, b *loadView) int { return cmp.Compare(a.load.ID, b.load.ID) })
}

// fill makes riders of the loads.
func (s *poolSearch) fill() {
	for i, view := range s.views {
		s.at[view.load.ID] = i
		s.Riders = append(s.Riders, pools.Ride(s.Fit.Costs, view.load))
	}
}

// may tells whether the load may be asked now to share a truck.
func (s *poolSearch) may(view *loadView, now freight.Instant) bool {
	l := view.load
	patience := freight.Instant(s.engine.cfg.PoolAfter.Milliseconds())
	return view.indexed && len(view.open) == 0 && !view.pooled && view.outings.Asks(l) && l.Pickup.Window.Close > s.Earliest &&
		now >= outreach.PoolFrom(l.Posted, l.Pickup.Window.Close, patience)
}

// near asks the index for the loads along the way of one, those that bend it least first.
func (s *poolSearch) near(i int) []int {
	journey, ok := s.way(s.views[i].load)
	if !ok {
		return nil
	}
	found, err := s.board.index.LoadsFor(journey, s.nearby[:0])
	s.nearby = found
	if err != nil {
		s.engine.cfg.Log.Error("search loads for a pool", "load", s.views[i].load.ID, "error", err)
		return nil
	}
	type neighbour struct {
		at      int
		detourS int64
	}
	all := make([]neighbour, 0, len(found))
	for _, c := range found {
		if at := s.board.load(c.Slot); at != nil {
			if j, ok := s.at[at.view.Load().load.ID]; ok && j != i {
				all = append(all, neighbour{j, c.DetourS})
			}
		}
	}
	slices.SortFunc(all, func(a, b neighbour) int { return cmp.Or(cmp.Compare(a.detourS, b.detourS), a.at-b.at) })
	list := make([]int, len(all))
	for k, n := range all {
		list[k] = n.at
	}
	return list
}

// way is the drive of a truck for one load alone that goes out of its way for others.
func (s *poolSearch) way(l *freight.Load) (geo.Trip, bool) {
	trip := &freight.Trip{TripTerms: freight.TripTerms{
		Stops: []freight.Stop{pools.StartAt(l, s.Earliest), l.Delivery}, Rooms: make([]freight.Room, 1),
		Limits: freight.Limits{DetourM: max(pooledAsideM, l.Direct.Metres/3), DetourS: max(pooledAsideS, l.Direct.Seconds/3)},
	}}
	at := s.Fit.Measure(l.Pickup.Place.Point, l.Pickup.Place.Point)
	trip.Router = freight.Router{Method: at.Method, Version: at.Version}
	plan, metres, seconds, err := s.Fit.Base(trip.TripTerms, []freight.Leg{l.Direct})
	if err != nil {
		return geo.Trip{}, false // nobody can deliver it in time
	}
	trip.Plan, trip.DirectM, trip.DirectS = plan, metres, seconds
	return s.Fit.Journey(trip), true
}

// stale tells that all of a set were in one pool that came to nothing.
func (s *poolSearch) stale(set []pools.Rider) bool {
	of := make([]book.Outings, len(set))
	for i, r := range set {
		of[i] = s.views[s.at[r.Load.ID]].outings
	}
	return book.Together(of)
}

// poolPlanner forms pools again and again until ctx ends.
func (d *Dispatcher) poolPlanner(ctx context.Context) {
	each(ctx, d.engine.cfg.Pools, func() bool {
		d.queue.wait()
		return d.put(d.engine.PlanPools(d.time()), false)
	})
}
