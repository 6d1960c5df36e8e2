package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pinhuo/freight"
)

// Outlooks is what TripRemedies found.
type Outlooks struct {
	Told       int   // trips without loads that were told why
	Checked    int   // remedies held against the loads of their moment
	Resting    int   // remedies not held, because drivers rest by rules on the trip
	Helping    int   // of them those that name a change
	Tried      int64 // pairs tried
	Violations []Violation
}

// TripRemedies holds every remedy that a trip without loads was told against the loads
// that were open at its moment: the trip, stated anew with the change, takes the load that
// is named, with nine tenths of it none, and no cheaper change of any kind wins one, up
// to the limits of the table. Where no change is said to help none of them does. Every
// open load is tried, by driving; no index is asked.
//
// Loads are known by their last terms only: one that was stated anew after the moment is
// left out. So is whatever opened or ended in that very millisecond where it would speak
// against the remedy.
func TripRemedies(ctx context.Context, src Source, judge *Judge, market freight.ID, table *freight.RemedyTable) (Outlooks, error) {
	w := newWorld(market)
	if err := w.read(ctx, src); err != nil {
		return Outlooks{}, fmt.Errorf("remedies of trips: %w", err)
	}
	p := &prospect{pharmacy: pharmacy{judge: judge, table: table, w: w}, reopened: map[freight.ID]freight.Instant{},
		life: map[freight.ID][]freight.TripRecord{}, driven: map[freight.ID][]freight.ID{}}
	if err := p.readLives(ctx, src); err != nil {
		return Outlooks{}, fmt.Errorf("remedies of trips: %w", err)
	}
	for _, life := range p.lives {
		t := &life[0].Trip
		p.life[t.ID], p.driven[t.VehicleID] = life, append(p.driven[t.VehicleID], t.ID)
	}
	told := map[freight.ID]bool{}
	var list []freight.Event
	for e, err := range src.AuditEvents(ctx, market) {
		switch {
		case err != nil:
			return Outlooks{}, fmt.Errorf("remedies of trips: %w", err)
		case e.Type == freight.EventTripExplained:
			told[e.Subject] = true
			list = append(list, e)
		case e.Type == freight.EventLoadEdited:
			p.reopened[e.Subject] = e.At
		}
	}
	for i := range list {
		if r := list[i].Facts.Remedy; r != nil {
			p.check(list[i].Subject, r)
		}
	}
	w.report.sort()
	p.out.Told, p.out.Tried, p.out.Violations = len(told), p.found.Tried, w.report.List
	return p.out, nil
}

// prospect tries the remedies of trips.
type prospect struct {
	pharmacy
	reopened map[freight.ID]freight.Instant      // loads: when last stated anew
	life     map[freight.ID][]freight.TripRecord // by trip
	driven   map[freight.ID][]freight.ID         // by vehicle its trips
	out      Outlooks
}

// at returns a trip as it was at an instant, nil where it was not yet.
func (p *prospect) at(id freight.ID, at freight.Instant) *freight.Trip {
	life := p.life[id]
	n, _ := slices.BinarySearchFunc(life, at+1, func(r freight.TripRecord, at freight.Instant) int { return cmp.Compare(r.At, at) })
	if n == 0 {
		return nil
	}
	return &life[n-1].Trip
}

// open is the loads that were open at an instant: all that may have been, and of them
// those that surely were.
func (p *prospect) open(at freight.Instant) (may []*freight.Load, surely map[freight.ID]bool) {
	surely = map[freight.ID]bool{}
	for _, id := range sorted(p.w.loads) {
		l := p.w.loads[id]
		if l.Posted > at || p.reopened[id] > at || l.State == freight.LoadClosed && l.Changed < at {
			continue
		}
		doubt := l.Posted == at || l.Changed == at
		away := false
		for _, b := range p.w.bookingsFor[id] {
			doubt = doubt || b.Made == at || b.Changed == at
			away = away || b.Made < at && (held(b) || b.Changed > at)
		}
		if away {
			continue
		}
		may = append(may, l)
		surely[id] = !doubt
	}
	return may, surely
}

// check judges one remedy.
func (p *prospect) check(id freight.ID, r *freight.Remedy) {
	trip := p.at(id, r.At)
	wrong := func(what string, n int64) {
		p.w.note(RemedyWrong, []Row{{freight.KindTrip, id}, {freight.KindLoad, r.Load}}, Number{what, n},
			Number{"by", r.By}, Number{"kind", int64(slices.Index(freight.TripRemedyKinds, r.Kind))})
	}
	if trip != nil && shiftOf(&trip.Duty).binds() {
		p.out.Resting++
		return
	}
	p.out.Checked++
	if trip == nil {
		wrong("no_such_trip", 0)
		return
	}
	may, surely := p.open(r.At)
	may = slices.DeleteFunc(may, func(l *freight.Load) bool {
		p.found.Tried++
		return p.judge.Try(trip, l, r.At).Fits // and has been asked for
	})
	sure := slices.DeleteFunc(slices.Clone(may), func(l *freight.Load) bool { return !surely[l.ID] })
	limit := freight.Fen(1) << 40
	if r.Helps() {
		p.out.Helping++
		limit = r.Cost
		if !p.wins(trip, r, r.By, r.At, slices.DeleteFunc(may, func(l *freight.Load) bool { return l.ID != r.Load })) {
			wrong("refused", r.By)
		}
		rate, _ := p.table.Of(r.Kind)
		if less := r.By / rate.Grain * 9 / 10 * rate.Grain; less > 0 && p.wins(trip, r, less, r.At, sure) {
			wrong("enough", less)
		}
	}
	for _, kind := range freight.TripRemedyKinds {
		other := freight.Remedy{Kind: kind}
		if most := p.mostOf(trip, &other, limit, r.At); most > 0 && p.wins(trip, &other, most, r.At, sure) {
			wrong(string(kind)+"_is_cheaper", most)
		}
	}
}

// wins tells whether the trip, stated anew with so much of the change, takes one of the
// loads.
func (p *prospect) wins(trip *freight.Trip, r *freight.Remedy, by int64, at freight.Instant, loads []*freight.Load) bool {
	change := *r
	change.By = by
	next, ok := anew(trip, change.ApplyTrip(trip.TripTerms), at)
	return ok && slices.ContainsFunc(loads, func(l *freight.Load) bool {
		p.found.Tried++
		return p.judge.Try(next, l, at).Fits
	})
}

// anew is an idle trip as its operator would state it at the instant: its truck sets out
// as soon as it may. It returns false where it would come too late to a stop of its
// own.
func anew(trip *freight.Trip, terms freight.TripTerms, at freight.Instant) (*freight.Trip, bool) {
	next := *trip
	next.TripTerms, next.Plan = terms, slices.Clone(trip.Plan)
	free := at
	for k := range next.Plan {
		call, stop := &next.Plan[k], &terms.Stops[k]
		call.Window = stop.Window
		call.Arrive = free.After(call.LegS)
		call.Start = door{stop.Gate, stop.Bans, &next.Vehicle, stop.ServiceS}.admits(max(call.Arrive, stop.Window.Open))
		free = call.Start.After(stop.ServiceS)
		call.Leave = free
		if call.Start > stop.Window.Close || terms.Roaming && free > terms.Horizon {
			return nil, false
		}
	}
	return &next, true
}

// mostOf is the greatest change of a kind that costs less than the limit, is admitted,
// and leaves the truck free for what else it is to do.
func (p *prospect) mostOf(trip *freight.Trip, r *freight.Remedy, limit freight.Fen, at freight.Instant) int64 {
	rate, _ := p.table.Of(r.Kind)
	most := rate.Most
	switch r.Kind {
	case freight.RemedyLeast:
		most = int64(trip.Least) + rate.Grain - 1
	case freight.RemedyDepartEarlier:
		most = min(most, max(0, ceilSeconds(trip.Stops[0].Window.Open-at)+rate.Grain-1))
	}
	low, high := int64(0), most/rate.Grain
	for low < high {
		mid := low + (high-low+1)/2
		change := freight.Remedy{Kind: r.Kind, By: mid * rate.Grain}
		if rate.Cost(change.By) < limit && p.statable(trip, change.ApplyTrip(trip.TripTerms), at) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low * rate.Grain
}

// statable tells whether a trip may be stated so far ahead and so long: its vehicle has no
// other trip meanwhile.
func (p *prospect) statable(trip *freight.Trip, terms freight.TripTerms, at freight.Instant) bool {
	for i := range terms.Stops {
		if terms.Stops[i].Window.Close > at+freight.MaxAhead || terms.Stops[i].Window.Open <= 0 {
			return false
		}
	}
	if terms.Horizon > at+freight.MaxAhead || terms.Limits.ExtraStops > 60 || terms.Limits.DetourS > 200_000 || terms.Limits.DetourM > 2_000_000 {
		return false
	}
	for _, id := range p.driven[trip.VehicleID] {
		other := p.at(id, at)
		if id != trip.ID && other != nil && other.Live() && terms.Starts() < other.Ends() && other.Starts() < terms.Ends() {
			return false
		}
	}
	return true
}
