package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// proposeSet asks one operator about a set of loads. Each is judged on the trip
// with the ones before it aboard, so what is offered may pay only in company. More than
// one are a bundle, with one clock. Nothing is promised by that: what is accepted of it
// is judged then on the trip as it is. Loads that the world has taken away, or that do
// not fit any more, are left out, and the rest is judged without them.
func (t *turn) proposeSet(act freight.ProposeSet) (freight.Result, error) {
	trip := t.trips.get(act.Trip)
	if trip == nil || !trip.Matchable(t.now) {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "trip", string(act.Trip))
	}
	list, until, asked := t.judged(trip, act.Lines)
	if asked == 0 {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "lines", string(act.Trip))
	}
	bundle := t.bundleOf(list)
	var after freight.ID
	for _, m := range list {
		if m.offer != nil {
			t.chain(m.offer, trip, m.verdict, after, bundle)
			after = m.offer.ID
			continue
		}
		after = t.send(fitting{load: m.load, trip: trip, verdict: m.verdict, after: after, bundle: bundle}, until).ID
		t.tellOffered(m.load, 1)
	}
	t.leaveOut(bundle, list)
	return freight.Result{Trip: trip}, nil
}

// member is a load of a set, with what the trip that has the ones before it aboard
// says to it. It has an offer where its operator has been asked before.
type member struct {
	load    *freight.Load
	offer   *freight.Offer
	at      freight.Spot // where the plan puts it
	verdict matcher.Verdict
}

// judged judges the loads that may be put before the operator of a trip in their order, and
// tells until when he may think about all of them, and how many are new to him.
func (t *turn) judged(trip *freight.Trip, lines []freight.Line) (list []member, until freight.Instant, asked int) {
	probe := *trip
	for _, m := range t.eligible(trip, lines) {
		if slices.ContainsFunc(list, func(one member) bool { return one.load.ID == m.load.ID }) {
			continue
		}
		if m.verdict = t.fitsAt(m.load, &probe, m.at); !m.verdict.OK {
			continue
		}
		probe.Plan = m.verdict.Plan
		clock := t.expiry(trip, &m.verdict)
		if outreach.Sole(t.now, m.load) {
			clock = min(clock, outreach.SoleClock(t.now, m.load))
		}
		if until == 0 || clock < until {
			until = clock
		}
		if m.offer == nil {
			asked++
		}
		list = append(list, m)
	}
	return list, until, asked
}

// eligible lists the loads that may be put before the operator of a trip, with the offers
// by which they are before him already. Loads about whose price he bargains, and those of
// a second bundle, go by themselves.
func (t *turn) eligible(trip *freight.Trip, lines []freight.Line) (list []member) {
	var bundle freight.ID
	for _, line := range lines {
		l := t.loads.get(line.Load)
		if l == nil || l.State != freight.LoadPosted || l.Stated > line.Version || t.refuses(l, trip) {
			continue
		}
		m, open := member{load: l, at: line.At}, t.OpenOffers(l.ID)
		if at := slices.IndexFunc(open, func(o *freight.Offer) bool { return o.Trip == trip.ID }); at >= 0 {
			m.offer = open[at]
		}
		switch {
		case m.offer == nil && (len(open) >= t.width(l) || !t.mayAsk(l, trip)):
		case m.offer != nil && (m.offer.State == freight.OfferCountered || bundle != "" && m.offer.Bundle != "" && m.offer.Bundle != bundle):
		default:
			if m.offer != nil {
				bundle = cmp.Or(bundle, m.offer.Bundle)
			}
			list = append(list, m)
		}
	}
	return list
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
		upon := t.upon(before)
		if len(upon) == 0 {
			continue // and the trip stays packed
		}
		trip := t.trips.get(before.Trip)
		for _, o := range upon {
			if trip != nil {
				t.review(o, trip)
				t.reviewUpon([]*freight.Offer{o})
			}
		}
	}
}

// upon lists the open offers that stand upon another on its trip.
func (t *turn) upon(before *freight.Offer) (list []*freight.Offer) {
	for _, id := range t.offersOn.get(before.Trip).list() {
		if o := t.offers.get(id); o != nil && o.Open() && o.After == before.ID {
			list = append(list, o)
		}
	}
	return list
}
