package book

import "pinhuo/freight"

// A trip that is open and serves no load is told why: once a while after its terms
// were stated, and once more when it takes no loads any more or sets out empty. The
// writer asks planners to find out; it only keeps what they say.

// idleAt is when a trip without loads is to be told why, 0 for never.
func (b *Book) idleAt(tr *freight.Trip) freight.Instant {
	if b.env.Idle == 0 || !tr.Taking() || tr.Answer != 0 || tr.Opened == 0 || !tr.Idle() {
		return 0
	}
	return tr.Opened + b.env.Idle
}

// idle asks why the trip has no loads, when that is due.
func (t *turn) idle(tr *freight.Trip) bool {
	at := t.idleAt(tr)
	if at == 0 || at > t.now || t.now >= tr.Lease || t.isAsked(tr) {
		return false
	}
	t.needOutlook(tr, false)
	return true
}

// isAsked tells whether the trip is being asked for some load.
func (t *turn) isAsked(tr *freight.Trip) bool {
	return len(t.openOffers(t.offersOn.get(tr.ID).list())) > 0
}

// lastWord asks why a trip had no loads that can have none from now on.
func (t *turn) lastWord(tr *freight.Trip) {
	if t.env.Idle != 0 && tr.Idle() && !t.isAsked(tr) {
		t.needOutlook(tr, true)
	}
}

func (t *turn) needOutlook(tr *freight.Trip, final bool) {
	from, until := t.spare(tr)
	t.need(Need{Kind: NeedOutlook, ID: tr.ID, Trip: tr, Final: final, From: from, Until: until})
}

// spare is the time around a trip for which its vehicle has no other, 0 where that
// has no end.
func (t *turn) spare(tr *freight.Trip) (from, until freight.Instant) {
	for _, id := range t.tripsOf.get(tr.VehicleID).list() {
		other := t.trips.get(id)
		switch {
		case other == nil || other.ID == tr.ID || !other.Live():
		case other.Ends() <= tr.Starts():
			from = max(from, other.Ends())
		case until == 0 || other.Starts() < until:
			until = other.Starts()
		}
	}
	return from, until
}

// explainTrip keeps what a planner found out about a trip without loads, if that
// is still what it is.
func (t *turn) explainTrip(act freight.ExplainTrip) (freight.Result, error) {
	why, old := act.Explanation, t.trips.get(act.Trip)
	stale := old == nil || old.Stated > act.Version || !old.Idle()
	if !why.Final {
		stale = stale || old.Answer != 0 || !old.Matchable(t.now) || t.isAsked(old)
	}
	if stale {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "trip", string(act.Trip))
	}
	why.At = t.now
	t.outlooks = append(t.outlooks, why)
	tr := *old
	if tr.Answer == 0 {
		t.touch(&tr.Meta)
		tr.Answer = t.now
		t.saveTrip(&tr)
	}
	facts := tripFacts(&tr)
	facts.Loads, facts.Counts, facts.Nearest, facts.Remedy = why.Loads, why.Counts, why.Nearest, why.Remedy
	t.tell(tr.Org, freight.EventTripExplained, &tr.Meta, facts)
	return freight.Result{Trip: &tr}, nil
}
