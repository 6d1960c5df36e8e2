package main

import (
	"context"
	"testing"
	"time"

	"pinhuo/internal/browsertest"
)

// TestTheClerkSeesWhereTheTruckIs has a driver tell where he is from a phone, and the clerk
// whose goods he is to fetch see it on the deal.
func TestTheClerkSeesWhereTheTruckIs(t *testing.T) {
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	terms := h.trip(1)
	terms.Stops[0].Window.Open = time.Now().Add(30 * time.Minute).Truncate(time.Second)
	trip, err := h.client(1, nil).AnnounceTrip(ctx, terms)
	if err != nil {
		t.Fatal(err)
	}
	clerk := h.person(b, "clerk", browsertest.Desk, 0)
	driver := h.person(b, "driver", browsertest.Phone, 1)
	driver.open("/offers")
	if _, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0)); err != nil {
		t.Fatal(err)
	}
	driver.tap("accept-offer")
	driver.see("see-booking")

	driver.Stand(31.905, 121.15, 12)
	driver.open("/trips/" + trip.ID)
	driver.tap("tracking-switch")
	driver.Until(`hands.at('tracking-told') && hands.at('tracking-told').dataset.waiting === '0'`)

	clerk.open("/bookings")
	clerk.tap("booking-row")
	clerk.Until(`hands.at('truck-now') && hands.at('truck-now').dataset.lat === '31.905' && hands.at('truck-now').dataset.lng === '121.15'`)
	clerk.see("truck-map")

	driver.open("/offers") // it goes on wherever he looks, and after the page was closed
	driver.open("/trips/" + trip.ID)
	driver.Until(`hands.at('tracking').dataset.on === 'true'`)
	driver.tap("tracking-switch")
	driver.Until(`hands.at('tracking').dataset.on === 'false'`)
}
