package freight

// OfferState is where an offer is in its life.
type OfferState string

// The states of an offer.
const (
	OfferSent       OfferState = "sent"
	OfferSeen       OfferState = "seen"
	OfferAccepted   OfferState = "accepted"
	OfferDeclined   OfferState = "declined"
	OfferCountered  OfferState = "countered"
	OfferExpired    OfferState = "expired"
	OfferSuperseded OfferState = "superseded"
	OfferWithdrawn  OfferState = "withdrawn"
)

// Terms is what accepting an offer means.
type Terms struct {
	Price      Fen     `json:"price"`
	Alone      Fen     `json:"alone"`       // what going alone would have cost the shipper
	DetourM    int64   `json:"detour_m"`    // extra metres this load costs the trip
	DetourS    int64   `json:"detour_s"`    // extra driving seconds
	PickupAt   int     `json:"pickup_at"`   // index in the new plan
	DeliveryAt int     `json:"delivery_at"` // index in the new plan
	PickupETA  Instant `json:"pickup_eta"`  // when service begins
	DropETA    Instant `json:"drop_eta"`
	Departure  Instant `json:"departure"` // last feasible departure towards the pickup
}

// Offer is a match put before an operator. Org is the carrier's organization.
// An offer takes no room.
type Offer struct {
	Meta
	Terms
	State       OfferState `json:"state"`
	Reason      Reason     `json:"reason,omitempty"` // why it ended without a booking
	Shipper     ID         `json:"shipper"`
	Load        ID         `json:"load"`
	LoadVersion int64      `json:"load_version"`
	Trip        ID         `json:"trip"`
	TripVersion int64      `json:"trip_version"`
	Router      Router     `json:"router"`
	Expires     Instant    `json:"expires"`
	// After is the offer on the same trip that this one stands upon, "" for none: its
	// terms are those of the truck with that load aboard.
	After ID `json:"after,omitempty"`
	// Bundle is what it is put before the operator in together with others, "" for by
	// itself. Edition is the bundle's version: the open offers of a bundle have the same.
	Bundle  ID    `json:"bundle,omitempty"`
	Edition int64 `json:"edition,omitempty"`
	Costs   int64 `json:"costs,omitempty"` // version of the cost model that priced it
	// Lane is the operator's lane that the load is on, by name, "" for none. With Auto it
	// was the lane that took the offer.
	Lane string `json:"lane,omitempty"`
	Auto bool   `json:"auto,omitempty"`
	// Sole tells that while it is open nobody else is asked for the load. Taken is the side
	// that took from the board what nobody had asked it about, "" for an offer that was put
	// before its operator.
	Sole  bool `json:"sole,omitempty"`
	Taken Side `json:"taken,omitempty"`
	// Received is when it reached the operator, 0 for not yet: its clock runs from then
	// on. Latest is to when the clock runs at the most, 0 where it ran from the start.
	Received Instant `json:"received,omitempty"`
	Latest   Instant `json:"latest,omitempty"`
	// Counter is the price that the side By has named last, 0 for none; it was
	// haggled over Rounds times.
	Counter Fen   `json:"counter,omitempty"`
	By      Side  `json:"countered_by,omitempty"`
	Rounds  int64 `json:"rounds,omitempty"`
}

// MaxRounds is how often the two sides of an offer may name another price.
const MaxRounds = 4

// Bid is a price that a side of an offer named, when and which.
type Bid struct {
	At    Instant
	By    Side
	Price Fen
}

// Asks is the side whose answer an open offer waits for.
func (o *Offer) Asks() Side {
	if o.State == OfferCountered && o.By == SideCarrier {
		return SideShipper
	}
	return SideCarrier
}

// Open tells whether the offer can still be answered.
func (o *Offer) Open() bool {
	return o.State == OfferSent || o.State == OfferSeen || o.State == OfferCountered
}
