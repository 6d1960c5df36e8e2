package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
)

// ask sends one request of an organization and reads the answer.
func (h *house) ask(org int, method, path, body string, into any) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.base+path, bytes.NewBufferString(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+h.orgs[org].token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		h.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		h.t.Fatal(err)
	}
}

// sharedTruck is what the test reads of a pool.
type sharedTruck struct {
	ID      string
	Version int64
	State   string
	Price   int64   `json:"price_fen"`
	Shares  []int64 `json:"shares_fen"`
	Trip    string  `json:"trip_id"`
}

// TestFirmsShareATruck plays it in a real browser: no truck passes by, the
// exchange asks three firms to share one, a clerk agrees on the page, a driver takes it
// on his phone, and everybody has a booking at the share that was shown.
func TestFirmsShareATruck(t *testing.T) {
	t.Setenv("PINHUO_POOLS", "2s")
	t.Setenv("PINHUO_POOL_AFTER", "0s")
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 3, 1)
	h.boot()
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	driver := h.person(b, "driver", browsertest.Phone, 3)
	for i := range 3 {
		terms := client.LoadTerms{Goods: fmt.Sprintf("布匹 %d", i), Size: client.Size{Kg: 2000, FloorM: 2, Litres: 4000},
			Pickup:   houseStop("海门", 31.90+float64(i)/100, 121.17, h.hour(6), h.hour(10)),
			Delivery: houseStop("常州", 31.77, 119.95+float64(i)/100, h.hour(6), h.hour(24))}
		if _, err := h.client(i, nil).PostLoad(context.Background(), terms); err != nil {
			t.Fatal(err)
		}
	}
	clerk.see("pool-count") // the navigation says so, whatever is on screen
	clerk.open("/pools")
	clerk.see("pool-consent")
	shown := browsertest.Eval[string](clerk.Page, `hands.at('pool-share').dataset.fen`)
	if text := clerk.text("pool-own"); !strings.Contains(text, "单独叫车") || !strings.Contains(text, "最多付") {
		t.Errorf("the card says %q", text)
	}
	var list struct{ Items []sharedTruck }
	h.ask(0, "GET", "/v1/pools?state=open", "", &list)
	if len(list.Items) != 1 || list.Items[0].State != "consenting" {
		t.Fatalf("%+v", list)
	}
	p := list.Items[0]
	for i := 1; i < 3; i++ {
		h.ask(i, "GET", "/v1/pools?state=open", "", &list)
		if len(list.Items) == 0 {
			continue // posted after the search for pools
		}
		h.ask(i, "POST", "/v1/pools/"+p.ID+"/consent", fmt.Sprintf(`{"version": %d}`, p.Version), &p)
	}
	clerk.tap("pool-consent")
	clerk.Until(`hands.at('pool-card').dataset.state === 'tendered'`)

	driver.open("/pools")
	driver.see("pool-take")
	driver.put("pool-plate", "苏F66666")
	driver.tap("pool-take")
	driver.see("pool-trip")
	clerk.Until(`hands.at('pool-own').dataset.consent === 'booked'`)
	h.ask(3, "GET", "/v1/pools/"+p.ID, "", &p)
	var sum int64
	for _, share := range p.Shares {
		sum += share
	}
	if p.State != "committed" || sum != p.Price || len(p.Shares) < 2 || p.Trip == "" {
		t.Errorf("%+v", p)
	}
	var bookings struct {
		Items []struct {
			Price int64 `json:"price_fen"`
		}
	}
	h.ask(0, "GET", "/v1/bookings", "", &bookings)
	if len(bookings.Items) != 1 || fmt.Sprint(bookings.Items[0].Price) != shown {
		t.Errorf("booked at %+v, shown %s", bookings.Items, shown)
	}
}
