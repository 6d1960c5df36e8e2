package roads

import "pinhuo/geo/roads/ch"

// bucket is a hub's list of the ends that know it.
type bucket struct {
	hub         uint32
	first, last uint32
}

// entry is an end's weight to or from a hub.
type entry struct {
	column uint32
	weight ch.Weight
}

// query is the memory of a question with many ends.
type query struct {
	bits    []uint64 // a bit a rank: hubs that have a bucket
	slot    []uint32 // by rank: the bucket, where there is one
	buckets []bucket
	entries []entry
	best    []ch.Weight
	reach   []ch.Weight // by rank, of a hub with a bucket: the least weight of the only fixed place
	starts  []ch.Start
	hubs    []uint32
	weights []ch.Weight
}

// reset forgets the last question; what it left is little.
func (q *query) reset(n int) {
	if len(q.slot) != n {
		q.bits, q.slot = make([]uint64, n/64+1), make([]uint32, n)
	}
	for i := range q.buckets {
		q.bits[q.buckets[i].hub/64] = 0
	}
	q.buckets = q.buckets[:0]
}

// same tells whether two ends lie on one arc, and the drive between them where
// the second lies ahead.
func (a *end) same(b *end) (w ch.Weight, ahead, same bool) {
	if a.arc != b.arc {
		return 0, false, false
	}
	return b.pos - a.pos, b.pos >= a.pos, true
}

// pair is the least weight by road from the ways onto it at one place to those off it
// at another, without access legs, or ch.Inf.
func (r *routes) pair(from, to []end) ch.Weight {
	best := ch.Inf
	for i := range from {
		for j := range to {
			best = min(best, r.between(&from[i], &to[j]))
		}
	}
	return best
}

// between is the least weight from one end to another. An arc's state reaches
// itself at no cost, but who has passed the target must come round again.
func (r *routes) between(s, t *end) ch.Weight {
	w, ahead, same := s.same(t)
	switch {
	case ahead:
		return w
	case same && s.Rank == t.Rank && r.byArc:
		w, _ = r.searcher.Cycle(s.Rank, nil)
	case r.labels != nil:
		w = r.labels.Pair(s.Rank, t.Rank)
	default:
		w = r.searcher.Least([]ch.Start{{Rank: s.Rank}}, []ch.Start{{Rank: t.Rank}})
	}
	if w >= ch.Inf {
		return ch.Inf
	}
	return s.Extra + w + t.Extra
}

// shares tells whether two snapped places touch one piece: then the road between
// them may be a part of it.
func (s *Snap) shares(b *Snap) bool {
	for i := range s.from[:s.nFrom] {
		for j := range b.to[:b.nTo] {
			if s.from[i].arc/2 == b.to[j].arc/2 {
				return true
			}
		}
	}
	return false
}

// many answers all pairs by road without access legs: out[i*len(to)+j] is from i
// to j. The side with fewer places is put into buckets, the other looks into
// them.
func (r *routes) many(from, to []*Snap, out []ch.Weight) {
	q := r.pool.Get().(*query)
	defer r.pool.Put(q)
	q.reset(r.hierarchy.Size())
	turned := len(to) > len(from)
	fixed, moving := to, from
	if turned {
		fixed, moving = from, to
	}
	if len(fixed) == 1 {
		r.spread(q, fixed[0], turned)
	} else {
		r.fill(q, fixed, turned)
	}
	if cap(q.best) < len(fixed) {
		q.best = make([]ch.Weight, len(fixed))
	}
	q.best = q.best[:len(fixed)]
	for i, s := range moving {
		for k := range q.best {
			q.best[k] = ch.Inf
		}
		if len(fixed) == 1 {
			q.best[0] = r.meet(q, s, !turned)
		} else {
			r.visit(q, s, !turned)
		}
		for k, w := range q.best {
			a, b, at := s, fixed[k], i*len(to)+k
			if turned {
				a, b, at = fixed[k], s, k*len(to)+i
			}
			if a.shares(b) {
				w = r.pair(a.leaving(), b.arriving())
			}
			out[at] = w
		}
	}
}

// fill sorts the labels of the fixed places by hub.
func (r *routes) fill(q *query, places []*Snap, away bool) {
	total := uint32(0)
	for _, s := range places {
		r.rows(q, s, away, func(_ ch.Weight, hubs []uint32, _ []ch.Weight) {
			total += uint32(len(hubs))
			for _, hub := range hubs {
				if q.bits[hub/64]>>(hub%64)&1 == 0 {
					q.bits[hub/64] |= 1 << (hub % 64)
					q.slot[hub] = uint32(len(q.buckets))
					q.buckets = append(q.buckets, bucket{hub: hub})
				}
				q.buckets[q.slot[hub]].last++
			}
		})
	}
	at := uint32(0)
	for i := range q.buckets {
		b := &q.buckets[i]
		at, b.first, b.last = at+b.last, at, at
	}
	if uint32(cap(q.entries)) < total {
		q.entries = make([]entry, total)
	}
	q.entries = q.entries[:total]
	for k, s := range places {
		r.rows(q, s, away, func(extra ch.Weight, hubs []uint32, weights []ch.Weight) {
			for i, hub := range hubs {
				b := &q.buckets[q.slot[hub]]
				q.entries[b.last] = entry{uint32(k), weights[i] + extra}
				b.last++
			}
		})
	}
}

// visit takes a place's labels to the buckets.
func (r *routes) visit(q *query, s *Snap, away bool) {
	best, bits := q.best, q.bits
	r.rows(q, s, away, func(extra ch.Weight, hubs []uint32, weights []ch.Weight) {
		for i, hub := range hubs {
			if bits[hub/64]>>(hub%64)&1 == 0 {
				continue
			}
			w := weights[i] + extra
			b := q.buckets[q.slot[hub]]
			for _, e := range q.entries[b.first:b.last] {
				if sum := w + e.weight; sum < best[e.column] {
					best[e.column] = sum
				}
			}
		}
	})
}

// spread notes at each hub the least weight of the only fixed place, which needs no
// buckets of more than one.
func (r *routes) spread(q *query, fixed *Snap, away bool) {
	if len(q.reach) != len(q.slot) {
		q.reach = make([]ch.Weight, len(q.slot))
	}
	r.rows(q, fixed, away, func(extra ch.Weight, hubs []uint32, weights []ch.Weight) {
		for i, hub := range hubs {
			w := weights[i] + extra
			if q.bits[hub/64]>>(hub%64)&1 == 0 {
				q.bits[hub/64] |= 1 << (hub % 64)
				q.buckets = append(q.buckets, bucket{hub: hub})
				q.reach[hub] = w
			}
			q.reach[hub] = min(q.reach[hub], w)
		}
	})
}

// meet is the least weight over a hub that a place shares with the only fixed one.
func (r *routes) meet(q *query, s *Snap, away bool) ch.Weight {
	best, bits, reach := ch.Inf, q.bits, q.reach
	r.rows(q, s, away, func(extra ch.Weight, hubs []uint32, weights []ch.Weight) {
		for i, hub := range hubs {
			if bits[hub/64]>>(hub%64)&1 != 0 {
				best = min(best, weights[i]+extra+reach[hub])
			}
		}
	})
	return best
}

// rows hands out the labels of a place's ends: stored ones an end, or one of all
// ends made by the hierarchy.
func (r *routes) rows(q *query, s *Snap, away bool, yield func(extra ch.Weight, hubs []uint32, weights []ch.Weight)) {
	ends := s.to[:s.nTo]
	if away {
		ends = s.from[:s.nFrom]
	}
	if r.labels != nil {
		side := &r.labels.To
		if away {
			side = &r.labels.From
		}
		for i := range ends {
			hubs, weights := side.Row(ends[i].Rank)
			yield(ends[i].Extra, hubs, weights)
		}
		return
	}
	q.starts = q.starts[:0]
	for i := range ends {
		q.starts = append(q.starts, ends[i].Start)
	}
	q.hubs, q.weights = r.searcher.Row(q.starts, away, q.hubs[:0], q.weights[:0])
	yield(0, q.hubs, q.weights)
}
