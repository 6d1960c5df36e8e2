package book

import (
	"pinhuo/freight"
	"pinhuo/internal/outreach"
)

// Refusals remembers which trips said no to a load, and to which terms: the
// versions of load and trip that the refused offer was made on. A fresh
// statement of either asks anew.
type Refusals map[freight.ID]Refusal

// Refusal is one trip's no.
type Refusal struct {
	LoadVersion int64
	TripVersion int64
	Reason      freight.Reason
	Noes        int         // to these terms at rising prices
	Silences    int         // of them, where his clock ran out
	Price       freight.Fen // that was last refused
	Bargained   bool        // the two sides named prices: the exchange does not bid for the shipper
}

// Holds tells whether the refusal still stands for the present terms: they are those that were
// refused, and no better price is left to ask with.
func (r Refusal) Holds(load *freight.Load, trip *freight.Trip) bool {
	return r.Of(load, trip) && r.better(load) == r.Price
}

// Of tells whether the terms are those that were refused, at whatever price.
func (r Refusal) Of(load *freight.Load, trip *freight.Trip) bool {
	return r.LoadVersion >= load.Stated && r.TripVersion >= trip.Stated
}

// Asking is the price that an operator is offered for terms: what the load costs him, the
// better price that follows upon what he refused, or what he was offered too little of
// with that vehicle for other loads.
func (r Refusals) Asking(now freight.Instant, load *freight.Load, trip *freight.Trip, terms *freight.Terms, noes outreach.Declines) freight.Fen {
	at := *terms
	if no, ok := r[trip.ID]; ok && no.Of(load, trip) {
		at.Price = max(at.Price, no.better(load))
	}
	return noes.Opening(now, &at, most(load))
}

// most is the highest price that may be offered for a load.
func most(load *freight.Load) freight.Fen { return min(load.Ceiling, load.Alone) }

// better is the price to ask with again, never above what going alone would cost.
func (r Refusal) better(load *freight.Load) freight.Fen {
	if r.Bargained || !outreach.Again(r.Noes, r.Silences, r.Reason) {
		return r.Price
	}
	return outreach.Better(r.Price, most(load))
}
