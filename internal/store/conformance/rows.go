package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// full returns a commit in which every field of every kind of row is set.
func (w *World) full() *freight.Commit {
	c := w.Commit()
	c.Vehicles = []freight.Row[freight.Vehicle]{filledRow[freight.Vehicle](w, freight.PrefixVehicle, w.Carrier)}
	c.Loads = []freight.Row[freight.Load]{filledRow[freight.Load](w, freight.PrefixLoad, w.Shipper)}
	c.Trips = []freight.Row[freight.Trip]{filledRow[freight.Trip](w, freight.PrefixTrip, w.Carrier)}
	c.Offers = []freight.Row[freight.Offer]{filledRow[freight.Offer](w, freight.PrefixOffer, w.Carrier)}
	c.Bookings = []freight.Row[freight.Booking]{filledRow[freight.Booking](w, freight.PrefixBooking, w.Carrier)}
	c.Pools = []freight.Row[freight.Pool]{filledRow[freight.Pool](w, freight.PrefixPool, w.Carrier)}
	c.Members = []freight.Row[freight.Member]{filledRow[freight.Member](w, freight.PrefixMember, w.Shipper)}
	c.Pools[0].Value.Carrier = w.Carrier.ID
	c.Tickets = []freight.Row[freight.Ticket]{filledRow[freight.Ticket](w, freight.PrefixTicket, w.Shipper)}
	c.Officers = []freight.Row[freight.Officer]{filledRow[freight.Officer](w, freight.PrefixOfficer, w.Desk)}
	c.Officers[0].Value.Off = false
	c.Briefs = []freight.Row[freight.Brief]{filledRow[freight.Brief](w, freight.PrefixBrief, w.Desk)}
	c.Proofs = []freight.Row[freight.Proof]{filledRow[freight.Proof](w, freight.PrefixProof, w.Carrier)}
	c.Proofs[0].Value.Booking = c.Bookings[0].Value.ID
	c.Preferences = []freight.Row[freight.Preference]{filledRow[freight.Preference](w, freight.PrefixPreference, w.Carrier)}
	c.Costs = []freight.Row[freight.CostModel]{filledRow[freight.CostModel](w, freight.PrefixCosts, w.Desk)}
	c.Members[0].Value.Pool, c.Members[0].Value.Load = c.Pools[0].Value.ID, c.Loads[0].Value.ID
	c.Offers[0].Value.Shipper, c.Bookings[0].Value.Shipper = w.Shipper.ID, w.Shipper.ID
	load, trip := &c.Loads[0].Value, &c.Trips[0].Value
	c.Offers[0].Value.Load, c.Offers[0].Value.Trip = load.ID, trip.ID
	c.Bookings[0].Value.Load, c.Bookings[0].Value.Trip, c.Bookings[0].Value.Offer = load.ID, trip.ID, c.Offers[0].Value.ID
	c.Offers[0].Value.State = freight.OfferAccepted
	c.Records = []freight.TripRecord{{At: c.At, Trip: *trip}}
	var x freight.Explanation
	fill(&x)
	x.Market, x.Load, x.Org = w.Market.ID, load.ID, load.Org
	c.Explanations = []freight.Explanation{x}
	var told freight.TripExplanation
	fill(&told)
	told.Market, told.Trip, told.Org = w.Market.ID, trip.ID, trip.Org
	c.Told = []freight.TripExplanation{told}
	var e freight.Event
	fill(&e)
	w.Say(c, e.Type, w.Shipper.ID, freight.Meta{ID: e.Subject, Version: e.Version, Actor: e.Actor, Behalf: e.Behalf}, e.Facts)
	c.Events[0].Schema, c.Events[0].At = e.Schema, e.At
	var ch freight.Change
	fill(&ch)
	w.Note(c, ch.Kind, freight.Meta{ID: ch.ID, Version: ch.Version})
	c.Answers = w.answers(c)
	return c
}

// filledRow returns a new row of an organization with every field set.
func filledRow[T any](w *World, prefix string, org freight.Org) freight.Row[T] {
	var row freight.Row[T]
	fill(&row.Value)
	m := metaOf(&row.Value)
	m.ID, m.Market, m.Org = w.ID(prefix), w.Market.ID, org.ID
	return row
}

func metaOf(v any) *freight.Meta {
	switch v := v.(type) {
	case *freight.Vehicle:
		return &v.Meta
	case *freight.Load:
		return &v.Meta
	case *freight.Trip:
		return &v.Meta
	case *freight.Offer:
		return &v.Meta
	case *freight.Booking:
		return &v.Meta
	case *freight.Pool:
		return &v.Meta
	case *freight.Member:
		return &v.Meta
	case *freight.Ticket:
		return &v.Meta
	case *freight.Officer:
		return &v.Meta
	case *freight.Brief:
		return &v.Meta
	case *freight.Preference:
		return &v.Meta
	case *freight.CostModel:
		return &v.Meta
	case *freight.Proof:
		return &v.Meta
	}
	panic("a row without meta")
}

// answers returns an answer that tells of every row of the commit, one that
// tells of an earlier version, and a refusal.
func (w *World) answers(c *freight.Commit) []freight.Answer {
	told := freight.Answer{Key: freight.Key{Org: w.Shipper.ID, Name: `told "1"`, Hash: [32]byte{1, 31: 9}}, At: c.At}
	told.Result = freight.Result{Seq: 7, Load: &c.Loads[0].Value, Trip: &c.Trips[0].Value, Offer: &c.Offers[0].Value, Booking: &c.Bookings[0].Value,
		Pool: &c.Pools[0].Value, Ticket: &c.Tickets[0].Value, Officer: &c.Officers[0].Value, Brief: &c.Briefs[0].Value, Preference: &c.Preferences[0].Value, Costs: &c.Costs[0].Value}
	was := c.Loads[0].Value
	was.Version, was.Goods, was.First = was.Version-1, "as it was", false
	earlier := freight.Answer{Key: freight.Key{Org: w.Shipper.ID, Name: "earlier", Hash: [32]byte{2}}, At: c.At, Result: freight.Result{Seq: 8, Load: &was}}
	refused := freight.Answer{Key: freight.Key{Org: w.Shipper.ID, Name: "refused", Hash: [32]byte{3}}, At: c.At, Refusal: new(freight.Error)}
	fill(refused.Refusal)
	refused.Refusal.More = []freight.Error{{Code: freight.Invalid, Field: "more"}}
	return []freight.Answer{told, earlier, refused}
}

// testRows writes and reads every field of every row.
func testRows(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	c := w.full()
	w.Send(c)
	w.readBack(c)
	// The next version of each row replaces all of it.
	next := w.Commit()
	for i := range c.Loads {
		next.Loads = append(next.Loads, changedRow(c.Loads[i]))
		next.Loads[i].Value.Size.Pieces = nil
	}
	next.Vehicles = []freight.Row[freight.Vehicle]{changedRow(c.Vehicles[0])}
	next.Trips = []freight.Row[freight.Trip]{changedRow(c.Trips[0])}
	next.Trips[0].Value.Plan = []freight.Call{}
	next.Offers = []freight.Row[freight.Offer]{changedRow(c.Offers[0])}
	next.Bookings = []freight.Row[freight.Booking]{changedRow(c.Bookings[0])}
	next.Pools = []freight.Row[freight.Pool]{changedRow(c.Pools[0])}
	next.Members = []freight.Row[freight.Member]{changedRow(c.Members[0])}
	next.Tickets = []freight.Row[freight.Ticket]{changedRow(c.Tickets[0])}
	next.Officers = []freight.Row[freight.Officer]{changedRow(c.Officers[0])}
	next.Officers[0].Value.Off = false
	next.Preferences = []freight.Row[freight.Preference]{changedRow(c.Preferences[0])}
	next.Explanations = []freight.Explanation{{Market: w.Market.ID, Load: c.Loads[0].Value.ID, Org: w.Shipper.ID, At: next.At, Trips: 3, Counts: []freight.Count{}}}
	next.Told = []freight.TripExplanation{{Market: w.Market.ID, Trip: c.Trips[0].Value.ID, Org: w.Carrier.ID, At: next.At, Loads: 3, Counts: []freight.Count{}}}
	w.Send(next)
	w.readBack(next)
}

// changedRow returns the next version of a row, every field but its identity new.
func changedRow[T any](old freight.Row[T]) freight.Row[T] {
	var row freight.Row[T]
	before := metaOf(&old.Value)
	fill(&row.Value)
	m := metaOf(&row.Value)
	m.ID, m.Market, m.Org, m.Made, m.Version = before.ID, before.Market, before.Org, before.Made, before.Version+5
	row.Replaces = before.Version
	switch v := any(&row.Value).(type) {
	case *freight.Offer:
		was := any(&old.Value).(*freight.Offer)
		v.Load, v.Trip, v.Shipper, v.Price, v.State = was.Load, was.Trip, was.Shipper, was.Price+1, freight.OfferAccepted
	case *freight.Booking:
		was := any(&old.Value).(*freight.Booking)
		v.Load, v.Trip, v.Shipper, v.Offer, v.Price = was.Load, was.Trip, was.Shipper, was.Offer, was.Price+1
	case *freight.Pool:
		v.Carrier = any(&old.Value).(*freight.Pool).Carrier
	case *freight.Member:
		was := any(&old.Value).(*freight.Member)
		v.Pool, v.Load = was.Pool, was.Load
	}
	return row
}

// readBack compares everything that a commit of one row a kind wrote.
func (w *World) readBack(c *freight.Commit) {
	w.tb.Helper()
	t, ctx, s := w.tb, w.tb.Context(), w.Store
	load, trip, offer, booking := c.Loads[0].Value, c.Trips[0].Value, c.Offers[0].Value, c.Bookings[0].Value
	got, seq, err := s.Load(ctx, w.of(w.Shipper), load.ID)
	equal(t, "load", must(got, err)(t), load)
	equal(t, "head", seq, w.State.EventSeq)
	gotTrip, _, err := s.Trip(ctx, w.of(w.Carrier), trip.ID)
	equal(t, "trip", must(gotTrip, err)(t), trip)
	gotVehicle, _, err := s.Vehicle(ctx, w.of(w.Carrier), c.Vehicles[0].Value.ID)
	equal(t, "vehicle", must(gotVehicle, err)(t), c.Vehicles[0].Value)
	want := freight.Deal{Offer: &offer, Booking: &booking, Load: load, Trip: trip, Shipper: w.Shipper, Carrier: w.Carrier}
	deal, _, err := s.Offer(ctx, w.of(w.Carrier), offer.ID)
	equal(t, "offer", must(deal, err)(t), want)
	deal, _, err = s.Booking(ctx, w.of(w.Shipper), booking.ID)
	equal(t, "booking", must(deal, err)(t), want)
	company, _, err := s.Pool(ctx, w.of(w.Shipper), c.Pools[0].Value.ID)
	equal(t, "pool", must(company, err)(t), freight.Company{Pool: c.Pools[0].Value, Members: []freight.Member{c.Members[0].Value},
		Loads: []freight.Load{load}, Carrier: w.Carrier})
	ticket, _, err := s.Ticket(ctx, w.of(w.Shipper), c.Tickets[0].Value.ID)
	equal(t, "ticket", must(ticket, err)(t), c.Tickets[0].Value)
	officers, err := s.Officers(ctx, w.Market.ID)
	equal(t, "roster", must(officers, err)(t).Rows, []freight.Officer{c.Officers[0].Value})
	said, _, err := s.Preference(ctx, w.of(w.Carrier))
	equal(t, "preference", must(said, err)(t), c.Preferences[0].Value)
	if len(c.Proofs) > 0 {
		checkProofs(t, s, w, c.Proofs[0].Value)
	}
	if len(c.Briefs) > 0 {
		brief, _, err := s.Brief(ctx, w.of(w.Desk), c.Briefs[0].Value.ID)
		equal(t, "brief", must(brief, err)(t), c.Briefs[0].Value)
	}
	if len(c.Costs) > 0 {
		models, err := s.CostModels(ctx, w.Market.ID)
		equal(t, "cost models", must(models, err)(t).Rows, []freight.CostModel{c.Costs[0].Value})
	}
	sharing, _, err := s.Sharing(ctx, w.of(w.Shipper), booking.ID)
	wantShares := freight.Sharing{Booking: booking, Due: booking.Share, Shares: []freight.Fen{booking.Share}}
	if booking.State == freight.BookingReleased || booking.State == freight.BookingReturned {
		wantShares.Due, wantShares.Shares = 0, nil
	}
	equal(t, "who pays", must(sharing, err)(t), wantShares)
	_, _, err = s.Sharing(ctx, w.of(w.Desk), "bk_none")
	wantMissing(t, "who pays for no booking", err)
	equal(t, "explanation", *must(s.Explanation(ctx, w.of(w.Shipper), load.ID))(t), c.Explanations[0])
	equal(t, "explanation of a trip", *must(s.TripExplanation(ctx, w.of(w.Carrier), trip.ID))(t), c.Told[0])
	_, err = s.TripExplanation(ctx, w.of(w.Shipper), trip.ID)
	wantMissing(t, "the explanation of another's trip", err)
	if len(c.Records) > 0 {
		equal(t, "records", must(s.TripRecords(ctx, trip.ID))(t), c.Records)
	}
	if len(c.Events) > 0 {
		events, head, err := s.Events(ctx, w.Market.ID, w.Shipper.ID, c.Events[0].Seq-1, 10)
		equal(t, "events", must(events, err)(t), c.Events)
		equal(t, "head", head, w.State.EventSeq)
		changes, _, err := s.Changes(ctx, w.Market.ID, c.Changes[0].Seq-1, 10)
		equal(t, "changes", must(changes, err)(t), c.Changes)
	}
	for _, a := range c.Answers {
		known := must(s.Prior(ctx, freight.Prior{Market: w.Market.ID, Keys: []freight.Key{a.Key}}))(t)
		equal(t, "answer", known.Answers, []freight.Answer{a})
	}
}
