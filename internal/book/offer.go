package book

import (
	"cmp"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// tellOffered tells the shipper how many operators have just been asked.
func (t *turn) tellOffered(l *freight.Load, asked int) {
	facts := loadFacts(l)
	facts.Asked = int64(asked)
	t.tell(l.Org, freight.EventLoadOffered, &l.Meta, facts)
}

// matches judges whether the trip, nil when it has gone, is to be asked for the
// load.
func (t *turn) matches(l *freight.Load, trip *freight.Trip) (matcher.Verdict, bool) {
	if trip == nil || !trip.Matchable(t.now) || t.refuses(l, trip) {
		return matcher.Verdict{}, false
	}
	verdict := t.fits(l, trip)
	return verdict, verdict.OK
}

// fits judges the load on the trip, at the price that its operator is offered.
func (t *turn) fits(l *freight.Load, trip *freight.Trip) matcher.Verdict {
	verdict := t.fit.Fits(trip, l)
	verdict.Terms.Price = t.asking(l, trip, &verdict.Terms)
	return verdict
}

// refuses tells whether the trip has said no to the present terms.
func (t *turn) refuses(l *freight.Load, trip *freight.Trip) bool {
	refusal, ok := t.Refused(l.ID)[trip.ID]
	return ok && refusal.Holds(l, trip)
}

// send puts a match before the operator until an instant.
func (t *turn) send(f fitting, until freight.Instant) *freight.Offer {
	o, ends := t.offerOf(f, until), t.leaving(f.trip, &f.verdict)
	if outreach.Sole(t.now, f.load) {
		o.Sole, ends = true, min(ends, outreach.SoleClock(t.now, f.load))
		o.Expires = min(o.Expires, ends)
	}
	t.startClock(o, ends)
	t.saveOffer(o)
	t.operators.set(o.Org, t.operators.get(o.Org).Sent(t.now))
	facts := offerFacts(o, f.load)
	facts.Lane, facts.Bundle = o.Lane, o.Bundle
	t.tell(o.Org, freight.EventOfferSent, &o.Meta, facts)
	return o
}

// offerOf makes an offer of a match.
func (t *turn) offerOf(f fitting, until freight.Instant) *freight.Offer {
	l, trip := f.load, f.trip
	o := &freight.Offer{
		Meta: t.meta(freight.PrefixOffer, trip.Org), Terms: f.verdict.Terms, State: freight.OfferSent, Shipper: l.Org,
		Load: l.ID, LoadVersion: l.Version, Trip: trip.ID, TripVersion: trip.Version, Router: trip.Router,
		Expires: until, After: f.after, Bundle: f.bundle, Costs: t.present(),
	}
	if f.lane != nil {
		o.Lane, o.Auto = f.lane.Name, f.lane.Auto
	}
	o.Actor, o.Behalf = "", ""
	return o
}

// asking is the price that the operator is offered for terms.
func (t *turn) asking(l *freight.Load, trip *freight.Trip, terms *freight.Terms) freight.Fen {
	return t.Refused(l.ID).Asking(t.now, l, trip, terms, t.Declines(trip.VehicleID))
}

// endOffers ends offers in one way and tells their operators, and the shipper of
// those that came to nothing.
func (t *turn) endOffers(offers []*freight.Offer, event freight.OfferEvent, why freight.Reason) {
	for _, old := range offers {
		o := *old
		state, err := freight.NextOffer(o.State, event)
		if err != nil {
			continue // not open any more
		}
		t.touch(&o.Meta)
		o.State, o.Reason = state, why
		t.saveOffer(&o)
		t.count(o.Org, o.Ended())
		facts := offerFacts(&o, t.loads.get(o.Load))
		t.tell(o.Org, offerEvents[state], &o.Meta, facts)
		if state == freight.OfferExpired || state == freight.OfferWithdrawn || state == freight.OfferDeclined {
			t.tell(o.Shipper, offerEvents[state], &o.Meta, facts)
		}
		if event == freight.OfferSupersede || event == freight.OfferWithdraw {
			t.answered(o.Trip)
		}
	}
	t.reviewUpon(offers)
}

// endOffersOn takes back the open offers on a trip that takes no loads on these
// terms any more, and has others asked for those loads.
func (t *turn) endOffersOn(trip freight.ID, why freight.Reason) {
	open := t.openOffers(t.offersOn.get(trip).list())
	t.endOffers(open, freight.OfferWithdraw, why)
	for _, o := range open {
		t.need(Need{Kind: NeedTrips, ID: o.Load})
	}
}

var offerEvents = map[freight.OfferState]freight.EventType{
	freight.OfferSeen:       freight.EventOfferSeen,
	freight.OfferDeclined:   freight.EventOfferDeclined,
	freight.OfferExpired:    freight.EventOfferExpired,
	freight.OfferSuperseded: freight.EventOfferSuperseded,
	freight.OfferWithdrawn:  freight.EventOfferWithdrawn,
}

// openOffer returns an open offer of the asking carrier in the version named.
func (t *turn) openOffer(id freight.ID, version int64) (*freight.Offer, error) {
	o := cmp.Or(t.offers.get(id), t.ended.get(id))
	if o == nil || o.Org != t.cmd.Org {
		return nil, freight.Missing("offer", id)
	}
	return o, t.answerable(o, version)
}

// answerable refuses an offer that has ended, or is not of the version named.
func (t *turn) answerable(o *freight.Offer, version int64) error {
	if !o.Open() {
		problem := freight.ProblemState
		switch o.State {
		case freight.OfferSuperseded, freight.OfferWithdrawn:
			problem = freight.ProblemTaken
		case freight.OfferExpired:
			problem = freight.ProblemExpired
		}
		return freight.Refuse(problem, "offer", string(o.State))
	}
	if t.now > o.Expires {
		return freight.Refuse(freight.ProblemExpired, "offer", o.Expires.String())
	}
	return sameVersion(version, o.Version)
}

func (t *turn) seeOffer(act freight.SeeOffer) (freight.Result, error) {
	old, err := t.openOffer(act.Offer, 0)
	if err != nil {
		return freight.Result{}, err
	}
	if old.State != freight.OfferSent {
		return freight.Result{Offer: old}, nil
	}
	o := *old
	if o.State, err = freight.NextOffer(old.State, freight.OfferSee); err != nil {
		return freight.Result{}, err
	}
	t.reach(&o)
	// Seeing changes no terms, so the version that an accept names stays good.
	o.Changed, o.Actor = t.now, t.cmd.Actor
	t.saveOffer(&o)
	t.tell(o.Shipper, freight.EventOfferSeen, &o.Meta, offerFacts(&o, t.loads.get(o.Load)))
	t.reachOthers(&o)
	return freight.Result{Offer: &o}, nil
}

func (t *turn) declineOffer(act freight.DeclineOffer) (freight.Result, error) {
	old, side, err := t.sideOf(act.Offer, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if side == freight.SideShipper && old.Asks() != side {
		return freight.Result{}, freight.Refuse(freight.ProblemTurn, "offer", string(old.State))
	}
	why := act.Reason
	if why == freight.NoReason {
		why = freight.ReasonDeclined
	}
	t.endOffers([]*freight.Offer{old}, freight.OfferDecline, why)
	ended := t.offers.get(old.ID)
	t.turnedDown(old.Load)
	if side == freight.SideCarrier {
		t.rememberNo(ended)
	}
	t.need(Need{Kind: NeedTrips, ID: old.Load})
	t.answered(old.Trip)
	return freight.Result{Offer: ended}, nil
}

// acceptOffer books the load.
func (t *turn) acceptOffer(act freight.AcceptOffer) (freight.Result, error) {
	o, side, err := t.sideOf(act.Offer, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if o.Asks() != side {
		return freight.Result{}, freight.Refuse(freight.ProblemTurn, "offer", string(o.State))
	}
	result, err := t.accept(o, side, act.Over)
	if err != nil {
		return freight.Result{}, err
	}
	t.retakenOn(o.Trip)
	return result, nil
}

// accept books the load of an offer that its side may accept: the only place where an
// offer takes room. What else is offered on the trip is not judged by that.
func (t *turn) accept(o *freight.Offer, side freight.Side, over bool) (freight.Result, error) {
	l, trip := t.loads.get(o.Load), t.trips.get(o.Trip)
	if l == nil || l.State != freight.LoadPosted {
		return freight.Result{}, freight.Refuse(freight.ProblemTaken, "offer", string(o.ID))
	}
	if trip == nil || !trip.Matchable(t.now) {
		return freight.Result{}, freight.Unfit("offer", o.ID, freight.ReasonLease)
	}
	o, err := agreed(o, l, side, over)
	if err != nil {
		return freight.Result{}, err
	}
	verdict := t.placed(t.fitOf(o), o, trip, l)
	if !verdict.OK {
		return freight.Result{}, freight.Unfit("offer", o.ID, verdict.Reason)
	}
	if worse(verdict.Terms, o.Terms) {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "version", string(o.ID))
	}
	return t.book(o, l, trip, verdict)
}

// retakenOn judges what is offered on a trip that has new loads, and looks for more.
func (t *turn) retakenOn(trip freight.ID) {
	t.reviewOffersOn(t.trips.get(trip))
	t.need(Need{Kind: NeedLoads, ID: trip})
}

// worse tells whether the operator would get less or drive farther than shown.
func worse(now, shown freight.Terms) bool {
	return now.Price > shown.Price || now.DetourM > shown.DetourM || now.DetourS > shown.DetourS
}

func (t *turn) book(o *freight.Offer, l *freight.Load, trip *freight.Trip, v matcher.Verdict) (freight.Result, error) {
	accepted := *o
	var err error
	if accepted.State, err = freight.NextOffer(o.State, freight.OfferAccept); err != nil {
		return freight.Result{}, err
	}
	k := &freight.Booking{
		Meta: t.meta(freight.PrefixBooking, trip.Org), State: freight.BookingFirm, Shipper: l.Org, Load: l.ID, Trip: trip.ID,
		Offer: o.ID, Take: v.Plan[v.Terms.PickupAt].Take, Price: o.Price, Costs: o.Costs, Most: max(l.Ceiling, o.Price), Alone: o.Alone,
		PickupBy: v.Plan[v.Terms.PickupAt].Window.Close, DropBy: v.Plan[v.Terms.DeliveryAt].Window.Close, PickupETA: v.Terms.PickupETA, DropETA: v.Terms.DropETA, Router: trip.Router,
	}
	next := *trip
	t.touch(&next.Meta)
	next.Plan, next.Word = v.Plan, t.wordOfTrip(&next.TripTerms)    // who says yes says that he drives
	if l.Hold && o.Counter == 0 && o.Taken != freight.SideShipper { // who haggled has looked, and who took it himself
		err = t.hold(k)
	} else {
		err = t.join(k, &next)
	}
	if err = cmp.Or(err, t.drives(&next)); err != nil {
		return freight.Result{}, err
	}
	t.touch(&accepted.Meta)
	t.saveOffer(&accepted)
	t.count(accepted.Org, accepted.Ended())
	committed, err := t.promise(k, l)
	if err != nil {
		return freight.Result{}, err
	}
	t.saveTrip(&next)

	t.tellBooked(k, committed)
	t.endOffers(t.OpenOffers(l.ID), freight.OfferSupersede, freight.ReasonTaken)
	deal := &freight.Deal{Offer: &accepted, Booking: k, Load: *committed, Trip: *t.trips.get(trip.ID)}
	return freight.Result{Booking: k, Offer: &accepted, Deal: deal}, nil
}

// promise saves a booking, and the load as promised to it.
func (t *turn) promise(k *freight.Booking, l *freight.Load) (*freight.Load, error) {
	t.saveBooking(k)
	committed := *l
	var err error
	if committed.State, err = freight.NextLoad(l.State, freight.LoadBook); err != nil {
		return nil, err
	}
	t.touch(&committed.Meta)
	committed.Booking, committed.First = k.ID, false
	committed.Named, committed.Applied, committed.Turned = nil, false, 0
	t.saveLoad(&committed)
	return &committed, nil
}

// tellBooked tells both sides of a booking, held or firm.
func (t *turn) tellBooked(k *freight.Booking, l *freight.Load) {
	what := freight.EventBookingFirm
	if k.State == freight.BookingHeld {
		what = freight.EventBookingHeld
	}
	t.tellBoth(k, l, what)
}

func (t *turn) tellBoth(k *freight.Booking, l *freight.Load, what freight.EventType) {
	t.tell(k.Shipper, what, &k.Meta, shipperFacts(k, l))
	t.tell(k.Org, what, &k.Meta, bookingFacts(k, l))
	if what == freight.EventBookingFirm && k.Final != 0 { // the truck is under way
		t.tellFinal(k, l)
	}
}

// reviewOffersOn re-judges every open offer on a trip whose plan has changed.
func (t *turn) reviewOffersOn(trip *freight.Trip) {
	for _, o := range t.openOffers(t.offersOn.get(trip.ID).list()) {
		t.review(o, trip)
	}
}

// review withdraws the offer if the load no longer fits, or sends its terms
// anew under a new version if they have changed.
func (t *turn) review(old *freight.Offer, trip *freight.Trip) {
	l := t.loads.get(old.Load)
	verdict := t.stands(old, trip, l)
	if !verdict.OK || !trip.Matchable(t.now) {
		t.endOffers([]*freight.Offer{old}, freight.OfferWithdraw, freight.ReasonTaken)
		t.need(Need{Kind: NeedTrips, ID: old.Load})
		return
	}
	t.restateOffer(old, trip, verdict)
}

// restateOffer sends the terms of an open offer anew under a new version, if they are not
// those that a verdict says.
func (t *turn) restateOffer(old *freight.Offer, trip *freight.Trip, verdict matcher.Verdict) {
	l := t.loads.get(old.Load)
	verdict.Terms.Price = t.asking(l, trip, &verdict.Terms)
	if verdict.Terms == old.Terms {
		return
	}
	o := *old
	o.State, _ = freight.NextOffer(old.State, freight.OfferReprice)
	t.touch(&o.Meta)
	haggled := o.Counter != 0
	o.Counter, o.By = 0, ""
	o.Terms, o.TripVersion, o.Expires = verdict.Terms, trip.Version, min(old.Expires, t.expiry(trip, &verdict))
	t.saveOffer(&o)
	t.tell(o.Org, freight.EventOfferRepriced, &o.Meta, offerFacts(&o, l))
	if haggled {
		t.tell(o.Shipper, freight.EventOfferRepriced, &o.Meta, offerFacts(&o, l))
	}
}

func (t *turn) reviewOffer(act freight.ReviewOffer) (freight.Result, error) {
	o := t.offers.get(act.Offer)
	if o == nil || !o.Open() {
		return freight.Result{}, freight.Missing("offer", act.Offer)
	}
	trip := t.trips.get(o.Trip)
	if trip == nil {
		return freight.Result{}, freight.Missing("trip", o.Trip)
	}
	t.review(o, trip)
	return freight.Result{Offer: o}, nil
}
