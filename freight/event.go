package freight

import "encoding/json"

// EventSchema is the version of the facts that events carry.
const EventSchema = 1

// EventType names what happened; the set is closed.
type EventType string

// The event types.
const (
	EventLoadPosted      EventType = "pinhuo.load.posted"
	EventLoadEdited      EventType = "pinhuo.load.edited"
	EventLoadOffered     EventType = "pinhuo.load.offered"
	EventLoadExplained   EventType = "pinhuo.load.explained"
	EventLoadWithdrawn   EventType = "pinhuo.load.withdrawn"
	EventLoadExpired     EventType = "pinhuo.load.expired"
	EventLoadUnanswered  EventType = "pinhuo.load.unanswered" // to the desk: its answer_by has passed
	EventLoadSettled     EventType = "pinhuo.load.settled"    // to the desk: it does not wait for the desk any more
	EventLoadExtended    EventType = "pinhuo.load.extended"   // its answer_by was put off after an outage
	EventTripAnnounced   EventType = "pinhuo.trip.announced"
	EventTripEdited      EventType = "pinhuo.trip.edited"
	EventTripReplanned   EventType = "pinhuo.trip.replanned"
	EventTripExplained   EventType = "pinhuo.trip.explained"
	EventTripUnderway    EventType = "pinhuo.trip.underway"
	EventTripCompleted   EventType = "pinhuo.trip.completed"
	EventTripCancelled   EventType = "pinhuo.trip.cancelled"
	EventTripLapsed      EventType = "pinhuo.trip.lapsed"
	EventTripExtended    EventType = "pinhuo.trip.extended" // its lease was put off after an outage
	EventOfferSent       EventType = "pinhuo.offer.sent"
	EventOfferSeen       EventType = "pinhuo.offer.seen"
	EventOfferRepriced   EventType = "pinhuo.offer.repriced"
	EventOfferExtended   EventType = "pinhuo.offer.extended"  // its clock was put off after an outage
	EventOfferCountered  EventType = "pinhuo.offer.countered" // a side named another price
	EventOfferDeclined   EventType = "pinhuo.offer.declined"
	EventOfferExpired    EventType = "pinhuo.offer.expired"
	EventOfferSuperseded EventType = "pinhuo.offer.superseded"
	EventOfferWithdrawn  EventType = "pinhuo.offer.withdrawn"
	EventBookingHeld     EventType = "pinhuo.booking.held"     // its shipper looks first
	EventBookingExtended EventType = "pinhuo.booking.extended" // its hold was put off after an outage
	EventBookingFirm     EventType = "pinhuo.booking.firm"
	EventBookingReleased EventType = "pinhuo.booking.released"
	EventBookingRepriced EventType = "pinhuo.booking.repriced" // to the shipper: its share has fallen
	EventBookingFinal    EventType = "pinhuo.booking.final"    // its share moves no more
	EventTripShort       EventType = "pinhuo.trip.short"       // to the carrier and the desk: riders who left leave it short
)

// EventTypes lists the closed set.
var EventTypes = []EventType{
	EventLoadPosted, EventLoadEdited, EventLoadOffered, EventLoadExplained, EventLoadWithdrawn, EventLoadExpired,
	EventLoadUnanswered, EventLoadSettled, EventLoadExtended, EventTripExtended, EventOfferExtended,
	EventTripAnnounced, EventTripEdited, EventTripReplanned, EventTripExplained, EventTripUnderway, EventTripCompleted,
	EventTripCancelled, EventTripLapsed, EventTripReload, EventOfferSent, EventOfferSeen, EventOfferRepriced, EventOfferCountered, EventOfferDeclined,
	EventOfferExpired, EventOfferSuperseded, EventOfferWithdrawn, EventBookingHeld, EventBookingExtended, EventBookingFirm, EventBookingReleased,
	EventBookingRepriced, EventBookingFinal, EventTripShort, EventCostsSet,
	EventPoolFormed, EventPoolConsented, EventPoolRepriced, EventPoolLeft, EventPoolTendered, EventPoolCommitted,
	EventPoolDissolved, EventPoolExtended,
	EventTicketOpened, EventTicketTaken, EventTicketNoted, EventTicketHanded, EventTicketEscalated, EventTicketOverdue,
	EventTicketDone, EventTicketReopened, EventTicketClosed, EventTicketExtended, EventOfficerSet, EventDeskBrief,
	EventPreferenceSet, EventOfferRuled, EventOfferReceived,
	EventLoadStill, EventLoadKept, EventLoadLapsed, EventTripStill, EventTripKept,
	EventTripAgain, EventTripReconfirmed, EventTripUnconfirmed, EventBookingAgain, EventBookingUncertain,
	EventOfferTaken, EventBundleSent, EventBundleChanged, EventBundleEnded,
	EventBookingArrived, EventBookingAboard, EventBookingHandedOver, EventBookingRefused, EventBookingReturned, EventBookingOverdue, EventTripOverdue,
	EventBookingProof, EventBookingProven,
	EventBookingStranded, EventTripStopped,
	EventTripDelayed, EventBookingDelayed, EventBookingAtRisk, EventBookingWell,
}

// Event is something that one organization may be told. What concerns several
// organizations is several events, each with what that one may know. An event
// carries no personal data: no contact, no address.
type Event struct {
	Market   ID        `json:"market"`
	Seq      int64     `json:"seq"` // dense in the market and in commit order
	Audience ID        `json:"audience"`
	Type     EventType `json:"type"`
	Schema   int       `json:"schema"`
	At       Instant   `json:"at"`
	Actor    ID        `json:"actor,omitempty"`
	Behalf   ID        `json:"on_behalf_of,omitempty"`
	Subject  ID        `json:"subject"` // the load, trip, offer or booking
	Version  int64     `json:"version"` // of the subject after the event
	Facts    Facts     `json:"facts"`
}

// Facts are the particulars of an event, each present only where it applies.
type Facts struct {
	Load       ID         `json:"load,omitempty"`
	Trip       ID         `json:"trip,omitempty"`
	Offer      ID         `json:"offer,omitempty"`
	Booking    ID         `json:"booking,omitempty"`
	Pool       ID         `json:"pool,omitempty"`
	Ticket     ID         `json:"ticket,omitempty"`
	Brief      ID         `json:"brief,omitempty"`
	Officer    ID         `json:"officer,omitempty"` // user who has a ticket, whom an explained firm may ask, or whose place in the roster changed
	State      string     `json:"state,omitempty"`
	Kind       string     `json:"kind,omitempty"` // of a ticket or a proof
	Proof      ID         `json:"proof,omitempty"`
	Rung       string     `json:"rung,omitempty"` // of a ticket
	Reason     Reason     `json:"reason,omitempty"`
	Ref        string     `json:"ref,omitempty"`   // the audience's own reference
	Goods      string     `json:"goods,omitempty"` // in the shipper's words
	From       string     `json:"from,omitempty"`  // town
	To         string     `json:"to,omitempty"`    // town
	Take       *Room      `json:"take,omitempty"`
	Price      Fen        `json:"price,omitempty"`
	Counter    Fen        `json:"counter,omitempty"`      // price that a side named last
	By         Side       `json:"countered_by,omitempty"` // which
	Alone      Fen        `json:"alone,omitempty"`
	Share      Fen        `json:"share,omitempty"`   // what the shipper of a booking pays now
	Most       Fen        `json:"most,omitempty"`    // what it, or a member of a pool, pays at the most
	Fee        Fen        `json:"fee,omitempty"`     // owed for a release
	FeeBy      ID         `json:"fee_by,omitempty"`  // by whom
	Costs      int64      `json:"costs,omitempty"`   // version of the cost model
	Due        Fen        `json:"due,omitempty"`     // what the carrier of a trip gets
	Short      Fen        `json:"short,omitempty"`   // what it was asked to do without
	Vehicle    string     `json:"vehicle,omitempty"` // type of truck that a pool hires, or that going alone is reckoned on
	Members    int64      `json:"members,omitempty"` // of a pool
	Consents   int64      `json:"consents,omitempty"`
	DetourM    int64      `json:"detour_m,omitempty"`
	DetourS    int64      `json:"detour_s,omitempty"`
	PickupETA  Instant    `json:"pickup_eta,omitempty"`
	DropETA    Instant    `json:"drop_eta,omitempty"`
	Expires    Instant    `json:"expires,omitempty"`
	AnswerBy   Instant    `json:"answer_by,omitempty"`
	Asked      int64      `json:"asked,omitempty"` // operators asked just now
	Trips      int64      `json:"trips,omitempty"`
	Loads      int64      `json:"loads,omitempty"` // open ones that a trip was held against
	Counts     []Count    `json:"counts,omitempty"`
	Nearest    *Near      `json:"nearest,omitempty"`
	Parts      int64      `json:"parts,omitempty"`
	LateS      int64      `json:"late_s,omitempty"`
	Remedy     *Remedy    `json:"remedy,omitempty"`
	Sum        *BriefLine `json:"sum,omitempty"`    // of a brief
	Sole       bool       `json:"sole,omitempty"`   // of an offer: nobody else is asked until it ends
	Taken      Side       `json:"taken,omitempty"`  // which side took it from the board
	Lane       string     `json:"lane,omitempty"`   // the operator's, that it was asked or the offer taken by
	RouterName string     `json:"router,omitempty"` // method and version that measured it

	Bundle ID           `json:"bundle,omitempty"` // of an offer, to its operator
	Lines  []BundleLine `json:"lines,omitempty"`  // of a bundle: its open offers, and those that have just ended

	Cause TicketCause `json:"cause,omitempty"` // of a ticket that opened by itself
}

// Encode writes the facts as JSON.
func (f *Facts) Encode() ([]byte, error) { return json.Marshal(f) }

// Change tells replicas that a row has a new version.
type Change struct {
	Market  ID     `json:"market"`
	Seq     int64  `json:"seq"` // dense in the market and in commit order
	Kind    string `json:"kind"`
	ID      ID     `json:"id"`
	Version int64  `json:"version"`
}

// The kinds of a Change.
const (
	KindLoad    = "load"
	KindTrip    = "trip"
	KindOffer   = "offer"
	KindBooking = "booking"
	KindVehicle = "vehicle"
)
