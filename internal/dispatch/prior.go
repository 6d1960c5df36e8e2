package dispatch

import (
	"context"
	"errors"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// lookUp asks the store once for what a batch needs: first answers of its keys,
// references it wants, and ended rows it wants to revive.
func (e *Engine) lookUp(ctx context.Context, batch []freight.Command) (freight.Known, error) {
	ask := freight.Prior{Market: e.market.ID}
	for _, cmd := range batch {
		if _, note := cmd.Act.(freight.NoteRefusal); cmd.Key != "" && !note {
			ask.Keys = append(ask.Keys, keyOf(cmd))
		}
		switch act := cmd.Act.(type) {
		case freight.PostLoad:
			ask.Refs = appendRef(ask.Refs, freight.KindLoad, cmd.Org, act.Terms.Ref)
		case freight.EditLoad:
			ask.Refs = appendRef(ask.Refs, freight.KindLoad, cmd.Org, act.Terms.Ref)
			ask.Loads = e.appendEnded(ask.Loads, act.Load)
		case freight.RepostLoad:
			ask.Refs = appendRef(ask.Refs, freight.KindLoad, cmd.Org, act.Terms.Ref)
			ask.Loads = e.appendEnded(ask.Loads, act.Load)
		case freight.WithdrawLoad:
			ask.Loads = e.appendEnded(ask.Loads, act.Load)
		case freight.KeepLoad:
			ask.Loads = e.appendEnded(ask.Loads, act.Load)
		case freight.AskDesk:
			ask.Loads, ask.Bookings = e.appendSubject(ask.Loads, ask.Bookings, act)
		case freight.BookNow:
			ask.Loads, ask.Trips = e.appendEnded(ask.Loads, act.Load), e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.AcceptOffer, freight.DeclineOffer, freight.CounterOffer, freight.SeeOffer, freight.ReceiveOffer:
			ask.Offers = e.appendEndedOffer(ask.Offers, act)
		case freight.ConfirmBooking, freight.RefuseBooking, freight.MoveGoods, freight.AddProof:
			ask.Bookings = e.appendEndedBooking(ask.Bookings, act)
		case freight.AnnounceTrip:
			ask.Refs = appendRef(ask.Refs, freight.KindTrip, cmd.Org, act.Terms.Ref)
		case freight.EditTrip:
			ask.Refs = appendRef(ask.Refs, freight.KindTrip, cmd.Org, act.Terms.Ref)
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.ExplainTrip:
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.CancelTrip:
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.DelayTrip:
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.BreakTrip:
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.KeepTrip:
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		case freight.RenewTrip:
			ask.Refs = appendRef(ask.Refs, freight.KindTrip, cmd.Org, act.Terms.Ref)
			ask.Trips = e.appendEndedTrip(ask.Trips, act.Trip)
		}
	}
	if len(ask.Keys)+len(ask.Refs)+len(ask.Loads)+len(ask.Trips)+len(ask.Bookings)+len(ask.Offers) == 0 {
		return freight.Known{}, nil
	}
	return e.cfg.Store.Prior(ctx, ask)
}

func appendRef(refs []freight.Ref, kind string, org freight.ID, ref string) []freight.Ref {
	if ref == "" {
		return refs
	}
	return append(refs, freight.Ref{Kind: kind, Org: org, Ref: ref})
}

func (e *Engine) appendEnded(list []freight.ID, load freight.ID) []freight.ID {
	if e.live.Load(load) != nil {
		return list
	}
	return append(list, load)
}

// appendSubject adds what a ticket is about.
func (e *Engine) appendSubject(loads, bookings []freight.ID, act freight.AskDesk) ([]freight.ID, []freight.ID) {
	if act.Load != "" {
		loads = e.appendEnded(loads, act.Load)
	}
	if act.Booking != "" {
		bookings = append(bookings, act.Booking)
	}
	return loads, bookings
}

func (e *Engine) appendEndedTrip(list []freight.ID, trip freight.ID) []freight.ID {
	if e.live.Trip(trip) != nil {
		return list
	}
	return append(list, trip)
}

// appendEndedOffer adds an offer that is answered though it cannot be any more.
func (e *Engine) appendEndedOffer(list []freight.ID, act freight.Act) []freight.ID {
	if id := freight.NamingOf(act).Subject; e.live.Offer(id) == nil {
		return append(list, id)
	}
	return list
}

// appendEndedBooking adds a booking that is answered though it holds no room any more.
func (e *Engine) appendEndedBooking(list []freight.ID, act freight.Act) []freight.ID {
	if id := freight.NamingOf(act).Subject; e.live.Present(id) == (freight.Present{}) {
		return append(list, id)
	}
	return list
}

func keyOf(cmd freight.Command) freight.Key {
	return freight.Key{Org: cmd.Org, Name: cmd.Key, Hash: cmd.Hash}
}

// answers finds the first answer to a keyed request: from the store, or given
// earlier in the same round.
type answers struct{ byName map[freight.ID]freight.Answer }

func newAnswers(known []freight.Answer) *answers {
	a := &answers{byName: make(map[freight.ID]freight.Answer, len(known))}
	for _, answer := range known {
		a.byName[nameOf(answer.Key)] = answer
	}
	return a
}

func nameOf(k freight.Key) freight.ID { return k.Org + "\x00" + freight.ID(k.Name) }

// first returns the outcome that a repeated request gets; false for a new key.
func (a *answers) first(cmd freight.Command) (Outcome, bool) {
	known, ok := a.byName[nameOf(keyOf(cmd))]
	switch {
	case !ok:
		return Outcome{}, false
	case known.Key.Hash != cmd.Hash:
		return Outcome{Err: freight.Refuse(freight.ProblemKeyReused, "Idempotency-Key", cmd.Key)}, true
	case known.Refusal != nil:
		return Outcome{Err: known.Refusal}, true
	}
	return Outcome{Result: known.Result}, true
}

// keep notes an answer that will not change: what was done, or a conflict.
// Faults of the request itself are found again by whoever repeats it.
func (a *answers) keep(at freight.Instant, cmd freight.Command, o Outcome, round *book.Book) {
	answer := freight.Answer{Key: keyOf(cmd), At: at, Result: o.Result}
	if o.Err != nil {
		var refusal *freight.Error
		if !errors.As(o.Err, &refusal) || refusal.Code != freight.Conflict {
			return
		}
		answer.Refusal = refusal
	}
	a.byName[nameOf(answer.Key)] = answer
	round.Answer(answer)
}
