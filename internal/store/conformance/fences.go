package conformance

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testFences checks that a market has one writer.
func testFences(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	cfg.HandOver = 60 * time.Millisecond
	second := Open(t, cfg)
	faults := &Faults{}
	cfg.Wrap = faults.Wrap
	w := NewWorld(t, cfg)
	ctx := t.Context()
	w.Acquire("first")
	_, err := second.Acquire(ctx, w.Market.ID, "second")
	held, ok := errors.AsType[*store.HeldError](err)
	if !ok || held.Holder != "first" {
		t.Fatalf("acquire of a held market: %v, want a HeldError naming the first", err)
	}
	wantFault(t, second.Commit(ctx, w.Commit()), freight.CommitFenced)
	w.post(w.Load()) // the first is not disturbed
	_, err = w.Store.Acquire(ctx, "mk_none", "first")
	wantMissing(t, "a market that is not there", err)
	_, err = w.Store.Reload(ctx, "mk_none")
	wantFault(t, err, freight.CommitFenced)
	// A new lease ends the earlier one, in the same process too.
	old := w.Commit()
	before := w.State.Epoch
	w.Acquire("first again")
	equal(t, "epoch", w.State.Epoch, before+1)
	wantFault(t, w.Store.Commit(ctx, old), freight.CommitFenced)
	w.post(w.Load())
	equal(t, "connections for all of that, on which the lock depends", faults.Dials(), 1)
	// Once the holder has gone the next may have it.
	w.ok(w.Store.Close())
	w.Store = second
	w.Acquire("second")
	equal(t, "epoch", w.State.Epoch, before+2)
	w.post(w.Load())
	// The epoch in the database counts, whatever this process believes.
	if _, err := raw(t, cfg).ExecContext(ctx, "UPDATE writers SET epoch = epoch + 1"); err != nil {
		t.Fatal(err)
	}
	c := w.Commit()
	w.Post(c, w.Load(), "")
	wantFault(t, w.Store.Commit(ctx, c), freight.CommitFenced)
	_, err = w.Store.Reload(ctx, w.Market.ID)
	wantFault(t, err, freight.CommitFenced)
}

// testRaces lets many try what one alone may do.
func testRaces(t *testing.T, fresh func(t testing.TB) store.Config) {
	cfg := fresh(t)
	cfg.HandOver = time.Millisecond
	w := NewWorld(t, cfg)
	v, _, load, offer := w.deal()
	for name, build := range map[string]func(c *freight.Commit){
		"stale writers": func(c *freight.Commit) {
			next := load
			next.Version++
			c.Loads = append(c.Loads, freight.Row[freight.Load]{Replaces: load.Version, Value: next})
		},
		"one key":   func(c *freight.Commit) { w.Post(c, w.Load(), "race") },
		"one plate": func(c *freight.Commit) { c.Vehicles = []freight.Row[freight.Vehicle]{{Value: w.twin(v, "white")}} },
		"one offer": func(c *freight.Commit) {
			c.Bookings = []freight.Row[freight.Booking]{{Value: w.Booking(load, offer)}}
		},
		"one reference": func(c *freight.Commit) {
			l := w.Load()
			l.Ref = "race"
			w.Post(c, l, "")
		},
	} {
		w.race(name, build)
	}
	w.raceForLease(cfg)
}

func (w *World) twin(v freight.Vehicle, colour string) freight.Vehicle {
	twin := w.Vehicle()
	twin.Plate = freight.Plate{Number: v.Plate.Number, Colour: colour}
	return twin
}

// race sends commits that exclude each other at once, each with the numbers
// that were next when it was made: one goes through.
func (w *World) race(name string, build func(c *freight.Commit)) {
	w.tb.Helper()
	commits := make([]*freight.Commit, 6)
	stood := w.State
	for i := range commits {
		w.State = stood
		commits[i] = w.Commit()
		build(commits[i])
	}
	results := make([]error, len(commits))
	var all sync.WaitGroup
	for i, c := range commits {
		all.Go(func() { results[i] = w.Store.Commit(w.tb.Context(), c) })
	}
	all.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		known, ok := errors.AsType[*freight.CommitError](err)
		if !ok || known.Fault != freight.CommitStale && known.Fault != freight.CommitFenced {
			w.tb.Fatalf("%s: a loser got %v", name, err)
		}
	}
	if won != 1 {
		w.tb.Fatalf("%s: %d of %d went through, want 1", name, won, len(commits))
	}
	w.State = must(w.Store.Reload(w.tb.Context(), w.Market.ID))(w.tb)
}

// raceForLease lets several servers ask for a market at once.
func (w *World) raceForLease(cfg store.Config) {
	w.tb.Helper()
	w.ok(w.Store.Close())
	cfg.HandOver = 100 * time.Millisecond
	stores := make([]*store.Store, 4)
	for i := range stores {
		stores[i] = Open(w.tb, cfg)
	}
	results := make([]error, len(stores))
	var all sync.WaitGroup
	for i, s := range stores {
		all.Go(func() { _, results[i] = s.Acquire(w.tb.Context(), w.Market.ID, fmt.Sprint("server ", i)) })
	}
	all.Wait()
	winner := -1
	for i, err := range results {
		if err == nil {
			if winner >= 0 {
				w.tb.Fatalf("servers %d and %d both hold the market", winner, i)
			}
			winner = i
		} else if _, held := errors.AsType[*store.HeldError](err); !held {
			w.tb.Fatalf("server %d: %v, want a HeldError", i, err)
		}
	}
	if winner < 0 {
		w.tb.Fatal("nobody holds the market")
	}
}

// testReaders reads while a writer writes: a reader sees whole commits only,
// and the head belongs to the rows beside it.
func testReaders(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	const batches, batch = 40, 5 // five loads and their events a commit
	done := make(chan struct{})
	var readers sync.WaitGroup
	check := func(name string, read func() (count int, head int64, err error)) {
		readers.Go(func() {
			last := int64(0)
			for {
				count, head, err := read()
				if err != nil || int64(count) != head || head%batch != 0 || head < last {
					t.Errorf("%s: %d rows at head %d after head %d, error %v", name, count, head, last, err)
					return
				}
				last = head
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	ctx, s := t.Context(), w.Store
	check("loads", func() (int, int64, error) {
		page, err := s.Loads(ctx, freight.Query{Scope: w.all(), Limit: 200})
		return len(page.Rows), page.Seq, err
	})
	check("board", func() (int, int64, error) {
		page, err := s.BoardLoads(ctx, freight.Query{Scope: w.all(), Limit: 200})
		return len(page.Rows), page.Seq, err
	})
	check("events", func() (int, int64, error) {
		events, head, err := s.Events(ctx, w.Market.ID, w.Shipper.ID, 0, 1000)
		for i, e := range events {
			if e.Seq != int64(i+1) {
				err = errors.Join(err, fmt.Errorf("event %d stands at place %d", e.Seq, i+1))
			}
		}
		return len(events), head, err
	})
	for range batches {
		c := w.Commit()
		for range batch {
			w.Post(c, w.Load(), "")
		}
		w.Send(c)
	}
	close(done)
	readers.Wait()
	equal(t, "head", must(s.Head(ctx, w.Market.ID))(t), batches*batch)
}
