package audit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"pinhuo/freight"
)

// world is what the auditor keeps in memory of one market: every entity without
// the texts he has no use for, found by id and by what refers to it.
type world struct {
	market freight.State
	zone   *time.Location // of the market, nil where it has none that is known
	report *Report
	opts   Options

	orgs         map[freight.ID]freight.Org
	vehicles     map[freight.ID]*freight.Vehicle
	loads        map[freight.ID]*freight.Load
	trips        map[freight.ID]*freight.Trip
	offers       map[freight.ID]*freight.Offer
	bookings     map[freight.ID]*freight.Booking
	pools        map[freight.ID]*freight.Pool
	members      map[freight.ID]*freight.Member
	explanations map[freight.ID]*freight.Explanation // the last one of a load
	tickets      map[freight.ID]*freight.Ticket
	officers     map[freight.ID]*freight.Officer
	briefs       map[freight.ID]*freight.Brief
	preferences  map[freight.ID]*freight.Preference
	proofs       map[freight.ID]*freight.Proof

	bookingsFor map[freight.ID][]*freight.Booking // by load, in order of id
	bookingsOn  map[freight.ID][]*freight.Booking // by trip, in order of id
	bookingsOf  map[freight.ID][]*freight.Booking // by offer, in order of id
	offersFor   map[freight.ID][]*freight.Offer   // by load, in order of id
	bundles     map[freight.ID][]*freight.Offer   // by bundle, in order of id

	membersOf    map[freight.ID][]*freight.Member // by pool, in their order
	memberBooked map[freight.ID]*freight.Member   // by booking

	ticketsFor map[freight.ID][]*freight.Ticket // by load, in order of id
	slips      map[tallyKey]freight.Tally       // what lapsed and was cancelled
	worries    []worry                          // shippers to be told and tickets to be opened, in order of time
	silent     map[freight.ID]bool              // trips whose operator has not said that he drives
	uncertain  map[tale]freight.Instant         // when a shipper was told so last, by booking
	unanswered []plight                         // in order of time
	risked     map[freight.ID]freight.Instant   // when a booking was first said to be at risk
	atRisk     map[tale]bool                    // who was told that a booking is
	manned     freight.Instant                  // since when the desk has officers, 0 for never

	models map[freight.ID]*freight.CostModel

	fares map[freight.ID]fare // by booking: what its shipper was last told

	now freight.Instant // of the last event: nothing is known of what came after
}

// newWorld is a world with a report of its own.
func newWorld(market freight.ID) *world {
	return &world{market: freight.State{Market: freight.Market{ID: market}}, report: &Report{Rows: map[string]int{}, Counts: map[Name]int{}}}
}

func (w *world) note(name Name, rows []Row, numbers ...Number) {
	w.report.note(Violation{Name: name, Market: w.market.Market.ID, Rows: rows, Numbers: numbers})
}

// read fills the world from a snapshot.
func (w *world) read(ctx context.Context, src Source) error {
	id := w.market.Market.ID
	w.zone, _ = time.LoadLocation(w.market.Market.Zone) // without one its hours cannot be judged
	if err := w.readOrgs(ctx, src); err != nil {
		return err
	}
	w.fares = map[freight.ID]fare{}
	var err error
	w.vehicles, err = keep(src.AuditVehicles(ctx, id), func(v *freight.Vehicle) freight.ID { return v.ID }, err)
	w.loads, err = keep(src.AuditLoads(ctx, id), slimLoad, err)
	w.trips, err = keep(src.AuditTrips(ctx, id), slimTrip, err)
	w.offers, err = keep(src.AuditOffers(ctx, id), func(o *freight.Offer) freight.ID { return o.ID }, err)
	w.bookings, err = keep(src.AuditBookings(ctx, id), func(b *freight.Booking) freight.ID { return b.ID }, err)
	w.pools, err = keep(src.AuditPools(ctx, id), func(p *freight.Pool) freight.ID { return p.ID }, err)
	w.members, err = keep(src.AuditMembers(ctx, id), func(m *freight.Member) freight.ID { return m.ID }, err)
	w.explanations, err = keep(src.AuditExplanations(ctx, id), func(e *freight.Explanation) freight.ID { return e.Load }, err)
	w.tickets, err = keep(src.AuditTickets(ctx, id), func(t *freight.Ticket) freight.ID { return t.ID }, err)
	w.officers, err = keep(src.AuditOfficers(ctx, id), func(o *freight.Officer) freight.ID { return o.ID }, err)
	w.briefs, err = keep(src.AuditBriefs(ctx, id), func(b *freight.Brief) freight.ID { return b.ID }, err)
	w.preferences, err = keep(src.AuditPreferences(ctx, id), func(p *freight.Preference) freight.ID { return p.ID }, err)
	w.proofs, err = keep(src.AuditProofs(ctx, id), func(p *freight.Proof) freight.ID { return p.ID }, err)
	w.models, err = keep(src.AuditCosts(ctx, id), func(m *freight.CostModel) freight.ID { return m.ID }, err)
	w.count("costs", len(w.models))
	w.count("ticket", len(w.tickets))
	w.count("officer", len(w.officers))
	w.count("brief", len(w.briefs))
	w.count("proof", len(w.proofs))
	w.groupTickets()
	w.count("vehicle", len(w.vehicles))
	w.count("load", len(w.loads))
	w.count("trip", len(w.trips))
	w.count("offer", len(w.offers))
	w.count("booking", len(w.bookings))
	w.count("pool", len(w.pools))
	w.count("member", len(w.members))
	w.count("explanation", len(w.explanations))
	w.groupMembers()
	w.bundles = by(w.offers, func(o *freight.Offer) freight.ID { return o.Bundle })
	delete(w.bundles, "") // those that stand by themselves
	w.offersFor = by(w.offers, func(o *freight.Offer) freight.ID { return o.Load })
	w.bookingsFor, w.bookingsOn, w.bookingsOf = by(w.bookings, func(b *freight.Booking) freight.ID { return b.Load }),
		by(w.bookings, func(b *freight.Booking) freight.ID { return b.Trip }),
		by(w.bookings, func(b *freight.Booking) freight.ID { return b.Offer })
	return err
}

func (w *world) readOrgs(ctx context.Context, src Source) error {
	w.orgs = map[freight.ID]freight.Org{}
	for org, err := range src.AuditOrgs(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		w.orgs[org.ID] = org
	}
	return nil
}

func (w *world) count(kind string, n int) { w.report.Rows[kind] += n }

// keep reads rows into a map by the id that name returns; a failure before it
// or in it is passed on.
func keep[T any](rows iter.Seq2[T, error], name func(*T) freight.ID, failed error) (map[freight.ID]*T, error) {
	kept := map[freight.ID]*T{}
	if failed != nil {
		return kept, failed
	}
	for row, err := range rows {
		if err != nil {
			return kept, err
		}
		kept[name(&row)] = &row
	}
	return kept, nil
}

func slimLoad(l *freight.Load) freight.ID {
	l.Goods = ""
	slimStop(&l.Pickup)
	slimStop(&l.Delivery)
	return l.ID
}

func slimTrip(t *freight.Trip) freight.ID {
	for i := range t.Stops {
		slimStop(&t.Stops[i])
	}
	return t.ID
}

func slimStop(s *freight.Stop) {
	s.Place.Town, s.Place.Address, s.Contact = "", "", freight.Contact{}
}

// by groups rows, each group in order of id.
func by[T any](rows map[freight.ID]*T, key func(*T) freight.ID) map[freight.ID][]*T {
	groups := map[freight.ID][]*T{}
	for _, id := range sorted(rows) {
		k := key(rows[id])
		groups[k] = append(groups[k], rows[id])
	}
	return groups
}

func sorted[T any](m map[freight.ID]T) []freight.ID {
	ids := make([]freight.ID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b freight.ID) int { return cmp.Compare(a, b) })
	return ids
}

// version returns the present version of the row of a kind, 0 when there is no
// such row.
func (w *world) version(kind string, id freight.ID) int64 {
	switch kind {
	case freight.KindLoad:
		if l := w.loads[id]; l != nil {
			return l.Version
		}
	case freight.KindTrip:
		if t := w.trips[id]; t != nil {
			return t.Version
		}
	case freight.KindOffer:
		if o := w.offers[id]; o != nil {
			return o.Version
		}
	case freight.KindBundle:
		return edition(w.bundles[id])
	case freight.KindBooking:
		if b := w.bookings[id]; b != nil {
			return b.Version
		}
	case freight.KindPool:
		if p := w.pools[id]; p != nil {
			return p.Version
		}
	case freight.KindMember:
		if m := w.members[id]; m != nil {
			return m.Version
		}
	case freight.KindTicket:
		if t := w.tickets[id]; t != nil {
			return t.Version
		}
	case freight.KindOfficer:
		if o := w.officers[id]; o != nil {
			return o.Version
		}
	case freight.KindBrief:
		if b := w.briefs[id]; b != nil {
			return b.Version
		}
	case freight.KindPreference:
		if p := w.preferences[id]; p != nil {
			return p.Version
		}
	case freight.KindProof:
		if p := w.proofs[id]; p != nil {
			return p.Version
		}
	case freight.KindCosts:
		if m := w.models[id]; m != nil {
			return m.Version
		}
	case freight.KindVehicle:
		if v := w.vehicles[id]; v != nil {
			return v.Version
		}
	}
	return 0
}

// held tells whether a booking's load has its place on the trip, or rode on it.
func held(b *freight.Booking) bool { return b.State != freight.BookingReleased }
