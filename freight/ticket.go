package freight

import "cmp"

// TicketKind says what a ticket is about.
type TicketKind string

// The kinds of tickets.
const (
	TicketUnanswered TicketKind = "unanswered" // a load that neither a deal nor a change of its terms answers
	TicketHelp       TicketKind = "help"       // a firm asks for a person
	TicketDispute    TicketKind = "dispute"    // the sides of a booking disagree
	TicketCustody    TicketKind = "custody"    // goods of a booking need somebody who finds out, or decides

	TicketUnconfirmed TicketKind = "unconfirmed" // an operator does not say that he drives, and has promised to
	TicketShort       TicketKind = "short"       // who left a trip left its carrier short
)

// TicketClass says how soon a ticket wants an officer.
type TicketClass string

// The classes of tickets.
const (
	ClassUrgent   TicketClass = "urgent"   // its pickup is near: its clock runs day and night
	ClassOrdinary TicketClass = "ordinary" // its clock runs while its owner is at work
)

// TicketState is where a ticket is in its life.
type TicketState string

// The states of a ticket.
const (
	TicketOpen   TicketState = "open"   // its owner has not taken it up
	TicketTaken  TicketState = "taken"  // its owner works on it
	TicketDone   TicketState = "done"   // the owner says it is done; the asker has the word
	TicketClosed TicketState = "closed" // the asker said so, or was silent for the stated wait
)

// Rung is how high a ticket has climbed.
type Rung string

// The rungs, lowest first.
const (
	RungOwner  Rung = "owner" // who answers for the firm
	RungDeputy Rung = "deputy"
	RungHead   Rung = "head" // of the desk: nobody is above
)

// Ticket is something that a named officer of the desk must close. Org is the
// firm that it is for.
type Ticket struct {
	Meta
	Kind    TicketKind    `json:"kind"`
	Class   TicketClass   `json:"class"`
	Cause   TicketCause   `json:"cause,omitempty"` // of one that opened by itself; "" on those of before it was noted
	State   TicketState   `json:"state"`
	Load    ID            `json:"load,omitempty"`    // that it is about, "" for none
	Booking ID            `json:"booking,omitempty"` // that it is about, "" for none
	Other   ID            `json:"other,omitempty"`   // of a dispute: the other side of the booking, which reads it and adds to it
	Desk    ID            `json:"desk"`              // organization that answers
	Owner   ID            `json:"owner"`             // user who has to act, or has last acted
	Rung    Rung          `json:"rung"`
	Due     Instant       `json:"due"`             // of its present clock
	Late    Instant       `json:"late,omitempty"`  // when a clock ran out that nobody is above, 0 when none has
	Text    string        `json:"text,omitempty"`  // what is asked, in the asker's words
	Trip    ID            `json:"trip,omitempty"`  // that it is about, of those of a carrier
	Short   Fen           `json:"short,omitempty"` // what its carrier is asked to do without, of TicketShort
	Gets    Fen           `json:"gets,omitempty"`  // what it gets all the same
	Counts  []Count       `json:"counts,omitempty"`
	Nearest *Near         `json:"nearest,omitempty"`
	Log     []TicketEntry `json:"log"` // everything that befell it, oldest first
}

// TicketEntry is one thing that befell a ticket.
type TicketEntry struct {
	At    Instant     `json:"at"`
	Event TicketEvent `json:"event"`
	Actor ID          `json:"actor,omitempty"` // user or token, "" for a clock or the exchange
	Org   ID          `json:"org,omitempty"`   // the actor's side: the firm or the desk
	Owner ID          `json:"owner"`           // who has to act from now on
	Due   Instant     `json:"due"`             // of the clock from now on
	Class TicketClass `json:"class,omitempty"` // from now on; "" on entries of before it was noted
	Text  string      `json:"text,omitempty"`
	Why   Reason      `json:"why,omitempty"` // of what the exchange did
}

// Bounds of a ticket's texts.
const (
	MaxTicketText  = 2000 // characters of one text
	MaxTicketNotes = 100  // entries after which no note is added
)

// Live tells whether the ticket still wants somebody.
func (t *Ticket) Live() bool { return t.State != TicketClosed }

// Ended returns when the ticket was closed, 0 while it lives.
func (t *Ticket) Ended() Instant {
	if t.Live() {
		return 0
	}
	return t.Changed
}

// Officer is a user of a desk who answers for firms. Org is the desk, of which
// a user is at most one officer.
type Officer struct {
	Meta
	OfficerTerms
	User ID   `json:"user"`
	Away bool `json:"away,omitempty"` // the deputy has what would be his
	Off  bool `json:"off,omitempty"`  // no officer any more
}

// OfficerTerms is what the desk's owner says of an officer.
type OfficerTerms struct {
	Name    string `json:"name"`              // as firms are told
	Phone   string `json:"phone,omitempty"`   // as firms are told
	Deputy  ID     `json:"deputy,omitempty"`  // user who stands in, "" for the head of the desk
	Head    bool   `json:"head,omitempty"`    // of the desk; one alone
	Default bool   `json:"default,omitempty"` // answers for firms that are bound to nobody; one alone
	Firms   []ID   `json:"firms,omitempty"`   // he answers for; a firm is bound to one officer at the most
	Hours   Office `json:"hours,omitzero"`    // when he is there
}

// Bounds of an officer's terms.
const (
	MaxOfficerName = 40
	MaxFirms       = 2000
)

// Brief is what a desk's day came to: what was asked, answered and closed from
// From until To, and what was late at To. Org is the desk of its head.
type Brief struct {
	Meta
	From  Instant     `json:"from"`
	To    Instant     `json:"to"`
	Sum   BriefLine   `json:"sum"`
	Lines []BriefLine `json:"lines"` // by officer, then firm
	Bare  []BareLine  `json:"bare"`  // most loads first
}

// BriefLine is one officer's tickets of one firm.
type BriefLine struct {
	Officer  ID    `json:"officer,omitempty"` // user
	Firm     ID    `json:"firm,omitempty"`
	Asked    int64 `json:"asked"`    // tickets opened
	Answered int64 `json:"answered"` // times an officer said that one is done
	Reopened int64 `json:"reopened"` // times the asker said that it is not
	Closed   int64 `json:"closed"`
	Raised   int64 `json:"raised"`  // clocks that ran out
	Waiting  int64 `json:"waiting"` // live at To
	Late     int64 `json:"late"`    // of those, past the head's clock
}

// BareLine is a firm's loads from one town to another that were told that no single change
// would help: what is asked for in vain.
type BareLine struct {
	Firm  ID     `json:"firm"`
	From  string `json:"from"` // town
	To    string `json:"to"`
	Loads int64  `json:"loads"`
}

// AskDesk opens a ticket for help or of a dispute.
type AskDesk struct {
	Kind    TicketKind
	Load    ID // "" for none
	Booking ID // "" for none
	Text    string
}

// MoveTicket is what somebody does to a ticket: an event of people, such as take,
// note, finish or confirm.
type MoveTicket struct {
	Ticket  ID
	Version int64 // 0 for whatever there is
	Event   TicketEvent
	To      ID // user it is handed to, for TicketHandOver
	Text    string
}

// SetOfficer puts a user on the desk's roster or changes what it says of him.
type SetOfficer struct {
	User    ID
	Version int64 // 0 for whatever there is
	Terms   OfficerTerms
}

// MarkOfficer says that an officer is away, is back, or is none any more.
type MarkOfficer struct {
	User ID
	Away bool
	Off  bool
}

// KeepBrief makes a day's brief part of the record.
type KeepBrief struct{ Brief Brief }

func (a AskDesk) act() Naming     { return Naming{"ask_desk", cmp.Or(a.Booking, a.Load), 0} }
func (a MoveTicket) act() Naming  { return Naming{"move_ticket", a.Ticket, a.Version} }
func (a SetOfficer) act() Naming  { return Naming{"set_officer", a.User, a.Version} }
func (a MarkOfficer) act() Naming { return Naming{"mark_officer", a.User, 0} }
func (KeepBrief) act() Naming     { return Naming{"keep_brief", "", 0} }

// The kinds of clocks of tickets and of the loads that may become one.
const (
	ClockTicket ClockKind = "ticket" // a ticket's present clock
	ClockAsk    ClockKind = "ask"    // a load is to be explained soon
	ClockDesk   ClockKind = "desk"   // a load that nobody has answered gets its person
)

// The kinds of a Change about the desk.
const (
	KindTicket  = "ticket"
	KindOfficer = "officer"
	KindBrief   = "brief"
)

// Prefixes of the ids of the desk.
const (
	PrefixTicket  = "ti"
	PrefixOfficer = "oc"
	PrefixBrief   = "br"
)

// The events about tickets. A firm and the desk are each told.
const (
	EventTicketOpened    EventType = "pinhuo.ticket.opened"
	EventTicketTaken     EventType = "pinhuo.ticket.taken"
	EventTicketNoted     EventType = "pinhuo.ticket.noted"
	EventTicketHanded    EventType = "pinhuo.ticket.handed"    // another officer has it
	EventTicketEscalated EventType = "pinhuo.ticket.escalated" // a clock ran out: the next above has it
	EventTicketOverdue   EventType = "pinhuo.ticket.overdue"   // a clock ran out that nobody is above
	EventTicketDone      EventType = "pinhuo.ticket.done"      // the officer says so: confirm or reopen
	EventTicketReopened  EventType = "pinhuo.ticket.reopened"
	EventTicketClosed    EventType = "pinhuo.ticket.closed"
	EventTicketExtended  EventType = "pinhuo.ticket.extended" // its clock was put off after an outage
	EventOfficerSet      EventType = "pinhuo.officer.set"     // to the desk: its roster has changed
	EventDeskBrief       EventType = "pinhuo.desk.brief"      // to the desk: what the day came to
)

// Asks is the instant at which a load on the market is to be explained, and
// Minds that at which it gets its person when it has not been: a tenth and a
// twentieth of its time, at most ten and five minutes, before its answer_by.
func (l *Load) Asks() Instant { return l.AnswerBy - 2*l.lead() }

// Minds is the instant at which an unanswered load becomes a ticket.
func (l *Load) Minds() Instant { return l.AnswerBy - l.lead() }

func (l *Load) lead() Instant { return max(0, min((l.AnswerBy-l.Posted)/20, 5*Minute)) }
