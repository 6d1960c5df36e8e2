package dispatch

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher/pools"
	"pinhuo/matcher/shares"
)

// pooling is a pool whose members are being asked.
type pooling struct {
	pool    *freight.Pool
	members []*freight.Member // in their order
}

// joiners finds one more load for each pool whose members are being asked: of those along
// its way with whom everybody in it pays less, the one that saves most. What joins is out
// of the search for new pools.
func (s *poolSearch) joiners() (acts []freight.Act) {
	slices.SortFunc(s.pools, func(a, b *loadView) int { return cmp.Compare(a.pool.pool.ID, b.pool.pool.ID) })
	for _, first := range s.pools {
		if s.Fit.Now+outreach.JoinNotice > first.pool.pool.Deadline {
			continue // nobody could answer in time
		}
		if best := s.joiner(first); best != nil {
			p := first.pool.pool
			acts = append(acts, freight.JoinPool{Pool: p.ID, Version: p.Version, Load: freight.Pick{Load: best.load.ID, Version: best.load.Version}})
			s.views = slices.DeleteFunc(s.views, func(v *loadView) bool { return v == best })
		}
	}
	return acts
}

// joiner is the load that is best asked to join a pool, nil for none.
func (s *poolSearch) joiner(first *loadView) (best *loadView) {
	p := first.pool.pool
	split, riders := shares.Split{Due: p.Price}, make([]pools.Rider, 0, len(first.pool.members))
	for _, m := range first.pool.members {
		at := s.board.listing(m.Load)
		if at == nil {
			return nil // the pool is being changed
		}
		riders = append(riders, pools.Rider{Load: at.view.Load().load, Most: m.Most})
		split.Riders = append(split.Riders, shares.Rider{ID: m.Load, Ceiling: m.Most, Share: m.Share})
	}
	var saves freight.Fen
	for _, view := range s.beside(first) {
		if !p.Needs.Has(view.load.Needs) {
			continue
		}
		if d, ok := s.Join(p.Type, split, riders, pools.Ride(s.Fit.Costs, view.load)); ok && s.Fit.Now+outreach.JoinNotice <= outreach.TenderBy(d.Departs) && (best == nil || d.Value > saves) {
			best, saves = view, d.Value
		}
	}
	return best
}

// beside are the loads along the way of another that may be asked, in order of id.
func (s *poolSearch) beside(first *loadView) []*loadView {
	journey, ok := s.way(first.load)
	if !ok {
		return nil
	}
	var err error
	if s.nearby, err = s.board.index.LoadsFor(journey, s.nearby[:0]); err != nil {
		s.engine.cfg.Log.Error("search loads for a pool", "load", first.load.ID, "error", err)
		return nil
	}
	found := map[freight.ID]bool{}
	for _, c := range s.nearby {
		if at := s.board.load(c.Slot); at != nil {
			found[at.view.Load().load.ID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(s.views), func(v *loadView) bool { return !found[v.load.ID] })
}
