package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Person is the officer of the desk who answers.
type Person struct {
	ID    freight.ID `json:"id"`
	Name  string     `json:"name"`
	Phone string     `json:"phone,omitempty"`
}

// TicketEntry is one thing that befell a ticket.
type TicketEntry struct {
	At    time.Time           `json:"at"`
	Event freight.TicketEvent `json:"event" enum:"ask,take,note,hand_over,escalate,stand_in,finish,settle,confirm,reopen,lapse"`
	Side  string              `json:"side" enum:"firm,other,desk,exchange" doc:"Whose doing it was; the exchange's where a clock ran out or the load moved on"`
	By    string              `json:"by,omitempty" doc:"The officer's name, where it was the desk's doing"`
	Owner Person              `json:"owner" doc:"Who has to act from then on"`
	DueAt time.Time           `json:"due_at,omitzero" doc:"Until when"`
	Text  string              `json:"text,omitempty"`
	Why   freight.Reason      `json:"reason,omitempty"`
}

// Ticket is something that a named officer of the desk must close. Every side reads
// all of it.
type Ticket struct {
	ID        freight.ID          `json:"id"`
	Version   int64               `json:"version"`
	Kind      freight.TicketKind  `json:"kind" enum:"unanswered,help,dispute,custody,unconfirmed,short"`
	Class     freight.TicketClass `json:"class" enum:"urgent,ordinary"`
	Cause     freight.TicketCause `json:"cause,omitempty" enum:"lost,unexplained,in_vain,refused,no_end,refused_at_dock" doc:"Why it opened by itself"`
	State     freight.TicketState `json:"state" enum:"open,taken,done,closed"`
	Org       Party               `json:"org" doc:"The firm that it is for"`
	Other     *Party              `json:"other,omitempty" doc:"Of a dispute: the other side of the booking, which reads the ticket and may add to it"`
	LoadID    freight.ID          `json:"load_id,omitempty"`
	BookingID freight.ID          `json:"booking_id,omitempty"`
	TripID    freight.ID          `json:"trip_id,omitempty" doc:"Of one that is unconfirmed or short"`
	ShortFen  freight.Fen         `json:"short_fen,omitempty" doc:"Of one that is short: what its carrier is asked to do without, because somebody left the trip"`
	GetsFen   freight.Fen         `json:"gets_fen,omitempty" doc:"What it gets all the same"`
	Owner     Person              `json:"owner" doc:"Who has to act, or last had to"`
	Rung      freight.Rung        `json:"rung" enum:"owner,deputy,head" doc:"How high it has climbed"`
	DueAt     time.Time           `json:"due_at,omitzero" doc:"Until when the owner has to act; of one that is done: until when the firm may say that it is not"`
	LateAt    time.Time           `json:"late_at,omitzero" doc:"Since when a clock has run out that nobody is above"`
	Text      string              `json:"text,omitempty" doc:"What was asked"`
	Counts    []Count             `json:"counts" doc:"Of an unanswered load: why the trips that were open could not take it"`
	AskedAt   time.Time           `json:"asked_at"`
	Log       []TicketEntry       `json:"log" doc:"Everything that befell it, oldest first"`
}

// AskTerms are a question to the desk.
type AskTerms struct {
	Kind      string     `json:"kind" enum:"help,dispute"`
	LoadID    freight.ID `json:"load_id,omitempty" doc:"A load of the firm's that it is about"`
	BookingID freight.ID `json:"booking_id,omitempty" doc:"A booking that the firm is a side of; a dispute needs one"`
	Text      string     `json:"text" minLength:"1" maxLength:"2000"`
}

// SayTerms are words that an act may do without.
type SayTerms struct {
	Version int64  `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
	Text    string `json:"text,omitempty" maxLength:"2000"`
}

// TellTerms are words that an act needs.
type TellTerms struct {
	Version int64  `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
	Text    string `json:"text" minLength:"1" maxLength:"2000"`
}

// HandOverTerms name who has a ticket next.
type HandOverTerms struct {
	SayTerms
	To freight.ID `json:"to" doc:"User id of an officer who is there"`
}

// Requests about tickets.
type (
	// ListTickets lists tickets.
	ListTickets struct {
		Listing
		State string     `query:"state" enum:"live,open,taken,done,closed" doc:"live: those that are not closed. All when left out"`
		Load  freight.ID `query:"load_id" doc:"Those about a load"`
		Owner freight.ID `query:"owner" doc:"Those that an officer has, by his user id"`
	}
	// AskDesk opens a ticket.
	AskDesk struct {
		Keyed
		Body AskTerms
	}
	// SayTicket is an act on a ticket.
	SayTicket struct {
		Named
		Keyed
		Body SayTerms
	}
	// TellTicket is an act on a ticket that needs words.
	TellTicket struct {
		Named
		Keyed
		Body TellTerms
	}
	// HandOverTicket gives a ticket to another officer.
	HandOverTicket struct {
		Named
		Keyed
		Body HandOverTerms
	}
)

var aTicket = entity{freight.KindTicket, freight.PrefixTicket}

func (s *server) tickets() {
	ticket := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodPost, Path: "/v1/tickets" + path, Tags: []string{"tickets"}, Summary: summary}
	}
	list, get := ticket("list-tickets", "", "List the tickets of the organization, for the desk all of them, newest first"), ticket("get-ticket", "/{id}", "Read a ticket")
	list.Method, get.Method = http.MethodGet, http.MethodGet
	handle(s, list, mayRead, s.listTickets)
	handle(s, get, mayRead, s.getTicket)
	handle(s, ticket("ask-desk", "", "Ask the desk for help, or bring a dispute about a booking before it: a named officer has it, with a clock"), mayAsk, s.askDesk)
	say := func(event freight.TicketEvent) handler[SayTicket, One[Ticket]] {
		return func(ctx context.Context, c *call, in *SayTicket) (*One[Ticket], error) {
			return s.moveTicket(ctx, c, in.Key, freight.MoveTicket{Ticket: in.ID, Version: in.Body.Version, Event: event, Text: in.Body.Text})
		}
	}
	tell := func(event freight.TicketEvent) handler[TellTicket, One[Ticket]] {
		return func(ctx context.Context, c *call, in *TellTicket) (*One[Ticket], error) {
			return s.moveTicket(ctx, c, in.Key, freight.MoveTicket{Ticket: in.ID, Version: in.Body.Version, Event: event, Text: in.Body.Text})
		}
	}
	handle(s, ticket("take-ticket", "/{id}/take", "Take a ticket up; for an officer, who has it from then on"), isOfficer, say(freight.TicketTake))
	handle(s, ticket("hand-over-ticket", "/{id}/hand-over", "Give a ticket to another officer"), isOfficer,
		func(ctx context.Context, c *call, in *HandOverTicket) (*One[Ticket], error) {
			return s.moveTicket(ctx, c, in.Key, freight.MoveTicket{Ticket: in.ID, Version: in.Body.Version, Event: freight.TicketHandOver, To: in.Body.To, Text: in.Body.Text})
		})
	handle(s, ticket("note-ticket", "/{id}/note", "Add to a ticket what a side knows"), mayAsk, tell(freight.TicketNote))
	handle(s, ticket("finish-ticket", "/{id}/finish", "Answer: say that it is done; for the officer who has it. The firm confirms, or says that it is not"), isOfficer, tell(freight.TicketFinish))
	handle(s, ticket("confirm-ticket", "/{id}/confirm", "Close a ticket; for the firm alone, whose word it is"), mayAsk, say(freight.TicketConfirm))
	handle(s, ticket("reopen-ticket", "/{id}/reopen", "Say that a ticket is not done; for the firm"), mayAsk, tell(freight.TicketReopen))
}

func (s *server) listTickets(ctx context.Context, c *call, in *ListTickets) (*List[Ticket], error) {
	q, err := in.query(c, aTicket, in.State)
	if err != nil {
		return nil, err
	}
	page, err := s.cfg.Desk.Tickets(ctx, freight.TicketQuery{Query: q, Load: in.Load, Owner: in.Owner})
	if err != nil {
		return nil, err
	}
	people, err := s.people(ctx, c)
	if err != nil {
		return nil, err
	}
	return showPage(s, c, page, func(t *freight.Ticket) (Ticket, error) { return s.viewTicket(ctx, people, t) })
}

func (s *server) getTicket(ctx context.Context, c *call, in *Named) (*One[Ticket], error) {
	return about(aTicket, in.ID, func() (*One[Ticket], error) {
		t, seq, err := s.cfg.Desk.Ticket(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return s.oneTicket(ctx, c, &t, seq)
	})
}

func (s *server) oneTicket(ctx context.Context, c *call, t *freight.Ticket, seq int64) (*One[Ticket], error) {
	people, err := s.people(ctx, c)
	if err != nil {
		return nil, err
	}
	shown, err := s.viewTicket(ctx, people, t)
	return one(s, c, t.Version, seq, shown), err
}

func (s *server) askDesk(ctx context.Context, c *call, in *AskDesk) (*One[Ticket], error) {
	b := &in.Body
	act := freight.AskDesk{Kind: freight.TicketKind(b.Kind), Load: b.LoadID, Booking: b.BookingID, Text: b.Text}
	if act.Load != "" && !wellFormed(act.Load, aLoad.prefix) {
		return nil, freight.Missing("load_id", act.Load)
	}
	if act.Booking != "" && !wellFormed(act.Booking, aBooking.prefix) {
		return nil, freight.Missing("booking_id", act.Booking)
	}
	result, err := s.do(ctx, c, in.Key, act)
	if err != nil {
		return nil, err
	}
	if result.Ticket == nil {
		return nil, incomplete(act)
	}
	return s.oneTicket(ctx, c, result.Ticket, result.Seq)
}

// moveTicket carries out an act of the firm's or, in the desk's own name, of an
// officer's.
func (s *server) moveTicket(ctx context.Context, c *call, key string, act freight.MoveTicket) (*One[Ticket], error) {
	return about(aTicket, act.Ticket, func() (*One[Ticket], error) {
		result, err := s.doOwn(ctx, c, key, act)
		if err != nil {
			return nil, s.closedTicket(ctx, c, act.Ticket, err)
		}
		if result.Ticket == nil {
			return nil, incomplete(act)
		}
		return s.oneTicket(ctx, c, result.Ticket, result.Seq)
	})
}

// closedTicket explains a not_found about a ticket that was closed: the exchange
// keeps only those that live.
func (s *server) closedTicket(ctx context.Context, c *call, id freight.ID, refusal error) error {
	if freight.CodeOf(refusal) != freight.NotFound {
		return refusal
	}
	t, _, err := s.cfg.Desk.Ticket(ctx, c.scope(), id)
	if err == nil && !t.Live() {
		return freight.Refuse(freight.ProblemState, "state", string(t.State))
	}
	return refusal
}

// people are the officers of the market's desk by user, also those who are none any
// more: a log names them.
func (s *server) people(ctx context.Context, c *call) (map[freight.ID]Person, error) {
	page, err := s.cfg.Desk.Officers(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	people := make(map[freight.ID]Person, len(page.Rows))
	for _, o := range page.Rows {
		people[o.User] = Person{o.User, o.Name, o.Phone}
	}
	return people, nil
}

func (s *server) viewTicket(ctx context.Context, people map[freight.ID]Person, t *freight.Ticket) (Ticket, error) {
	org, err := s.names.org(ctx, t.Org)
	if err != nil {
		return Ticket{}, err
	}
	out := Ticket{
		ID: t.ID, Version: t.Version, Kind: t.Kind, Class: t.Class, Cause: t.Cause, State: t.State, Org: Party{ID: org.ID, Name: org.Name}, LoadID: t.Load,
		BookingID: t.Booking, Owner: person(people, t.Owner), Rung: t.Rung, DueAt: when(t.Due), LateAt: when(t.Late), Text: t.Text,
		TripID: t.Trip, ShortFen: t.Short, GetsFen: t.Gets, Counts: counts(t.Counts), AskedAt: when(t.Made), Log: make([]TicketEntry, len(t.Log)),
	}
	if t.Other != "" {
		other, err := s.names.org(ctx, t.Other)
		if err != nil {
			return Ticket{}, err
		}
		out.Other = &Party{ID: other.ID, Name: other.Name}
	}
	for i, e := range t.Log {
		entry := TicketEntry{At: when(e.At), Event: e.Event, Side: "exchange", Owner: person(people, e.Owner), DueAt: when(e.Due), Text: e.Text, Why: e.Why}
		switch e.Org {
		case "":
		case t.Org:
			entry.Side = "firm"
		case t.Other:
			entry.Side = "other"
		default:
			entry.Side, entry.By = "desk", people[e.Actor].Name
		}
		out.Log[i] = entry
	}
	return out, nil
}

func person(people map[freight.ID]Person, user freight.ID) Person {
	if p, ok := people[user]; ok {
		return p
	}
	return Person{ID: user}
}
