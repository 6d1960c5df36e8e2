package audit

import "pinhuo/freight"

// checkLeases wants everybody to have been asked in time whether what he posted is still
// true, and what nobody answered for to have left the market, and nothing else.
func (w *world) checkLeases() {
	for _, id := range sorted(w.loads) {
		l := w.loads[id]
		gone := l.State == "closed" && l.Outcome == "lapsed"
		w.checkLease(Row{freight.KindLoad, id}, l.Word, l.State == "posted", gone, l.Changed)
	}
	for _, id := range sorted(w.trips) {
		t := w.trips[id]
		gone := t.State == "lapsed" && t.Lease > t.Changed
		w.checkLease(Row{freight.KindTrip, id}, t.Word, t.State == "open" || t.State == "underway", gone, t.Changed)
	}
}

func (w *world) checkLease(row Row, word freight.Lease, up, gone bool, changed freight.Instant) {
	late := freight.Instant(0)
	switch {
	case up && word.Until != 0 && word.Asked == 0:
		late = w.now - word.Ask
	case up && word.Until != 0:
		late = w.now - word.Until
	}
	silent := word.Asked != 0 && word.Asked < word.Until && word.Until < changed
	if late > w.opts.Grace || gone && !silent {
		w.note(LeaseWrong, []Row{row}, Number{"late_s", ceilSeconds(max(0, late))}, Number{"until_ms", int64(word.Until)}, Number{"changed_ms", int64(changed)})
	}
}
