package freight

// TripState is where a trip is in its life.
type TripState string

// The states of a trip.
const (
	TripAnnounced TripState = "announced"
	TripOpen      TripState = "open"
	TripUnderway  TripState = "underway"
	TripCompleted TripState = "completed"
	TripCancelled TripState = "cancelled"
	TripLapsed    TripState = "lapsed"
	TripOverdue   TripState = "overdue" // its plan has ended, and it is not known to be empty
	TripStopped   TripState = "stopped" // its truck broke down, and it is not known to be empty
)

// Limits is how far an operator lets a trip be bent.
type Limits struct {
	DetourM    int64 `json:"detour_m"`    // extra metres over the trip's own stops
	DetourS    int64 `json:"detour_s"`    // extra driving seconds over the trip's own stops
	ExtraStops int64 `json:"extra_stops"` // pickups and deliveries added
}

// TripTerms is what the operator states about a trip.
//
// A trip with a destination has two or more stops and a Room for each leg
// between them. A free-roaming trip has a start and, where it must be back, an
// end; one Room; it may go anywhere before its Horizon, and detour limits do
// not apply to it.
type TripTerms struct {
	Ref     string       `json:"ref,omitempty"`
	Vehicle VehicleTerms `json:"vehicle"`
	Roaming bool         `json:"roaming,omitempty"`
	Stops   []Stop       `json:"stops"`
	Rooms   []Room       `json:"rooms"`             // spare room on the leg leaving stop i
	Horizon Instant      `json:"horizon,omitempty"` // free-roaming: all service ends by then
	Limits  Limits       `json:"limits"`
	Duty    Duty         `json:"duty,omitzero"`
	Least   Fen          `json:"least"` // least price for one load
	Lease   Instant      `json:"lease"` // no new loads from then on; 0 asks for the default
	Chain   *Chain       `json:"chain,omitempty"`
	BookNow bool         `json:"book_now,omitempty"` // a shipper may book a load on these terms without asking
}

// Trip is a vehicle's journey with room to spare.
type Trip struct {
	Meta
	TripTerms
	VehicleID ID        `json:"vehicle_id"`
	State     TripState `json:"state"`
	Stated    int64     `json:"stated"` // version at which its terms were last stated
	Opened    Instant   `json:"opened"` // when they were; 0 on trips of before it was noted
	Answer    Instant   `json:"answer"` // when it was told why it has no loads on these terms, 0 for never
	Router    Router    `json:"router"` // fixed when announced
	DirectM   int64     `json:"direct_m"`
	DirectS   int64     `json:"direct_s"` // driving only; own stops alone
	Plan      []Call    `json:"plan"`
	Due       Fen       `json:"due,omitempty"`   // what the carrier gets: the shares of the riders and the fees of those who left
	Cover     Fen       `json:"cover,omitempty"` // of the fees, what makes up for those who ride
	Short     Fen       `json:"short,omitempty"` // what the carrier was asked to do without
	Tie       *Tie      `json:"tie,omitempty"`
	Word      Lease     `json:"word,omitzero"` // until when it counts as true; Lease is what its operator states
	Again     Again     `json:"again,omitzero"`
	Road      *Road     `json:"road,omitempty"` // beside the plan, once somebody told of it
}

// Taking tells whether the trip takes loads as far as its state goes.
func (t *Trip) Taking() bool { return t.State == TripOpen || t.State == TripUnderway }

// Matchable tells whether the trip takes new loads at the instant. One that is late does
// not do what its plan says, and promises nothing by it.
func (t *Trip) Matchable(at Instant) bool {
	return t.Taking() && at < t.Lease && !t.Behind(at) && !t.Late()
}

// Behind tells whether goods should have left the truck by its plan and nobody said that
// they did: their room is not free, and no load is promised what they may stand on.
func (t *Trip) Behind(at Instant) bool {
	for i := range t.Plan {
		c := &t.Plan[i]
		if c.Leave >= at {
			return false
		}
		if c.Kind == CallDelivery && !c.Done {
			return true
		}
	}
	return false
}

// Live tells whether the trip belongs to the working book.
func (t *Trip) Live() bool {
	switch t.State {
	case TripAnnounced, TripOpen, TripUnderway, TripLapsed, TripOverdue, TripStopped:
		return true
	}
	return false
}

// Idle tells whether the plan serves no load.
func (t *Trip) Idle() bool {
	for i := range t.Plan {
		if t.Plan[i].Rider() {
			return false
		}
	}
	return true
}

// CallKind says why a truck stops.
type CallKind string

// The kinds of calls.
const (
	CallStart    CallKind = "start"
	CallVia      CallKind = "via"
	CallPickup   CallKind = "pickup"
	CallDelivery CallKind = "delivery"
	CallEnd      CallKind = "end"
	CallHere     CallKind = "here" // where the truck turns off the drive it was on, see Turning, or comes for goods that it does not get
)

// Call is one stop of a trip's present plan: its own stops and the pickups and
// deliveries inserted between them, in driving order.
type Call struct {
	Kind     CallKind `json:"kind"`
	Own      int      `json:"own"` // index into Stops, -1 for a rider's call or a turning
	Load     ID       `json:"load,omitempty"`
	Point    Point    `json:"point"`
	Window   Window   `json:"window"`
	ServiceS int64    `json:"service_s"` // RehandleS among it
	Take     Room     `json:"take"`      // of this vehicle: added at a pickup, negative at a delivery
	Cargo    Cargo    `json:"cargo,omitzero"`
	Gate     Gate     `json:"gate,omitempty"`
	Bans     Bans     `json:"bans,omitempty"`
	LegM     int64    `json:"leg_m"` // from the previous call
	LegS     int64    `json:"leg_s"`
	// RehandleS is how long what stands in the way of a delivery is moved.
	RehandleS int64   `json:"rehandle_s,omitempty"`
	RestS     int64   `json:"rest_s,omitempty"` // of rest by the trip's Duty on the way from the previous call, in whole seconds
	Drove     Drove   `json:"drove,omitzero"`   // when the call is left
	Arrive    Instant `json:"arrive"`
	Start     Instant `json:"start"`
	Leave     Instant `json:"leave"`
	Done      bool    `json:"done,omitempty"` // of a delivery: somebody said that the goods were handed over
}

// Rider tells whether the call is the pickup or delivery of a load.
func (c *Call) Rider() bool { return c.Own < 0 && c.Load != "" }

// How a truck that is under way may still turn: at a place of its present drive that it
// reaches TurnLead after the instant at the earliest, reckoned in steps of TurnGrain, so that whoever
// judges a little later finds the same place.
const (
	TurnLead  = 10 * Minute
	TurnGrain = 5 * Minute
)

// Turning returns the call that the truck is driving to at the instant and after how many
// seconds of that drive it may turn at the earliest; false where it is not driving, comes
// there before it could turn, or is driving to a turning already.
func (t *Trip) Turning(at Instant) (to int, afterS int64, ok bool) {
	to = t.Fixed(at) - 1
	if to < 1 || t.Plan[to-1].Leave >= at || t.Plan[to].Kind == CallHere {
		return 0, 0, false
	}
	turn := (at + TurnLead + TurnGrain - 1) / TurnGrain * TurnGrain
	afterS = int64((turn - t.Plan[to-1].Leave + Second - 1) / Second)
	return to, afterS, afterS < t.Plan[to].LegS
}

// Detour returns the extra metres and driving seconds of the plan over the
// trip's own stops. For a free-roaming trip it is the whole drive.
func (t *Trip) Detour() (metres, seconds int64) {
	for _, c := range t.Plan {
		metres += c.LegM
		seconds += c.LegS
	}
	return metres - t.DirectM, seconds - t.DirectS
}

// Rehandled is the price of what is moved out of the way by the plan.
func (t *Trip) Rehandled() Fen {
	var seconds int64
	for i := range t.Plan {
		seconds += t.Plan[i].RehandleS
	}
	return t.Vehicle.Rehandling(seconds)
}

// Fixed returns how many leading calls of the plan can no longer be changed at
// the instant: those already left, and the one the truck is driving to. A new
// call may be inserted only at an index of at least Fixed.
func (t *Trip) Fixed(at Instant) int {
	n := 1
	for n < len(t.Plan) && t.Plan[n-1].Leave < at {
		n++
	}
	return n
}
