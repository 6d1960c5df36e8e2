package dispatch

import (
	"context"
	"errors"
	"sync"

	"pinhuo/freight"
)

// edge counts acts that are refused before they reach the writer, so that it has no more
// of them to write than the log has rows for.
type edge struct {
	mu     sync.Mutex
	minute freight.Instant      // that is counted
	sent   map[freight.ID]int64 // to the writer in it, by organization
	left   map[freight.ID]int64 // that the writer is only to count
}

// admits tells whether a refusal at the instant may have a row of its own.
func (g *edge) admits(org freight.ID, at freight.Instant) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if minute := at - at%freight.Minute; minute != g.minute {
		g.minute, g.sent = minute, nil
	}
	if g.sent[org] < freight.MostDeeds {
		g.sent = with(g.sent, org)
		return true
	}
	g.left = with(g.left, org)
	return false
}

// leave counts a refusal whose row could not be written.
func (g *edge) leave(org freight.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left = with(g.left, org)
}

// take returns what was counted since, and forgets it.
func (g *edge) take() map[freight.ID]int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	left := g.left
	g.left = nil
	return left
}

// Refused puts an act into the log that was refused before it was brought to Do. It returns
// when the row is written, or counted where the organization has too many in this minute or
// the store takes none. What is nobody's act, or our own fault, has no row.
func (d *Dispatcher) Refused(ctx context.Context, cmd freight.Command, refusal error) {
	var known *freight.Error
	if !errors.As(refusal, &known) || !cmd.Logged() || !loggable(known.Code) || !d.edge.admits(cmd.Org, d.time()) {
		return
	}
	told := *known
	told.Cause, told.More = nil, told.More[:min(len(told.More), freight.NotedFaults)]
	cmd.Act = freight.NoteRefusal{What: freight.NamingOf(cmd.Act), Refusal: &told}
	reply := make(chan Outcome, 1)
	if err := d.queue.put(waiter{cmd: cmd, reply: reply}); err != nil {
		d.edge.leave(cmd.Org)
		return
	}
	select {
	case outcome := <-reply:
		if freight.CodeOf(outcome.Err) == freight.Unavailable {
			d.edge.leave(cmd.Org)
		}
	case <-ctx.Done(): // it is written all the same
	}
}

// loggable tells whether a refusal is about the act, and not about us or a stranger.
func loggable(code freight.Code) bool {
	return code != freight.Unavailable && code != freight.Internal && code != freight.Unauthorized
}

// leaveOut has acts counted that were refused at the edge and have no rows.
func (e *Engine) leaveOut(acts map[freight.ID]int64) {
	if len(acts) == 0 {
		return
	}
	sum := map[freight.ID]int64{}
	for _, counts := range []map[freight.ID]int64{e.logbook.left, acts} {
		for org, n := range counts {
			sum[org] += n
		}
	}
	for _, n := range acts {
		e.cfg.Metrics.unlogged.Add(float64(n))
	}
	e.logbook.left = sum
}
