package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/internal/accounts"
	"pinhuo/internal/browsertest"
	"pinhuo/internal/pgtest"
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

	clerk.open("/loads/" + load.ID)
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
	h.ask(0, "GET", "/v1/loads/"+load.ID+"/story", "", &story)
	var events []string
	for _, e := range story.Tickets[0].Log {
		events = append(events, e.Event)
	}
	if want := "[ask take finish reopen hand_over take finish confirm]"; fmt.Sprint(events) != want || story.Tickets[0].State != "closed" {
		t.Errorf("the story says %v, %s", events, story.Tickets[0].State)
	}
	var out, said strings.Builder
	code := run(t.Context(), []string{"explain", "--data", h.db.Data, load.ID}, nil, streams{&out, &said})
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

// TestAKilledServerKeepsTickets kills the server between and within requests: whatever
// was acknowledged is there afterwards with its owner and clock, and asking again under
// the same key opens nothing twice.
func TestAKilledServerKeepsTickets(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killAmongTickets(t, database{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("SQLite is enough for a short run")
		}
		killAmongTickets(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)})
	})
}

type askedTicket struct {
	ID, State string
	Owner     struct{ Name string }
	Due       time.Time `json:"due_at"`
}

func killAmongTickets(t *testing.T, db database) {
	h := newHouse(t, db, 1, 0)
	h.man("王主任")
	h.boot()
	acked := map[string]askedTicket{}
	for n := 0; len(acked) < 12; n++ {
		key := fmt.Sprint("ask ", n%16)
		if n%5 == 4 {
			go h.tryAsk(key) // in flight, perhaps, when the power goes
			h.kill()
			h.boot()
		}
		if got, ok := h.tryAsk(key); ok {
			if was, known := acked[key]; known && was.ID != got.ID {
				t.Errorf("%s opened %s and %s", key, was.ID, got.ID)
			}
			acked[key] = got
		}
	}
	h.kill()
	h.boot()
	var list struct{ Items []askedTicket }
	h.ask(0, "GET", "/v1/tickets?limit=200", "", &list)
	kept := map[string]askedTicket{}
	for _, k := range list.Items {
		kept[k.ID] = k
	}
	for key, was := range acked {
		if now := kept[was.ID]; now.Owner.Name != "王主任" || now.State != "open" || now.Due.Before(was.Due) {
			t.Errorf("%s was acknowledged as %+v and is %+v", key, was, now)
		}
	}
	if len(kept) > 16 {
		t.Errorf("%d tickets of 16 questions", len(kept))
	}
	h.kill()
	if out := h.audit(); !strings.Contains(out, "violations: 0") {
		t.Errorf("audit:\n%s", out)
	}
}

// tryAsk asks the desk; false where no good answer came.
func (h *house) tryAsk(key string) (k askedTicket, ok bool) {
	req, err := http.NewRequest(http.MethodPost, h.base+"/v1/tickets", strings.NewReader(`{"kind": "help", "text": "`+key+`"}`))
	if err != nil {
		return k, false
	}
	req.Header.Set("Authorization", "Bearer "+h.orgs[0].token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return k, false
	}
	defer resp.Body.Close()
	return k, resp.StatusCode == http.StatusOK && json.NewDecoder(resp.Body).Decode(&k) == nil
}
