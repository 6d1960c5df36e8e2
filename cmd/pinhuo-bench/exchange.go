package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/accounts"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
	"pinhuo/matcher"
)

// The parties of the http and push benchmarks.
const (
	firms    = 8
	carriers = 40
)

// exchange is a running server with open trips, and what is needed to call it.
type exchange struct {
	db     database
	market *market
	server *server
	tokens map[freight.ID]string
	links  map[freight.ID]string // for one sign-in of a driver each, by carrier
	bodies []body
}

// exchanging makes a database with open trips, starts a server on it and lets
// use have it. The database can be read again when the server has stopped.
func (b *bench) exchanging(engine string, use func(x *exchange) error) error {
	return b.within(engine, func(db database) error {
		x := &exchange{db: db, tokens: map[freight.ID]string{}, links: map[freight.ID]string{}}
		w, err := newWorld(b.Seed, 2, time.Now())
		if err != nil {
			return err
		}
		if err := b.furnish(x, w); err != nil {
			return err
		}
		for range pooledLoads {
			text, err := newBody(w.load())
			if err != nil {
				return err
			}
			x.bodies = append(x.bodies, text)
		}
		if x.server, err = b.start(db); err != nil {
			return err
		}
		err = use(x)
		if x.server != nil { // use has not come to its end
			err = errors.Join(err, x.server.stop())
		}
		return err
	})
}

// furnish makes accounts and announces the trips.
func (b *bench) furnish(x *exchange, w *world) (err error) {
	if x.market, err = newMarket(b.ctx, x.db, firms, carriers); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.market.store.Close()) }()
	desk := accounts.New(accounts.Config{Store: x.market.store, Mint: minter{}})
	for _, org := range append(append([]freight.ID{}, x.market.firms...), x.market.carriers...) {
		if _, x.tokens[org], err = desk.IssueToken(b.ctx, org, "bench", ""); err != nil {
			return fmt.Errorf("issue a token: %w", err)
		}
	}
	for _, org := range x.market.carriers {
		driver, err := desk.Hire(b.ctx, org, "司机", freight.RoleDriver)
		if err != nil {
			return fmt.Errorf("hire a driver: %w", err)
		}
		if x.links[org], _, err = desk.IssueLink(b.ctx, driver.ID, org, ""); err != nil {
			return fmt.Errorf("issue a link: %w", err)
		}
	}
	commands := make([]freight.Command, b.Trips)
	for i := range commands {
		commands[i] = freight.Command{Org: x.market.carriers[i%carriers], Actor: "us_bench", Act: freight.AnnounceTrip{Terms: w.trip()}}
	}
	return x.market.serving(b.ctx, func(d *dispatch.Dispatcher) error { return announce(b.ctx, d, commands) })
}

// announce sends the commands, as many at a time as make good batches.
func announce(ctx context.Context, d *dispatch.Dispatcher, commands []freight.Command) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4 * manyCallers)
	for _, cmd := range commands {
		group.Go(func() error {
			_, err := d.Do(ctx, cmd)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("announce a trip: %w", err)
	}
	return nil
}

// findings are what became of the posts.
type findings struct {
	loads, offered int
	offers         map[freight.ID]freight.ID // offer -> load
}

// stopped ends the server and holds its database against what was
// acknowledged: see check and missed.
func (x *exchange) stopped(b *bench, acked []freight.ID, end time.Time) (f findings, err error) {
	err, x.server = x.server.stop(), nil
	if err != nil {
		return f, err
	}
	s, err := store.Open(b.ctx, x.db.config())
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	x.market.store = s
	if err := x.market.check(b.ctx, acked); err != nil {
		return f, err
	}
	err = s.Snapshot(b.ctx, func(snapshot *store.Snapshot) error {
		f, err = x.market.matched(b.ctx, snapshot, freight.At(end), b.Seed)
		return err
	})
	return f, err
}

// sampled is how many of the posts without an offer are judged by brute force.
const sampled = 200

// matched counts what was offered and judges a sample of the rest against every
// trip: an error names a pair that fits and was never asked.
func (m *market) matched(ctx context.Context, s *store.Snapshot, end freight.Instant, seed uint64) (findings, error) {
	f := findings{offers: map[freight.ID]freight.ID{}}
	offered, open := map[freight.ID]bool{}, map[freight.ID][]freight.Offer{}
	for o, err := range s.AuditOffers(ctx, m.id) {
		if err != nil {
			return f, err
		}
		offered[o.Load], f.offers[o.ID] = true, o.Load
		if o.Open() {
			open[o.Trip] = append(open[o.Trip], o)
		}
	}
	thought := map[freight.ID]freight.Load{}
	var rest []freight.Load
	for l, err := range s.AuditLoads(ctx, m.id) {
		if err != nil {
			return f, err
		}
		f.loads++
		if offered[l.ID] {
			f.offered++
			thought[l.ID] = l
		} else {
			rest = append(rest, l)
		}
	}
	var trips []freight.Trip
	for t, err := range s.AuditTrips(ctx, m.id) {
		if err != nil {
			return f, err
		}
		trips = append(trips, t)
	}
	rand.New(rand.NewPCG(seed, 3)).Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return f, missed(trips, rest[:min(len(rest), sampled)], thoughts{open, thought}, end)
}

// thoughts are the offers that operators think about, by trip, and the loads that were
// offered.
type thoughts struct {
	open  map[freight.ID][]freight.Offer
	loads map[freight.ID]freight.Load
}

// waits tells whether a load may have to wait for a trip's operator: there is a set of
// what he thinks about, each of which saves more, beside which it has no room.
func (th thoughts) waits(fit *matcher.Fit, trip *freight.Trip, l *freight.Load) bool {
	v := fit.Fits(trip, l)
	if !v.OK {
		return true
	}
	better := slices.DeleteFunc(slices.Clone(th.open[trip.ID]), func(o freight.Offer) bool { return o.Alone-o.Price <= v.Terms.Alone-v.Terms.Price })
	return th.beside(fit, trip, better, l)
}

// beside tells whether some set of the offers leaves the load no room on the trip.
func (th thoughts) beside(fit *matcher.Fit, trip *freight.Trip, offers []freight.Offer, l *freight.Load) bool {
	for i, o := range offers {
		rider := th.loads[o.Load]
		v := fit.Fits(trip, &rider)
		if !v.OK {
			continue
		}
		laden := *trip
		laden.Plan = v.Plan
		if !fit.Fits(&laden, l).OK || th.beside(fit, &laden, offers[i+1:], l) {
			return true
		}
	}
	return false
}

// missed fails when one of the loads fits one of the trips and had not to wait for its
// operator. What fits at the end of a run fitted before, for nothing is booked and time
// only takes away.
func missed(trips []freight.Trip, loads []freight.Load, th thoughts, end freight.Instant) error {
	road, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		return err
	}
	prices := freight.DefaultCosts()
	fit := matcher.Fit{Costs: &prices, Now: end, Measure: func(a, b freight.Point) freight.Leg {
		m, s := road.Between(geo.Point(a), geo.Point(b))
		return freight.Leg{Metres: m, Seconds: s, Method: road.Method(), Version: road.Version()}
	}}
	for k := range trips {
		if !trips[k].Matchable(end) {
			continue
		}
		for i := range loads {
			if !th.waits(&fit, &trips[k], &loads[i]) {
				return fmt.Errorf("load %s fits trip %s and was never offered to it", loads[i].ID, trips[k].ID)
			}
		}
	}
	return nil
}
