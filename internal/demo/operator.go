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

// operator answers the offers on the trips that the demonstration announced for
// one carrier: most yes, some no, each after a while. Trips that a person
// announced are that person's.
type operator struct {
	client *client.Client
	player Player
	random *rand.Rand
	log    *slog.Logger

	answering sync.WaitGroup
}

// work listens until ctx ends.
func (o *operator) work(ctx context.Context) error {
	defer o.answering.Wait()
	return o.client.Stream(ctx, client.Watch{Event: func(e client.Event) error {
		if e.Type != "pinhuo.offer.sent" {
			return nil
		}
		pause := o.player.Patience/4 + time.Duration(o.random.Int64N(int64(o.player.Patience*3/4)+1))
		accept := o.random.IntN(5) > 0
		o.answering.Go(func() { o.answer(ctx, e.Subject, pause, accept) })
		return nil
	}})
}

// answer waits and then says yes or no to the offer as it is then.
func (o *operator) answer(ctx context.Context, id string, pause time.Duration, accept bool) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	offer, err := o.client.Offer(ctx, id)
	var trip client.Trip
	if err == nil {
		trip, err = o.client.Trip(ctx, offer.Trip)
	}
	if err == nil && strings.HasPrefix(trip.Ref, mark) && (offer.State == "sent" || offer.State == "seen") {
		if accept {
			_, err = o.client.AcceptOffer(ctx, id, offer.Version)
		} else {
			_, err = o.client.DeclineOffer(ctx, id, offer.Version, "")
		}
	}
	var problem *client.Problem
	if err != nil && !errors.As(err, &problem) && ctx.Err() == nil {
		o.log.Warn("demo: offer not answered", "player", o.player.Name, "error", err)
	}
}
