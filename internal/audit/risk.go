package audit

import "pinhuo/freight"

// risk notes when a booking was first said to be at risk.
func (w *world) risk(e *freight.Event) {
	if e.Type != "pinhuo.booking.at_risk" {
		return
	}
	if w.risked == nil {
		w.risked, w.atRisk = map[freight.ID]freight.Instant{}, map[tale]bool{}
	}
	if w.risked[e.Subject] == 0 {
		w.risked[e.Subject] = e.At
	}
	w.atRisk[tale{e.Type, e.Subject, e.Audience}] = true
}

// hour is how long the sides of a promise at risk have to themselves, in milliseconds.
const hour = 3_600_000

// checkRisks wants every promise that by the forecast will be broken to be known to both
// its sides, and after an hour, or once it has passed, to the desk.
func (w *world) checkRisks() {
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		t, risk := w.trips[b.Trip], b.Custody.Risk
		if t == nil || b.State != "held" && b.State != "firm" && b.State != "aboard" {
			continue
		}
		by := breaks(b, t)
		sound := by == 0 || risk.Since != 0
		if risk.Since != 0 {
			for _, side := range []freight.ID{b.Org, b.Shipper} {
				sound = sound && w.atRisk[tale{"pinhuo.booking.at_risk", id, side}]
			}
			sound = sound && risk.Until >= risk.Since && risk.Until <= risk.Since+hour && (by == 0 || risk.Until <= max(by, risk.Since))
			late := w.now - risk.Until
			sound = sound && (late <= w.opts.Grace || w.manned == 0 || w.manned > risk.Until || w.tickets[b.Custody.Ticket] != nil)
		}
		if !sound {
			w.note(RiskWrong, []Row{{freight.KindBooking, id}, {freight.KindTrip, t.ID}}, Number{"since_ms", int64(risk.Since)},
				Number{"until_ms", int64(risk.Until)}, Number{"breaks_ms", int64(by)})
		}
	}
}

// breaks is the first promise of a booking that its truck is expected to break, 0 for none.
func breaks(b *freight.Booking, t *freight.Trip) freight.Instant {
	if t.Road == nil {
		return 0
	}
	for i, a := range t.Road.Ahead {
		k := t.Road.From + i
		if k >= len(t.Plan) || t.Plan[k].Load != b.Load || t.Plan[k].Own >= 0 {
			continue
		}
		pickup := t.Plan[k].Kind == freight.CallPickup
		switch {
		case pickup && b.State != "aboard" && a.Start > b.PickupBy:
			return b.PickupBy
		case !pickup && !t.Plan[k].Done && a.Start > b.DropBy:
			return b.DropBy
		}
	}
	return 0
}
