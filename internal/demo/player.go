package demo

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"pinhuo/api/client"
)

// part is what the demonstration plays of one account: it listens, and answers each
// question after a while. What a person posted or announced is that person's.
type part struct {
	client *client.Client
	player Player
	random *rand.Rand
	log    *slog.Logger
	react  map[string]reaction // by type of event

	answering sync.WaitGroup
}

// reaction answers an event about what id names; likes tells whether the answer is yes.
type reaction func(ctx context.Context, p *part, id string, likes bool) error

// work listens until ctx ends.
func (p *part) work(ctx context.Context) error {
	defer p.answering.Wait()
	return p.client.Stream(ctx, client.Watch{Event: func(e client.Event) error {
		react := p.react[e.Type]
		if react == nil {
			return nil
		}
		pause := p.player.Patience/4 + time.Duration(p.random.Int64N(int64(p.player.Patience*3/4)+1))
		likes := p.random.IntN(10) > 0
		p.answering.Go(func() { p.answer(ctx, react, e.Subject, pause, likes) })
		return nil
	}})
}

// answer waits and then says yes or no to what is asked, as it is then. Whatever the
// server refuses somebody else has settled meanwhile.
func (p *part) answer(ctx context.Context, react reaction, id string, pause time.Duration, likes bool) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	err := react(ctx, p, id, likes)
	var problem *client.Problem
	if err != nil && !errors.As(err, &problem) && ctx.Err() == nil {
		p.log.Warn("demo: not answered", "player", p.player.Name, "subject", id, "error", err)
	}
}

// played tells whether the demonstration itself made what has the reference.
func played(ref string) bool { return strings.HasPrefix(ref, mark) }
