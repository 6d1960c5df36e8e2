package book

import (
	"cmp"
	"fmt"
	"strconv"

	"pinhuo/freight"
)

// farOff is how many times the amount shown another may be, or the reverse, before it is
// asked whether yuan were meant.
const farOff = 20

// sideOf returns an open offer in the version named, and which of its sides asks.
func (t *turn) sideOf(id freight.ID, version int64) (*freight.Offer, freight.Side, error) {
	o := cmp.Or(t.offers.get(id), t.ended.get(id))
	switch {
	case o != nil && o.Org == t.cmd.Org:
		return o, freight.SideCarrier, t.answerable(o, version)
	case o != nil && o.Shipper == t.cmd.Org:
		return o, freight.SideShipper, t.answerable(o, version)
	}
	return nil, "", freight.Missing("offer", id)
}

// counterOffer puts another price before the other side, under a new version and a new
// clock. What bounds it is what both sides see: the price shown, the estimate of going
// alone, and what the other side named. Neither hears of the other's reserve.
func (t *turn) counterOffer(act freight.CounterOffer) (freight.Result, error) {
	old, side, err := t.sideOf(act.Offer, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if old.Asks() != side {
		return freight.Result{}, freight.Refuse(freight.ProblemTurn, "offer", string(old.State))
	}
	if old.Rounds >= freight.MaxRounds {
		e := freight.Refuse(freight.ProblemRounds, "offer", string(old.ID))
		e.Max = strconv.Itoa(freight.MaxRounds)
		return freight.Result{}, e
	}
	if err := plausible(old, act); err != nil {
		return freight.Result{}, err
	}
	l := t.loads.get(old.Load)
	if side == freight.SideShipper {
		if err := within(act.Price, l.Ceiling, act.Over); err != nil {
			return freight.Result{}, err
		}
	}
	o := *old
	if o.State, err = freight.NextOffer(old.State, freight.OfferCounter); err != nil {
		return freight.Result{}, err
	}
	t.touch(&o.Meta)
	o.Counter, o.By, o.Rounds = act.Price, side, old.Rounds+1
	o.Expires = min(t.env.Expiry(t.now, o.Departure), t.leavingOf(old))
	t.saveOffer(&o)
	facts := offerFacts(&o, l)
	t.tell(o.Org, freight.EventOfferCountered, &o.Meta, facts)
	t.tell(o.Shipper, freight.EventOfferCountered, &o.Meta, facts)
	return freight.Result{Offer: &o}, nil
}

// plausible refuses an amount outside what the two sides have left open, and one so far
// from what was shown that yuan may be meant.
func plausible(o *freight.Offer, act freight.CounterOffer) error {
	shown := max(o.Price, o.Counter)
	if !act.Sure && (act.Price*farOff < shown || act.Price/farOff > shown) {
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemYuan, Field: "price_fen", Value: fen(act.Price), Want: fen(shown)}
	}
	// An operator asks for more than is shown, or than the shipper bids; a shipper bids
	// what is shown or more, and less than the operator asks for.
	least, most := shown+1, o.Alone
	if o.Asks() == freight.SideShipper {
		least, most = o.Price, o.Counter-1
	}
	if act.Price < least || act.Price > most {
		return &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "price_fen", Value: fen(act.Price), Min: fen(least), Max: fen(most)}
	}
	return nil
}

// within refuses to pay more than one's own ceiling, unless it is said to be meant.
func within(price, ceiling freight.Fen, over bool) error {
	if price <= ceiling || over {
		return nil
	}
	e := freight.Refuse(freight.ProblemCeiling, "price_fen", fen(price))
	e.Max = fen(ceiling)
	return e
}

// agreed is the offer at the price that a yes agrees to.
func agreed(o *freight.Offer, l *freight.Load, side freight.Side, over bool) (*freight.Offer, error) {
	if o.State != freight.OfferCountered {
		return o, nil
	}
	if side == freight.SideShipper {
		if err := within(o.Counter, l.Ceiling, over); err != nil {
			return nil, err
		}
	}
	at := *o
	at.Price = o.Counter
	return &at, nil
}

func fen(f freight.Fen) string { return fmt.Sprintf("%dfen", int64(f)) }
