package main

import (
	"context"
	"fmt"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// state waits until an element of a page carries a state.
func (p *person) state(id, want string) {
	p.see(id)
	p.Until(fmt.Sprintf(`hands.at(%q) && hands.at(%q).dataset.state === %q`, id, id, want))
}

// TestAShipperLooksFirst plays a hold on two phones: the shipper's list says that its yes
// is waited for, the operator's that it is not booked yet, until the shipper says yes.
func TestAShipperLooksFirst(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	if _, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	shipper := h.person(b, "shipper", browsertest.Phone, 0)
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	terms := h.load("SO-1", 0)
	terms.Hold = true
	if _, err := h.client(0, nil).PostLoad(ctx, terms); err != nil {
		t.Fatal(err)
	}
	driver.tap("accept-offer")
	driver.tap("see-booking")
	driver.state("booking-panel", "held")
	shipper.open("/loads")
	shipper.state("load-row", "held")
	shipper.see("due-count") // the navigation says so
	shipper.tap("load-row")
	shipper.tap("confirm-booking")
	shipper.state("booking-panel", "firm")
	driver.state("booking-panel", "firm")
	shipper.tap("split-open")
	shipper.see("split")
	if sum, shares := browsertest.Eval[int](shipper.Page, `Number(hands.at('split').dataset.sum)`), browsertest.Eval[int](shipper.Page, `hands.at('split').children.length`); sum <= 0 || shares != 1 {
		t.Errorf("the split: %d fen among %d", sum, shares)
	}
	shipper.Until(`hands.at('due-count') === null`)
	shipper.open("/loads")
	shipper.state("load-row", "booked")
}

// TestAClerkPostsTheSameAgain posts a load in two taps from one that was posted before,
// and pieces that are pasted from a table.
func TestAClerkPostsTheSameAgain(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 0)
	h.boot()
	ctx := context.Background()
	firm := h.client(0, nil)
	before, err := firm.PostLoad(ctx, h.load("SO-1", 0))
	if err != nil {
		t.Fatal(err)
	}
	clerk := h.person(b, "clerk", browsertest.Phone, 0)
	clerk.open("/loads/new")
	clerk.tap("recent-load")
	clerk.Until(`hands.at('in-goods').value !== ''`)
	clerk.tap("submit-load")
	clerk.see("load-detail")
	page, err := firm.Loads(ctx, client.List{State: "posted"})
	if err != nil || len(page.Items) != 2 || page.Items[0].Goods != before.Goods || page.Items[0].Pickup.Place != before.Pickup.Place || page.Items[0].Ref != "" {
		t.Fatalf("posted again: %+v, %v", page.Items, err)
	}
	clerk.open("/loads/new?like=" + before.ID)
	clerk.see("in-size.pieces[0].count")
	browsertest.Eval[bool](clerk.Page, `(d => { d.setData('text', '件数\t长\t宽\t高\n3 托 120*100*110cm 200kg\n2\t0.8\t0.6\t0.5\t12'); return hands.at('size').dispatchEvent(new ClipboardEvent('paste', { clipboardData: d, bubbles: true, cancelable: true })); })(new DataTransfer())`)
	clerk.Until(`hands.at('in-size.pieces[2].kg') && hands.at('in-size.pieces[2].kg').value === '12' && hands.at('in-size.pieces[1].length_m').value === '1.2'`)
}

// TestAnOperatorSaysHowToBeAsked keeps a lane that takes loads by itself on weekdays.
func TestAnOperatorSaysHowToBeAsked(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 0, 1)
	h.boot()
	driver := h.person(b, "driver", browsertest.Phone, 0)
	driver.open("/asking")
	driver.put("in-offers_per_hour", "6")
	driver.put("in-quiet.from", "22:00")
	driver.put("in-quiet.till", "06:00")
	driver.tap("add-lane")
	driver.put("in-lanes[0].name", "回程")
	driver.town("lanes[0].from", "changzhou")
	driver.town("lanes[0].to", "haimen")
	driver.put("in-lanes[0].least_fen", "300")
	driver.put("in-lanes[0].most.floor_m", "4.5")
	driver.tap("in-lanes[0].days-sat")
	driver.tap("in-lanes[0].days-sun")
	driver.tap("in-lanes[0].auto-auto")
	driver.tap("submit-asking")
	driver.Until(`document.querySelector('[data-testid="asking-form"] .note.good') !== null`)
	said, err := h.client(0, nil).Asking(context.Background())
	if err != nil || len(said.Lanes) != 1 {
		t.Fatalf("asking: %+v, %v", said, err)
	}
	lane := said.Lanes[0]
	if fmt.Sprint(lane.Days) != "[mon tue wed thu fri]" || !lane.Auto || lane.LeastFen != 30000 || lane.Most == nil || lane.Most.FloorM != 4.5 || said.Quiet == nil || said.OffersPerHour != 6 {
		t.Errorf("asking: %+v", said)
	}
}
