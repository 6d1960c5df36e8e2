package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// TestLoadsThatRideTogether plays a bundle in a real browser, on a phone: three loads come
// as one card, one of them is taken back while the yes to all three is on its way, the card
// says which line is gone and that nothing was booked, and one yes books the two that are
// left.
func TestLoadsThatRideTogether(t *testing.T) {
	t.Setenv("PINHUO_BATCH", "1s")
	t.Setenv("PINHUO_HOLD", "2s")
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	trip := h.trip(1)
	trip.Limits.DetourMin = 400
	carrier, shipper := h.client(1, nil), h.client(0, nil)
	if _, err := carrier.AnnounceTrip(ctx, trip); err != nil {
		t.Fatal(err)
	}
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	var loads []client.Load
	for i := range 3 {
		terms := h.load(fmt.Sprintf("SO-%d", i), 10*i)
		terms.Size = client.Size{Kg: 1500, FloorM: 1.5, Litres: 5000}
		load, err := shipper.PostLoad(ctx, terms)
		if err != nil {
			t.Fatal(err)
		}
		loads = append(loads, load)
	}
	lines := func(n int) {
		t.Helper()
		driver.Until(fmt.Sprintf(`document.querySelectorAll('[data-testid="bundle-line"]').length === %d`, n))
	}

	lines(3)
	all := driver.fen("bundle-price")
	if browsertest.Eval[bool](driver.Page, `document.documentElement.scrollWidth > innerWidth || hands.at('offer-card') !== null`) {
		t.Error("the card is wider than the phone, or a line of it is a card of its own, too")
	}
	driver.tap("line-" + loads[0].ID)
	if part := driver.fen("bundle-price"); part >= all || part <= 0 {
		t.Errorf("all three for %d fen, two for %d", all, part)
	}
	driver.tap("line-" + loads[0].ID)

	driver.Tolerate("409")
	browsertest.Eval[bool](driver.Page, `(f => { window.fetch = (url, init) => {
		if (!/bundles.*accept/.test(url)) return f(url, init);
		window.fetch = f;
		return new Promise(go => { window.arrive = () => { go(f(url, init)); return true; }; });
	}; return true; })(window.fetch)`)
	driver.tap("accept-bundle")
	driver.Until(`window.arrive !== undefined`) // the yes is on its way
	if _, err := shipper.WithdrawLoad(ctx, loads[1].ID); err != nil {
		t.Fatal(err)
	}
	browsertest.Eval[bool](driver.Page, `window.arrive()`)
	driver.see("line-fault")
	if got := browsertest.Eval[string](driver.Page, `[...document.querySelectorAll('[data-testid="line-fault"]')].map(e => e.innerText).join('\n')`); strings.Count(got, "已被接走或撤回") != 1 {
		t.Errorf("the refusal of three of which one is gone says\n%s", got)
	}
	if bookings, err := carrier.Bookings(ctx, client.List{}); err != nil || len(bookings.Items) != 0 {
		t.Errorf("a yes that was refused booked %d, %v", len(bookings.Items), err)
	}
	lines(2)
	driver.see("bundle-changed")
	driver.tap("bundle-newest")
	driver.Until(`hands.at('bundle-error') === null`)
	both := driver.fen("bundle-price")
	driver.tap("accept-bundle")
	driver.Until(`document.querySelectorAll('[data-testid="see-booking"]').length === 2`)
	bookings, err := carrier.Bookings(ctx, client.List{})
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, one := range bookings.Items {
		sum += one.PriceFen
	}
	if len(bookings.Items) != 2 || sum != both {
		t.Errorf("%d bookings for %d fen, the card said %d", len(bookings.Items), sum, both)
	}
}
