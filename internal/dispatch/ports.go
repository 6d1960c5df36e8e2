package dispatch

import (
	"context"

	"pinhuo/freight"
)

// Store is where rounds are made durable.
type Store interface {
	// Acquire takes the market's lease under a new fencing epoch and returns
	// everything live. It fails when another server holds the lease.
	Acquire(ctx context.Context, market freight.ID, holder string) (freight.State, error)
	// Reload returns everything live under the epoch already held.
	Reload(ctx context.Context, market freight.ID) (freight.State, error)
	// Prior looks up what is not live: first answers, references, ended rows.
	Prior(ctx context.Context, ask freight.Prior) (freight.Known, error)
	// Desks lists the organizations of the market's desk, which may become more.
	Desks(ctx context.Context, market freight.ID) ([]freight.ID, error)
	// Commit writes one transaction. It fails only with a *freight.CommitError.
	Commit(ctx context.Context, c *freight.Commit) error
}

// Publisher tells people what has been committed.
type Publisher interface {
	// Publish is called in commit order and must not block.
	Publish(events []freight.Event)
	// Missed tells that events may be committed that were not published: they
	// are to be read from history.
	Missed()
}

// Judgement is one verdict of a planner: what the named trip version meant for
// the load at the instant.
type Judgement struct {
	At     freight.Instant
	Load   freight.ID
	Trip   freight.ID
	OnTrip int64 // the trip's version
	OK     bool
	Reason freight.Reason
	By     int64
	Unit   string
}

// Observer is told every judgement; a replay checks samples of them.
type Observer interface {
	Judged(j Judgement)
}
