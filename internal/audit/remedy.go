package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pinhuo/freight"
)

// Remedied is what Remedies found.
type Remedied struct {
	Checked    int   // remedies held against the market of their moment
	Helping    int   // of them those that name a change
	Tried      int64 // pairs tried
	Violations []Violation
}

// widened are the changes of which more never does harm: where the greatest is
// refused all are.
var widened = []freight.RemedyKind{
	freight.RemedyPickupEarlier, freight.RemedyPickupLater, freight.RemedyDeliveryEarlier, freight.RemedyDeliveryLater, freight.RemedyPrice,
}

// Remedies holds the remedy of every load that ended without a deal against the
// market as it was at the moment: the load with the change made fits a trip, with nine
// tenths of it none, and no cheaper change of a window or of the price fits any, up to the limits of the
// table. Where no change is said to help none of them does, nor does a requirement less or the
// stacking of its units. Every open trip is tried, by driving; no index is asked. A
// remedy that was sought before the load was last stated is left out.
func Remedies(ctx context.Context, src Source, judge *Judge, market freight.ID, table *freight.RemedyTable) (Remedied, error) {
	w := newWorld(market)
	if err := w.read(ctx, src); err != nil {
		return Remedied{}, fmt.Errorf("remedies: %w", err)
	}
	p := &pharmacy{judge: judge, table: table, w: w}
	if err := p.readLives(ctx, src); err != nil {
		return Remedied{}, fmt.Errorf("remedies: %w", err)
	}
	for _, id := range sorted(w.explanations) {
		e, l := w.explanations[id], w.loads[id]
		if r := e.Remedy; e.Final && r != nil && l != nil && l.Posted <= r.At {
			p.found.Checked++
			p.check(l, r)
		}
	}
	w.report.sort()
	p.found.Violations = w.report.List
	return p.found, nil
}

// pharmacy tries remedies.
type pharmacy struct {
	judge *Judge
	table *freight.RemedyTable
	w     *world
	lives [][]freight.TripRecord // of each trip its versions, in order
	found Remedied
}

// readLives reads what became of every trip.
func (p *pharmacy) readLives(ctx context.Context, src Source) error {
	for rec, err := range src.AuditRecords(ctx, p.w.market.Market.ID) {
		if err != nil {
			return err
		}
		if n := len(p.lives); n == 0 || p.lives[n-1][0].Trip.ID != rec.Trip.ID {
			p.lives = append(p.lives, nil)
		}
		slimTrip(&rec.Trip)
		last := &p.lives[len(p.lives)-1]
		*last = append(*last, rec)
	}
	return nil
}

// open is the trips that took loads at an instant.
func (p *pharmacy) open(at freight.Instant) []*freight.Trip {
	var trips []*freight.Trip
	for _, life := range p.lives {
		n, _ := slices.BinarySearchFunc(life, at+1, func(r freight.TripRecord, at freight.Instant) int { return cmp.Compare(r.At, at) })
		if n > 0 && life[n-1].Trip.Matchable(at) {
			trips = append(trips, &life[n-1].Trip)
		}
	}
	return trips
}

// takes tells whether one of the trips takes the load.
func (p *pharmacy) takes(trips []*freight.Trip, l *freight.Load, at freight.Instant) bool {
	for _, trip := range trips {
		p.found.Tried++
		if p.judge.Try(trip, l, at).Fits {
			return true
		}
	}
	return false
}

// check judges one remedy.
func (p *pharmacy) check(l *freight.Load, r *freight.Remedy) {
	trips := slices.DeleteFunc(p.open(r.At), func(trip *freight.Trip) bool {
		p.found.Tried++
		return p.judge.Try(trip, l, r.At).Fits // and has been asked
	})
	wrong := func(what string, n int64) {
		p.w.note(RemedyWrong, []Row{{freight.KindLoad, l.ID}, {freight.KindTrip, r.Trip}}, Number{what, n},
			Number{"by", r.By}, Number{"kind", int64(slices.Index(freight.RemedyKinds, r.Kind))})
	}
	limit := freight.Fen(1) << 40
	if r.Helps() {
		p.found.Helping++
		limit = r.Cost
		p.helps(trips, l, r, wrong)
	}
	for _, kind := range widened {
		if most := p.most(l, kind, limit); most > 0 && p.takes(trips, changed(l, freight.Remedy{Kind: kind, By: most}), r.At) {
			wrong(string(kind)+"_is_cheaper", most)
		}
	}
	for _, other := range waived(l) {
		if rate, _ := p.table.Of(other.Kind); rate.Cost(1) < limit && p.takes(trips, changed(l, other), r.At) {
			wrong(string(other.Kind)+"_is_cheaper", int64(other.Drop))
		}
	}
}

// waived are the changes that have no size: a requirement less, units stacked.
func waived(l *freight.Load) []freight.Remedy {
	var list []freight.Remedy
	for left := l.Needs & freight.Droppable; left != 0; left &= left - 1 {
		list = append(list, freight.Remedy{Kind: freight.RemedyAccess, Drop: left & -left})
	}
	if l.Size.Access != freight.AccessAny {
		list = append(list, freight.Remedy{Kind: freight.RemedyAccess})
	}
	if len(l.Size.Pieces) > 0 {
		list = append(list, freight.Remedy{Kind: freight.RemedyStacking})
	}
	return list
}

// helps judges a remedy that names a change.
func (p *pharmacy) helps(trips []*freight.Trip, l *freight.Load, r *freight.Remedy, wrong func(string, int64)) {
	if r.Kind == freight.RemedySplit {
		for i, part := range r.Apply(l.LoadTerms) {
			one := *l
			one.LoadTerms = part
			if !p.takes(trips, &one, r.At) {
				wrong("part_refused", int64(i))
			}
		}
		return
	}
	if !p.takes(trips, changed(l, *r), r.At) {
		wrong("refused", r.By)
	}
	if r.Point != nil && (r.Bans != "" || l.Pickup.Bans != "" || l.Delivery.Bans != "") {
		return // nobody knows which bans hold half way there
	}
	rate, _ := p.table.Of(r.Kind)
	if less := r.By / rate.Grain * 9 / 10 * rate.Grain; less > 0 && p.takes(trips, changed(l, scaled(l, *r, less)), r.At) {
		wrong("enough", less)
	}
}

// most is the greatest change of a kind that costs less than the limit.
func (p *pharmacy) most(l *freight.Load, kind freight.RemedyKind, limit freight.Fen) int64 {
	rate, _ := p.table.Of(kind)
	most := rate.Most
	if kind == freight.RemedyPrice {
		most = int64(l.Alone - l.Ceiling)
	}
	for most > 0 && rate.Cost(most) >= limit {
		most = min(most-rate.Grain, most*int64(limit)/max(int64(rate.Cost(most)), 1))
	}
	return max(most, 0) / rate.Grain * rate.Grain
}

// changed is the load after a change that leaves it one.
func changed(l *freight.Load, r freight.Remedy) *freight.Load {
	one := *l
	one.LoadTerms = r.Apply(l.LoadTerms)[0]
	return &one
}

// scaled is less of the same change; a place goes less far along the same line.
func scaled(l *freight.Load, r freight.Remedy, by int64) freight.Remedy {
	if r.Point != nil {
		from := l.Pickup.Place.Point
		if r.Kind == freight.RemedyDeliveryPlace {
			from = l.Delivery.Place.Point
		}
		share := func(a, b int32) int32 { return a + int32(int64(b-a)*by/r.By) }
		r.Point = &freight.Point{LatE7: share(from.LatE7, r.Point.LatE7), LngE7: share(from.LngE7, r.Point.LngE7)}
	}
	r.By = by
	return r
}
