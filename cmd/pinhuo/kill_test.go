package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/api/live"
	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/seed"
)

const (
	kills       = 20
	sockets     = 50
	posters     = 48
	leastFlying = 15 // kills that find requests in flight
)

// TestKilledServersLoseNothing kills the server twenty times under load and
// holds what clients were told against what the database says.
func TestKilledServersLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("twenty restarts take a minute")
	}
	t.Run("sqlite", func(t *testing.T) { torture(t, database{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { torture(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)}) })
}

func torture(t *testing.T, db database) {
	seed := seed.Of(t)
	h := newHouse(t, db, 2, 1)
	run := &tortureRun{t: t, house: h, random: rand.New(rand.NewPCG(seed, 0))}
	run.start()
	flying := 0
	for range kills {
		if run.killOnce() > 0 {
			flying++
		}
	}
	run.finish()
	if flying < leastFlying {
		t.Errorf("only %d of %d kills found requests in flight", flying, kills)
	}
	rate := float64(run.posted.Load()) / run.up.Seconds()
	t.Logf("%d loads acknowledged, %.0f a second while up; %d kills in flight, %d retries, %d bookings", run.posted.Load(), rate, flying, run.retries.Load(), run.booked.Load())
	run.compare()
	if out := h.audit(); !strings.Contains(out, "violations: 0") {
		t.Errorf("audit:\n%s", out)
	}
}

// tortureRun is the clients of one engine.
type tortureRun struct {
	t      *testing.T
	house  *house
	random *rand.Rand

	posted, retries, booked, flying atomic.Int64
	up                              time.Duration
	upSince                         time.Time

	stop    context.CancelFunc // of the posters
	hangUp  context.CancelFunc // of the sockets
	working sync.WaitGroup
	hearing sync.WaitGroup

	mu     sync.Mutex
	bodies []said
	heard  [][]client.Event // one list a socket
}

// said is a load as the server acknowledged it.
type said struct {
	org, key string
	terms    client.LoadTerms
	load     client.Load
}

func (r *tortureRun) start() {
	r.house.boot()
	r.upSince = time.Now()
	ctx, stop := context.WithCancel(context.Background())
	r.stop = stop
	line, hangUp := context.WithCancel(context.Background())
	r.hangUp = hangUp
	for i := range 6 {
		if _, err := r.client(2).AnnounceTrip(ctx, r.house.trip(i)); err != nil {
			r.t.Fatal(err)
		}
	}
	r.heard = make([][]client.Event, sockets)
	for i := range sockets {
		me, err := r.client(i % 3).Me(ctx)
		if err != nil {
			r.t.Fatal(err)
		}
		r.hearing.Go(func() { r.listen(line, i, me.Cursor) })
	}
	for i := range posters {
		r.working.Go(func() { r.post(ctx, i) })
	}
	r.working.Go(func() { r.accept(ctx) })
}

// client returns a patient client of one of the three organizations.
func (r *tortureRun) client(org int) *client.Client {
	return r.house.client(org, func(string, int, error) { r.retries.Add(1) })
}

func (r *tortureRun) listen(ctx context.Context, i int, after string) {
	err := r.client(i%3).Stream(ctx, client.Watch{After: after, Event: func(e client.Event) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.heard[i] = append(r.heard[i], e)
		return nil
	}})
	if err != nil && ctx.Err() == nil {
		r.t.Errorf("socket %d ended: %v", i, err)
	}
}

// post puts loads on the market until it is told to stop, each under its own
// key, and repeats each until it is answered.
func (r *tortureRun) post(ctx context.Context, i int) {
	c := r.client(i % 2)
	for n := 0; ctx.Err() == nil; n++ {
		key := fmt.Sprintf("poster-%d-%d", i, n)
		terms := r.house.load(key, i*1000+n)
		r.flying.Add(1)
		load, err := c.PostLoad(context.WithoutCancel(ctx), terms, client.Key(key))
		r.flying.Add(-1)
		if err != nil {
			r.t.Errorf("post %s: %v", key, err)
			return
		}
		r.posted.Add(1)
		r.mu.Lock()
		r.bodies = append(r.bodies, said{r.house.orgs[i%2].id, key, terms, load})
		r.mu.Unlock()
	}
}

// accept says yes to whatever the carrier is offered, once a while.
func (r *tortureRun) accept(ctx context.Context) {
	c := r.client(2)
	for ctx.Err() == nil {
		page, err := c.Offers(ctx, client.List{State: "open", Limit: 5})
		if err != nil {
			continue
		}
		for _, o := range page.Items {
			if _, err := c.AcceptOffer(ctx, o.ID, o.Version); err == nil {
				r.booked.Add(1)
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// killOnce lets the server run for a random while, kills it and starts it
// again; it returns the number of requests that were in flight.
func (r *tortureRun) killOnce() int64 {
	<-time.After(time.Duration(500+r.random.IntN(2000)) * time.Millisecond)
	r.house.kill()
	flying := r.flying.Load()
	r.up += time.Since(r.upSince)
	r.house.boot()
	r.upSince = time.Now()
	return flying
}

// finish lets the posters end and the sockets hear the rest.
func (r *tortureRun) finish() {
	r.up += time.Since(r.upSince)
	r.stop()
	r.working.Wait()
	want := r.told()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) && !r.heardAll(want) {
		<-time.After(20 * time.Millisecond)
	}
	r.hangUp()
	r.hearing.Wait()
}

// told reads the events of each organization from the database and names each
// as its socket should have.
func (r *tortureRun) told() [3][]string {
	s := r.house.openStore()
	defer s.Close()
	epoch, key, err := s.Identity(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	sealer := live.NewSealer(key, epoch)
	var lists [3][]string
	for i, org := range r.house.orgs {
		after := int64(0)
		for {
			events, _, err := s.Events(context.Background(), r.house.market, freight.ID(org.id), after, 1000)
			if err != nil {
				r.t.Fatal(err)
			}
			if len(events) == 0 {
				break
			}
			for _, e := range events {
				lists[i] = append(lists[i], sealer.Seal(e.Market, e.Audience, e.Seq)+" "+string(e.Type)+" "+string(e.Subject))
			}
			after = events[len(events)-1].Seq
		}
	}
	return lists
}

func (r *tortureRun) heardAll(want [3][]string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, list := range r.heard {
		if len(list) < len(want[i%3])-r.before(i%3) {
			return false
		}
	}
	return true
}

// before is how many events an organization had before its sockets came.
func (r *tortureRun) before(org int) int {
	if org == 2 {
		return 6 // its trips
	}
	return 0
}

// compare holds what clients were told against the database.
func (r *tortureRun) compare() {
	want := r.told()
	for i, list := range r.heard {
		var got []string
		for _, e := range list {
			got = append(got, e.Cursor+" "+e.Type+" "+e.Subject)
		}
		if mine := want[i%3][r.before(i%3):]; !slices.Equal(got, mine) {
			r.t.Errorf("socket %d heard %d events, the database holds %d for it", i, len(got), len(mine))
		}
	}
	for _, s := range r.bodies {
		c := r.client(slices.IndexFunc(r.house.orgs, func(o houseOrg) bool { return o.id == s.org }))
		row, err := c.Load(context.Background(), s.load.ID)
		if err != nil {
			r.t.Fatalf("acknowledged load %s: %v", s.load.ID, err)
		}
		if !sameLoad(s.load, row) {
			r.t.Fatalf("acknowledged %+v, the row is %+v", s.load, row)
		}
	}
	for _, s := range r.bodies[:min(len(r.bodies), 200)] {
		c := r.client(slices.IndexFunc(r.house.orgs, func(o houseOrg) bool { return o.id == s.org }))
		again, err := c.PostLoad(context.Background(), s.terms, client.Key(s.key))
		if err != nil || !reflect.DeepEqual(again, s.load) {
			r.t.Fatalf("key %s: first %+v, retried %+v, %v", s.key, s.load, again, err)
		}
		changed := s.terms
		changed.Goods = "another"
		var problem *client.Problem
		if _, err := c.PostLoad(context.Background(), changed, client.Key(s.key)); !errors.As(err, &problem) || problem.Status != http.StatusConflict {
			r.t.Fatalf("another body under key %s: %v", s.key, err)
		}
	}
}

// sameLoad compares what does not change in the life of a load.
func sameLoad(said, row client.Load) bool {
	if said.Version == row.Version {
		return reflect.DeepEqual(said, row)
	}
	row.Version, row.State, row.AnsweredAt, row.Booking, row.Outcome = said.Version, said.State, said.AnsweredAt, said.Booking, said.Outcome
	a, _ := json.Marshal(said)
	b, _ := json.Marshal(row)
	return string(a) == string(b)
}
