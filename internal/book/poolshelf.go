package book

import (
	"slices"

	"pinhuo/freight"
)

// Outings are the pools that a load was in and that came to nothing, for one
// statement of its terms, and whether its shipper refused one of them.
type Outings struct {
	Stated  int64
	Pools   []freight.ID
	Refused bool
}

// mostOutings is how often a load is asked to share a truck before it is stated anew.
const mostOutings = 5

// Asks tells whether the load may be asked to share a truck.
func (o Outings) Asks(l *freight.Load) bool {
	return o.Stated != l.Stated || !o.Refused && len(o.Pools) < mostOutings
}

// Together tells whether loads with these outings were all in one former pool.
func Together(of []Outings) bool {
	if len(of) == 0 {
		return false
	}
	return slices.ContainsFunc(of[0].Pools, func(pool freight.ID) bool {
		return !slices.ContainsFunc(of, func(o Outings) bool { return !slices.Contains(o.Pools, pool) })
	})
}

// Outings returns the pools that came to nothing for a load as it is stated now. The
// value is immutable.
func (b *Book) Outings(load freight.ID) Outings {
	l, o := b.loads.get(load), b.outings.get(load)
	if l == nil || o == nil || o.Stated != l.Stated {
		return Outings{}
	}
	return *o
}

// PoolOf returns the live pool of a load, nil when it is in none. The value is
// immutable.
func (b *Book) PoolOf(load freight.ID) *freight.Pool {
	if id := b.poolOf.get(load); id != nil {
		return b.pools.get(*id)
	}
	return nil
}

// Members returns those who are counted with a live pool, in their order.
func (b *Book) Members(pool freight.ID) []*freight.Member {
	list := b.membersOf.get(pool).list()
	in := make([]*freight.Member, 0, len(list))
	for _, id := range list {
		if m := b.members.get(id); m != nil && m.In() {
			in = append(in, m)
		}
	}
	slices.SortStableFunc(in, func(a, b *freight.Member) int { return int(a.Place - b.Place) })
	return in
}

func (b *Book) placePool(p *freight.Pool) {
	b.pools.set(p.ID, p)
	if p.Live() {
		return
	}
	for _, m := range b.Members(p.ID) {
		b.leavePool(m)
	}
}

// placeMember also takes those of pools that have ended: they tell who is not to be
// asked again.
func (b *Book) placeMember(m *freight.Member) {
	if p := b.pools.get(m.Pool); p != nil {
		if b.members.get(m.ID) == nil {
			b.membersOf.set(m.Pool, b.membersOf.get(m.Pool).with(m.ID))
		}
		b.members.set(m.ID, m)
		if m.In() && p.Live() {
			pool := p.ID
			b.poolOf.set(m.Load, &pool)
		}
	}
	if !m.In() {
		b.leavePool(m)
		b.recall(m)
	}
}

func (b *Book) leavePool(m *freight.Member) {
	if id := b.poolOf.get(m.Load); id != nil && *id == m.Pool {
		b.poolOf.set(m.Load, nil)
	}
}

// recall notes that a load's pool came to nothing, unless the load itself had gone.
func (b *Book) recall(m *freight.Member) {
	if m.Consent == freight.ConsentDropped {
		return
	}
	o := Outings{Stated: m.Stated}
	if old := b.outings.get(m.Load); old != nil && old.Stated == m.Stated {
		o.Pools, o.Refused = slices.Clone(old.Pools), old.Refused
	}
	if !slices.Contains(o.Pools, m.Pool) {
		o.Pools = append(o.Pools, m.Pool)
	}
	o.Refused = o.Refused || m.Consent == freight.ConsentRefused
	b.outings.set(m.Load, &o)
}

// dropPools removes from the live book the pools that a round ended, and members
// that are counted no more.
func (b *Book) dropPools(round *Book) {
	for id, m := range round.members.own {
		if m != nil && !m.In() {
			delete(b.members.own, id)
		}
	}
	for id, p := range round.pools.own {
		if p == nil || p.Live() {
			continue
		}
		for _, m := range b.membersOf.get(id).list() {
			delete(b.members.own, m)
		}
		delete(b.membersOf.own, id)
		delete(b.pools.own, id)
	}
}

// Moved lists the states that a round brought pools into.
func (b *Book) Moved() []freight.PoolState { return b.moved }
