package audit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
)

// crier keeps what a dispatcher publishes, for others to wait for.
type crier struct {
	mu     sync.Mutex
	news   *sync.Cond
	events []freight.Event
}

func newCrier() *crier {
	c := &crier{}
	c.news = sync.NewCond(&c.mu)
	return c
}

func (c *crier) Missed() {}

func (c *crier) Publish(events []freight.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, events...)
	c.news.Broadcast()
}

// wait returns the first event about a load that is one of the types, once
// there is one.
func (c *crier) wait(load freight.ID, types ...freight.EventType) freight.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for _, e := range c.events {
			for _, what := range types {
				if e.Type == what && e.Facts.Load == load {
					return e
				}
			}
		}
		c.news.Wait()
	}
}

// TestAClockThatJumps: the wall clock of a busy market is set back an hour, then
// forward to where it was, then forward another hour, and back. Offers are
// accepted by two at a time all the while. No load is promised twice, no offer
// runs out before its time, and the audit finds nothing.
func TestAClockThatJumps(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	x := newExchange(t, cfg)
	var clock atomic.Int64
	clock.Store(int64(dawn))
	heard := newCrier()
	engine, err := dispatch.Open(t.Context(), dispatch.Config{Market: x.market.ID, Holder: "test", Store: x.db, Publisher: heard,
		Router: fallback(t), Costs: freight.DefaultCosts(), Mint: x})
	x.must(err)
	d := dispatch.NewDispatcher(engine, func() freight.Instant { return freight.Instant(clock.Load()) })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, 2) }()
	do := func(org freight.ID, act freight.Act) (freight.Result, error) {
		return d.Do(ctx, freight.Command{Org: org, Actor: "us_" + org, Act: act})
	}

	booked, refused := 0, 0
	for i, jump := range []freight.Instant{0, -freight.Hour, freight.Hour, freight.Hour, -freight.Hour, 10 * freight.Minute} {
		clock.Add(int64(jump))
		for n := range 3 {
			trip := tripTerms(fmt.Sprintf("T%d-%d", i, n), 6000, 12, 24, haimen, changzhou)
			trip.Vehicle.Plate.Number = fmt.Sprintf("SU-F%d00%d", i, n)
			_, err := do(carrierOrg, freight.AnnounceTrip{Terms: trip})
			x.must(err)
		}
		for n := range 4 {
			posted, err := do(shipperOrg, freight.PostLoad{Terms: loadTerms(fmt.Sprintf("L%d-%d", i, n), 600, 12, 18, haimen, changzhou)})
			x.must(err)
			offer := heard.wait(posted.Load.ID, freight.EventOfferSent)
			if n == 0 {
				continue // nobody answers this one
			}
			var both sync.WaitGroup
			var taken atomic.Int64
			for range 2 {
				both.Go(func() {
					if got, err := do(carrierOrg, freight.AcceptOffer{Offer: offer.Subject}); err == nil && got.Booking != nil {
						taken.Add(1)
					}
				})
			}
			both.Wait()
			switch taken.Load() {
			case 0:
				refused++
			case 1:
				booked++
			default:
				t.Errorf("jump %d: one offer was booked %d times", i, taken.Load())
			}
		}
	}
	stop()
	x.must(<-ended)
	x.must(x.db.Close())
	if booked < 12 {
		t.Errorf("%d booked, %d refused", booked, refused)
	}
	expires, early := map[freight.ID]freight.Instant{}, 0
	for _, e := range heard.events {
		switch e.Type {
		case freight.EventOfferSent, freight.EventOfferRepriced, freight.EventOfferExtended:
			expires[e.Subject] = e.Facts.Expires
		case freight.EventOfferExpired:
			if e.At <= expires[e.Subject] {
				early++
			}
		}
	}
	if early > 0 {
		t.Errorf("%d offers ran out before their time", early)
	}
	for _, v := range look(t, cfg).List {
		t.Error(v)
	}
}

// TestAnOutageLeavesNoViolation: a server is killed with offers on screen and
// answers due; the next one, an hour later, gives the time back, the old offers
// are accepted, and the audit finds nothing.
func TestAnOutageLeavesNoViolation(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	x := newExchange(t, cfg)
	lease := tripTerms("T1", 6000, 4, 12, haimen, changzhou)
	lease.Lease = at(0.5)
	x.do(carrierOrg, "t1", freight.AnnounceTrip{Terms: lease})
	soon := loadTerms("L1", 800, 4, 10, haimen, changzhou)
	soon.AnswerBy = at(0.25)
	x.do(shipperOrg, "l1", freight.PostLoad{Terms: soon})
	x.do(shipperOrg, "l2", freight.PostLoad{Terms: loadTerms("L2", 700, 4, 10, haimen, changzhou)})
	x.must(x.db.Close())
	if len(x.terms) != 2 {
		t.Fatalf("%d offers before the outage", len(x.terms))
	}

	db, err := store.Open(t.Context(), cfg)
	x.must(err)
	x.db, x.now = db, at(1)
	x.engine, err = dispatch.Open(t.Context(), dispatch.Config{Market: x.market.ID, Holder: "next", Store: db, Publisher: x,
		Router: fallback(t), Costs: freight.DefaultCosts(), Mint: x})
	x.must(err)
	x.engine.Wake(x.now)
	for due := x.engine.Due(x.now); len(due) > 0; due = x.engine.Due(x.now) {
		x.round(due...)
		x.plan()
	}
	if len(x.terms) != 2 {
		t.Errorf("%d offers after the outage", len(x.terms))
	}
	x.accept()
	if len(x.terms) != 0 {
		t.Errorf("%d offers could not be accepted", len(x.terms))
	}
	x.must(db.Close())
	report := look(t, cfg)
	for _, v := range report.List {
		t.Error(v)
	}
	if report.Rows["booking"] != 2 {
		t.Errorf("%d bookings", report.Rows["booking"])
	}
}
