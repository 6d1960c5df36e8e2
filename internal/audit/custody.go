package audit

import "pinhuo/freight"

// The auditor follows the goods by the steps that people told of each booking, and knows
// nothing of what the book made of them.

// fewHours is for how long a truck may be past its plan with goods before the desk has a
// ticket for each.
const fewHours = 7_200_000

// aboard is since when, and until when, the exchange knew the truck of a booking to have
// its goods; none where nobody ever said that they were loaded.
func aboard(b *freight.Booking) (from, until freight.Instant, ever bool) {
	for _, s := range b.Custody.Steps {
		if s.Event == "load" && !ever {
			from, ever = s.Got, true
		}
	}
	return from, b.Ended, ever
}

// checkCustody judges where the goods of every booking are said to be.
func (w *world) checkCustody() {
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		w.checkSteps(b)
		w.checkUnfetched(b)
		t := w.trips[b.Trip]
		if t == nil {
			continue
		}
		rows := []Row{{freight.KindBooking, id}, {freight.KindTrip, t.ID}}
		rides := b.State == "firm" || b.State == "aboard"
		if rides && (t.State == "completed" || t.State == "cancelled") {
			w.note(CustodyLost, rows, Number{"version", t.Version})
		}
		if rides && t.Live() && len(t.Plan) > 0 {
			w.checkEnd(b, t, rows)
		}
	}
	for _, id := range sorted(w.trips) {
		if w.trips[id].State == "stopped" {
			w.checkStopped(w.trips[id])
		}
	}
	for _, id := range sorted(w.bookingsFor) {
		w.checkOnce(w.bookingsFor[id])
	}
}

// checkSteps wants the state of a booking to be what its steps lead to, and each step told
// after it happened and after the one before.
func (w *world) checkSteps(b *freight.Booking) {
	loaded, gone, heard := false, freight.Instant(0), b.Made
	sound := true
	for _, s := range b.Custody.Steps {
		sound = sound && s.Got >= heard && s.At <= s.Got+120_000 && gone == 0
		heard = s.Got
		switch s.Event {
		case "load":
			sound, loaded = sound && !loaded, true
		case "hand_over", "return", "transfer":
			sound, gone = sound && loaded, s.Got
		}
	}
	switch b.State {
	case "released":
		sound = sound && !loaded && b.Ended == 0
	case "held", "firm":
		sound = sound && !loaded && b.Ended == 0
	case "aboard":
		sound = sound && loaded && gone == 0 && b.Ended == 0
	case "handed_over", "proven", "returned":
		// one without steps is of before they were kept
		sound = sound && b.Ended != 0 && (len(b.Custody.Steps) == 0 || gone == b.Ended)
	}
	if !sound {
		w.note(CustodySteps, []Row{{freight.KindBooking, b.ID}}, Number{"version", b.Version}, Number{"steps", int64(len(b.Custody.Steps))},
			Number{"ended_ms", int64(b.Ended)})
	}
}

// checkEnd wants the desk to know of goods whose truck is past its plan for long.
func (w *world) checkEnd(b *freight.Booking, t *freight.Trip, rows []Row) {
	end := planEnd(t)
	if late := w.now - end - fewHours; late > w.opts.Grace && w.manned != 0 && w.manned <= end {
		if tk := w.tickets[b.Custody.Ticket]; tk == nil || tk.Kind != freight.TicketCustody || tk.Booking != b.ID {
			w.note(CustodyEndless, rows, Number{"late_s", ceilSeconds(late)})
		}
	}
}

// planEnd is when a truck has done all, 0 where it has no plan.
func planEnd(t *freight.Trip) freight.Instant {
	switch {
	case t == nil:
		return 0
	case t.Roaming:
		return t.Horizon
	case len(t.Plan) == 0:
		return 0
	}
	return t.Plan[len(t.Plan)-1].Leave
}

// checkOnce wants goods on one truck at a time.
func (w *world) checkOnce(list []*freight.Booking) {
	for i, a := range list {
		for _, b := range list[i+1:] {
			from, until, ever := aboard(a)
			since, end, also := aboard(b)
			if ever && also && (until == 0 || since < until) && (end == 0 || from < end) {
				w.note(CustodyTwice, bookingRows([]*freight.Booking{a, b}), Number{"from_ms", int64(since)}, Number{"until_ms", int64(until)})
			}
		}
	}
}

// keptRoom wants no load promised room that by the plan is free again and that nobody said is.
func (c *course) keptRoom(rec *freight.TripRecord) {
	if c.prev == nil || c.restated(rec) || !joined(&c.prev.Trip, &rec.Trip) {
		return
	}
	for k := range c.prev.Trip.Plan {
		call := &c.prev.Trip.Plan[k]
		if call.Kind != freight.CallDelivery || call.Leave >= rec.At {
			continue
		}
		for _, b := range c.w.bookingsFor[call.Load] {
			if b.Trip == rec.Trip.ID && b.State != freight.BookingReleased && (b.Ended == 0 || b.Ended > rec.At) {
				c.note(CustodyFreed, &rec.Trip, Number{"call", int64(k)}, Number{"since_ms", int64(call.Leave)})
			}
		}
	}
}

// joined tells whether a plan serves a load that the one before did not.
func joined(before, now *freight.Trip) bool {
	had := map[freight.ID]bool{}
	for k := range before.Plan {
		had[before.Plan[k].Load] = true
	}
	for k := range now.Plan {
		if call := &now.Plan[k]; call.Kind == freight.CallPickup && !had[call.Load] {
			return true
		}
	}
	return false
}

// checkCalled wants a ticket of custody to be about a booking of both its sides, and to
// have been opened for what had happened by then.
func (w *world) checkCalled(tk *freight.Ticket, row []Row) {
	b := w.bookings[tk.Booking]
	if b == nil || tk.Org != b.Shipper || tk.Other != b.Org || tk.Load != b.Load || b.Ended != 0 && b.Ended < tk.Made {
		w.note(TicketCauseless, row, Number{"made_ms", int64(tk.Made)})
		return
	}
	happened := false
	switch t := w.trips[b.Trip]; tk.Cause {
	case "refused_at_dock":
		for _, s := range b.Custody.Steps {
			happened = happened || s.Event == "refuse" && s.Got == tk.Made
		}
	case "broken_down":
		for _, s := range b.Custody.Steps {
			happened = happened || s.Event == "strand" && s.Got == tk.Made
		}
	case "at_risk":
		happened = w.risked[b.ID] != 0 && w.risked[b.ID] < tk.Made
	case "no_end":
		end := planEnd(t)
		happened = end != 0 && tk.Made > end+fewHours
	}
	if !happened {
		w.note(TicketCauseless, append(row, Row{freight.KindBooking, b.ID}), Number{"made_ms", int64(tk.Made)})
	}
}
