package dispatch

import (
	"context"
	"crypto/rand"
	"sync/atomic"
	"time"

	"pinhuo/freight"
)

// How the writer shows that it lives and finds out whether its store does.
const (
	beatEvery  = 10 * time.Second // between two life signs of a quiet market
	probeEvery = time.Second      // between two probes of a store that refused a write
	ballast    = 128 << 10        // bytes of a probe: no less than what a round of that second would write
	leastBreak = freight.Second   // shorter outages take nothing from anybody
)

// life is what the writer knows of its store's health. Instants are the
// market's; the pace of beats and probes goes by the monotonic clock.
type life struct {
	signed  freight.Instant // of the last write
	tried   time.Time       // of the last write or probe, whatever became of it
	pending freight.Instant // since when clocks are owed an outage, 0 for none
	failing bool            // the last write was refused

	sick atomic.Pointer[string] // why, for those who ask beside the writer; nil when well
}

// wrote notes a write that succeeded. After a failure the time since the last
// one before it is owed to the clocks.
func (l *life) wrote(now freight.Instant) {
	if l.failing {
		l.owe(l.signed, now)
	}
	l.failing, l.signed, l.tried = false, now, time.Now()
	l.sick.Store(nil)
}

// failed notes a write that the store refused.
func (l *life) failed(err error) {
	l.failing, l.tried = true, time.Now()
	why := err.Error()
	l.sick.Store(&why)
}

// owe notes an outage from an instant until now.
func (l *life) owe(since, now freight.Instant) {
	if since > 0 && now-since >= leastBreak && l.pending == 0 {
		l.pending = since
	}
}

// hear asks for the market's desks, again and again until ctx ends: one that is
// added later wants to be told too.
func (e *Engine) hear(ctx context.Context) {
	each(ctx, beatEvery, func() bool {
		desks, err := e.cfg.Store.Desks(ctx, e.market.ID)
		if err != nil {
			e.cfg.Log.Debug("desks not read", "error", err) // those known stay
			return true
		}
		e.desks.Store(&desks)
		return true
	})
}

// each calls work every so often until ctx ends or work says that it is done.
func each(ctx context.Context, every time.Duration, work func() (more bool)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !work() {
			return
		}
	}
}

// Wake tells the engine that it begins to serve now: the time since the last
// life sign in the store is an outage, which its clocks are owed.
func (e *Engine) Wake(now freight.Instant) {
	e.life.signed, e.life.tried = e.at, time.Now()
	e.life.owe(e.at, now)
}

// skipped tells the engine that the wall clock went from one instant to another
// in no time. What lies before the market's time has been lived through.
func (e *Engine) skipped(from, to freight.Instant) { e.life.owe(max(from, e.at), to) }

// Sick tells why the store cannot be written, "" when it can. It may be called
// beside the writer.
func (e *Engine) Sick() string {
	if why := e.life.sick.Load(); why != nil {
		return *why
	}
	return ""
}

// Now is the market's time: the wall clock, or the last commit where the wall
// clock is behind it. It may be called beside the writer.
func (e *Engine) Now(wall freight.Instant) freight.Instant {
	return max(wall, freight.Instant(e.clock.Load()))
}

// setAt moves the market's time.
func (e *Engine) setAt(at freight.Instant) {
	e.at = at
	e.clock.Store(int64(at))
}

// Beat writes a life sign where it is due: one a while in a quiet market, a
// probe the size of a round where the store has refused a write. An error means
// that the engine cannot go on.
func (e *Engine) Beat(ctx context.Context, now freight.Instant) error {
	if time.Now().Before(e.NextBeat()) {
		return nil
	}
	return e.sign(ctx, now)
}

// Rest writes a last life sign, so that the next start knows how long nobody
// served. Where the store takes no writes an earlier one has to do.
func (e *Engine) Rest(ctx context.Context, now freight.Instant) {
	if e.life.failing {
		return
	}
	if err := e.sign(ctx, now); err != nil {
		e.cfg.Log.Warn("no last life sign", "error", err)
	}
}

// NextBeat is when a life sign is due next.
func (e *Engine) NextBeat() time.Time {
	if e.life.failing {
		return e.life.tried.Add(probeEvery)
	}
	return e.life.tried.Add(beatEvery)
}

// sign writes a life sign now.
func (e *Engine) sign(ctx context.Context, now freight.Instant) error {
	at, round := max(now, e.at), e.live.Fork()
	logbook, err := e.logbook.turn(round, at, true)
	if err != nil {
		return err
	}
	c := round.Commit(e.epoch, at)
	if e.life.failing {
		c.Ballast = make([]byte, ballast)
		rand.Read(c.Ballast) // never fails: the runtime stops the program instead
	}
	if err := e.cfg.Store.Commit(ctx, c); err != nil {
		return e.unsigned(err)
	}
	e.live.Absorb(round)
	e.logbook = logbook
	e.setAt(c.At)
	e.life.wrote(c.At)
	return nil
}

// unsigned is what a life sign that failed comes to. Nothing was at stake: only
// another writer's market is an end.
func (e *Engine) unsigned(err error) error {
	if faultOf(err) == freight.CommitFenced {
		return errFenced
	}
	e.cfg.Metrics.commitFaults.WithLabelValues(string(faultOf(err))).Inc()
	if !e.life.failing {
		e.cfg.Log.Error("the store takes no writes", "error", err)
	}
	e.life.failed(err)
	return nil
}
