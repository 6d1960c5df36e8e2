package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// keys presses keys, one after the other, wherever the focus is.
func (p *person) keys(keys ...string) {
	for _, key := range keys {
		p.Do(chromedp.KeyEvent(key))
	}
}

// picture keeps a picture of the page beside the test's artifacts.
func (p *person) picture(t *testing.T, name string) {
	t.Helper()
	shot := browsertest.Get(p.Page, chromedp.CaptureScreenshot())
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), shot, 0o600); err != nil {
		t.Fatal(err)
	}
}

// attr reads an attribute of an element.
func (p *person) attr(id, name string) string {
	p.see(id)
	return browsertest.Eval[string](p.Page, fmt.Sprintf(`hands.at(%q).getAttribute(%q) ?? ''`, id, name))
}

// TestPlacesByKeyboardAndPin picks places on a phone of 360 px without a mouse: one
// with coordinates of its own, and one that is known only roughly and needs a pin.
func TestPlacesByKeyboardAndPin(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Phone, 0)
	clerk.open("/loads/new")
	clerk.put("in-goods", "阀门")
	for field, value := range map[string]string{"count": "2", "length_m": "1", "width_m": "1", "height_m": "1", "kg": "100"} {
		clerk.put("in-size.pieces[0]."+field, value)
	}

	// Initials, the arrow keys and Enter; Escape closes the list and keeps the form.
	clerk.put("in-pickup.place", "hm")
	clerk.Until(`hands.at('places-pickup.place').dataset.query === 'hm'`)
	clerk.keys(kb.Escape)
	clerk.Until(`hands.at('places-pickup.place').hidden`)
	clerk.put("in-pickup.place", "haimen")
	clerk.Until(`hands.at('places-pickup.place').dataset.query === 'haimen'`)
	clerk.picture(t, "list")
	clerk.keys(kb.ArrowDown, kb.ArrowUp, kb.Enter)
	clerk.Until(`hands.at('in-pickup.place').dataset.chosen === 'true' && hands.at('in-pickup.place').dataset.rough === 'false'`)
	if got := browsertest.Eval[string](clerk.Page, `hands.at('in-pickup.place').value`); got != "海门" {
		t.Fatalf("picked %q", got)
	}

	// 乐清 stands at its prefecture: whoever picks it is asked for a pin.
	clerk.put("in-delivery.place", "yueqing")
	clerk.Until(`hands.at('places-delivery.place').dataset.query === 'yueqing'`)
	clerk.keys(kb.Enter)
	clerk.see("pin-dialog")
	clerk.Until(`hands.text('pin-about').includes('温州')`)
	clerk.tap("pin-no")
	clerk.Until(`hands.at('pin-dialog') === null`)
	clerk.tap("submit-load")
	clerk.Until(`hands.at('in-delivery.place').getAttribute('aria-invalid') === 'true'`)
	clerk.tap("pin-delivery.place")
	const drawn = `hands.at('pin-map')?.dataset.state === 'drawn' && document.querySelector('dialog .map-box').dataset.base === 'drawn'`
	clerk.Until(drawn)
	before := browsertest.Eval[string](clerk.Page, `hands.at('pin-at').value`)
	browsertest.Eval[bool](clerk.Page, `(hands.at('pin-keys').focus(), true)`)
	clerk.keys(kb.ArrowUp, kb.ArrowUp, kb.ArrowRight)
	var lat, lng float64
	if _, err := fmt.Sscanf(before, "%f, %f", &lat, &lng); err != nil {
		t.Fatalf("%q: %v", before, err)
	}
	clerk.Until(fmt.Sprintf(`hands.at('pin-at').value === '%.5f, %.5f'`, lat+0.002, lng+0.001))
	clerk.picture(t, "pin")
	if wide := browsertest.Eval[bool](clerk.Page, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page is wider than the phone")
	}
	clerk.Until(`hands.text('pin-about').includes('温州')`) // the dialog has come to rest
	browsertest.Eval[bool](clerk.Page, `(hands.at('pin-keys').focus(), document.activeElement === hands.at('pin-keys'))`)
	clerk.keys(kb.Enter)
	clerk.Until(`hands.at('pin-dialog') === null && hands.at('in-delivery.place').dataset.rough === 'false'`)

	// A touch beside the pin moves it too.
	clerk.tap("pin-delivery.place")
	clerk.Until(drawn)
	pinned := browsertest.Eval[string](clerk.Page, `hands.at('pin-at').value`)
	// It says what lies there, and shows and takes degrees as Baidu has them.
	clerk.Until(`hands.text('pin-about').includes('温州')`)
	const datum = `(s => { s.value = '%s'; return s.dispatchEvent(new Event('change', {bubbles: true})) })(hands.at('pin-datum'))`
	browsertest.Eval[bool](clerk.Page, fmt.Sprintf(datum, "bd09"))
	clerk.Until(fmt.Sprintf(`hands.at('pin-at').value !== %q`, pinned))
	browsertest.Eval[bool](clerk.Page, fmt.Sprintf(datum, "wgs84"))
	clerk.Until(fmt.Sprintf(`hands.at('pin-at').value === %q`, pinned))
	at := browsertest.Eval[[]float64](clerk.Page, `(r => [r.x + r.width / 4, r.y + r.height / 4])(document.querySelector('dialog .map-box').getBoundingClientRect())`)
	clerk.Do(chromedp.MouseClickXY(at[0], at[1]))
	clerk.Until(fmt.Sprintf(`hands.at('pin-at').value !== %q`, pinned))
	clerk.tap("pin-yes")
	clerk.put("in-delivery.window.close", local(72))
	clerk.tap("submit-load")
	clerk.see("load-detail")
	clerk.Until(`hands.at('load-map')?.dataset.state === 'drawn' && document.querySelector('.map-box').dataset.base === 'drawn'`)
	clerk.picture(t, "load")

	c, err := client.New(client.Config{Base: h.base, Token: h.orgs[0].token})
	if err != nil {
		t.Fatal(err)
	}
	loads, err := c.Loads(context.Background(), client.List{})
	if err != nil || len(loads.Items) != 1 {
		t.Fatalf("%v, %v", loads, err)
	}
	if to := loads.Items[0].Delivery.Place; to.Town != "乐清" || to.Lat == lat || to.Lng == lng {
		t.Errorf("delivery at %+v, which is where the prefecture is", to)
	}
}

// TestTripWithStopsOnTheWay announces a trip by two towns with other room on each leg.
func TestTripWithStopsOnTheWay(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/trips/new")
	driver.put("in-vehicle.plate.number", "苏F12345")
	driver.town("stops[0].place", "haimen")
	driver.tap("add-via")
	driver.town("stops[1].place", "changshu")
	driver.tap("add-via")
	driver.town("stops[2].place", "wuxi")
	driver.town("stops[3].place", "changzhou")
	driver.tap("remove-via-1")
	driver.Until(`hands.at('via-1') === null && hands.at('in-stops[2].place').value === '常州'`)
	driver.put("in-stops[0].window.open", local(4))
	driver.put("in-stops[2].window.close", local(24))
	driver.tap("in-per-leg")
	driver.put("in-rooms[0].kg", "5000")
	driver.put("in-rooms[0].floor_m", "6")
	driver.put("in-rooms[1].kg", "2000")
	driver.put("in-rooms[1].floor_m", "3")
	driver.picture(t, "form")
	driver.tap("submit-trip")
	driver.see("trip-detail")
	driver.Until(`hands.at('trip-map')?.dataset.state === 'drawn'`)
	driver.picture(t, "route")
	c, err := client.New(client.Config{Base: h.base, Token: h.orgs[1].token})
	if err != nil {
		t.Fatal(err)
	}
	trips, err := c.Trips(context.Background(), client.List{})
	if err != nil || len(trips.Items) != 1 {
		t.Fatalf("%v, %v", trips, err)
	}
	trip := trips.Items[0]
	if len(trip.Stops) != 3 || trip.Stops[1].Place.Town != "常熟" || len(trip.Rooms) != 2 || trip.Rooms[0].Kg != 5000 || trip.Rooms[1].Kg != 2000 {
		t.Errorf("stops %+v, rooms %+v", trip.Stops, trip.Rooms)
	}
	driver.tap("edit-trip")
	driver.see("via-0")
	if got := driver.attr("in-rooms[1].kg", "name"); !strings.Contains(got, "rooms[1]") {
		t.Errorf("the form of the trip has lost the room of its second leg: %q", got)
	}
}

// TestPlacesOfOnesOwn names a gate, posts a load by its name, and takes it away again.
func TestPlacesOfOnesOwn(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Phone, 0)
	clerk.tap("account")
	clerk.tap("nav-sites")
	clerk.tap("add-site")
	clerk.tap("submit-site")
	clerk.Until(`hands.at('in-name').getAttribute('aria-invalid') === 'true'`)
	clerk.put("in-name", "东门仓库")
	clerk.town("place", "海门")
	clerk.put("in-place.address", "开发区3号门")
	clerk.put("in-contact.name", "值班室")
	clerk.put("in-contact.phone", "0513-00000000")
	clerk.put("in-opens", "08:00")
	clerk.put("in-shuts", "17:30")
	clerk.put("in-note", "从西门进")
	clerk.tap("submit-site")
	clerk.see("site-row")
	clerk.picture(t, "sites")
	if text := clerk.text("site-row"); !strings.Contains(text, "东门仓库") || !strings.Contains(text, "08:00–17:30") {
		t.Errorf("the list shows %q", text)
	}

	clerk.open("/loads/new")
	clerk.town("pickup.place", "dmc")
	for id, want := range map[string]string{"pickup.place": "东门仓库", "pickup.place.address": "开发区3号门 从西门进", "pickup.contact.name": "值班室"} {
		if got := browsertest.Eval[string](clerk.Page, fmt.Sprintf(`hands.at(%q).value`, "in-"+id)); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}

	if got := browsertest.Eval[string](clerk.Page, `hands.at('in-pickup.window.close').value`); !strings.HasSuffix(got, "T17:30") {
		t.Errorf("the window closes at %q, not when the dock does", got)
	}

	clerk.open("/sites")
	clerk.tap(`site-list"] button[data-testid^="edit-site`)
	clerk.put("in-name", "西门仓库")
	clerk.tap("submit-site")
	clerk.Until(`hands.text('site-list').includes('西门仓库')`)
	clerk.tap(`site-list"] button[data-testid^="edit-site`)
	clerk.tap("drop-site")
	clerk.tap("confirm-yes")
	clerk.Until(`hands.at('site-list') !== null && hands.at('site-row') === null`)
}

// TestTilesOfTheOperator shows a map of tiles, asked for where a Chinese map has them.
func TestTilesOfTheOperator(t *testing.T) {
	b := browsertest.Open(t)
	var asked sync.Map
	pixel, err := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	if err != nil {
		t.Fatal(err)
	}
	tiles := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.Path, true)
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(pixel)
	}))
	t.Cleanup(tiles.Close)
	t.Setenv("PINHUO_TILES", tiles.URL+"/{z}/{x}/{y}.png")
	t.Setenv("PINHUO_TILES_DATUM", "gcj02")
	t.Setenv("PINHUO_TILES_ATTRIBUTION", "测绘")
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Phone, 0)
	clerk.open("/loads/new")
	clerk.town("pickup.place", "haimen")
	clerk.tap("pin-pickup.place")
	clerk.Until(`document.querySelectorAll('dialog .leaflet-tile-loaded').length > 0`)
	// The pin that was not moved stays where it was, to a metre, through both shifts.
	before := browsertest.Eval[string](clerk.Page, `hands.at('pin-at').value`)
	browsertest.Eval[bool](clerk.Page, `(hands.at('pin-keys').focus(), true)`)
	clerk.keys(kb.ArrowUp, kb.ArrowDown)
	clerk.Until(fmt.Sprintf(`hands.at('pin-at').value === %q`, before))
	if text := browsertest.Eval[string](clerk.Page, `document.querySelector('dialog .leaflet-control-attribution').innerText`); !strings.Contains(text, "测绘") {
		t.Errorf("the map names %q", text)
	}
	n := 0
	asked.Range(func(any, any) bool { n++; return true })
	if n == 0 {
		t.Error("no tile was asked for")
	}
}
