package book

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/internal/desk"
)

// nextStep is what the load's shipper can do now: go alone, or ask the officer who
// answers for his firm.
func (t *turn) nextStep(l *freight.Load) *freight.NextStep {
	_, vehicles, on := t.env.Costs.Hire(l.Size, l.Direct, l.Pickup.ServiceS+l.Delivery.ServiceS)
	next := freight.NextStep{Alone: l.Alone, Vehicle: on, Vehicles: vehicles}
	if roster := t.Roster(); roster.Default() != nil {
		o, _ := roster.Present(roster.For(l.Org), desk.Moment{At: t.now, Zone: t.env.Market.Zone, Now: desk.NearOf(l) <= t.now})
		next.Officer = o.User
	}
	return &next
}

// plight is what the desk goes by.
func (t *turn) plight(l *freight.Load, answered bool) desk.Plight {
	return desk.Plight{Left: l.Ends() - t.now, Answered: answered, Applied: l.Applied, Refusers: len(t.refusers(l)), Asked: len(t.OpenOffers(l.ID))}
}

// refusers lists the noes to the load's present terms that stand whatever is offered, of
// trips that still take loads: no better price is left to ask with.
func (t *turn) refusers(l *freight.Load) (list []Refusal) {
	for id, no := range t.Refused(l.ID) {
		if no.Reason == freight.ReasonUnconfirmed {
			continue // its operator said yes
		}
		if trip := t.trips.get(id); trip != nil && trip.Matchable(t.now) && no.Holds(l, trip) {
			list = append(list, no)
		}
	}
	return list
}

// noes counts the noes to the load by their reasons, in judging order.
func (t *turn) noes(l *freight.Load) (counts []freight.Count) {
	of := map[freight.Reason]int64{}
	for _, no := range t.refusers(l) {
		of[no.Reason]++
	}
	for reason, n := range of {
		counts = append(counts, freight.Count{Reason: reason, N: n})
	}
	slices.SortFunc(counts, func(a, b freight.Count) int { return a.Reason.Rank() - b.Reason.Rank() })
	return counts
}

// turnedDown notes when nobody is asked any more for an explained load, after a no: the
// clock runs until a person is called.
func (t *turn) turnedDown(load freight.ID) {
	l := t.loads.get(load)
	if l == nil || l.State != freight.LoadPosted || l.Answer == 0 || t.minded.get(load) != nil || len(t.OpenOffers(load)) > 0 {
		return
	}
	next := *l
	t.touch(&next.Meta)
	next.Turned = t.now
	t.saveLoad(&next)
}

// mindLost gives a load its person at once that has lost its truck too late to be
// matched again.
func (t *turn) mindLost(l *freight.Load) error {
	if t.minded.get(l.ID) != nil {
		return nil // it has one, and its ticket is open again
	}
	p := t.plight(l, false)
	p.Lost = true
	if cause := desk.Needs(p); cause != "" {
		return t.openUnanswered(l, cause, nil)
	}
	return nil
}
