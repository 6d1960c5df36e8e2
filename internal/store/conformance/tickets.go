package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// ticket returns a ticket of a firm.
func (w *World) ticket(kind freight.TicketKind, org, load, owner freight.ID) freight.Ticket {
	return freight.Ticket{Meta: w.meta(freight.PrefixTicket, org), Kind: kind, Class: freight.ClassOrdinary, State: freight.TicketOpen, Load: load,
		Desk: w.Desk.ID, Owner: owner, Rung: freight.RungOwner, Due: Start + freight.Hour, Counts: []freight.Count{{Reason: freight.ReasonPrice, N: 2}},
		Log: []freight.TicketEntry{{At: Start, Event: freight.TicketAsk, Owner: owner, Due: Start + freight.Hour, Text: "=求助"}}}
}

func (w *World) officer(user freight.ID) freight.Officer {
	return freight.Officer{Meta: w.meta(freight.PrefixOfficer, w.Desk.ID), User: user,
		OfficerTerms: freight.OfficerTerms{Name: "王", Head: true, Default: true, Firms: []freight.ID{w.Shipper.ID}}}
}

func (w *World) shown(name string, query freight.TicketQuery, want ...freight.Ticket) {
	w.tb.Helper()
	query.Limit = 10
	page := must(w.Store.Tickets(w.tb.Context(), query))(w.tb)
	var ids, wanted []freight.ID
	for _, t := range page.Rows {
		ids = append(ids, t.ID)
	}
	for _, t := range want {
		wanted = append(wanted, t.ID)
	}
	equal(w.tb, name, ids, wanted)
}

// testTickets checks what a writer starts from, who may read what, that a load has one
// live ticket of its own at the most, and a user one place in the roster.
func testTickets(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	a := w.Load()
	late := w.Load()
	late.AnswerBy = Start + freight.Minute
	gone, here := w.officer("us_gone"), w.officer("us_here")
	gone.Off = true
	live, done, closed := w.ticket(freight.TicketUnanswered, w.Shipper.ID, a.ID, "us_here"), w.ticket(freight.TicketHelp, w.Carrier.ID, "", "us_here"),
		w.ticket(freight.TicketUnanswered, w.Shipper.ID, a.ID, "us_gone")
	done.State, closed.State = freight.TicketDone, freight.TicketClosed
	stranger := freight.Org{ID: w.ID(freight.PrefixOrg), Market: w.Market.ID, Kind: freight.OrgEnterprise, Name: "另一家", Made: Start}
	w.ok(w.Store.CreateOrg(t.Context(), stranger))
	disputed := w.ticket(freight.TicketDispute, w.Carrier.ID, "", "us_gone")
	disputed.Other, disputed.State = stranger.ID, freight.TicketClosed
	c := w.Commit()
	w.Post(c, a, "")
	w.Post(c, late, "")
	for _, tk := range []freight.Ticket{live, done, closed, disputed} {
		c.Tickets = append(c.Tickets, freight.Row[freight.Ticket]{Value: tk})
		w.Note(c, freight.KindTicket, tk.Meta)
	}
	c.Officers = []freight.Row[freight.Officer]{{Value: gone}, {Value: here}}
	first, second := w.brief(Start-2*freight.Day, Start-freight.Day), w.brief(Start-freight.Day, Start)
	c.Briefs = []freight.Row[freight.Brief]{{Value: first}, {Value: second}}
	w.Send(c)
	state := must(w.Store.Reload(t.Context(), w.Market.ID))(t)
	equal(t, "live tickets", state.Tickets, []freight.Ticket{live, done})
	equal(t, "the roster", state.Officers, []freight.Officer{here})
	equal(t, "briefed until", state.Briefed, Start)

	query := func(scope freight.Scope, state string) freight.TicketQuery {
		return freight.TicketQuery{Query: freight.Query{Scope: scope, State: state}}
	}
	w.shown("the shipper", query(w.of(w.Shipper), ""), closed, live)
	w.shown("the shipper's live ones", query(w.of(w.Shipper), "live"), live)
	w.shown("the carrier", query(w.of(w.Carrier), ""), disputed, done)
	w.shown("the desk", query(w.all(), ""), disputed, closed, done, live)
	mine := query(w.all(), "live")
	mine.Owner, mine.Load = "us_here", a.ID
	w.shown("an officer's of a load", mine, live)
	w.shown("the other side of a dispute", query(w.of(stranger), ""), disputed)
	got, _, err := w.Store.Ticket(t.Context(), w.of(stranger), disputed.ID)
	equal(t, "a dispute as its other side reads it", must(got, err)(t), disputed)
	_, _, err = w.Store.Ticket(t.Context(), w.of(w.Carrier), live.ID)
	wantMissing(t, "another firm's ticket", err)
	_, _, err = w.Store.Brief(t.Context(), w.of(w.Shipper), first.ID)
	wantMissing(t, "the desk's brief", err)
	equal(t, "busy", len(must(w.Store.Busy(t.Context(), w.Market.ID, Start+1))(t)), 2)
	equal(t, "late loads", must(w.Store.Late(t.Context(), w.Market.ID, Start+2*freight.Day))(t), int64(1))
	equal(t, "ages", must(w.Store.TicketAges(t.Context(), w.Market.ID))(t), []store.TicketAge{
		{State: freight.TicketDone, N: 1, Since: Start}, {State: freight.TicketOpen, N: 1, Since: Start}})
	w.refuseTickets(a, here)
}

func (w *World) brief(from, to freight.Instant) freight.Brief {
	line := freight.BriefLine{Officer: "us_here", Firm: w.Shipper.ID, Asked: 1}
	return freight.Brief{Meta: w.meta(freight.PrefixBrief, w.Desk.ID), From: from, To: to, Sum: freight.BriefLine{Asked: 1}, Lines: []freight.BriefLine{line}}
}

// refuseTickets has the store refuse what two writers could have brought about.
func (w *World) refuseTickets(a freight.Load, here freight.Officer) {
	second := w.ticket(freight.TicketUnanswered, w.Shipper.ID, a.ID, "us_here")
	again := w.Commit()
	again.Tickets = []freight.Row[freight.Ticket]{{Value: second}}
	w.Note(again, freight.KindTicket, second.Meta)
	w.refused("a second person for a load", again, freight.CommitStale, freight.KindTicket, second.ID)
	twice := w.Commit()
	twin := w.officer("us_here")
	twice.Officers = []freight.Row[freight.Officer]{{Value: twin}}
	w.Note(twice, freight.KindOfficer, twin.Meta)
	w.refused("a user twice on the roster", twice, freight.CommitStale, freight.KindOfficer, twin.ID)
	old := w.Commit()
	old.Officers = []freight.Row[freight.Officer]{{Replaces: 9, Value: here}}
	w.Note(old, freight.KindOfficer, here.Meta)
	w.refused("an officer at another version", old, freight.CommitStale, freight.KindOfficer, here.ID)
}
