package client

import (
	"context"
	"time"
)

// Record is how an organization has kept its word over the last 90 days: so many of so
// many. Who has nothing counted is New, which is not 0 of 0.
type Record struct {
	New      bool  `json:"new,omitempty"`
	Asked    int64 `json:"asked"`
	Answered int64 `json:"answered"` // of those asked; a no is an answer
	Owed     int64 `json:"owed"`
	Kept     int64 `json:"kept"` // of the bookings owed

	AskedAgain  int64 `json:"asked_again"` // booked trips before which an operator was asked whether it drives
	Reconfirmed int64 `json:"reconfirmed"` // of those, it said so in time
}

// WordCost is one thing that costs an organization its turn.
type WordCost struct {
	What   string  `json:"what"` // "lapsed", "silent", "cancelled" or "taken_back"
	Times  int64   `json:"times"`
	Points float64 `json:"points"` // what they cost now; less each day
}

// Standing is how an organization stands with the exchange, and why.
type Standing struct {
	Record Record     `json:"record"`
	Later  int        `json:"asked_later"` // 0 for in turn, to 3
	Points float64    `json:"points"`
	Costs  []WordCost `json:"costs"`
}

// Standing returns how the organization stands.
func (c *Client) Standing(ctx context.Context) (Standing, error) {
	return get[Standing](ctx, c, "/v1/standing", nil, nil)
}

// RefusedAct is an act that was refused, as the log of acts keeps it.
type RefusedAct struct {
	ID      string    `json:"id"`
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Org     Party     `json:"org"`
	Actor   string    `json:"actor,omitempty"`
	Behalf  bool      `json:"on_behalf,omitempty"`
	Act     string    `json:"act"`
	Subject string    `json:"subject,omitempty"`
	Version int64     `json:"version,omitempty"` // of the subject, that it named
	Key     string    `json:"idempotency_key,omitempty"`
	Times   int64     `json:"times"`
	State   string    `json:"state,omitempty"` // of the subject then
	Present int64     `json:"present_version,omitempty"`
	Refusal Fault     `json:"refusal"`
}

// Acts lists the organization's refused acts, for the desk those of the market; subject ""
// asks for those about anything.
func (c *Client) Acts(ctx context.Context, l List, subject string) (Page[RefusedAct], error) {
	q := l.query()
	set(q, "subject", subject)
	return get[Page[RefusedAct]](ctx, c, "/v1/acts", q, nil)
}

// StoryClock is an instant at which something happens to a load by itself.
type StoryClock struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"` // "answer_by", "pickup_closes", "offer", "pool" or "ticket"
	ID   string    `json:"id"`
}

// Story is everything that befell a load, oldest first.
type Story struct {
	Load        Load         `json:"load"`
	Explanation *Explanation `json:"explanation,omitempty"`
	Asked       []Offer      `json:"asked"`
	Bookings    []Booking    `json:"bookings"`
	Pools       []Pool       `json:"pools"`
	Tickets     []Ticket     `json:"tickets"`
	Clocks      []StoryClock `json:"clocks"` // the first first
	Refused     []RefusedAct `json:"refused"`
	Acts        []Event      `json:"acts"`
}

// Story returns what befell a load; for its firm and the desk.
func (c *Client) Story(ctx context.Context, load string) (Story, error) {
	return get[Story](ctx, c, one("loads", load, "story"), nil, nil)
}

// LogRow is a row of the log of acts.
type LogRow struct {
	ID      string    `json:"id"`
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Org     string    `json:"org_id,omitempty"`
	Actor   string    `json:"actor,omitempty"`
	Behalf  bool      `json:"on_behalf,omitempty"`
	Act     string    `json:"act"`
	Subject string    `json:"subject,omitempty"`
	Version int64     `json:"version,omitempty"` // of the subject, that it named
	Outcome string    `json:"outcome"`           // done or refused
	Code    string    `json:"code,omitempty"`
	Problem string    `json:"problem,omitempty"`
	Times   int64     `json:"times"`
	State   string    `json:"state,omitempty"` // of the subject: after what was done, as met by what was refused
	Present int64     `json:"present_version,omitempty"`
	Chain   string    `json:"chain"`
}

// LogHead is the end of a market's log of acts.
type LogHead struct {
	Market string `json:"market_id"`
	Seq    int64  `json:"seq"`
	Chain  string `json:"chain"`
	Head   string `json:"head"` // as pinhuo audit --log --head takes it
}

// LogQuery asks for rows of the log of acts; what is empty asks for any.
type LogQuery struct {
	Outcome string // done or refused
	Org     string
	Actor   string
	Act     string
	Subject string
	From    time.Time
	Until   time.Time
}

// Log reads the log of acts, newest first: for the desk and for auditors.
func (c *Client) Log(ctx context.Context, l List, ask LogQuery) (Page[LogRow], error) {
	q := l.query()
	for name, value := range map[string]string{"outcome": ask.Outcome, "org_id": ask.Org, "actor": ask.Actor, "act": ask.Act, "subject": ask.Subject} {
		set(q, name, value)
	}
	setTime(q, "from", ask.From)
	setTime(q, "until", ask.Until)
	return get[Page[LogRow]](ctx, c, "/v1/log", q, nil)
}

// LogHead returns the end of the market's log of acts: for the desk and for auditors.
func (c *Client) LogHead(ctx context.Context) (LogHead, error) {
	return get[LogHead](ctx, c, "/v1/log/head", nil, nil)
}
