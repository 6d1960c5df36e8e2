package freight

// Command is one request to change the market: who asks, with which
// idempotency key, for which act. It is a plain serialisable value.
type Command struct {
	Market ID
	Org    ID // the organization whose rows it touches
	Actor  ID // user or token, "" for a clock or a planner
	Behalf ID // the organization an officer acts for, "" otherwise
	Key    string
	Hash   [32]byte // of the request, with Key
	Act    Act
}

// Act is what a command asks for: one of the structs below.
type Act interface{ act() Naming }

// Naming is what an act is called, what it is about and the version of that which it
// names: "" and 0 where it names none.
type Naming struct {
	Act     string
	Subject ID
	Version int64
}

// NamingOf returns what the log and the metrics call an act.
func NamingOf(a Act) Naming { return a.act() }

// PostLoad puts a load on the market. Direct is filled in by the dispatcher.
type PostLoad struct {
	Terms  LoadTerms
	Direct Leg
}

// EditLoad changes a posted load; its open offers are withdrawn and it is
// matched anew. Version must be the present one.
type EditLoad struct {
	Load    ID
	Version int64
	Terms   LoadTerms
	Direct  Leg
}

// WithdrawLoad takes a load back: its offers are withdrawn, its booking
// released. Version 0 means whatever version there is.
type WithdrawLoad struct {
	Load    ID
	Version int64
}

// RepostLoad puts a withdrawn or expired load on the market again.
type RepostLoad struct {
	Load    ID
	Version int64
	Terms   LoadTerms
	Direct  Leg
}

// AnnounceTrip opens a trip for matching. Legs, one between each two of its
// stops, are filled in by the dispatcher.
type AnnounceTrip struct {
	Terms TripTerms
	Legs  []Leg
}

// EditTrip changes a trip that carries no booking yet; its open offers are
// withdrawn and it is matched anew.
type EditTrip struct {
	Trip    ID
	Version int64
	Terms   TripTerms
	Legs    []Leg
}

// CancelTrip takes a trip back; its bookings are released and their loads
// posted anew, first in line.
type CancelTrip struct {
	Trip    ID
	Version int64
}

// RenewTrip announces a cancelled or lapsed trip anew.
type RenewTrip struct {
	Trip    ID
	Version int64
	Terms   TripTerms
	Legs    []Leg
}

// ReceiveOffer notes that an offer has reached its operator.
type ReceiveOffer struct{ Offer ID }

// SeeOffer notes that an operator has the offer on screen.
type SeeOffer struct{ Offer ID }

// AcceptOffer books the load at terms no worse than those of the version named.
type AcceptOffer struct {
	Offer   ID
	Version int64
	Over    bool // of a shipper: it pays more than the ceiling it stated
}

// CounterOffer names another price: an operator's is above the one shown, a shipper's
// between that and the operator's.
type CounterOffer struct {
	Offer   ID
	Version int64
	Price   Fen
	Sure    bool // the amount is meant, however far it is from the one shown
	Over    bool // as of AcceptOffer
}

// DeclineOffer refuses an offer.
type DeclineOffer struct {
	Offer   ID
	Version int64
	Reason  Reason // the operator's, ReasonDeclined when not stated
}

// AcceptBundle books the loads of a bundle, all of them or those of the offers named, at
// terms no worse than those of the version named: all in one, or none.
type AcceptBundle struct {
	Bundle  ID
	Version int64
	Lines   []ID // offers; none for the whole
}

// DeclineBundle refuses the offers of a bundle, all of them or those named.
type DeclineBundle struct {
	Bundle  ID
	Version int64
	Lines   []ID   // offers; none for the whole
	Reason  Reason // the operator's, ReasonDeclined when not stated
}

// ReviewBundle re-judges an open bundle of which accepting some offers has just been
// refused: those named come first from then on, and the others stand upon them.
type ReviewBundle struct {
	Bundle ID
	First  []ID
}

// ConfirmBooking is the yes of a shipper who looked first. Version 0 means whatever
// version there is.
type ConfirmBooking struct {
	Booking ID
	Version int64
}

// RefuseBooking is its no: the booking is released and its load goes on.
type RefuseBooking struct {
	Booking ID
	Version int64
	Reason  Reason // the shipper's, ReasonDeclined when not stated
}

// ReviewOffer re-judges an open offer whose acceptance has just been refused:
// it gets new terms under a new version or is withdrawn.
type ReviewOffer struct{ Offer ID }

// Propose puts a plan of the matcher before the writer: ask these trips for
// this load. The writer re-judges each with Fits.
type Propose struct {
	Load    ID
	Version int64 // of the load that the plan read
	Matches []Match
	OfTrip  bool // the plan was of the one trip: nobody has looked for others
	More    bool // other trips may fit as well: these are the best
}

// ProposeSet puts a set of loads for one trip before the writer, in the order in
// which they are judged: each on the trip with the ones before it aboard. So loads
// are asked about that pay only in company.
type ProposeSet struct {
	Trip  ID
	Lines []Line
}

// Line is one load of a set.
type Line struct {
	Load    ID
	Version int64 // that the plan read
	At      Spot  // where in the plan it is put
}

// Spot is where a load is put in a plan: the indexes that its two calls have there, as
// in Terms. The zero Spot is wherever it is cheapest.
type Spot struct{ PickupAt, DeliveryAt int }

// Match is one trip that a plan found for a load, best first in a Propose.
type Match struct {
	Trip        ID
	TripVersion int64 // that the plan read
}

// ExplainLoad answers a load without a deal.
type ExplainLoad struct {
	Load        ID
	Version     int64
	Explanation Explanation
}

// ExplainTrip answers a trip without loads.
type ExplainTrip struct {
	Trip        ID
	Version     int64
	Explanation TripExplanation
}

// Tick lets a clock that has run out take effect: an offer, a lease, a
// departure, the end of a trip or of a load's pickup window. The writer ignores
// one that no longer applies.
type Tick struct{ Clock Clock }

// Resume gives clocks back what an outage took from them: from the last life
// sign of the market's writer to the command's own instant.
type Resume struct{ Since Instant }

// ClockKind is what a clock is for.
type ClockKind string

// The kinds of clocks.
const (
	ClockOffer  ClockKind = "offer"  // the operator has not answered
	ClockAnswer ClockKind = "answer" // the load's answer_by
	ClockLoad   ClockKind = "load"   // the load's pickup window ends
	ClockDepart ClockKind = "depart" // the trip leaves its first stop
	ClockTrip   ClockKind = "trip"   // the trip's last call is done
	ClockLease  ClockKind = "lease"  // the trip takes no new loads
	ClockIdle   ClockKind = "idle"   // the trip has been open for a while
	ClockHold   ClockKind = "hold"   // a shipper who looks first has not confirmed
)

// Clock is an instant at which something happens to an entity by itself.
type Clock struct {
	At   Instant
	Kind ClockKind
	ID   ID
}

func (PostLoad) act() Naming       { return Naming{"post_load", "", 0} }
func (a EditLoad) act() Naming     { return Naming{"edit_load", a.Load, a.Version} }
func (a WithdrawLoad) act() Naming { return Naming{"withdraw_load", a.Load, a.Version} }
func (a RepostLoad) act() Naming   { return Naming{"repost_load", a.Load, a.Version} }
func (AnnounceTrip) act() Naming   { return Naming{"announce_trip", "", 0} }
func (a EditTrip) act() Naming     { return Naming{"edit_trip", a.Trip, a.Version} }
func (a CancelTrip) act() Naming   { return Naming{"cancel_trip", a.Trip, a.Version} }
func (a RenewTrip) act() Naming    { return Naming{"renew_trip", a.Trip, a.Version} }
func (a ReceiveOffer) act() Naming { return Naming{"receive_offer", a.Offer, 0} }
func (a SeeOffer) act() Naming     { return Naming{"see_offer", a.Offer, 0} }
func (a AcceptOffer) act() Naming  { return Naming{"accept_offer", a.Offer, a.Version} }
func (a DeclineOffer) act() Naming { return Naming{"decline_offer", a.Offer, a.Version} }
func (a ReviewOffer) act() Naming  { return Naming{"review_offer", a.Offer, 0} }

func (a AcceptBundle) act() Naming  { return Naming{"accept_bundle", a.Bundle, a.Version} }
func (a DeclineBundle) act() Naming { return Naming{"decline_bundle", a.Bundle, a.Version} }
func (a ReviewBundle) act() Naming  { return Naming{"review_bundle", a.Bundle, 0} }

func (a CounterOffer) act() Naming   { return Naming{"counter_offer", a.Offer, a.Version} }
func (a ConfirmBooking) act() Naming { return Naming{"confirm_booking", a.Booking, a.Version} }
func (a RefuseBooking) act() Naming  { return Naming{"refuse_booking", a.Booking, a.Version} }
func (a Propose) act() Naming        { return Naming{"propose", a.Load, a.Version} }
func (a ProposeSet) act() Naming     { return Naming{"propose_set", a.Trip, 0} }
func (a ExplainLoad) act() Naming    { return Naming{"explain_load", a.Load, a.Version} }
func (a ExplainTrip) act() Naming    { return Naming{"explain_trip", a.Trip, a.Version} }
func (a Tick) act() Naming           { return Naming{"tick", a.Clock.ID, 0} }
func (Resume) act() Naming           { return Naming{"resume", "", 0} }

// Result is what a command brought about: the entity it was about, as
// committed, and the number of the market's last event then.
type Result struct {
	Seq        int64       `json:"seq"`
	Load       *Load       `json:"load,omitempty"`
	Trip       *Trip       `json:"trip,omitempty"`
	Offer      *Offer      `json:"offer,omitempty"`
	Booking    *Booking    `json:"booking,omitempty"`
	Pool       *Pool       `json:"pool,omitempty"`
	Ticket     *Ticket     `json:"ticket,omitempty"`
	Officer    *Officer    `json:"officer,omitempty"`
	Brief      *Brief      `json:"brief,omitempty"`
	Preference *Preference `json:"preference,omitempty"`
	Costs      *CostModel  `json:"costs,omitempty"`

	// Deal is a new booking with its load and trip as the commit left them, without the
	// names of its sides; nil in an answer that is given again.
	Deal *Deal `json:"-"`
}

// Subject is the id of the entity, "" where there is none.
func (r *Result) Subject() ID {
	switch {
	case r.Load != nil:
		return r.Load.ID
	case r.Trip != nil:
		return r.Trip.ID
	case r.Offer != nil:
		return r.Offer.ID
	case r.Booking != nil:
		return r.Booking.ID
	case r.Pool != nil:
		return r.Pool.ID
	case r.Ticket != nil:
		return r.Ticket.ID
	case r.Officer != nil:
		return r.Officer.ID
	case r.Brief != nil:
		return r.Brief.ID
	case r.Preference != nil:
		return r.Preference.ID
	case r.Costs != nil:
		return r.Costs.ID
	}
	return ""
}
