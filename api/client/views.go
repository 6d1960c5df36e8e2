package client

import (
	"encoding/json"
	"time"
)

// Party is an organization as others see it.
type Party struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Record *Record `json:"record,omitempty"` // where the name is told
}

// Org is the organization that the client acts for.
type Org struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"` // enterprise, carrier or desk
}

// Drive is a distance on the road.
type Drive struct {
	Metres  int64 `json:"metres"`
	Seconds int64 `json:"seconds"`
}

// Router names how distances were measured.
type Router struct {
	Method  string `json:"method"`
	Version string `json:"version"`
}

// Leg is a drive with the router that measured it.
type Leg struct {
	Drive
	Router
}

// Market is the exchange of the principal.
type Market struct {
	ID   string          `json:"id"`
	Name string          `json:"name"`
	Zone string          `json:"zone"`
	Box  json.RawMessage `json:"box"`
}

// User is a person or a program.
type User struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Me is who the client is signed in as.
type Me struct {
	User       User      `json:"user"`
	Org        Org       `json:"org"`
	Role       string    `json:"role"`
	Market     Market    `json:"market"`
	ServerTime time.Time `json:"server_time"`
	Cursor     string    `json:"cursor"`
}

// Load is a load as the reader may see it.
type Load struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	State   string `json:"state"`
	Outcome string `json:"outcome,omitempty"`
	Org     *Party `json:"org,omitempty"`
	LoadTerms
	AloneFen   int64      `json:"alone_fen,omitempty"`
	AnsweredAt *time.Time `json:"answered_at,omitempty"`
	PostedAt   time.Time  `json:"posted_at"`
	Direct     Leg        `json:"direct"`
	LateS      int64      `json:"late_s,omitempty"`
	Booking    string     `json:"booking_id,omitempty"`
}

// Call is one stop of a trip's plan.
type Call struct {
	Kind     string    `json:"kind"`
	Load     string    `json:"load_id,omitempty"`
	Town     string    `json:"town,omitempty"`
	Lat      float64   `json:"lat"`
	Lng      float64   `json:"lng"`
	ArriveAt time.Time `json:"arrive_at"`
	StartAt  time.Time `json:"start_at"`
	LeaveAt  time.Time `json:"leave_at"`
	LegM     int64     `json:"leg_m"`
	LegS     int64     `json:"leg_s"`
	RestS    int64     `json:"rest_s,omitempty"`
	MovesS   int64     `json:"rehandle_s,omitempty"` // of moving what stands in the way
	Aboard   Room      `json:"aboard"`
}

// Trip is a trip as the reader may see it.
type Trip struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	State   string `json:"state"`
	Org     *Party `json:"org,omitempty"`
	TripTerms
	Router Router `json:"router"`
	Direct Drive  `json:"direct"`
	Detour Drive  `json:"detour"`
	Plan   []Call `json:"plan,omitempty"`
	Delay  *Delay `json:"delay,omitempty"` // how late it was last told to be
}

// Offer is a match put before an operator, masked until it is booked.
type Offer struct {
	ID          string    `json:"id"`
	Version     int64     `json:"version"`
	State       string    `json:"state"`
	Reason      string    `json:"reason,omitempty"`
	Load        string    `json:"load_id"`
	Trip        string    `json:"trip_id"`
	Bundle      string    `json:"bundle_id,omitempty"` // to the operator: the bundle that it is a line of
	PriceFen    int64     `json:"price_fen"`
	CounterFen  int64     `json:"counter_fen,omitempty"`  // the price that a side named last
	CounteredBy string    `json:"countered_by,omitempty"` // shipper or carrier
	Rounds      int64     `json:"rounds,omitempty"`
	Sole        bool      `json:"sole,omitempty"`     // nobody else is asked until it ends
	TakenBy     string    `json:"taken_by,omitempty"` // the side that took it from the board
	AloneFen    int64     `json:"alone_fen,omitempty"`
	Detour      Drive     `json:"detour"`
	PickupETA   time.Time `json:"pickup_eta"`
	DropETA     time.Time `json:"drop_eta"`
	ExpiresAt   time.Time `json:"expires_at"`
	Router      Router    `json:"router"`
	Shipper     Party     `json:"shipper"`
	Carrier     Party     `json:"carrier"`
}

// Bid is a price that a side of an offer named.
type Bid struct {
	At       time.Time `json:"at"`
	By       string    `json:"by"` // shipper or carrier
	PriceFen int64     `json:"price_fen"`
}

type bidList struct {
	Items []Bid `json:"items"`
}

// BundleLine is one offer of a bundle, with its booking where it led to one.
type BundleLine struct {
	Offer   Offer  `json:"offer"`
	Booking string `json:"booking_id,omitempty"`
}

// Bundle is the offers on one trip that were put before its operator together.
type Bundle struct {
	ID        string       `json:"id"`
	Version   int64        `json:"version"`
	State     string       `json:"state"` // open or ended
	Trip      string       `json:"trip_id"`
	PriceFen  int64        `json:"price_fen"` // of the open offers together
	Detour    Drive        `json:"detour"`    // what they add together
	ExpiresAt time.Time    `json:"expires_at,omitzero"`
	Lines     []BundleLine `json:"lines"`
}

// Booking is one load on one trip.
type Booking struct {
	ID        string          `json:"id"`
	Version   int64           `json:"version"`
	State     string          `json:"state"`
	HoldUntil time.Time       `json:"hold_until,omitzero"` // of a held one
	Cause     string          `json:"cause,omitempty"`     // why it was released
	EndedBy   string          `json:"ended_by,omitempty"`  // shipper, carrier or exchange
	Load      string          `json:"load_id"`
	Trip      string          `json:"trip_id"`
	Offer     string          `json:"offer_id"`
	PriceFen  int64           `json:"price_fen"`          // what the carrier gets for it
	ShareFen  int64           `json:"share_fen"`          // what the shipper pays now
	MostFen   int64           `json:"most_fen,omitempty"` // at the most; to the shipper alone
	AloneFen  int64           `json:"alone_fen"`
	SavedFen  int64           `json:"saved_fen"`
	FinalAt   time.Time       `json:"final_at,omitzero"` // since when ShareFen moves no more
	FeeFen    int64           `json:"fee_fen,omitempty"` // owed for its release
	FeeBy     string          `json:"fee_by,omitempty"`  // "shipper" or "carrier"
	EndedAt   time.Time       `json:"ended_at,omitzero"` // when the truck had the goods no more
	Steps     []Step          `json:"steps,omitempty"`   // what was told of the goods, oldest first
	PickupETA time.Time       `json:"pickup_eta"`
	DropETA   time.Time       `json:"drop_eta"`
	AtRisk    time.Time       `json:"at_risk_since,omitzero"` // since when a promise is expected to be broken
	DeskAt    time.Time       `json:"desk_at,omitzero"`       // when the desk has a ticket for that
	Forecast  *Forecast       `json:"forecast,omitempty"`     // beside what was promised, once somebody told of its truck's way
	PickupBy  time.Time       `json:"pickup_by"`
	DropBy    time.Time       `json:"drop_by"`
	Goods     json.RawMessage `json:"load,omitempty"` // the load with what this side may see
	Shipper   Party           `json:"shipper"`
	Carrier   Party           `json:"carrier"`
}

// Count is how often a reason was met.
type Count struct {
	Reason string `json:"reason"`
	N      int64  `json:"n"`
}

// Near names the trip that came nearest, or for a trip the load, and the limit that was
// broken.
type Near struct {
	Trip   string `json:"trip_id"`
	Load   string `json:"load_id,omitempty"`
	Reason string `json:"reason"`
	By     int64  `json:"by"`
	Unit   string `json:"unit,omitempty"`
}

// Explanation is the answer to a load without a deal.
type Explanation struct {
	Load    string    `json:"load_id"`
	At      time.Time `json:"at"`
	Trips   int64     `json:"trips"`
	Counts  []Count   `json:"counts"`
	Nearest *Near     `json:"nearest,omitempty"`
	Parts   int64     `json:"parts,omitempty"`
	LateS   int64     `json:"late_s,omitempty"`
	Remedy  *Remedy   `json:"remedy,omitempty"`
	Next    *NextStep `json:"next,omitempty"`
}

// NextStep is what the shipper can do whatever an explanation says.
type NextStep struct {
	AloneFen int64   `json:"alone_fen"`
	Vehicle  string  `json:"vehicle"`
	Vehicles int64   `json:"vehicles"`
	Officer  *Person `json:"officer,omitempty"`
}

// Person is the officer of the desk who answers.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// TripExplanation is the answer to a trip that is open and has no loads.
type TripExplanation struct {
	Trip    string    `json:"trip_id"`
	At      time.Time `json:"at"`
	Loads   int64     `json:"loads"`
	Counts  []Count   `json:"counts"`
	Nearest *Near     `json:"nearest,omitempty"`
	Remedy  *Remedy   `json:"remedy,omitempty"`
	Final   bool      `json:"final"`
}

// Remedy is the smallest single change that would have matched a load or a trip; Kind is
// "none" where no single one would.
type Remedy struct {
	Kind  string `json:"kind"`
	By    int64  `json:"by,omitempty"`
	Unit  string `json:"unit,omitempty"`
	Cost  int64  `json:"cost_fen,omitempty"`
	Trip  string `json:"trip_id,omitempty"`
	Load  string `json:"load_id,omitempty"`
	Price int64  `json:"price_fen,omitempty"`
}

// Page is one page of a list, newest first. Next is the id to ask after, ""
// at the end; Cursor is the position in the event stream that it reflects.
type Page[T any] struct {
	Items  []T    `json:"items"`
	Next   string `json:"next,omitempty"`
	Cursor string `json:"cursor"`
}

// Event is a CloudEvents frame.
type Event struct {
	ID      string          `json:"id"`
	Source  string          `json:"source"`
	Type    string          `json:"type"`
	Time    time.Time       `json:"time"`
	Subject string          `json:"subject,omitempty"`
	Cursor  string          `json:"cursor,omitempty"`
	Schema  string          `json:"dataschemaversion,omitempty"`
	Data    json.RawMessage `json:"data"`
}

// Facts reads the particulars of a market event.
func (e *Event) Facts() (Facts, error) {
	var f Facts
	err := json.Unmarshal(e.Data, &f)
	return f, err
}

// Facts are the particulars of a market event, each present only where it
// applies. Version is that of the event's subject.
type Facts struct {
	Version   int64      `json:"version"`
	Load      string     `json:"load_id,omitempty"`
	Trip      string     `json:"trip_id,omitempty"`
	Offer     string     `json:"offer_id,omitempty"`
	Booking   string     `json:"booking_id,omitempty"`
	State     string     `json:"state,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Ref       string     `json:"ref,omitempty"`
	Goods     string     `json:"goods,omitempty"`
	From      string     `json:"from,omitempty"`
	To        string     `json:"to,omitempty"`
	Size      *Room      `json:"size,omitempty"`
	PriceFen  int64      `json:"price_fen,omitempty"`
	ShareFen  int64      `json:"share_fen,omitempty"`
	MostFen   int64      `json:"most_fen,omitempty"`
	FeeFen    int64      `json:"fee_fen,omitempty"`
	Costs     int64      `json:"costs_version,omitempty"`
	DueFen    int64      `json:"due_fen,omitempty"`
	ShortFen  int64      `json:"short_fen,omitempty"`
	AloneFen  int64      `json:"alone_fen,omitempty"`
	Detour    *Drive     `json:"detour,omitempty"`
	PickupETA *time.Time `json:"pickup_eta,omitempty"`
	DropETA   *time.Time `json:"drop_eta,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	AnswerBy  *time.Time `json:"answer_by,omitempty"`
	Asked     int64      `json:"asked,omitempty"`
	Trips     int64      `json:"trips,omitempty"`
	Counts    []Count    `json:"counts,omitempty"`
	Nearest   *Near      `json:"nearest,omitempty"`
	Parts     int64      `json:"parts,omitempty"`
}

// EventPage is a part of the events that the reader missed. Cursor is the
// position to ask after next; More tells that there is more right now.
type EventPage struct {
	Items  []Event `json:"items"`
	Cursor string  `json:"cursor"`
	More   bool    `json:"more"`
}

// Spot is a town found by name or position.
type Spot struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind"`
	Name     string  `json:"name"`
	FullName string  `json:"full_name"`
	Latin    string  `json:"latin"`
	Parent   string  `json:"parent"`
	Lat      float64 `json:"lat"`
	Lng      float64 `json:"lng"`
	Bookable bool    `json:"bookable"` // its own point, not that of a larger unit
}

// Position is where a truck was: degrees in WGS-84, within so many metres, 0 where that is
// not known.
type Position struct {
	At        time.Time `json:"at"`
	Lat       float64   `json:"lat"`
	Lng       float64   `json:"lng"`
	AccuracyM int64     `json:"accuracy_m,omitempty"`
}

// Told is what became of a report of positions.
type Told struct {
	Kept    int     `json:"kept"`
	Thinned int     `json:"thinned"`
	Refused []Fault `json:"refused"`
}

// Whereabouts is where the truck of a booking was heard of last.
type Whereabouts struct {
	TripID   string    `json:"trip_id,omitempty"`
	Position *Position `json:"position,omitempty"`
}
