package dispatch

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func serve(t *testing.T, r *rig, d *Dispatcher) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx, 2) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	}
}

func fakeNow() freight.Instant { return freight.At(time.Now()) }

// shifted moves the worlds of the tests to the bubble's clock.
func shifted(cmd freight.Command) freight.Command {
	by := fakeNow() - start
	move := func(s *freight.Stop) { s.Window.Open += by; s.Window.Close += by }
	switch act := cmd.Act.(type) {
	case freight.PostLoad:
		move(&act.Terms.Pickup)
		move(&act.Terms.Delivery)
		cmd.Act = act
	case freight.AnnounceTrip:
		for i := range act.Terms.Stops {
			move(&act.Terms.Stops[i])
		}
		cmd.Act = act
	}
	return cmd
}

// TestOffersRunOut lets a fake quarter of an hour pass: the offer expires, the
// load is explained when its answer is due, and it leaves when its window ends.
func TestOffersRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		for _, cmd := range []freight.Command{announce("1", 5_000_000), post("", 840_000)} {
			if _, err := d.Do(context.Background(), shifted(cmd)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if count(r.told.types(), freight.EventOfferSent) != 1 {
			t.Fatalf("told %v", r.told.types())
		}
		<-time.After(16 * time.Minute)
		synctest.Wait()
		if count(r.told.types(), freight.EventOfferExpired) != 2 { // told to both sides
			t.Errorf("after 16 minutes: told %v", r.told.types())
		}
		<-time.After(9 * time.Hour)
		synctest.Wait()
		if count(r.told.types(), freight.EventLoadExplained) != 2 || count(r.told.types(), freight.EventLoadExpired) != 1 {
			t.Errorf("after the window: told %v", r.told.types())
		}
		stop()
	})
}

func count(list []freight.EventType, what freight.EventType) int {
	n := 0
	for _, e := range list {
		if e == what {
			n++
		}
	}
	return n
}

// TestABlockedPlannerDelaysNobody: the first plan after the offer never
// returns, and the accept commits all the same.
func TestABlockedPlannerDelaysNobody(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	load := r.round(post("", 840_000))[0].Result.Load
	r.settle()
	offer := r.engine.live.OpenOffers(load.ID)[0]

	forever := make(chan struct{})
	blocked := make(chan struct{}, 8)
	d := NewDispatcher(r.engine, func() freight.Instant { return r.now })
	d.plan = func(freight.Instant, book.Need) []freight.Command {
		blocked <- struct{}{}
		<-forever
		return nil
	}
	stop := serve(t, r, d)
	for range 2 { // both planners
		if _, err := d.Do(context.Background(), post("", 1000)); err != nil {
			t.Fatal(err)
		}
		<-blocked
	}
	result, err := d.Do(context.Background(), accept(offer))
	if err != nil || result.Booking == nil {
		t.Errorf("accept beside blocked planners: %+v, %v", result, err)
	}
	close(forever)
	stop()
}

func TestStoppingAnswersEverybody(t *testing.T) {
	r := newRig(t)
	d := NewDispatcher(r.engine, func() freight.Instant { return r.now })
	r.ledger.faults = []fault{{kind: freight.CommitFenced}}
	done := make(chan error, 1)
	go func() { done <- d.Run(context.Background(), 1) }()
	if _, err := d.Do(context.Background(), post("", 1000)); freight.CodeOf(err) != freight.Unavailable {
		t.Errorf("fenced: %v", err)
	}
	if err := <-done; err == nil {
		t.Error("a fenced writer goes on")
	}
	if _, err := d.Do(context.Background(), post("", 1000)); freight.ProblemOf(err) != freight.ProblemStopping {
		t.Errorf("after the end: %v", err)
	}
}

func TestLanesShareABatch(t *testing.T) {
	q := newQueue(1000)
	for range 300 {
		for _, act := range []freight.Act{freight.PostLoad{}, freight.AcceptOffer{}, freight.Propose{}} {
			if err := q.put(waiter{cmd: freight.Command{Act: act}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	got := [lanes]int{}
	for _, w := range q.take(256) {
		got[laneOf(w.cmd.Act)]++
	}
	if got[laneAct] < 200 || got[lanePost] < 25 || got[lanePlan] < 25 || got[laneAct]+got[lanePost]+got[lanePlan] != 256 {
		t.Errorf("a batch of %v", got)
	}
	reply := make(chan Outcome, 1)
	for range 2000 {
		if err := q.put(waiter{cmd: freight.Command{Act: freight.PostLoad{}}, reply: reply}); err != nil {
			if freight.ProblemOf(err) != freight.ProblemOverload {
				t.Errorf("full lane: %v", err)
			}
			return
		}
	}
	t.Error("a lane has no bound")
}

// TestPlannersWaitForALongLane and go on when the writer has taken from it, or
// when the queue closes.
func TestPlannersWaitForALongLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10)
		for range 4*maxBatch + 1 {
			if err := q.put(waiter{cmd: freight.Command{Act: freight.Propose{}}}); err != nil {
				t.Fatal(err)
			}
		}
		passed := make(chan struct{}, 1)
		waits := func() bool {
			go func() { q.wait(); passed <- struct{}{} }()
			synctest.Wait()
			return len(passed) == 0
		}
		if !waits() {
			t.Fatal("a planner adds to a lane that is too long")
		}
		q.take(maxBatch)
		<-passed
		for range maxBatch {
			_ = q.put(waiter{cmd: freight.Command{Act: freight.Propose{}}})
		}
		if !waits() {
			t.Fatal("a planner adds to a lane that is too long again")
		}
		q.close()
		<-passed
	})
}
