package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// TestNoFaceHasBarriers looks at every face of the page with something in it, on a phone
// and at a desk, by day and by night, in both languages: names, contrast, sizes, width,
// the language that the page says it is in, and that nothing moves where that is not wanted.
func TestNoFaceHasBarriers(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.man("王主任")
	h.boot()
	ctx := context.Background()
	shipper, carrier := h.client(0, nil), h.client(1, nil)
	trip, err := carrier.AnnounceTrip(ctx, h.trip(1))
	if err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	var loads []client.Load
	for i := range 3 {
		load, err := shipper.PostLoad(ctx, h.load(fmt.Sprint("SO-", i), i)) // the first finds a truck, the others none
		if err != nil {
			t.Fatal(err)
		}
		loads = append(loads, load)
	}
	if _, err := shipper.AskDesk(ctx, client.Question{Kind: "help", Load: loads[1].ID, Text: "找不到车"}); err != nil {
		t.Fatal(err)
	}
	driver.see("offer-card")
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	chief := h.person(b, "chief", browsertest.Desk, 2)
	faces := []struct {
		who   *person
		paths []string
	}{
		{driver, []string{"/offers", "/trips", "/trips/" + trip.ID, "/trips/new", "/pools", "/bookings", "/tickets", "/board", "/asking", "/standing", "/acts"}},
		{clerk, []string{"/loads", "/loads/" + loads[0].ID, "/loads/" + loads[1].ID, "/loads/new", "/pools", "/bookings", "/tickets", "/board", "/asking", "/sites", "/standing", "/acts"}},
		{chief, []string{"/tickets", "/desk", "/desk/" + loads[1].ID, "/costs", "/pools", "/bookings", "/board", "/acts"}},
	}
	for _, lang := range []string{"zh-CN", "en"} {
		for _, f := range faces {
			if lang == "en" {
				f.who.tap("language")
			}
			f.who.Until(fmt.Sprintf(`document.documentElement.lang === %q`, lang))
			for _, path := range f.paths {
				f.who.barriers(t, path, lang)
			}
		}
	}
}

// barriers looks at one face by day and by night.
func (p *person) barriers(t *testing.T, path, lang string) {
	p.open(path)
	p.Until(`document.querySelector('main[aria-busy=true], main .skeleton, main [aria-busy=true]') === null && document.querySelector('main h1') !== null`)
	for _, scheme := range []string{"light", "dark"} {
		p.Prefer(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"})
		for _, found := range p.Barriers() {
			t.Errorf("%s, %s, %s: %s", path, lang, scheme, found)
		}
	}
}

// TestADriverAcceptsByKeyboard does with the keyboard alone what an operator's face is for,
// and an officer's: where the focus is can be seen at each stop.
func TestADriverAcceptsByKeyboard(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.man("王主任")
	h.boot()
	ctx := context.Background()
	if _, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Desk, 1)
	if _, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0)); err != nil {
		t.Fatal(err)
	}
	driver.see("offer-card")
	driver.key("accept-offer")
	driver.see("see-booking")

	load, err := h.client(0, nil).PostLoad(ctx, h.load("SO-2", 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.client(0, nil).AskDesk(ctx, client.Question{Kind: "help", Load: load.ID, Text: "找不到车"}); err != nil {
		t.Fatal(err)
	}
	chief := h.person(b, "chief", browsertest.Desk, 2)
	chief.open("/tickets")
	chief.see("ticket-card")
	chief.key("ticket-take")
	chief.state("ticket-card", "taken")
	chief.TabTo(`[data-testid="ticket-text"]`)
	chief.Press("明早六点有车")
	chief.key("ticket-finish")
	chief.Until(`hands.at('ticket-card') === null || hands.at('ticket-card').dataset.state === 'done'`)
}

// key goes to an element by Tab and presses Enter.
func (p *person) key(id string) {
	p.see(id)
	p.TabTo(`[data-testid="` + id + `"]`)
	p.Press(kb.Enter)
}

// TestAnUpdateLeavesTheFocus has a driver type a price while another offer comes in and
// the one before him is marked as seen: what is typed and where the focus is stay, and the
// list that the new card joins is one that is read out.
func TestAnUpdateLeavesTheFocus(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 2)
	h.boot()
	ctx := context.Background()
	if _, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	post := func(n int) {
		terms := h.load(fmt.Sprint("SO-", n), 0)
		terms.Size = client.Size{Kg: 1500, FloorM: 1.5, Litres: 5000}
		if _, err := h.client(0, nil).PostLoad(ctx, terms); err != nil {
			t.Fatal(err)
		}
	}
	post(1)
	driver.tap("counter-offer")
	driver.Until(`document.activeElement.dataset.testid === 'in-price_fen'`)
	driver.Press("41")
	post(2)
	driver.Until(`document.querySelectorAll('[data-testid="offer-card"]').length === 2`)
	driver.Press("5")
	if got := browsertest.Eval[string](driver.Page, `document.activeElement.dataset.testid + ' ' + document.activeElement.value`); got != "in-price_fen 415" {
		t.Errorf("after another offer has come, the focus is on %q", got)
	}
	live := browsertest.Eval[[]string](driver.Page, `[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')].filter(e => e.contains(hands.at('offer-card'))).map(e => e.getAttribute('aria-live') + ' ' + e.getAttribute('aria-relevant'))`)
	if !slices.Contains(live, "polite additions") {
		t.Errorf("the cards stand in %q: nobody hears of a new one", live)
	}
	if got := browsertest.Eval[string](driver.Page, `[...document.querySelectorAll('[data-testid="countdown"]')].map(e => e.getAttribute('aria-live')).join()`); strings.Trim(got, "of,") != "" {
		t.Errorf("the clocks are read out each second: %q", got)
	}
}
