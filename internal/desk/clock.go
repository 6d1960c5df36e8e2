package desk

import "pinhuo/freight"

// Spans are the clocks of one kind and class of ticket.
type Spans struct {
	Take freight.Instant // until the owner takes it up, else the next above has it
	Work freight.Instant // from taking it up to saying that it is done
	Wait freight.Instant // after that, for the asker's word; silence closes
}

type sort struct {
	kind  freight.TicketKind
	class freight.TicketClass
}

// An unanswered load is worth as much as its pickup is near, and goods aboard cannot
// wait; a dispute wants evidence of both sides, and so time.
var spans = map[sort]Spans{
	{freight.TicketUnanswered, freight.ClassUrgent}:   {10 * freight.Minute, freight.Hour, 2 * freight.Hour},
	{freight.TicketUnanswered, freight.ClassOrdinary}: {30 * freight.Minute, 4 * freight.Hour, 12 * freight.Hour},
	{freight.TicketHelp, freight.ClassUrgent}:         {10 * freight.Minute, 2 * freight.Hour, 12 * freight.Hour},
	{freight.TicketHelp, freight.ClassOrdinary}:       {freight.Hour, 8 * freight.Hour, freight.Day},
	{freight.TicketCustody, freight.ClassUrgent}:      {10 * freight.Minute, 4 * freight.Hour, freight.Day},
	{freight.TicketCustody, freight.ClassOrdinary}:    {30 * freight.Minute, 8 * freight.Hour, freight.Day},
	{freight.TicketDispute, freight.ClassUrgent}:      {30 * freight.Minute, freight.Day, 3 * freight.Day},
	{freight.TicketDispute, freight.ClassOrdinary}:    {4 * freight.Hour, 3 * freight.Day, 3 * freight.Day},

	{freight.TicketUnconfirmed, freight.ClassUrgent}:   {10 * freight.Minute, freight.Hour, 2 * freight.Hour},
	{freight.TicketUnconfirmed, freight.ClassOrdinary}: {30 * freight.Minute, 4 * freight.Hour, 12 * freight.Hour},
	{freight.TicketShort, freight.ClassUrgent}:         {30 * freight.Minute, 2 * freight.Hour, freight.Day},
	{freight.TicketShort, freight.ClassOrdinary}:       {4 * freight.Hour, freight.Day, freight.Day},
}

// SpansOf returns the clocks of a kind and class.
func SpansOf(kind freight.TicketKind, class freight.TicketClass) Spans {
	return spans[sort{kind, class}]
}

// urgent is how near the end of a load's pickup makes its tickets urgent.
const urgent = 6 * freight.Hour

// NearOf returns from when on a ticket about a load is urgent, 0 for one about none.
func NearOf(l *freight.Load) freight.Instant {
	if l == nil {
		return 0
	}
	return l.Pickup.Window.Close - urgent
}

// spanOf is how long the act gives whoever has to act next.
func spanOf(t *freight.Ticket, a Act) freight.Instant {
	s := SpansOf(t.Kind, t.Class)
	switch a.Event {
	case freight.TicketTake:
		return s.Work
	case freight.TicketFinish, freight.TicketSettle:
		return s.Wait
	}
	return s.Take
}

// due is the clock after the act, of the officer who has the ticket then. That of an
// ordinary ticket runs while he is at work; the asker's, and any other, day and night.
func due(t *freight.Ticket, owner *freight.Officer, a Act) freight.Instant {
	switch a.Event {
	case freight.TicketConfirm, freight.TicketLapse:
		return 0
	case freight.TicketFinish, freight.TicketSettle:
		return a.At + spanOf(t, a)
	}
	if t.Class == freight.ClassUrgent || owner == nil {
		return a.At + spanOf(t, a)
	}
	return owner.Hours.Plus(a.At, spanOf(t, a), a.Zone)
}

// waitsTooLong tells whether a ticket that waits for its owner to be at work would wait
// until what it is about is urgent: then it is so at once.
func waitsTooLong(t *freight.Ticket, until freight.Instant, a Act) bool {
	return a.Near != 0 && until > a.Near && until > a.At+spanOf(t, a)
}
