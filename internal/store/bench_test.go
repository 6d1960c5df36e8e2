package store_test

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

func engines(b *testing.B, bench func(b *testing.B, cfg store.Config)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, store.Config{Dir: b.TempDir()}) })
	b.Run("postgres", func(b *testing.B) { bench(b, store.Config{URL: pgtest.URL(b)}) })
}

// BenchmarkCommit measures what a writer spends on posts in batches: the look-up
// of their keys and references, and the commit of a load, an event, a change and
// a first answer each. ns/op is for one post; cpu-ns/op is this process's share.
func BenchmarkCommit(b *testing.B) {
	engines(b, func(b *testing.B, cfg store.Config) {
		w := conformance.NewWorld(b, cfg)
		for _, batch := range []int{1, 8, 45, 64} {
			b.Run(fmt.Sprint(batch), func(b *testing.B) {
				loads := make([]freight.Load, b.N)
				for i := range loads {
					loads[i] = w.Load()
				}
				b.ResetTimer()
				began := processTime()
				for len(loads) > 0 {
					n := min(batch, len(loads))
					(&post{loads: loads[:n]}).send(b, w)
					loads = loads[n:]
				}
				b.StopTimer()
				b.ReportMetric(float64((processTime()-began).Nanoseconds())/float64(b.N), "cpu-ns/op")
				checkHead(b, w)
			})
		}
	})
}

// BenchmarkCallers measures 64 callers who each wait for their post: one loop
// that commits whatever is queued, against a lock around each post's own
// transaction.
func BenchmarkCallers(b *testing.B) {
	engines(b, func(b *testing.B, cfg store.Config) {
		w := conformance.NewWorld(b, cfg)
		b.Run("lock", func(b *testing.B) {
			var mu sync.Mutex
			callers(b, w, func(l freight.Load) {
				mu.Lock()
				defer mu.Unlock()
				(&post{loads: []freight.Load{l}}).send(b, w)
			})
		})
		b.Run("loop", func(b *testing.B) {
			queue := make(chan request, 64)
			var loop sync.WaitGroup
			loop.Go(func() { commitLoop(b, w, queue) })
			callers(b, w, func(l freight.Load) {
				done := make(chan struct{})
				queue <- request{l, done}
				<-done
			})
			close(queue)
			loop.Wait()
		})
	})
}

// request is a caller's post and how it learns that it is committed.
type request struct {
	load freight.Load
	done chan struct{}
}

func commitLoop(b *testing.B, w *conformance.World, queue chan request) {
	for first := range queue {
		batch := []request{first}
		for range len(queue) {
			batch = append(batch, <-queue)
		}
		p := post{}
		for _, r := range batch {
			p.loads = append(p.loads, r.load)
		}
		p.send(b, w)
		for _, r := range batch {
			close(r.done)
		}
	}
}

// callers lets 64 goroutines post b.N loads and checks that all are there.
func callers(b *testing.B, w *conformance.World, send func(l freight.Load)) {
	loads := make(chan freight.Load, b.N)
	for range b.N {
		loads <- w.Load()
	}
	close(loads)
	b.ResetTimer()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for l := range loads {
				send(l)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	checkHead(b, w)
}

// post is a batch of loads on their way.
type post struct{ loads []freight.Load }

// send looks up what went before and commits the batch.
func (p *post) send(b *testing.B, w *conformance.World) {
	ask := freight.Prior{Market: w.Market.ID}
	c := w.Commit()
	for _, l := range p.loads {
		w.Post(c, l, "key-"+string(l.ID))
		ask.Keys = append(ask.Keys, c.Answers[len(c.Answers)-1].Key)
		ask.Refs = append(ask.Refs, freight.Ref{Kind: freight.KindLoad, Org: l.Org, Ref: l.Ref})
	}
	known, err := w.Store.Prior(b.Context(), ask)
	if err != nil || len(known.Answers)+len(known.Refs) > 0 {
		b.Errorf("prior found %d answers and %d references, error %v", len(known.Answers), len(known.Refs), err)
	}
	if err := w.Store.Commit(b.Context(), c); err != nil {
		b.Error(err)
	}
}

// checkHead proves that what was measured was written.
func checkHead(b *testing.B, w *conformance.World) {
	head, err := w.Store.Head(b.Context(), w.Market.ID)
	if err != nil || head != w.State.EventSeq {
		b.Fatalf("the head is %d after %d events, error %v", head, w.State.EventSeq, err)
	}
}

// processTime is what this process has had of the processors: on a busy machine
// it says more than the clock.
func processTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
