package dispatch

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo/roads"
)

// nowhere is a store that is done at once: what is left is the writer's own
// work.
type nowhere struct{ events, answers int }

func (n *nowhere) Acquire(context.Context, freight.ID, string) (freight.State, error) {
	return freight.State{Market: market, Epoch: 1}, nil
}
func (n *nowhere) Reload(context.Context, freight.ID) (freight.State, error) {
	return freight.State{}, nil
}
func (n *nowhere) Prior(context.Context, freight.Prior) (freight.Known, error) {
	return freight.Known{}, nil
}
func (n *nowhere) Desks(context.Context, freight.ID) ([]freight.ID, error) { return nil, nil }
func (n *nowhere) Commit(_ context.Context, c *freight.Commit) error {
	n.events += len(c.Events)
	n.answers += len(c.Answers)
	return nil
}
func (n *nowhere) Publish([]freight.Event) {}

func (n *nowhere) Missed() {}

type randomMint struct{}

func (randomMint) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	rand.Read(random[:])
	return freight.NewID(prefix, at, random)
}

// BenchmarkRound is what the writer itself does for a post, by the number of
// posts in a round; ns/op is for one post.
func BenchmarkRound(b *testing.B) {
	for _, batch := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(batch), func(b *testing.B) {
			router, err := roads.NewFallback(1.24, 60)
			if err != nil {
				b.Fatal(err)
			}
			store := &nowhere{}
			e, err := Open(b.Context(), Config{Market: market.ID, Store: store, Publisher: store, Router: router,
				Costs: freight.DefaultCosts(), Mint: randomMint{}})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for n := 0; n < b.N; n += batch {
				b.StopTimer()
				cmds := make([]freight.Command, batch)
				for i := range cmds {
					cmd := post(fmt.Sprintf("PO-%d", n+i), 1000)
					cmd.Key = fmt.Sprintf("key-%d", n+i)
					if cmds[i], err = e.Prepare(start, cmd); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				outcomes, err := e.Round(b.Context(), start, cmds)
				if err != nil {
					b.Fatal(err)
				}
				for _, o := range outcomes {
					if o.Err != nil {
						b.Fatal(o.Err)
					}
				}
				e.Needs()
			}
			if store.events < b.N || store.answers != store.events {
				b.Fatalf("%d posts, %d events and %d answers committed", b.N, store.events, store.answers)
			}
		})
	}
}
