package main

import (
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Settings of the http benchmark.
const (
	connections   = 64
	leastHTTPLite = 1500.0
	leastHTTPPG   = 1000.0
)

// httpCommand measures posts over HTTP with matching.
type httpCommand struct{}

// Run measures and then looks for every post in the database.
func (httpCommand) Run(b *bench) error {
	return b.each("http", b.Runs, func(engine string) error {
		return b.exchanging(engine, func(x *exchange) error { return b.httpOnce(engine, x) })
	})
}

func (b *bench) httpOnce(engine string, x *exchange) error {
	p := newPoster(x)
	defer p.close()
	d := &drive{callers: connections, length: b.Time, call: p.post}
	before, err := x.server.cpu()
	if err != nil {
		return err
	}
	began := time.Now()
	var side errgroup.Group
	if b.Profile != "" {
		side.Go(func() error { return x.server.profiled(b.ctx, b.Time, filepath.Join(b.Profile, engine+"-http.pprof")) })
	}
	if err := d.run(b.ctx); err != nil {
		return err
	}
	if err := side.Wait(); err != nil {
		return err
	}
	end, err := x.server.settled(b.ctx)
	if err != nil {
		return err
	}
	after, err := x.server.cpu()
	if err != nil {
		return err
	}
	f, err := x.stopped(b, d.acked, end)
	if err != nil {
		return err
	}
	least := leastHTTPLite
	if engine == postgres {
		least = leastHTTPPG
	}
	slices.Sort(p.took)
	b.add("http", engine, "posts answered", "/s", d.rate, nil)
	b.add("http", engine, "posts matched", "/s", float64(len(d.acked))/end.Sub(began).Seconds(), atLeast(least))
	b.add("http", engine, "answer p50", "ms", millis(quantile(p.took, 0.5)), nil)
	b.add("http", engine, "answer p99", "ms", millis(quantile(p.took, 0.99)), nil)
	b.add("http", engine, "CPU of a post, server", "µs", micros(after-before)/float64(len(d.acked)), nil)
	b.add("http", engine, "CPU of a post, generator", "µs", micros(d.cpu), nil)
	b.add("http", engine, "posts with an offer", "%", 100*float64(f.offered)/float64(f.loads), nil)
	return nil
}
