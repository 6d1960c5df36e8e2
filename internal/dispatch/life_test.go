package dispatch

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// restarted opens the market anew, as a server does that was killed.
func (r *rig) restarted() {
	r.t.Helper()
	again, err := Open(context.Background(), r.engine.cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	r.engine = again
	again.Wake(r.now)
}

// owed applies what is due until nothing is.
func (r *rig) owed() {
	r.t.Helper()
	for due := r.engine.Due(r.now); len(due) > 0; due = r.engine.Due(r.now) {
		r.round(due...)
		r.settle()
	}
}

// TestAStaleRowIsReadAnew: the row behind a refused command is another one in
// the store than in memory. Memory takes over the store's, and the clock behind
// the command runs out all the same.
func TestAStaleRowIsReadAnew(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	held := &r.ledger.state.Offers[slices.IndexFunc(r.ledger.state.Offers, func(o freight.Offer) bool { return o.ID == offer.ID })]
	held.State, held.Version, held.Price = freight.OfferSeen, 7, held.Price+1 // behind the writer's back
	r.now = offer.Expires + 1
	r.ledger.faults = []fault{{kind: freight.CommitStale, victim: true}}
	tick := slices.DeleteFunc(r.engine.Due(r.now), func(cmd freight.Command) bool { return cmd.Act.(freight.Tick).Clock.Kind != freight.ClockOffer })
	outcomes := r.round(slices.Concat([]freight.Command{post("PO-1", 1000)}, tick)...)
	if outcomes[0].Err != nil || freight.CodeOf(outcomes[1].Err) != freight.Unavailable {
		t.Fatalf("outcomes %v and %v", outcomes[0].Err, outcomes[1].Err)
	}
	if now := r.engine.live.Offer(offer.ID); now == nil || now.Version != 7 || now.Price != offer.Price+1 {
		t.Fatalf("memory holds %+v", now)
	}
	if r.engine.live.Load(outcomes[0].Result.Load.ID) == nil {
		t.Error("the rest of the batch is not in memory")
	}
	r.owed()
	if r.engine.live.Offer(offer.ID) != nil {
		t.Error("the clock behind the stale row was lost")
	}
}

// TestAProposalBehindAStaleRowComesAgain: nobody would send it again.
func TestAProposalBehindAStaleRowComesAgain(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	load := r.round(post("", 1000))[0].Result.Load
	var plans []freight.Command
	for _, need := range r.engine.Needs() {
		plans = append(plans, r.engine.Plan(r.now, need)...)
	}
	r.ledger.faults = []fault{{kind: freight.CommitStale, victim: true}}
	r.round(plans...)
	r.settle()
	if len(r.engine.live.OpenOffers(load.ID)) != 1 {
		t.Error("nobody was asked")
	}
}

// TestAnOutageIsGivenBack: the server is away for an hour. An offer has as much
// time left as before, an answer that was due meanwhile is put off, and what is
// far away stays. Everybody concerned is told.
func TestAnOutageIsGivenBack(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	soon := post("", 1000)
	terms := soon.Act.(freight.PostLoad)
	terms.Terms.AnswerBy = start + 20*freight.Minute
	soon.Act = terms
	due := r.round(soon)[0].Result.Load
	r.settle()
	r.now = start + 5*freight.Minute
	if err := r.engine.sign(context.Background(), r.now); err != nil { // the last life sign
		t.Fatal(err)
	}
	left := offer.Expires - r.now
	r.now += freight.Hour
	r.restarted()
	r.owed()
	now := r.engine.live.Offer(offer.ID)
	if now == nil || now.Expires != r.now+left || now.Version != offer.Version {
		t.Fatalf("the offer %+v: want %s left", now, left)
	}
	if l := r.engine.live.Load(due.ID); l.AnswerBy != r.now+15*freight.Minute || l.Answer != 0 {
		t.Errorf("the answer that was due is due at %s, %d ms from now", l.AnswerBy, l.AnswerBy-r.now)
	}
	if l := r.engine.live.Load(offer.Load); l.AnswerBy != freight.AnswerBy(l.Pickup.Window.Close, l.Posted) {
		t.Errorf("the answer due in hours was moved to %s", l.AnswerBy)
	}
	for _, what := range []freight.EventType{freight.EventOfferExtended, freight.EventLoadExtended} {
		if count(r.told.types(), what) == 0 {
			t.Errorf("nobody was told of %s", what)
		}
	}
	if count(r.told.types(), freight.EventOfferExpired)+count(r.told.types(), freight.EventLoadExplained) > 0 {
		t.Errorf("told %v", r.told.types())
	}
	if got := r.round(accept(offer))[0]; got.Err != nil {
		t.Errorf("the version that was on screen before the outage: %v", got.Err)
	}
}

// TestAnOutageHasItsLimits: no clock goes beyond what it measures, and an
// outage is given back once.
func TestAnOutageHasItsLimits(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	leased := announce("2", 5_000_000)
	terms := leased.Act.(freight.AnnounceTrip)
	terms.Terms.Lease = start + 10*freight.Minute
	leased.Act = terms
	trip := r.round(leased)[0].Result.Trip
	short := post("", 1000)
	brief := short.Act.(freight.PostLoad)
	brief.Terms.Pickup.Window.Close = start + 90*freight.Minute
	short.Act = brief
	load := r.round(short)[0].Result.Load // answered by 30 minutes from now
	r.now += 80 * freight.Minute
	r.restarted()
	r.owed()
	if l := r.engine.live.Load(load.ID); l.AnswerBy != l.Ends() {
		t.Errorf("an answer by %s of a load that ends at %s", l.AnswerBy, l.Ends())
	}
	if o := r.engine.live.Offer(offer.ID); o != nil && o.Expires > r.now+15*freight.Minute {
		t.Errorf("the offer lives until %s", o.Expires)
	}
	if tr := r.engine.live.Trip(trip.ID); tr.Lease != r.now+10*freight.Minute {
		t.Errorf("a lease until %s", tr.Lease)
	}
	before := len(r.told.events)
	r.restarted()
	r.owed()
	if len(r.told.events) != before {
		t.Errorf("given back twice: told %v", r.told.types()[before:])
	}
}

// TestAnOutageIsOwedUntilItIsWritten: the store refuses the first round after
// the start; no clock runs out before it takes one.
func TestAnOutageIsOwedUntilItIsWritten(t *testing.T) {
	r := newRig(t)
	offer := r.offered()
	r.now += freight.Hour
	r.restarted()
	r.ledger.faults = []fault{{kind: freight.CommitFailed}, {kind: freight.CommitUnknown}}
	r.owed()
	if now := r.engine.live.Offer(offer.ID); now == nil || now.Expires <= r.now {
		t.Errorf("the offer %+v", now)
	}
}

// TestASickStore: after a refused write the writer is sick until a probe has
// gone through, its clocks stand still, and the time comes back to them.
func TestASickStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		for _, cmd := range []freight.Command{announce("1", 5_000_000), post("", 1000)} {
			if _, err := d.Do(context.Background(), shifted(cmd)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		<-time.After(5 * time.Minute)
		setFull := func(full bool) {
			r.ledger.mu.Lock()
			defer r.ledger.mu.Unlock()
			r.ledger.full, r.ledger.probes = full, 0
		}
		setFull(true)
		if d.Sick() != "" {
			t.Errorf("sick before anything was refused: %s", d.Sick())
		}
		<-time.After(beatEvery) // nobody writes: the life sign finds it out
		synctest.Wait()
		if d.Sick() == "" {
			t.Error("a quiet server does not notice that its disk is full")
		}
		<-time.After(20 * time.Minute) // longer than the offer lives
		r.ledger.mu.Lock()
		probes := r.ledger.probes
		r.ledger.mu.Unlock()
		if probes < 1000 || probes > 1300 {
			t.Errorf("%d probes in 20 minutes", probes)
		}
		setFull(false)
		<-time.After(2 * probeEvery)
		synctest.Wait()
		if d.Sick() != "" || count(r.told.types(), freight.EventOfferExtended) != 1 || count(r.told.types(), freight.EventOfferExpired) != 0 {
			t.Errorf("sick %q; told %v", d.Sick(), r.told.types())
		}
		<-time.After(11 * time.Minute)
		synctest.Wait()
		if count(r.told.types(), freight.EventOfferExpired) != 2 {
			t.Errorf("told %v", r.told.types())
		}
		stop()
	})
}

// TestAQuietServerShowsThatItLives, and signs off when it ends.
func TestAQuietServerShowsThatItLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		at := func() freight.Instant {
			r.ledger.mu.Lock()
			defer r.ledger.mu.Unlock()
			return r.ledger.state.At
		}
		<-time.After(time.Hour)
		synctest.Wait()
		if old := fakeNow() - at(); old > freight.Instant(beatEvery/time.Millisecond) {
			t.Errorf("the last life sign is %d ms old", old)
		}
		<-time.After(7 * time.Second)
		stop()
		if at() != fakeNow() {
			t.Errorf("the last life sign is %d ms old at the end", fakeNow()-at())
		}
	})
}

// TestPlannersGoByTheMarketsTime where the wall clock has been set back.
func TestPlannersGoByTheMarketsTime(t *testing.T) {
	r := newRig(t)
	r.now += 2 * freight.Hour
	r.round(announce("1", 5_000_000))
	at := r.now
	r.engine.Needs()
	planned := make(chan freight.Instant, 1)
	d := NewDispatcher(r.engine, func() freight.Instant { return at - freight.Hour })
	d.plan = func(now freight.Instant, _ book.Need) []freight.Command {
		planned <- now
		return nil
	}
	stop := serve(t, r, d)
	if _, err := d.Do(context.Background(), post("", 1000)); err != nil {
		t.Fatal(err)
	}
	if now := <-planned; now != at {
		t.Errorf("planned %d ms before the market's time", at-now)
	}
	stop()
}

// TestSkippedTimeIsAnOutage: the wall clock is set forward an hour, or the
// machine sleeps for one. Nobody has had that hour to answer an offer.
func TestSkippedTimeIsAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var skip atomic.Int64
		clock := func() freight.Instant { return fakeNow() + freight.Instant(skip.Load()) }
		d := NewDispatcher(r.engine, clock)
		stop := serve(t, r, d)
		for _, cmd := range []freight.Command{announce("1", 5_000_000), post("", 1000)} {
			if _, err := d.Do(context.Background(), shifted(cmd)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		<-time.After(5 * time.Minute)
		skip.Store(int64(freight.Hour))
		<-time.After(9 * time.Minute)
		synctest.Wait()
		if told := r.told.types(); count(told, freight.EventOfferExpired) != 0 || count(told, freight.EventOfferExtended) != 1 {
			t.Errorf("14 of 15 minutes have passed: told %v", told)
		}
		skip.Store(0) // and back: the market waits until the clock has caught up
		<-time.After(30 * time.Minute)
		skip.Store(int64(freight.Hour))
		<-time.After(2 * time.Minute)
		synctest.Wait()
		if told := r.told.types(); count(told, freight.EventOfferExpired) != 2 || count(told, freight.EventOfferExtended) > 2 {
			t.Errorf("told %v", told)
		}
		stop()
	})
}

// TestADeskThatIsAddedIsTold without a restart.
func TestADeskThatIsAddedIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		r.ledger.mu.Lock()
		r.ledger.state.Desks = []freight.ID{"og_desk"}
		r.ledger.mu.Unlock()
		<-time.After(beatEvery + time.Second)
		if _, err := d.Do(context.Background(), shifted(post("", 1000))); err != nil {
			t.Fatal(err)
		}
		<-time.After(7 * time.Hour)
		synctest.Wait()
		stop()
		var heard []freight.EventType
		for _, e := range r.told.events {
			if e.Audience == "og_desk" {
				heard = append(heard, e.Type)
			}
		}
		if !slices.Equal(heard, []freight.EventType{freight.EventLoadExplained}) {
			t.Errorf("the desk heard %v", heard)
		}
	})
}
