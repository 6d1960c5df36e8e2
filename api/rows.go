package api

import (
	"time"

	"pinhuo/freight"
)

// Load is a load as the reader may see it.
type Load struct {
	ID       freight.ID        `json:"id"`
	Version  int64             `json:"version"`
	State    freight.LoadState `json:"state" enum:"draft,posted,committed,closed"`
	Outcome  freight.Outcome   `json:"outcome,omitempty" enum:"delivered,settled_outside,withdrawn,expired,failed,lapsed" doc:"How a closed load ended"`
	Org      *Party            `json:"org,omitempty" doc:"The shipper"`
	Ref      string            `json:"ref,omitempty" doc:"Only for the shipper and the desk"`
	Goods    string            `json:"goods"`
	Pickup   Stop              `json:"pickup"`
	Delivery Stop              `json:"delivery"`
	Size     Size              `json:"size"`
	Needs    []string          `json:"needs"`
	CareTerms
	CeilingFen freight.Fen `json:"ceiling_fen,omitempty" doc:"Only for the shipper and the desk"`
	Hold       bool        `json:"hold,omitempty" doc:"The shipper looks first"`
	Exclusive  int64       `json:"exclusive_min,omitempty" doc:"Minutes after posting for which operators are asked one at a time; only for the shipper and the desk"`
	AloneFen   freight.Fen `json:"alone_fen,omitempty" doc:"Estimate of going alone; not on the board"`
	Direct     *Leg        `json:"direct,omitempty" doc:"Pickup to delivery by itself; not on the board"`
	LateS      int64       `json:"late_s,omitempty" doc:"Seconds by which even a truck that goes straight from pickup to delivery would miss the delivery window: nobody can take the load; not on the board"`
	AnswerBy   time.Time   `json:"answer_by,omitzero" doc:"Only for the shipper and the desk"`
	AnsweredAt time.Time   `json:"answered_at,omitzero" doc:"When it was first explained"`
	TrueUntil  time.Time   `json:"true_until,omitzero" doc:"Until when the load counts as still there: its shipper is asked before, and it lapses unless the answer is yes. Left out where it counts until its pickup ends; only for the shipper and the desk"`
	AskedAt    time.Time   `json:"still_asked_at,omitzero" doc:"When its shipper was asked whether it is still there; left out once it has said so"`
	PostedAt   time.Time   `json:"posted_at"`
	BookingID  freight.ID  `json:"booking_id,omitempty"`
}

// Vehicle is a truck as the reader may see it.
type Vehicle struct {
	ID        freight.ID          `json:"id,omitempty"`
	Version   int64               `json:"version,omitempty"`
	Plate     *Plate              `json:"plate,omitempty" doc:"Only for its owner, the desk, and the shipper of a live booking"`
	Type      freight.VehicleType `json:"type"`
	PayloadKg Decimal             `json:"payload_kg"`
	Inner     Inner               `json:"inner"`
	Has       []string            `json:"has"`
	VehicleCare
}

// Limits is how far a trip may be bent.
type Limits struct {
	DetourKm   Decimal `json:"detour_km"`
	DetourMin  Decimal `json:"detour_min"`
	ExtraStops int64   `json:"extra_stops"`
}

// Call is one stop of a trip's plan.
type Call struct {
	Kind     freight.CallKind `json:"kind" enum:"start,via,pickup,delivery,end,here" doc:"here: where the truck turns off the drive it was on"`
	LoadID   freight.ID       `json:"load_id,omitempty"`
	Town     string           `json:"town,omitempty" doc:"Of the trip's own stops"`
	Lat      Decimal          `json:"lat"`
	Lng      Decimal          `json:"lng"`
	ArriveAt time.Time        `json:"arrive_at"`
	StartAt  time.Time        `json:"start_at"`
	LeaveAt  time.Time        `json:"leave_at"`

	ExpectedAt    time.Time `json:"expected_at,omitzero" doc:"Service is expected to begin, by what was last told of the truck's way; left out while nothing was, and for calls that it has made"`
	ExpectedLeave time.Time `json:"expected_leave_at,omitzero"`

	LegM   int64 `json:"leg_m" doc:"Metres from the previous call"`
	LegS   int64 `json:"leg_s" doc:"Driving seconds from the previous call"`
	RestS  int64 `json:"rest_s,omitempty" doc:"Seconds of rest on the way from the previous call, by the trip's driver_hours"`
	MovesS int64 `json:"rehandle_s,omitempty" doc:"Seconds of the stop in which what stands in the way is moved out and back"`
	Aboard Room  `json:"aboard" doc:"On leaving"`
}

// Trip is a trip as the reader may see it.
type Trip struct {
	ID       freight.ID        `json:"id"`
	Version  int64             `json:"version"`
	State    freight.TripState `json:"state" enum:"announced,open,underway,overdue,stopped,completed,cancelled,lapsed"`
	Org      *Party            `json:"org,omitempty" doc:"The carrier"`
	Ref      string            `json:"ref,omitempty" doc:"Only for the carrier and the desk"`
	Vehicle  Vehicle           `json:"vehicle"`
	Roaming  bool              `json:"roaming,omitempty"`
	Stops    []Stop            `json:"stops"`
	Rooms    []Room            `json:"rooms" doc:"Spare room on each leg as announced; on the board: what is left of it"`
	Horizon  time.Time         `json:"horizon,omitzero"`
	BookNow  bool              `json:"book_now,omitempty" doc:"A shipper may book it at once, without asking"`
	Limits   *Limits           `json:"limits,omitempty" doc:"Only for the carrier and the desk"`
	LeastFen freight.Fen       `json:"least_fen,omitempty" doc:"Only for the carrier and the desk"`
	Hours    *DriverHours      `json:"driver_hours,omitempty" doc:"By which rules its drivers rest; only for the carrier and the desk"`
	Lease    time.Time         `json:"lease" doc:"No new loads from then on, as announced"`
	True     time.Time         `json:"true_until,omitzero" doc:"Until when the trip counts as still true: its operator is asked before, and it takes no more loads unless the answer is yes. Left out where it counts until it sets out; only for the carrier and the desk"`
	AskedAt  time.Time         `json:"still_asked_at,omitzero" doc:"When its operator was asked whether it is still true; left out once it has said so"`

	DriveBy    time.Time  `json:"drive_by,omitzero" doc:"Until when its operator, who was asked, says that he drives as booked (POST /v1/trips/{id}/keep); left out once he has"`
	Silent     time.Time  `json:"unconfirmed_since,omitzero" doc:"Since when its shippers know that he has not; left out once he has"`
	Reconfirms time.Time  `json:"reconfirmed_at,omitzero" doc:"When he last said that he drives, near the time"`
	Answered   time.Time  `json:"answered_at,omitzero" doc:"When it was told why it has no loads; only for the carrier and the desk"`
	Router     Router     `json:"router"`
	Direct     *Drive     `json:"direct,omitempty" doc:"Own stops alone; only for the carrier and the desk"`
	Detour     *Drive     `json:"detour,omitempty" doc:"What the plan adds; only for the carrier and the desk"`
	Plan       []Call     `json:"plan,omitempty" doc:"Only for the carrier and the desk"`
	Delay      *Delay     `json:"delay,omitempty" doc:"How late it was last told to be; only for the carrier and the desk"`
	Home       *Place     `json:"home,omitempty" doc:"Where the vehicle belongs; only for the carrier and the desk"`
	After      freight.ID `json:"after,omitempty" doc:"The trip at whose end this one begins; only for the carrier and the desk"`
	Next       freight.ID `json:"next_trip_id,omitempty" doc:"The trip that begins where this one ends; only for the carrier and the desk"`
	Reloaded   time.Time  `json:"reload_at,omitzero" doc:"When its operator was last told what the truck could carry home; only for the carrier and the desk"`
}

// Halt is a stop as an offer shows it.
type Halt struct {
	Town   string  `json:"town"`
	Lat    Decimal `json:"lat" doc:"Of a grid about ten kilometres wide"`
	Lng    Decimal `json:"lng" doc:"Of a grid about ten kilometres wide"`
	Window Window  `json:"window"`
}

// OfferedLoad is what an offer tells of its load.
type OfferedLoad struct {
	Goods string   `json:"goods"`
	Size  Size     `json:"size"`
	Needs []string `json:"needs"`
	CareTerms
	Hold     bool `json:"hold,omitempty" doc:"The shipper looks first"`
	Pickup   Halt `json:"pickup"`
	Delivery Halt `json:"delivery"`
}

// Offer is a match put before an operator. Both sides see the same.
type Offer struct {
	ID        freight.ID         `json:"id"`
	Version   int64              `json:"version"`
	State     freight.OfferState `json:"state" enum:"sent,seen,accepted,declined,countered,expired,superseded,withdrawn"`
	Reason    freight.Reason     `json:"reason,omitempty" doc:"Why it ended without a booking"`
	LoadID    freight.ID         `json:"load_id"`
	TripID    freight.ID         `json:"trip_id"`
	AfterID   freight.ID         `json:"after_id,omitempty" doc:"The offer on the same trip that this one stands upon: its terms are those of the truck with that load aboard"`
	BundleID  freight.ID         `json:"bundle_id,omitempty" doc:"To the operator: the bundle that it is a line of"`
	PriceFen  freight.Fen        `json:"price_fen" doc:"What the shipper pays the carrier"`
	Counter   freight.Fen        `json:"counter_fen,omitempty" doc:"The price that a side named last"`
	By        freight.Side       `json:"countered_by,omitempty" enum:"shipper,carrier" doc:"Which; the other one answers"`
	Rounds    int64              `json:"rounds,omitempty" doc:"How often a price was named; four times at the most"`
	AloneFen  freight.Fen        `json:"alone_fen" doc:"Estimate of going alone"`
	Detour    Drive              `json:"detour" doc:"What the load adds to the trip"`
	PickupETA time.Time          `json:"pickup_eta"`
	DropETA   time.Time          `json:"drop_eta"`
	ExpiresAt time.Time          `json:"expires_at" doc:"Until it has been received: the latest instant, however late it is"`
	Received  time.Time          `json:"received_at,omitzero" doc:"When it reached the operator"`
	Sole      bool               `json:"sole,omitempty" doc:"Nobody else is asked about the load until this offer ends"`
	Taken     freight.Side       `json:"taken_by,omitempty" enum:"shipper,carrier" doc:"The side that took it from the board, where the other had not been asked"`
	Lane      string             `json:"lane,omitempty" doc:"To the operator: its lane that the load is on"`
	Auto      bool               `json:"auto,omitempty" doc:"To the operator: that lane has taken it"`
	Router    Router             `json:"router"`
	Load      OfferedLoad        `json:"load"`
	Shipper   Party              `json:"shipper"`
	Carrier   Party              `json:"carrier"`
}

// BookedTrip is what a booking tells of its trip.
type BookedTrip struct {
	ID      freight.ID `json:"id"`
	Vehicle Vehicle    `json:"vehicle"`
	Silent  time.Time  `json:"unconfirmed_since,omitzero" doc:"Of a live booking: since when its shipper knows that the operator, who was asked, does not say that he drives"`
	Overdue bool       `json:"overdue,omitempty" doc:"Of a live booking: the plan of its truck has ended, and nobody said where the goods are"`
}

// Booking is one load on one trip. While it is live both sides see addresses
// and contacts; afterwards each sees only its own.
type Booking struct {
	ID        freight.ID           `json:"id"`
	Version   int64                `json:"version"`
	State     freight.BookingState `json:"state" enum:"held,firm,aboard,handed_over,proven,released,returned"`
	Until     time.Time            `json:"hold_until,omitzero" doc:"Until when a held booking waits for its shipper; stays when it has confirmed"`
	Cause     freight.Reason       `json:"cause,omitempty" doc:"Why it was released"`
	By        freight.Side         `json:"ended_by,omitempty" enum:"shipper,carrier,exchange" doc:"Who released it; exchange: its clock ran out"`
	LoadID    freight.ID           `json:"load_id"`
	TripID    freight.ID           `json:"trip_id"`
	OfferID   freight.ID           `json:"offer_id"`
	PriceFen  freight.Fen          `json:"price_fen" doc:"Agreed: what the carrier gets for it"`
	ShareFen  freight.Fen          `json:"share_fen" doc:"What the shipper pays now; it falls when somebody joins, until final_at"`
	MostFen   freight.Fen          `json:"most_fen,omitempty" doc:"What the shipper pays at the most; to the shipper alone"`
	AloneFen  freight.Fen          `json:"alone_fen" doc:"Estimate of going alone"`
	SavedFen  freight.Fen          `json:"saved_fen" doc:"alone_fen less share_fen"`
	FinalAt   time.Time            `json:"final_at,omitzero" doc:"Since when share_fen moves no more: the truck has set out"`
	FeeFen    freight.Fen          `json:"fee_fen,omitempty" doc:"Owed for its release by the fee table"`
	FeeBy     string               `json:"fee_by,omitempty" enum:"shipper,carrier" doc:"Who owes it"`
	EndedAt   time.Time            `json:"ended_at,omitzero" doc:"When it was told that the truck has the goods no more"`
	Steps     []Step               `json:"steps,omitempty" doc:"What was told of the goods, oldest first"`
	PickupETA time.Time            `json:"pickup_eta" doc:"When booked"`
	DropETA   time.Time            `json:"drop_eta" doc:"When booked"`
	AtRisk    time.Time            `json:"at_risk_since,omitzero" doc:"Since when both sides know that by the forecast a promise will be broken; left out while all is well"`
	DeskAt    time.Time            `json:"desk_at,omitzero" doc:"When the desk has a ticket for it, unless it is well again"`
	Forecast  *Forecast            `json:"forecast,omitempty" doc:"Beside what was promised: when the truck is expected, once somebody told of its way"`
	PickupBy  time.Time            `json:"pickup_by" doc:"Promised: service begins no later"`
	DropBy    time.Time            `json:"drop_by" doc:"Promised: service begins no later"`
	Router    Router               `json:"router"`
	Load      Load                 `json:"load"`
	Trip      BookedTrip           `json:"trip"`
	Shipper   Party                `json:"shipper"`
	Carrier   Party                `json:"carrier"`
}

// Count is how often a reason was met.
type Count struct {
	Reason freight.Reason `json:"reason"`
	N      int64          `json:"n"`
}

// Near names the trip that came nearest, or for a trip the load, and the limit that
// was broken.
type Near struct {
	TripID freight.ID     `json:"trip_id"`
	LoadID freight.ID     `json:"load_id,omitempty" doc:"Told to the trip's operator"`
	Reason freight.Reason `json:"reason"`
	By     int64          `json:"by" doc:"How much is missing; 0 where the operator is not told"`
	Unit   string         `json:"unit,omitempty" doc:"m, s, g, ml, mm, fen, stops"`
}

// Remedy is the smallest single change of its terms with which a load, or a trip,
// would have been matched.
type Remedy struct {
	Kind      freight.RemedyKind `json:"kind" enum:"none,pickup_earlier,pickup_later,delivery_earlier,delivery_later,price,access,stacking,split,pickup_place,delivery_place,depart_earlier,arrive_later,detour_time,detour_distance,detour,extra_stops,least" doc:"none: no single change within the limits helps; the windows are widened, never moved. depart_earlier to least are those of a trip: arrive_later is of every own stop and the horizon, detour is of minutes and as many kilometres"`
	At        time.Time          `json:"at" doc:"When it was sought, on the market as it was then"`
	By        int64              `json:"by,omitempty" doc:"How much of it; split: pieces in the second part"`
	Unit      string             `json:"unit,omitempty" doc:"s, m, fen, pieces, stops"`
	CostFen   freight.Fen        `json:"cost_fen,omitempty" doc:"What the change costs whoever makes it by the table, by which the changes compare"`
	TripID    freight.ID         `json:"trip_id,omitempty" doc:"That would take the load, or the first part"`
	LoadID    freight.ID         `json:"load_id,omitempty" doc:"Of a trip's change: the load that it would take"`
	OtherID   freight.ID         `json:"other_id,omitempty" doc:"Trip that would take the second part"`
	PriceFen  freight.Fen        `json:"price_fen,omitempty" doc:"What the trip would ask"`
	BesideFen freight.Fen        `json:"beside_fen,omitempty" doc:"What the other trip would ask for the second part"`
	Place     *Spot              `json:"place,omitempty" doc:"Where the place would be"`
	Drop      []string           `json:"drop,omitempty" doc:"What the vehicle need not have; access without it: the load may be handled from wherever the vehicle opens"`
	Table     string             `json:"table" doc:"Version of the table of costs"`
}

// Spot is a point of WGS-84.
type Spot struct {
	Lat Decimal `json:"lat"`
	Lng Decimal `json:"lng"`
}

// Explanation is the answer to a load without a deal.
type Explanation struct {
	LoadID  freight.ID `json:"load_id"`
	At      time.Time  `json:"at"`
	Trips   int64      `json:"trips" doc:"Trips that were open at some time while the load was; the counts sum to it"`
	Counts  []Count    `json:"counts"`
	Nearest *Near      `json:"nearest,omitempty"`
	Parts   int64      `json:"parts,omitempty" doc:"2 or more when only a split would fit"`
	LateS   int64      `json:"late_s,omitempty" doc:"Seconds by which even a truck that goes straight from pickup to delivery would miss the delivery window"`
	Remedy  *Remedy    `json:"remedy,omitempty" doc:"The smallest single change that would match the load; missing in explanations of older versions"`
	Next    *NextStep  `json:"next,omitempty" doc:"What the shipper can do now; missing in explanations of older versions"`
	Final   bool       `json:"final" doc:"The load has ended without a deal"`
}

// NextStep is what the shipper can do whatever the explanation says.
type NextStep struct {
	AloneFen freight.Fen `json:"alone_fen" doc:"Estimate of going alone"`
	Vehicle  string      `json:"vehicle" doc:"The cheapest type that carries the load"`
	Vehicles int64       `json:"vehicles" doc:"How many of them it takes"`
	Officer  *Person     `json:"officer,omitempty" doc:"Who answers for the firm: POST /v1/tickets with kind help and the load asks him"`
}

// TripExplanation is the answer to a trip that is open and has no loads.
type TripExplanation struct {
	TripID   freight.ID `json:"trip_id"`
	At       time.Time  `json:"at"`
	JudgedAt time.Time  `json:"judged_at" doc:"The market is that of at; the truck is judged as it stood then, before it set out"`
	Loads    int64      `json:"loads" doc:"Loads that were open; the counts sum to it, less those that fit and wait for others' answers"`
	Counts   []Count    `json:"counts"`
	Nearest  *Near      `json:"nearest,omitempty"`
	Remedy   *Remedy    `json:"remedy,omitempty" doc:"The smallest single change of the trip's terms with which it would take an open load; missing where they cannot be stated anew"`
	Final    bool       `json:"final" doc:"The truck has set out empty, or takes no loads any more"`
}

// Event is something the organization may be told: a CloudEvents 1.0 message.
// The socket's frames are the same.
type Event struct {
	SpecVersion string            `json:"specversion" enum:"1.0"`
	ID          string            `json:"id" doc:"Unique within the source"`
	Source      string            `json:"source" doc:"/markets/ and the market's id"`
	Type        freight.EventType `json:"type" doc:"pinhuo.load.posted and so on"`
	Time        time.Time         `json:"time"`
	ContentType string            `json:"datacontenttype" enum:"application/json"`
	Subject     freight.ID        `json:"subject" doc:"The load, trip, offer, booking or pool"`
	Cursor      string            `json:"cursor" doc:"The position after the event"`
	Schema      string            `json:"dataschemaversion" enum:"1"`
	Data        Facts             `json:"data"`
}

// Facts are the particulars of an event, each present only where it applies.
type Facts struct {
	Version      int64               `json:"version" doc:"Of the subject, after the event"`
	LoadID       freight.ID          `json:"load_id,omitempty"`
	TripID       freight.ID          `json:"trip_id,omitempty"`
	OfferID      freight.ID          `json:"offer_id,omitempty"`
	BookingID    freight.ID          `json:"booking_id,omitempty"`
	PoolID       freight.ID          `json:"pool_id,omitempty"`
	BundleID     freight.ID          `json:"bundle_id,omitempty"`
	Lines        []LineFacts         `json:"lines,omitempty" doc:"Of a bundle: its open offers, then those that have just ended"`
	TicketID     freight.ID          `json:"ticket_id,omitempty"`
	BriefID      freight.ID          `json:"brief_id,omitempty"`
	OfficerID    freight.ID          `json:"officer_id,omitempty" doc:"User who has a ticket, whom the firm of an explained load may ask, or whose place in the roster changed"`
	Cause        freight.TicketCause `json:"cause,omitempty" enum:"lost,unexplained,in_vain,refused,no_end,refused_at_dock" doc:"Why a ticket opened by itself"`
	Kind         string              `json:"kind,omitempty" doc:"Of a ticket"`
	Rung         string              `json:"rung,omitempty" doc:"Of a ticket"`
	Sum          *BriefLine          `json:"sum,omitempty" doc:"Of a brief"`
	State        string              `json:"state,omitempty"`
	Reason       freight.Reason      `json:"reason,omitempty"`
	Ref          string              `json:"ref,omitempty" doc:"The reader's own reference"`
	Goods        string              `json:"goods,omitempty"`
	From         string              `json:"from,omitempty" doc:"Town"`
	To           string              `json:"to,omitempty" doc:"Town"`
	Size         *Room               `json:"size,omitempty"`
	PriceFen     freight.Fen         `json:"price_fen,omitempty"`
	CounterFen   freight.Fen         `json:"counter_fen,omitempty" doc:"The price that a side of an offer named last"`
	By           freight.Side        `json:"countered_by,omitempty" doc:"Which"`
	Sole         bool                `json:"sole,omitempty" doc:"Of an offer: nobody else is asked until it ends"`
	Taken        freight.Side        `json:"taken_by,omitempty" doc:"Of an offer: the side that took it from the board"`
	AloneFen     freight.Fen         `json:"alone_fen,omitempty"`
	ShareFen     freight.Fen         `json:"share_fen,omitempty" doc:"What the shipper of a booking pays now"`
	MostFen      freight.Fen         `json:"most_fen,omitempty" doc:"What it, or a member of a pool, pays at the most"`
	FeeFen       freight.Fen         `json:"fee_fen,omitempty" doc:"Owed for the release of a booking"`
	CostsVersion int64               `json:"costs_version,omitempty" doc:"Of the cost model"`
	DueFen       freight.Fen         `json:"due_fen,omitempty" doc:"What the carrier of a trip gets"`
	ShortFen     freight.Fen         `json:"short_fen,omitempty" doc:"What it was asked to do without, because riders left"`
	Vehicle      string              `json:"vehicle_type,omitempty" doc:"Of the truck that a pool hires"`
	Members      int64               `json:"members,omitempty" doc:"Loads in a pool"`
	Consents     int64               `json:"consents,omitempty" doc:"Loads in a pool whose shippers have consented"`
	Detour       *Drive              `json:"detour,omitempty"`
	PickupETA    time.Time           `json:"pickup_eta,omitzero"`
	DropETA      time.Time           `json:"drop_eta,omitzero"`
	ExpiresAt    time.Time           `json:"expires_at,omitzero"`
	AnswerBy     time.Time           `json:"answer_by,omitzero"`
	Asked        int64               `json:"asked,omitempty" doc:"Operators asked just now"`
	Trips        int64               `json:"trips,omitempty"`
	Loads        int64               `json:"loads,omitempty" doc:"Open ones that a trip was held against"`
	Counts       []Count             `json:"counts,omitempty"`
	Nearest      *Near               `json:"nearest,omitempty"`
	Parts        int64               `json:"parts,omitempty"`
	LateS        int64               `json:"late_s,omitempty"`
	Remedy       *Remedy             `json:"remedy,omitempty"`
	Lane         string              `json:"lane,omitempty" doc:"Of the operator's lanes, the one that the load is on"`
	Router       string              `json:"router,omitempty" doc:"Method and version"`
}
