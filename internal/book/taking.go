package book

import (
	"strconv"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
)

// What somebody takes from the board is an offer that is made and accepted in one: its
// price, its hold, who is told and what becomes of the others are those of any offer.

// bookNow books a load on a trip for whoever has one of them and sees the other on the
// board. What is before him already he accepts.
func (t *turn) bookNow(act freight.BookNow) (freight.Result, error) {
	s, err := t.taking(act)
	if err != nil {
		return freight.Result{}, err
	}
	if err := s.Bar(); err != nil {
		return freight.Result{}, err
	}
	if mine := s.Mine(); mine != nil {
		shown := shownTerms(mine)
		if act.Worse(s.Side, &shown) {
			return freight.Result{}, dearer(&shown)
		}
		return t.acceptOffer(freight.AcceptOffer{Offer: mine.ID, Version: mine.Version})
	}
	v := t.fit.Fits(s.Trip, s.Load)
	if !v.OK {
		return freight.Result{}, freight.Unfit("trip", s.Trip.ID, v.Reason)
	}
	if err := s.Refuses(&v.Terms); err != nil {
		return freight.Result{}, err
	}
	if act.Worse(s.Side, &v.Terms) {
		return freight.Result{}, dearer(&v.Terms)
	}
	f := fitting{load: s.Load, trip: s.Trip, verdict: v}
	if s.Side == freight.SideShipper && !s.Trip.BookNow {
		f.lane = s.Lane(v.Terms.Price)
	}
	return t.take(f, s.Side)
}

// taking finds what is to be taken and who takes it, and refuses a load or a trip that
// has been stated anew since it was read.
func (t *turn) taking(act freight.BookNow) (*outreach.Taking, error) {
	l, trip := t.loads.get(act.Load), t.trips.get(act.Trip)
	carrier, shipper := trip != nil && trip.Org == t.cmd.Org, l != nil && l.Org == t.cmd.Org
	switch {
	case l == nil:
		return nil, freight.Missing("load", act.Load)
	case trip == nil || !carrier && !shipper:
		return nil, freight.Missing("trip", act.Trip)
	case l.Stated > act.LoadVersion:
		return nil, freight.Refuse(freight.ProblemStale, "load_version", strconv.FormatInt(act.LoadVersion, 10))
	case trip.Stated > act.TripVersion:
		return nil, freight.Refuse(freight.ProblemStale, "trip_version", strconv.FormatInt(act.TripVersion, 10))
	}
	s := &outreach.Taking{Now: t.now, Zone: t.env.Market.Zone, Side: freight.SideCarrier, Load: l, Trip: trip, Shipper: t.Operator(l.Org).Terms(),
		Operator: t.Operator(trip.Org), Declines: t.Declines(trip.VehicleID), Offers: t.OpenOffers(l.ID), No: t.Refused(l.ID).No(l, trip), Held: t.Held(trip.ID)}
	if shipper {
		s.Side = freight.SideShipper
	}
	return s, nil
}

// take makes an offer of what one side takes, and books it.
func (t *turn) take(f fitting, side freight.Side) (freight.Result, error) {
	o := t.offerOf(f, t.now)
	o.Taken = side
	t.saveOffer(o)
	result, err := t.book(o, f.load, f.trip, f.verdict)
	if err != nil {
		return freight.Result{}, err
	}
	facts := offerFacts(result.Offer, t.loads.get(f.load.ID))
	t.tell(o.Shipper, freight.EventOfferTaken, &result.Offer.Meta, facts)
	facts.Lane = o.Lane
	t.tell(o.Org, freight.EventOfferTaken, &result.Offer.Meta, facts)
	t.retakenOn(o.Trip)
	return result, nil
}

// dearer refuses terms that are no longer those shown, and names the price that is.
func dearer(now *freight.Terms) *freight.Error {
	e := freight.Refuse(freight.ProblemStale, "price_fen", "")
	e.Want = fen(now.Price)
	return e
}

// No returns why the trip has refused the load on its present terms, NoReason where it has
// not. A shipper who slept while it was held for him was not refused.
func (r Refusals) No(l *freight.Load, trip *freight.Trip) freight.Reason {
	if no, ok := r[trip.ID]; ok && no.Of(l, trip) && no.Reason != freight.ReasonUnconfirmed && no.Reason != freight.ReasonExpiredOffer {
		return no.Reason
	}
	return freight.NoReason
}

// Held returns how many loads of a trip wait for their shippers.
func (b *Book) Held(trip freight.ID) (n int) {
	for _, k := range b.liveBookings(trip) {
		if k.State == freight.BookingHeld {
			n++
		}
	}
	return n
}
