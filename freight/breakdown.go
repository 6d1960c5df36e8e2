package freight

// BreakTrip tells that the truck of a trip broke down and goes no further.
type BreakTrip struct {
	Trip    ID
	Version int64   // 0 for whatever there is
	At      Instant // by the clock of what tells it, 0 for now
	Point   *Point  // where it stands; nil where nobody said
	Text    string
}

func (a BreakTrip) act() Naming { return Naming{"break_trip", a.Trip, a.Version} }

// MayBreak tells whether the trip's truck can have broken down, as it is told at now; the time
// told is now where it says none.
func (t *Trip) MayBreak(now Instant, s *Step) error {
	if _, err := NextTrip(t.State, TripBreak); err != nil {
		return err
	}
	if s.At == 0 {
		s.At = now
	}
	return (&Booking{Meta: t.Meta}).checkStep(now, s)
}

// CauseBrokenDown opens a ticket of custody: the goods are on a truck that goes no further.
const CauseBrokenDown TicketCause = "broken_down"

// The events of a breakdown. Both sides of a booking whose goods are aboard, or may be, are told.
const (
	EventBookingStranded EventType = "pinhuo.booking.stranded"
	EventTripStopped     EventType = "pinhuo.trip.stopped"
)
