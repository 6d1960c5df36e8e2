package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// carried is a load that is booked on a trip, with its two sides at their pages.
type carried struct {
	clerk, driver *person
	booking       client.Booking
}

// carried books a load in a house of one shipper and one operator, and has both look at it:
// the clerk at the load, the driver at his trip.
func (h *house) carried(b *browsertest.Browser) carried {
	h.t.Helper()
	ctx := context.Background()
	trip, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(1))
	if err != nil {
		h.t.Fatal(err)
	}
	c := carried{clerk: h.person(b, "clerk", browsertest.Desk, 0), driver: h.person(b, "driver", browsertest.Phone, 1)}
	c.driver.open("/offers")
	load, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0))
	if err != nil {
		h.t.Fatal(err)
	}
	c.driver.tap("accept-offer")
	c.driver.see("see-booking")
	c.clerk.open("/loads/" + load.ID)
	c.clerk.see("booking-panel")
	list, err := h.client(1, nil).Bookings(ctx, client.List{})
	if err != nil || len(list.Items) != 1 {
		h.t.Fatalf("%d bookings: %v", len(list.Items), err)
	}
	c.booking = list.Items[0]
	c.driver.open("/trips/" + trip.ID)
	c.driver.see("haul-row")
	return c
}

// goods waits until a page shows the goods of the only booking like this.
func (p *person) goods(state string, steps int) {
	p.Until(fmt.Sprintf(`hands.at('goods')?.dataset.state === %q && document.querySelectorAll('[data-testid="goods-step"][data-unsent="false"]').length === %d`, state, steps))
}

// TestTheClerkFollowsTheGoods has a driver tell with one thumb what befalls the goods, the
// last two on a line that is gone, and the clerk whose goods they are follow it.
func TestTheClerkFollowsTheGoods(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	c := h.carried(b)

	// A receipt of an offer that ended on the way is no fault for a page to show.
	if late, err := h.client(1, nil).SeeOffer(context.Background(), c.booking.Offer); err != nil || late.State != "accepted" {
		t.Errorf("an offer seen after it was accepted is %q: %v", late.State, err)
	}
	c.driver.tap("goods-arrive")
	c.clerk.Until(`hands.at('goods').dataset.docked === 'true'`)
	c.driver.tap("goods-load")
	c.clerk.goods("aboard", 2)

	c.driver.Tolerate(`ERR_INTERNET_DISCONNECTED`)
	c.driver.Line(false)
	c.driver.tap("goods-arrive")
	c.driver.see("goods-kept")
	c.driver.tap("goods-hand_over")
	c.driver.tap("confirm-yes")
	c.driver.Until(`hands.at('haul') === null`) // as far as he is concerned it is done
	c.driver.open("/bookings/" + c.booking.ID)
	c.driver.Until(`document.querySelectorAll('[data-testid="goods-step"][data-unsent="true"]').length === 2`)
	if got := c.driver.text("goods-kept"); !strings.Contains(got, "已记在手机上") || !strings.Contains(got, "已交货") {
		t.Errorf("without a line the driver reads %q", got)
	}
	if got := browsertest.Eval[string](c.clerk.Page, `hands.at('goods').dataset.state`); got != "aboard" {
		t.Errorf("the clerk reads %s of what was never sent", got)
	}
	c.driver.Line(true)
	c.driver.goods("handed_over", 4)
	c.clerk.goods("handed_over", 4)
	c.clerk.state("load-detail", "delivered")
	told := browsertest.Eval[string](c.clerk.Page, `[...document.querySelectorAll('[data-testid="goods-step"] b')].map(e => e.innerText).join()`)
	if told != "车到装货点,已装车,车到卸货点,已交货" {
		t.Errorf("the clerk reads %q", told)
	}
}

// TestAConsigneeRefusesAtTheDock has a driver on a phone turned away and say why: the goods
// stay aboard, the clerk and an officer know, and he takes them back. No face of it has
// barriers, in either language.
func TestAConsigneeRefusesAtTheDock(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.man("王主任")
	h.boot()
	c := h.carried(b)
	chief := h.person(b, "chief", browsertest.Desk, 2)
	for _, event := range []string{"arrive", "load", "arrive"} {
		if _, err := h.client(1, nil).MoveGoods(context.Background(), c.booking.ID, 0, client.Step{Event: event}); err != nil {
			t.Fatal(err)
		}
	}
	c.driver.tap("goods-others")
	for _, found := range c.driver.Barriers() {
		t.Errorf("the other acts: %s", found)
	}
	c.driver.tap("goods-refuse")
	c.driver.put("why-text", "外箱进水")
	for _, found := range c.driver.Barriers() {
		t.Errorf("the reasons: %s", found)
	}
	c.driver.tap("why-damaged")
	c.clerk.Until(`hands.at('goods-refused') !== null && hands.at('goods').dataset.state === 'aboard'`)
	c.clerk.Until(`hands.text('goods-steps').includes('货损：外箱进水')`)
	c.clerk.Until(`hands.text('custody-ticket').includes('王主任')`)
	chief.open("/tickets")
	chief.Until(`hands.text('ticket-card').includes('货在哪里') && hands.text('ticket-card').includes('拒收')`)
	chief.tap("ticket-deal")
	chief.goods("aboard", 4)
	for _, lang := range []string{"zh-CN", "en"} {
		for _, p := range []*person{c.clerk, c.driver, chief} {
			if lang == "en" {
				p.tap("language")
			}
			p.Until(fmt.Sprintf(`document.documentElement.lang === %q`, lang))
			p.barriers(t, "/bookings", lang)
			p.barriers(t, "/bookings/"+c.booking.ID, lang)
		}
		c.driver.barriers(t, "/trips/"+c.booking.Trip, lang)
	}
	c.driver.tap("goods-return")
	c.driver.tap("confirm-yes")
	c.clerk.goods("returned", 5)
	chief.goods("returned", 5)
}

// TestAClerkPostsByKeyboard posts a load with the keyboard alone, from the list of loads
// to the load that is looked after: each stop of the focus can be seen.
func TestAClerkPostsByKeyboard(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 0)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	clerk.key("nav-loads-new")
	clerk.see("load-form")
	into := func(id, text string) {
		clerk.TabTo(`[data-testid="in-` + id + `"]`)
		clerk.Press(text)
	}
	town := func(id, text string) {
		into(id, text)
		clerk.Until(fmt.Sprintf(`hands.at(%q).dataset.query === %q`, "places-"+id, text))
		clerk.Enter()
		clerk.Until(fmt.Sprintf(`hands.at(%q).dataset.chosen === 'true'`, "in-"+id))
	}
	into("goods", "motors")
	for _, field := range [][2]string{{"count", "12"}, {"length_m", "0.8"}, {"width_m", "0.6"}, {"height_m", "0.6"}, {"kg", "40"}} {
		into("size.pieces[0]."+field[0], field[1])
	}
	town("pickup.place", "haimen")
	clerk.key("quick-pickup-1") // tomorrow
	town("delivery.place", "changzhou")
	clerk.key("quick-delivery-2")
	clerk.key("submit-load")
	clerk.see("load-detail")
	loads, err := h.client(0, nil).Loads(context.Background(), client.List{})
	if err != nil || len(loads.Items) != 1 || loads.Items[0].Goods != "motors" || loads.Items[0].Pickup.Place.Town != "海门" {
		t.Errorf("there are %+v: %v", loads.Items, err)
	}
}
