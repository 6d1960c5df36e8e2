package book

import (
	"cmp"

	"pinhuo/freight"
)

// What is posted is asked after: its owner says that it is still true, or it leaves the
// market. What has been booked on it stays.

func (t *turn) wordOf(l *freight.Load) freight.Lease {
	return t.env.Leases.Load(&l.LoadTerms, t.now, t.env.Market.Zone)
}

func (t *turn) wordOfTrip(terms *freight.TripTerms) freight.Lease {
	return t.env.Leases.Trip(terms, t.now, t.env.Market.Zone)
}

func appendWord(all []freight.Clock, id freight.ID, w *freight.Lease) []freight.Clock {
	switch {
	case w.Until == 0:
		return all
	case w.Asked == 0:
		return append(all, freight.Clock{At: w.Ask, Kind: freight.ClockStill, ID: id})
	}
	return append(all, freight.Clock{At: w.Until, Kind: freight.ClockLapse, ID: id})
}

// still asks the owner of a load or a trip whether it is still true.
func (t *turn) still(id freight.ID) bool {
	due := func(w freight.Lease) bool { return w.Until != 0 && w.Asked == 0 && w.Ask < t.now }
	if old := t.loads.get(id); old != nil && old.State == freight.LoadPosted && due(old.Word) {
		l := *old
		l.Word = old.Word.Reminded(t.now)
		t.sayLoad(&l, freight.EventLoadStill)
		return true
	}
	if old := t.trips.get(id); old != nil && old.Taking() && due(old.Word) {
		tr := *old
		tr.Word = old.Word.Reminded(t.now)
		t.sayTrip(&tr, freight.EventTripStill, tr.Word.Until)
		return true
	}
	if old := t.trips.get(id); old != nil && old.Again.Due() && t.now < old.Starts() && t.expected(old) && due(old.Again.Lease) {
		t.again(old)
		return true
	}
	return false
}

func (t *turn) sayLoad(l *freight.Load, what freight.EventType) {
	t.touch(&l.Meta)
	t.saveLoad(l)
	facts := loadFacts(l)
	facts.Expires = l.Word.Until
	t.tell(l.Org, what, &l.Meta, facts)
}

// sayTrip keeps a trip and tells its operator, who has until an instant to say what he is asked.
func (t *turn) sayTrip(tr *freight.Trip, what freight.EventType, until freight.Instant) {
	t.touch(&tr.Meta)
	t.saveTrip(tr)
	facts := tripFacts(tr)
	facts.Expires = until
	t.tell(tr.Org, what, &tr.Meta, facts)
}

// lapse lets a load or a trip go whose owner has not said that it is still true. A load
// leaves with its last word, as one does whose pickup ends.
func (t *turn) lapse(id freight.ID) (bool, error) {
	if l := t.loads.get(id); l != nil && l.State == freight.LoadPosted && l.Word.Over(t.now) {
		t.need(Need{Kind: NeedExplain, ID: id, Load: l, Final: true})
		return true, nil
	}
	if tr := t.trips.get(id); tr != nil && tr.Taking() && tr.Word.Over(t.now) {
		return true, t.lapseTrip(tr)
	}
	if tr := t.trips.get(id); tr != nil && tr.Again.Due() && t.expected(tr) && tr.Again.Over(t.now) {
		return true, t.unconfirmed(tr)
	}
	return false, nil
}

func (t *turn) lapseTrip(tr *freight.Trip) error {
	if tr.State == freight.TripOpen || tr.Roaming {
		t.lastWord(tr)
	}
	t.endOffersOn(tr.ID, freight.ReasonLease)
	if tr.Word.Over(t.now) {
		t.count(tr.Org, freight.Tally{Lapsed: 1})
	}
	_, err := t.moveTrip(tr, freight.TripLapse, freight.EventTripLapsed)
	return err
}

func (t *turn) lapseLoad(old *freight.Load) (*freight.Load, error) {
	t.endOffers(t.OpenOffers(old.ID), freight.OfferWithdraw, freight.ReasonUnrenewed)
	l, err := t.closeLoad(old, freight.LoadLapse, freight.OutcomeLapsed)
	if err != nil {
		return nil, err
	}
	t.count(l.Org, freight.Tally{Lapsed: 1})
	t.tell(l.Org, freight.EventLoadLapsed, &l.Meta, loadFacts(l))
	return l, nil
}

// wentBy is why a load has left the market with its last word.
func (t *turn) wentBy(load freight.ID) freight.Reason {
	if l := t.loads.get(load); l != nil && l.Outcome == freight.OutcomeLapsed {
		return freight.ReasonUnrenewed
	}
	return freight.ReasonWindowPickup
}

// keepLoad is its shipper's word that a load is still true. A booked one needs none.
func (t *turn) keepLoad(act freight.KeepLoad) (freight.Result, error) {
	old, err := t.ownLoad(act.Load, act.Version)
	switch {
	case err != nil:
		return freight.Result{}, err
	case old.State == freight.LoadCommitted:
		return freight.Result{Load: old}, nil
	case old.State == freight.LoadPosted:
		l := *old
		l.Word = t.wordOf(old)
		t.sayLoad(&l, freight.EventLoadKept)
		return freight.Result{Load: &l}, nil
	case old.Outcome != freight.OutcomeLapsed:
		return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
	}
	terms := old.LoadTerms
	if terms.AnswerBy <= t.now {
		terms.AnswerBy = 0
	}
	return t.restate(old, terms, old.Direct, freight.EventLoadPosted)
}

// keepTrip is its operator's word that a trip is still true, and that he drives. One that
// has lapsed because he did not say so takes loads again; one whose own lease is over is
// announced anew, unless it is what he has promised that he is asked about.
func (t *turn) keepTrip(act freight.KeepTrip) (freight.Result, error) {
	old, err := t.ownTrip(act.Trip, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	tr := *old
	if !old.Taking() {
		if old.State != freight.TripLapsed {
			return freight.Result{}, freight.Refuse(freight.ProblemState, "state", string(old.State))
		}
		over := t.now >= old.Lease
		if over && !old.Again.Open() {
			return freight.Result{}, freight.Refuse(freight.ProblemExpired, "lease", old.Lease.String())
		}
		if !over {
			tr.State, err = t.reopened(old)
		}
	}
	if err := cmp.Or(err, t.drives(&tr)); err != nil {
		return freight.Result{}, err
	}
	if tr.Taking() {
		tr.Word = t.wordOfTrip(&tr.TripTerms)
	}
	t.sayTrip(&tr, freight.EventTripKept, tr.Word.Until)
	t.need(Need{Kind: NeedLoads, ID: tr.ID})
	return freight.Result{Trip: &tr}, nil
}

// reopened is the state of a lapsed trip that takes loads again: it may have set out
// meanwhile.
func (t *turn) reopened(tr *freight.Trip) (freight.TripState, error) {
	state, err := freight.NextTrip(tr.State, freight.TripRenew)
	if err == nil && tr.Plan[0].Leave < t.now {
		return freight.NextTrip(state, freight.TripDepart)
	}
	return state, err
}

// putOffWords gives owners back the time that an outage took from them.
func (t *turn) putOffWords(since freight.Instant) {
	later := func(w freight.Lease) freight.Lease {
		if w.Until != 0 {
			w.Ask, w.Until = t.back(since, w.Ask), t.back(since, w.Until)
		}
		return w
	}
	for _, id := range all(&t.loads) {
		if old := t.loads.get(id); old != nil && old.State == freight.LoadPosted && later(old.Word) != old.Word {
			l := *old
			l.Word = later(old.Word)
			t.sayLoad(&l, freight.EventLoadExtended)
		}
	}
	for _, id := range t.trips.all() {
		if old := t.trips.get(id); old != nil && old.Taking() && later(old.Word) != old.Word {
			tr := *old
			tr.Word = later(old.Word)
			t.sayTrip(&tr, freight.EventTripExtended, tr.Word.Until)
		}
		t.putOffAgain(t.trips.get(id), later)
	}
}
