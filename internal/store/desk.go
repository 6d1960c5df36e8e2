package store

import (
	"context"
	"slices"

	"pinhuo/freight"
)

type ticketBody struct {
	Cause   *freight.TicketCause   `json:"cause,omitempty"`
	Text    *string                `json:"text,omitempty"`
	Counts  *[]freight.Count       `json:"counts,omitempty"`
	Nearest **freight.Near         `json:"nearest,omitempty"`
	Trip    *freight.ID            `json:"trip,omitempty"`
	Short   *freight.Fen           `json:"short,omitempty"`
	Gets    *freight.Fen           `json:"gets,omitempty"`
	Log     *[]freight.TicketEntry `json:"log"`
}

var ticketTable = entity(freight.KindTicket, "tickets", []string{
	"kind", "class", "state", "load_id", "booking_id", "other_id", "desk_id", "owner_id", "rung", "due", "late", "body",
}, func(t *freight.Ticket) *freight.Meta { return &t.Meta }, func(t *freight.Ticket, to []any) []any {
	return append(to, &t.Kind, &t.Class, &t.State, &t.Load, &t.Booking, &t.Other, &t.Desk, &t.Owner, &t.Rung, &t.Due, &t.Late)
}, func(t *freight.Ticket) any {
	return &ticketBody{Cause: &t.Cause, Text: &t.Text, Counts: &t.Counts, Nearest: &t.Nearest, Trip: &t.Trip, Short: &t.Short, Gets: &t.Gets, Log: &t.Log}
})

var officerTable = entity(freight.KindOfficer, "officers", []string{"user_id", "away", "off", "body"},
	func(o *freight.Officer) *freight.Meta { return &o.Meta }, func(o *freight.Officer, to []any) []any {
		return append(to, &o.User, &o.Away, &o.Off)
	}, func(o *freight.Officer) any { return &o.OfficerTerms })

type briefBody struct {
	Sum   *freight.BriefLine   `json:"sum"`
	Lines *[]freight.BriefLine `json:"lines"`
	Bare  *[]freight.BareLine  `json:"bare,omitempty"`
}

var briefTable = entity(freight.KindBrief, "briefs", []string{"since", "until", "body"},
	func(b *freight.Brief) *freight.Meta { return &b.Meta }, func(b *freight.Brief, to []any) []any {
		return append(to, &b.From, &b.To)
	}, func(b *freight.Brief) any { return &briefBody{Sum: &b.Sum, Lines: &b.Lines, Bare: &b.Bare} })

var costTable = entity(freight.KindCosts, "cost_models", []string{"number", "body"},
	func(m *freight.CostModel) *freight.Meta { return &m.Meta }, func(m *freight.CostModel, to []any) []any {
		return append(to, &m.Number)
	}, func(m *freight.CostModel) any { return &m.Costs })

// CostModels returns the versions of a market's costs, in order, and the market's last
// event number.
func (s *Store) CostModels(ctx context.Context, market freight.ID) (freight.Page[freight.CostModel], error) {
	return pageView(ctx, s, "read the costs", market, func(q querier) (freight.Page[freight.CostModel], error) {
		rows, err := costTable.list(q, "WHERE market_id = ? ORDER BY number", string(market))
		return freight.Page[freight.CostModel]{Rows: rows}, err
	})
}

const (
	liveTicket   = "state <> 'closed'"
	mindedTicket = "kind = 'unanswered' AND " + liveTicket
	onRoster     = "off = 0"
)

// deskState reads what a writer holds of the desk: live tickets, the roster, and
// until when the last brief goes.
func deskState(q querier, market string, state *freight.State) error {
	var err error
	if state.Tickets, err = ticketTable.list(q, "WHERE market_id = ? AND "+liveTicket+" ORDER BY id", market); err != nil {
		return err
	}
	if state.Officers, err = officerTable.list(q, "WHERE market_id = ? AND "+onRoster+" ORDER BY id", market); err != nil {
		return err
	}
	if state.Costs, err = costTable.list(q, "WHERE market_id = ? ORDER BY number", market); err != nil {
		return err
	}
	last, err := briefTable.list(q, "WHERE market_id = ? ORDER BY id DESC LIMIT 1", market)
	if len(last) > 0 {
		state.Briefed = last[0].To
	}
	return err
}

// sided limits a read of tickets: a firm sees its own and those that dispute a booking
// of which it is the other side, the desk all.
func sided(c *clause, scope freight.Scope) {
	c.and("market_id = ?", string(scope.Market))
	if !scope.Desk {
		c.and("(org_id = ? OR other_id <> '' AND other_id = ?)", string(scope.Org), string(scope.Org))
	}
}

// Ticket returns one ticket of the scope, and the market's last event number.
func (s *Store) Ticket(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Ticket, int64, error) {
	page, err := pageView(ctx, s, "read a ticket", scope.Market, func(q querier) (freight.Page[freight.Ticket], error) {
		c := &clause{}
		c.and("id = ?", string(id))
		sided(c, scope)
		t, err := one(q, &ticketTable.table, ticketTable.kind, id, c.text.String(), c.args...)
		return freight.Page[freight.Ticket]{Rows: []freight.Ticket{t}}, err
	})
	if err != nil {
		return freight.Ticket{}, 0, err
	}
	return page.Rows[0], page.Seq, nil
}

// Tickets returns a page of the scope's tickets, newest first. The state "live" asks
// for those that are not closed; those of one load or one owner are asked for by Load
// and Owner.
func (s *Store) Tickets(ctx context.Context, query freight.TicketQuery) (freight.Page[freight.Ticket], error) {
	return pageView(ctx, s, "list the tickets", query.Market, func(q querier) (freight.Page[freight.Ticket], error) {
		c := &clause{}
		sided(c, query.Scope)
		switch query.State {
		case "":
		case "live":
			c.and(liveTicket)
		default:
			c.and("state = ?", query.State)
		}
		if query.Load != "" {
			c.and("load_id = ?", string(query.Load))
		}
		if query.Owner != "" {
			c.and("owner_id = ?", string(query.Owner))
		}
		return pageOf(q, ticketTable, c, query.After, query.Limit)
	})
}

// Officers returns the officers of a market's desk, also those who are none any more,
// in order of id.
func (s *Store) Officers(ctx context.Context, market freight.ID) (freight.Page[freight.Officer], error) {
	return pageView(ctx, s, "list the officers", market, func(q querier) (freight.Page[freight.Officer], error) {
		rows, err := officerTable.list(q, "WHERE market_id = ? ORDER BY id", string(market))
		return freight.Page[freight.Officer]{Rows: rows}, err
	})
}

// Briefs returns a page of the briefs of a market's desk, newest first.
func (s *Store) Briefs(ctx context.Context, query freight.Query) (freight.Page[freight.Brief], error) {
	return listView(ctx, s, briefTable, query, false)
}

// Brief returns one brief of the scope, and the market's last event number.
func (s *Store) Brief(ctx context.Context, scope freight.Scope, id freight.ID) (freight.Brief, int64, error) {
	return oneView(ctx, s, briefTable, scope, id)
}

// Busy returns the tickets of a market that live or have changed at the instant or
// later, in order of id: what a brief from then on is made of.
func (s *Store) Busy(ctx context.Context, market freight.ID, since freight.Instant) ([]freight.Ticket, error) {
	list, err := ticketTable.list(s.reader.now(ctx), "WHERE market_id = ? AND (changed >= ? OR "+liveTicket+") ORDER BY id", string(market), int64(since))
	return list, failure("list the busy tickets", err)
}

// Bare returns the loads of a market whose last explanation was given from one instant
// until another, the latter left out, and named no change that would help, in order of id.
func (s *Store) Bare(ctx context.Context, market freight.ID, from, to freight.Instant) ([]freight.Load, error) {
	const op, told = "list the loads that nothing helps", "market_id = ? AND at >= ? AND at < ?"
	q := s.reader.now(ctx)
	why, err := explanationTable.list(q, "WHERE "+told, string(market), int64(from), int64(to))
	if err != nil {
		return nil, failure(op, err)
	}
	bare := map[freight.ID]bool{}
	for i := range why {
		bare[why[i].Load] = why[i].Bare()
	}
	loads, err := loadTable.list(q, "WHERE id IN (SELECT load_id FROM explanations WHERE "+told+") ORDER BY id", string(market), int64(from), int64(to))
	return slices.DeleteFunc(loads, func(l freight.Load) bool { return !bare[l.ID] }), failure(op, err)
}

// TicketAge is how many live tickets of a state there are, and since when the oldest
// has waited.
type TicketAge struct {
	State freight.TicketState
	N     int64
	Since freight.Instant
}

// TicketAges counts the live tickets of a market by state.
func (s *Store) TicketAges(ctx context.Context, market freight.ID) ([]TicketAge, error) {
	const op = "count the tickets"
	rows, err := s.reader.now(ctx).query("SELECT state, count(*), min(made) FROM tickets WHERE market_id = ? AND "+liveTicket+" GROUP BY state ORDER BY state", string(market))
	if err != nil {
		return nil, failure(op, err)
	}
	defer rows.Close()
	var list []TicketAge
	for rows.Next() {
		var a TicketAge
		if err := rows.Scan(&a.State, &a.N, &a.Since); err != nil {
			return nil, failure(op, err)
		}
		list = append(list, a)
	}
	return list, failure(op, rows.Err())
}
