package desk

import (
	"slices"

	"pinhuo/freight"
)

// Side is who brings an event about.
type Side string

// The sides of a ticket.
const (
	SideAsker    Side = "asker"    // the firm that the ticket is for
	SideOther    Side = "other"    // of a dispute: the other side of the booking
	SideDesk     Side = "desk"     // an officer
	SideExchange Side = "exchange" // a clock, or what became of the load
)

// sides says who may bring each event about.
var sides = map[freight.TicketEvent][]Side{
	freight.TicketAsk:      {SideAsker, SideExchange},
	freight.TicketTake:     {SideDesk},
	freight.TicketNote:     {SideAsker, SideOther, SideDesk, SideExchange},
	freight.TicketHandOver: {SideDesk},
	freight.TicketEscalate: {SideExchange},
	freight.TicketStandIn:  {SideExchange},
	freight.TicketFinish:   {SideDesk},
	freight.TicketSettle:   {SideExchange},
	freight.TicketConfirm:  {SideAsker},
	freight.TicketReopen:   {SideAsker, SideExchange},
	freight.TicketLapse:    {SideExchange},
}

// Sides returns who may bring an event about.
func Sides(event freight.TicketEvent) []Side { return sides[event] }

// Act is one event of a ticket: what happens, when, and by whom.
type Act struct {
	Event freight.TicketEvent
	At    freight.Instant
	Side  Side
	Actor freight.ID      // user or token, "" for the exchange
	Org   freight.ID      // the actor's
	To    freight.ID      // user, for TicketHandOver
	Zone  string          // IANA, of the market: officers keep their hours by its clock
	Near  freight.Instant // from when on what the ticket is about makes it urgent, 0 for never: see NearOf
	Text  string
	Why   freight.Reason
}

// Step returns the ticket after the act; the ticket given stays as it is. An
// unsaved ticket, of state "", is opened by TicketAsk. Who touches the row is the
// caller's to note. Errors are *freight.Error values.
func Step(t freight.Ticket, r Roster, a Act) (freight.Ticket, error) {
	state, err := freight.NextTicket(t.State, a.Event)
	if err != nil {
		return t, err
	}
	if err := allowed(&t, r, a); err != nil {
		return t, err
	}
	if a.Event != freight.TicketNote && a.Near != 0 && a.Near <= a.At {
		t.Class = freight.ClassUrgent
	}
	owner, rung, err := next(&t, r, a)
	if err != nil {
		return t, err
	}
	until := due(&t, owner, a)
	if waitsTooLong(&t, until, a) {
		t.Class = freight.ClassUrgent
		if owner, rung, err = next(&t, r, a); err != nil {
			return t, err
		}
		until = due(&t, owner, a)
	}
	late := a.Event == freight.TicketEscalate && owner.User == t.Owner
	switch {
	case late:
		t.Late = a.At
	case a.Event != freight.TicketNote:
		t.Late, t.Due = 0, until
	}
	t.State, t.Rung = state, rung
	if owner != nil {
		t.Owner, t.Desk = owner.User, owner.Org
	}
	t.Log = append(slices.Clip(t.Log), freight.TicketEntry{At: a.At, Event: a.Event, Actor: a.Actor, Org: a.Org,
		Owner: t.Owner, Due: t.Due, Class: t.Class, Text: a.Text, Why: a.Why})
	return t, nil
}

// allowed tells whether the side, and of the desk the officer, may do it now.
func allowed(t *freight.Ticket, r Roster, a Act) error {
	if !slices.Contains(sides[a.Event], a.Side) {
		return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Field: "event", Value: string(a.Event)}
	}
	if a.Side == SideDesk && r.Officer(a.Actor) == nil {
		return &freight.Error{Code: freight.Forbidden, Problem: freight.ProblemRole, Field: "officer"}
	}
	switch a.Event {
	case freight.TicketTake:
		if t.State == freight.TicketTaken && t.Owner == a.Actor {
			return freight.Refuse(freight.ProblemState, "state", string(t.State))
		}
	case freight.TicketFinish:
		if t.Owner != a.Actor { // who has not got it does not know
			return freight.Refuse(freight.ProblemOther, "owner", string(t.Owner))
		}
	case freight.TicketNote:
		if len(t.Log) >= freight.MaxTicketNotes {
			return freight.Refuse(freight.ProblemState, "log", "full")
		}
	case freight.TicketReopen:
		if a.Side == SideAsker && a.At > t.Due {
			return freight.Refuse(freight.ProblemExpired, "ticket", t.Due.String())
		}
	case freight.TicketEscalate, freight.TicketLapse:
		if a.At <= t.Due || t.Late != 0 {
			return freight.Refuse(freight.ProblemStale, "clock", t.Due.String())
		}
	}
	return nil
}

// next returns who has the ticket after the act and at which rung; no officer where
// that does not change.
func next(t *freight.Ticket, r Roster, a Act) (*freight.Officer, freight.Rung, error) {
	var o *freight.Officer
	rung := t.Rung
	switch a.Event {
	case freight.TicketAsk:
		if o = r.For(t.Org); o != nil {
			o, rung = r.Present(o, moment(t, a))
		}
	case freight.TicketTake:
		if o = r.Officer(a.Actor); t.Owner != a.Actor {
			rung = freight.RungOwner
		}
	case freight.TicketHandOver:
		if o = r.Officer(a.To); o == nil || !moment(t, a).there(o) || o.User == t.Owner {
			return nil, rung, freight.Missing("to", a.To)
		}
		rung = freight.RungOwner
	case freight.TicketEscalate:
		if o, rung = r.Above(t.Owner, t.Rung, moment(t, a)); o == nil {
			return &freight.Officer{User: t.Owner, Meta: freight.Meta{Org: t.Desk}}, freight.RungHead, nil
		}
	case freight.TicketStandIn:
		o, rung = standIn(t, r, moment(t, a))
	case freight.TicketReopen:
		if o = r.Officer(t.Owner); o == nil || !moment(t, a).there(o) {
			o, rung = standIn(t, r, moment(t, a))
		}
	default:
		return nil, rung, nil
	}
	if o == nil {
		return nil, rung, &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemNobody}
	}
	return o, rung, nil
}

// moment is when an officer is looked for: an urgent ticket goes to one who is at work.
func moment(t *freight.Ticket, a Act) Moment {
	return Moment{At: a.At, Zone: a.Zone, Now: t.Class == freight.ClassUrgent}
}

// StandIn returns who would have an open ticket if its owner were away, nil where
// nobody is on the roster.
func StandIn(t *freight.Ticket, r Roster, at freight.Instant, zone string) *freight.Officer {
	o, _ := standIn(t, r, moment(t, Act{At: at, Zone: zone}))
	return o
}

// standIn returns who has the ticket of an owner who is away or has left.
func standIn(t *freight.Ticket, r Roster, m Moment) (*freight.Officer, freight.Rung) {
	o := r.Officer(t.Owner)
	if o == nil {
		o = r.For(t.Org)
	}
	if o == nil {
		return nil, t.Rung
	}
	o, rung := r.Present(o, m)
	return o, higher(rung, t.Rung)
}
