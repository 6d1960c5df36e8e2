package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pinhuo/internal/browsertest"
)

// hands is what a test does to a page by the stable hooks of its elements.
const hands = `window.hands = {
	at: id => document.querySelector('[data-testid="' + id + '"]'),
	put(id, value) {
		const e = this.at(id);
		e.focus();
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, value);
		e.dispatchEvent(new Event('input', { bubbles: true }));
		e.dispatchEvent(new Event('change', { bubbles: true }));
		return true;
	},
	text(id) { const e = this.at(id); return e ? e.innerText : ''; },
}; true`

// person is somebody at a page.
type person struct {
	*browsertest.Page
	base string
}

func (h *house) person(b *browsertest.Browser, who string, screen browsertest.Screen, org int) *person {
	h.t.Helper()
	p := &person{b.Page(who, screen), h.base}
	p.Do(chromedp.Navigate(h.base + "/#link=" + h.orgs[org].link))
	p.Until(`document.querySelector('[data-testid="org-name"], [data-testid="signin-submit"]') !== null`)
	browsertest.Eval[bool](p.Page, hands)
	if browsertest.Eval[bool](p.Page, `hands.at('signin-submit') !== null`) {
		p.tap("signin-submit")
	}
	p.see("org-name")
	return p
}

// see waits for an element; an id may go on to another inside the first.
func (p *person) see(id string) { p.Until(fmt.Sprintf(`hands.at(%q) !== null`, id)) }

func (p *person) tap(id string) {
	p.see(id)
	browsertest.Eval[bool](p.Page, fmt.Sprintf(`(hands.at(%q).scrollIntoView({ block: 'center', behavior: 'instant' }), true)`, id)) // as a thumb does
	p.Do(chromedp.Click(chromedp.CSS(`[data-testid="` + id + `"]`)))
}
func (p *person) put(id, value string) {
	p.see(id)
	browsertest.Eval[bool](p.Page, fmt.Sprintf(`hands.put(%q, %q)`, id, value))
}
func (p *person) text(id string) string {
	p.see(id)
	return browsertest.Eval[string](p.Page, fmt.Sprintf(`hands.text(%q)`, id))
}

// open goes to a view of the page without loading it anew.
func (p *person) open(path string) {
	browsertest.Eval[bool](p.Page, fmt.Sprintf(`(history.pushState(null, '', %q), dispatchEvent(new PopStateEvent('popstate')), true)`, path))
}

// town types a name and takes the first place that is offered.
func (p *person) town(path, typed string) {
	p.put("in-"+path, typed)
	p.tap("places-" + path + `"] [data-testid="place-option`)
	p.Until(fmt.Sprintf(`hands.at(%q).dataset.chosen === 'true'`, "in-"+path))
}

// local is the market's wall clock in so many hours, as an input of a page has it.
func local(hours int) string {
	return time.Now().In(time.FixedZone("CST", 8*3600)).Add(time.Duration(hours) * time.Hour).Format("2006-01-02T15:04")
}

// TestTwelveCratesForChangzhou plays the founding story in a real browser: a
// clerk posts twelve crates, the driver's phone shows the offer, he accepts, and
// both see the booking and what going alone would have cost.
func TestTwelveCratesForChangzhou(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	driver := h.person(b, "driver", browsertest.Phone, 1)

	driver.open("/trips/new")
	driver.put("in-vehicle.plate.number", "苏F12345")
	driver.town("stops[0].place", "haimen")
	driver.town("stops[1].place", "changzhou")
	driver.put("in-stops[0].window.open", local(4))
	driver.put("in-stops[1].window.close", local(20))
	driver.put("in-rooms[0].kg", "5000")
	driver.put("in-rooms[0].floor_m", "6")
	driver.tap("submit-trip")
	driver.see("trip-detail")
	driver.open("/offers")
	driver.see("offer-list")

	clerk.open("/loads/new")
	clerk.put("in-goods", "12 箱电机")
	clerk.put("in-size.pieces[0].count", "12")
	clerk.put("in-size.pieces[0].length_m", "0.8")
	clerk.put("in-size.pieces[0].width_m", "0.6")
	clerk.put("in-size.pieces[0].height_m", "0.6")
	clerk.put("in-size.pieces[0].kg", "40")
	clerk.town("pickup.place", "海门")
	clerk.put("in-pickup.window.open", local(2))
	clerk.put("in-pickup.window.close", local(10))
	clerk.town("delivery.place", "常州")
	clerk.put("in-delivery.window.open", local(3))
	clerk.put("in-delivery.window.close", local(24))
	posted := time.Now()
	clerk.tap("submit-load")

	driver.see("offer-card")
	t.Logf("the offer was on the phone %v after the tap", time.Since(posted).Round(time.Millisecond))
	driver.see("countdown")
	driver.tap("accept-offer")
	driver.tap("see-booking")
	driver.see("booking-panel")
	clerk.see("booking-panel")
	for _, p := range []*person{clerk, driver} {
		alone, price := p.text("booking-alone"), p.text("booking-price")
		if !strings.Contains(alone, "¥") || !strings.Contains(price, "¥") || alone == price {
			t.Errorf("alone %q, price %q", alone, price)
		}
	}
	for standing, p := range map[string]*person{"now": clerk, "agreed": driver} {
		if got := browsertest.Eval[string](p.Page, `hands.at('booking-price').dataset.standing`); got != standing {
			t.Errorf("the price stands as %q, want %q", got, standing)
		}
	}
	clerk.open("/bookings")
	clerk.tap("statement-open")
	clerk.see("statement-lines")
	clerk.see("statement-csv")
	got := browsertest.Eval[string](clerk.Page, `(x => (x.open('GET', hands.at('statement-csv').href, false), x.send(), x.status + ' ' + x.getResponseHeader('Content-Type')))(new XMLHttpRequest())`)
	if got != "200 text/csv; charset=utf-8" {
		t.Errorf("the statement: %s", got)
	}
}
