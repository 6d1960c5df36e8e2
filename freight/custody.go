package freight

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Custody is who answers for the goods of a booking, as people told it.
type Custody struct {
	Steps  []Step  `json:"steps,omitempty"`  // in the order in which the exchange heard of them
	Ticket ID      `json:"ticket,omitempty"` // of the desk's, the last one that was opened for it
	Proofs []Shown `json:"proofs,omitempty"` // in the order in which the exchange got them
	Risk   Risk    `json:"risk,omitzero"`
}

// Step is one thing that somebody told of the goods of a booking.
type Step struct {
	Event  BookingEvent `json:"event"`
	At     Instant      `json:"at"`               // when it happened, by the clock of what told it
	Got    Instant      `json:"got"`              // when the exchange heard of it
	By     Side         `json:"by"`               // who told it
	Pieces int64        `json:"pieces,omitempty"` // handed over by then, of a part or a hand-over; 0 for all
	Point  *Point       `json:"point,omitempty"`  // where the truck stands, of one that broke down
	Text   string       `json:"text,omitempty"`   // in the words of who told it
}

// What custody is bound by.
const (
	StepsAhead    = PositionsAhead // clocks of phones go fast by as much
	StepsLate     = PositionsLate  // phones without a network keep acts so long
	MaxSteps      = 60             // of one booking
	MaxStepText   = 200            // characters
	OverdueTicket = 2 * Hour       // a trip that is past its end and not empty, until the desk is called
	mostPieces    = 100_000
)

// Last returns the last step of the event, nil where there is none.
func (c *Custody) Last(event BookingEvent) *Step {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if c.Steps[i].Event == event {
			return &c.Steps[i]
		}
	}
	return nil
}

// Stepped returns the booking after one thing more that was told of its goods at now: its
// state follows the table, and how it ended stands with it. The time told must lie in the
// past of the clock that told it, and not before what happened before.
func (b *Booking) Stepped(now Instant, s Step) (Booking, error) {
	next := *b
	state, err := NextBooking(b.State, s.Event)
	if err != nil {
		return next, err
	}
	if s.At == 0 {
		s.At = now
	}
	if err := b.checkStep(now, &s); err != nil {
		return next, err
	}
	s.Got = now
	next.Custody.Steps = append(slices.Clip(b.Custody.Steps), s)
	next.State = state
	if !next.Live() && state != BookingReleased {
		next.Ended = now
	}
	return next, nil
}

// checkStep tells what is wrong with what is told of a booking's goods.
func (b *Booking) checkStep(now Instant, s *Step) error {
	first, last := max(b.Made, now-StepsLate), now+StepsAhead
	if loaded := b.Custody.Last(BookingLoadUp); loaded != nil && s.Event != BookingArrive {
		first = max(first, loaded.At)
	}
	if len(b.Custody.Steps) >= MaxSteps && s.Event != BookingStrand {
		return &Error{Code: TooMany, Problem: ProblemRange, Field: "event", Max: strconv.Itoa(MaxSteps)}
	}
	var faults Faults
	if s.At < first || s.At > last {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "at", Value: s.At.String(), Min: first.String(), Max: last.String()})
	}
	if s.Pieces < 0 || s.Pieces > mostPieces {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "pieces", Value: strconv.FormatInt(s.Pieces, 10), Min: "0", Max: strconv.Itoa(mostPieces)})
	}
	if n := utf8.RuneCountInString(s.Text); n > MaxStepText || !utf8.ValidString(s.Text) {
		faults.Add(Error{Code: Invalid, Problem: ProblemRange, Field: "text", Value: Shorten(s.Text), Max: strconv.Itoa(MaxStepText)})
	}
	return faults.Err()
}

// CauseNoEnd opens a ticket of custody: the plan of a truck has ended, and nobody said
// where the goods are.
const CauseNoEnd TicketCause = "no_end"

// CauseAtDock opens one: the consignee does not take the goods.
const CauseAtDock TicketCause = "refused_at_dock"

// MoveGoods tells what happened to the goods of a booking.
type MoveGoods struct {
	Booking ID
	Version int64 // 0 for whatever there is
	Event   BookingEvent
	At      Instant // by the clock of what tells it, 0 for now
	Pieces  int64   // handed over by then, of a part or a hand-over; 0 for all
	Text    string
}

func (a MoveGoods) act() Naming { return Naming{"move_goods", a.Booking, a.Version} }

// ClockCustody is when the desk is called for a trip that is past its end and not empty.
const ClockCustody ClockKind = "custody"

// The events of custody. Both sides of a booking are told.
const (
	EventBookingArrived    EventType = "pinhuo.booking.arrived" // the truck is where the goods go in, or out
	EventBookingAboard     EventType = "pinhuo.booking.aboard"
	EventBookingHandedOver EventType = "pinhuo.booking.handed_over"
	EventBookingRefused    EventType = "pinhuo.booking.refused" // the consignee does not take the goods: they stay aboard
	EventBookingReturned   EventType = "pinhuo.booking.returned"
	EventBookingOverdue    EventType = "pinhuo.booking.overdue" // the plan of its truck has ended, and nobody said where the goods are
	EventTripOverdue       EventType = "pinhuo.trip.overdue"    // its plan has ended, and it is not known to be empty
)
