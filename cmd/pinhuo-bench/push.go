package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"pinhuo/freight"
)

// Settings of the push benchmark.
const (
	postsPerSecond = 200
	mostPush       = 25.0 // ms, where the disk is fast
	mostFsyncs     = 3    // times the disk's fsync p99, where it is slow
)

// pushCommand measures how long an offer is on its way.
type pushCommand struct{}

// Run measures and then looks for the frame of every offer in the database.
func (pushCommand) Run(b *bench) error {
	return b.each("push", b.Runs, func(engine string) error {
		return b.exchanging(engine, func(x *exchange) error { return b.pushOnce(engine, x) })
	})
}

func (b *bench) pushOnce(engine string, x *exchange) error {
	disk, err := fsyncs(x.db.dir)
	if err != nil {
		return err
	}
	ears, err := x.listen(b.ctx)
	if err != nil {
		return err
	}
	p := newPoster(x)
	defer p.close()
	acked, err := steadily(b.ctx, b.Time, p.post)
	if err != nil {
		return err
	}
	end, err := x.server.settled(b.ctx)
	if err != nil {
		return err
	}
	after, err := fsyncs(x.db.dir)
	if err != nil {
		return err
	}
	f, err := x.stopped(b, acked, end)
	if err != nil {
		return err
	}
	took, err := ears.took(p.sent, f.offers)
	if err != nil {
		return err
	}
	disk = append(disk, after...)
	slices.Sort(disk)
	b.add("push", engine, "fsync p50", "ms", millis(quantile(disk, 0.5)), nil)
	b.add("push", engine, "fsync p99", "ms", millis(quantile(disk, 0.99)), nil)
	b.add("push", engine, "post to offer p50", "ms", millis(quantile(took, 0.5)), nil)
	b.add("push", engine, "post to offer p99", "ms", millis(quantile(took, 0.99)), atMost(max(mostPush, mostFsyncs*b.median("push", engine, "fsync p99"))))
	b.add("push", engine, "post to offer max", "ms", millis(took[len(took)-1]), nil)
	b.add("push", engine, "offer frames", "", float64(len(took)), nil)
	return nil
}

// steadily posts at the rate, whether or not earlier posts are answered.
func steadily(ctx context.Context, length time.Duration, call func(ctx context.Context, n int64) (freight.ID, error)) ([]freight.ID, error) {
	var mu sync.Mutex
	var acked []freight.ID
	err := paced(ctx, int(length.Seconds()*postsPerSecond), postsPerSecond, func(ctx context.Context, n int, _ time.Time) error {
		id, err := call(ctx, int64(n))
		if err != nil {
			return fmt.Errorf("post: %w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		acked = append(acked, id)
		return nil
	})
	return acked, err
}

// ears are the sockets of all carriers, and what they have heard.
type ears struct {
	sockets errgroup.Group
	mu      sync.Mutex
	heard   map[freight.ID]heard // by offer
}

type heard struct {
	load freight.ID
	at   time.Time
}

// listen opens a socket for each carrier and returns when all are greeted.
func (x *exchange) listen(ctx context.Context) (*ears, error) {
	e := &ears{heard: map[freight.ID]heard{}}
	url := "ws" + strings.TrimPrefix(x.server.base, "http") + "/v1/stream"
	for _, org := range x.market.carriers {
		conn, answer, err := websocket.DefaultDialer.DialContext(ctx, url, http.Header{"Authorization": {"Bearer " + x.tokens[org]}})
		if err != nil {
			return nil, fmt.Errorf("open a socket: %w", err)
		}
		_ = answer.Body.Close() // an upgrade has none
		if _, _, err := conn.ReadMessage(); err != nil {
			return nil, fmt.Errorf("wait for hello: %w", err)
		}
		e.sockets.Go(func() error { return e.read(conn) })
	}
	return e, nil
}

// read notes offers until the server goes away.
func (e *ears) read(conn *websocket.Conn) error {
	defer conn.Close() //nolint:errcheck // there is nothing left to send
	for {
		_, text, err := conn.ReadMessage()
		at := time.Now()
		var closed *websocket.CloseError
		if errors.As(err, &closed) && closed.Code == websocket.CloseGoingAway {
			return nil
		}
		if err != nil {
			return fmt.Errorf("socket: %w", err)
		}
		var frame struct {
			Type freight.EventType `json:"type"`
			Data struct {
				Offer freight.ID `json:"offer_id"`
				Load  freight.ID `json:"load_id"`
			} `json:"data"`
		}
		if err := json.Unmarshal(text, &frame); err != nil {
			return fmt.Errorf("frame: %w", err)
		}
		if frame.Type == freight.EventOfferSent {
			e.mu.Lock()
			e.heard[frame.Data.Offer] = heard{frame.Data.Load, at}
			e.mu.Unlock()
		}
	}
}

// took waits for the sockets' end and lists, in rising order, how long each
// offer took from the post of its load. It fails when an offer was not heard.
func (e *ears) took(sent map[freight.ID]time.Time, offers map[freight.ID]freight.ID) ([]time.Duration, error) {
	if err := e.sockets.Wait(); err != nil {
		return nil, err
	}
	var took []time.Duration
	for offer, load := range offers {
		h, ok := e.heard[offer]
		if !ok || h.load != load {
			return nil, fmt.Errorf("offer %s of load %s reached no socket", offer, load)
		}
		took = append(took, h.at.Sub(sent[load]))
	}
	if len(took) == 0 {
		return nil, errors.New("no post was offered to anybody")
	}
	slices.Sort(took)
	return took, nil
}
