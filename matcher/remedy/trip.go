package remedy

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Loads is the open loads at one moment, neither changed nor kept.
type Loads interface {
	// Along returns the loads that are open at the moment and that the trip may
	// carry: at least all those that Fits accepts, in any order, none twice.
	Along(trip *freight.Trip) []*freight.Load
}

// TripSeeker finds the remedies of trips at the instant and by the measure of its
// Fit. It may be used by several goroutines at once where its Loads may.
type TripSeeker struct {
	Fit   *matcher.Fit
	Table *freight.RemedyTable // freight.DefaultTripRemedies, or another of those kinds
	Loads Loads

	// Admits tells whether terms of the trip can be stated: by the rules of admission,
	// and by what else its vehicle is to do. What it refuses of a change it refuses of a
	// greater one.
	Admits func(terms freight.TripTerms) bool
}

// Seek returns the cheapest change of its terms with which the trip, stated anew at
// the instant of the Fit, would take an open load; Kind RemedyNone where no single
// change helps. Of equal costs the earlier kind of freight.TripRemedyKinds wins,
// then the smaller change, then the smaller load id. It returns false where the
// trip cannot be stated anew at that instant, whatever the change.
//
// A load that the trip takes as it is, is left out: what keeps the two apart is not
// in the trip's terms.
func (s *TripSeeker) Seek(trip *freight.Trip) (freight.Remedy, bool) {
	k := &tripSearch{TripSeeker: s, trip: trip, takes: map[*freight.Load]bool{}}
	k.best = freight.Remedy{Kind: freight.RemedyNone, Cost: dearest}
	_, err := s.Fit.Restated(trip, trip.TripTerms)
	k.statable = err == nil
	for _, load := range s.Loads.Along(trip) {
		if s.Fit.Weigh(trip, load).OK {
			k.takes[load] = true
		}
	}
	for _, kind := range freight.TripRemedyKinds {
		k.slide(kind)
	}
	if k.best.Kind == freight.RemedyNone {
		k.best.Cost = 0
	}
	k.best.Table, k.best.At = s.Table.Version, s.Fit.Now
	return k.best, k.statable
}

// tripSearch is one trip's remedy being sought.
type tripSearch struct {
	*TripSeeker
	trip     *freight.Trip
	takes    map[*freight.Load]bool // accepted by the trip as it is
	best     freight.Remedy
	statable bool // with some change
}

// slide seeks the smallest change of a kind. All kinds are monotone.
func (k *tripSearch) slide(kind freight.RemedyKind) {
	rate, ok := k.Table.Of(kind)
	if !ok {
		return
	}
	tries := map[int64]*freight.Trip{}
	changed := func(n int64) *freight.Trip {
		if trip, known := tries[n]; known {
			return trip
		}
		tries[n] = k.with(changeOf(&rate, n))
		return tries[n]
	}
	n := k.allowed(k.most(&rate), &rate)
	if n < 1 || changed(n) == nil {
		return
	}
	k.statable = true
	loads := slices.DeleteFunc(k.Loads.Along(changed(n)), func(l *freight.Load) bool { return k.takes[l] })
	slices.SortFunc(loads, func(a, b *freight.Load) int { return cmp.Compare(a.ID, b.ID) })
	for _, load := range loads {
		fits := func(n int64) bool { trip := changed(n); return trip != nil && k.Fit.Weigh(trip, load).OK }
		if n < 1 || !fits(n) {
			continue
		}
		n = least(0, n, fits)
		k.settle(changeOf(&rate, n), changed(n), load)
		n--
	}
}

// changeOf is the change of a kind by so many grains.
func changeOf(rate *freight.RemedyRate, n int64) freight.Remedy {
	by := n * rate.Grain
	return freight.Remedy{Kind: rate.Kind, By: by, Unit: rate.Unit, Cost: rate.Cost(by)}
}

// settle makes a change the best so far, with what the load would pay.
func (k *tripSearch) settle(r freight.Remedy, trip *freight.Trip, load *freight.Load) {
	r.Trip, r.Load, r.Price = trip.ID, load.ID, k.Fit.Fits(trip, load).Terms.Price
	k.best = r
}

// most is the greatest change of a kind, in grains, that is worth seeking: within
// the table, cheaper than the best so far, and of some use. A truck cannot leave
// before now, a least price is not below 0, a truck that roams has no detour.
func (k *tripSearch) most(rate *freight.RemedyRate) int64 {
	most := rate.Most
	switch rate.Kind {
	case freight.RemedyDepartEarlier:
		ahead := (k.trip.Stops[0].Window.Open - k.Fit.Now + freight.Second - 1) / freight.Second
		most = min(most, upTo(int64(ahead), rate.Grain))
	case freight.RemedyLeast:
		most = upTo(int64(k.trip.Least), rate.Grain)
	case freight.RemedyDetour, freight.RemedyDetourDistance, freight.RemedyDetourTime:
		if k.trip.Roaming {
			return 0
		}
	}
	return min(most, rate.Within(k.best.Cost)) / rate.Grain
}

// upTo is n rounded up to a multiple of the grain.
func upTo(n, grain int64) int64 { return (max(n, 0) + grain - 1) / grain * grain }

// allowed is the greatest change, at most n grains, after which the terms are
// admitted: fewer are where more are.
func (k *tripSearch) allowed(n int64, rate *freight.RemedyRate) int64 {
	refused := func(n int64) bool {
		r := changeOf(rate, n)
		terms := r.ApplyTrip(k.trip.TripTerms)
		return !k.Admits(terms)
	}
	if n < 1 || !refused(n) {
		return n
	}
	return least(0, n, refused) - 1
}

// with is the trip stated anew after a change; nil where it cannot keep its own
// windows.
func (k *tripSearch) with(r freight.Remedy) *freight.Trip {
	trip, err := k.Fit.Restated(k.trip, r.ApplyTrip(k.trip.TripTerms))
	if err != nil {
		return nil
	}
	return trip
}
