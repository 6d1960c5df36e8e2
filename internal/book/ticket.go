package book

import (
	"cmp"
	"unicode/utf8"

	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// ticketEvents names what people are told of each event of a ticket.
var ticketEvents = map[freight.TicketEvent]freight.EventType{
	freight.TicketAsk: freight.EventTicketOpened, freight.TicketTake: freight.EventTicketTaken, freight.TicketNote: freight.EventTicketNoted,
	freight.TicketHandOver: freight.EventTicketHanded, freight.TicketStandIn: freight.EventTicketHanded,
	freight.TicketEscalate: freight.EventTicketEscalated, freight.TicketFinish: freight.EventTicketDone,
	freight.TicketSettle: freight.EventTicketDone, freight.TicketConfirm: freight.EventTicketClosed,
	freight.TicketLapse: freight.EventTicketClosed, freight.TicketReopen: freight.EventTicketReopened,
}

// Ticket returns a live ticket, nil when there is none. The value is immutable.
func (b *Book) Ticket(id freight.ID) *freight.Ticket { return b.tickets.get(id) }

func (b *Book) placeTicket(tk *freight.Ticket) {
	b.tickets.set(tk.ID, tk)
	var live *freight.ID
	if id := tk.ID; tk.Live() {
		live = &id
	}
	switch {
	case tk.Kind == freight.TicketUnanswered:
		b.minded.set(tk.Load, live)
	case tk.Trip != "":
		b.about.set(aboutKey(tk.Kind, tk.Trip), live)
	}
}

func aboutKey(kind freight.TicketKind, trip freight.ID) freight.ID {
	return freight.ID(kind) + " " + trip
}

// dropTickets removes from the live book the tickets and officers that a round
// ended, and the briefs and proofs that it wrote.
func (b *Book) dropTickets(round *Book) {
	for id, tk := range round.tickets.own {
		if tk != nil && !tk.Live() {
			delete(b.tickets.own, id)
		}
	}
	for id, o := range round.officers.own {
		if o != nil && o.Off {
			delete(b.officers.own, id)
		}
	}
	for id := range round.briefs.own {
		delete(b.briefs.own, id)
	}
	for id := range round.proofs.own {
		delete(b.proofs.own, id)
	}
}

// step brings a ticket forward and tells its firm and its desk.
func (t *turn) step(old freight.Ticket, a desk.Act) (*freight.Ticket, error) {
	a.At, a.Zone, a.Near = t.now, t.env.Market.Zone, desk.NearOf(t.loads.get(old.Load))
	tk, err := desk.Step(old, t.Roster(), a)
	if err != nil {
		return nil, err
	}
	if old.State != "" {
		t.touch(&tk.Meta)
	}
	t.placeTicket(&tk)
	t.changed(freight.KindTicket, &tk.Meta)
	what := ticketEvents[a.Event]
	if tk.Late != 0 && a.Event == freight.TicketEscalate {
		what = freight.EventTicketOverdue
	}
	t.tellTicket(what, &tk, a.Why)
	return &tk, nil
}

// settleTicket lets a live ticket be done that what it was about has ended by itself.
func (t *turn) settleTicket(id freight.ID) error {
	tk := t.tickets.get(id)
	if tk == nil || tk.State != freight.TicketOpen && tk.State != freight.TicketTaken {
		return nil
	}
	_, err := t.step(*tk, desk.Act{Event: freight.TicketSettle, Side: desk.SideExchange})
	return err
}

func (t *turn) tellTicket(what freight.EventType, tk *freight.Ticket, why freight.Reason) {
	f := freight.Facts{Ticket: tk.ID, Kind: string(tk.Kind), Cause: tk.Cause, State: string(tk.State), Rung: string(tk.Rung), Officer: tk.Owner,
		Expires: tk.Due, Load: tk.Load, Booking: tk.Booking, Reason: why,
		Trip: tk.Trip, Short: tk.Short, Due: tk.Gets}
	if l := t.loads.get(tk.Load); l != nil {
		f.Goods, f.From, f.To = l.Goods, l.Pickup.Place.Town, l.Delivery.Place.Town
	}
	t.tell(tk.Org, what, &tk.Meta, f)
	t.tell(tk.Desk, what, &tk.Meta, f)
	if tk.Other != "" {
		t.tell(tk.Other, what, &tk.Meta, f)
	}
}

// openUnanswered gives a load its person for a cause, with the reasons as they are known.
// Where the desk has no officers nobody can be named.
func (t *turn) openUnanswered(l *freight.Load, cause freight.TicketCause, why *freight.Explanation) error {
	if t.Roster().Default() == nil {
		return nil
	}
	tk := freight.Ticket{Meta: t.meta(freight.PrefixTicket, l.Org), Kind: freight.TicketUnanswered, Cause: cause, Load: l.ID, Class: freight.ClassOrdinary}
	if why != nil {
		tk.Counts, tk.Nearest = why.Counts, why.Nearest
	} else {
		tk.Counts = t.noes(l)
	}
	_, err := t.step(tk, desk.Act{Event: freight.TicketAsk, Side: desk.SideExchange})
	return err
}

// explainTicket adds the reasons to a ticket. One that was thought to be done is open
// again where the load is still on the market, and needs a person.
func (t *turn) explainTicket(old *freight.Ticket, cause freight.TicketCause, why *freight.Explanation) error {
	tk := *old
	tk.Counts, tk.Nearest = why.Counts, why.Nearest
	a := desk.Act{Event: freight.TicketNote, Side: desk.SideExchange}
	switch {
	case why.Final:
		a.Why = t.wentBy(old.Load)
	case tk.State == freight.TicketDone && cause != "":
		a.Event = freight.TicketReopen
	}
	_, err := t.step(tk, a)
	return err
}

// reviewTicketOf lets a load's ticket follow what became of the load: booked, it is
// settled, for the shipper to confirm; on the market again, it is open again; taken
// back by the shipper himself, that was his word.
func (t *turn) reviewTicketOf(l, old *freight.Load) {
	id := t.minded.get(l.ID)
	if id == nil || old == nil || l.State == old.State {
		return
	}
	tk := t.tickets.get(*id)
	working := tk.State == freight.TicketOpen || tk.State == freight.TicketTaken
	a := desk.Act{Side: desk.SideExchange}
	switch {
	case l.State == freight.LoadCommitted && working:
		a.Event = freight.TicketSettle
	case l.State == freight.LoadPosted && old.State == freight.LoadCommitted && tk.State == freight.TicketDone:
		a.Event = freight.TicketReopen
	case l.Outcome == freight.OutcomeWithdrawn && t.cmd.Behalf == "":
		a = desk.Act{Event: freight.TicketConfirm, Side: desk.SideAsker, Actor: t.cmd.Actor, Org: l.Org, Why: freight.ReasonWithdrawn}
	case l.Outcome == freight.OutcomeWithdrawn && working:
		a.Event, a.Why = freight.TicketSettle, freight.ReasonWithdrawn
	default:
		return
	}
	_, err := t.step(*tk, a)
	t.fault = cmp.Or(t.fault, err)
}

func (t *turn) ticketDue(id freight.ID) (bool, error) {
	tk := t.tickets.get(id)
	if tk == nil || !tk.Live() || tk.Late != 0 || tk.Due >= t.now {
		return false, nil
	}
	event := freight.TicketEscalate
	if tk.State == freight.TicketDone {
		event = freight.TicketLapse
	}
	_, err := t.step(*tk, desk.Act{Event: event, Side: desk.SideExchange})
	return err == nil, err
}

// askDesk opens a ticket for the asker's firm. What it is about must be the firm's.
func (t *turn) askDesk(act freight.AskDesk) (freight.Result, error) {
	if err := words("text", act.Text, true); err != nil {
		return freight.Result{}, err
	}
	tk := freight.Ticket{Meta: t.meta(freight.PrefixTicket, t.cmd.Org), Kind: act.Kind, Class: freight.ClassOrdinary, Text: act.Text, Load: act.Load, Booking: act.Booking}
	if tk.Kind != freight.TicketHelp && tk.Kind != freight.TicketDispute {
		return freight.Result{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: "kind", Value: freight.Shorten(string(tk.Kind))}
	}
	if err := t.subjectOf(&tk); err != nil {
		return freight.Result{}, err
	}
	opened, err := t.step(tk, desk.Act{Event: freight.TicketAsk, Side: desk.SideAsker, Actor: t.cmd.Actor, Org: t.cmd.Org})
	return freight.Result{Ticket: opened}, err
}

// subjectOf checks what a ticket is about: a load of the firm, or a booking of which
// it is a side. A dispute needs a booking.
func (t *turn) subjectOf(tk *freight.Ticket) error {
	if tk.Booking != "" {
		k := t.bookings.get(tk.Booking)
		if k == nil {
			k = t.past.get(tk.Booking)
		}
		if k == nil || k.Org != tk.Org && k.Shipper != tk.Org {
			return freight.Missing("booking", tk.Booking)
		}
		tk.Load = k.Load
		if tk.Kind == freight.TicketDispute {
			tk.Other = k.Org
			if tk.Org == k.Org {
				tk.Other = k.Shipper
			}
		}
		return nil
	}
	if tk.Kind == freight.TicketDispute {
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: "booking_id"}
	}
	if l := t.loads.get(tk.Load); tk.Load != "" && (l == nil || l.Org != tk.Org) {
		return freight.Missing("load", tk.Load)
	}
	return nil
}

// moveTicket is what a person does to a ticket: of a firm's side, in the firm's own
// name alone where it is the firm's word; of the desk's side an officer.
func (t *turn) moveTicket(act freight.MoveTicket) (freight.Result, error) {
	old := t.tickets.get(act.Ticket)
	side := desk.SideDesk
	switch {
	case old != nil && t.cmd.Org == old.Org:
		side = desk.SideAsker
	case old != nil && old.Other != "" && t.cmd.Org == old.Other:
		side = desk.SideOther
	}
	if old == nil || !old.Live() || side == desk.SideDesk && t.cmd.Org != old.Desk {
		return freight.Result{}, freight.Missing("ticket", act.Ticket)
	}
	if err := sameVersion(act.Version, old.Version); err != nil {
		return freight.Result{}, err
	}
	if err := words("text", act.Text, act.Event == freight.TicketNote || act.Event == freight.TicketFinish || act.Event == freight.TicketReopen); err != nil {
		return freight.Result{}, err
	}
	if t.cmd.Behalf != "" && act.Event != freight.TicketNote {
		return freight.Result{}, &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Field: "event", Value: string(act.Event)}
	}
	tk, err := t.step(*old, desk.Act{Event: act.Event, Side: side, Actor: t.cmd.Actor, Org: t.cmd.Org, To: act.To, Text: act.Text})
	return freight.Result{Ticket: tk}, err
}

// words checks a text of a ticket.
func words(field, text string, required bool) error {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0 && required:
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRequired, Field: field}
	case n > freight.MaxTicketText:
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: field, Value: freight.Shorten(text), Max: "2000"}
	case !utf8.ValidString(text):
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemMalformed, Field: field}
	}
	return nil
}

// putOffTicket changes nothing but the clock.
func (t *turn) putOffTicket(old *freight.Ticket, due freight.Instant) {
	if due <= old.Due {
		return
	}
	tk := *old
	t.touch(&tk.Meta)
	tk.Due = due
	t.placeTicket(&tk)
	t.changed(freight.KindTicket, &tk.Meta)
	t.tellTicket(freight.EventTicketExtended, &tk, freight.NoReason)
}
