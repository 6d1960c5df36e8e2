package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// Whom to ask is decided by outreach; here it is held against what is true now.

// firstAsk is when the first operator was asked for a load, and on which version of
// its terms.
type firstAsk struct {
	at      freight.Instant
	version int64
	n       int64      // operators asked since
	offer   freight.ID // to the first
}

// placeAsking puts what is known of operators on its shelves.
func (b *Book) placeAsking(state *freight.State) {
	for i := range state.Preferences {
		b.placePreference(&state.Preferences[i])
	}
	for _, r := range state.Reached {
		o := outreach.Operator{Hour: r.Hour, Asked: r.N}
		b.operators.set(r.Org, o.Says(b.operators.get(r.Org).Terms()))
	}
	for _, no := range state.Declines {
		b.placeDecline(no)
	}
}

func (b *Book) placePreference(p *freight.Preference) {
	b.preferences.set(p.Org, p)
	b.operators.set(p.Org, b.operators.get(p.Org).Says(&p.PreferenceTerms))
}

func (b *Book) placeDecline(no freight.Decline) {
	grown := b.Declines(no.Vehicle).With(no)
	b.declines.set(no.Vehicle, &grown)
}

// noteAsked remembers the first offer that was made on the load's present terms.
func (b *Book) noteAsked(o *freight.Offer) {
	l := b.loads.get(o.Load)
	if l == nil || o.LoadVersion < l.Stated {
		return
	}
	next := firstAsk{at: o.Made, version: o.LoadVersion, offer: o.ID}
	if old := b.firsts.get(o.Load); old != nil && old.version >= l.Stated {
		next = *old
	}
	next.n++
	b.firsts.set(o.Load, &next)
}

// FirstOffer returns the first offer that was made for a load on its present terms, as
// far as they are known; "" for none.
func (b *Book) FirstOffer(l *freight.Load) freight.ID {
	if first := b.firsts.get(l.ID); first != nil && first.version >= l.Stated {
		return first.offer
	}
	return ""
}

// Offered returns how many offers were made for a load on its present terms, as far as
// they are known.
func (b *Book) Offered(l *freight.Load) int64 {
	if first := b.firsts.get(l.ID); first != nil && first.version >= l.Stated {
		return first.n
	}
	return 0
}

// FirstAsked returns when the first operator was asked for a load on its present
// terms, 0 for never.
func (b *Book) FirstAsked(l *freight.Load) freight.Instant {
	if first := b.firsts.get(l.ID); first != nil && first.version >= l.Stated {
		return first.at
	}
	return 0
}

// Operator returns what is known about asking an organization, nil for nothing.
func (b *Book) Operator(org freight.ID) *outreach.Operator { return b.operators.get(org) }

// Declines returns what the operator of a vehicle would not do.
func (b *Book) Declines(vehicle freight.ID) outreach.Declines {
	if d := b.declines.get(vehicle); d != nil {
		return *d
	}
	return nil
}

// TouchedOperators lists, in order of id, the organizations whose preference or count
// of offers changed, and the vehicles whose declines did.
func (b *Book) TouchedOperators() (orgs, vehicles []freight.ID) {
	return sortedIDs(b.operators.own), sortedIDs(b.declines.own)
}

// fitting is a trip that is to be asked for a load.
type fitting struct {
	load    *freight.Load
	trip    *freight.Trip
	verdict matcher.Verdict
	lane    *freight.Lane // of the operator, that the load is on and that it pays enough for; nil for none

	after, bundle freight.ID // the offer that it stands upon and the bundle that it is of, "" for none
}

// propose asks the operators that a planner found, best first, until the wave is
// full. Every match is judged again here: the plan may be of yesterday's world. A
// lane that takes loads by itself is asked nothing.
func (t *turn) propose(act freight.Propose) (freight.Result, error) {
	l := t.loads.get(act.Load)
	if l == nil || l.State != freight.LoadPosted || l.Stated > act.Version {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "load", string(act.Load))
	}
	if act.OfTrip && len(act.Matches) == 1 && t.tired(l, act.Matches[0]) > 0 {
		t.need(Need{Kind: NeedTrips, ID: l.ID}) // who has not refused it is asked first
		return freight.Result{Load: l}, nil
	}
	w := t.fitting(l, act.Matches)
	for _, f := range w.list {
		if f.lane != nil && f.lane.Auto {
			return t.takeByRule(f)
		}
	}
	for _, f := range w.list {
		t.send(f, t.expiry(f.trip, &f.verdict))
	}
	// A plan of the best may have left out trips that are wanted now. Another one named
	// all there were, and a trip that has changed looks for loads itself.
	again := act.More && (w.movedOn || w.waits && !w.full)
	switch {
	case again && w.waits: // else the same trips would be found
		t.need(Need{Kind: NeedEvery, ID: l.ID})
	case again:
		t.need(Need{Kind: NeedTrips, ID: l.ID})
	}
	if len(w.list) == 0 && !again && !w.waits {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "matches", string(act.Load))
	}
	if len(w.list) > 0 {
		t.tellOffered(l, len(w.list))
	}
	return freight.Result{Load: l}, nil
}

// wave is what comes of a plan for a load.
type wave struct {
	list    []fitting // the trips that are to be asked now
	movedOn bool      // the world is not as the plan has it
	waits   bool      // the load waits for one of the trips at least
	full    bool      // as many are asked as may be at once
}

// fitting judges the trips of a plan.
func (t *turn) fitting(l *freight.Load, matches []freight.Match) (w wave) {
	open, width := t.OpenOffers(l.ID), t.width(l)
	others := len(open) > 0 || t.more(l)
	for _, m := range t.freshFirst(l, matches) {
		trip, fresh := t.trips.get(m.Trip), t.tired(l, m) == 0
		if trip != nil && t.asked(trip, open) || !fresh && others {
			continue
		}
		full := len(open)+len(w.list) >= width
		if full && (trip == nil || t.sole(l) || !t.takes(l, trip)) {
			continue
		}
		if verdict, ok := t.matches(l, trip); ok && t.mayAsk(l, trip) && t.would(trip, &verdict) {
			f := fitting{load: l, trip: trip, verdict: verdict, lane: t.Operator(trip.Org).Lane(l, verdict.Terms.Price, t.env.Market.Zone)}
			if until := t.crowded(l, trip, &verdict); until != 0 && (f.lane == nil || !f.lane.Auto) {
				t.putOff(l, trip, until)
				w.waits = true
				continue
			}
			if !full || f.lane != nil && f.lane.Auto {
				w.list, others = append(w.list, f), others || fresh
			}
			continue
		}
		w.movedOn = w.movedOn || trip == nil || trip.Version != m.TripVersion || t.refuses(l, trip)
	}
	w.full = len(open)+len(w.list) >= width
	return w
}

// freshFirst puts those who have not been asked before those who have refused, and of
// each those who keep their word before those who do not.
func (t *turn) freshFirst(l *freight.Load, matches []freight.Match) []freight.Match {
	if len(t.Refused(l.ID)) == 0 && !t.env.Ghosts {
		return matches
	}
	list := slices.Clone(matches)
	slices.SortStableFunc(list, func(a, b freight.Match) int { return cmp.Or(t.tired(l, a)-t.tired(l, b), t.byWord(a, b)) })
	return list
}

// tired returns how often the operator of a match has refused the load on its present
// terms. To ask him for more than before is the last resort: it raises what the
// shipper pays, so nobody else may be thinking or about to be asked.
func (t *turn) tired(l *freight.Load, m freight.Match) int {
	no, trip := t.Refused(l.ID)[m.Trip], t.trips.get(m.Trip)
	if trip == nil || !no.Of(l, trip) {
		return 0
	}
	return no.Noes
}

// more tells whether somebody may be asked about the load later who may not be now.
func (t *turn) more(l *freight.Load) bool {
	at := t.laters.get(l.ID)
	return at != nil && *at > t.now && *at != outreach.SoleEnd(l)
}

// sole tells whether whoever is asked for the load is asked alone.
func (t *turn) sole(l *freight.Load) bool {
	return outreach.Sole(t.now, l) || outreach.AskedAlone(t.OpenOffers(l.ID)) != nil
}

// asked tells whether one of the open offers is on the trip.
func (t *turn) asked(trip *freight.Trip, open []*freight.Offer) bool {
	return slices.ContainsFunc(open, func(o *freight.Offer) bool { return o.Trip == trip.ID })
}

// width is how many operators are asked for the load at once now.
func (t *turn) width(l *freight.Load) int {
	if t.sole(l) {
		return 1
	}
	return outreach.Width(t.now, t.FirstAsked(l), l)
}

// takes tells whether the trip's operator has a lane that would take the load.
func (t *turn) takes(l *freight.Load, trip *freight.Trip) bool {
	lane := t.Operator(trip.Org).Lane(l, l.Ceiling, t.env.Market.Zone)
	return lane != nil && lane.Auto
}

// mayAsk tells whether the trip's operator may be asked now about the load.
func (t *turn) mayAsk(l *freight.Load, trip *freight.Trip) bool {
	asking := outreach.Asking{Now: t.now, Rules: t.env.Asking, Load: l, Shipper: t.Operator(l.Org).Terms()}
	return asking.From(trip, t.Operator(trip.Org)) <= t.now
}

// would tells whether no earlier no of the vehicle's operator holds for the terms.
func (t *turn) would(trip *freight.Trip, v *matcher.Verdict) bool {
	return t.Declines(trip.VehicleID).Bars(t.now, &v.Terms) == freight.NoReason
}

// takeByRule books a load that an operator's lane takes. It was judged a moment ago,
// by this turn; the event names the lane.
func (t *turn) takeByRule(f fitting) (freight.Result, error) {
	o := t.send(f, t.now)
	result, err := t.book(o, f.load, f.trip, f.verdict)
	if err == nil {
		t.retakenOn(o.Trip)
		facts := offerFacts(result.Offer, f.load)
		facts.Lane = o.Lane
		t.tell(o.Org, freight.EventOfferRuled, &result.Offer.Meta, facts)
	}
	return result, err
}

// startAsking has trips sought for a load that has just been stated, and again once
// its shipper's partners have had their time.
func (t *turn) startAsking(l *freight.Load) {
	t.need(Need{Kind: NeedTrips, ID: l.ID})
	if until := outreach.Reserved(l, t.Operator(l.Org).Terms()); until > t.now {
		t.later(l.ID, until)
	}
}

// later has a load or a trip planned anew at an instant, or earlier where that is
// due already.
func (t *turn) later(id freight.ID, at freight.Instant) {
	if old := t.laters.get(id); old == nil || *old > at || *old <= t.now {
		t.laters.set(id, &at)
	}
}

// askLater is the planners' word that more may be asked at an instant than now.
func (t *turn) askLater(act freight.AskLater) (freight.Result, error) {
	if act.At <= t.now || t.loads.get(act.ID) == nil && t.trips.get(act.ID) == nil {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "id", string(act.ID))
	}
	t.later(act.ID, act.At)
	return freight.Result{}, nil
}

// waveDue has a load planned that more operators may be asked about now than before,
// where as many as before are asked: else all who fit are.
func (t *turn) waveDue(id freight.ID) bool {
	l := t.loads.get(id)
	if l == nil || l.State != freight.LoadPosted {
		return false
	}
	first := t.FirstAsked(l)
	w := outreach.WavesOf(l, first)
	if k := w.At(t.now, first); first == 0 || k == 0 || len(t.OpenOffers(id)) < w.Sizes[k-1] {
		return false
	}
	t.need(Need{Kind: NeedTrips, ID: id})
	return true
}

// laterDue has a load or a trip planned about which somebody may be asked from now on.
func (t *turn) laterDue(id freight.ID) bool {
	if at := t.laters.get(id); at == nil || *at >= t.now {
		return false
	}
	t.laters.set(id, nil)
	if l := t.loads.get(id); l != nil && l.State == freight.LoadPosted {
		t.need(Need{Kind: NeedTrips, ID: id})
		return true
	}
	trip := t.trips.get(id)
	if trip == nil || !trip.Matchable(t.now) {
		return false
	}
	t.need(Need{Kind: NeedLoads, ID: id})
	return true
}

// rememberNo keeps why an operator declined, for the vehicle that was asked. Where prices
// were named the no was to these.
func (t *turn) rememberNo(o *freight.Offer) {
	trip := t.trips.get(o.Trip)
	if trip != nil && o.Counter == 0 && slices.Contains(freight.Remembered, o.Reason) {
		t.placeDecline(freight.Decline{Vehicle: trip.VehicleID, At: t.now, Reason: o.Reason,
			DetourM: o.DetourM, DetourS: o.DetourS, Price: o.Price})
	}
}

// setPreference replaces what an organization says about asking, and has what is open
// planned by it.
func (t *turn) setPreference(act freight.SetPreference) (freight.Result, error) {
	if err := act.Terms.Check(); err != nil {
		return freight.Result{}, err
	}
	p := freight.Preference{}
	if old := t.preferences.get(t.cmd.Org); old != nil {
		if err := sameVersion(act.Version, old.Version); err != nil {
			return freight.Result{}, err
		}
		p = *old
		t.touch(&p.Meta)
	} else {
		if err := sameVersion(act.Version, 0); err != nil {
			return freight.Result{}, err
		}
		p.Meta = t.meta(freight.PrefixPreference, t.cmd.Org)
	}
	p.PreferenceTerms = act.Terms
	t.placePreference(&p)
	t.changed(freight.KindPreference, &p.Meta)
	t.tell(p.Org, freight.EventPreferenceSet, &p.Meta, freight.Facts{})
	t.planAllOf(p.Org)
	return freight.Result{Preference: &p}, nil
}

// planAllOf has every open load and trip of an organization planned anew.
func (t *turn) planAllOf(org freight.ID) {
	for _, id := range all(&t.loads) {
		if l := t.loads.get(id); l != nil && l.Org == org && l.State == freight.LoadPosted {
			t.startAsking(l)
		}
	}
	for _, id := range t.trips.all() {
		if trip := t.trips.get(id); trip != nil && trip.Org == org && trip.Matchable(t.now) {
			t.need(Need{Kind: NeedLoads, ID: id})
		}
	}
}
