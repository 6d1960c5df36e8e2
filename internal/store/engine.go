package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/pressly/goose/v3"

	"pinhuo/freight"
)

// engine is what differs between the two databases besides DDL.
type engine struct {
	name       string // of the driver, as sqlx knows it
	bind       int    // how placeholders are written
	dialect    goose.Dialect
	migrations string // folder
	write      func(tx *writeTx, c *freight.Commit, lots []*lot) error
	whole      bool // write is one statement, which commits by itself

	writing driver.Connector
	reading driver.Connector
	greet   func(ctx context.Context, conn *sql.Conn) error // settles and checks the writer's session
	guard   guard

	limit time.Duration // of one write transaction and what comes before it, 0 for none
	sever func()        // cuts the writer's line, nil where nothing can hang
}

// guard keeps other processes out with locks that vanish with their holder.
type guard interface {
	// alone waits for its turn to look at the schema and perhaps change it.
	alone(ctx context.Context) (release func(), err error)
	// idle fails with a *HeldError when a server runs on the database.
	idle(ctx context.Context) error
	// take locks the market for this process on the writer's connection, or
	// finds that it holds it already. It waits a while for a former holder to
	// go; then it fails with a *HeldError.
	take(ctx context.Context, conn *sql.Conn, market freight.ID, holder string) error
	// close lets go of everything.
	close() error
}

// patiently calls try until it says done, fails, or the wait is over, which it
// reports as false.
func patiently(ctx context.Context, wait time.Duration, try func() (done bool, err error)) (bool, error) {
	end := time.NewTimer(wait)
	defer end.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if done, err := try(); done || err != nil {
			return done, err
		}
		select {
		case <-again.C:
		case <-end.C:
			return false, nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
