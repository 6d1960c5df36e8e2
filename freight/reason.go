package freight

// Reason says why a trip cannot carry a load, or why an offer came to nothing.
// The set is closed; the texts people read are made at the edge.
type Reason string

// The reasons, in the order in which a candidate is judged: a later reason
// means that the candidate came nearer to a match.
const (
	NoReason             Reason = ""
	ReasonNoCandidate    Reason = "no_candidate"    // no trip comes near in place and time
	ReasonEquipment      Reason = "equipment"       // the vehicle lacks a capability
	ReasonPiece          Reason = "piece"           // a piece does not fit the vehicle's inner box or its door
	ReasonDeckLoad       Reason = "deck_load"       // heavier on a metre of deck than the vehicle bears
	ReasonOffRoad        Reason = "off_road"        // no road of the trip's router leads to a stop of the load
	ReasonWindowPickup   Reason = "window_pickup"   // the truck cannot be there before pickup closes
	ReasonWindowDelivery Reason = "window_delivery" // the truck cannot be there before delivery closes
	ReasonCalendar       Reason = "calendar"        // a later stop of the trip, or its end, would be late
	ReasonRiderDelay     Reason = "rider_delay"     // a load already promised would be late
	ReasonGate           Reason = "gate"            // a place on the way is shut when the truck would be there
	ReasonBan            Reason = "truck_ban"       // trucks of its kind may not be at a place on the way when it would be there
	ReasonHours          Reason = "driver_hours"    // the rests that the drivers must take leave too little time
	ReasonWeight         Reason = "weight"          // too heavy on some leg
	ReasonVolume         Reason = "volume"          // too bulky on some leg
	ReasonDeck           Reason = "deck"            // too long for the floor on some leg
	ReasonUnloadOrder    Reason = "unload_order"    // another load would stand between it and the doors, or it before another
	ReasonTemperature    Reason = "temperature"     // something aboard wants another temperature
	ReasonHazmat         Reason = "hazmat"          // dangerous goods that may not ride with what is aboard
	ReasonFood           Reason = "food"            // dangerous goods would ride beside food
	ReasonStops          Reason = "stops"           // more extra stops than the operator accepts
	ReasonDetourDistance Reason = "detour_distance" // more extra metres than the operator accepts
	ReasonDetourTime     Reason = "detour_time"     // more extra seconds than the operator accepts
	ReasonPrice          Reason = "price"           // the trip costs more than the load's ceiling
	ReasonDeclined       Reason = "declined"        // the operator said no
	ReasonExpiredOffer   Reason = "expired"         // the operator did not answer in time
	ReasonTaken          Reason = "taken"           // the load or the room went to somebody else
	ReasonLease          Reason = "lease"           // the trip no longer takes new loads
	ReasonWithdrawn      Reason = "withdrawn"       // the shipper or the operator took it back
	ReasonEdited         Reason = "edited"          // the terms changed
	ReasonQuiet          Reason = "quiet"           // its operator is not to be disturbed: at night, at the wheel, or asked often enough this hour
	ReasonQuorum         Reason = "quorum"          // too few of a pool's members consented
	ReasonUntaken        Reason = "untaken"         // no operator took the pool in time
	ReasonUnconfirmed    Reason = "unconfirmed"     // the shipper looked first and did not say yes
	ReasonUnrenewed      Reason = "unrenewed"       // the shipper was asked whether the load is still there and did not say so
	ReasonNoShow         Reason = "no_show"         // the goods were not there when the truck was
	ReasonBrokenDown     Reason = "broken_down"     // the truck broke down
)

// Reasons lists the closed set in judging order.
var Reasons = []Reason{
	ReasonNoCandidate, ReasonEquipment, ReasonPiece, ReasonDeckLoad, ReasonOffRoad, ReasonWindowPickup,
	ReasonWindowDelivery, ReasonCalendar, ReasonRiderDelay, ReasonGate, ReasonBan, ReasonHours, ReasonWeight, ReasonVolume, ReasonDeck, ReasonUnloadOrder,
	ReasonTemperature, ReasonHazmat, ReasonFood, ReasonStops, ReasonDetourDistance, ReasonDetourTime, ReasonPrice,
	ReasonDeclined, ReasonExpiredOffer, ReasonTaken, ReasonLease, ReasonWithdrawn, ReasonEdited, ReasonQuiet, ReasonQuorum,
	ReasonUntaken, ReasonUnconfirmed, ReasonUnrenewed, ReasonNoShow,
	ReasonBrokenDown,
}

// Rank returns the position of the reason in judging order; 0 is the farthest
// from a match. Unknown reasons rank below all.
func (r Reason) Rank() int {
	for i, known := range Reasons {
		if known == r {
			return i
		}
	}
	return -1
}

// Count is how often a reason was met.
type Count struct {
	Reason Reason `json:"reason"`
	N      int64  `json:"n"`
}

// Near names the trip that came nearest to a load, or the load that came nearest to
// a trip, and the limit that was broken.
type Near struct {
	Trip   ID     `json:"trip"`
	Load   ID     `json:"load,omitempty"` // told to the trip's operator
	Reason Reason `json:"reason"`
	By     int64  `json:"by"`   // how much is missing
	Unit   string `json:"unit"` // "m", "s", "g", "ml", "mm", "fen", "stops", "loads", "g/m", "°C" or ""
}

// Explanation is the answer to a load without a deal: what was looked at, why
// it failed and what single change would help; for a load too large for every
// truck also the number of parts in which it would fit.
type Explanation struct {
	Market ID      `json:"market"`
	Load   ID      `json:"load"`
	Org    ID      `json:"org"`
	At     Instant `json:"at"`
	// Trips is the number of trips that were open at some time while the load
	// was. Counts sum to it, less those that fit and may still be asked: trips
	// the index ruled out count as no_candidate.
	Trips   int64   `json:"trips"`
	Counts  []Count `json:"counts"`
	Nearest *Near   `json:"nearest,omitempty"`
	Parts   int64   `json:"parts,omitempty"`  // 2 or more when only a split would fit
	Final   bool    `json:"final"`            // the load has ended without a deal
	LateS   int64   `json:"late_s,omitempty"` // see Load.LateS: no clock allows it
	// Remedy is the smallest single change that would have matched the load when
	// it was explained; nil in explanations of before there were remedies.
	Remedy *Remedy `json:"remedy,omitempty"`
	// Next is what the shipper can do now; nil in explanations of before there was one.
	Next *NextStep `json:"next,omitempty"`
}

// TripExplanation is the answer to a trip that carries nothing and is asked for
// nothing: what was looked at, why it failed and what single change of its own
// terms would help.
type TripExplanation struct {
	Market ID      `json:"market"`
	Trip   ID      `json:"trip"`
	Org    ID      `json:"org"`
	At     Instant `json:"at"`
	// Loads is the number of loads that were open at the instant of Judged. Counts sum
	// to it, less those that fit and wait for others' answers: loads that the index
	// ruled out count as no_candidate.
	Loads   int64   `json:"loads"`
	Judged  Instant `json:"judged"`
	Counts  []Count `json:"counts"`
	Nearest *Near   `json:"nearest,omitempty"` // without By where the price was too high: what a shipper pays at the most is his own
	Final   bool    `json:"final"`             // the truck has set out empty, or takes no loads any more
	// Remedy is the smallest single change of the trip's terms with which it would take an
	// open load; nil where its terms cannot be stated anew.
	Remedy *Remedy `json:"remedy,omitempty"`
}
