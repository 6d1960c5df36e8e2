package client

import (
	"context"
	"time"
)

// TicketEntry is one thing that befell a ticket.
type TicketEntry struct {
	At     time.Time `json:"at"`
	Event  string    `json:"event"` // such as "ask", "take" or "finish"
	Side   string    `json:"side"`  // "firm", "other", "desk" or "exchange"
	By     string    `json:"by,omitempty"`
	Owner  Person    `json:"owner"` // who has to act from then on
	DueAt  time.Time `json:"due_at,omitzero"`
	Text   string    `json:"text,omitempty"`
	Reason string    `json:"reason,omitempty"`
}

// Ticket is something that a named officer of the desk must close.
type Ticket struct {
	ID       string        `json:"id"`
	Version  int64         `json:"version"`
	Kind     string        `json:"kind"`            // "unanswered", "help", "dispute", "unconfirmed" or "short"
	Class    string        `json:"class"`           // "urgent" or "ordinary"
	Cause    string        `json:"cause,omitempty"` // why it opened by itself
	State    string        `json:"state"`           // "open", "taken", "done" or "closed"
	Org      Party         `json:"org"`
	Other    *Party        `json:"other,omitempty"` // of a dispute: the other side of the booking
	Load     string        `json:"load_id,omitempty"`
	Booking  string        `json:"booking_id,omitempty"`
	Owner    Person        `json:"owner"`
	Rung     string        `json:"rung"` // how high it has climbed: "owner", "deputy" or "head"
	DueAt    time.Time     `json:"due_at,omitzero"`
	LateAt   time.Time     `json:"late_at,omitzero"` // since when a clock has run out that nobody is above
	Text     string        `json:"text,omitempty"`
	Counts   []Count       `json:"counts"`
	TripID   string        `json:"trip_id,omitempty"`
	ShortFen int64         `json:"short_fen,omitempty"` // of one that is "short"
	GetsFen  int64         `json:"gets_fen,omitempty"`
	AskedAt  time.Time     `json:"asked_at"`
	Log      []TicketEntry `json:"log"` // oldest first
}

// Question is what a firm asks the desk.
type Question struct {
	Kind    string `json:"kind"` // "help", or "dispute", which needs a booking
	Load    string `json:"load_id,omitempty"`
	Booking string `json:"booking_id,omitempty"`
	Text    string `json:"text"`
}

type saying struct {
	Version int64  `json:"version,omitempty"`
	Text    string `json:"text,omitempty"`
}

type handing struct {
	saying
	To string `json:"to"`
}

// AskDesk opens a ticket: a named officer has it from then on, with a clock.
func (c *Client) AskDesk(ctx context.Context, q Question, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, "/v1/tickets", q, opts)
}

// Tickets lists the organization's tickets, for the desk all of them; state "live" is
// those that are not closed. load "" asks for those about any load or none.
func (c *Client) Tickets(ctx context.Context, l List, load string) (Page[Ticket], error) {
	q := l.query()
	set(q, "load_id", load)
	return get[Page[Ticket]](ctx, c, "/v1/tickets", q, nil)
}

// Ticket returns one ticket.
func (c *Client) Ticket(ctx context.Context, id string) (Ticket, error) {
	return get[Ticket](ctx, c, one("tickets", id), nil, nil)
}

// TakeTicket makes the officer who asks the one who has it. In this and the acts below
// version 0 is whatever there is; text may be "" where the act can do without words.
func (c *Client) TakeTicket(ctx context.Context, id string, version int64, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "take"), saying{version, text}, opts)
}

// HandOverTicket gives it to another officer, by his user id.
func (c *Client) HandOverTicket(ctx context.Context, id string, version int64, to, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "hand-over"), handing{saying{version, text}, to}, opts)
}

// NoteTicket adds words of a side.
func (c *Client) NoteTicket(ctx context.Context, id string, version int64, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "note"), saying{version, text}, opts)
}

// FinishTicket is the answer of the officer who has it.
func (c *Client) FinishTicket(ctx context.Context, id string, version int64, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "finish"), saying{version, text}, opts)
}

// ConfirmTicket closes it by the firm's word.
func (c *Client) ConfirmTicket(ctx context.Context, id string, version int64, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "confirm"), saying{version, text}, opts)
}

// ReopenTicket is the firm's word that it is not done.
func (c *Client) ReopenTicket(ctx context.Context, id string, version int64, text string, opts ...Option) (Ticket, error) {
	return post[Ticket](ctx, c, one("tickets", id, "reopen"), saying{version, text}, opts)
}
