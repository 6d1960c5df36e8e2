package audit

import "pinhuo/freight"

// checkSole wants nobody else to have been asked for a load, and nobody to have taken it,
// while one operator was asked alone; and such an offer to end before half of the time to
// the load's answer is over.
func (w *world) checkSole(o *freight.Offer) {
	if !o.Sole {
		return
	}
	l := w.loads[o.Load]
	for _, other := range w.offersFor[o.Load] {
		if other.ID != o.ID && other.Made < closedAt(o) && o.Made < closedAt(other) {
			w.note(SoleBroken, []Row{{freight.KindOffer, o.ID}, {freight.KindOffer, other.ID}, {freight.KindLoad, o.Load}},
				Number{"asked_ms", int64(other.Made)}, Number{"until_ms", int64(closedAt(o))})
		}
	}
	if !o.Open() || l == nil {
		return
	}
	due := l.Pickup.Window.Close
	if l.AnswerBy > l.Posted && l.AnswerBy < due {
		due = l.AnswerBy
	}
	most := l.Posted + freight.Instant(l.ExclusiveS)*1000
	if half := l.Posted + (due-l.Posted)/2; half < most {
		most = half
	}
	if o.Expires > most {
		w.note(SoleBroken, []Row{{freight.KindOffer, o.ID}, {freight.KindLoad, o.Load}}, Number{"expires_ms", int64(o.Expires)}, Number{"most_ms", int64(most)})
	}
}

// closedAt is when an offer ended, far off while it is open. What was taken was never
// open, and counts as of its instant.
func closedAt(o *freight.Offer) freight.Instant {
	switch o.State {
	case "sent", "seen", "countered":
		return 1 << 62
	}
	return o.Changed
}

// checkTaken wants what somebody took from the board to be booked at once, at no price
// that was bargained for, within the load's ceiling; and a firm to take what the operator
// lets it alone: the trip says so, or one of its lanes.
func (w *world) checkTaken(o *freight.Offer) {
	if o.Taken == "" {
		return
	}
	rows := []Row{{freight.KindOffer, o.ID}, {freight.KindLoad, o.Load}, {freight.KindTrip, o.Trip}}
	l, t := w.loads[o.Load], w.trips[o.Trip]
	var riding *freight.Booking
	for _, b := range w.bookingsOf[o.ID] {
		if held(b) {
			riding = b
		}
	}
	sided := o.Taken == "carrier" || o.Taken == "shipper"
	sound := sided && o.State == "accepted" && o.Counter == 0 && o.Made == o.Changed
	if riding != nil && l != nil && t != nil {
		sound = sound && o.Price <= l.Ceiling && (o.Taken == "carrier" || t.BookNow || o.Auto) && (o.Taken == "carrier" || riding.Until == 0)
	}
	if !sound {
		w.note(TakenWrong, rows, Number{"price_fen", int64(o.Price)}, Number{"made_ms", int64(o.Made)}, Number{"changed_ms", int64(o.Changed)})
	}
}
