package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/browsertest"
)

// man gives the market a desk of two people, an owner and an officer; their links
// come after those of the firms.
func (h *house) man(names ...string) {
	h.t.Helper()
	s := h.openStore()
	defer s.Close()
	ctx := context.Background()
	a := accounts.New(accounts.Config{Store: s, Mint: minter{}})
	org, owner, err := addMember(ctx, a, h.market, freight.OrgDesk, "物流服务台", names[0], freight.RoleOwner)
	if err != nil {
		h.t.Fatal(err)
	}
	h.orgs = append(h.orgs, houseOrg{id: string(org.ID), link: owner.secret})
	for _, name := range names[1:] {
		user, err := a.Hire(ctx, org.ID, name, freight.RoleOfficer)
		if err != nil {
			h.t.Fatal(err)
		}
		secret, _, err := a.IssueLink(ctx, user.ID, org.ID, "")
		if err != nil {
			h.t.Fatal(err)
		}
		h.orgs = append(h.orgs, houseOrg{id: string(org.ID), link: secret})
	}
}

// TestAPersonAnswersForALoad plays it in a real browser: a clerk asks for help with a
// load, reads who answers and until when, the head of the desk takes it up on the phone
// and answers, the clerk is not content, another officer has it, and it is closed by the
// clerk's word alone.
func TestAPersonAnswersForALoad(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 0)
	h.man("王主任", "李调度")
	h.boot()
	load, err := h.client(0, nil).PostLoad(context.Background(), client.LoadTerms{Goods: "布匹", Size: client.Size{Kg: 2000, FloorM: 2, Litres: 4000},
		Pickup: houseStop("海门", 31.90, 121.17, h.hour(6), h.hour(10)), Delivery: houseStop("常州", 31.77, 119.95, h.hour(6), h.hour(24))})
	if err != nil {
		t.Fatal(err)
	}
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	chief := h.person(b, "chief", browsertest.Phone, 1)
	officer := h.person(b, "officer", browsertest.Desk, 2)

	clerk.open("/loads/" + string(load.ID))
	clerk.tap("ask-desk")
	clerk.put("ask-text", "仓库只收早上的货，能找到车吗")
	clerk.tap("ask-send")
	clerk.see("ticket-card")
	if who := clerk.text("ticket-owner"); !strings.Contains(who, "王主任") {
		t.Errorf("the clerk reads that %q answers", who)
	}
	clerk.see("countdown") // until when

	chief.open("/tickets")
	chief.tap("ticket-take")
	chief.Until(`hands.at('ticket-card').dataset.state === 'taken'`)
	chief.put("ticket-text", "明早六点有车")
	chief.tap("ticket-finish")
	clerk.Until(`hands.at('ticket-card').dataset.state === 'done'`)
	clerk.put("ticket-text", "车没有来")
	clerk.tap("ticket-reopen")
	chief.Until(`hands.at('ticket-card') && hands.at('ticket-card').dataset.state === 'open'`)
	chief.tap("ticket-hand-over")

	officer.see("ticket-count") // the navigation says so
	officer.open("/tickets")
	officer.tap("ticket-take")
	officer.Until(`hands.at('ticket-card').dataset.state === 'taken'`)
	officer.put("ticket-text", "已装车")
	officer.tap("ticket-finish")
	clerk.Until(`hands.at('ticket-card').dataset.state === 'done'`)
	if who := clerk.text("ticket-owner"); !strings.Contains(who, "李调度") {
		t.Errorf("the clerk reads that %q answered", who)
	}
	clerk.tap("ticket-confirm")
	clerk.Until(`hands.at('ticket-card').dataset.state === 'closed'`)

	var story struct {
		Tickets []struct {
			State string
			Log   []struct{ Event string }
		}
	}
	h.ask(0, "GET", "/v1/loads/"+string(load.ID)+"/story", "", &story)
	var events []string
	for _, e := range story.Tickets[0].Log {
		events = append(events, e.Event)
	}
	if want := "[ask take finish reopen hand_over take finish confirm]"; fmt.Sprint(events) != want || story.Tickets[0].State != "closed" {
		t.Errorf("the story says %v, %s", events, story.Tickets[0].State)
	}
	var out, said strings.Builder
	code := run(t.Context(), []string{"explain", "--data", h.db.Data, string(load.ID)}, nil, streams{&out, &said})
	for _, part := range []string{"with 李调度 (owner)", "take by 王主任", "仓库只收早上的货", "not explained yet", "load.posted"} {
		if code != 0 || !strings.Contains(out.String(), part) {
			t.Errorf("pinhuo explain: exit %d, %q is not in\n%s%s", code, part, out.String(), said.String())
		}
	}
}

func TestTheSetHourOfABrief(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	for _, tc := range []struct{ now, want string }{
		{"2026-11-22T17:59:59+08:00", "2026-11-21T18:00:00+08:00"},
		{"2026-11-22T18:00:00+08:00", "2026-11-22T18:00:00+08:00"},
		{"2026-11-23T00:00:00+08:00", "2026-11-22T18:00:00+08:00"},
	} {
		now, _ := time.Parse(time.RFC3339, tc.now)
		if got := briefHour(now.In(zone), 18).Time().In(zone).Format(time.RFC3339); got != tc.want {
			t.Errorf("at %s the last set hour was %s, want %s", tc.now, got, tc.want)
		}
	}
}
