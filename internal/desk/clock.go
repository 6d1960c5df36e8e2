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

// An unanswered load is worth as much as its pickup is near; a dispute wants
// evidence of both sides, and so time.
var spans = map[sort]Spans{
	{freight.TicketUnanswered, freight.ClassUrgent}:   {10 * freight.Minute, freight.Hour, 2 * freight.Hour},
	{freight.TicketUnanswered, freight.ClassOrdinary}: {30 * freight.Minute, 4 * freight.Hour, 12 * freight.Hour},
	{freight.TicketHelp, freight.ClassUrgent}:         {10 * freight.Minute, 2 * freight.Hour, 12 * freight.Hour},
	{freight.TicketHelp, freight.ClassOrdinary}:       {freight.Hour, 8 * freight.Hour, freight.Day},
	{freight.TicketDispute, freight.ClassUrgent}:      {30 * freight.Minute, freight.Day, 3 * freight.Day},
	{freight.TicketDispute, freight.ClassOrdinary}:    {4 * freight.Hour, 3 * freight.Day, 3 * freight.Day},
}

// SpansOf returns the clocks of a kind and class.
func SpansOf(kind freight.TicketKind, class freight.TicketClass) Spans {
	return spans[sort{kind, class}]
}

// urgent is how near the end of a load's pickup makes its tickets urgent.
const urgent = 6 * freight.Hour

// ClassOf returns the class of a ticket about a load, or about none where it is nil.
func ClassOf(l *freight.Load, now freight.Instant) freight.TicketClass {
	if l != nil && l.Pickup.Window.Close-now <= urgent {
		return freight.ClassUrgent
	}
	return freight.ClassOrdinary
}
