package book

import (
	"pinhuo/freight"
	"pinhuo/matcher"
)

// proposeSet asks one operator about a set of loads. Each is judged on the trip
// with the ones before it aboard, so what is offered may pay only in company.
// Nothing is promised by that: each offer is accepted by itself, is judged then on
// the trip as it is, and fits once the ones before it are booked. A set has one
// clock. Loads that the world has taken away, or that do not fit any more, are left
// out, and the rest is judged without them.
func (t *turn) proposeSet(act freight.ProposeSet) (freight.Result, error) {
	trip := t.trips.get(act.Trip)
	if trip == nil || !trip.Matchable(t.now) {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "trip", string(act.Trip))
	}
	members, until := t.members(trip, act.Lines)
	asked := 0
	var after freight.ID
	for _, m := range members {
		if m.offer != nil {
			after = m.offer.ID
			continue
		}
		after = t.send(fitting{load: m.load, trip: trip, verdict: m.verdict}, after, until).ID
		t.tellOffered(m.load, 1)
		asked++
	}
	if asked == 0 {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "lines", string(act.Trip))
	}
	return freight.Result{Trip: trip}, nil
}

// member is a load of a set, with what the trip that has the ones before it aboard
// says to it. It has an offer where its operator has been asked before.
type member struct {
	load    *freight.Load
	offer   *freight.Offer
	verdict matcher.Verdict
}

// members judges the lines in their order, and tells until when the operator may
// think about all of them.
func (t *turn) members(trip *freight.Trip, lines []freight.Line) (list []member, until freight.Instant) {
	probe := *trip
	for _, line := range lines {
		l := t.loads.get(line.Load)
		if l == nil || l.State != freight.LoadPosted || l.Stated > line.Version || t.refuses(l, trip) {
			continue
		}
		m := member{load: l}
		open := t.OpenOffers(l.ID)
		for _, o := range open {
			if o.Trip == trip.ID {
				m.offer = o
			}
		}
		if m.offer == nil && (len(open) >= t.width(l) || !t.mayAsk(l, trip)) {
			continue
		}
		if m.verdict = t.fitsAt(l, &probe, line.At); !m.verdict.OK {
			continue
		}
		probe.Plan = m.verdict.Plan
		if clock := t.expiry(trip, &m.verdict); until == 0 || clock < until {
			until = clock
		}
		list = append(list, m)
	}
	return list, until
}

// fitsAt is fits at the place that a plan has found, where the load can have that.
func (t *turn) fitsAt(l *freight.Load, trip *freight.Trip, at freight.Spot) matcher.Verdict {
	v := t.fit.Put(trip, l, at)
	if !v.OK {
		return t.fits(l, trip)
	}
	v.Terms.Price = t.asking(l, trip, &v.Terms)
	return v
}

// placed judges the load of an open offer on a trip. One of a set keeps its place as long
// as that is the way that was offered: its cheapest one may stand in the way of the rest.
func (t *turn) placed(fit *matcher.Fit, o *freight.Offer, trip *freight.Trip, l *freight.Load) matcher.Verdict {
	if t.ofSet(o) {
		v := fit.At(trip, l, freight.Spot{PickupAt: o.PickupAt, DeliveryAt: o.DeliveryAt})
		same := v.OK && v.Terms.DetourM == o.DetourM && v.Terms.DetourS == o.DetourS && v.Terms.PickupETA == o.PickupETA && v.Terms.DropETA == o.DropETA
		if same {
			return v
		}
	}
	return fit.Fits(trip, l)
}

// ofSet tells whether an offer stands upon another, or another upon it.
func (t *turn) ofSet(o *freight.Offer) bool {
	if o.After != "" {
		return true
	}
	for _, other := range t.openOffers(t.offersOn.get(o.Trip).list()) {
		if other.After == o.ID {
			return true
		}
	}
	return false
}

// stands judges the load of an open offer on the trip as it will be once the offers
// are accepted that this one stands upon, as far as they are still open.
func (t *turn) stands(o *freight.Offer, trip *freight.Trip, l *freight.Load) matcher.Verdict {
	probe, fit := *trip, t.fitOf(o)
	for _, before := range t.before(o) {
		if v := t.placed(fit, before, &probe, t.loads.get(before.Load)); v.OK {
			probe.Plan = v.Plan
		}
	}
	return t.placed(fit, o, &probe, l)
}

// before lists the open offers that one stands upon, the first one first.
func (t *turn) before(o *freight.Offer) (list []*freight.Offer) {
	for o.After != "" {
		if o = t.offers.get(o.After); o == nil {
			break
		}
		if o.Open() {
			list = append([]*freight.Offer{o}, list...)
		}
	}
	return list
}

// reviewUpon judges the open offers anew that stood upon others, which have ended or
// changed, and those that stood upon these.
func (t *turn) reviewUpon(changed []*freight.Offer) {
	for _, before := range changed {
		trip := t.trips.get(before.Trip)
		for _, o := range t.openOffers(t.offersOn.get(before.Trip).list()) {
			if trip != nil && o.After == before.ID {
				t.review(o, trip)
				t.reviewUpon([]*freight.Offer{o})
			}
		}
	}
}
