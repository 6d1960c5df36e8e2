package audit

import "pinhuo/freight"

// vain tells whether a place where the truck was, or was bound for, stays in its plan though
// it carries nothing from there: its booking ended then, and not because its shipper took it back.
func (c *course) vain(rec *freight.TripRecord, k int) bool {
	was, is := c.prev.Trip.Plan[k], rec.Trip.Plan[k]
	load := was.Load
	was.Kind, was.Load, was.Take, was.Cargo, was.RehandleS, was.Done = "here", "", freight.Room{}, freight.Cargo{}, 0, false
	if load == "" || was != is {
		return false
	}
	for _, b := range c.w.bookingsFor[load] {
		if b.Trip == rec.Trip.ID && b.State == "released" && b.Changed == rec.At && (b.By != "shipper" || b.Cause != "withdrawn") {
			return true
		}
	}
	return false
}

// checkUnfetched wants a booking that its carrier ended by itself to have ended as he told:
// goods that were not there were waited for until their window closed, and their shipper owes
// the fee; a load that he did not fetch was on the market again at once, and the fee is his.
func (w *world) checkUnfetched(b *freight.Booking) {
	var there freight.Instant
	for _, s := range b.Custody.Steps {
		l := w.loads[b.Load]
		if l == nil {
			return
		}
		var sound bool
		switch s.Event {
		case "arrive":
			there = s.At
			continue
		case "no_show":
			closes := l.Pickup.Window.Close
			sound = there != 0 && there <= closes && s.At >= closes && b.By == "shipper" && b.Cause == "no_show" && b.FeeBy != b.Org && l.State == "closed"
		case "cancel":
			sound = b.By == "carrier" && b.FeeBy != b.Shipper && l.Posted >= s.Got
		default:
			continue
		}
		if !sound || b.State != "released" {
			w.note(CustodySteps, []Row{{freight.KindBooking, b.ID}, {freight.KindLoad, b.Load}}, Number{"version", b.Version}, Number{"arrived_ms", int64(there)}, Number{"fee_fen", int64(b.Fee)})
		}
	}
}
