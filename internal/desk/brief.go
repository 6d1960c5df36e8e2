package desk

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// Brief counts what befell a market's tickets from one instant until another, the
// latter left out, by officer and firm. The tickets' logs tell it all: the brief of
// a day that has passed is the same whenever it is made.
func Brief(tickets []freight.Ticket, from, to freight.Instant) freight.Brief {
	lines := map[[2]freight.ID]*freight.BriefLine{}
	for i := range tickets {
		tally(&tickets[i], from, to, func(officer freight.ID) *freight.BriefLine {
			key := [2]freight.ID{officer, tickets[i].Org}
			if lines[key] == nil {
				lines[key] = &freight.BriefLine{Officer: officer, Firm: tickets[i].Org}
			}
			return lines[key]
		})
	}
	b := freight.Brief{From: from, To: to, Lines: []freight.BriefLine{}}
	for _, l := range lines {
		b.Lines = append(b.Lines, *l)
		b.Sum = add(b.Sum, *l)
	}
	slices.SortFunc(b.Lines, func(a, b freight.BriefLine) int {
		return cmp.Or(cmp.Compare(a.Officer, b.Officer), cmp.Compare(a.Firm, b.Firm))
	})
	return b
}

// Bare counts loads that were told that no single change would help, by firm and lane,
// most loads first.
func Bare(loads []freight.Load) []freight.BareLine {
	counts := map[freight.BareLine]int64{}
	for i := range loads {
		counts[freight.BareLine{Firm: loads[i].Org, From: loads[i].Pickup.Place.Town, To: loads[i].Delivery.Place.Town}]++
	}
	list := make([]freight.BareLine, 0, len(counts))
	for line, n := range counts {
		line.Loads = n
		list = append(list, line)
	}
	slices.SortFunc(list, func(a, b freight.BareLine) int {
		return cmp.Or(cmp.Compare(b.Loads, a.Loads), cmp.Compare(a.Firm, b.Firm), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return list
}

// tally counts one ticket: each entry to who had the ticket then, what waits at the
// end to who has it.
func tally(t *freight.Ticket, from, to freight.Instant, line func(officer freight.ID) *freight.BriefLine) {
	var before freight.TicketEntry
	state, late := freight.TicketState(""), false
	for _, e := range t.Log {
		if e.At >= to {
			break
		}
		state, _ = freight.NextTicket(state, e.Event) // a log holds only what was allowed
		if e.Event != freight.TicketNote {
			late = e.Event == freight.TicketEscalate && e.Owner == before.Owner
		}
		if e.At >= from {
			count(e, before, line)
		}
		before = e
	}
	if state == "" || state == freight.TicketClosed {
		return
	}
	l := line(before.Owner)
	l.Waiting++
	if late {
		l.Late++
	}
}

func count(e, before freight.TicketEntry, line func(officer freight.ID) *freight.BriefLine) {
	switch e.Event {
	case freight.TicketAsk:
		line(e.Owner).Asked++
	case freight.TicketFinish:
		line(e.Owner).Answered++
	case freight.TicketReopen:
		line(before.Owner).Reopened++
	case freight.TicketConfirm, freight.TicketLapse:
		line(e.Owner).Closed++
	case freight.TicketEscalate:
		line(before.Owner).Raised++
	}
}

func add(a, b freight.BriefLine) freight.BriefLine {
	return freight.BriefLine{Asked: a.Asked + b.Asked, Answered: a.Answered + b.Answered, Reopened: a.Reopened + b.Reopened,
		Closed: a.Closed + b.Closed, Raised: a.Raised + b.Raised, Waiting: a.Waiting + b.Waiting, Late: a.Late + b.Late}
}
