package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pinhuo/api/client"
)

// operator is the part of a carrier: most offers are accepted, some declined, and most
// pools are taken by somebody. Its drivers tell of their goods when they are asked for them.
var operator = map[string]reaction{"pinhuo.offer.sent": answerOffer, "pinhuo.pool.tendered": takePool, "pinhuo.booking.overdue": arrive}

// arrive tells that the goods of a truck whose plan has ended were loaded and handed over.
func arrive(ctx context.Context, p *part, id string, _ bool) error {
	booking, err := p.client.Booking(ctx, id)
	if err != nil {
		return err
	}
	trip, err := p.client.Trip(ctx, booking.Trip)
	if err != nil || !played(trip.Ref) && trip.Ref != "" { // a pool's trip has none
		return err
	}
	if _, err = p.client.MoveGoods(ctx, id, 0, client.Step{Event: "load"}); err != nil {
		return err
	}
	_, err = p.client.MoveGoods(ctx, id, 0, client.Step{Event: "hand_over"})
	return err
}

func answerOffer(ctx context.Context, p *part, id string, likes bool) error {
	offer, err := p.client.Offer(ctx, id)
	if err != nil || offer.State != "sent" && offer.State != "seen" {
		return err
	}
	trip, err := p.client.Trip(ctx, offer.Trip)
	switch {
	case err != nil || !played(trip.Ref):
	case likes:
		_, err = p.client.AcceptOffer(ctx, id, offer.Version)
	default:
		_, err = p.client.DeclineOffer(ctx, id, offer.Version, "")
	}
	return err
}

// takePool takes the pool with another vehicle of the type, for the carrier's own may
// be on the road.
func takePool(ctx context.Context, p *part, id string, likes bool) error {
	pool, err := p.client.Pool(ctx, id)
	if err != nil || !likes || pool.State != "tendered" {
		return err
	}
	plate := client.Plate{Number: fmt.Sprintf("苏F%05d", time.Now().UnixMilli()%100_000), Colour: "yellow"}
	_, err = p.client.TakePool(ctx, id, pool.Version, client.Vehicle{Plate: plate, Type: pool.Type, Has: pool.Needs})
	return err
}

// shipper is the part of a firm: most pools of its loads are agreed to.
var shipper = map[string]reaction{"pinhuo.pool.formed": answerPool}

func answerPool(ctx context.Context, p *part, id string, likes bool) error {
	pool, err := p.client.Pool(ctx, id)
	if err != nil || pool.State != "consenting" {
		return err
	}
	members := slices.DeleteFunc(pool.Members, func(m client.PoolMember) bool { return !m.Own })
	for _, m := range members {
		load, err := p.client.Load(ctx, m.LoadID)
		if err != nil || !played(load.Ref) {
			return err // a person's load is among them: that person answers
		}
	}
	if likes {
		_, err = p.client.ConsentPool(ctx, id, pool.Version)
	} else {
		_, err = p.client.DeclinePool(ctx, id, pool.Version, "")
	}
	return err
}
