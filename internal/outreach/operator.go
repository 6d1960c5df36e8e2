package outreach

import (
	"slices"

	"pinhuo/freight"
)

// Operator is what is known about asking one operator. It is immutable; nil stands
// for one of whom nothing is known.
type Operator struct {
	Hour  freight.Instant // of the last offer
	Asked int64           // offers in that hour

	said *freight.PreferenceTerms // nil for nothing
	ways []way                    // of its lanes, one each
}

// Sent returns the operator after one more offer at an instant.
func (o *Operator) Sent(at freight.Instant) *Operator {
	next := Operator{}
	if o != nil {
		next = *o
	}
	if hour := freight.HourOf(at); hour != next.Hour {
		next.Hour, next.Asked = hour, 0
	}
	next.Asked++
	return &next
}

// Says returns the operator with what it says now.
func (o *Operator) Says(terms *freight.PreferenceTerms) *Operator {
	next := Operator{}
	if o != nil {
		next = *o
	}
	next.said, next.ways = terms, waysOf(terms)
	return &next
}

// Terms returns what the operator says, nil for nothing.
func (o *Operator) Terms() *freight.PreferenceTerms {
	if o == nil {
		return nil
	}
	return o.said
}

// Rules are what the market itself asks of every offer.
type Rules struct {
	Zone   string // IANA
	Silent bool   // drivers are not asked while they drive
	InTurn bool   // a load waits for an operator who thinks about better ones beside which it has no room
}

// Asking is one load at an instant, and who of its shipper's partners has it first.
type Asking struct {
	Now     freight.Instant
	Rules   Rules
	Load    *freight.Load
	Shipper *freight.PreferenceTerms // nil for nothing

	ahead freight.Instant // of UTC is the market's clock
	known bool
}

// clock returns by how much the market's clock is ahead of UTC, asking for it once.
func (a *Asking) clock() freight.Instant {
	if !a.known {
		a.ahead, a.known = a.Now.Ahead(a.Rules.Zone), true
	}
	return a.ahead
}

// Never is later than any instant at which somebody may be asked.
const Never = freight.Instant(1 << 62)

// From returns the instant from which the operator of a trip may be asked about the
// load, as far as is known now: now or earlier where it may be. It is Never for a
// trip that takes no more.
//
// A lane that takes the load by itself disturbs nobody: for it only the partners'
// time counts.
func (a *Asking) From(trip *freight.Trip, o *Operator) freight.Instant {
	at, _ := a.Sift(trip, o)
	return at
}

// Sift is From, and tells whether one of the operator's lanes is for the load, whatever
// it pays: such operators come first.
func (a *Asking) Sift(trip *freight.Trip, o *Operator) (at freight.Instant, laned bool) {
	at = a.Now
	if Closed(a.Now, a.Load, a.Shipper, trip.Org) {
		at = Reserved(a.Load, a.Shipper)
	}
	lane := o.Lane(a.Load, a.Load.Ceiling, a.Rules.Zone)
	if lane != nil && lane.Auto {
		return at, true
	}
	return max(at, a.disturbs(trip, o)), lane != nil
}

// disturbs returns from when on the operator of a trip may be disturbed.
func (a *Asking) disturbs(trip *freight.Trip, o *Operator) freight.Instant {
	at, said := a.Now, o.Terms()
	if a.Rules.Silent && (said == nil || !said.Driving) {
		at = max(at, stands(trip, a.Now))
	}
	if said == nil {
		return at
	}
	if said.Budget > 0 && o.Asked >= said.Budget && o.Hour == freight.HourOf(a.Now) {
		at = max(at, o.Hour+freight.Hour)
	}
	if !said.Quiet.Says() {
		return at
	}
	if till := said.Quiet.Until(a.Now, a.clock()); till > a.Now && !(said.Quiet.Urgent && a.urgent(till)) {
		at = max(at, till)
	}
	return at
}

// urgent tells whether the load cannot wait until an instant: with half an hour to
// answer from then on its pickup or its answer would be over.
func (a *Asking) urgent(till freight.Instant) bool {
	over := a.Load.Ends()
	if a.Load.Answer == 0 {
		over = min(over, a.Load.AnswerBy)
	}
	return till+urgentWithin > over
}

// stands returns from when a trip's truck stands: now where it does, or where two
// drivers relieve each other, so that one can answer; else when it comes to its next
// call.
func stands(trip *freight.Trip, now freight.Instant) freight.Instant {
	if trip.State != freight.TripUnderway || trip.Duty.Drivers > 1 {
		return now
	}
	next := trip.Fixed(now) - 1
	if next < 1 || trip.Plan[next-1].Leave >= now {
		return now
	}
	if call := &trip.Plan[next]; call.Kind != freight.CallHere || next+1 == len(trip.Plan) {
		return max(now, call.Arrive)
	}
	return max(now, trip.Plan[next+1].Arrive)
}

// mostDeclines is how many of a vehicle's declines are remembered.
const mostDeclines = 16

// Declines is what a vehicle's operator would not do with it, oldest first. It is
// immutable.
type Declines []freight.Decline

// With returns the declines with one more, as far as its reason is remembered.
func (d Declines) With(one freight.Decline) Declines {
	if !slices.Contains(freight.Remembered, one.Reason) {
		return d
	}
	if len(d) >= mostDeclines {
		d = d[len(d)-mostDeclines+1:]
	}
	return append(slices.Clone(d), one)
}

// Least detours that a decline can be about.
const (
	leastDetourM = 1000
	leastDetourS = 60
)

// Bars returns the reason of an earlier no that holds for an offer too, NoReason
// where there is none. A detour that was declined bars every detour that is not
// shorter, a price every price that is not higher for a detour that is not shorter.
// With time that loosens: what bars moves away evenly, to twice the detour and to no
// price at all after DeclineMemory, when it is forgotten.
func (d Declines) Bars(now freight.Instant, t *freight.Terms) freight.Reason {
	const whole = int64(freight.DeclineMemory)
	for i := range d {
		no := &d[i]
		age := int64(now - no.At)
		if age < 0 || age >= whole {
			continue
		}
		held := false
		switch no.Reason {
		case freight.ReasonDetourDistance:
			held = no.DetourM >= leastDetourM && t.DetourM*whole >= no.DetourM*(whole+age)
		case freight.ReasonDetourTime:
			held = no.DetourS >= leastDetourS && t.DetourS*whole >= no.DetourS*(whole+age)
		case freight.ReasonPrice:
			held = likeThese(no, t) && int64(t.Price)*whole <= int64(no.Price)*(whole-age)
		}
		if held {
			return no.Reason
		}
	}
	return freight.NoReason
}

// Opening returns the price to ask the operator of a vehicle with first, no lower than
// that of the terms: who said that a price was too little is not asked for as little
// again, nor left alone, but offered more of what the shipper pays at the most. What was
// too little loosens from day to day, as what bars does.
func (d Declines) Opening(now freight.Instant, t *freight.Terms, most freight.Fen) freight.Fen {
	const days = int64(freight.DeclineMemory / freight.Day)
	price := t.Price
	for i := range d {
		no := &d[i]
		age := int64((now - no.At) / freight.Day)
		if no.Reason != freight.ReasonPrice || now < no.At || age >= days || !likeThese(no, t) {
			continue
		}
		if little := no.Price * freight.Fen(days-age) / freight.Fen(days); t.Price <= little {
			price = max(price, min(most, Better(little, most)))
		}
	}
	return price
}

// likeThese tells whether terms bend the trip no less than those of a no.
func likeThese(no *freight.Decline, t *freight.Terms) bool {
	return t.DetourM >= no.DetourM && t.DetourS >= no.DetourS
}
