package dispatch

import (
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
	"pinhuo/matcher/remedy"
)

// sought is the remedy of a load as it was stated at a version.
type sought struct {
	stated int64
	remedy *freight.Remedy
}

// remedy seeks the smallest single change with which a trip on the board would
// take the load. Where none helps any more, one that would have helped when the
// load was answered before is what its shipper can learn from.
func (e *Engine) remedy(b *board, now freight.Instant, at *listing, l *freight.Load) *freight.Remedy {
	seeker := remedy.Seeker{Fit: e.fit(now), Table: &e.cfg.Remedies, Market: &moment{engine: e, board: b, now: now}, Box: e.market.Box, Bans: e.cfg.Bans}
	found := seeker.Seek(l)
	before := at.remedy.Swap(&sought{stated: l.Stated, remedy: &found})
	if before != nil && before.stated == l.Stated && before.remedy.Helps() && !found.Helps() {
		return before.remedy
	}
	return &found
}

// moment is the board at an instant, as a remedy asks for it.
type moment struct {
	engine *Engine
	board  *board
	now    freight.Instant
	nearby []geo.Candidate
	trips  map[*outline]*freight.Trip // that were looked at, unpacked
}

// trip is that of an outline. A remedy comes back to the same trips again and again.
func (m *moment) trip(o *outline) *freight.Trip {
	trip := m.trips[o]
	if trip == nil {
		if m.trips == nil {
			m.trips = map[*outline]*freight.Trip{}
		}
		trip = o.Unpack()
		m.trips[o] = trip
	}
	return trip
}

// Near returns the trips that the index and their headers leave.
func (m *moment) Near(load *freight.Load) []*freight.Trip {
	var err error
	if m.nearby, err = m.board.index.TripsFor(matcher.Errand(load), m.nearby[:0]); err != nil {
		m.engine.cfg.Log.Error("search trips for a changed load", "load", load.ID, "error", err)
		return nil
	}
	var trips []*freight.Trip
	for o, detourS := range m.board.open(m.nearby, m.now) {
		if _, ok := o.header.AtMost(load, detourS); ok {
			trips = append(trips, m.trip(o))
		}
	}
	return trips
}

// Open returns the trips on the board that their headers leave.
func (m *moment) Open(load *freight.Load) []*freight.Trip {
	var trips []*freight.Trip
	m.board.tripSlots.each(func(at *stall) {
		o := at.takes(m.now)
		if o == nil {
			return
		}
		if _, ok := o.header.AtMost(load, 0); ok {
			trips = append(trips, m.trip(o))
		}
	})
	return trips
}
