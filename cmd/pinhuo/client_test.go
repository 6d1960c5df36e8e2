package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"pinhuo/api/client"
)

// signedIn returns a client of the person whom a one-time link is for.
func (h *house) signedIn(person int) (*client.Client, client.Me) {
	h.t.Helper()
	c, err := client.New(client.Config{Base: h.base, HTTP: &http.Client{}})
	if err != nil {
		h.t.Fatal(err)
	}
	me, err := c.SignIn(context.Background(), h.orgs[person].link)
	if err != nil {
		h.t.Fatal(err)
	}
	return c, me
}

// refused wants a refusal of a kind.
func refused(t *testing.T, doing string, err error, problem string) {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) || p.Problem != problem {
		t.Errorf("%s: %v, want it refused for %s", doing, err, problem)
	}
}

// TestAProgramMovesATicket does by the client every act on a ticket, each by the side
// whose it is, and none twice.
func TestAProgramMovesATicket(t *testing.T) {
	h := newHouse(t, database{Data: t.TempDir()}, 1, 0)
	h.man("王主任", "李调度")
	h.boot()
	ctx := context.Background()
	firm := h.client(0, nil)
	head, _ := h.signedIn(1)
	officer, other := h.signedIn(2)

	ticket, err := firm.AskDesk(ctx, client.Question{Kind: "help", Text: "找不到车"}, client.Key("ask-1"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := firm.AskDesk(ctx, client.Question{Kind: "help", Text: "找不到车"}, client.Key("ask-1"))
	if err != nil || again.ID != ticket.ID {
		t.Errorf("asked twice under one key: %s and %s, %v", ticket.ID, again.ID, err)
	}
	_, err = firm.ReopenTicket(ctx, ticket.ID, 0, "还没有")
	refused(t, "reopen what is open", err, "state")
	step := func(doing string, got client.Ticket, err error, state string) {
		t.Helper()
		if err != nil || got.State != state {
			t.Fatalf("%s: %q, %v, want it %s", doing, got.State, err, state)
		}
		ticket = got
	}
	got, err := head.TakeTicket(ctx, ticket.ID, ticket.Version, "")
	step("take", got, err, "taken")
	_, err = officer.NoteTicket(ctx, ticket.ID, ticket.Version-1, "旧的")
	refused(t, "note on an older version", err, "stale_version")
	got, err = firm.NoteTicket(ctx, ticket.ID, 0, "仓库五点关门")
	step("note", got, err, "taken")
	got, err = head.HandOverTicket(ctx, ticket.ID, ticket.Version, other.User.ID, "请接手")
	step("hand over", got, err, "open")
	_, err = head.FinishTicket(ctx, ticket.ID, 0, "好了")
	refused(t, "finish another's", err, "other_officer")
	got, err = officer.FinishTicket(ctx, ticket.ID, ticket.Version, "明早有车")
	step("finish", got, err, "done")
	got, err = firm.ReopenTicket(ctx, ticket.ID, ticket.Version, "车没来")
	step("reopen", got, err, "open")
	if _, err = head.MarkAway(ctx, other.User.ID, true); err != nil {
		t.Fatal(err)
	}
	page, err := firm.Tickets(ctx, client.List{State: "live"}, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].Owner.Name != "王主任" {
		t.Fatalf("live tickets once the officer is away: %+v, %v", page.Items, err)
	}
	got, err = head.FinishTicket(ctx, ticket.ID, 0, "已派车")
	step("finish instead", got, err, "done")
	got, err = firm.ConfirmTicket(ctx, ticket.ID, ticket.Version, "")
	step("confirm", got, err, "closed")
	one, err := firm.Ticket(ctx, ticket.ID)
	var events []string
	for _, e := range one.Log {
		events = append(events, e.Event)
	}
	if want := "[ask take note hand_over finish reopen stand_in finish confirm]"; err != nil || fmt.Sprint(events) != want {
		t.Errorf("the log says %v, %v, want %s", events, err, want)
	}
}

// TestAProgramKeepsTheDesk sets costs and the roster by the client, and how a carrier is
// asked.
func TestAProgramKeepsTheDesk(t *testing.T) {
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.man("王主任", "李调度")
	h.boot()
	ctx := context.Background()
	head, _ := h.signedIn(2)
	_, officer := h.signedIn(3)

	costs, err := head.Costs(ctx)
	if err != nil || len(costs.Models) != 1 {
		t.Fatalf("costs: %+v, %v", costs, err)
	}
	terms := costs.Models[0].CostTerms
	terms.Types[0].PerKmFen += 25
	set, err := head.SetCosts(ctx, terms, 0)
	if err != nil || set.Version != 1 || set.Types[0] != terms.Types[0] {
		t.Errorf("set costs: %+v, %v", set, err)
	}
	_, err = head.SetCosts(ctx, terms, 0)
	refused(t, "set costs upon an older version", err, "stale_version")

	bound, err := head.SetOfficer(ctx, officer.User.ID, client.OfficerTerms{Phone: "0513-00000000", Firms: []string{h.orgs[0].id}})
	if err != nil || len(bound.Firms) != 1 {
		t.Errorf("bind: %+v, %v", bound, err)
	}
	ticket, err := h.client(0, nil).AskDesk(ctx, client.Question{Kind: "help", Text: "问一下"})
	if err != nil || ticket.Owner.ID != officer.User.ID {
		t.Errorf("who answers the firm: %+v, %v", ticket.Owner, err)
	}
	if _, err = head.RemoveOfficer(ctx, officer.User.ID); err != nil {
		t.Error(err)
	}
	roster, err := head.Roster(ctx)
	if err != nil || len(roster.Officers) != 1 || len(roster.Members) != 2 {
		t.Errorf("roster: %+v, %v", roster, err)
	}

	carrier := h.client(1, nil)
	said, err := carrier.Asking(ctx)
	if err != nil || said.Version != 0 {
		t.Errorf("asking before anything is said: %+v, %v", said, err)
	}
	end := client.LaneEnd{Lat: 31.90, Lng: 121.17, Town: "海门", RadiusKm: 20}
	wish := client.AskingTerms{OffersPerHour: 6, Quiet: &client.Quiet{From: "22:00", Till: "06:00"}, Lanes: []client.Lane{{Name: "来回", From: end, To: end, Auto: true, LeastFen: 5000}}}
	said, err = carrier.SetAsking(ctx, wish)
	if err != nil || said.OffersPerHour != 6 || len(said.Lanes) != 1 || !said.Lanes[0].Auto {
		t.Errorf("asking: %+v, %v", said, err)
	}
}
