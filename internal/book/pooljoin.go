package book

import (
	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher/pools"
	"pinhuo/matcher/shares"
)

// joinPool asks the shipper of one more load to share the truck of a pool whose members
// are being asked. Everybody in it pays less with him, so what they have agreed to holds;
// he has until the pool's deadline. The plan may be of yesterday's world: everything is
// judged again here.
func (t *turn) joinPool(act freight.JoinPool) (freight.Result, error) {
	stale := freight.Refuse(freight.ProblemStale, "pool", string(act.Pool))
	old, l := t.pools.get(act.Pool), t.loads.get(act.Load.Load)
	if old == nil || old.State != freight.PoolConsenting || old.Version != act.Version || l == nil || !t.mayJoin(old, l, act.Load.Version) {
		return freight.Result{}, stale
	}
	members := t.Members(old.ID)
	riders, now := make([]pools.Rider, len(members)), shares.Split{Due: old.Price}
	for i, m := range members {
		riders[i] = pools.Rider{Load: t.loads.get(m.Load), Most: m.Most}
		now.Riders = append(now.Riders, shares.Rider{ID: m.Load, Ceiling: m.Most, Share: m.Share})
	}
	joiner := pools.Ride(t.env.Costs, l)
	market := pools.Market{Fit: t.fit, Earliest: t.now + t.env.PoolLead}
	deal, ok := market.Join(old.Type, now, riders, joiner)
	if !ok || t.env.Tender(deal.Departs) < t.now+outreach.JoinNotice {
		return freight.Result{}, stale
	}
	p := *old
	if err := t.movePool(&p, freight.PoolReprice); err != nil {
		return freight.Result{}, err
	}
	t.touch(&p.Meta)
	t.restatePool(&p, &deal)
	p.Deadline = min(p.Deadline, t.env.Tender(p.Departs))
	t.savePool(&p)
	for i, was := range members {
		next := *was
		t.touch(&next.Meta)
		restateMember(&next, &deal, i)
		t.saveMember(&next)
		t.tell(next.Org, freight.EventPoolRepriced, &p.Meta, t.memberFacts(&p, &next))
	}
	m := &freight.Member{Meta: t.meta(freight.PrefixMember, l.Org), Pool: p.ID, Load: l.ID, Stated: l.Stated, Consent: freight.ConsentAsked,
		Most: joiner.Most, Alone: l.Alone}
	restateMember(m, &deal, len(members))
	t.saveMember(m)
	t.tell(m.Org, freight.EventPoolFormed, &p.Meta, t.memberFacts(&p, m))
	return freight.Result{Pool: &p}, nil
}

// mayJoin tells whether a load may be asked to join a pool: it is on the market as it was
// stated, nobody is being asked for it, it was not asked too often, and the truck has what it
// needs.
func (t *turn) mayJoin(p *freight.Pool, l *freight.Load, read int64) bool {
	return t.waits(l.ID, l.Stated) && l.Stated <= read && t.Outings(l.ID).Asks(l) && p.Needs.Has(l.Needs) && t.now+outreach.JoinNotice <= p.Deadline
}
