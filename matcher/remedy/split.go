package remedy

import "pinhuo/freight"

// half is a trip that takes some of the pieces: at most so many of the first, at
// most so many of the last, each count with its price.
type half struct {
	trip        *freight.Trip
	first, last int64
	early, late freight.Fen
}

// split parts the load by pieces, as they are listed, over two trips that
// together ask no more than the shipper pays for the whole.
func (k *search) split() {
	rate, ok := k.Table.Of(freight.RemedySplit)
	all := k.load.Size.Count()
	if !ok || all < 2 || rate.Cost(1) >= k.best.Cost {
		return
	}
	halves := k.halves(all)
	for i := range halves {
		for j := range halves {
			a, b := &halves[i], &halves[j]
			if i == j || a.first+b.last < all || a.first < 1 || b.last < 1 || a.early+b.late > k.load.Ceiling {
				continue
			}
			r := freight.Remedy{Kind: freight.RemedySplit, By: all - min(a.first, all-1), Unit: rate.Unit, Cost: rate.Cost(1),
				Trip: a.trip.ID, Other: b.trip.ID, Price: a.early, Beside: b.late}
			if k.holds(&r, a.trip, b.trip) {
				k.best = r
				return
			}
		}
	}
}

// halves is what each trip that takes a piece at all takes of the pieces.
func (k *search) halves(all int64) []half {
	seen := map[*freight.Trip]bool{}
	var list []half
	for _, least := range []*freight.Load{k.part(1, true), k.part(1, false)} {
		for _, trip := range k.near(least) {
			if seen[trip] {
				continue
			}
			seen[trip] = true
			h := half{trip: trip}
			h.first, h.early = k.mostOf(trip, all, true)
			h.last, h.late = k.mostOf(trip, all, false)
			if h.first > 0 || h.last > 0 {
				list = append(list, h)
			}
		}
	}
	return list
}

// part is the load with n of its pieces, the first or the last ones.
func (k *search) part(n int64, first bool) *freight.Load {
	l := *k.load
	if first {
		l.Size, _ = k.load.Size.Split(n)
	} else {
		_, l.Size = k.load.Size.Split(k.load.Size.Count() - n)
	}
	return &l
}

// mostOf is the greatest number of pieces, the first or the last of the load, that
// the trip takes, and its price for them; 0 where it takes none. Fewer fit where
// more do.
func (k *search) mostOf(trip *freight.Trip, all int64, first bool) (int64, freight.Fen) {
	takes := func(n int64) bool { return k.Fit.Weigh(trip, k.part(n, first)).OK }
	if !takes(1) {
		return 0, 0
	}
	n := least(1, all, func(n int64) bool { return !takes(n) }) - 1
	return n, k.Fit.Fits(trip, k.part(n, first)).Terms.Price
}

// holds verifies a split with both parts as they would be posted.
func (k *search) holds(r *freight.Remedy, first, second *freight.Trip) bool {
	parts := r.Apply(k.load.LoadTerms)
	for i, trip := range []*freight.Trip{first, second} {
		l := *k.load
		l.LoadTerms = parts[i]
		if !k.Fit.Weigh(trip, &l).OK {
			return false
		}
	}
	return true
}
