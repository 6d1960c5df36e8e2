package book

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// A bundle is the open offers that a set has put before one operator: a chain, in which
// each is judged on the trip with those before it aboard. It has no row of its own. Its
// version is the edition of its offers, and rises by one in every command that ends one,
// adds one or gives one new terms.

// lines returns the open offers of a bundle in the order in which they stand upon each
// other.
func (b *Book) lines(bundle freight.ID) []*freight.Offer {
	if bundle == "" {
		return nil
	}
	return freight.Chained(b.openOffers(b.linesOf.get(bundle).list()))
}

// bundleOf is the bundle that a set makes, or goes on with; "" where it is one load.
func (t *turn) bundleOf(list []member) freight.ID {
	for _, m := range list {
		if m.offer != nil && m.offer.Bundle != "" {
			return m.offer.Bundle
		}
	}
	if len(list) < 2 {
		return ""
	}
	return t.env.Mint.Mint(freight.PrefixBundle, t.now)
}

// chain puts an open offer into a bundle behind another, with the terms that it has then.
func (t *turn) chain(old *freight.Offer, trip *freight.Trip, v matcher.Verdict, after, bundle freight.ID) {
	if old.After != after || old.Bundle != bundle {
		o := *old
		o.After, o.Bundle = after, bundle
		if old.Bundle != bundle {
			o.Edition = 0
		}
		o.Changed = t.now
		t.saveOffer(&o)
		old = &o
	}
	t.restateOffer(old, trip, v)
}

// leaveOut lets the open offers of a bundle that a set does not name stand by themselves.
func (t *turn) leaveOut(bundle freight.ID, list []member) {
	for _, old := range t.lines(bundle) {
		if slices.ContainsFunc(list, func(m member) bool { return m.load.ID == old.Load }) {
			continue
		}
		o := *old
		o.Bundle, o.Edition, o.Changed = "", 0, t.now
		t.saveOffer(&o)
	}
}

// noteLine notes that an offer about to be saved changes its bundle. That somebody has
// seen it, or that its clock runs longer, does not.
func (t *turn) noteLine(o *freight.Offer) {
	old := t.offers.get(o.ID)
	if old != nil && old.Version == o.Version && old.Bundle == o.Bundle && old.After == o.After {
		return
	}
	for _, id := range []freight.ID{bundleID(old), o.Bundle} {
		if id == "" || slices.Contains(t.bundles[id], o.ID) {
			continue
		}
		if t.bundles == nil {
			t.bundles = map[freight.ID][]freight.ID{}
		}
		t.bundles[id] = append(t.bundles[id], o.ID)
	}
}

func bundleID(o *freight.Offer) freight.ID {
	if o == nil {
		return ""
	}
	return o.Bundle
}

// bundle gives every bundle that the command has changed its next version, and tells its
// operator what it is now.
func (t *turn) bundle() {
	for _, id := range sortedIDs(t.bundles) {
		t.nextEdition(id)
	}
}

func (t *turn) nextEdition(id freight.ID) {
	list := t.lines(id)
	open, edition := len(list), int64(0)
	for _, other := range t.bundles[id] {
		if o := t.offers.get(other); !o.Open() && o.Bundle == id {
			list = append(list, o)
		}
	}
	for _, o := range list {
		edition = max(edition, o.Edition)
	}
	for i, old := range list {
		o := *old
		o.Edition = edition + 1
		t.offers.set(o.ID, &o)
		if !slices.Contains(t.bundles[id], o.ID) {
			t.changed(freight.KindOffer, &o.Meta)
		}
		list[i] = &o
	}
	if len(list) > 0 {
		t.tellBundle(list, open)
	}
}

// tellBundle tells the operator of offers of a bundle, the open ones first, what they
// come to.
func (t *turn) tellBundle(list []*freight.Offer, open int) {
	first := list[0]
	about := freight.Meta{ID: first.Bundle, Version: first.Edition}
	f := freight.Facts{Bundle: first.Bundle, Trip: first.Trip, State: "open", Loads: int64(open), RouterName: first.Router.Method + " " + first.Router.Version}
	for i, o := range list {
		f.Lines = append(f.Lines, freight.BundleLine{Offer: o.ID, Load: o.Load, State: o.State, Reason: o.Reason,
			Price: o.Price, DetourM: o.DetourM, DetourS: o.DetourS})
		if i >= open {
			continue
		}
		f.Price, f.Alone, f.DetourM, f.DetourS = f.Price+o.Price, f.Alone+o.Alone, f.DetourM+o.DetourM, f.DetourS+o.DetourS
		if f.Expires == 0 || o.Expires < f.Expires {
			f.Expires = o.Expires
		}
	}
	what := freight.EventBundleChanged
	switch {
	case open == 0:
		f.State, what = "ended", freight.EventBundleEnded
	case about.Version == 1:
		what = freight.EventBundleSent
	}
	t.tell(first.Org, what, &about, f)
}

// openBundle returns the open offers of a bundle of the asking operator's that are named,
// in their order; all of them where none is.
func (t *turn) openBundle(id freight.ID, version int64, named []freight.ID) ([]*freight.Offer, error) {
	all := t.lines(id)
	if len(all) == 0 || all[0].Org != t.cmd.Org {
		return nil, freight.Missing(freight.KindBundle, id)
	}
	if version != all[0].Edition {
		return nil, staleBundle(version, all)
	}
	for i, line := range named {
		if !slices.ContainsFunc(all, func(o *freight.Offer) bool { return o.ID == line }) || slices.Contains(named[:i], line) {
			return nil, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemUnknown, Field: fmt.Sprintf("lines[%d]", i), Value: freight.Shorten(string(line))}
		}
	}
	if len(named) > 0 {
		all = slices.DeleteFunc(all, func(o *freight.Offer) bool { return !slices.Contains(named, o.ID) })
	}
	for _, o := range all {
		if t.now > o.Expires {
			return nil, freight.Refuse(freight.ProblemExpired, "lines", string(o.ID))
		}
	}
	return all, nil
}

// staleBundle says that a version has passed, which one is present and what each of its
// offers pays.
func staleBundle(version int64, all []*freight.Offer) *freight.Error {
	e := freight.Refuse(freight.ProblemStale, "version", strconv.FormatInt(version, 10))
	e.Want = strconv.FormatInt(all[0].Edition, 10)
	for _, o := range all {
		line := freight.Refuse(freight.ProblemStale, "lines", string(o.ID))
		line.Want = fen(o.Price)
		e.More = append(e.More, *line)
	}
	return e
}

// acceptBundle books all that is named of a bundle, or nothing.
func (t *turn) acceptBundle(act freight.AcceptBundle) (freight.Result, error) {
	list, err := t.openBundle(act.Bundle, act.Version, act.Lines)
	if err != nil {
		return freight.Result{}, err
	}
	if err := t.judgeLines(list); err != nil {
		return freight.Result{}, err
	}
	var first freight.Result
	for _, o := range list {
		result, err := t.accept(o, freight.SideCarrier, false)
		if err != nil {
			return freight.Result{}, err
		}
		if first.Offer == nil {
			first = result
		}
	}
	t.retakenOn(list[0].Trip)
	return first, nil
}

// judgeLines names every offer that cannot be booked at the terms shown, one after the
// other on the trip as it is, and what is true of it now.
func (t *turn) judgeLines(list []*freight.Offer) error {
	trip := t.trips.get(list[0].Trip)
	if trip == nil || !trip.Matchable(t.now) {
		return freight.Unfit("offer", list[0].ID, freight.ReasonLease)
	}
	var faults freight.Faults
	probe := *trip
	for _, o := range list {
		if o.Asks() != freight.SideCarrier {
			faults.Add(*freight.Refuse(freight.ProblemTurn, "lines", string(o.ID)))
			continue
		}
		fault := freight.Refuse(freight.ProblemUnfit, "lines", string(o.ID))
		verdict := t.placed(t.fitOf(o), o, &probe, t.loads.get(o.Load))
		if !verdict.OK {
			fault.Reason = verdict.Reason
			faults.Add(*fault)
			continue
		}
		probe.Plan = verdict.Plan
		if shown := shownTerms(o); worse(verdict.Terms, shown) {
			fault.Problem, fault.Want = freight.ProblemStale, fen(verdict.Terms.Price)
			faults.Add(*fault)
		}
	}
	return faults.Err()
}

// shownTerms are those of an offer at the price named last.
func shownTerms(o *freight.Offer) freight.Terms {
	terms := o.Terms
	if o.State == freight.OfferCountered {
		terms.Price = o.Counter
	}
	return terms
}

// declineBundle refuses what is named of a bundle. What is left of it is judged anew.
func (t *turn) declineBundle(act freight.DeclineBundle) (freight.Result, error) {
	list, err := t.openBundle(act.Bundle, act.Version, act.Lines)
	if err != nil {
		return freight.Result{}, err
	}
	t.endOffers(list, freight.OfferDecline, cmp.Or(act.Reason, freight.ReasonDeclined))
	for _, o := range list {
		t.turnedDown(o.Load)
		t.rememberNo(t.offers.get(o.ID))
		t.need(Need{Kind: NeedTrips, ID: o.Load})
	}
	return freight.Result{Offer: t.offers.get(list[0].ID)}, nil
}

// reviewBundle judges a bundle anew after offers of it could not be accepted as shown.
// They come first now, so that their terms are those without the others; where they do
// not fit so, the order stays as it is.
func (t *turn) reviewBundle(act freight.ReviewBundle) (freight.Result, error) {
	list := t.lines(act.Bundle)
	if len(list) == 0 {
		return freight.Result{}, freight.Missing(freight.KindBundle, act.Bundle)
	}
	trip := t.trips.get(list[0].Trip)
	if trip == nil {
		return freight.Result{}, freight.Missing("trip", list[0].Trip)
	}
	ahead := slices.Clone(list)
	slices.SortStableFunc(ahead, func(a, b *freight.Offer) int { return behind(act.First, a) - behind(act.First, b) })
	verdicts, ok := t.inOrder(trip, ahead)
	if !ok {
		t.reviewOffersOn(trip)
		return freight.Result{Offer: list[0]}, nil
	}
	var after freight.ID
	for i, o := range ahead {
		t.chain(o, trip, verdicts[i], after, o.Bundle)
		after = o.ID
	}
	return freight.Result{Offer: t.offers.get(list[0].ID)}, nil
}

// behind is 0 for the offers that come first, 1 for the others.
func behind(first []freight.ID, o *freight.Offer) int {
	if slices.Contains(first, o.ID) {
		return 0
	}
	return 1
}

// inOrder judges offers on a trip, each with those before it aboard, and tells whether
// all of them fit.
func (t *turn) inOrder(trip *freight.Trip, list []*freight.Offer) (verdicts []matcher.Verdict, ok bool) {
	probe := *trip
	for _, o := range list {
		v := t.placed(t.fitOf(o), o, &probe, t.loads.get(o.Load))
		if !v.OK || !trip.Matchable(t.now) {
			return nil, false
		}
		probe.Plan = v.Plan
		verdicts = append(verdicts, v)
	}
	return verdicts, true
}
