package dispatch

import (
	"pinhuo/freight"
	"pinhuo/internal/outreach"
)

// Quote tells what taking a load for a trip would mean now. It reads the board, which may
// be a moment old, and promises nothing: who takes it names what he was shown, and the
// writer judges that anew. A load or a trip that is not there, or neither of which is the
// asker's, is not_found.
func (e *Engine) Quote(now freight.Instant, ask freight.AskQuote) (freight.Quote, error) {
	b := e.board.Load()
	at, o := b.listing(ask.Load), b.outline(ask.Trip)
	switch {
	case at == nil:
		return freight.Quote{}, freight.Missing("load", ask.Load)
	case o == nil:
		return freight.Quote{}, freight.Missing("trip", ask.Trip)
	}
	view, trip := at.view.Load(), o.Unpack()
	l := view.load
	if l.Org != ask.Org && trip.Org != ask.Org {
		return freight.Quote{}, freight.Missing("trip", ask.Trip)
	}
	s := &outreach.Taking{Now: now, Zone: e.market.Zone, Side: freight.SideCarrier, Load: l, Trip: trip, Shipper: b.operator(l.Org).Terms(),
		Operator: b.operator(trip.Org), Declines: b.declined(trip.VehicleID), Offers: view.offers, No: view.refused.No(l, trip), Held: o.held}
	if l.Org == ask.Org {
		s.Side = freight.SideShipper
	}
	q := freight.Quote{Load: l.ID, Trip: trip.ID, LoadVersion: l.Version, TripVersion: trip.Version, At: now, Router: e.routerOf(trip),
		Looks: l.Hold && s.Side == freight.SideCarrier}
	e.price(&q, s)
	return q, nil
}

// price says what the quote comes to, or why the load may not be taken.
func (e *Engine) price(q *freight.Quote, s *outreach.Taking) {
	if q.Bar = s.Bar(); q.Bar != nil {
		return
	}
	if mine := s.Mine(); mine != nil {
		q.Offer, q.Terms = mine.ID, mine.Terms
		if mine.State == freight.OfferCountered {
			q.Price, q.Looks = mine.Counter, false
		}
		return
	}
	v := e.fit(s.Now).Fits(s.Trip, s.Load)
	if !v.OK {
		q.Bar, q.By, q.Unit = freight.Unfit("trip", s.Trip.ID, v.Reason), v.By, v.Unit
		return
	}
	q.Terms, q.Bar = v.Terms, s.Refuses(&v.Terms)
}

// Quote tells what taking a load for a trip would mean now; see Engine.Quote. It may be
// asked at any time.
func (d *Dispatcher) Quote(ask freight.AskQuote) (freight.Quote, error) {
	return d.engine.Quote(d.time(), ask)
}
