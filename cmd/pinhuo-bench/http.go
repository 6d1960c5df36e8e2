package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"pinhuo/freight"
)

// Settings of the http benchmark.
const (
	connections   = 32
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
	d := &drive{callers: connections, length: b.Time, call: p.post}
	before, err := x.server.cpu()
	if err != nil {
		return err
	}
	began := time.Now()
	if err := d.run(b.ctx); err != nil {
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

// poster posts loads as the firms of an exchange do.
type poster struct {
	x      *exchange
	client *http.Client

	mu   sync.Mutex
	took []time.Duration
	sent map[freight.ID]time.Time // load -> when its post was sent
}

func newPoster(x *exchange) *poster {
	return &poster{x: x, sent: map[freight.ID]time.Time{},
		client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 4 * connections}}}
}

// post sends the n-th post and returns the id of the load it made.
func (p *poster) post(ctx context.Context, n int64) (freight.ID, error) {
	ref := reference(n)
	firm := p.x.market.firms[n%firms]
	text := p.x.bodies[n%int64(len(p.x.bodies))].under(ref)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.x.server.base+"/v1/loads", bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+p.x.tokens[firm])
	r.Header.Set("Idempotency-Key", ref)
	sent := time.Now()
	answer, err := p.client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	took := time.Since(sent)
	if err != nil {
		return "", err
	}
	var load struct {
		ID freight.ID `json:"id"`
	}
	if answer.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("status %d: %s", answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, &load); err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, took)
	p.sent[load.ID] = sent
	return load.ID, nil
}
