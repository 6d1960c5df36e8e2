package audit

import (
	"slices"
	"time"

	"pinhuo/freight"
)

// worry is a trip about which its carrier has a ticket from an instant on.
type worry struct {
	kind string
	trip freight.ID
	at   freight.Instant
}

// worry notes what an event makes somebody owe: a trip whose operator does not say that he
// drives, or that was left short, has its ticket, and its shippers know.
func (w *world) worry(e *freight.Event) {
	if w.silent == nil {
		w.silent, w.uncertain = map[freight.ID]bool{}, map[tale]freight.Instant{}
	}
	switch e.Type {
	case "pinhuo.trip.announced": // a trip that is renewed begins anew
		delete(w.silent, e.Subject)
	case "pinhuo.trip.unconfirmed":
		w.silent[e.Subject] = true
		w.worries = append(w.worries, worry{"unconfirmed", e.Subject, e.At})
	case "pinhuo.booking.unconfirmed":
		w.uncertain[tale{e.Type, e.Subject, e.Audience}] = e.At
	case "pinhuo.trip.short":
		if t := w.trips[e.Subject]; t != nil && t.Org == e.Audience {
			w.worries = append(w.worries, worry{"short", e.Subject, e.At})
		}
	}
}

// checkAgain wants operators of trips with bookings to have been asked in time whether
// they drive, and what they leave open to be known to their shippers and to the desk.
func (w *world) checkAgain() {
	for _, id := range sorted(w.trips) {
		t := w.trips[id]
		a := t.Again
		sets := t.Stops[0].Window.Open
		waiting := (t.State == "open" || t.State == "lapsed") && w.now < sets && a.Until != 0 && a.Said == 0 && a.Silent == 0
		late := freight.Instant(0)
		switch {
		case !waiting || !slices.ContainsFunc(w.bookingsOn[id], held):
		case a.Asked == 0:
			late = w.now - a.Ask
		default:
			late = w.now - a.Until
		}
		if late > w.opts.Grace || waiting && a.Asked == 0 && a.Until < w.evening(sets) {
			w.note(AgainWrong, []Row{{freight.KindTrip, id}}, Number{"late_s", ceilSeconds(max(0, late))}, Number{"until_ms", int64(a.Until)})
		}
	}
	for _, one := range w.worries {
		w.checkWorry(one)
	}
}

// checkWorry wants the ticket of a worry, where the desk had officers by then, and every
// shipper told who was booked then.
func (w *world) checkWorry(one worry) {
	row := []Row{{freight.KindTrip, one.trip}}
	opened := w.manned == 0 || w.manned >= one.at
	for _, t := range w.tickets {
		opened = opened || string(t.Kind) == one.kind && t.Trip == one.trip &&
			slices.ContainsFunc(t.Log, func(e freight.TicketEntry) bool { return e.At == one.at })
	}
	if !opened {
		w.note(AgainWrong, row, Number{"no_ticket_ms", int64(one.at)})
	}
	if one.kind != "unconfirmed" {
		return
	}
	for _, b := range w.bookingsOn[one.trip] {
		if b.Made < one.at && (held(b) || b.Changed > one.at) && w.uncertain[tale{"pinhuo.booking.unconfirmed", b.ID, b.Shipper}] < one.at {
			w.note(AgainWrong, append(row, Row{freight.KindBooking, b.ID}), Number{"untold_ms", int64(one.at)})
		}
	}
}

// evening is until when an operator who sets out at an instant has to say that he drives:
// six hours before, and where that is between nine in the evening and ten in the morning,
// at nine.
func (w *world) evening(sets freight.Instant) freight.Instant {
	if w.zone == nil {
		return 0
	}
	at := time.UnixMilli(int64(sets)).In(w.zone).Add(-6 * time.Hour)
	clock := at.Hour()*60 + at.Minute()
	day := at
	switch {
	case clock >= 21*60:
	case clock < 10*60:
		day = at.AddDate(0, 0, -1)
	default:
		return freight.Instant(at.UnixMilli())
	}
	return freight.Instant(time.Date(day.Year(), day.Month(), day.Day(), 21, 0, 0, 0, w.zone).UnixMilli())
}
