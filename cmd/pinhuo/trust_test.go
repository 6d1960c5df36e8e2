package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// TestWhoKeepsHisWord plays it in a real browser: a driver sees beside the shipper's name
// how it keeps its word, lets an answer to a version that has passed be refused, reads
// his own standing, and the desk reads on the load and on the firm who wanted what and
// why it was refused.
func TestWhoKeepsHisWord(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.man("王主任")
	h.boot()
	ctx := context.Background()
	carrier := h.client(1, nil)
	if _, err := carrier.AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	load, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0))
	if err != nil {
		t.Fatal(err)
	}
	driver.see("offer-card")
	if got := driver.text("record"); !strings.Contains(got, "还没有记录") {
		t.Errorf("beside the name of a new shipper stands %q", got)
	}
	offers, err := carrier.Offers(ctx, client.List{State: "open"})
	if err != nil || len(offers.Items) != 1 {
		t.Fatalf("%+v, %v", offers.Items, err)
	}
	var refused *client.Problem
	if _, err := carrier.AcceptOffer(ctx, offers.Items[0].ID, 77); !errors.As(err, &refused) {
		t.Fatalf("an answer to version 77: %v", err)
	}
	driver.tap("decline-offer")
	driver.tap("no-price")
	driver.see("offer-ended")
	driver.tap("account")
	driver.tap("nav-standing")
	if got := driver.text("own-record"); !strings.Contains(got, "问 1 次，答 1 次") {
		t.Errorf("a driver who was asked once and said no reads %q", got)
	}
	if got := browsertest.Eval[string](driver.Page, `hands.at('turn').dataset.later`); got != "0" {
		t.Errorf("asked later by %s for one no", got)
	}

	chief := h.person(b, "chief", browsertest.Desk, 2)
	chief.open("/desk/" + load.ID)
	chief.tap("load-acts-open")
	chief.refusedAct("accept_offer", "stale_version")
	if got := chief.text("refused-act"); !strings.Contains(got, "carrier 1") || !strings.Contains(got, "接单") {
		t.Errorf("the load's story says %q", got)
	}
	chief.open("/acts")
	chief.refusedAct("accept_offer", "stale_version")
	chief.put("acts-firm", h.orgs[0].id)
	chief.see("empty") // the shipper was refused nothing
	chief.put("acts-firm", h.orgs[1].id)
	chief.refusedAct("accept_offer", "stale_version")
}

// refusedAct waits for a row of the log of acts.
func (p *person) refusedAct(act, problem string) {
	p.see(`refused-act"][data-act="` + act + `"][data-problem="` + problem)
}
