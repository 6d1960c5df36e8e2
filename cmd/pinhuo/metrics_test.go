package main

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// named finds the metrics that rules are made of; what rules record has a colon in its name.
var named = regexp.MustCompile(`\bpinhuo_[a-z_]+`)

// Each metric that the rules name is told by a running server from its start on, also those
// of things that have not happened yet, and those of a deal count it.
func TestMetricsOfTheRulesAreTold(t *testing.T) {
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.metrics = freePort(t)
	h.boot()
	rules, err := os.ReadFile("../../deploy/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Compact(slices.Sorted(slices.Values(named.FindAllString(string(rules), -1))))
	if len(names) < 12 {
		t.Fatalf("the rules name %v", names)
	}
	h.deal()
	_, text := fetch(t, "http://"+h.metrics+"/metrics")
	for _, name := range names {
		if !regexp.MustCompile(`(?m)^` + name + `[{ ]`).MatchString(text) {
			t.Errorf("a live server does not tell %s", name)
		}
	}
	for _, line := range []string{`pinhuo_first_offer_seconds_count 1`, `pinhuo_answer_seconds_count{answer="accepted"} 1`, `pinhuo_booking_offers_count 1`,
		`pinhuo_offers_total{outcome="accepted"} 1`, `pinhuo_refused_acts_total{problem="state"} 1`, `pinhuo_declines_total{reason="price"} 0`,
		`pinhuo_offer_expiries_total{received="no"} 0`, `pinhuo_clock_expiries_total{clock="offer"} 0`, `pinhuo_ticket_events_total{event="overdue"} 0`,
		`pinhuo_loads_past_answer_by 0`, `pinhuo_saved_fen_total 0`, `pinhuo_refused_acts_unlogged_total 0`} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(line) + `$`).MatchString(text) {
			t.Errorf("a live server does not tell %q", line)
		}
	}
}

// deal books one load, and is refused to book it again.
func (h *house) deal() {
	h.t.Helper()
	ctx := h.t.Context()
	carrier := h.client(1, nil)
	if _, err := carrier.AnnounceTrip(ctx, h.trip(1)); err != nil {
		h.t.Fatal(err)
	}
	offer := offersFor(ctx, h, "PO-1", 1)[0]
	if _, err := carrier.AcceptOffer(ctx, offer.ID, offer.Version); err != nil {
		h.t.Fatal(err)
	}
	if _, err := carrier.AcceptOffer(ctx, offer.ID, offer.Version); err == nil {
		h.t.Fatal("an offer was accepted twice")
	}
}
