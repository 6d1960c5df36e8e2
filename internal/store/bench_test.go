package store_test

import (
	"fmt"
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

// BenchmarkCommit measures one post (a load, an event, a change and a first
// answer) in batches; ns/op is for one post.
func BenchmarkCommit(b *testing.B) {
	engines(b, func(b *testing.B, cfg store.Config) {
		w := conformance.NewWorld(b, cfg)
		for _, batch := range []int{1, 8, 32, 45, 64} {
			b.Run(fmt.Sprint(batch), func(b *testing.B) {
				before := w.State.EventSeq
				var cpu time.Duration
				keys := []freight.Key{}
				refs := []freight.Ref{}
				for n := 0; n < b.N; n += batch {
					b.StopTimer()
					c := w.Commit()
					keys, refs = keys[:0], refs[:0]
					for range batch {
						l := w.Load()
						key := "key-" + string(l.ID)
						w.Post(c, l, key)
						keys = append(keys, freight.Key{Org: l.Org, Name: key})
						refs = append(refs, freight.Ref{Kind: freight.KindLoad, Org: l.Org, Ref: l.Ref})
					}
					b.StartTimer()
					began := processTime()
					if _, err := w.Store.Prior(b.Context(), freight.Prior{Market: w.Market.ID, Keys: keys, Refs: refs}); err != nil {
						b.Fatal(err)
					}
					w.Send(c)
					cpu += processTime() - began
				}
				b.StopTimer()
				b.ReportMetric(float64(cpu.Nanoseconds())/float64(b.N), "cpu-ns/op")
				head, err := w.Store.Head(b.Context(), w.Market.ID)
				if err != nil || head != w.State.EventSeq || head-before < int64(b.N) {
					b.Fatalf("head %d after %d, error %v", head, w.State.EventSeq, err)
				}
			})
		}
	})
}

// processTime is what this process has had of the processors: on a busy machine
// it says more than the clock.
func processTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
