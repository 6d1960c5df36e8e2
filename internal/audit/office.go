package audit

import (
	"slices"
	"time"

	"pinhuo/freight"
)

// clocksOf are the clocks of tickets as the guide tells them, in minutes: to be taken up
// in, to be answered in, the firm's word within.
var clocksOf = map[string][3]freight.Instant{
	"unanswered urgent": {10, 60, 120}, "unanswered ordinary": {30, 240, 720},
	"help urgent": {10, 120, 720}, "help ordinary": {60, 480, 1440},
	"custody urgent": {10, 240, 1440}, "custody ordinary": {30, 480, 1440},
	"dispute urgent": {30, 1440, 4320}, "dispute ordinary": {240, 4320, 4320},
	"unconfirmed urgent": {10, 60, 120}, "unconfirmed ordinary": {30, 240, 720},
	"short urgent": {30, 120, 1440}, "short ordinary": {240, 1440, 1440},
}

// checkClocks wants each clock of a ticket to be that of its kind and class: an urgent
// one runs day and night and is with somebody who is at work where anybody is, an
// ordinary one by its owner's hours, but never until its load's pickup is near. What
// depends on officers is judged where none has been changed since.
func (w *world) checkClocks(t *freight.Ticket, row []Row) {
	before := freight.ID("")
	for i, e := range t.Log {
		late := e.Event == "escalate" && e.Owner == before
		if e.Class != "" && !late && w.wrongClock(t, &e, before) {
			w.note(TicketClock, row, Number{"entry", int64(i)}, Number{"due_ms", int64(e.Due)}, Number{"at_ms", int64(e.At)})
			return
		}
		before = e.Owner
	}
}

func (w *world) wrongClock(t *freight.Ticket, e *freight.TicketEntry, before freight.ID) bool {
	clocks, known := clocksOf[string(t.Kind)+" "+string(e.Class)]
	span := clocks[0] * 60_000
	switch e.Event {
	case "note", "confirm", "lapse":
		return false
	case "take":
		span = clocks[1] * 60_000
	case "finish", "settle":
		return e.Due != e.At+clocks[2]*60_000
	}
	if e.Class == "urgent" {
		seeks := e.Event != "take" && e.Event != "hand_over"
		return !known || e.Due != e.At+span || seeks && w.absent(e.Owner, e.At, before)
	}
	if l := w.loads[t.Load]; e.Due > e.At+span && l != nil && !w.gone(l, e.At) && e.Due > l.Pickup.Window.Close-6*3_600_000 {
		return true // it waits for somebody until it is too late
	}
	owner := w.officerOf(e.Owner)
	if owner == nil || owner.Changed >= e.At {
		return e.Due < e.At+span
	}
	return e.Due != w.byHours(&owner.Hours, e.At, span)
}

// gone tells whether a load was no concern of the market's any more at an instant, or is
// not known to have had the times then that it has now.
func (w *world) gone(l *freight.Load, at freight.Instant) bool {
	rode := slices.ContainsFunc(w.bookingsFor[l.ID], func(b *freight.Booking) bool {
		trip := w.trips[b.Trip]
		return held(b) && trip != nil && trip.State == "completed" && trip.Changed <= at
	})
	return rode || l.Stated > 1 || l.State == "closed" && l.Changed <= at || at > l.Pickup.Window.Close
}

func (w *world) officerOf(user freight.ID) (found *freight.Officer) {
	for _, id := range sorted(w.officers) {
		if o := w.officers[id]; o.User == user && (found == nil || !o.Off) {
			found = o
		}
	}
	return found
}

// absent tells whether an officer was not at work though another was, other than who had
// the ticket before.
func (w *world) absent(owner freight.ID, at freight.Instant, before freight.ID) bool {
	var there []freight.ID
	for _, o := range w.officers {
		if o.Changed >= at {
			return false // who was there is not known any more
		}
		if !o.Off && !o.Away && w.atWork(&o.Hours, at) {
			there = append(there, o.User)
		}
	}
	others := slices.DeleteFunc(slices.Clone(there), func(u freight.ID) bool { return u == before })
	return !slices.Contains(there, owner) && len(others) > 0
}

// atWork tells whether hours hold at an instant, by the market's clock.
func (w *world) atWork(o *freight.Office, at freight.Instant) bool {
	if w.zone == nil || o.Days == 0 && o.From == o.Till && len(o.Free) == 0 && o.From == 0 {
		return true
	}
	local := time.UnixMilli(int64(at)).In(w.zone)
	minute := int64(local.Hour()*60 + local.Minute())
	works := func(day time.Time) bool {
		bit := map[time.Weekday]int64{time.Monday: 1, time.Tuesday: 2, time.Wednesday: 4, time.Thursday: 8, time.Friday: 16, time.Saturday: 32, time.Sunday: 64}[day.Weekday()]
		return (o.Days == 0 || o.Days&bit != 0) && !slices.Contains(o.Free, day.Format("2006-01-02"))
	}
	if o.From < o.Till {
		return works(local) && o.From <= minute && minute < o.Till
	}
	return works(local) && minute >= o.From || works(local.AddDate(0, 0, -1)) && minute < o.Till
}

// byHours lets time at work go by, a minute after the other; a whole day of it is the
// same time of the next day at work.
func (w *world) byHours(o *freight.Office, at, span freight.Instant) freight.Instant {
	const minute, day = 60_000, 86_400_000
	end := at + 400*day
	next := func() { at += minute - at%minute }
	for !w.atWork(o, at) && at < end {
		next()
	}
	for ; span >= day; span -= day {
		for at += day; !w.atWork(o, at) && at < end; at += day {
		}
	}
	for span > 0 && at < end {
		step := min(minute-at%minute, span)
		if w.atWork(o, at) {
			span -= step
		}
		at += step
	}
	return at
}
