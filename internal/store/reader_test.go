package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/store"
	"pinhuo/internal/store/conformance"
)

// TestFirstReadersAllAtOnce: many times more transactions than connections,
// begun before any statement is prepared, all come to their end.
func TestFirstReadersAllAtOnce(t *testing.T) {
	for name, cfg := range map[string]func(t *testing.T) store.Config{
		"sqlite":   func(t *testing.T) store.Config { return store.Config{Dir: t.TempDir()} },
		"postgres": func(t *testing.T) store.Config { return store.Config{URL: pgtest.URL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			s := conformance.Open(t, cfg(t))
			ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
			defer stop()
			begin := make(chan struct{})
			var readers sync.WaitGroup
			for range 100 {
				readers.Go(func() {
					<-begin
					_, _, err := s.Load(ctx, freight.Scope{Market: "mk_none", Org: "og_none"}, "ld_none")
					if freight.CodeOf(err) != freight.NotFound {
						t.Errorf("a load that is not there: %v", err)
					}
				})
			}
			close(begin)
			readers.Wait()
		})
	}
}
