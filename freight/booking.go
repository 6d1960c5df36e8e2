package freight

// BookingState is where the goods are.
type BookingState string

// The states of a booking.
const (
	BookingHeld       BookingState = "held"
	BookingFirm       BookingState = "firm"
	BookingAboard     BookingState = "aboard"
	BookingHandedOver BookingState = "handed_over"
	BookingProven     BookingState = "proven"
	BookingReleased   BookingState = "released"
	BookingReturned   BookingState = "returned"
)

// Side is one of the sides of a deal, or the exchange between them.
type Side string

// The sides.
const (
	SideShipper  Side = "shipper"
	SideCarrier  Side = "carrier"
	SideExchange Side = "exchange" // a clock, or the rules
)

// Booking is one load on one trip: the only thing that takes room. Org is the
// carrier's organization.
type Booking struct {
	Meta
	State     BookingState `json:"state"`
	Until     Instant      `json:"until,omitempty"`    // of a hold: its shipper's word counts until then
	Cause     Reason       `json:"cause,omitempty"`    // why it was released
	By        Side         `json:"ended_by,omitempty"` // who released it
	Shipper   ID           `json:"shipper"`
	Load      ID           `json:"load"`
	Trip      ID           `json:"trip"`
	Offer     ID           `json:"offer"`
	Take      Room         `json:"take"`
	Price     Fen          `json:"price"` // agreed: what the carrier gets for it
	Share     Fen          `json:"share"` // what the shipper pays now: see Final
	Most      Fen          `json:"most"`  // what the shipper pays at the most: the promise
	Alone     Fen          `json:"alone"`
	PickupBy  Instant      `json:"pickup_by"` // promised: service begins no later
	DropBy    Instant      `json:"drop_by"`
	PickupETA Instant      `json:"pickup_eta"` // when booked
	DropETA   Instant      `json:"drop_eta"`
	Router    Router       `json:"router"`
	Final     Instant      `json:"final,omitempty"`  // since when Share moves no more, 0 while it may fall
	Costs     int64        `json:"costs,omitempty"`  // version of the cost model that priced it
	Fee       Fen          `json:"fee,omitempty"`    // owed for its release by the fee table
	FeeBy     ID           `json:"fee_by,omitempty"` // who owes it: the shipper or the carrier
	Short     Fen          `json:"short,omitempty"`  // what its release leaves the carrier short all the same
	Ended     Instant      `json:"ended,omitempty"`  // when the exchange heard that the truck has the goods no more, 0 before
	Custody   Custody      `json:"custody,omitzero"`
}

// Live tells whether the booking holds room.
func (b *Booking) Live() bool {
	return b.State == BookingHeld || b.State == BookingFirm || b.State == BookingAboard
}

// Holds bound what is held. A hold takes room that nobody else can have meanwhile.
const (
	MaxHolds  = 3 // of one trip at a time
	leastHold = 5 * Minute
	mostHold  = Hour
)

// HoldUntil is until when a shipper who looks first may say yes to a booking made at
// now: a tenth of the time to the pickup, at least five minutes and at most an hour,
// and never past the pickup.
func HoldUntil(now, pickup Instant) Instant {
	return min(now+min(max((pickup-now)/10, leastHold), mostHold), max(pickup, now))
}
