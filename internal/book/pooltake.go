package book

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/pools"
)

// takePool announces the trip that a tendered pool is and books all its members on
// it, or does nothing.
func (t *turn) takePool(act freight.TakePool) (freight.Result, error) {
	p, err := t.livePool(act.Pool, act.Version)
	if err != nil {
		return freight.Result{}, err
	}
	if p.State != freight.PoolTendered {
		return freight.Result{}, freight.Missing("pool", act.Pool)
	}
	if act.Vehicle.Type != p.Type {
		return freight.Result{}, &freight.Error{Code: freight.Invalid, Problem: freight.ProblemSplit, Field: "vehicle.type",
			Value: freight.Shorten(string(act.Vehicle.Type)), Want: string(p.Type)}
	}
	members := t.Members(p.ID)
	trip, err := t.poolTrip(p, act.Vehicle, len(members))
	if err != nil {
		return freight.Result{}, err
	}
	loads := make([]*freight.Load, len(members))
	for i, m := range members {
		loads[i] = t.loads.get(m.Load)
	}
	full, _, why := pools.Board(&t.fit, trip, loads)
	if why != freight.NoReason {
		return freight.Result{}, freight.Unfit("pool", p.ID, why)
	}
	return t.commitPool(p, full, members, loads)
}

// poolTrip begins the trip of a pool with a vehicle of the asker's, nobody aboard.
func (t *turn) poolTrip(p *freight.Pool, vehicle freight.VehicleTerms, members int) (*freight.Trip, error) {
	trip, err := t.newTrip()
	if err != nil {
		return nil, err
	}
	return trip, t.judgeTrip(trip, pools.Terms(vehicle, p.Start, p.Horizon, members), nil)
}

// commitPool makes the pool a trip: from here on its loads are promised to it alone.
func (t *turn) commitPool(old *freight.Pool, full *freight.Trip, members []*freight.Member, loads []*freight.Load) (freight.Result, error) {
	p := *old
	if err := t.movePool(&p, freight.PoolCommit); err != nil {
		return freight.Result{}, err
	}
	t.touch(&p.Meta)
	p.Carrier, p.Trip = t.cmd.Org, full.ID
	t.savePool(&p)
	for _, m := range members {
		full.Due += m.Share
	}
	t.openTrip(full, freight.EventTripAnnounced)
	for i, m := range members {
		k, err := t.bookMember(m, loads[i], full)
		if err != nil {
			return freight.Result{}, err
		}
		riding := *m
		riding.Booking = k.ID
		booked, err := t.moveMember(&riding, freight.MemberBook, freight.NoReason)
		if err != nil {
			return freight.Result{}, err
		}
		t.tell(m.Org, freight.EventPoolCommitted, &p.Meta, t.memberFacts(&p, booked))
		t.endOffers(t.OpenOffers(m.Load), freight.OfferSupersede, freight.ReasonTaken)
	}
	t.tell(p.Carrier, freight.EventPoolCommitted, &p.Meta, t.poolFacts(&p))
	t.tellOperators(&p, freight.EventPoolCommitted)
	return freight.Result{Pool: &p, Trip: full}, nil
}

// bookMember books one load of a pool at its share.
func (t *turn) bookMember(m *freight.Member, l *freight.Load, trip *freight.Trip) (*freight.Booking, error) {
	pickup, drop := served(trip, l.ID)
	k := &freight.Booking{
		Meta: t.meta(freight.PrefixBooking, trip.Org), State: freight.BookingFirm, Shipper: l.Org, Load: l.ID, Trip: trip.ID,
		Take: pickup.Take, Price: m.Share, Share: m.Share, Most: m.Most, Costs: t.present(), Alone: m.Alone, PickupBy: pickup.Window.Close, DropBy: drop.Window.Close,
		PickupETA: pickup.Start, DropETA: drop.Start, Router: trip.Router,
	}
	committed, err := t.promise(k, l)
	if err != nil {
		return nil, err
	}
	t.tellBooked(k, committed)
	return k, nil
}

func (t *turn) savePool(p *freight.Pool) {
	t.placePool(p)
	t.changed(freight.KindPool, &p.Meta)
}

func (t *turn) saveMember(m *freight.Member) {
	t.placeMember(m)
	t.changed(freight.KindMember, &m.Meta)
}

// putOffPool changes no terms, so the version that an answer names stays good.
func (t *turn) putOffPool(old *freight.Pool, until freight.Instant) {
	if until <= old.Deadline {
		return
	}
	p := *old
	p.Changed, p.Deadline = t.now, until
	t.savePool(&p)
	t.tellMembers(&p, freight.EventPoolExtended)
	if p.State == freight.PoolTendered {
		t.tellOperators(&p, freight.EventPoolExtended)
	}
}

// tellMembers tells each member what it pays.
func (t *turn) tellMembers(p *freight.Pool, what freight.EventType) {
	for _, m := range t.Members(p.ID) {
		t.tell(m.Org, what, &p.Meta, t.memberFacts(p, m))
	}
}

// tellOperators tells those who have a vehicle of the pool's type and did not take it.
func (t *turn) tellOperators(p *freight.Pool, what freight.EventType) {
	set := map[freight.ID]*struct{}{}
	for _, id := range all(&t.vehicles) {
		if v := t.vehicles.get(id); v != nil && v.Type == p.Type && v.Has.Has(p.Needs) && v.Org != p.Carrier {
			set[v.Org] = nil
		}
	}
	facts := t.poolFacts(p)
	if p.State == freight.PoolCommitted {
		facts = freight.Facts{Pool: p.ID, State: string(p.State), From: facts.From, To: facts.To, Vehicle: facts.Vehicle, Reason: freight.ReasonTaken}
	}
	for _, org := range sortedIDs(set) {
		t.tell(org, what, &p.Meta, facts)
	}
}

// poolFacts are what operators are told: the drive and what it brings.
func (t *turn) poolFacts(p *freight.Pool) freight.Facts {
	f := freight.Facts{
		Pool: p.ID, Trip: p.Trip, State: string(p.State), Reason: p.Reason, From: p.Start.Place.Town, To: p.End.Town, Price: p.Price,
		Vehicle: string(p.Type), Expires: p.Deadline, DetourM: p.Metres, DetourS: p.Seconds,
		RouterName: p.Router.Method + " " + p.Router.Version,
	}
	f.Members, f.Consents = t.counted(p.ID)
	return f
}

// memberFacts are what one member is told: its own load and money, nobody else's.
func (t *turn) memberFacts(p *freight.Pool, m *freight.Member) freight.Facts {
	f := freight.Facts{
		Pool: p.ID, Load: m.Load, Booking: m.Booking, State: string(p.State), Reason: m.Reason, Price: m.Share, Most: m.Most, Alone: m.Alone,
		Vehicle: string(p.Type), Expires: p.Deadline, PickupETA: m.PickupETA, DropETA: m.DropETA,
		RouterName: p.Router.Method + " " + p.Router.Version,
	}
	f.Members, f.Consents = t.counted(p.ID)
	if l := t.loads.get(m.Load); l != nil {
		take := l.Size.Room
		f.Ref, f.Goods, f.From, f.To, f.Take = l.Ref, l.Goods, l.Pickup.Place.Town, l.Delivery.Place.Town, &take
	}
	return f
}

// counted returns how many loads a pool has and how many of them have consented.
func (t *turn) counted(pool freight.ID) (members, consents int64) {
	list := t.Members(pool)
	waiting := slices.DeleteFunc(slices.Clone(list), func(m *freight.Member) bool { return m.Consent != freight.ConsentAsked })
	return int64(len(list)), int64(len(list) - len(waiting))
}
