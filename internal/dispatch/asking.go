package dispatch

import (
	"pinhuo/freight"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// asking are the market's own rules for every offer.
func (e *Engine) asking() outreach.Rules {
	return outreach.Rules{Zone: e.market.Zone, Silent: e.cfg.Silent}
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
		b.operators.Store(org, e.live.Operator(org))
	}
	for _, vehicle := range vehicles {
		b.declines.Store(vehicle, e.live.Declines(vehicle))
	}
}

// operator returns what is known about asking an organization, nil for nothing.
func (b *board) operator(org freight.ID) *outreach.Operator {
	if o, ok := b.operators.Load(org); ok {
		return o.(*outreach.Operator)
	}
	return nil
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
	if len(view.open) < outreach.Width(now, view.first, view.load) {
		return true
	}
	lane := b.operator(trip.Org).Lane(view.load, view.load.Ceiling, e.market.Zone)
	return lane != nil && lane.Auto
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
