// Package demo plays a market around Haimen on a running server: firms post loads
// and agree to share trucks, operators announce trips, answer offers and take pools.
// Its players are ordinary accounts that know nothing but the public API and socket.
package demo

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"pinhuo/api/client"
)

// Player is an account that takes part.
type Player struct {
	Name  string
	Token string
	// Patience is how long it lets a question lie at most before it answers, so that
	// a person signed in to the same account may be quicker.
	Patience time.Duration
}

// Config is the cast of a demonstration and how fast it goes.
type Config struct {
	Base     string // address of the server
	Firms    []Player
	Carriers []Player
	Seed     uint64 // equal seeds play equal markets, moved to the time of the start
	Opening  int    // loads and trips at the start; the first firm's hopeless load follows
	Pace     time.Duration
	Log      *slog.Logger
}

// Run plays until ctx ends. It returns an error when the server refuses what
// a sound market does.
func Run(ctx context.Context, cfg Config) error {
	group, ctx := errgroup.WithContext(ctx)
	firms, err := connect(cfg.Base, cfg.Firms)
	if err != nil {
		return err
	}
	carriers, err := connect(cfg.Base, cfg.Carriers)
	if err != nil {
		return err
	}
	perform := func(c *client.Client, player Player, n uint64, react map[string]reaction) {
		p := &part{client: c, player: player, random: rand.New(rand.NewPCG(cfg.Seed, n)), log: cfg.Log, react: react}
		group.Go(func() error { return p.work(ctx) })
	}
	for i, c := range carriers {
		perform(c, cfg.Carriers[i], uint64(i)+1, operator)
	}
	for i, c := range firms {
		perform(c, cfg.Firms[i], uint64(len(carriers)+i)+1, shipper)
	}
	group.Go(func() error { return play(ctx, cfg, firms, carriers) })
	if err := group.Wait(); ctx.Err() == nil {
		return err
	}
	return nil
}

func connect(base string, players []Player) ([]*client.Client, error) {
	list := make([]*client.Client, 0, len(players))
	for _, p := range players {
		c, err := client.New(client.Config{Base: base, Token: p.Token})
		if err != nil {
			return nil, fmt.Errorf("demo: %s: %w", p.Name, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// play opens the market with a few trips and loads, one of them hopeless, and
// then adds one at a time: two loads for each trip.
func play(ctx context.Context, cfg Config, firms, carriers []*client.Client) error {
	s := &script{random: rand.New(rand.NewPCG(cfg.Seed, 0)), now: time.Now}
	tick := time.NewTicker(cfg.Pace)
	defer tick.Stop()
	for n := 0; ; n++ {
		var err error
		switch {
		case n == cfg.Opening:
			_, err = firms[0].PostLoad(ctx, s.hopeless(n))
		case n%3 == 0:
			_, err = carriers[n/3%len(carriers)].AnnounceTrip(ctx, s.trip(n))
		default:
			_, err = firms[n%len(firms)].PostLoad(ctx, s.load(n))
		}
		if err != nil {
			return fmt.Errorf("demo: step %d: %w", n, err)
		}
		if n < cfg.Opening {
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
