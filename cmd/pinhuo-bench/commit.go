package main

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"runtime/pprof"
	"sync"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/dispatch"
)

// Settings of the commit benchmark.
const (
	manyCallers   = 64
	warmShare     = 5    // a fifth of a run's length warms up
	pooledLoads   = 4096 // loads drawn before the clock runs
	leastRatio    = 8.0
	leastSQLite   = 20_000.0
	leastPostgres = 10_000.0
)

// commitCommand measures posts through the writer alone.
type commitCommand struct{}

// do is a way of having a command carried out.
type do func(ctx context.Context, cmd freight.Command) (freight.Result, error)

// Run measures the three ways one after the other in every run, so that they
// are compared under the same weather.
func (commitCommand) Run(b *bench) error {
	pool, err := b.pool()
	if err != nil {
		return err
	}
	return b.each("commit", b.Runs, func(engine string) error {
		locked, err := b.commitOnce(engine, "locked", manyCallers, pool)
		if err != nil {
			return err
		}
		one, err := b.commitOnce(engine, "one", 1, pool)
		if err != nil {
			return err
		}
		many, err := b.commitOnce(engine, "many", manyCallers, pool)
		if err != nil {
			return err
		}
		least := leastSQLite
		if engine == postgres {
			least = leastPostgres
		}
		b.add("commit", engine, "lock a command, 64 callers", "cmd/s", locked.rate, nil)
		b.add("commit", engine, "1 caller", "cmd/s", one.rate, nil)
		b.add("commit", engine, "64 callers", "cmd/s", many.rate, atLeast(least))
		b.add("commit", engine, "64 callers : lock", "x", many.rate/locked.rate, atLeast(leastRatio))
		b.add("commit", engine, "64 callers : 1 caller", "x", many.rate/one.rate, nil)
		b.add("commit", engine, "commands a round, 64 callers", "", many.batch, nil)
		b.add("commit", engine, "CPU of a command, 64 callers", "µs", micros(many.cpu), nil)
		return nil
	})
}

// pool draws the loads that are posted over and over under new references.
func (b *bench) pool() ([]freight.LoadTerms, error) {
	w, err := newWorld(b.Seed, 1, time.Now())
	if err != nil {
		return nil, err
	}
	pool := make([]freight.LoadTerms, pooledLoads)
	for i := range pool {
		pool[i] = w.load()
	}
	return pool, nil
}

// commitOnce measures one way on a fresh database and checks what it wrote.
func (b *bench) commitOnce(engine, way string, callers int, pool []freight.LoadTerms) (d *drive, err error) {
	err = b.within(engine, func(db database) error {
		m, err := newMarket(b.ctx, db, 4, 0)
		if err != nil {
			return err
		}
		d = &drive{callers: callers, length: b.Time}
		through := func(do do) error {
			d.call = func(ctx context.Context, n int64) (freight.ID, error) {
				result, err := do(ctx, postCommand(m.firms, pool, n))
				if err != nil {
					return "", err
				}
				return result.Load.ID, nil
			}
			return d.run(b.ctx)
		}
		stop, err := b.profile(engine + "-" + way)
		if err == nil {
			if way == "locked" {
				err = m.locking(b.ctx, through)
			} else {
				err = m.serving(b.ctx, func(to *dispatch.Dispatcher) error { return through(to.Do) })
			}
			stop()
		}
		if err == nil {
			d.batch, err = m.commandsARound()
		}
		if err == nil {
			err = m.check(b.ctx, d.acked)
		}
		if closing := m.store.Close(); err == nil {
			err = closing
		}
		return err
	})
	return d, err
}

// postCommand is the n-th post: as the API makes it, with a key, the hash of the
// request and the firm's own reference.
func postCommand(firms []freight.ID, pool []freight.LoadTerms, n int64) freight.Command {
	terms := pool[n%int64(len(pool))]
	terms.Ref = reference(n)
	return freight.Command{Org: firms[n%int64(len(firms))], Actor: "us_bench", Key: "key-" + terms.Ref, Hash: sha256.Sum256([]byte(terms.Ref)),
		Act: freight.PostLoad{Terms: terms}}
}

// locking carries commands out one by one under a lock, each in a round and so
// in a transaction of its own: what a server without a writer's queue would do.
func (m *market) locking(ctx context.Context, use func(do do) error) error {
	engine, err := m.engine(ctx)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	return use(func(ctx context.Context, cmd freight.Command) (freight.Result, error) {
		cmd, err := engine.Prepare(wall(), cmd)
		if err != nil {
			return freight.Result{}, err
		}
		mu.Lock()
		defer mu.Unlock()
		outcomes, err := engine.Round(ctx, wall(), []freight.Command{cmd})
		if err != nil {
			return freight.Result{}, err
		}
		engine.Needs() // no planner waits for them
		return outcomes[0].Result, outcomes[0].Err
	})
}

// profile writes a CPU profile until stop is called, where one was asked for.
func (b *bench) profile(name string) (stop func(), err error) {
	if b.Profile == "" {
		return func() {}, nil
	}
	file, err := os.Create(filepath.Join(b.Profile, name+".pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		if err := file.Close(); err != nil {
			b.note("profile %s: %v", name, err)
		}
	}, nil
}
