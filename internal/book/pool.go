package book

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/pools"
)

// formPool asks the shippers of loads that together pay for a truck. The plan may be
// of yesterday's world: everything is judged and priced again here.
func (t *turn) formPool(act freight.FormPool) (freight.Result, error) {
	riders := make([]pools.Rider, 0, len(act.Loads))
	out := make([]Outings, 0, len(act.Loads))
	for _, pick := range act.Loads {
		l := t.loads.get(pick.Load)
		twice := slices.ContainsFunc(riders, func(r pools.Rider) bool { return r.Load == l })
		if l == nil || twice || l.State != freight.LoadPosted || l.Stated > pick.Version || t.PoolOf(l.ID) != nil || !t.Outings(l.ID).Asks(l) {
			return freight.Result{}, freight.Refuse(freight.ProblemStale, "load", string(pick.Load))
		}
		riders, out = append(riders, pools.Ride(t.fit.Costs, l)), append(out, t.Outings(l.ID))
	}
	deal, ok := t.price(riders, t.env.PoolNotice)
	if !ok || Together(out) {
		return freight.Result{}, freight.Refuse(freight.ProblemStale, "loads", "")
	}
	p := &freight.Pool{Meta: t.meta(freight.PrefixPool, ""), State: freight.PoolForming}
	if err := t.movePool(p, freight.PoolAsk); err != nil {
		return freight.Result{}, err
	}
	t.restatePool(p, &deal)
	p.Deadline = t.env.Consent(t.now, p.Departs)
	t.savePool(p)
	for i, r := range deal.Riders {
		m := &freight.Member{Meta: t.meta(freight.PrefixMember, r.Load.Org), Pool: p.ID, Load: r.Load.ID, Stated: r.Load.Stated,
			Place: int64(i), Consent: freight.ConsentAsked, Most: r.Most, Alone: r.Load.Alone}
		restateMember(m, &deal, i)
		t.saveMember(m)
	}
	t.tellMembers(p, freight.EventPoolFormed)
	return freight.Result{Pool: p}, nil
}

// price judges a set anew; no truck sets out before the notice is over.
func (t *turn) price(riders []pools.Rider, notice freight.Instant) (pools.Deal, bool) {
	market := pools.Market{Fit: t.fit, Earliest: t.now + notice}
	deal, ok := market.Price(riders)
	return deal, ok && t.env.Tender(deal.Departs) > t.now
}

// movePool gives the pool its next state.
func (t *turn) movePool(p *freight.Pool, event freight.PoolEvent) error {
	state, err := freight.NextPool(p.State, event)
	if err == nil && state != p.State {
		p.State = state
		t.moved = append(t.moved, state)
	}
	return err
}

// restatePool puts a deal's terms on the pool.
func (t *turn) restatePool(p *freight.Pool, d *pools.Deal) {
	p.Type, p.Needs, p.Start, p.Horizon = d.Type, d.Trip.Vehicle.Has, d.Trip.Stops[0], d.Trip.Horizon
	p.Departs, p.Quorum, p.Metres, p.Seconds = d.Departs, d.Quorum, d.Metres, d.Seconds
	p.Price, p.Router = d.Hire, d.Trip.Router
	last := d.Trip.Plan[len(d.Trip.Plan)-1].Load
	end := t.loads.get(last).Delivery.Place
	p.End = freight.Place{Point: end.Point, Town: end.Town}
}

// restateMember puts what rider i of a deal pays, and when it is served, on the member.
func restateMember(m *freight.Member, d *pools.Deal, i int) {
	m.Place, m.Share = int64(i), d.Split.Riders[i].Share
	pickup, drop := served(d.Trip, m.Load)
	m.PickupETA, m.DropETA = pickup.Start, drop.Start
}

// served finds the calls of a trip's plan that pick a load up and deliver it.
func served(tr *freight.Trip, load freight.ID) (pickup, drop freight.Call) {
	for _, c := range tr.Plan {
		switch {
		case c.Load != load:
		case c.Kind == freight.CallPickup:
			pickup = c
		case c.Kind == freight.CallDelivery:
			drop = c
		}
	}
	return pickup, drop
}

// livePool returns a pool that can still be answered, in the version named.
func (t *turn) livePool(id freight.ID, version int64) (*freight.Pool, error) {
	p := t.pools.get(id)
	switch {
	case p == nil:
		return nil, freight.Missing("pool", id)
	case !p.Live():
		return nil, freight.Refuse(freight.ProblemTaken, "pool", string(p.State))
	case t.now > p.Deadline:
		return nil, freight.Refuse(freight.ProblemExpired, "pool", p.Deadline.String())
	}
	return p, sameVersion(version, p.Version)
}

// askedPool is livePool for a shipper, with the asker's members of it; a pool without
// one is not his to see.
func (t *turn) askedPool(id freight.ID, version int64) (*freight.Pool, []*freight.Member, error) {
	mine := slices.DeleteFunc(t.Members(id), func(m *freight.Member) bool { return m.Org != t.cmd.Org })
	if len(mine) == 0 {
		return nil, nil, freight.Missing("pool", id)
	}
	p, err := t.livePool(id, version)
	return p, mine, err
}

func (t *turn) consentPool(act freight.ConsentPool) (freight.Result, error) {
	p, mine, err := t.askedPool(act.Pool, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	for _, old := range mine {
		if old.Consent == freight.ConsentGiven {
			continue
		}
		m, err := t.moveMember(old, freight.MemberGive, freight.NoReason)
		if err != nil {
			return freight.Result{}, err
		}
		t.tell(m.Org, freight.EventPoolConsented, &p.Meta, t.memberFacts(p, m))
	}
	if err := t.tenderIfAllAgree(p); err != nil {
		return freight.Result{}, err
	}
	return freight.Result{Pool: t.pools.get(p.ID)}, nil
}

func (t *turn) declinePool(act freight.DeclinePool) (freight.Result, error) {
	p, mine, err := t.askedPool(act.Pool, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	why := cmp.Or(act.Reason, freight.ReasonDeclined)
	for _, m := range mine {
		if err := t.dismiss(p, m, freight.MemberRefuse, why); err != nil {
			return freight.Result{}, err
		}
	}
	if err := t.resettle(p, freight.ReasonQuorum); err != nil {
		return freight.Result{}, err
	}
	return freight.Result{Pool: t.pools.get(p.ID)}, nil
}

// moveMember saves the member with its next consent.
func (t *turn) moveMember(old *freight.Member, event freight.MemberEvent, why freight.Reason) (*freight.Member, error) {
	m := *old
	var err error
	if m.Consent, err = freight.NextConsent(old.Consent, event); err != nil {
		return nil, err
	}
	m.Reason = why
	t.touch(&m.Meta)
	t.saveMember(&m)
	return &m, nil
}

// dismiss ends a membership and tells the shipper.
func (t *turn) dismiss(p *freight.Pool, old *freight.Member, event freight.MemberEvent, why freight.Reason) error {
	m, err := t.moveMember(old, event, why)
	if err != nil {
		return err
	}
	t.tell(m.Org, freight.EventPoolLeft, &p.Meta, t.memberFacts(p, m))
	return nil
}

// reviewPoolOf lets a load leave its pool that is no longer on the market as it was.
func (t *turn) reviewPoolOf(l *freight.Load) {
	p := t.PoolOf(l.ID)
	if p == nil {
		return
	}
	for _, m := range t.Members(p.ID) {
		if m.Load != l.ID || l.State == freight.LoadPosted && l.Stated == m.Stated {
			continue
		}
		err := t.dismiss(p, m, freight.MemberDrop, whyGone(l))
		if err == nil {
			err = t.resettle(p, whyGone(l))
		}
		t.fault = cmp.Or(t.fault, err)
	}
}

func whyGone(l *freight.Load) freight.Reason {
	switch {
	case l.State == freight.LoadPosted:
		return freight.ReasonEdited
	case l.State == freight.LoadCommitted:
		return freight.ReasonTaken
	case l.Outcome == freight.OutcomeExpired:
		return freight.ReasonWindowPickup
	}
	return freight.ReasonWithdrawn
}

// resettle shares the truck among those who are left where each of them still pays
// no more than he was promised; else the pool is dissolved for the reason.
func (t *turn) resettle(old *freight.Pool, why freight.Reason) error {
	left := t.Members(old.ID)
	riders := make([]pools.Rider, len(left))
	for i, m := range left {
		riders[i] = pools.Rider{Load: t.loads.get(m.Load), Most: m.Most}
	}
	deal, ok := t.price(riders, t.env.PoolLead)
	if !ok {
		return t.dissolve(old, why)
	}
	p := *old
	if err := t.movePool(&p, freight.PoolReprice); err != nil {
		return err
	}
	t.touch(&p.Meta)
	t.restatePool(&p, &deal)
	p.Deadline = min(p.Deadline, t.env.Tender(p.Departs))
	t.savePool(&p)
	for i, r := range deal.Riders {
		for _, m := range left {
			if m.Load == r.Load.ID {
				next := *m
				t.touch(&next.Meta)
				restateMember(&next, &deal, i)
				t.saveMember(&next)
			}
		}
	}
	t.tellMembers(&p, freight.EventPoolRepriced)
	if p.State == freight.PoolTendered {
		t.tellOperators(&p, freight.EventPoolRepriced)
	}
	return t.tenderIfAllAgree(&p)
}

// tenderIfAllAgree offers the pool to operators once everybody who is left has
// consented.
func (t *turn) tenderIfAllAgree(old *freight.Pool) error {
	waits := func(m *freight.Member) bool { return m.Consent != freight.ConsentGiven }
	if old.State != freight.PoolConsenting || slices.ContainsFunc(t.Members(old.ID), waits) {
		return nil
	}
	p := *old
	if err := t.movePool(&p, freight.PoolTender); err != nil {
		return err
	}
	t.touch(&p.Meta)
	p.Deadline = t.env.Tender(p.Departs)
	t.savePool(&p)
	t.tellMembers(&p, freight.EventPoolTendered)
	t.tellOperators(&p, freight.EventPoolTendered)
	return nil
}

// dissolve lets everybody go and says why.
func (t *turn) dissolve(old *freight.Pool, why freight.Reason) error {
	p := *old
	tendered := p.State == freight.PoolTendered
	if err := t.movePool(&p, freight.PoolDissolve); err != nil {
		return err
	}
	left := t.Members(p.ID)
	t.touch(&p.Meta)
	p.Reason = why
	t.savePool(&p)
	for _, old := range left {
		m, err := t.moveMember(old, freight.MemberRelease, why)
		if err != nil {
			return err
		}
		t.tell(m.Org, freight.EventPoolDissolved, &p.Meta, t.memberFacts(&p, m))
	}
	if tendered {
		t.tellOperators(&p, freight.EventPoolDissolved)
	}
	return nil
}

// poolDue is the deadline of a pool: who has not consented is counted no more; who
// was not taken is let go.
func (t *turn) poolDue(id freight.ID) bool {
	p := t.pools.get(id)
	if p == nil || !p.Live() || p.Deadline >= t.now {
		return false
	}
	if p.State == freight.PoolTendered {
		return t.dissolve(p, freight.ReasonUntaken) == nil
	}
	for _, m := range t.Members(id) {
		if m.Consent == freight.ConsentAsked && t.dismiss(p, m, freight.MemberLapse, freight.ReasonExpiredOffer) != nil {
			return false
		}
	}
	return t.resettle(p, freight.ReasonQuorum) == nil
}
