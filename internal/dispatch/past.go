package dispatch

import (
	"cmp"
	"slices"
	"sync"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

// past is the trips that had left the market before its server started, since
// the oldest of the loads that are still open was posted: no planner has seen
// them, and explanations of those loads have to account for them.
type past struct {
	gone []freight.Departed // in the order in which they left; immutable

	once  sync.Once
	index *geo.Corridor // of gone, made when the first explanation asks
	at    map[uint32]*outline
}

// since returns those that left at the instant or later.
func (p *past) since(at freight.Instant) []freight.Departed {
	first, _ := slices.BinarySearchFunc(p.gone, at, func(d freight.Departed, at freight.Instant) int { return cmp.Compare(d.Left, at) })
	return p.gone[first:]
}

// recall notes the trips of the past that came near a load, as a planner would
// have done then: with the trip as it last was.
func (e *Engine) recall(b *board, at *listing) {
	view := at.view.Load()
	gone := b.past.since(view.load.Posted)
	if len(gone) == 0 {
		return
	}
	b.past.once.Do(func() { e.indexPast(b) })
	near, err := b.past.index.TripsFor(matcher.Errand(view.load), nil)
	if err != nil {
		e.cfg.Log.Error("search past trips", "load", view.load.ID, "error", err)
		return
	}
	beside := make(map[freight.ID]*freight.Trip, len(gone))
	for i := range gone {
		beside[gone[i].Trip.ID] = &gone[i].Trip
	}
	var list []finding
	for _, c := range near {
		o := b.past.at[c.Slot]
		if trip := beside[o.ID()]; trip != nil {
			list = append(list, finding{outline: o, view: view, at: max(view.load.Posted, trip.Changed)})
		}
	}
	at.found.remember(list)
}

// indexPast builds the index of the past.
func (e *Engine) indexPast(b *board) {
	p := b.past
	p.index, p.at = geo.NewCorridor(), make(map[uint32]*outline, len(p.gone))
	for i := range p.gone {
		trip := &p.gone[i].Trip
		if trip.ID == "" {
			continue // too many: it is counted, and nobody knows how near it came
		}
		slot, err := p.index.AddTrip(e.fit(trip.Changed).Journey(trip))
		if err != nil {
			e.unindexed(freight.KindTrip, trip.ID, err)
			continue
		}
		p.at[slot] = &outline{PackedTrip: trip.Pack()}
	}
}
