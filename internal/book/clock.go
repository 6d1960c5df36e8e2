package book

import (
	"pinhuo/freight"
	"pinhuo/internal/desk"
	"pinhuo/internal/outreach"
)

// Clocks returns every clock of the entities that b changed: those of a fork
// for a committed round, those of everything for the live book. A clock that no
// longer applies when it runs out is ignored.
func (b *Book) Clocks() []freight.Clock {
	var all []freight.Clock
	for id, l := range b.loads.own {
		if l != nil && l.State == freight.LoadPosted {
			all = append(all, freight.Clock{At: l.Pickup.Window.Close, Kind: freight.ClockLoad, ID: id})
			all = appendWord(all, id, &l.Word)
			if l.Answer == 0 {
				all = append(all, freight.Clock{At: l.AnswerBy, Kind: freight.ClockAnswer, ID: id},
					freight.Clock{At: l.Asks(), Kind: freight.ClockAsk, ID: id}, freight.Clock{At: l.Minds(), Kind: freight.ClockDesk, ID: id})
			}
			if l.Turned != 0 {
				all = append(all, freight.Clock{At: l.Turned + desk.Silence, Kind: freight.ClockDesk, ID: id})
			}
		}
	}
	b.trips.each(func(id freight.ID, tr *freight.Trip) {
		if tr.Live() {
			all = append(all, tripClock(id, tr))
			if tr.Taking() {
				all = appendWord(all, id, &tr.Word)
			}
			if tr.Again.Due() && b.expected(tr) {
				all = appendWord(all, id, &tr.Again.Lease)
			}
			if tr.State == freight.TripLapsed {
				all = append(all, freight.Clock{At: tr.Plan[0].Leave, Kind: freight.ClockDepart, ID: id})
			}
			if at := b.idleAt(tr); at != 0 {
				all = append(all, freight.Clock{At: at, Kind: freight.ClockIdle, ID: id})
			}
			if tr.Lease < tr.Ends() && mayLapse(tr) {
				all = append(all, freight.Clock{At: tr.Lease, Kind: freight.ClockLease, ID: id})
			}
		}
	})
	for id, o := range b.offers.own {
		if o != nil && o.Open() {
			all = append(all, freight.Clock{At: o.Expires, Kind: freight.ClockOffer, ID: id})
		}
	}
	for id, k := range b.bookings.own {
		if k != nil && k.State == freight.BookingHeld {
			all = append(all, freight.Clock{At: k.Until, Kind: freight.ClockHold, ID: id})
		}
		if k != nil && k.Custody.Risk.Since != 0 && k.Live() && b.tickets.get(k.Custody.Ticket) == nil {
			all = append(all, freight.Clock{At: k.Custody.Risk.Until, Kind: freight.ClockRisk, ID: id})
		}
	}
	for id, p := range b.pools.own {
		if p != nil && p.Live() {
			all = append(all, freight.Clock{At: p.Deadline, Kind: freight.ClockPool, ID: id})
		}
	}
	for id, tk := range b.tickets.own {
		if tk != nil && tk.Live() && tk.Late == 0 {
			all = append(all, freight.Clock{At: tk.Due, Kind: freight.ClockTicket, ID: id})
		}
	}
	for id, at := range b.laters.own {
		if at != nil {
			all = append(all, freight.Clock{At: *at, Kind: freight.ClockLater, ID: id})
		}
	}
	for id, first := range b.firsts.own {
		if l := b.loads.get(id); first != nil && l != nil && l.State == freight.LoadPosted {
			w := outreach.WavesOf(l, first.at)
			for k := 1; k < len(w.Sizes); k++ {
				all = append(all, freight.Clock{At: first.at + freight.Instant(k)*w.Wait, Kind: freight.ClockWave, ID: id})
			}
		}
	}
	return all
}

func tripClock(id freight.ID, tr *freight.Trip) freight.Clock {
	if stuck(tr) {
		return freight.Clock{At: finish(tr) + freight.OverdueTicket, Kind: freight.ClockCustody, ID: id}
	}
	if tr.State == freight.TripOpen {
		return freight.Clock{At: tr.Plan[0].Leave, Kind: freight.ClockDepart, ID: id}
	}
	return freight.Clock{At: finish(tr), Kind: freight.ClockTrip, ID: id}
}

// stuck tells whether a trip that goes no further waits for what is on it.
func stuck(tr *freight.Trip) bool {
	return tr.State == freight.TripOverdue || tr.State == freight.TripStopped
}

// mayLapse tells whether the end of its lease changes anything for a live trip.
func mayLapse(tr *freight.Trip) bool { return tr.Taking() || tr.State == freight.TripAnnounced }

// finish is when the last call is done; a free-roaming truck may be given more
// work until its horizon.
func finish(tr *freight.Trip) freight.Instant {
	if tr.Roaming {
		return tr.Horizon
	}
	return tr.Plan[len(tr.Plan)-1].Leave
}

// tick lets one clock take effect. The present entity decides: a clock set for
// a version that is gone does nothing.
func (t *turn) tick(c freight.Clock) (freight.Result, error) {
	var done bool
	var err error
	switch c.Kind {
	case freight.ClockOffer:
		done = t.expireOffer(c.ID)
	case freight.ClockAnswer:
		done = t.answerDue(c.ID)
	case freight.ClockLoad:
		done = t.loadOver(c.ID)
	case freight.ClockHold:
		done, err = t.holdOver(c.ID)
	case freight.ClockRisk:
		done, err = t.riskDue(c.ID)
	case freight.ClockPool:
		done = t.poolDue(c.ID)
	case freight.ClockWave:
		done = t.waveDue(c.ID)
	case freight.ClockLater:
		done = t.laterDue(c.ID)
	case freight.ClockAsk:
		done = t.askWhy(c.ID)
	case freight.ClockDesk:
		done, err = t.mind(c.ID)
	case freight.ClockStill:
		done = t.still(c.ID)
	case freight.ClockLapse:
		done, err = t.lapse(c.ID)
	case freight.ClockTicket:
		done, err = t.ticketDue(c.ID)
	default:
		done, err = t.tickTrip(c)
	}
	if err == nil && !done {
		err = freight.Refuse(freight.ProblemStale, "clock", string(c.ID))
	}
	return freight.Result{}, err
}

func (t *turn) expireOffer(id freight.ID) bool {
	o := t.offers.get(id)
	if o == nil || !o.Open() || o.Expires >= t.now {
		return false
	}
	over := []*freight.Offer{o}
	for _, other := range t.lines(o.Bundle) {
		if other.ID != id && other.Expires < t.now {
			over = append(over, other)
		}
	}
	t.endOffers(over, freight.OfferExpire, freight.ReasonExpiredOffer)
	for _, o := range over {
		t.turnedDown(o.Load)
		t.need(Need{Kind: NeedTrips, ID: o.Load})
		t.answered(o.Trip)
	}
	return true
}

func (t *turn) answerDue(id freight.ID) bool {
	l := t.loads.get(id)
	if l == nil || l.State != freight.LoadPosted || l.Answer != 0 || l.AnswerBy > t.now {
		return false
	}
	t.tellDesks(freight.EventLoadUnanswered, l, loadFacts(l))
	t.need(Need{Kind: NeedExplain, ID: id, Load: l})
	return true
}

// askWhy has a load explained while there is still time to find it a person.
func (t *turn) askWhy(id freight.ID) bool {
	l := t.loads.get(id)
	if l == nil || l.State != freight.LoadPosted || l.Answer != 0 || l.Asks() > t.now {
		return false
	}
	t.need(Need{Kind: NeedExplain, ID: id, Load: l})
	return true
}

// mind gives a load its person that is still not explained shortly before its
// answer_by, or that is explained and has been turned down by everybody since.
func (t *turn) mind(id freight.ID) (bool, error) {
	l := t.loads.get(id)
	if l == nil || l.State != freight.LoadPosted || t.minded.get(id) != nil {
		return false, nil
	}
	if l.Answer == 0 && l.Minds() > t.now || l.Answer != 0 && (l.Turned == 0 || l.Turned+desk.Silence > t.now) {
		return false, nil
	}
	cause := desk.Needs(t.plight(l, l.Answer != 0))
	if cause == "" {
		return false, nil
	}
	return true, t.openUnanswered(l, cause, nil)
}

// loadOver asks for the last word on a load whose pickup window has ended. The
// load leaves with that word and in its transaction, so that no crash between
// the two leaves it unanswered.
func (t *turn) loadOver(id freight.ID) bool {
	l := t.loads.get(id)
	if l == nil || !over(l, t.now) {
		return false
	}
	t.need(Need{Kind: NeedExplain, ID: id, Load: l, Final: true})
	return true
}

func over(l *freight.Load, now freight.Instant) bool {
	return l.State == freight.LoadPosted && l.Ends() < now
}

func (t *turn) tickTrip(c freight.Clock) (bool, error) {
	tr := t.trips.get(c.ID)
	switch {
	case tr == nil || !tr.Live():
		return false, nil
	case c.Kind == freight.ClockIdle:
		return t.idle(tr), nil
	case c.Kind == freight.ClockDepart && tr.State == freight.TripOpen && tr.Plan[0].Leave < t.now:
		if !tr.Roaming {
			t.lastWord(tr)
		}
		t.settle(tr)
		_, err := t.moveTrip(tr, freight.TripDepart, freight.EventTripUnderway)
		return true, err
	case c.Kind == freight.ClockDepart && tr.State == freight.TripLapsed && tr.Plan[0].Leave < t.now:
		return t.settle(tr), nil
	case c.Kind == freight.ClockLease && tr.Lease <= t.now && mayLapse(tr):
		return true, t.lapseTrip(tr)
	case c.Kind == freight.ClockCustody && stuck(tr) && finish(tr)+freight.OverdueTicket < t.now:
		return t.callFor(tr, freight.CauseNoEnd)
	case c.Kind == freight.ClockTrip && !stuck(tr) && finish(tr) < t.now:
		return true, t.endTrip(tr)
	}
	return false, nil
}
