package audit

import (
	"slices"

	"pinhuo/freight"
)

// groupTickets groups what was read of the desk.
func (w *world) groupTickets() {
	w.ticketsFor = map[freight.ID][]*freight.Ticket{}
	for _, id := range sorted(w.tickets) {
		if t := w.tickets[id]; t.Load != "" {
			w.ticketsFor[t.Load] = append(w.ticketsFor[t.Load], t)
		}
	}
	for _, id := range sorted(w.officers) {
		if made := w.officers[id].Made; w.manned == 0 || made < w.manned {
			w.manned = made
		}
	}
}

// checkTickets judges each ticket by its log, its clock and its owner, and each
// load whose explanation was no answer by whether it has its person.
func (w *world) checkTickets() {
	for _, id := range sorted(w.tickets) {
		t := w.tickets[id]
		row := []Row{{freight.KindTicket, id}}
		w.wantOrg(row[0], t.Org)
		if l := w.loads[t.Load]; t.Load != "" && l == nil || t.Booking != "" && w.bookings[t.Booking] == nil {
			w.note(DanglingRow, append(row, Row{freight.KindLoad, t.Load}))
		}
		if b := w.bookings[t.Booking]; t.Kind == freight.TicketDispute && b != nil &&
			[2]freight.ID{t.Org, t.Other} != [2]freight.ID{b.Org, b.Shipper} && [2]freight.ID{t.Other, t.Org} != [2]freight.ID{b.Org, b.Shipper} {
			w.note(TicketState, append(row, Row{freight.KindBooking, t.Booking}))
		}
		if at := wrongEntry(t); at >= 0 {
			w.note(TicketState, row, Number{"entry", int64(at)}, Number{"version", t.Version})
		}
		w.checkOwner(t, row)
		w.checkClocks(t, row)
		w.checkCause(t, row)
	}
	w.checkRoster()
	for _, told := range w.unanswered {
		w.checkMinded(told.subject, told.at)
	}
	for _, id := range sorted(w.briefs) {
		w.checkBrief(w.briefs[id])
	}
}

// checkOwner wants a live ticket to have a clock that runs and an owner: an officer
// of the desk, who is still on the roster while there is work to do.
func (w *world) checkOwner(t *freight.Ticket, row []Row) {
	var was, is bool
	for _, o := range w.officers {
		if o.User == t.Owner && o.Org == t.Desk {
			was, is = true, is || !o.Off
		}
	}
	if live := t.State != "closed"; !was || live && (t.Due == 0 || t.State != "done" && !is) {
		w.note(TicketOwner, row, Number{"due_ms", int64(t.Due)}, Number{"version", t.Version})
	}
	if late := w.now - t.Due; t.State != "closed" && t.Late == 0 && late > w.opts.Grace {
		w.note(TicketOverdue, row, Number{"late_s", ceilSeconds(late)})
	}
}

// checkCause wants what a ticket opened for to have happened before.
func (w *world) checkCause(t *freight.Ticket, row []Row) {
	happened := true
	switch t.Cause {
	case "lost":
		happened = slices.ContainsFunc(w.bookingsFor[t.Load], func(b *freight.Booking) bool { return b.State == "released" && b.Changed <= t.Made })
	case "refused":
		happened = slices.ContainsFunc(w.offersFor[t.Load], func(o *freight.Offer) bool {
			return (o.State == "declined" || o.State == "expired") && o.Changed <= t.Made
		})
	case "in_vain":
		l := w.loads[t.Load]
		happened = l != nil && (l.Applied || l.Stated > 1)
	}
	if t.Kind == freight.TicketCustody {
		w.checkCalled(t, row)
		return
	}
	if !happened || t.Cause != "" && t.Kind != freight.TicketUnanswered {
		w.note(TicketCauseless, row, Number{"made_ms", int64(t.Made)})
	}
}

// wrongEntry is the first entry of a ticket's log that may not stand where it does,
// len(Log) where the whole does not lead to the ticket, -1 where all is sound. It
// knows the life of a ticket by itself.
func wrongEntry(t *freight.Ticket) int {
	state, before := "", freight.TicketEntry{}
	for i, e := range t.Log {
		asker, desk, nobody := e.Org == t.Org, e.Org != "" && e.Org != t.Org && e.Org != t.Other, e.Actor == "" && e.Org == ""
		working := state == "open" || state == "taken"
		sound, to := false, state
		switch e.Event {
		case "ask":
			sound, to = i == 0 && !desk, "open"
		case "take":
			sound, to = working && desk && e.Actor == e.Owner, "taken"
		case "note":
			sound = state != "" && state != "closed" && e.Owner == before.Owner
		case "hand_over":
			sound, to = working && desk && e.Owner != before.Owner, "open"
		case "escalate":
			sound, to = working && nobody && e.At > before.Due, "open"
		case "stand_in":
			sound, to = working && nobody && e.Owner != before.Owner, "open"
		case "finish":
			sound, to = working && desk && e.Actor == before.Owner, "done"
		case "settle":
			sound, to = working && nobody, "done"
		case "reopen":
			sound, to = state == "done" && !desk, "open"
		case "confirm": // his word, whoever works on it
			sound, to = (working || state == "done") && asker, "closed"
		case "lapse": // the stated wait, in silence
			sound, to = state == "done" && nobody && e.At > before.Due, "closed"
		}
		if !sound || e.At < before.At || e.Owner == "" {
			return i
		}
		state, before = to, e
	}
	if state != string(t.State) || before.Owner != t.Owner || t.Due < before.Due {
		return len(t.Log)
	}
	return -1
}

// checkRoster wants one head and one default officer where there is a roster, and
// no firm bound twice.
func (w *world) checkRoster() {
	var heads, defaults, on int64
	firms := map[freight.ID]bool{}
	for _, id := range sorted(w.officers) {
		o := w.officers[id]
		row := []Row{{freight.KindOfficer, id}}
		w.wantOrg(row[0], o.Org)
		if o.Off {
			continue
		}
		on++
		if o.Head {
			heads++
		}
		if o.Default {
			defaults++
		}
		for _, firm := range o.Firms {
			if firms[firm] {
				w.note(RosterWrong, append(row, Row{"org", firm}))
			}
			firms[firm] = true
		}
	}
	if on > 0 && (heads != 1 || defaults != 1) {
		w.note(RosterWrong, []Row{{"market", w.market.Market.ID}}, Number{"heads", heads}, Number{"defaults", defaults})
	}
}

// plight is a load on the market that was told something that is no answer.
type plight struct {
	subject freight.ID
	at      freight.Instant
}

// pity notes explanations that left a load on the market without an answer. One of
// before there were next steps answers where it names a change.
func (w *world) pity(e *freight.Event) {
	l := w.loads[e.Subject]
	if e.Type != freight.EventLoadExplained || l == nil || e.Audience != l.Org || e.Facts.State != "posted" {
		return
	}
	sought, helps := e.Facts.Remedy != nil, e.Facts.Remedy != nil && e.Facts.Remedy.Kind != freight.RemedyNone
	next := e.Facts.Vehicle != "" && e.Facts.Alone > 0
	if !sought || !helps && !next || next && w.owes(l, e) {
		w.unanswered = append(w.unanswered, plight{e.Subject, e.At})
	}
}

// owes tells whether more than an explanation is owed: the load's present terms are the
// change that it was told would help, or it was offered to somebody whose trip still took
// loads and who said no for good; and nobody is asked.
func (w *world) owes(l *freight.Load, e *freight.Event) bool {
	if l.Stated > e.Version {
		return false // of terms that are gone
	}
	noes := map[freight.ID][]*freight.Offer{} // by trip
	for _, o := range w.offersFor[l.ID] {
		if o.Made <= e.At && (o.State == "sent" || o.State == "seen" || o.State == "countered" || o.Changed > e.At) {
			return false // he may still say yes
		}
		trip := w.trips[o.Trip]
		said := (o.State == "declined" || o.State == "expired") && o.Changed < e.At
		if said && trip != nil && o.LoadVersion >= l.Stated && o.TripVersion >= trip.Stated {
			noes[o.Trip] = append(noes[o.Trip], o)
		}
	}
	for id, list := range noes {
		trip := w.trips[id]
		took := trip.Lease > e.At && (trip.State == "open" || trip.State == "underway" || trip.Changed > e.At)
		if took && forGood(l, list) {
			return true
		}
	}
	return l.Applied && l.State == "posted"
}

// forGood tells whether one operator's noes to a load leave nothing to ask him with: the
// last, which is the dearest, was for the most that may be offered; or it was for
// something that no price mends; or he was asked six times, or was silent three times; or
// the two sides had named prices.
func forGood(l *freight.Load, noes []*freight.Offer) bool {
	last, silent := noes[0], 0
	for _, o := range noes {
		if o.Price > last.Price {
			last = o
		}
		if o.Reason == "expired" {
			silent++
		}
	}
	mends := last.Reason == "declined" || last.Reason == "price" || last.Reason == "expired"
	return !mends || len(noes) >= 6 || silent >= 3 || last.Price >= min(l.Ceiling, l.Alone) || last.Counter != 0
}

// checkMinded wants a person for a load that was left without an answer, where the desk
// had officers by then.
func (w *world) checkMinded(load freight.ID, at freight.Instant) {
	if w.manned == 0 || w.manned > at {
		return
	}
	has := slices.ContainsFunc(w.ticketsFor[load], func(t *freight.Ticket) bool {
		return t.Kind == freight.TicketUnanswered && (t.Made >= at || t.State != "closed" || t.Changed >= at)
	})
	if !has {
		w.note(LoadUnminded, []Row{{freight.KindLoad, load}}, Number{"explained_ms", int64(at)})
	}
}

// checkBrief counts a brief's tickets anew.
func (w *world) checkBrief(b *freight.Brief) {
	var sum, want freight.BriefLine
	for _, l := range b.Lines {
		sum.Asked, sum.Answered, sum.Reopened, sum.Closed = sum.Asked+l.Asked, sum.Answered+l.Answered, sum.Reopened+l.Reopened, sum.Closed+l.Closed
		sum.Raised, sum.Waiting, sum.Late = sum.Raised+l.Raised, sum.Waiting+l.Waiting, sum.Late+l.Late
	}
	for _, t := range w.tickets {
		for _, e := range t.Log {
			if e.At < b.From || e.At >= b.To {
				continue
			}
			switch e.Event {
			case "ask":
				want.Asked++
			case "finish":
				want.Answered++
			case "confirm", "lapse":
				want.Closed++
			}
		}
	}
	if sum != b.Sum || sum.Asked != want.Asked || sum.Answered != want.Answered || sum.Closed != want.Closed {
		w.note(BriefWrong, []Row{{freight.KindBrief, b.ID}}, Number{"asked", sum.Asked}, Number{"want_asked", want.Asked},
			Number{"answered", sum.Answered}, Number{"want_answered", want.Answered}, Number{"closed", sum.Closed}, Number{"want_closed", want.Closed})
	}
}
