package dispatch

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// offered puts a trip and a load on the market and returns the offer between them.
func (r *rig) offered() *freight.Offer {
	r.t.Helper()
	r.round(announce("1", 5_000_000))
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	return r.engine.live.OpenOffers(load.ID)[0]
}

func TestClocksSurviveAFailedLookUp(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	r.now = offer.Expires + 1
	r.ledger.deaf = 1
	r.round(append(r.engine.Due(r.now), post("PO-1", 1000))...)
	r.round(r.engine.Due(r.now)...)
	if r.engine.live.Offer(offer.ID) != nil {
		t.Error("an offer's clock was lost with a failed look-up")
	}
}

// TestALastWordSurvivesALineThatIsCut: the explanation of a load that has ended
// is found nowhere but in the batch.
func TestALastWordSurvivesALineThatIsCut(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	r.now = load.Ends() + 1
	r.round(freight.Command{Act: freight.Tick{Clock: freight.Clock{At: load.Ends(), Kind: freight.ClockLoad, ID: load.ID}}})
	var last []freight.Command
	for _, need := range r.engine.Needs() {
		last = append(last, r.engine.Plan(r.now, need)...)
	}
	r.ledger.faults = []fault{{kind: freight.CommitUnknown}}
	r.round(last...)
	r.settle()
	if n := count(r.told.types(), freight.EventLoadExplained); n != 1 {
		t.Fatalf("the last word was said %d times", n)
	}
	if e := r.told.events[len(r.told.events)-1]; e.Version == 0 {
		t.Error("the event names no version")
	}
}

// TestTheLastWordLeavesAnEditedLoadAlone: a last word that was found before the
// shipper gave the load more time closes nothing.
func TestTheLastWordLeavesAnEditedLoadAlone(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	r.now = load.Ends() + 1
	r.round(freight.Command{Act: freight.Tick{Clock: freight.Clock{At: load.Ends(), Kind: freight.ClockLoad, ID: load.ID}}})
	needs := r.engine.Needs()
	terms := post("", 1000).Act.(freight.PostLoad).Terms
	terms.Pickup.Window.Close += 8 * freight.Hour
	if err := r.round(freight.Command{Org: "og_firm", Act: freight.EditLoad{Load: load.ID, Terms: terms}})[0].Err; err != nil {
		t.Fatal(err)
	}
	for _, need := range needs {
		r.round(r.engine.Plan(r.now, need)...)
	}
	if now := r.engine.live.Load(load.ID); now == nil || now.Answer != 0 || r.engine.board.Load().listing(load.ID) == nil {
		t.Errorf("the edited load: %+v", now)
	}
}

// TestALastWordIsOwedAfterARestart: a load whose window ended while its last
// word was being found gets it from the next server.
func TestALastWordIsOwedAfterARestart(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 1000))[0].Result.Load
	r.now = load.Ends() + 1
	r.round(r.engine.Due(r.now)...)
	again, err := Open(context.Background(), r.engine.cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.engine = again
	r.round(again.Due(r.now)...)
	r.settle()
	if count(r.told.types(), freight.EventLoadExplained) == 0 || again.live.Load(load.ID) != nil {
		t.Errorf("told %v", r.told.types())
	}
}

// TestTheBoardForgetsWithdrawnLoads also when an explanation of them is wanted in
// the same round: one that has not ended by itself gets no last word.
func TestTheBoardForgetsWithdrawnLoads(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	r.now = load.AnswerBy + 1
	r.round(append(r.engine.Due(r.now), freight.Command{Org: "og_firm", Act: freight.WithdrawLoad{Load: load.ID}})...)
	if r.engine.board.Load().listing(load.ID) != nil {
		t.Error("a withdrawn load stays on the board")
	}
}

// TestPlannersFindWholeListings: a planner may look for a load at the moment in
// which the writer puts it up.
func TestPlannersFindWholeListings(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 1000))[0].Result.Load
	board := r.engine.board.Load()
	done := make(chan struct{})
	var stop atomic.Bool
	go func() {
		defer close(done)
		for !stop.Load() {
			r.engine.Plan(start, book.Need{Kind: book.NeedTrips, ID: load.ID})
		}
	}()
	for range 2000 {
		board.unlist(load.ID)
		if err := r.engine.indexLoad(board, load.ID, load); err != nil {
			t.Fatal(err)
		}
	}
	stop.Store(true)
	<-done
}

// TestTheEndDoesNotWaitForAFullDisk: a clock that the store refuses is left to
// the next start.
func TestTheEndDoesNotWaitForAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx, 1) }()
		for _, cmd := range []freight.Command{announce("1", 5_000_000), post("", 1000)} {
			if _, err := d.Do(context.Background(), shifted(cmd)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		full := make([]fault, 10_000)
		for i := range full {
			full[i].kind = freight.CommitFailed
		}
		r.ledger.mu.Lock()
		r.ledger.faults = full
		r.ledger.mu.Unlock()
		<-time.After(20 * time.Minute) // the offer's clock runs out
		cancel()
		<-time.After(5 * time.Second)
		synctest.Wait()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Error("the writer does not end")
			r.ledger.mu.Lock()
			r.ledger.faults = nil
			r.ledger.mu.Unlock()
			<-done
		}
	})
}

// TestAClockSetBackLosesNothing: the wall clock goes back after the clocks that
// have run out were taken.
func TestAClockSetBackLosesNothing(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	asked := 0
	d := NewDispatcher(r.engine, func() freight.Instant {
		asked++
		if asked == 1 {
			return offer.Expires + 1
		}
		return offer.Expires - freight.Minute
	})
	if _, err := d.turn(context.Background()); err != nil {
		t.Fatal(err)
	}
	if r.engine.live.Offer(offer.ID) != nil {
		t.Error("an offer's clock was lost")
	}
}
