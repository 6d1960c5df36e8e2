package book

import (
	"cmp"
	"maps"
	"slices"

	"pinhuo/freight"
)

// Commit lists everything that the round, a fork of the live book, would write.
// Rows are in order of id, so that equal rounds write equal bytes.
func (b *Book) Commit(epoch int64, at freight.Instant) *freight.Commit {
	live := b.below
	return &freight.Commit{
		Market: b.env.Market.ID, Epoch: epoch, At: at,
		Vehicles:    rows(b.vehicles.own, live.vehicles.get, func(v *freight.Vehicle) *freight.Meta { return &v.Meta }),
		Loads:       rows(b.loads.own, live.loads.get, func(v *freight.Load) *freight.Meta { return &v.Meta }),
		Trips:       rows(b.trips.own, live.trips.get, func(v *freight.Trip) *freight.Meta { return &v.Meta }),
		Offers:      rows(b.offers.own, live.offers.get, func(v *freight.Offer) *freight.Meta { return &v.Meta }),
		Bookings:    rows(b.bookings.own, b.stored, func(v *freight.Booking) *freight.Meta { return &v.Meta }),
		Pools:       rows(b.pools.own, live.pools.get, func(v *freight.Pool) *freight.Meta { return &v.Meta }),
		Members:     rows(b.members.own, live.members.get, func(v *freight.Member) *freight.Meta { return &v.Meta }),
		Tickets:     rows(b.tickets.own, live.tickets.get, func(v *freight.Ticket) *freight.Meta { return &v.Meta }),
		Officers:    rows(b.officers.own, live.officers.get, func(v *freight.Officer) *freight.Meta { return &v.Meta }),
		Briefs:      rows(b.briefs.own, live.briefs.get, func(v *freight.Brief) *freight.Meta { return &v.Meta }),
		Proofs:      rows(b.proofs.own, live.proofs.get, func(v *freight.Proof) *freight.Meta { return &v.Meta }),
		Preferences: rows(b.preferences.own, live.preferences.get, func(v *freight.Preference) *freight.Meta { return &v.Meta }),
		Costs:       b.newModels(),
		Tallies:     b.counted(),
		Records:     b.records, Explanations: b.explained, Told: b.outlooks, Events: b.events, Changes: b.changes, Answers: b.answers, Deeds: b.deeds,
	}
}

func rows[T any](round map[freight.ID]*T, live func(freight.ID) *T, meta func(*T) *freight.Meta) []freight.Row[T] {
	list := make([]freight.Row[T], 0, len(round))
	for _, id := range sortedIDs(round) {
		v := round[id]
		if v == nil {
			continue
		}
		row := freight.Row[T]{Value: *v}
		if old := live(id); old != nil {
			row.Replaces = meta(old).Version
		}
		list = append(list, row)
	}
	return list
}

// Answer notes the first answer to a keyed request in the round.
func (b *Book) Answer(a freight.Answer) { b.answers = append(b.answers, a) }

// Written tells whether the round has anything to write.
func (b *Book) Written() bool {
	return len(b.events) > 0 || len(b.changes) > 0 || len(b.answers) > 0 || len(b.deeds) > 0 || len(b.explained) > 0 || len(b.outlooks) > 0
}

// Events returns what the round tells, in order.
func (b *Book) Events() []freight.Event { return b.events }

// Needs returns what the round wants planned.
func (b *Book) Needs() []Need { return b.needs }

// EventSeq is the number of the last event.
func (b *Book) EventSeq() int64 { return b.eventSeq }

func sortedIDs[V any](m map[freight.ID]V) []freight.ID {
	return slices.Sorted(maps.Keys(m))
}

// Changes returns what the fork changed, in order.
func (b *Book) Changes() []freight.Change { return b.changes }

// KnowRefs tells the round of references that rows outside the live book use.
func (b *Book) KnowRefs(known map[freight.Ref]freight.ID) {
	for ref, id := range known {
		b.refs.set(refKey(ref.Kind, ref.Org, ref.Ref), &id)
	}
}

// stored is a booking as the database has it: one that holds room, or one that has ended
// and that the round was told of.
func (b *Book) stored(id freight.ID) *freight.Booking {
	return cmp.Or(b.below.bookings.get(id), b.past.get(id))
}

// KnowBookings tells the round of bookings that have ended and are spoken of all the same.
func (b *Book) KnowBookings(known []freight.Booking) {
	for i := range known {
		b.past.set(known[i].ID, &known[i])
	}
}

// KnowOffers tells the round of offers that have ended and are answered all the same.
func (b *Book) KnowOffers(known []freight.Offer) {
	for i := range known {
		b.ended.set(known[i].ID, &known[i])
	}
}

// Touched lists, in order of id, the loads that changed or whose offers, refusals
// or pools did.
func (b *Book) Touched() []freight.ID {
	set := make(map[freight.ID]*struct{}, len(b.loads.own))
	for id := range b.loads.own {
		set[id] = nil
	}
	for _, o := range b.offers.own {
		if o != nil {
			set[o.Load] = nil
		}
	}
	for id := range b.refusals.own {
		set[id] = nil
	}
	for _, m := range b.members.own {
		if m != nil {
			set[m.Load] = nil
		}
	}
	return sortedIDs(set)
}

// TouchedTrips lists, in order of id, the trips that changed.
func (b *Book) TouchedTrips() []freight.ID { return b.trips.touched() }
