package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// fen is the amount that an element of a page carries.
func (p *person) fen(id string) int64 {
	p.see(id)
	return browsertest.Eval[int64](p.Page, fmt.Sprintf(`Number(hands.at(%q).dataset.fen)`, id))
}

// TestTwoSidesNameTheirPrices plays a bargain in a real browser: the driver asks for more
// on a phone, first for an amount that cannot be meant, the clerk bids less at the desk,
// the driver takes it from the version that is on screen, and both see the same price.
func TestTwoSidesNameTheirPrices(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	if _, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	terms := h.load("SO-1", 0)
	terms.Size = client.Size{Kg: 2000, FloorM: 2, Litres: 6000}
	load, err := h.client(0, nil).PostLoad(ctx, terms)
	if err != nil {
		t.Fatal(err)
	}

	shown := driver.fen("offer-price")
	driver.tap("counter-offer")
	driver.see("counter-form")
	driver.put("in-price_fen", fmt.Sprint(shown)) // fen where yuan are asked for
	driver.tap("send-counter")
	driver.Until(`hands.at('counter-form').querySelector('.fault') !== null`)
	driver.tap("counter-chip")
	driver.tap("send-counter")
	driver.Until(`hands.at('bargain') && hands.at('bargain').dataset.turn === 'other'`)
	asked := driver.fen("bargain")
	if asked <= shown {
		t.Errorf("the driver asked %d fen of an offer of %d", asked, shown)
	}

	clerk.see("due-count") // the navigation says so, wherever the clerk is
	clerk.open("/loads/" + load.ID)
	if got := clerk.fen("bargain"); got != asked {
		t.Errorf("the clerk reads %d fen, the driver asked %d", got, asked)
	}
	clerk.tap("counter-offer")
	clerk.put("in-price_fen", fmt.Sprintf("%.2f", float64(asked-1)/100))
	clerk.tap("send-counter")
	clerk.Until(`hands.at('bargain') && hands.at('bargain').dataset.turn === 'other'`)

	driver.Until(`hands.at('bargain') && hands.at('bargain').dataset.turn === 'own'`)
	bid := driver.fen("offer-price")
	if bid != asked-1 {
		t.Errorf("the driver reads %d fen, the clerk bid %d", bid, asked-1)
	}
	driver.tap("bids-open")
	driver.Until(`document.querySelectorAll('[data-testid="bid"]').length === 2`)
	if got, want := browsertest.Eval[string](driver.Page, `[...document.querySelectorAll('[data-testid="bid"]')].map(e => e.dataset.by + ' ' + e.dataset.fen).join(', ')`), fmt.Sprintf("carrier %d, shipper %d", asked, asked-1); got != want {
		t.Errorf("the rounds are %q, want %q", got, want)
	}
	// An answer to what has changed since: the refusal says so, one tap shows the newest.
	driver.Tolerate("409")
	browsertest.Eval[bool](driver.Page, `(f => { window.fetch = (url, init) => { window.fetch = f; return f(url, { ...init, body: init.body.replace(/"version":\d+/, '"version":77') }); }; return true; })(window.fetch)`)
	driver.tap("accept-offer")
	driver.tap("see-newest")
	driver.Until(`hands.at('offer-error') === null`)
	driver.tap("accept-offer")
	driver.tap("see-booking")
	if got := driver.fen("booking-price"); got != bid {
		t.Errorf("booked at %d fen, bid %d", got, bid)
	}
	clerk.see("booking-panel")
}

// TestADriverSaysWhyNot says no with a reason on a phone; it stands in the offer.
func TestADriverSaysWhyNot(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	carrier := h.client(1, nil)
	if _, err := carrier.AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	if _, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0)); err != nil {
		t.Fatal(err)
	}
	driver.tap("decline-offer")
	driver.Until(`document.activeElement.dataset.testid === 'no-price'`)
	driver.tap("no-detour_time")
	driver.see("offer-ended")
	if got := driver.text("offer-ended"); !strings.Contains(got, "没有接") {
		t.Errorf("the card says %q", got)
	}
	offers, err := carrier.Offers(ctx, client.List{State: "declined"})
	if err != nil || len(offers.Items) != 1 || offers.Items[0].Reason != "detour_time" {
		t.Errorf("declined: %+v, %v", offers.Items, err)
	}
}
