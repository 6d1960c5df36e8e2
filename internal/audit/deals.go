package audit

import "pinhuo/freight"

// mostHeld is how many loads of one trip may wait for their shippers at a time.
const mostHeld = 3

// checkHold wants a booking to wait for its shipper exactly where it looks first, and
// no longer than its clock.
func (w *world) checkHold(b *freight.Booking, l *freight.Load) {
	rows := []Row{{freight.KindBooking, b.ID}, {freight.KindLoad, l.ID}}
	if b.State != "held" {
		// A member of a pool has consented to it, and who haggled has looked.
		o := w.offers[b.Offer]
		if held(b) && b.Until == 0 && l.Hold && o != nil && o.Counter == 0 {
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
