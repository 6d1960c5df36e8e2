package dispatch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// Settings of a dispatcher.
const (
	laneBound  = 8192                   // commands that may wait in a lane
	afterFault = 200 * time.Millisecond // pause after a failed commit
)

// Dispatcher serves one market: it queues commands for the writer, runs the
// clocks and keeps planners busy.
type Dispatcher struct {
	engine *Engine
	queue  *queue
	needs  *needs
	now    func() freight.Instant
	plan   func(freight.Instant, book.Need) []freight.Command
	ready  atomic.Bool
	looked look // the writer's last look at the clocks
	edge   edge // of acts that are refused before the writer sees them
}

// look is a reading of both clocks.
type look struct {
	wall freight.Instant
	mono time.Time
}

// NewDispatcher wraps an engine; now is the wall clock. Run starts it.
func NewDispatcher(engine *Engine, now func() freight.Instant) *Dispatcher {
	return &Dispatcher{engine: engine, queue: newQueue(laneBound), needs: newNeeds(), now: now, plan: engine.Plan}
}

// Market returns the market that is served.
func (d *Dispatcher) Market() freight.Market { return d.engine.Market() }

// Ready tells whether the writer is at work; its store may refuse all the same.
func (d *Dispatcher) Ready() bool { return d.ready.Load() }

// Sick tells why the store cannot be written at present, "" when it can.
func (d *Dispatcher) Sick() string { return d.engine.Sick() }

// time is the market's: planners, clocks and admission go by that of the writer
// where the wall clock has been set back.
func (d *Dispatcher) time() freight.Instant { return d.engine.Now(d.now()) }

// Do brings one command to the writer and waits until it is committed or
// refused. Errors are *freight.Error values. When ctx ends first the outcome is
// unknown to the caller, who may repeat the command with its key.
func (d *Dispatcher) Do(ctx context.Context, cmd freight.Command) (freight.Result, error) {
	cmd, err := d.engine.Prepare(d.time(), cmd)
	if err != nil {
		d.Refused(ctx, cmd, err)
		return freight.Result{}, err
	}
	reply := make(chan Outcome, 1)
	if err := d.queue.put(waiter{cmd: cmd, reply: reply}); err != nil {
		return freight.Result{}, err
	}
	select {
	case outcome := <-reply:
		return outcome.Result, outcome.Err
	case <-ctx.Done():
		return freight.Result{}, &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemOverload, Cause: ctx.Err()}
	}
}

// Run serves until ctx ends, then finishes what is queued. It returns an error
// when the writer cannot go on. planners is the number of planning goroutines.
func (d *Dispatcher) Run(ctx context.Context, planners int) error {
	d.engine.Wake(d.now())
	var planning sync.WaitGroup
	for range planners {
		planning.Go(func() { d.planner(ctx) })
	}
	if d.engine.cfg.Pools > 0 {
		planning.Go(func() { d.poolPlanner(ctx) })
	}
	if d.engine.cfg.Reloads > 0 {
		planning.Go(func() { d.reloadPlanner(ctx) })
	}
	listening, deafen := context.WithCancel(ctx)
	if d.engine.cfg.Batch.Every > 0 {
		planning.Go(func() { d.packer(ctx) })
	}
	planning.Go(func() { d.engine.hear(listening) })
	d.ready.Store(true)
	err := d.write(ctx)
	d.ready.Store(false)
	d.needs.stop()
	deafen()
	planning.Wait()
	return err
}

// write is the writer's loop.
func (d *Dispatcher) write(ctx context.Context) error {
	stop := context.AfterFunc(ctx, d.queue.close)
	defer stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		d.engine.cfg.Metrics.plans.Add(float64(d.needs.add(d.engine.Needs())))
		timer.Reset(d.untilDue())
		select {
		case <-d.queue.wake:
		case <-timer.C:
		}
		if done, err := d.turn(ctx); done || err != nil {
			d.queue.close()
			d.refuseRest()
			if err == nil {
				d.engine.leaveOut(d.edge.take())
				d.engine.Rest(context.WithoutCancel(ctx), d.now())
			}
			return err
		}
	}
}

// turn takes a batch and applies it; done when there is nothing left to do
// before the end. Clocks that run out by then are left to the next start, so
// that a store which refuses them does not put off the end for ever.
func (d *Dispatcher) turn(ctx context.Context) (done bool, err error) {
	now := d.look()
	d.engine.leaveOut(d.edge.take())
	var due []freight.Command
	if ctx.Err() == nil {
		if err := d.engine.Beat(context.WithoutCancel(ctx), now); err != nil {
			return true, fmt.Errorf("market %s: %w", d.engine.market.ID, err)
		}
		// While the store takes no writes the clocks stand still.
		if d.engine.Sick() == "" {
			due = d.engine.Due(now)
		}
	}
	batch := d.batch(due)
	if len(batch) == 0 {
		return ctx.Err() != nil, nil
	}
	// The round is not tied to ctx: what is queued is finished before the end.
	// Its instant is not before the one by which its clocks have run out.
	if err := d.round(context.WithoutCancel(ctx), max(now, d.time()), batch); err != nil {
		return true, fmt.Errorf("market %s: %w", d.engine.market.ID, err)
	}
	return false, nil
}

// look returns the market's time. Where the wall clock has moved on farther than
// time has passed, because it was set forward or the machine slept, the clocks of
// the market are owed the difference.
func (d *Dispatcher) look() freight.Instant {
	now := look{d.now(), time.Now()}
	if !d.looked.mono.IsZero() {
		d.engine.skipped(d.looked.wall+freight.Instant(now.mono.Sub(d.looked.mono).Milliseconds()), now.wall)
	}
	d.looked = now
	return d.engine.Now(now.wall)
}

// untilDue is how long the writer may sleep: until a clock runs out or a life
// sign is due.
func (d *Dispatcher) untilDue() time.Duration {
	beat := max(0, time.Until(d.engine.NextBeat()))
	next := d.engine.NextClock()
	if next == 0 || d.engine.Sick() != "" {
		return beat
	}
	return min(beat, max(0, time.Duration(next-d.time())*time.Millisecond))
}

// batch takes what is queued, after the clocks that have run out.
func (d *Dispatcher) batch(due []freight.Command) []waiter {
	batch := make([]waiter, 0, len(due))
	for _, cmd := range due {
		batch = append(batch, waiter{cmd: cmd})
	}
	batch = append(batch, d.queue.take(maxBatch-len(batch))...)
	for at := range lanes {
		d.engine.cfg.Metrics.queue.WithLabelValues(laneNames[at]).Set(float64(d.queue.waiting(at)))
	}
	return batch
}

func (d *Dispatcher) round(ctx context.Context, now freight.Instant, batch []waiter) error {
	commands := make([]freight.Command, len(batch))
	for i, w := range batch {
		commands[i] = w.cmd
	}
	outcomes, err := d.engine.Round(ctx, now, commands)
	failed := false
	for i, w := range batch {
		if w.reply != nil {
			w.reply <- outcomes[i]
		}
		if w.packed {
			d.engine.cfg.Metrics.proposed(outcomes[i].Err)
		}
		failed = failed || freight.ProblemOf(outcomes[i].Err) == freight.ProblemStore
		d.followUp(w.cmd, outcomes[i].Err)
	}
	if failed {
		time.Sleep(afterFault) // a store that refuses is not asked again at once
	}
	return err
}

// followUp has what was offered judged again when accepting it has just shown that its
// terms are out of date.
func (d *Dispatcher) followUp(cmd freight.Command, err error) {
	act, ok := Review(cmd.Act, err)
	if !ok {
		return
	}
	if err := d.queue.put(waiter{cmd: freight.Command{Market: cmd.Market, Act: act}}); err != nil {
		d.engine.cfg.Log.Debug("review not queued", "act", act, "error", err)
	}
}

// Review is the act that judges again what was offered, after its acceptance has shown
// that its terms are out of date; false where it has not. A version that has passed says
// nothing about the terms of a bundle as it is.
func Review(act freight.Act, err error) (freight.Act, bool) {
	var refusal *freight.Error
	if !errors.As(err, &refusal) || refusal.Problem != freight.ProblemUnfit && refusal.Problem != freight.ProblemStale {
		return nil, false
	}
	switch act := act.(type) {
	case freight.AcceptOffer:
		return freight.ReviewOffer{Offer: act.Offer}, true
	case freight.AcceptBundle:
		return freight.ReviewBundle{Bundle: act.Bundle, First: act.Lines}, refusal.Field != "version"
	}
	return nil, false
}

// refuseRest answers those who still wait when the writer has had to stop.
func (d *Dispatcher) refuseRest() {
	for batch := d.queue.take(maxBatch); len(batch) > 0; batch = d.queue.take(maxBatch) {
		for _, w := range batch {
			if w.reply != nil {
				w.reply <- Outcome{Err: &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStopping}}
			}
		}
	}
}
