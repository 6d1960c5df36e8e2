package freight

// Risk is that a promise of a booking will be broken, by what is known of its truck's way.
type Risk struct {
	Since Instant `json:"since,omitempty"` // both sides know since then; 0 while all is well
	Until Instant `json:"until,omitempty"` // then the desk has a ticket, unless it is well again
}

// RiskTicket is for how long a promise is at risk at the most until the desk has it.
const RiskTicket = Hour

// CauseAtRisk opens a ticket of custody: a promise is about to be broken, or is.
const CauseAtRisk TicketCause = "at_risk"

// ClockRisk is when the desk gets a booking whose promise is at risk.
const ClockRisk ClockKind = "risk"

// What both sides of a booking are told of what its truck's way does to its promise.
const (
	EventBookingAtRisk EventType = "pinhuo.booking.at_risk"
	EventBookingWell   EventType = "pinhuo.booking.well" // it is at risk no more
)

// Breaks returns the promise of a live booking that its trip is expected to break: until
// when service was to begin; 0 where none is known to be.
func (b *Booking) Breaks(t *Trip) Instant {
	pickup, drop := t.Expected(b.Load)
	switch {
	case b.State != BookingAboard && pickup > b.PickupBy:
		return b.PickupBy
	case drop > b.DropBy:
		return b.DropBy
	}
	return 0
}

// Passed tells whether what was promised next of a live booking has not come about in time,
// whatever is forecast.
func (b *Booking) Passed(at Instant) bool {
	if b.State == BookingAboard {
		return at > b.DropBy
	}
	return b.Live() && at > b.PickupBy
}
