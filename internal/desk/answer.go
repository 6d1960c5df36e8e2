package desk

import "pinhuo/freight"

// Plight is what is known of a load on the market when it is asked whether it needs a
// person. An explanation is an answer, also one that proves that no single change would
// help: a person is called where he can do something that the exchange cannot, or where
// the exchange failed.
type Plight struct {
	Lost     bool            // its truck has just been taken from it
	Left     freight.Instant // until its pickup ends
	Answered bool            // a verified explanation with a next step is at hand
	Applied  bool            // its terms make the change that it was told would help
	Refusers int             // trucks that it was offered to, that take loads still, and whose operators said no, or were silent, for good: no better price is left to ask them with
	Asked    int             // operators who are asked now
}

// Rematch is the time to the end of its pickup below which a load that loses its truck
// cannot count on being matched again: its operators have to be asked, answer, and come.
const Rematch = 2 * freight.Hour

// Silence is how long the exchange looks for others when the last operator asked for an
// explained load has said no, before a person is called.
const Silence = 5 * freight.Minute

// rule is one row of the table of what makes a ticket.
type rule struct {
	cause         freight.TicketCause
	holds         func(p *Plight) bool
	when, because string
}

// rules are in the order in which they are held against a load: the first that holds
// names the cause.
var rules = []rule{
	{freight.CauseLost, func(p *Plight) bool { return p.Lost && p.Left < Rematch },
		"a booked load loses its truck and less than " + span(Rematch) + " are left to the end of its pickup",
		"who was promised a truck has no time to wait for another"},
	{freight.CauseUnexplained, func(p *Plight) bool { return !p.Lost && !p.Answered },
		"no verified explanation with a next step is there shortly before `answer_by`",
		"the exchange failed: nothing may fall silent"},
	{freight.CauseInVain, func(p *Plight) bool { return p.Answered && p.Applied && p.Asked == 0 },
		"the shipper made the change that was named, and still nobody takes the load or is asked for it",
		"what the exchange said did not hold"},
	{freight.CauseRefused, func(p *Plight) bool { return p.Answered && p.Refusers > 0 && p.Asked == 0 },
		"trucks that still take loads were asked, operators said no or let their clocks run out at every price that may be offered, and nobody is asked any more; after the explanation: when nobody else is found within " + span(Silence),
		"a person can telephone them"},
}

// Needs returns why a load needs a person, "" where its explanation is its answer.
func Needs(p Plight) freight.TicketCause {
	for i := range rules {
		if rules[i].holds(&p) {
			return rules[i].cause
		}
	}
	return ""
}
