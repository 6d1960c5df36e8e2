package outreach

import (
	"pinhuo/freight"
)

// Taking is a load and a trip of which one side would take the other at once, and what
// counts for it. It is judged the same when it is quoted and when it is booked.
type Taking struct {
	Now      freight.Instant
	Zone     string // IANA, of the market
	Side     freight.Side
	Load     *freight.Load
	Trip     *freight.Trip
	Shipper  *freight.PreferenceTerms // of the load, nil for nothing
	Operator *Operator                // of the trip
	Declines Declines                 // of its vehicle
	Offers   []*freight.Offer         // open ones for the load
	No       freight.Reason           // why the trip's operator has refused the load on its present terms, NoReason where he has not
	Held     int                      // loads of the trip that wait for their shippers
}

// Mine returns the open offer on the trip that waits for the side's own answer: to take
// the load is to accept it. It is nil where there is none.
func (t *Taking) Mine() *freight.Offer {
	for _, o := range t.Offers {
		if o.Trip == t.Trip.ID && o.Asks() == t.Side {
			return o
		}
	}
	return nil
}

// Bar tells why the load may not be taken whatever it costs, nil where it may.
func (t *Taking) Bar() *freight.Error {
	switch {
	case t.Load.State == freight.LoadCommitted:
		return freight.Refuse(freight.ProblemTaken, "load", string(t.Load.ID))
	case t.Load.State != freight.LoadPosted:
		return freight.Refuse(freight.ProblemState, "load", string(t.Load.State))
	case !t.Trip.Matchable(t.Now):
		return freight.Unfit("trip", t.Trip.ID, freight.ReasonLease)
	case t.Mine() != nil:
		return nil
	}
	for _, o := range t.Offers {
		switch {
		case o.Trip == t.Trip.ID && o.State == freight.OfferCountered:
			return freight.Refuse(freight.ProblemTurn, "offer", string(o.ID))
		case o.Sole && o.Org != t.Trip.Org:
			return until(freight.ProblemSole, "load", t.Load.ID, o.Expires)
		}
	}
	switch {
	case t.Side == freight.SideCarrier && Closed(t.Now, t.Load, t.Shipper, t.Trip.Org):
		return until(freight.ProblemPartners, "load", t.Load.ID, Reserved(t.Load, t.Shipper))
	case t.Side == freight.SideShipper && t.No != freight.NoReason:
		return freight.Unfit("trip", t.Trip.ID, t.No)
	}
	return nil
}

// Refuses tells why the load may not be taken on terms that Fits has judged, nil where it
// may.
func (t *Taking) Refuses(terms *freight.Terms) *freight.Error {
	if t.Side == freight.SideCarrier {
		if t.Load.Hold && t.Held >= freight.MaxHolds {
			return freight.NoHold(t.Trip.ID)
		}
		return nil
	}
	if lane := t.Lane(terms.Price); !t.Trip.BookNow && (lane == nil || !lane.Auto) {
		return freight.Refuse(freight.ProblemNoBookNow, "trip", string(t.Trip.ID))
	}
	if why := t.Declines.Bars(t.Now, terms); why != freight.NoReason {
		return freight.Unfit("trip", t.Trip.ID, why)
	}
	return nil
}

// Lane returns the operator's lane that the load is on at a price, nil for none.
func (t *Taking) Lane(price freight.Fen) *freight.Lane {
	return t.Operator.Lane(t.Load, price, t.Zone)
}

// until is a refusal that ends at an instant.
func until(problem freight.Problem, field string, id freight.ID, at freight.Instant) *freight.Error {
	e := freight.Refuse(problem, field, string(id))
	e.Max = at.String()
	return e
}
