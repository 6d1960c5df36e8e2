package audit

import (
	"context"
	"slices"

	"pinhuo/freight"
)

// events wants events numbered 1, 2, 3 ..., in order of time, about rows that
// exist, told to a party, and every party told of what concerns it.
func (w *world) events(ctx context.Context, src Source) error {
	told := map[tale]bool{}
	last := int64(0)
	for e, err := range src.AuditEvents(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		row := []Row{{"event", e.Subject}}
		if e.Seq != last+1 {
			w.note(EventGap, row, Number{"seq", e.Seq}, Number{"want_seq", last + 1})
		}
		if e.At < w.now {
			w.note(EventOrder, row, Number{"seq", e.Seq}, Number{"at_ms", int64(e.At)}, Number{"before_ms", int64(w.now)})
		}
		last, w.now = e.Seq, max(w.now, e.At)
		w.checkEvent(&e)
		w.pity(&e)
		w.slip(&e)
		w.worry(&e)
		w.risk(&e)
		w.follow(&e)
		told[tale{e.Type, e.Subject, e.Audience}] = true
		w.count("event", 1)
	}
	if last > 0 && w.market.Epoch < 1 {
		w.note(LeaseEpoch, []Row{{"market", w.market.Market.ID}}, Number{"events", last}, Number{"epoch", w.market.Epoch})
	}
	if last != w.market.EventSeq {
		w.note(EventGap, []Row{{"market", w.market.Market.ID}}, Number{"seq", last}, Number{"want_seq", w.market.EventSeq})
	}
	w.checkTold(told)
	return nil
}

// tale is what somebody was told.
type tale struct {
	what     freight.EventType
	subject  freight.ID
	audience freight.ID
}

// about is the kind of row that each type of event is about.
var about = map[freight.EventType]string{
	freight.EventLoadPosted: freight.KindLoad, freight.EventLoadEdited: freight.KindLoad, freight.EventLoadOffered: freight.KindLoad,
	freight.EventLoadExplained: freight.KindLoad, freight.EventLoadWithdrawn: freight.KindLoad, freight.EventLoadExpired: freight.KindLoad,
	freight.EventLoadExtended: freight.KindLoad, freight.EventTripExtended: freight.KindTrip, freight.EventOfferExtended: freight.KindOffer,
	freight.EventOfferReceived: freight.KindOffer, freight.EventOfferRuled: freight.KindOffer, freight.EventPreferenceSet: freight.KindPreference,
	freight.EventLoadStill: freight.KindLoad, freight.EventLoadKept: freight.KindLoad, freight.EventLoadLapsed: freight.KindLoad,
	freight.EventTripStill: freight.KindTrip, freight.EventTripKept: freight.KindTrip,
	freight.EventTripAgain: freight.KindTrip, freight.EventTripReconfirmed: freight.KindTrip, freight.EventTripUnconfirmed: freight.KindTrip,
	freight.EventBookingAgain: freight.KindBooking, freight.EventBookingUncertain: freight.KindBooking,
	freight.EventLoadUnanswered: freight.KindLoad, freight.EventLoadSettled: freight.KindLoad,
	freight.EventTripAnnounced: freight.KindTrip, freight.EventTripEdited: freight.KindTrip, freight.EventTripReplanned: freight.KindTrip, freight.EventTripExplained: freight.KindTrip,
	freight.EventTripUnderway: freight.KindTrip, freight.EventTripCompleted: freight.KindTrip, freight.EventTripCancelled: freight.KindTrip,
	freight.EventTripLapsed: freight.KindTrip, freight.EventTripReload: freight.KindTrip,
	freight.EventBundleSent: freight.KindBundle, freight.EventBundleChanged: freight.KindBundle, freight.EventBundleEnded: freight.KindBundle,
	freight.EventOfferTaken: freight.KindOffer, freight.EventOfferSent: freight.KindOffer, freight.EventOfferSeen: freight.KindOffer, freight.EventOfferRepriced: freight.KindOffer,
	freight.EventOfferCountered: freight.KindOffer, freight.EventOfferDeclined: freight.KindOffer, freight.EventOfferExpired: freight.KindOffer,
	freight.EventOfferSuperseded: freight.KindOffer, freight.EventOfferWithdrawn: freight.KindOffer,
	freight.EventBookingHeld: freight.KindBooking, freight.EventBookingExtended: freight.KindBooking, freight.EventBookingFirm: freight.KindBooking, freight.EventBookingReleased: freight.KindBooking,
	freight.EventBookingArrived: freight.KindBooking, freight.EventBookingAboard: freight.KindBooking, freight.EventBookingHandedOver: freight.KindBooking,
	freight.EventBookingRefused: freight.KindBooking, freight.EventBookingReturned: freight.KindBooking, freight.EventBookingOverdue: freight.KindBooking, freight.EventTripOverdue: freight.KindTrip,
	freight.EventBookingProof: freight.KindBooking, freight.EventBookingProven: freight.KindBooking,
	freight.EventBookingAtRisk: freight.KindBooking, freight.EventBookingWell: freight.KindBooking,
	freight.EventTripDelayed: freight.KindTrip, freight.EventBookingDelayed: freight.KindBooking,
	freight.EventBookingStranded: freight.KindBooking, freight.EventTripStopped: freight.KindTrip,
	freight.EventBookingRepriced: freight.KindBooking, freight.EventBookingFinal: freight.KindBooking, freight.EventTripShort: freight.KindTrip, freight.EventCostsSet: freight.KindCosts,
	freight.EventPoolFormed: freight.KindPool, freight.EventPoolConsented: freight.KindPool, freight.EventPoolRepriced: freight.KindPool,
	freight.EventPoolLeft: freight.KindPool, freight.EventPoolTendered: freight.KindPool, freight.EventPoolCommitted: freight.KindPool,
	freight.EventPoolDissolved: freight.KindPool, freight.EventPoolExtended: freight.KindPool,
	freight.EventTicketOpened: freight.KindTicket, freight.EventTicketTaken: freight.KindTicket, freight.EventTicketNoted: freight.KindTicket,
	freight.EventTicketHanded: freight.KindTicket, freight.EventTicketEscalated: freight.KindTicket, freight.EventTicketOverdue: freight.KindTicket,
	freight.EventTicketDone: freight.KindTicket, freight.EventTicketReopened: freight.KindTicket, freight.EventTicketClosed: freight.KindTicket,
	freight.EventTicketExtended: freight.KindTicket, freight.EventOfficerSet: freight.KindOfficer, freight.EventDeskBrief: freight.KindBrief,
}

// What the desk is told, and what it alone is.
var (
	forDesk  = map[freight.EventType]bool{freight.EventLoadUnanswered: true, freight.EventLoadSettled: true, freight.EventLoadExplained: true, freight.EventTripShort: true}
	deskOnly = map[freight.EventType]bool{freight.EventLoadUnanswered: true, freight.EventLoadSettled: true}
)

func (w *world) checkEvent(e *freight.Event) {
	kind, known := about[e.Type]
	if !known || e.Schema < 1 || e.Schema > freight.EventSchema {
		w.note(EventUnknown, []Row{{"event", e.Subject}}, Number{"seq", e.Seq}, Number{"schema", int64(e.Schema)})
		return
	}
	rows := []Row{{kind, e.Subject}}
	if have := w.version(kind, e.Subject); e.Version < 1 || e.Version > have {
		w.note(EventSubject, rows, Number{"seq", e.Seq}, Number{"version", e.Version}, Number{"have_version", have})
		return
	}
	if forDesk[e.Type] && w.orgs[e.Audience].Kind == freight.OrgDesk {
		return
	}
	if deskOnly[e.Type] || !slices.Contains(w.parties(kind, e.Subject), e.Audience) {
		w.note(EventAudience, append(rows, Row{"org", e.Audience}), Number{"seq", e.Seq})
	}
}

// parties are the organizations that may be told of a row.
func (w *world) parties(kind string, id freight.ID) []freight.ID {
	switch kind {
	case freight.KindLoad:
		return []freight.ID{w.loads[id].Org}
	case freight.KindTrip:
		return []freight.ID{w.trips[id].Org}
	case freight.KindOffer:
		return []freight.ID{w.offers[id].Org, w.offers[id].Shipper}
	case freight.KindBundle:
		return []freight.ID{w.bundles[id][0].Org}
	case freight.KindBooking:
		return []freight.ID{w.bookings[id].Org, w.bookings[id].Shipper}
	case freight.KindPool:
		return w.toldOfPool(id)
	case freight.KindTicket: // a ticket that came to another desk was told to the one before
		return append([]freight.ID{w.tickets[id].Org, w.tickets[id].Other}, w.desks()...)
	case freight.KindOfficer:
		return []freight.ID{w.officers[id].Org}
	case freight.KindPreference:
		return []freight.ID{w.preferences[id].Org}
	case freight.KindBrief, freight.KindCosts:
		return w.desks()
	}
	return nil
}

// desks lists the organizations of the market's desk.
func (w *world) desks() (orgs []freight.ID) {
	for _, org := range sorted(w.orgs) {
		if w.orgs[org].Kind == freight.OrgDesk {
			orgs = append(orgs, org)
		}
	}
	return orgs
}

// checkTold wants the beginnings of everything, and both sides of a booking's
// beginning and release, told.
func (w *world) checkTold(told map[tale]bool) {
	want := func(kind string, id, audience freight.ID, what freight.EventType) {
		if !told[tale{what, id, audience}] {
			w.note(EventMissing, []Row{{kind, id}, {"org", audience}})
		}
	}
	for _, id := range sorted(w.loads) {
		want(freight.KindLoad, id, w.loads[id].Org, freight.EventLoadPosted)
		if w.loads[id].Answer != 0 {
			want(freight.KindLoad, id, w.loads[id].Org, freight.EventLoadExplained)
		}
	}
	for _, id := range sorted(w.loads) {
		if l := w.loads[id]; l.Outcome == "lapsed" {
			want(freight.KindLoad, id, l.Org, freight.EventLoadStill)
			want(freight.KindLoad, id, l.Org, freight.EventLoadLapsed)
		}
	}
	for _, id := range sorted(w.trips) {
		want(freight.KindTrip, id, w.trips[id].Org, freight.EventTripAnnounced)
		if w.trips[id].Answer != 0 {
			want(freight.KindTrip, id, w.trips[id].Org, freight.EventTripExplained)
		}
	}
	for _, id := range sorted(w.offers) {
		o := w.offers[id]
		if o.Taken == "" {
			want(freight.KindOffer, id, o.Org, freight.EventOfferSent)
			continue
		}
		want(freight.KindOffer, id, o.Org, freight.EventOfferTaken)
		want(freight.KindOffer, id, o.Shipper, freight.EventOfferTaken)
	}
	for _, id := range sorted(w.bundles) {
		want(freight.KindBundle, id, w.bundles[id][0].Org, freight.EventBundleSent)
	}
	for _, id := range sorted(w.members) {
		m := w.members[id]
		want(freight.KindPool, m.Pool, m.Org, freight.EventPoolFormed)
		if m.Consent == freight.ConsentBooked {
			want(freight.KindPool, m.Pool, m.Org, freight.EventPoolCommitted)
		}
	}
	for _, id := range sorted(w.tickets) {
		t := w.tickets[id]
		want(freight.KindTicket, id, t.Org, freight.EventTicketOpened)
		if t.State == "closed" {
			want(freight.KindTicket, id, t.Org, freight.EventTicketClosed)
			want(freight.KindTicket, id, t.Desk, freight.EventTicketClosed)
		}
	}
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		for _, side := range []freight.ID{b.Org, b.Shipper} {
			if b.Until != 0 {
				want(freight.KindBooking, id, side, freight.EventBookingHeld)
			}
			if b.Until == 0 || b.State != freight.BookingHeld && b.State != freight.BookingReleased {
				want(freight.KindBooking, id, side, freight.EventBookingFirm)
			}
			if b.State == freight.BookingReleased {
				want(freight.KindBooking, id, side, freight.EventBookingReleased)
			}
		}
	}
}

// changes wants changes numbered 1, 2, 3 ... about versions that exist, and the
// present version of every row among them.
func (w *world) changes(ctx context.Context, src Source) error {
	last := int64(0)
	newest := map[Row]int64{}
	for c, err := range src.AuditChanges(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		row := Row{c.Kind, c.ID}
		if c.Seq != last+1 {
			w.note(ChangeGap, []Row{row}, Number{"seq", c.Seq}, Number{"want_seq", last + 1})
		}
		last = c.Seq
		if have := w.version(c.Kind, c.ID); c.Version < 1 || c.Version > have {
			w.note(ChangeRow, []Row{row}, Number{"seq", c.Seq}, Number{"version", c.Version}, Number{"have_version", have})
		}
		newest[row] = max(newest[row], c.Version)
		w.count("change", 1)
	}
	if last != w.market.ChangeSeq {
		w.note(ChangeGap, []Row{{"market", w.market.Market.ID}}, Number{"seq", last}, Number{"want_seq", w.market.ChangeSeq})
	}
	wantChanges(w, freight.KindVehicle, w.vehicles, newest)
	wantChanges(w, freight.KindLoad, w.loads, newest)
	wantChanges(w, freight.KindTrip, w.trips, newest)
	wantChanges(w, freight.KindOffer, w.offers, newest)
	wantChanges(w, freight.KindBooking, w.bookings, newest)
	wantChanges(w, freight.KindPool, w.pools, newest)
	wantChanges(w, freight.KindMember, w.members, newest)
	wantChanges(w, freight.KindPreference, w.preferences, newest)
	wantChanges(w, freight.KindCosts, w.models, newest)
	wantChanges(w, freight.KindProof, w.proofs, newest)
	return nil
}

func wantChanges[T any](w *world, kind string, rows map[freight.ID]*T, newest map[Row]int64) {
	for _, id := range sorted(rows) {
		row := Row{kind, id}
		if have := w.version(kind, id); newest[row] < have {
			w.note(ChangeMissing, []Row{row}, Number{"version", have}, Number{"told_version", newest[row]})
		}
	}
}

// answers wants every stored answer to name rows that exist, in versions they
// have had.
func (w *world) answers(ctx context.Context, src Source) error {
	for a, err := range src.AuditAnswers(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		w.count("answer", 1)
		if a.Refusal != nil {
			continue
		}
		for _, m := range named(&a.Result) {
			if have := w.version(m.Kind, m.ID); m.version < 1 || m.version > have {
				w.note(AnswerRow, []Row{{"answer", freight.ID(a.Key.Name)}, m.Row}, Number{"version", m.version}, Number{"have_version", have})
			}
		}
	}
	return nil
}

// naming is a row that an answer names, and the version.
type naming struct {
	Row
	version int64
}

func named(r *freight.Result) []naming {
	var list []naming
	add := func(kind string, m freight.Meta) { list = append(list, naming{Row{kind, m.ID}, m.Version}) }
	if r.Load != nil {
		add(freight.KindLoad, r.Load.Meta)
	}
	if r.Trip != nil {
		add(freight.KindTrip, r.Trip.Meta)
	}
	if r.Offer != nil {
		add(freight.KindOffer, r.Offer.Meta)
	}
	if r.Booking != nil {
		add(freight.KindBooking, r.Booking.Meta)
	}
	if r.Pool != nil {
		add(freight.KindPool, r.Pool.Meta)
	}
	return list
}
