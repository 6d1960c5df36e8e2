package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// refused sends a commit that must be refused and must leave no trace, and
// takes its numbers back.
func (w *World) refused(name string, c *freight.Commit, fault freight.CommitFault, kind string, id freight.ID) {
	w.tb.Helper()
	before := must(w.Store.Reload(w.tb.Context(), w.Market.ID))(w.tb)
	known := wantFault(w.tb, w.Store.Commit(w.tb.Context(), c), fault)
	if known.Kind != kind || known.ID != id {
		w.tb.Fatalf("%s: blamed %q %q, want %q %q: %v", name, known.Kind, known.ID, kind, id, known)
	}
	after := must(w.Store.Reload(w.tb.Context(), w.Market.ID))(w.tb)
	equal(w.tb, name+": state after a refusal", after, before)
	w.State.EventSeq, w.State.ChangeSeq = after.EventSeq, after.ChangeSeq
}

// testStale checks the compare-and-swap of every kind of row.
func testStale(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	v, trip, load, offer := w.deal()
	_, _, booking := w.accept(w.seconds(trip))
	innocent := w.Load()
	staleKind(w, v, freight.KindVehicle, func(c *freight.Commit) *[]freight.Row[freight.Vehicle] { return &c.Vehicles })
	staleKind(w, load, freight.KindLoad, func(c *freight.Commit) *[]freight.Row[freight.Load] { return &c.Loads })
	staleKind(w, trip, freight.KindTrip, func(c *freight.Commit) *[]freight.Row[freight.Trip] { return &c.Trips })
	staleKind(w, offer, freight.KindOffer, func(c *freight.Commit) *[]freight.Row[freight.Offer] { return &c.Offers })
	staleKind(w, booking, freight.KindBooking, func(c *freight.Commit) *[]freight.Row[freight.Booking] { return &c.Bookings })
	// After all the refusals the next sound commit goes through.
	w.post(innocent)
	equal(t, "versions", must(w.Store.Reload(t.Context(), w.Market.ID))(t).Vehicles, []freight.Vehicle{v})
}

// seconds commits another load with an offer of it.
func (w *World) seconds(trip freight.Trip) (freight.Load, freight.Offer) {
	l := w.Load()
	o := w.Offer(l, trip)
	c := w.Commit()
	w.Post(c, l, "")
	c.Offers = []freight.Row[freight.Offer]{{Value: o}}
	w.Send(c)
	return l, o
}

func staleKind[T any](w *World, row T, kind string, rows func(c *freight.Commit) *[]freight.Row[T]) {
	w.tb.Helper()
	id := metaOf(&row).ID
	for _, wrong := range []struct {
		name     string
		replaces int64
		change   func(m *freight.Meta)
	}{
		{"an older version", 7, func(m *freight.Meta) { m.Version = 8 }},
		{"a new row under a taken id", 0, func(*freight.Meta) {}},
		{"a row of another organization", 1, func(m *freight.Meta) { m.Version, m.Org = 2, w.Desk.ID }},
		{"a row of another market", 1, func(m *freight.Meta) { m.Version, m.Market = 2, "mk_other" }},
	} {
		c := w.Commit()
		w.Post(c, w.Load(), "") // which is sound and must not be written either
		changed := row
		wrong.change(metaOf(&changed))
		*rows(c) = append(*rows(c), freight.Row[T]{Replaces: wrong.replaces, Value: changed})
		w.refused(kind+": "+wrong.name, c, freight.CommitStale, kind, id)
	}
	c := w.Commit()
	w.Post(c, w.Load(), "")
	missing := row
	metaOf(&missing).ID, metaOf(&missing).Version = "xx_missing", 2
	*rows(c) = append(*rows(c), freight.Row[T]{Replaces: 1, Value: missing})
	w.refused(kind+": a change of a row that is not there", c, freight.CommitStale, kind, "xx_missing")
}

// testUnique checks the values that one row alone may have.
func testUnique(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	v, trip, load, offer := w.deal()
	w.uniqueRefs(v, trip, load)
	w.uniqueDeals(load, offer)
	c := w.Commit()
	twin := w.Vehicle()
	twin.Plate = v.Plate
	c.Vehicles = []freight.Row[freight.Vehicle]{{Value: w.Vehicle()}, {Value: twin}}
	w.refused("a plate twice", c, freight.CommitStale, freight.KindVehicle, twin.ID)
	c = w.Commit()
	green := w.Vehicle()
	green.Plate = freight.Plate{Number: v.Plate.Number, Colour: "green"}
	c.Vehicles = []freight.Row[freight.Vehicle]{{Value: green}}
	w.Send(c)
	c = w.Commit()
	w.Post(c, w.Load(), "key")
	w.Send(c)
	c = w.Commit()
	w.Post(c, w.Load(), "other key")
	w.Post(c, w.Load(), "key")
	w.refused("a key twice", c, freight.CommitStale, store.KindAnswer, "key")
	c = w.Commit()
	w.Post(c, w.Load(), "same batch")
	w.Post(c, w.Load(), "same batch")
	w.refused("a key twice in one batch", c, freight.CommitStale, store.KindAnswer, "same batch")
}

func (w *World) uniqueRefs(v freight.Vehicle, trip freight.Trip, load freight.Load) {
	w.tb.Helper()
	second := w.Load()
	second.Ref = load.Ref
	c := w.Commit()
	w.Post(c, w.Load(), "")
	w.Post(c, second, "")
	w.refused("a load's reference twice", c, freight.CommitStale, freight.KindLoad, second.ID)
	twin := w.Trip(v)
	twin.Ref = trip.Ref
	c = w.Commit()
	c.Trips = []freight.Row[freight.Trip]{{Value: twin}}
	w.refused("a trip's reference twice", c, freight.CommitStale, freight.KindTrip, twin.ID)
	first, same := w.Load(), w.Load()
	same.Ref = first.Ref
	c = w.Commit()
	w.Post(c, first, "")
	w.Post(c, same, "")
	w.refused("a reference twice in one batch", c, freight.CommitStale, freight.KindLoad, same.ID)
	// Rows without a reference are many, and a freed one may be taken at once.
	blank, alsoBlank := w.Load(), w.Load()
	blank.Ref, alsoBlank.Ref = "", ""
	freed := load
	freed.Ref, freed.Version = "moved on", 2
	c = w.Commit()
	w.Post(c, blank, "")
	w.Post(c, alsoBlank, "")
	w.Post(c, second, "")
	c.Loads = append(c.Loads, freight.Row[freight.Load]{Replaces: 1, Value: freed})
	w.Send(c)
}

func (w *World) uniqueDeals(load freight.Load, offer freight.Offer) {
	w.tb.Helper()
	booking := w.Booking(load, offer)
	c := w.Commit()
	c.Bookings = []freight.Row[freight.Booking]{{Value: booking}}
	w.Send(c)
	other := offer
	other.ID = w.ID(freight.PrefixOffer)
	again := w.Booking(load, other)
	c = w.Commit()
	c.Bookings = []freight.Row[freight.Booking]{{Value: again}}
	w.refused("a load booked twice", c, freight.CommitStale, freight.KindBooking, again.ID)
	elsewhere := load
	elsewhere.ID = w.ID(freight.PrefixLoad)
	twice := w.Booking(elsewhere, offer)
	c = w.Commit()
	c.Bookings = []freight.Row[freight.Booking]{{Value: twice}}
	w.refused("an offer booked twice", c, freight.CommitStale, freight.KindBooking, twice.ID)
	released := booking
	released.Version, released.State = 2, freight.BookingReleased
	c = w.Commit()
	c.Bookings = []freight.Row[freight.Booking]{{Value: again}, {Replaces: 1, Value: released}}
	w.Send(c)
}

// testNumbers checks that events and changes are dense and that a writer who
// is out of step is shut out.
func testNumbers(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	for i := range 5 {
		loads := make([]freight.Load, i+1)
		for j := range loads {
			loads[j] = w.Load()
		}
		w.post(loads...)
	}
	for _, wrong := range []struct {
		name   string
		change func(c *freight.Commit)
	}{
		{"a gap between events", func(c *freight.Commit) { c.Events[0].Seq++ }},
		{"a number that is taken", func(c *freight.Commit) { c.Events[0].Seq, c.Events[1].Seq = c.Events[0].Seq-1, c.Events[0].Seq }},
		{"numbers in disorder", func(c *freight.Commit) { c.Events[0], c.Events[1] = c.Events[1], c.Events[0] }},
		{"a gap between changes", func(c *freight.Commit) { c.Changes[1].Seq++ }},
		{"an event of another market", func(c *freight.Commit) { c.Events[1].Market = "mk_other" }},
		{"a change of another market", func(c *freight.Commit) { c.Changes[1].Market = "mk_other" }},
	} {
		c := w.Commit()
		w.Post(c, w.Load(), "")
		w.Post(c, w.Load(), "")
		wrong.change(c)
		w.refused(wrong.name, c, freight.CommitFenced, "", "")
	}
	w.post(w.Load())
	ctx := t.Context()
	events, head, err := w.Store.AllEvents(ctx, w.Market.ID, 0, 1000)
	equal(t, "head", must(head, err)(t), w.State.EventSeq)
	for i, e := range events {
		equal(t, "number of an event", e.Seq, int64(i+1))
	}
	part, _, err := w.Store.AllEvents(ctx, w.Market.ID, 3, 4)
	equal(t, "events after 3", must(part, err)(t), events[3:7])
	none, head, err := w.Store.Events(ctx, w.Market.ID, w.Carrier.ID, 0, 1000)
	equal(t, "head for who has no events", must(head, err)(t), w.State.EventSeq)
	equal(t, "events of who has none", len(none), 0)
	// A commit without events keeps the numbers and moves the clock.
	c := w.Commit()
	c.At += 1000
	w.Send(c)
	early := w.Commit()
	early.At = 5
	w.ok(w.Store.Commit(ctx, early))
	equal(t, "instant", must(w.Store.Reload(ctx, w.Market.ID))(t).At, c.At)
}
