package remedy

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Market is the book at one moment. Trips are neither changed nor kept.
type Market interface {
	// Near returns the trips that take loads at the moment and may carry this
	// one: at least all those that Fits accepts, in any order, none twice.
	Near(load *freight.Load) []*freight.Trip
	// Open returns the trips that take loads at the moment and may carry this one
	// if its places were elsewhere: at least all those for which Fits says so, in
	// any order.
	Open(load *freight.Load) []*freight.Trip
}

// Seeker finds remedies at the instant and by the measure of its Fit. It may be
// used by several goroutines at once where its Market may.
type Seeker struct {
	Fit    *matcher.Fit
	Table  *freight.RemedyTable
	Market Market
	Box    freight.Box     // the places that may be named; none are where it is empty
	Bans   *freight.BanMap // that hold at the places that may be named
}

// dearest is more than any change costs.
const dearest = freight.Fen(1) << 40

// Seek returns the cheapest change that some trip would accept, Kind RemedyNone
// where no single change helps. Of equal costs the earlier kind of
// freight.RemedyKinds wins, then the smaller change, then the smaller trip id.
//
// A trip that takes the load unchanged is left out: it has been asked, and what
// keeps it from carrying the load is not in the load's terms.
func (s *Seeker) Seek(load *freight.Load) freight.Remedy {
	k := &search{Seeker: s, load: load, takes: map[*freight.Trip]bool{}}
	k.best = freight.Remedy{Kind: freight.RemedyNone, Cost: dearest}
	for _, trip := range s.Market.Near(load) {
		if s.Fit.Weigh(trip, load).OK {
			k.takes[trip] = true
		}
	}
	k.slide(freight.RemedyPickupEarlier)
	k.slide(freight.RemedyPickupLater)
	k.slide(freight.RemedyDeliveryEarlier)
	k.slide(freight.RemedyDeliveryLater)
	k.slide(freight.RemedyPrice)
	k.access()
	k.stack()
	k.split()
	k.places()
	if k.best.Kind == freight.RemedyNone {
		k.best.Cost = 0
	}
	k.best.Table, k.best.At = s.Table.Version, s.Fit.Now
	return k.best
}

// search is one load's remedy being sought.
type search struct {
	*Seeker
	load  *freight.Load
	takes map[*freight.Trip]bool // accept the load as it is
	best  freight.Remedy
}

// with is the load after a change that leaves it one.
func (k *search) with(r freight.Remedy) *freight.Load {
	l := *k.load
	l.LoadTerms = r.Apply(l.LoadTerms)[0]
	return &l
}

// near is the trips that may carry a changed load and do not carry the unchanged
// one, by id.
func (k *search) near(load *freight.Load) []*freight.Trip {
	trips := slices.DeleteFunc(k.Market.Near(load), func(t *freight.Trip) bool { return k.takes[t] })
	slices.SortFunc(trips, func(a, b *freight.Trip) int { return cmp.Compare(a.ID, b.ID) })
	return trips
}

// fits tells whether the trip accepts the load after the change.
func (k *search) fits(trip *freight.Trip, r freight.Remedy) bool {
	return k.Fit.Weigh(trip, k.with(r)).OK
}

// most is the greatest change of a kind, in grains, that is worth seeking: within
// the table and cheaper than the best so far.
func (k *search) most(rate *freight.RemedyRate) int64 {
	most := rate.Most
	if rate.Kind == freight.RemedyPrice {
		most = int64(k.load.Alone - k.load.Ceiling)
	}
	return min(most, rate.Within(k.best.Cost)) / rate.Grain
}

// slide seeks the smallest change of a kind that is monotone.
func (k *search) slide(kind freight.RemedyKind) {
	rate, ok := k.Table.Of(kind)
	n := k.most(&rate)
	if !ok || n < 1 {
		return
	}
	change := func(n int64) freight.Remedy {
		by := n * rate.Grain
		return freight.Remedy{Kind: kind, By: by, Unit: rate.Unit, Cost: rate.Cost(by)}
	}
	for _, trip := range k.near(k.with(change(n))) {
		if n < 1 || !k.fits(trip, change(n)) {
			continue
		}
		n = least(0, n, func(n int64) bool { return k.fits(trip, change(n)) })
		k.settle(change(n), trip)
		n--
	}
}

// least returns the smallest n beyond fails, at most holds, for which the
// monotone test holds, as it does for holds.
func least(fails, holds int64, test func(int64) bool) int64 {
	for fails+1 < holds {
		if mid := fails + (holds-fails)/2; test(mid) {
			holds = mid
		} else {
			fails = mid
		}
	}
	return holds
}

// settle makes a change the best so far, with what the trip would ask.
func (k *search) settle(r freight.Remedy, trip *freight.Trip) {
	r.Trip = trip.ID
	r.Price = k.Fit.Fits(trip, k.with(r)).Terms.Price
	k.best = r
}

// access leaves out one of the capabilities that a shipper may do without, or
// has the load handled from wherever the vehicle opens.
func (k *search) access() {
	for left := k.load.Needs & freight.Droppable; left != 0; left &= left - 1 {
		k.once(freight.Remedy{Kind: freight.RemedyAccess, Drop: left & -left})
	}
	if k.load.Size.Access != freight.AccessAny {
		k.once(freight.Remedy{Kind: freight.RemedyAccess})
	}
}

// stack lets the units stand on each other.
func (k *search) stack() {
	if k.load.Size.Stacks() {
		k.once(freight.Remedy{Kind: freight.RemedyStacking})
	}
}

// once tries a change that has no size.
func (k *search) once(r freight.Remedy) {
	rate, ok := k.Table.Of(r.Kind)
	if r.By, r.Cost = 1, rate.Cost(1); !ok || r.Cost >= k.best.Cost {
		return
	}
	for _, trip := range k.near(k.with(r)) {
		if k.fits(trip, r) {
			k.settle(r, trip)
			return
		}
	}
}
