package book

import (
	"cmp"
	"fmt"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// turn is one command being applied to its fork.
type turn struct {
	*Book
	fit matcher.Fit
	now freight.Instant
	cmd freight.Command

	bundles map[freight.ID][]freight.ID // that the command changed -> offers of theirs that it did

	fault error // of a pool or ticket that a saved load changed: it is the command's
}

// Apply lets one command change the book, which should be a fork of a round: on
// an error the fork is thrown away. Errors are *freight.Error values fit for the
// asker.
func (b *Book) Apply(now freight.Instant, cmd freight.Command) (freight.Result, error) {
	t := &turn{Book: b, now: now, cmd: cmd, fit: matcher.Fit{Costs: b.Costs(), Duty: b.env.Duty, Measure: b.env.Measure, By: b.env.By, Turn: b.env.Turn, Now: now}}
	result, err := t.act()
	if err = cmp.Or(err, t.fault); err != nil {
		return freight.Result{}, err
	}
	t.bundle()
	result.Seq = b.eventSeq
	return result, nil
}

func (t *turn) act() (freight.Result, error) {
	switch act := t.cmd.Act.(type) {
	case freight.PostLoad:
		return t.postLoad(act)
	case freight.EditLoad:
		return t.editLoad(act)
	case freight.WithdrawLoad:
		return t.withdrawLoad(act)
	case freight.RepostLoad:
		return t.repostLoad(act)
	case freight.AnnounceTrip:
		return t.announceTrip(act)
	case freight.EditTrip:
		return t.editTrip(act)
	case freight.CancelTrip:
		return t.cancelTrip(act)
	case freight.BreakTrip:
		return t.breakTrip(act)
	case freight.RenewTrip:
		return t.renewTrip(act)
	case freight.KeepLoad:
		return t.keepLoad(act)
	case freight.KeepTrip:
		return t.keepTrip(act)
	case freight.SeeOffer:
		return t.seeOffer(act)
	case freight.ReceiveOffer:
		return t.receiveOffer(act)
	case freight.AcceptOffer:
		return t.acceptOffer(act)
	case freight.DeclineOffer:
		return t.declineOffer(act)
	case freight.BookNow:
		return t.bookNow(act)
	case freight.CounterOffer:
		return t.counterOffer(act)
	case freight.ConfirmBooking:
		return t.confirmBooking(act)
	case freight.RefuseBooking:
		return t.refuseBooking(act)
	case freight.MoveGoods:
		return t.moveGoods(act)
	case freight.AddProof:
		return t.addProof(act)
	case freight.DelayTrip:
		return t.delayTrip(act)
	case freight.AcceptBundle:
		return t.acceptBundle(act)
	case freight.DeclineBundle:
		return t.declineBundle(act)
	case freight.ReviewBundle:
		return t.reviewBundle(act)
	case freight.ReviewOffer:
		return t.reviewOffer(act)
	case freight.Propose:
		return t.propose(act)
	case freight.ProposeSet:
		return t.proposeSet(act)
	case freight.ExplainLoad:
		return t.explainLoad(act)
	case freight.ExplainTrip:
		return t.explainTrip(act)
	case freight.ProposeReload:
		return t.proposeReload(act)
	case freight.FormPool:
		return t.formPool(act)
	case freight.JoinPool:
		return t.joinPool(act)
	case freight.ConsentPool:
		return t.consentPool(act)
	case freight.DeclinePool:
		return t.declinePool(act)
	case freight.TakePool:
		return t.takePool(act)
	case freight.AskDesk:
		return t.askDesk(act)
	case freight.MoveTicket:
		return t.moveTicket(act)
	case freight.SetOfficer:
		return t.setOfficer(act)
	case freight.MarkOfficer:
		return t.markOfficer(act)
	case freight.SetPreference:
		return t.setPreference(act)
	case freight.AskLater:
		return t.askLater(act)
	case freight.SetCosts:
		return t.setCosts(act)
	case freight.KeepBrief:
		return t.keepBrief(act)
	case freight.Resume:
		return t.resume(act)
	case freight.Tick:
		return t.tick(act.Clock)
	}
	return freight.Result{}, &freight.Error{Code: freight.Internal, Problem: freight.ProblemInternal,
		Cause: fmt.Errorf("book: no rule for %T", t.cmd.Act)}
}

// meta starts a new row.
func (t *turn) meta(prefix string, org freight.ID) freight.Meta {
	return freight.Meta{ID: t.env.Mint.Mint(prefix, t.now), Market: t.env.Market.ID, Org: org, Version: 1,
		Made: t.now, Changed: t.now, Actor: t.cmd.Actor, Behalf: t.cmd.Behalf}
}

func (t *turn) touch(m *freight.Meta) { m.Touch(t.now, t.cmd.Actor, t.cmd.Behalf) }

// The save functions place a new version and tell replicas of it.

func (t *turn) saveLoad(l *freight.Load) {
	old := t.loads.get(l.ID)
	t.placeLoad(l)
	t.changed(freight.KindLoad, &l.Meta)
	if old != nil && old.Waits(t.now) && !l.Waits(t.now) {
		t.tellDesks(freight.EventLoadSettled, l, loadFacts(l))
	}
	t.reviewPoolOf(l)
	t.reviewTicketOf(l, old)
}

func (t *turn) saveTrip(tr *freight.Trip) {
	t.foresee(tr)
	t.placeTrip(tr)
	t.changed(freight.KindTrip, &tr.Meta)
	t.records = append(t.records, freight.TripRecord{At: t.now, Trip: *tr})
}

func (t *turn) saveOffer(o *freight.Offer) {
	t.noteLine(o)
	t.placeOffer(o)
	t.changed(freight.KindOffer, &o.Meta)
}

func (t *turn) saveBooking(k *freight.Booking) {
	t.placeBooking(k)
	t.changed(freight.KindBooking, &k.Meta)
}

func (t *turn) saveVehicle(v *freight.Vehicle) {
	t.placeVehicle(v)
	t.changed(freight.KindVehicle, &v.Meta)
}

func (t *turn) changed(kind string, m *freight.Meta) {
	t.changeSeq++
	t.changes = append(t.changes, freight.Change{Market: t.env.Market.ID, Seq: t.changeSeq, Kind: kind, ID: m.ID, Version: m.Version})
}

// tell adds an event for one audience.
func (t *turn) tell(audience freight.ID, what freight.EventType, subject *freight.Meta, facts freight.Facts) {
	t.eventSeq++
	t.events = append(t.events, freight.Event{
		Market: t.env.Market.ID, Seq: t.eventSeq, Audience: audience, Type: what, Schema: freight.EventSchema, At: t.now,
		Actor: t.cmd.Actor, Behalf: t.cmd.Behalf, Subject: subject.ID, Version: subject.Version, Facts: facts,
	})
}

// tellDesks adds an event about a load for the market's desk.
func (t *turn) tellDesks(what freight.EventType, l *freight.Load, facts freight.Facts) {
	for _, desk := range t.env.Desks {
		t.tell(desk, what, &l.Meta, facts)
	}
}

func (t *turn) need(n Need) {
	if l := t.loads.get(n.ID); l != nil {
		n.First = l.First
	}
	t.needs = append(t.needs, n)
}

// ownLoad returns the asker's live load, or not_found.
func (t *turn) ownLoad(id freight.ID, version int64) (*freight.Load, error) {
	l := t.loads.get(id)
	if l == nil || l.Org != t.cmd.Org {
		return nil, freight.Missing("load", id)
	}
	return l, sameVersion(version, l.Version)
}

func (t *turn) ownTrip(id freight.ID, version int64) (*freight.Trip, error) {
	tr := t.trips.get(id)
	if tr == nil || tr.Org != t.cmd.Org {
		return nil, freight.Missing("trip", id)
	}
	return tr, sameVersion(version, tr.Version)
}

// sameVersion lets version 0 stand for whatever there is.
func sameVersion(named, present int64) error {
	if named != 0 && named != present {
		return freight.Refuse(freight.ProblemStale, "version", fmt.Sprint(named))
	}
	return nil
}

func (t *turn) freeRef(kind, ref string, mine freight.ID) error {
	if ref == "" {
		return nil
	}
	if holder := t.refs.get(refKey(kind, t.cmd.Org, ref)); holder != nil && *holder != mine {
		return freight.Refuse(freight.ProblemDuplicateRef, "ref", ref)
	}
	return nil
}
