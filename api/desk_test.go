package api

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pinhuo/freight"
)

func (w *world) Ticket(_ context.Context, s freight.Scope, id freight.ID) (freight.Ticket, int64, error) {
	return find(w, w.tickets, func(t *freight.Ticket) bool { return t.ID == id && sees(s, t.Org, t.Other) }, id)
}

func (w *world) Tickets(_ context.Context, q freight.TicketQuery) (freight.Page[freight.Ticket], error) {
	is := func(t *freight.Ticket) bool {
		return sees(q.Scope, t.Org) && (q.Load == "" || t.Load == q.Load) && (q.State != "live" || t.Live())
	}
	return page(w, w.tickets, is, q.Query, func(t *freight.Ticket) freight.ID { return t.ID })
}

func (w *world) Tallies(context.Context, freight.Scope) (freight.Page[freight.Tally], error) {
	return freight.Page[freight.Tally]{}, nil
}

func (w *world) CostModels(context.Context, freight.ID) (freight.Page[freight.CostModel], error) {
	return freight.Page[freight.CostModel]{Seq: w.seq, Rows: []freight.CostModel{{Meta: freight.Meta{Org: desk.ID, Made: now}, Number: 1, Costs: freight.DefaultCosts()}}}, nil
}

func (w *world) Officers(context.Context, freight.ID) (freight.Page[freight.Officer], error) {
	return freight.Page[freight.Officer]{Rows: w.officers, Seq: w.seq}, w.fail
}

func (w *world) Briefs(_ context.Context, q freight.Query) (freight.Page[freight.Brief], error) {
	return page(w, w.briefs, func(b *freight.Brief) bool { return sees(q.Scope, b.Org) }, q, func(b *freight.Brief) freight.ID { return b.ID })
}

func (w *world) Brief(_ context.Context, s freight.Scope, id freight.ID) (freight.Brief, int64, error) {
	return find(w, w.briefs, func(b *freight.Brief) bool { return b.ID == id && sees(s, b.Org) }, id)
}

func (w *world) Story(_ context.Context, s freight.Scope, load freight.ID) (freight.Story, int64, error) {
	return find(w, w.stories, func(t *freight.Story) bool { return t.Load.ID == load && sees(s, t.Load.Org) }, load)
}

func (w *world) Deeds(_ context.Context, q freight.DeedQuery) (freight.Page[freight.Deed], error) {
	return page(w, w.deeds, func(d *freight.Deed) bool {
		return sees(q.Scope, d.Org) && (q.Subject == "" || q.Subject == d.What.Subject) && (d.Code == "" && q.Done || d.Code != "" && q.Refused) &&
			(q.Act == "" || q.Act == d.What.Act) && (q.Actor == "" || q.Actor == d.Actor) && (q.Org == "" || q.Org == d.Org)
	}, q.Query, func(d *freight.Deed) freight.ID { return d.ID })
}

func (w *world) DeedHead(_ context.Context, market freight.ID) (freight.DeedHead, error) {
	return freight.DeedHead{Market: market, Seq: 6, Hash: [32]byte{0xab}}, nil
}

func (w *world) Memberships(_ context.Context, org freight.ID) ([]freight.Membership, error) {
	var list []freight.Membership
	for _, p := range principals {
		if p.Org == org && p.User != "" {
			list = append(list, freight.Membership{User: p.User, Org: org, Role: p.Role})
		}
	}
	slices.SortFunc(list, func(a, b freight.Membership) int { return strings.Compare(string(a.User), string(b.User)) })
	return list, w.fail
}

func (w *world) User(_ context.Context, id freight.ID) (freight.User, error) {
	return freight.User{ID: id, Name: "王经理"}, w.fail
}

func (w *world) Orgs(context.Context, freight.ID) ([]freight.Org, error) {
	return []freight.Org{shipper, carrier, other, desk}, w.fail
}

var (
	theOfficer = principals["officer"].User
	theTicket  = freight.Ticket{Meta: freight.Meta{ID: id("ti", "x"), Market: market.ID, Org: shipper.ID, Version: 2, Made: now}, Kind: freight.TicketHelp,
		Class: freight.ClassOrdinary, State: freight.TicketTaken, Load: id("ld", "x"), Desk: desk.ID, Owner: theOfficer, Rung: freight.RungOwner,
		Due: now + freight.Hour, Text: "找不到车", Log: []freight.TicketEntry{
			{At: now, Event: freight.TicketAsk, Actor: principals["clerk"].User, Org: shipper.ID, Owner: theOfficer, Due: now + freight.Hour},
			{At: now, Event: freight.TicketTake, Actor: theOfficer, Org: desk.ID, Owner: theOfficer, Due: now + freight.Hour},
		}}
)

func withDesk(t *testing.T) *testServer {
	s := serve(t)
	s.officers = []freight.Officer{{Meta: freight.Meta{ID: id("oc", "x"), Org: desk.ID, Version: 1}, User: theOfficer,
		OfficerTerms: freight.OfficerTerms{Name: "值班员甲", Phone: "0513-1", Head: true, Default: true}}}
	s.tickets = []freight.Ticket{theTicket}
	return s
}

func TestAFirmReadsWhoAnswersAndUntilWhen(t *testing.T) {
	s := withDesk(t)
	a := s.want(200, request{"GET", "/v1/tickets?state=live&load_id=" + string(id("ld", "x")), "", "clerk", nil})
	for _, part := range []string{`"name":"值班员甲"`, `"phone":"0513-1"`, `"due_at":"2026-11-22T11:00:00Z"`, `"side":"firm"`, `"side":"desk","by":"值班员甲"`} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("%s is not in %s", part, a.body)
		}
	}
	path := "/v1/tickets/" + string(theTicket.ID)
	s.want(200, request{"GET", path, "", "officer", nil})
	s.want(404, request{"GET", path, "", "stranger", nil})
	s.want(404, request{"GET", path, "", "driver", nil})
}

// An officer acts on tickets in the desk's own name, a firm in its own; the exchange
// is told which.
func TestWhoseActItIsOnATicket(t *testing.T) {
	s := withDesk(t)
	s.world.do = func(freight.Command) (freight.Result, error) { return freight.Result{Ticket: &s.tickets[0]}, nil }
	path := "/v1/tickets/" + string(theTicket.ID)
	for _, tc := range []struct {
		as, act, body string
		org           freight.ID
		event         freight.TicketEvent
	}{
		{"officer", "/take", "{}", desk.ID, freight.TicketTake},
		{"officer", "/finish", `{"text": "已安排"}`, desk.ID, freight.TicketFinish},
		{"officer", "/hand-over", `{"to": "us_y"}`, desk.ID, freight.TicketHandOver},
		{"clerk", "/confirm", "{}", shipper.ID, freight.TicketConfirm},
		{"clerk", "/reopen", `{"text": "还没到"}`, shipper.ID, freight.TicketReopen},
		{"clerk", "/note", `{"text": "在二号门"}`, shipper.ID, freight.TicketNote},
	} {
		s.want(200, request{"POST", path + tc.act, tc.body, tc.as, nil})
		cmd := s.commands[len(s.commands)-1]
		if act, ok := cmd.Act.(freight.MoveTicket); !ok || cmd.Org != tc.org || act.Event != tc.event || act.Ticket != theTicket.ID {
			t.Errorf("%s as %s: %+v", tc.act, tc.as, cmd)
		}
	}
	s.tickets[0].State = freight.TicketClosed
	s.world.do = func(freight.Command) (freight.Result, error) { return freight.Result{}, freight.Missing("ticket", "x") }
	if a := s.want(409, request{"POST", path + "/reopen", `{"text": "x"}`, "clerk", nil}); a.at(t, "problem") != "state" {
		t.Errorf("a closed ticket: %s", a.body)
	}
	s.want(422, request{"POST", path + "/finish", `{}`, "officer", nil})
	s.want(404, request{"POST", "/v1/tickets", `{"kind": "dispute", "booking_id": "nonsense", "text": "x"}`, "clerk", nil})
}

func TestTheRosterIsTheOwners(t *testing.T) {
	s := withDesk(t)
	s.world.do = func(freight.Command) (freight.Result, error) { return freight.Result{Officer: &s.officers[0]}, nil }
	a := s.want(200, request{"GET", "/v1/desk/officers", "", "officer", nil})
	for _, part := range []string{`"role":"officer"`, `"name":"海门纺机"`, `"default":true`} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("%s is not in %s", part, a.body)
		}
	}
	path := "/v1/desk/officers/" + string(theOfficer)
	s.want(200, request{"PUT", path, `{"firms": ["` + string(shipper.ID) + `"]}`, "chief", nil})
	act := s.commands[0].Act.(freight.SetOfficer)
	if act.Terms.Name != "王经理" || !slices.Equal(act.Terms.Firms, []freight.ID{shipper.ID}) {
		t.Errorf("%+v", act)
	}
	s.want(404, request{"PUT", path, `{"firms": ["` + string(desk.ID) + `"]}`, "chief", nil})
	s.want(404, request{"PUT", "/v1/desk/officers/" + string(principals["ops"].User), "{}", "chief", nil}) // may not answer
	s.want(200, request{"POST", path + "/away", `{"away": true}`, "officer", nil})
	s.want(403, request{"POST", "/v1/desk/officers/" + string(principals["chief"].User) + "/away", `{"away": true}`, "officer", nil})
}

// A spreadsheet takes no name of a firm or officer for a formula, and a line of the
// brief stays one line.
func TestABriefIsSafeToOpen(t *testing.T) {
	line := BriefLine{Officer: &Person{Name: "=HYPERLINK(\"http://x\")"}, Firm: &Party{Name: " @SUM(1)\n=2"}, Asked: 3, Late: 1}
	b := Brief{From: now.Time().Add(-24 * 3600e9), To: now.Time(), Sum: BriefLine{Asked: 3, Late: 1}, Lines: []BriefLine{line}}
	text := string(briefCSV(&b, chinese, nil))
	if want := "\"'=HYPERLINK(\"\"http://x\"\")\",' @SUM(1) =2,3,0,0,0,0,0,1\r\n合计,,3"; !strings.Contains(text, want) {
		t.Errorf("%q is not in\n%q", want, text)
	}
	for _, bad := range []string{"=1", "+1", "-1", "@x", "\t=1", "\r=1", "　＝1", "|x"} {
		if got := cell(bad); !strings.HasPrefix(got, "'") {
			t.Errorf("%q became %q", bad, got)
		}
	}
	if got := cell("海门纺机"); got != "海门纺机" {
		t.Errorf("a name became %q", got)
	}
	said := string(briefText(&b, chinese, now.Time().Location()))
	if strings.Count(said, "\n") != 3 || !strings.Contains(said, "合计：新增 3，超期未办 1") {
		t.Errorf("%s", said)
	}
}

func TestAStoryIsItsFirmsAndTheDesks(t *testing.T) {
	s := withDesk(t)
	deal := someDeal("x", freight.BookingFirm)
	told := freight.Story{Load: someLoad("x", shipper), Offers: []freight.Deal{deal}, Bookings: []freight.Deal{deal}, Tickets: s.tickets}
	s.stories = []freight.Story{told}
	path := "/v1/loads/" + string(told.Load.ID) + "/story"
	a := s.want(200, request{"GET", path, "", "clerk", nil})
	for _, part := range []string{`"asked":[{`, `"bookings":[{`, `"tickets":[{`, `"kind":"ticket"`, `"kind":"pickup_closes"`} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("%s is not in %s", part, a.body)
		}
	}
	s.want(200, request{"GET", path, "", "officer", nil})
	s.want(404, request{"GET", path, "", "stranger", nil})
	s.want(404, request{"GET", path, "", "driver", nil})
}

// The log of acts is read by whose acts they were, and by the desk.
func TestRefusedActsAreTheirOrganizationsAndTheDesks(t *testing.T) {
	s := withDesk(t)
	refused := freight.Deed{Meta: freight.Meta{ID: id("ac", "x"), Org: carrier.ID, Made: now, Actor: id("us", "x"), Behalf: carrier.ID}, Seq: 4,
		What: freight.Naming{Act: "accept_offer", Subject: id("of", "x"), Version: 2}, Key: "k", Code: freight.Conflict, Problem: freight.ProblemStale, Times: 1,
		DeedBody: freight.DeedBody{Refusal: freight.Refuse(freight.ProblemStale, "version", "2"), Was: freight.Present{State: "sent", Version: 3}}}
	many := freight.Deed{Meta: freight.Meta{ID: id("ac", "y"), Org: shipper.ID, Made: now}, Seq: 5, What: freight.Naming{Act: freight.ActOmitted},
		Code: freight.TooMany, Problem: freight.ProblemRate, Times: 9}
	s.deeds = []freight.Deed{refused, many}
	a := s.want(200, request{"GET", "/v1/acts", "", "driver", nil})
	for _, part := range []string{`"act":"accept_offer"`, `"version":2`, `"state":"sent","present_version":3`, `"problem":"stale_version"`, `"on_behalf":true`} {
		if !strings.Contains(string(a.body), part) {
			t.Errorf("%s is not in %s", part, a.body)
		}
	}
	if strings.Contains(string(a.body), "omitted") {
		t.Errorf("another's acts: %s", a.body)
	}
	if a := s.want(200, request{"GET", "/v1/acts", "", "officer", nil}); strings.Count(string(a.body), `"act":`) != 2 || !strings.Contains(string(a.body), `"times":9`) {
		t.Errorf("the desk reads %s", a.body)
	}
	if a := s.want(200, request{"GET", "/v1/acts?subject=" + string(id("of", "x")), "", "officer", nil}); strings.Count(string(a.body), `"act":`) != 1 {
		t.Errorf("about one offer: %s", a.body)
	}
	s.want(422, request{"GET", "/v1/acts?after=ld_1", "", "officer", nil})
	done := freight.Deed{Meta: freight.Meta{ID: id("ac", "z"), Org: shipper.ID, Made: now, Actor: id("us", "x")}, Seq: 6, What: freight.Naming{Act: "post_load", Subject: id("ld", "x")},
		Times: 1, DeedBody: freight.DeedBody{Became: freight.Present{State: "posted", Version: 1}, Changes: [2]int64{1, 2}}}
	s.deeds = append(s.deeds, done)
	if a := s.want(200, request{"GET", "/v1/acts", "", "officer", nil}); strings.Contains(string(a.body), "post_load") {
		t.Errorf("what was done is among what was refused: %s", a.body)
	}
	for query, want := range map[string]int{"": 3, "?outcome=done": 1, "?outcome=refused": 2, "?act=post_load": 1, "?org_id=" + string(carrier.ID): 1} {
		if a := s.want(200, request{"GET", "/v1/log" + query, "", "inspector", nil}); strings.Count(string(a.body), `"outcome":`) != want {
			t.Errorf("the log by %q: %s", query, a.body)
		}
	}
	if a := s.want(200, request{"GET", "/v1/log", "", "auditor", nil}); strings.Count(string(a.body), `"outcome":`) != 2 || strings.Contains(string(a.body), string(carrier.ID)) {
		t.Errorf("a firm's auditor reads %s", a.body)
	}
	if a := s.want(200, request{"GET", "/v1/log/head", "", "inspector", nil}); !strings.Contains(string(a.body), `:6:ab00`) {
		t.Errorf("the head is %s", a.body)
	}
}
