package audit

import "pinhuo/freight"

// noes is what an operator would not do with a vehicle, oldest first.
type noes []freight.Decline

// What is remembered of a vehicle, and for how long.
const (
	mostNoes  = 16
	forgotten = 7 * freight.Day
)

// with adds the no to an offer, where it teaches anything about others: a way that was too
// long or too little money, and no prices were named.
func (n noes) with(o *freight.Offer) noes {
	switch o.Reason {
	case "detour_distance", "detour_time", "price":
	default:
		return n
	}
	if o.State != "declined" || o.Counter != 0 {
		return n
	}
	n = append(n[:len(n):len(n)], freight.Decline{At: o.Changed, Reason: o.Reason, DetourM: o.DetourM, DetourS: o.DetourS, Price: o.Price})
	return n[max(0, len(n)-mostNoes):]
}

// refused tells whether the operator has said no to as much before as the load adds to his
// drive: a way as long, or the most that may be offered for one as long. What he said
// loosens evenly until it is forgotten: to a way twice as long, and to no money.
func (t *trial) refused(metres, seconds int64) Finding {
	most := min(t.load.Ceiling, t.load.Alone)
	for i := range t.noes {
		no := &t.noes[i]
		age := t.now - no.At
		if age < 0 || age >= forgotten {
			continue
		}
		older := float64(age) / float64(forgotten)
		held := false
		switch no.Reason {
		case "detour_distance":
			held = no.DetourM >= 1000 && float64(metres) >= float64(no.DetourM)*(1+older)
		case "detour_time":
			held = no.DetourS >= 60 && float64(seconds) >= float64(no.DetourS)*(1+older)
		case "price":
			held = metres >= no.DetourM && seconds >= no.DetourS && float64(most) <= float64(no.Price)*(1-older)
		}
		if held {
			return Finding{Reason: no.Reason, By: 1}
		}
	}
	return Finding{}
}

// fits tries a load on a trip, at what its operator has not said no to, and tells what is
// left at what it costs.
func (h *history) fits(rec *freight.TripRecord, l *freight.Load) (left freight.Fen, ok bool) {
	t := h.judge.trial(&rec.Trip, l, h.now)
	t.noes = h.noes[rec.Trip.VehicleID]
	ok = t.run().Fits
	return l.Alone - t.paid, ok
}

// heard notes an operator's no, and lets go the pairs that waited and that it rules out.
func (h *history) heard(o *freight.Offer) {
	trip := h.w.trips[o.Trip]
	if trip == nil {
		return
	}
	old := h.noes[trip.VehicleID]
	grown := old.with(o)
	if len(grown) == 0 || len(old) == len(grown) && old[len(old)-1] == grown[len(grown)-1] {
		return
	}
	h.noes[trip.VehicleID] = grown
	for _, load := range sorted(h.waiting) {
		for _, id := range sorted(h.waiting[load]) {
			rec, l := h.trips[id], h.loads[load]
			if rec == nil || l == nil || rec.Trip.VehicleID != trip.VehicleID {
				continue
			}
			if _, ok := h.fits(rec, l); !ok {
				delete(h.waiting[load], id)
				h.found.Queued++
			}
		}
	}
}
