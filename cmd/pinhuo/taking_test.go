package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pinhuo/api/client"
	"pinhuo/internal/browsertest"
	"pinhuo/internal/pgtest"
)

// TestTakenFromTheBoard takes a load and a truck from the board over HTTP: quoted first,
// once for all retries, refused with what is true now, and never beside an operator who is
// asked alone.
func TestTakenFromTheBoard(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { takeFromBoard(t, database{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { takeFromBoard(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)}) })
}

func takeFromBoard(t *testing.T, db database) {
	h := newHouse(t, db, 1, 2)
	h.boot()
	ctx := t.Context()
	firm, first, second := h.client(0, nil), h.client(1, nil), h.client(2, nil)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	terms := h.load("SO-alone", 0)
	terms.Exclusive = 60
	alone, err := firm.PostLoad(ctx, terms)
	must(err)
	_, err = first.AnnounceTrip(ctx, h.trip(1))
	must(err)
	offer := askedOf(ctx, t, first, alone.ID)
	if !offer.Sole {
		t.Errorf("asked alone, and not told: %+v", offer)
	}
	_, err = first.ReceiveOffer(ctx, offer.ID)
	must(err)
	_, err = first.SetAsking(ctx, client.AskingTerms{OffersPerHour: 100})
	must(err)
	_, err = second.AnnounceTrip(ctx, h.trip(2))
	must(err)
	quotes, err := second.QuoteLoad(ctx, alone.ID, "")
	must(err)
	if len(quotes.Items) != 1 || quotes.Items[0].OK || quotes.Items[0].Refusal.Problem != "asked_alone" || quotes.Items[0].Refusal.Max == "" || quotes.Counts[0].N != 1 {
		t.Fatalf("beside one who is asked alone: %+v", quotes)
	}
	barred := quotes.Items[0]
	barred.PriceFen = 1
	_, err = second.TakeLoad(ctx, barred)
	wantProblem(t, err, "asked_alone")

	load, err := firm.PostLoad(ctx, h.load("SO-open", 10))
	must(err)
	quotes, err = second.QuoteLoad(ctx, load.ID, barred.TripID)
	must(err)
	q := quotes.Items[0]
	if !q.OK || q.PriceFen <= 0 || q.Detour == nil || q.Router == nil {
		t.Fatalf("quoted %+v", q)
	}
	dearer := q
	dearer.PriceFen += 100
	_, err = second.TakeLoad(ctx, dearer)
	wantProblem(t, err, "stale_version")
	booking, err := second.TakeLoad(ctx, q, client.Key("take-1"))
	must(err)
	again, err := second.TakeLoad(ctx, q, client.Key("take-1"))
	must(err)
	if booking.ID != again.ID || booking.PriceFen != q.PriceFen {
		t.Errorf("booked %s for %d fen, then %s, quoted %d", booking.ID, booking.PriceFen, again.ID, q.PriceFen)
	}
	_, err = second.TakeLoad(ctx, q)
	wantProblem(t, err, "taken")

	terms = h.load("SO-truck", 20)
	terms.Hold = true // who takes has looked
	own, err := firm.PostLoad(ctx, terms)
	must(err)
	quotes, err = firm.QuoteTrip(ctx, q.TripID, own.ID)
	must(err)
	if quotes.Items[0].OK || quotes.Items[0].Refusal.Problem != "no_book_now" {
		t.Fatalf("a truck that is only asked: %+v", quotes)
	}
	open := h.trip(3)
	open.BookNow = true
	trip, err := second.AnnounceTrip(ctx, open)
	must(err)
	quotes, err = firm.QuoteTrip(ctx, trip.ID, own.ID)
	must(err)
	booking, err = firm.TakeTrip(ctx, quotes.Items[0])
	must(err)
	if booking.State != "firm" || booking.ID == again.ID {
		t.Errorf("the firm booked %+v", booking)
	}
	h.kill()
	if out := h.audit(); !strings.Contains(out, "violations: 0") {
		t.Errorf("audit:\n%s", out)
	}
}

// askedOf waits for an open offer about a load.
func askedOf(ctx context.Context, t *testing.T, c *client.Client, load string) client.Offer {
	t.Helper()
	for ctx.Err() == nil {
		page, err := c.Offers(ctx, client.List{State: "open"})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			if o.Load == load {
				return o
			}
		}
	}
	t.Fatal("nobody was asked")
	return client.Offer{}
}

func wantProblem(t *testing.T, err error, problem string) {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) || p.Problem != problem {
		t.Errorf("%v, want %s", err, problem)
	}
}

// TestADriverTakesALoadFromTheBoard presses the button on a phone: the price and the detour
// stand in the question, and the yes books it.
func TestADriverTakesALoadFromTheBoard(t *testing.T) {
	t.Setenv("PINHUO_BATCH", "1h") // nobody is asked meanwhile
	t.Setenv("PINHUO_HOLD", "24h")
	b := browsertest.Open(t)
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	h.boot()
	ctx := context.Background()
	carrier := h.client(1, nil)
	driver := h.person(b, "driver", browsertest.Phone, 1)
	if _, err := h.client(0, nil).PostLoad(ctx, h.load("SO-1", 0)); err != nil {
		t.Fatal(err)
	}
	driver.open("/board")
	driver.tap("take")
	driver.see("take-refused") // he has no trip yet
	if _, err := carrier.AnnounceTrip(ctx, h.trip(1)); err != nil {
		t.Fatal(err)
	}
	driver.tap("take")
	driver.see("confirm")
	asked := driver.text("confirm")
	driver.tap("confirm-yes")
	driver.see("booking-panel")
	bookings, err := carrier.Bookings(ctx, client.List{})
	if err != nil || len(bookings.Items) != 1 || !strings.Contains(asked, "¥") {
		t.Errorf("asked %q, booked %+v: %v", asked, bookings.Items, err)
	}
}
