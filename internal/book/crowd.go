package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// What is put before an operator at one time he should be able to take together: a load
// that has no room beside others he thinks about, and is worth less than they, waits for
// his answer. Else a no to the best load would leave its room to whatever else was
// offered, before he could be asked for more.

// crowded returns until when a load waits for a trip whose operator thinks about better
// ones, 0 where it does not: never longer than lets it be offered, refused and offered
// again before its truck sets out or it is explained.
func (t *turn) crowded(l *freight.Load, trip *freight.Trip, v *matcher.Verdict) freight.Instant {
	most := min(v.Terms.Departure, t.leaving(trip, v))
	if l.Answer == 0 {
		most = min(most, l.Asks())
	}
	if !t.env.Asking.InTurn || most <= t.now+2*outreach.Longest {
		return 0
	}
	open := t.openOffers(t.offersOn.get(trip.ID).list())
	if len(open) == 0 {
		return 0
	}
	cost := t.fit.Fits(trip, l) // not what he is offered: that may be more, for what he has declined
	better := moreWorth(open, worth(&cost.Terms))
	if len(better) == 0 {
		return 0
	}
	probe, until := *trip, better[0].Expires
	for _, o := range better {
		until = min(until, o.Expires)
		if v := t.placed(t.fitOf(o), o, &probe, t.loads.get(o.Load)); v.OK {
			probe.Plan = v.Plan
		}
	}
	if t.fit.Fits(&probe, l).OK {
		return 0
	}
	return until + 1
}

// putOff has a load wait for a trip's operator, until an instant at the most.
func (t *turn) putOff(l *freight.Load, trip *freight.Trip, until freight.Instant) {
	t.later(l.ID, until)
	t.awaited.set(trip.ID, &until)
}

// answered has those loads planned that wait for an offer on the trip to end. One that is
// to be offered anew is planned before.
func (t *turn) answered(trip freight.ID) {
	if t.awaited.get(trip) != nil {
		t.awaited.set(trip, nil)
		t.need(Need{Kind: NeedLoads, ID: trip})
	}
}

// moreWorth lists those of the offers that are worth more, the best first.
func moreWorth(open []*freight.Offer, than freight.Fen) []*freight.Offer {
	list := slices.DeleteFunc(open, func(o *freight.Offer) bool { return worth(&o.Terms) <= than })
	slices.SortFunc(list, func(a, b *freight.Offer) int {
		return cmp.Or(cmp.Compare(worth(&b.Terms), worth(&a.Terms)), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// worth is what a shipper would save at the price that is offered.
func worth(terms *freight.Terms) freight.Fen { return terms.Alone - terms.Price }
