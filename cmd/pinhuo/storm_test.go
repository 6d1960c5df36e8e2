package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/seed"
)

var wholeStorm = flag.Bool("storm", false, "500 phones, 200 trips and 10,000 accepts, on PostgreSQL (make storm)")

// stormSize is how many take part in a storm and how much they do.
type stormSize struct {
	lanes    int // each with as many trips as there are carriers
	carriers int
	phones   int // of all carriers
	accepts  int // keys
}

// A trip of the storm has room for so many of its loads, and there are loads for a
// few trips more than there are.
const (
	stormRoom = 8
	stormMore = 5 // fifths of the room, and one: 6/5
)

// TestStorm lets many phones accept what they are shown, several the same, some twice
// at once under one key, while the server is killed: every key gets one answer, nothing
// is sold twice, and what the clients saw could have happened one after the other.
func TestStorm(t *testing.T) {
	size := stormSize{lanes: 2, carriers: 4, phones: 40, accepts: 700}
	switch {
	case *wholeStorm:
		size = stormSize{lanes: 10, carriers: 20, phones: 500, accepts: 10_000}
	case testing.Short():
		t.Skip("restarts take a while")
	default:
		t.Run("sqlite", func(t *testing.T) { storm(t, database{Data: t.TempDir()}, size) })
	}
	t.Run("postgres", func(t *testing.T) { storm(t, database{Data: t.TempDir(), DatabaseURL: pgtest.URL(t)}, size) })
}

func storm(t *testing.T, db database, size stormSize) {
	h := newHouse(t, db, 1, size.carriers)
	s := &stormRun{t: t, house: h, size: size, seed: seed.Of(t)}
	h.boot()
	s.furnish()
	s.blow()
	s.verdict()
}

// stormRun is one storm.
type stormRun struct {
	t     *testing.T
	house *house
	size  stormSize
	seed  uint64

	trips   []string
	loads   []string
	shown   []atomic.Pointer[[]client.Offer] // by carrier
	keys    atomic.Int64                     // given out
	settled atomic.Int64                     // keys that have their answer
	twice   atomic.Int64                     // keys asked twice at once
	retries atomic.Int64

	mu      sync.Mutex
	history []stormAct
}

func (s *stormRun) client(org int) *client.Client {
	return s.house.client(org, func(string, int, error) { s.retries.Add(1) })
}

// lane is the n-th pair of places, far from all others.
func (s *stormRun) lane(n int) (from, to [2]float64) {
	lat := 28 + 0.6*float64(n)
	return [2]float64{lat, 117}, [2]float64{lat, 118.5}
}

// furnish announces the trips and posts the loads.
func (s *stormRun) furnish() {
	ctx := context.Background()
	s.shown = make([]atomic.Pointer[[]client.Offer], s.size.carriers)
	none := int64(0)
	for lane := range s.size.lanes {
		from, to := s.lane(lane)
		begin, end := houseStop("甲", from[0], from[1], s.house.hour(4), s.house.hour(8)), houseStop("乙", to[0], to[1], s.house.hour(4), s.house.hour(28))
		begin.Service, end.Service = &none, &none
		for carrier := range s.size.carriers {
			terms := client.TripTerms{
				Vehicle: client.Vehicle{Plate: client.Plate{Number: fmt.Sprintf("苏F%05d", len(s.trips)), Colour: "yellow"}, Type: "9.6m"},
				Stops:   []client.Stop{begin, end}, Rooms: []client.Room{{Kg: stormRoom * 1000, FloorM: stormRoom * 0.8}},
				Limits: client.Limits{DetourKm: 30, DetourMin: 60, ExtraStops: 4 * stormRoom},
			}
			trip, err := s.client(1+carrier).AnnounceTrip(ctx, terms)
			if err != nil {
				s.t.Fatal(err)
			}
			s.trips = append(s.trips, trip.ID)
		}
	}
	c, random := s.client(0), rand.New(rand.NewPCG(s.seed, 0))
	for n := range len(s.trips) * stormRoom * (stormMore + 1) / stormMore {
		from, to := s.lane(n % s.size.lanes)
		near := func(at [2]float64, town string, until int) client.Stop {
			return houseStop(town, at[0]+random.Float64()/20, at[1]+random.Float64()/20, s.house.hour(2), s.house.hour(until))
		}
		load, err := c.PostLoad(ctx, client.LoadTerms{Goods: "一吨电机", Pickup: near(from, "甲", 9), Delivery: near(to, "乙", 30), Size: client.Size{Kg: 1000, FloorM: 0.8}})
		if err != nil {
			s.t.Fatal(err)
		}
		s.loads = append(s.loads, load.ID)
	}
}

// blow lets the phones accept and readers look, and kills the server twice meanwhile.
func (s *stormRun) blow() {
	ctx, stop := context.WithCancel(context.Background())
	var phones, readers sync.WaitGroup
	for carrier := range s.size.carriers {
		readers.Go(func() { s.list(ctx, carrier) })
		readers.Go(func() { s.look(ctx, carrier) })
	}
	for n := range s.size.phones {
		phones.Go(func() { s.phone(n) })
	}
	for third := range int64(2) {
		for s.settled.Load() < (third+1)*int64(s.size.accepts)/3 {
			<-time.After(5 * time.Millisecond)
		}
		s.house.kill()
		s.house.boot()
	}
	phones.Wait()
	stop()
	readers.Wait()
}

// list keeps what a carrier's phones show.
func (s *stormRun) list(ctx context.Context, carrier int) {
	c := s.client(1 + carrier)
	for ctx.Err() == nil {
		page, err := c.Offers(ctx, client.List{State: "open", Limit: 200})
		if err == nil && len(page.Items) > 0 {
			s.shown[carrier].Store(&page.Items)
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// phone accepts one offer after the other of those shown, be they gone or not; one whose
// terms have changed since is opened and accepted on what it says now.
func (s *stormRun) phone(n int) {
	carrier := n % s.size.carriers
	c, random := s.client(1+carrier), rand.New(rand.NewPCG(s.seed, uint64(n)+1))
	changed := "" // the offer to open again
	for {
		offers := s.shown[carrier].Load()
		if offers == nil {
			<-time.After(10 * time.Millisecond)
			continue
		}
		key := s.keys.Add(1)
		if key > int64(s.size.accepts) {
			return
		}
		offer := (*offers)[random.IntN(len(*offers))]
		if changed != "" || random.IntN(2) == 0 { // opened before it is answered
			if now, err := c.Offer(context.Background(), cmp.Or(changed, offer.ID)); err == nil {
				offer = now
			}
		}
		changed = ""
		if s.accept(c, n, fmt.Sprintf("storm-%d", key), offer, random.IntN(10) < 3) == "stale_version" {
			changed = offer.ID
		}
		s.settled.Add(1)
	}
}

// accept asks once, or twice at once, notes the answer that the key got, and returns the
// problem if it was refused.
func (s *stormRun) accept(c *client.Client, phone int, key string, offer client.Offer, twice bool) string {
	act := stormAct{client: phone, load: offer.Load, trip: offer.Trip, offer: offer.ID, call: time.Now()}
	tries := 1
	if twice {
		tries = 2
		s.twice.Add(1)
	}
	answers := make(chan stormAct, tries)
	for range tries {
		go func() { answers <- s.ask(c, key, offer) }()
	}
	for n := range tries {
		got := <-answers
		if n == 0 {
			act.booked, act.problem, act.reply = got.booked, got.problem, time.Now()
		} else if got.booked != act.booked || got.problem != act.problem {
			s.t.Errorf("key %s has two answers: booking %q, problem %q, and booking %q, problem %q", key, act.booked, act.problem, got.booked, got.problem)
		}
	}
	s.note(act)
	return act.problem
}

func (s *stormRun) ask(c *client.Client, key string, offer client.Offer) (got stormAct) {
	k, err := c.AcceptOffer(context.Background(), offer.ID, offer.Version, client.Key(key))
	var problem *client.Problem
	switch {
	case err == nil:
		if got.booked = k.ID; k.Offer != offer.ID || k.Load != offer.Load || k.Trip != offer.Trip {
			s.t.Errorf("accepted offer %s of load %s on trip %s, booked %+v", offer.ID, offer.Load, offer.Trip, k)
		}
	case errors.As(err, &problem):
		got.problem = strings.TrimSpace(problem.Fault.Problem + " " + problem.Reason)
	default:
		s.t.Errorf("accept under key %s: %v", key, err)
	}
	return got
}

// look reads a load and a trip, again and again.
func (s *stormRun) look(ctx context.Context, carrier int) {
	firm, own := s.client(0), s.client(1+carrier)
	random := rand.New(rand.NewPCG(s.seed, uint64(s.size.phones+carrier)+1))
	for ctx.Err() == nil {
		act := stormAct{client: s.size.phones + carrier, reads: true, load: s.loads[random.IntN(len(s.loads))], call: time.Now()}
		load, err := firm.Load(ctx, act.load)
		if act.reply = time.Now(); err == nil {
			act.booked = load.Booking
			s.note(act)
		}
		at := carrier + s.size.carriers*random.IntN(s.size.lanes)
		act = stormAct{client: act.client, reads: true, trip: s.trips[at], call: time.Now()}
		trip, err := own.Trip(ctx, act.trip)
		if act.reply = time.Now(); err == nil {
			for _, call := range trip.Plan {
				if call.Kind == "pickup" {
					act.aboard++
				}
			}
			s.note(act)
		}
		if err != nil && ctx.Err() == nil {
			s.t.Errorf("read: %v", err)
		}
	}
}

func (s *stormRun) note(act stormAct) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.history = append(s.history, act)
}

// verdict counts, audits and judges the history.
func (s *stormRun) verdict() {
	problems, full, booked := map[string]int{}, 0, 0
	for _, act := range s.history {
		switch {
		case act.reads:
		case act.booked != "":
			booked++
		default:
			problems[act.problem]++
		}
	}
	refused := s.size.accepts - booked
	for i, id := range s.trips {
		trip, err := s.client(1+i%s.size.carriers).Trip(context.Background(), id)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(trip.Plan) == 2+2*stormRoom {
			full++
		}
	}
	s.t.Logf("%d keys (%d asked twice at once), %d requests repeated: %d booked, %d refused %v; %d of %d trips full; %d reads",
		s.size.accepts, s.twice.Load(), s.retries.Load(), booked, refused, problems, full, len(s.trips), len(s.history)-s.size.accepts)
	if full*10 < len(s.trips)*6 {
		s.t.Errorf("%d of %d trips are full", full, len(s.trips))
	}
	if refused*10 < s.size.accepts {
		s.t.Errorf("%d of %d accepts were refused: no storm", refused, s.size.accepts)
	}
	s.linearizable()
	s.house.kill()
	if out := s.house.audit(); !strings.Contains(out, "violations: 0") {
		s.t.Errorf("audit:\n%s", out)
	}
}
