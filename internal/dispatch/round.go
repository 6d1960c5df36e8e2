package dispatch

import (
	"context"
	"errors"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// maxBatch bounds the commands of one round, and so of one transaction.
const maxBatch = 256

// Outcome is what became of one command.
type Outcome struct {
	Result freight.Result
	Err    error // a *freight.Error fit for the asker
}

// errFenced says that another server has taken the market: this one must stop.
var errFenced = errors.New("another server has taken the market")

// Round applies a batch of commands and makes them durable. The outcomes stand
// in the order of the batch. An error means that the engine cannot go on; then
// the outcomes are still to be given to their askers.
func (e *Engine) Round(ctx context.Context, now freight.Instant, batch []freight.Command) ([]Outcome, error) {
	began := time.Now()

	// 1. Stamp: time never runs backwards in a market.
	at := max(now, e.at)
	e.rules.Desks = *e.desks.Load()

	// 2. Look up what the batch needs and memory does not hold.
	known, err := e.lookUp(ctx, batch)
	if err != nil {
		e.cfg.Log.Error("round could not look up", "error", err)
		e.life.failed(err)
		e.giveBack(batch)
		return e.refuseAll(batch, unavailable(err)), nil
	}
	e.live.Adopt(known.Loads, known.Trips)
	defer func() { e.live.Release(known.Loads, known.Trips) }()

	// 3. Apply each command to a copy of the book that later ones see.
	attempt := e.apply(at, batch, known, nil)

	// 4. Commit, taking out one command that the store refused.
	attempt, err = e.commit(ctx, at, batch, &known, attempt)
	if err != nil {
		return attempt.outcomes, err
	}

	// 5. Make it the live book, and let planners and clocks see it.
	e.take(attempt, at)

	// 6. Publish what is now true.
	told := time.Now()
	e.cfg.Publisher.Publish(attempt.round.Events())
	e.cfg.Metrics.publish.Observe(time.Since(told).Seconds())

	// 7. Count, and say one line.
	e.cfg.Metrics.round(batch, attempt.outcomes, attempt.round, time.Since(began))
	e.cfg.Log.Debug("round", "commands", len(batch), "events", len(attempt.round.Events()), "seq", e.live.EventSeq())
	return attempt.outcomes, nil
}

// attempt is one application of a batch.
type attempt struct {
	round    *book.Book
	outcomes []Outcome
	wrote    map[freight.ID]int // row -> the command that wrote it last
	entries  []entry            // for the log of acts
	logbook  logbook            // of this attempt, once it is written
}

// apply runs the batch against a fork of the live book, leaving out the
// commands that are already refused.
func (e *Engine) apply(at freight.Instant, batch []freight.Command, known freight.Known, refused map[int]error) *attempt {
	a := &attempt{round: e.live.Fork(), outcomes: make([]Outcome, len(batch)), wrote: map[freight.ID]int{}}
	a.round.KnowRefs(known.Refs)
	a.round.KnowBookings(known.Bookings)
	a.round.KnowOffers(known.Offers)
	answers := newAnswers(known.Answers)
	for i, cmd := range batch {
		if err := refused[i]; err != nil {
			a.outcomes[i].Err = err
			continue
		}
		if note, ok := cmd.Act.(freight.NoteRefusal); ok { // which its key has nothing to do with
			a.outcomes[i].Err = note.Refusal
			a.entries = append(a.entries, entry{at: i})
			continue
		}
		if cmd.Key != "" {
			if first, ok := answers.first(cmd); ok {
				a.outcomes[i] = first
				if freight.ProblemOf(first.Err) == freight.ProblemKeyReused {
					a.refuse(cmd, i)
				}
				continue
			}
		}
		a.outcomes[i] = e.step(at, cmd, a, i)
		if cmd.Key != "" {
			answers.keep(at, cmd, a.outcomes[i], a.round)
		}
	}
	return a
}

// step applies one command to its own fork and keeps the fork unless refused.
func (e *Engine) step(at freight.Instant, cmd freight.Command, a *attempt, i int) Outcome {
	fork := a.round.Fork()
	result, err := fork.Apply(at, cmd)
	if err != nil {
		a.refuse(cmd, i)
		return Outcome{Err: err}
	}
	for _, c := range fork.Changes() {
		a.wrote[c.ID] = i
	}
	a.did(cmd, i, result, fork)
	a.round.Absorb(fork)
	return Outcome{Result: result}
}

// commit makes the attempt durable. A row that the store refuses costs the
// command behind it, a reload and one replay; more than that, or an unknown
// outcome, costs the whole batch.
func (e *Engine) commit(ctx context.Context, at freight.Instant, batch []freight.Command, known *freight.Known, a *attempt) (*attempt, error) {
	err := e.write(ctx, at, batch, a)
	if guilty, ok := a.guilty(err); ok {
		a, err = e.replay(ctx, at, batch, known, guilty, err)
	}
	if err == nil {
		return a, nil
	}
	a.outcomes = e.refuseAll(batch, unavailable(err))
	a, err = e.recover(ctx, a, err)
	e.giveBack(batch)
	return a, err
}

// guilty finds the command behind the row that the store refused as stale.
func (a *attempt) guilty(err error) (int, bool) {
	var fault *freight.CommitError
	if !errors.As(err, &fault) || fault.Fault != freight.CommitStale {
		return 0, false
	}
	at, ok := a.wrote[fault.ID]
	return at, ok
}

// replay applies and commits the batch once more, without the guilty command.
// Memory held a row that the store does not, so it is loaded anew before.
func (e *Engine) replay(ctx context.Context, at freight.Instant, batch []freight.Command, known *freight.Known, guilty int, cause error) (*attempt, error) {
	e.cfg.Log.Warn("store refused a row", "error", cause)
	e.cfg.Metrics.commitFaults.WithLabelValues(string(freight.CommitStale)).Inc()
	a := &attempt{round: e.live.Fork()}
	if err := e.reload(ctx); err != nil {
		return a, err
	}
	e.giveBack(batch[guilty : guilty+1])
	fresh, err := e.lookUp(ctx, batch)
	if err != nil {
		return a, &freight.CommitError{Fault: freight.CommitFailed, Cause: err}
	}
	*known = fresh
	e.live.Adopt(fresh.Loads, fresh.Trips)
	a = e.apply(at, batch, fresh, map[int]error{guilty: unavailable(cause)})
	return a, e.write(ctx, at, batch, a)
}

// reload makes memory what the store holds.
func (e *Engine) reload(ctx context.Context) error {
	state, err := e.cfg.Store.Reload(ctx, e.market.ID)
	if err != nil {
		return err
	}
	e.restore(state)
	return nil
}

// giveBack keeps what nobody would send again after a round that failed: clocks
// that have run out, what planners were asked and what they answered. What is
// done already is refused when it comes again.
func (e *Engine) giveBack(batch []freight.Command) {
	for _, cmd := range batch {
		switch act := cmd.Act.(type) {
		case freight.Resume:
			e.life.pending = act.Since
		case freight.Tick:
			e.clocks.add([]freight.Clock{act.Clock})
		case freight.Propose:
			e.queued = append(e.queued, book.Need{Kind: book.NeedTrips, ID: act.Load, First: e.first(act.Load)})
		case freight.AskLater:
			e.queued = append(e.queued, e.plannedAgain(act.ID)...)
		case freight.ProposeSet:
			for _, line := range act.Lines {
				e.queued = append(e.queued, book.Need{Kind: book.NeedTrips, ID: line.Load, First: e.first(line.Load)})
			}
		case freight.ExplainLoad:
			e.queued = append(e.queued, book.Need{Kind: book.NeedExplain, ID: act.Load, Final: act.Explanation.Final, Said: &act})
		case freight.ExplainTrip:
			e.queued = append(e.queued, book.Need{Kind: book.NeedOutlook, ID: act.Trip, Final: act.Explanation.Final, Told: &act})
		}
	}
}

// first tells whether a load is first in line.
func (e *Engine) first(load freight.ID) bool {
	l := e.live.Load(load)
	return l != nil && l.First
}

// recover brings memory back in step with the store after a failed commit.
func (e *Engine) recover(ctx context.Context, a *attempt, err error) (*attempt, error) {
	e.cfg.Log.Error("commit failed", "error", err)
	a.round = e.live.Fork() // nothing of the round is true
	var fault *freight.CommitError
	if !errors.As(err, &fault) {
		return a, err
	}
	e.cfg.Metrics.commitFaults.WithLabelValues(string(fault.Fault)).Inc()
	switch fault.Fault {
	case freight.CommitFenced:
		return a, errFenced
	case freight.CommitFailed:
		return a, nil
	}
	if err := e.reload(ctx); err != nil {
		return a, err
	}
	e.cfg.Publisher.Missed() // the commit may stand, and its events are known to nobody
	a.round = e.live.Fork()
	return a, nil
}

func (e *Engine) write(ctx context.Context, at freight.Instant, batch []freight.Command, a *attempt) error {
	if err := e.log(ctx, at, batch, a); err != nil {
		e.life.failed(err)
		return &freight.CommitError{Fault: freight.CommitFailed, Cause: err}
	}
	if !a.round.Written() {
		return nil
	}
	began := time.Now()
	err := e.cfg.Store.Commit(ctx, a.round.Commit(e.epoch, at)) // THE COMMIT POINT
	e.cfg.Metrics.commit.Observe(time.Since(began).Seconds())
	switch faultOf(err) {
	case "":
		e.life.wrote(at)
	case freight.CommitFailed, freight.CommitUnknown:
		e.life.failed(err)
	}
	return err
}

// faultOf returns what became of a commit, "" when it stands.
func faultOf(err error) freight.CommitFault {
	if err == nil {
		return ""
	}
	var fault *freight.CommitError
	if errors.As(err, &fault) {
		return fault.Fault
	}
	return freight.CommitUnknown
}

// take makes a committed round part of everything in memory.
func (e *Engine) take(a *attempt, at freight.Instant) {
	round := a.round
	e.setAt(at)
	e.logbook = a.logbook
	e.cfg.Metrics.logged(round.Deeds(), a.logbook.omitted, round.DeedSeq())
	e.clocks.add(round.Clocks())
	e.queued = append(e.queued, round.Needs()...)
	e.live.Absorb(round)
	if costs := e.live.Costs(); costs != e.costs.Swap(costs) {
		e.index(e.live) // what planners ask first of a trip was reckoned by the old ones
	}
	e.index(round)
}

func (e *Engine) refuseAll(batch []freight.Command, err error) []Outcome {
	outcomes := make([]Outcome, len(batch))
	for i := range outcomes {
		outcomes[i].Err = err
	}
	return outcomes
}

// unavailable hides a store's error behind one that says to try again.
func unavailable(cause error) error {
	return &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStore, Cause: cause}
}
