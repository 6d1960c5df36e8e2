package dispatch

import (
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/matcher"
	"pinhuo/matcher/remedy"
)

// planOutlook answers a trip without loads: counts by reason over the loads that are
// open, the nearest of them, and the smallest single change of the trip's terms with
// which one would be taken. A truck that has just set out is judged as it stood
// when it left.
func (e *Engine) planOutlook(b *board, now freight.Instant, need book.Need) []freight.Act {
	if need.Told != nil {
		return []freight.Act{*need.Told}
	}
	trip, at := need.Trip, now
	if need.Final && !trip.Roaming {
		at = min(at, trip.Plan[0].Leave)
	}
	fit := e.fit(at)
	m := &demand{engine: e, board: b, fit: fit}
	why := freight.TripExplanation{Market: e.market.ID, Trip: trip.ID, Org: trip.Org, At: now, Judged: at, Final: need.Final}
	judged := m.judged(trip)
	why.Loads = max(b.posted.Load(), int64(len(judged)))
	why.Counts = matcher.Counts(judged, why.Loads-int64(len(judged)))
	why.Nearest = closest(judged)
	if trip.State == freight.TripOpen {
		seeker := remedy.TripSeeker{Fit: fit, Table: &e.tripRemedies, Loads: m, Admits: e.admits(at, need.From, need.Until)}
		if found, ok := seeker.Seek(trip); ok {
			why.Remedy = &found
		}
	}
	return []freight.Act{freight.ExplainTrip{Trip: trip.ID, Version: trip.Version, Explanation: why}}
}

// admits tells which terms of a trip may be stated at the instant, where its vehicle
// has no other trip between two others, 0 where there is none.
func (e *Engine) admits(at, from, until freight.Instant) func(freight.TripTerms) bool {
	return func(t freight.TripTerms) bool {
		admission := freight.Admission{Market: e.market, Now: at, Bans: e.cfg.Bans}
		if t.Starts() < from || until != 0 && t.Ends() > until {
			return false
		}
		t.Lease = 0 // for as long as it lasts: one that has run out is stated anew too
		_, err := admission.Trip(t)
		return err == nil
	}
}

// closest is the load that came nearest to a trip. What its shipper pays at the
// most is not told.
func closest(judged []matcher.Judged) *freight.Near {
	near := matcher.NearestLoad(judged)
	if near != nil && near.Reason == freight.ReasonPrice {
		near.By, near.Unit = 0, ""
	}
	return near
}

// demand is the open loads on the board at an instant, as a trip asks for them.
type demand struct {
	engine *Engine
	board  *board
	fit    *matcher.Fit
	nearby []geo.Candidate
}

// views are the open loads that the index leaves for a trip.
func (m *demand) views(trip *freight.Trip) []*loadView {
	var err error
	if m.nearby, err = m.board.index.LoadsFor(m.fit.Journey(trip), m.nearby[:0]); err != nil {
		m.engine.cfg.Log.Error("search loads for a changed trip", "trip", trip.ID, "error", err)
		return nil
	}
	views := make([]*loadView, 0, len(m.nearby))
	for _, c := range m.nearby {
		if at := m.board.load(c.Slot); at != nil {
			if view := at.view.Load(); view.indexed {
				views = append(views, view)
			}
		}
	}
	return views
}

// Along returns the open loads that the index and the trip's header leave.
func (m *demand) Along(trip *freight.Trip) []*freight.Load {
	header := m.fit.Header(trip, m.engine.routerOf(trip))
	var loads []*freight.Load
	for _, view := range m.views(trip) {
		if _, ok := header.AtMost(view.load, 0); ok {
			loads = append(loads, view.load)
		}
	}
	return loads
}

// judged is the verdict on each load near the trip. One that it has said no to is
// refused for the reason it gave.
func (m *demand) judged(trip *freight.Trip) []matcher.Judged {
	views := m.views(trip)
	judged := make([]matcher.Judged, len(views))
	for i, view := range views {
		judged[i] = matcher.Judged{Trip: trip, Load: view.load, Verdict: m.fit.Weigh(trip, view.load)}
		if no, ok := view.refused[trip.ID]; ok && judged[i].Verdict.OK && no.Holds(view.load, trip) {
			judged[i].Verdict = matcher.Verdict{Reason: no.Reason}
		}
	}
	return judged
}
