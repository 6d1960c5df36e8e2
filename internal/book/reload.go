package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/reload"
)

// A trip may follow another of its vehicle: it begins where that one ends, once its drivers
// are rested. Whoever announces it closes the last window of the first at what that
// leaves, so that the two never overlap whatever loads the first still takes.

// proposeReload tells an operator what his truck could carry home. Nothing is promised
// by that and no offer is made: he announces the way home, or not.
func (t *turn) proposeReload(act freight.ProposeReload) (freight.Result, error) {
	stale := freight.Refuse(freight.ProblemStale, "trip", string(act.Trip))
	trip := t.trips.get(act.Trip)
	if trip == nil || trip.Stated > act.Version || !reload.Asks(trip, t.now) {
		return freight.Result{}, stale
	}
	_, until := t.spare(trip)
	back, ok := reload.Backhaul(&t.fit, trip, until)
	if !ok {
		return freight.Result{}, stale
	}
	loads, at := make([]*freight.Load, 0, len(act.Lines)), make([]freight.Spot, 0, len(act.Lines))
	for _, line := range act.Lines {
		l := t.loads.get(line.Load)
		if l == nil || !t.waits(l.ID, l.Stated) || l.Stated > line.Version || slices.Contains(loads, l) {
			return freight.Result{}, stale
		}
		loads, at = append(loads, l), append(at, line.At)
	}
	set, ok := reload.Put(&t.fit, back, loads, at)
	if !ok || len(loads) == 0 || !reload.News(trip, &set, t.waits) {
		return freight.Result{}, stale
	}
	r := reload.Propose(&t.fit, trip, back, &set, reload.First(&t.fit, trip, t.alone))
	next := *trip
	tie := next.Tied()
	tie.Reload = &r
	t.touch(&next.Meta)
	next.Tie = &tie
	t.saveTrip(&next)
	t.tell(next.Org, freight.EventTripReload, &next.Meta, reloadFacts(&next, &r))
	return freight.Result{Trip: &next}, nil
}

// waits tells whether a load is on the market as it was stated, and nobody is being
// asked for it.
func (t *turn) waits(load freight.ID, stated int64) bool {
	l := t.loads.get(load)
	return l != nil && l.State == freight.LoadPosted && l.Stated == stated && len(t.OpenOffers(load)) == 0 && t.PoolOf(load) == nil
}

// alone is what going alone would cost a load of the book.
func (t *turn) alone(load freight.ID) freight.Fen {
	if l := t.loads.get(load); l != nil {
		return l.Alone
	}
	return 0
}

func reloadFacts(tr *freight.Trip, r *freight.Reload) freight.Facts {
	return freight.Facts{
		Trip: tr.ID, State: string(tr.State), Ref: tr.Ref, From: tr.Stops[len(tr.Stops)-1].Place.Town, To: tr.Home().Town,
		Loads: int64(len(r.Lines)), Price: r.Price, PickupETA: r.Lines[0].Pickup, Expires: r.Until,
	}
}

// tie puts a trip after the one that it says it follows, and checks it against the one
// that follows it. It is not saved.
func (t *turn) tie(tr *freight.Trip) error {
	tied := tr.Tied()
	tied.Risk, tied.Closed, tied.Reload = 0, 0, nil
	if next := t.trips.get(tied.Next); next == nil || !next.Live() {
		tied.Next = ""
	} else if tr.Roaming || tr.Stops[len(tr.Stops)-1].Place.Point != next.Stops[0].Place.Point || tr.Ends()-tr.Done()+tr.Fresh() > next.Starts() {
		return freight.Refuse(freight.ProblemOverlap, "vehicle", string(next.ID))
	}
	if id := tr.After(); id != "" {
		first, err := t.precursor(tr)
		if err != nil {
			return err
		}
		tied.Risk = first.FailRisk()
		t.shut(first, tr)
	}
	tr.Tie = nil
	if tied != (freight.Tie{}) {
		tr.Tie = &tied
	}
	return nil
}

// precursor is the trip that another may follow.
func (t *turn) precursor(tr *freight.Trip) (*freight.Trip, error) {
	first := t.trips.get(tr.After())
	if first == nil || first.Org != tr.Org {
		return nil, freight.Missing("trip", tr.After())
	}
	wrong := func(field string, problem freight.Problem, value string) error {
		return &freight.Error{Code: freight.Invalid, Problem: problem, Field: field, Value: freight.Shorten(value)}
	}
	next := t.trips.get(first.Tied().Next)
	switch {
	case first.ID == tr.ID || !first.Live() || first.Roaming:
		return nil, freight.Refuse(freight.ProblemState, "after", string(first.State))
	case next != nil && next.Live() && next.ID != tr.ID:
		return nil, freight.Refuse(freight.ProblemOverlap, "after", string(next.ID))
	case first.VehicleID != tr.VehicleID:
		return nil, wrong("after", freight.ProblemSplit, string(first.ID))
	case first.Stops[len(first.Stops)-1].Place.Point != tr.Stops[0].Place.Point:
		return nil, wrong("stops[0].place", freight.ProblemSplit, tr.Stops[0].Place.Town)
	case tr.Starts() < first.Fresh():
		return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "stops[0].window.open",
			Value: tr.Starts().String(), Min: first.Fresh().String()}
	}
	return first, nil
}

// shut closes the last window of a trip at what the one after it leaves.
func (t *turn) shut(first, after *freight.Trip) {
	tied := first.Tied()
	last := first.Stops[len(first.Stops)-1].Window.Close
	tied.Next = after.ID
	until := after.Starts() - (first.Fresh() - first.Plan[len(first.Plan)-1].Start)
	if until < last {
		tied.Closed = last
	}
	t.retie(first, tied, min(last, until))
}

// retie saves a trip with what ties it to others, its last window closing at the instant.
func (t *turn) retie(old *freight.Trip, tied freight.Tie, closes freight.Instant) {
	next := *old
	t.touch(&next.Meta)
	next.Tie = &tied
	next.Stops, next.Plan = slices.Clone(old.Stops), slices.Clone(old.Plan)
	next.Stops[len(next.Stops)-1].Window.Close = closes
	next.Plan[len(next.Plan)-1].Window.Close = closes
	if next.Lease = min(old.Lease, next.Ends()); old.Lease == old.Ends() {
		next.Lease = next.Ends()
	}
	t.saveTrip(&next)
	t.tell(next.Org, freight.EventTripReplanned, &next.Meta, tripFacts(&next))
	t.reviewOffersOn(&next)
	t.need(Need{Kind: NeedLoads, ID: next.ID})
}

// untie gives the trip that this one follows its last window back, as far as the other
// trips of the vehicle leave it.
func (t *turn) untie(tr *freight.Trip) {
	first := t.trips.get(tr.After())
	if first == nil || !first.Live() || first.Tied().Next != tr.ID {
		return
	}
	tied := first.Tied()
	end := first.Stops[len(first.Stops)-1]
	closes := max(end.Window.Close, tied.Closed)
	for _, id := range t.tripsOf.get(first.VehicleID).list() {
		other := t.trips.get(id)
		if other != nil && other.Live() && id != first.ID && id != tr.ID && other.Starts() >= first.Ends() {
			closes = min(closes, other.Starts().After(-end.ServiceS))
		}
	}
	tied.Next, tied.Closed = "", 0
	t.retie(first, tied, closes)
}

// cancelNext takes back the trip that follows one which is taken back: its truck will
// not be there.
func (t *turn) cancelNext(old *freight.Trip) error {
	next := t.trips.get(old.Tied().Next)
	if next == nil || !next.Live() {
		return nil
	}
	_, err := t.cancel(next)
	return err
}

// weighNext notes on the trip that follows one how likely that is to fail now.
func (t *turn) weighNext(first *freight.Trip) {
	old := t.trips.get(first.Tied().Next)
	if old == nil || !old.Live() || old.Tied().Risk == first.FailRisk() {
		return
	}
	next, tied := *old, old.Tied()
	t.touch(&next.Meta)
	tied.Risk = first.FailRisk()
	next.Tie = &tied
	t.saveTrip(&next)
}

// keepNext judges the trip that follows one anew where the first is done too late for it:
// it sets out later, and loads that it can no longer serve as promised are posted anew,
// first in line. One that cannot set out in time at all is taken back.
func (t *turn) keepNext(first *freight.Trip) error {
	old := t.trips.get(first.Tied().Next)
	if old == nil || !old.Live() || first.Fresh() <= old.Starts() {
		return nil
	}
	terms := old.TripTerms
	terms.Stops = slices.Clone(old.Stops)
	w := &terms.Stops[0].Window
	w.Open = (first.Fresh() + freight.Second - 1) / freight.Second * freight.Second
	bare, err := t.fit.Restated(old, terms)
	if err != nil || w.Open > w.Close {
		_, err := t.cancel(old)
		return err
	}
	booked := t.liveBookings(old.ID)
	slices.SortFunc(booked, func(a, b *freight.Booking) int {
		return cmp.Or(cmp.Compare(a.PickupETA, b.PickupETA), cmp.Compare(a.ID, b.ID))
	})
	t.touch(&bare.Meta)
	bare.Stated = bare.Version
	if bare.Again.Due() && bare.Again.Asked == 0 {
		bare.Again = t.env.Leases.Drive(&bare.TripTerms, t.env.Market.Zone)
	}
	for _, k := range booked {
		if v := t.fit.Fits(bare, promised(t.loads.get(k.Load), k)); v.OK {
			bare.Plan = v.Plan
			continue
		}
		gone := *k
		if k.State != freight.BookingHeld {
			t.cancelled(&gone, bare)
		}
		if err := t.repostAfterCancel(&gone); err != nil {
			return err
		}
	}
	t.saveTrip(bare)
	t.tell(bare.Org, freight.EventTripReplanned, &bare.Meta, tripFacts(bare))
	t.reviewOffersOn(bare)
	t.need(Need{Kind: NeedLoads, ID: bare.ID})
	return nil
}

// promised is a load as it has been booked: in the windows promised, whatever it costs the
// truck.
func promised(l *freight.Load, k *freight.Booking) *freight.Load {
	p := *matcher.Unpriced(l)
	p.Pickup.Window.Close, p.Delivery.Window.Close, p.Care.DelayS = k.PickupBy, k.DropBy, 0
	return &p
}
