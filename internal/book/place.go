package book

import "pinhuo/freight"

// The place functions put an entity on its shelf and keep the shelves that find
// it in step. They are the only writers of the shelves.

func plateKey(p freight.Plate) freight.ID { return freight.ID(p.Colour + "\x00" + p.Number) }

func refKey(kind string, org freight.ID, ref string) freight.ID {
	return freight.ID(kind + "\x00" + string(org) + "\x00" + ref)
}

func (b *Book) placeVehicle(v *freight.Vehicle) {
	b.vehicles.set(v.ID, v)
	id := v.ID
	b.plates.set(plateKey(v.Plate), &id)
}

func (b *Book) placeLoad(l *freight.Load) {
	if old := b.loads.get(l.ID); old != nil && old.Ref != "" && old.Ref != l.Ref {
		b.refs.set(refKey(freight.KindLoad, old.Org, old.Ref), nil)
	}
	b.loads.set(l.ID, l)
	if l.Ref != "" {
		id := l.ID
		b.refs.set(refKey(freight.KindLoad, l.Org, l.Ref), &id)
	}
}

func (b *Book) placeTrip(t *freight.Trip) {
	old := b.trips.get(t.ID)
	if old != nil && old.Ref != "" && old.Ref != t.Ref {
		b.refs.set(refKey(freight.KindTrip, old.Org, old.Ref), nil)
	}
	b.trips.set(t.ID, t)
	if t.Ref != "" {
		id := t.ID
		b.refs.set(refKey(freight.KindTrip, t.Org, t.Ref), &id)
	}
	if old != nil && old.VehicleID != t.VehicleID || !t.Live() {
		vehicle := t.VehicleID
		if old != nil {
			vehicle = old.VehicleID
		}
		b.tripsOf.set(vehicle, b.tripsOf.get(vehicle).without(t.ID))
	}
	if t.Live() && !contains(b.tripsOf.get(t.VehicleID).list(), t.ID) {
		b.tripsOf.set(t.VehicleID, b.tripsOf.get(t.VehicleID).with(t.ID))
	}
}

func contains(list []freight.ID, id freight.ID) bool {
	for _, other := range list {
		if other == id {
			return true
		}
	}
	return false
}

func (b *Book) placeOffer(o *freight.Offer) {
	old := b.offers.get(o.ID)
	known := old != nil
	b.placeLine(o, old)
	switch {
	case o.Open():
		b.offers.set(o.ID, o)
		if !known {
			b.offersFor.set(o.Load, b.offersFor.get(o.Load).with(o.ID))
			b.offersOn.set(o.Trip, b.offersOn.get(o.Trip).with(o.ID))
		}
	case known:
		b.offers.set(o.ID, o)
		b.offersFor.set(o.Load, b.offersFor.get(o.Load).without(o.ID))
		b.offersOn.set(o.Trip, b.offersOn.get(o.Trip).without(o.ID))
	}
	if !known {
		b.noteAsked(o)
	}
	switch o.State {
	case freight.OfferDeclined, freight.OfferExpired:
		b.remember(o, o.Reason)
	case freight.OfferAccepted: // it counts when the load is on the market again
		b.remember(o, freight.ReasonUnconfirmed)
	}
}

// placeLine keeps in step which open offers are of which bundle.
func (b *Book) placeLine(o, old *freight.Offer) {
	if old != nil && old.Bundle != "" && (old.Bundle != o.Bundle || !o.Open()) {
		b.linesOf.set(old.Bundle, b.linesOf.get(old.Bundle).without(o.ID))
	}
	if o.Bundle != "" && o.Open() && !contains(b.linesOf.get(o.Bundle).list(), o.ID) {
		b.linesOf.set(o.Bundle, b.linesOf.get(o.Bundle).with(o.ID))
	}
}

func (b *Book) remember(o *freight.Offer, why freight.Reason) {
	old := b.Refused(o.Load)
	grown := make(Refusals, len(old)+1)
	for trip, r := range old {
		grown[trip] = r
	}
	no := Refusal{LoadVersion: o.LoadVersion, TripVersion: o.TripVersion, Reason: why, Noes: 1, Price: o.Price, Bargained: o.Counter != 0}
	if why == freight.ReasonExpiredOffer {
		no.Silences = 1
	}
	l, trip := b.loads.get(o.Load), b.trips.get(o.Trip)
	if was, ok := old[o.Trip]; ok && l != nil && trip != nil && was.Of(l, trip) {
		no.Noes, no.Silences = no.Noes+was.Noes, no.Silences+was.Silences
	}
	grown[o.Trip] = no
	b.refusals.set(o.Load, &grown)
}

func (b *Book) placeBooking(k *freight.Booking) {
	known := b.bookings.get(k.ID) != nil
	b.bookings.set(k.ID, k)
	b.placeRisk(k)
	switch {
	case k.Live() && !known:
		b.bookedOn.set(k.Trip, b.bookedOn.get(k.Trip).with(k.ID))
	case !k.Live() && known:
		b.bookedOn.set(k.Trip, b.bookedOn.get(k.Trip).without(k.ID))
	}
}

func (b *Book) liveBookings(trip freight.ID) []*freight.Booking {
	list := b.bookedOn.get(trip).list()
	live := make([]*freight.Booking, 0, len(list))
	for _, id := range list {
		if k := b.bookings.get(id); k != nil && k.Live() {
			live = append(live, k)
		}
	}
	return live
}
