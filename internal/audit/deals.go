package audit

import "pinhuo/freight"

// mostHeld is how many loads of one trip may wait for their shippers at a time.
const mostHeld = 3

// checkHold wants a booking to wait for its shipper exactly where it looks first, and
// no longer than its clock.
func (w *world) checkHold(b *freight.Booking, l *freight.Load) {
	rows := []Row{{freight.KindBooking, b.ID}, {freight.KindLoad, l.ID}}
	if b.State != "held" {
		// A member of a pool has consented to it, and who haggled, or took it himself, has looked.
		o := w.offers[b.Offer]
		if held(b) && b.Until == 0 && l.Hold && o != nil && o.Counter == 0 && o.Taken != "shipper" {
			w.note(HoldWrong, rows, Number{"until_ms", 0})
		}
		return
	}
	if !l.Hold || b.Until < b.Made || b.Until > max(b.PickupETA, b.Changed) {
		w.note(HoldWrong, rows, Number{"until_ms", int64(b.Until)}, Number{"pickup_eta_ms", int64(b.PickupETA)})
	}
	if late := w.now - b.Until; late > w.opts.Grace {
		w.note(HoldOverdue, rows, Number{"late_s", ceilSeconds(late)})
	}
	waiting := int64(0)
	for _, other := range w.bookingsOn[b.Trip] {
		if other.State == "held" && other.ID <= b.ID {
			waiting++
		}
	}
	if waiting > mostHeld {
		w.note(HoldWrong, append(rows, Row{freight.KindTrip, b.Trip}), Number{"held", waiting})
	}
}

// mostRounds is how often the sides of an offer may name a price.
const mostRounds = 4

// checkCounter wants every price named between the one shown and that of going alone, and
// booked where it was agreed to.
func (w *world) checkCounter(o *freight.Offer) {
	if o.Counter == 0 && o.By == "" && o.State != "countered" && o.Rounds <= mostRounds {
		return
	}
	sided := o.By == "carrier" || o.By == "shipper"
	sound := sided && o.Counter >= o.Price && o.Counter <= o.Alone && o.Rounds >= 1 && o.Rounds <= mostRounds &&
		(o.State != "accepted" || o.Counter == o.Price)
	if !sound {
		w.note(CounterWrong, []Row{{freight.KindOffer, o.ID}}, Number{"counter_fen", int64(o.Counter)}, Number{"price_fen", int64(o.Price)},
			Number{"rounds", o.Rounds})
	}
}
