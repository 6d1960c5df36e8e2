package audit

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// groupMembers finds the members of each pool, in their order, and the member behind
// each booking.
func (w *world) groupMembers() {
	w.membersOf, w.memberBooked = map[freight.ID][]*freight.Member{}, map[freight.ID]*freight.Member{}
	for _, id := range sorted(w.members) {
		m := w.members[id]
		w.membersOf[m.Pool] = append(w.membersOf[m.Pool], m)
		if m.Booking != "" {
			w.memberBooked[m.Booking] = m
		}
	}
	for _, list := range w.membersOf {
		slices.SortFunc(list, func(a, b *freight.Member) int { return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID)) })
	}
}

// checkPools judges each pool by its members, and by the trip that it became.
func (w *world) checkPools() {
	for _, id := range sorted(w.members) {
		w.checkMember(w.members[id])
	}
	in := map[freight.ID]freight.ID{}
	for _, id := range sorted(w.pools) {
		p := w.pools[id]
		row := Row{freight.KindPool, id}
		counted := slices.DeleteFunc(slices.Clone(w.membersOf[id]), func(m *freight.Member) bool { return !m.In() })
		if !w.poolStands(p, counted) {
			w.note(PoolState, []Row{row}, Number{"members", int64(len(counted))}, Number{"version", p.Version})
		}
		if !p.Live() && p.State != freight.PoolCommitted {
			continue
		}
		var sum freight.Fen
		for _, m := range counted {
			sum += m.Share
			if other, ok := in[m.Load]; ok && p.Live() {
				w.note(PoolState, []Row{row, {freight.KindPool, other}, {freight.KindLoad, m.Load}})
			}
			if p.Live() {
				in[m.Load] = id
			}
		}
		if sum != p.Price {
			w.note(PoolShares, []Row{row}, Number{"shares_fen", int64(sum)}, Number{"price_fen", int64(p.Price)})
		}
		if late := w.now - p.Deadline; p.Live() && late > w.opts.Grace {
			w.note(PoolOverdue, []Row{row}, Number{"late_s", ceilSeconds(late)})
		}
	}
}

// poolStands tells whether a pool's state is that of those counted with it.
func (w *world) poolStands(p *freight.Pool, counted []*freight.Member) bool {
	all := func(consents ...freight.Consent) bool {
		return !slices.ContainsFunc(counted, func(m *freight.Member) bool { return !slices.Contains(consents, m.Consent) })
	}
	t := w.trips[p.Trip]
	switch p.State {
	case freight.PoolConsenting:
		return len(counted) >= 2 && all(freight.ConsentAsked, freight.ConsentGiven) && p.Carrier == "" && p.Trip == ""
	case freight.PoolTendered:
		return len(counted) >= 2 && all(freight.ConsentGiven) && p.Carrier == "" && p.Trip == ""
	case freight.PoolCommitted:
		return len(counted) >= 2 && all(freight.ConsentBooked) && t != nil && t.Org == p.Carrier && t.Vehicle.Type == p.Type
	case freight.PoolDissolved:
		return len(counted) == 0 && p.Reason != freight.NoReason && p.Trip == ""
	}
	return false
}

// checkMember judges one member by its load, its promise and its booking.
func (w *world) checkMember(m *freight.Member) {
	rows := []Row{{freight.KindMember, m.ID}, {freight.KindPool, m.Pool}, {freight.KindLoad, m.Load}}
	p, l := w.pools[m.Pool], w.loads[m.Load]
	if p == nil || l == nil || l.Org != m.Org {
		w.note(DanglingRow, rows)
		return
	}
	if m.Share > m.Most || m.Most > m.Alone || l.Stated == m.Stated && m.Most > l.Ceiling {
		w.note(PoolPromise, rows, Number{"share_fen", int64(m.Share)}, Number{"most_fen", int64(m.Most)},
			Number{"alone_fen", int64(m.Alone)}, Number{"ceiling_fen", int64(l.Ceiling)})
	}
	var sound bool
	switch m.Consent {
	case freight.ConsentAsked, freight.ConsentGiven:
		sound = p.Live() && l.State == freight.LoadPosted && l.Stated == m.Stated && m.Booking == ""
	case freight.ConsentBooked:
		b := w.bookings[m.Booking]
		sound = b != nil && b.Load == m.Load && b.Trip == p.Trip && b.Offer == ""
	default:
		sound = m.Booking == "" && m.Reason != freight.NoReason
	}
	if !sound {
		w.note(PoolState, rows, Number{"version", m.Version})
	}
}

// checkPooled judges a booking that no offer stands behind: a pool's member must.
func (w *world) checkPooled(b *freight.Booking, l *freight.Load, t *freight.Trip) bool {
	row := Row{freight.KindBooking, b.ID}
	m := w.memberBooked[b.ID]
	if m == nil {
		w.note(DanglingRow, []Row{row, {freight.KindLoad, b.Load}, {freight.KindTrip, b.Trip}, {freight.KindOffer, b.Offer}})
		return false
	}
	if m.Load != b.Load || b.Org != t.Org || b.Shipper != l.Org {
		w.note(BookingTerms, []Row{row, {freight.KindMember, m.ID}, {freight.KindLoad, l.ID}, {freight.KindTrip, t.ID}})
	}
	if b.Price != m.Share {
		w.note(PriceNotAccepted, []Row{row, {freight.KindMember, m.ID}}, Number{"price_fen", int64(b.Price)}, Number{"share_fen", int64(m.Share)})
	}
	return true
}

// toldOfPool are those who may be told of a pool: its members' shippers and, once it
// has been put before them, the market's operators.
func (w *world) toldOfPool(id freight.ID) (orgs []freight.ID) {
	for _, m := range w.membersOf[id] {
		orgs = append(orgs, m.Org)
	}
	for _, org := range sorted(w.orgs) {
		if w.orgs[org].Kind == freight.OrgCarrier {
			orgs = append(orgs, org)
		}
	}
	return orgs
}
