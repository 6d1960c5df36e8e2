package dispatch

import (
	"sync/atomic"

	"pinhuo/freight"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// asking are the market's own rules for every offer.
func (e *Engine) asking() outreach.Rules {
	return outreach.Rules{Zone: e.market.Zone, Silent: e.cfg.Silent, InTurn: !e.holds()}
}

// asking is one load that operators are to be asked about.
type asking struct{ outreach.Asking }

func (e *Engine) asks(b *board, now freight.Instant, l *freight.Load) asking {
	return asking{outreach.Asking{Now: now, Rules: e.asking(), Load: l, Shipper: b.operator(l.Org).Terms()}}
}

// lane returns the operator's lane that a pair is on, nil for none.
func (a *asking) lane(b *board, pair *matcher.Judged) *freight.Lane {
	return b.operator(pair.Trip.Org).Lane(pair.Load, pair.Verdict.Terms.Price, a.Rules.Zone)
}

// know lets planners see what a round changed about operators.
func (e *Engine) know(b *board, round *book.Book) {
	orgs, vehicles := round.TouchedOperators()
	for _, org := range orgs {
		held, fresh := b.known(org), e.live.Operator(org)
		b.lanes.Add(int64(laned(fresh) - laned(held.Swap(fresh))))
	}
	for _, vehicle := range vehicles {
		b.declines.Store(vehicle, e.live.Declines(vehicle))
	}
}

// operator returns what is known about asking an organization, nil for nothing.
func (b *board) operator(org freight.ID) *outreach.Operator {
	if o, ok := b.operators.Load(org); ok {
		return o.(*atomic.Pointer[outreach.Operator]).Load()
	}
	return nil
}

// known is where what is known about asking an organization stands, and whatever will be.
func (b *board) known(org freight.ID) *atomic.Pointer[outreach.Operator] {
	if o, ok := b.operators.Load(org); ok {
		return o.(*atomic.Pointer[outreach.Operator])
	}
	o, _ := b.operators.LoadOrStore(org, new(atomic.Pointer[outreach.Operator]))
	return o.(*atomic.Pointer[outreach.Operator])
}

// laned is 1 for an operator with lanes, 0 for others.
func laned(o *outreach.Operator) int {
	if said := o.Terms(); said != nil && len(said.Lanes) > 0 {
		return 1
	}
	return 0
}

// declined returns what the operator of a vehicle would not do.
func (b *board) declined(vehicle freight.ID) outreach.Declines {
	if d, ok := b.declines.Load(vehicle); ok {
		return d.(outreach.Declines)
	}
	return nil
}

// room tells whether one more operator may be asked about a load now, or whether a
// lane of the trip's operator may take it.
func (e *Engine) room(b *board, now freight.Instant, view *loadView, trip *freight.Trip) bool {
	if len(view.open) < view.width(now) {
		return true
	}
	if len(view.open) > 0 && view.sole(now) {
		return false
	}
	lane := b.operator(trip.Org).Lane(view.load, view.load.Ceiling, e.market.Zone)
	return lane != nil && lane.Auto
}

// sole tells whether whoever is asked about the load is asked alone.
func (v *loadView) sole(now freight.Instant) bool {
	return outreach.Sole(now, v.load) || outreach.AskedAlone(v.offers) != nil
}

// width is how many operators are asked about the load at once.
func (v *loadView) width(now freight.Instant) int {
	if v.sole(now) {
		return 1
	}
	return outreach.Width(now, v.first, v.load)
}

// plannedAgain is the need to plan a load or a trip once more.
func (e *Engine) plannedAgain(id freight.ID) []book.Need {
	switch {
	case e.live.Load(id) != nil:
		return []book.Need{{Kind: book.NeedTrips, ID: id, First: e.first(id)}}
	case e.live.Trip(id) != nil:
		return []book.Need{{Kind: book.NeedLoads, ID: id}}
	}
	return nil
}

// quiet tells whether the operator of a pair may not be asked at the instant.
func (e *Engine) quiet(b *board, now freight.Instant, pair *matcher.Judged) bool {
	ask := e.asks(b, now, pair.Load)
	return ask.From(pair.Trip, b.operator(pair.Trip.Org)) > now
}
