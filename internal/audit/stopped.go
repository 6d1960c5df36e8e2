package audit

import "pinhuo/freight"

// checkStopped wants a truck that broke down to be kept for what is on it alone: each of its
// bookings was told of, may be aboard, and had its person from that instant on; nothing else has
// its room, and no question about it is open.
func (w *world) checkStopped(t *freight.Trip) {
	rows := []Row{{freight.KindTrip, t.ID}}
	on := 0
	for _, b := range w.bookingsOn[t.ID] {
		if !b.Live() {
			continue
		}
		on++
		var told, there freight.Instant
		for _, s := range b.Custody.Steps {
			switch s.Event {
			case "strand":
				told = s.Got
			case "load", "arrive":
				there = s.At
			}
		}
		for k := range t.Plan {
			if c := &t.Plan[k]; c.Kind == freight.CallPickup && c.Load == b.Load && c.Start <= told {
				there = c.Start
			}
		}
		tk := w.tickets[b.Custody.Ticket]
		alone := w.manned != 0 && w.manned <= told && (tk == nil || tk.Booking != b.ID)
		if told == 0 || there == 0 || alone {
			w.note(CustodyStopped, append(rows, Row{freight.KindBooking, b.ID}), Number{"told_ms", int64(told)}, Number{"there_ms", int64(there)})
		}
	}
	for _, o := range w.offers {
		if o.Trip == t.ID && o.Open() {
			w.note(CustodyStopped, append(rows, Row{freight.KindOffer, o.ID}))
		}
	}
	if on == 0 {
		w.note(CustodyStopped, rows, Number{"version", t.Version})
	}
}
