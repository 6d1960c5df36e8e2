package freight

// LoadState is where a load is in its life.
type LoadState string

// The states of a load.
const (
	LoadDraft     LoadState = "draft"
	LoadPosted    LoadState = "posted"
	LoadCommitted LoadState = "committed"
	LoadClosed    LoadState = "closed"
)

// Outcome says how a closed load ended.
type Outcome string

// The outcomes of a load.
const (
	OutcomeNone      Outcome = ""
	OutcomeDelivered Outcome = "delivered"
	OutcomeOutside   Outcome = "settled_outside"
	OutcomeWithdrawn Outcome = "withdrawn"
	OutcomeExpired   Outcome = "expired"
	OutcomeFailed    Outcome = "failed"
	OutcomeLapsed    Outcome = "lapsed" // nobody said that it was still true
)

// LoadTerms is what the shipper states about a load.
type LoadTerms struct {
	Ref      string     `json:"ref,omitempty"` // the shipper's own reference, unique per shipper, "" for none
	Goods    string     `json:"goods"`         // what it is, in the shipper's words
	Pickup   Stop       `json:"pickup"`
	Delivery Stop       `json:"delivery"`
	Size     Size       `json:"size"`
	Needs    Capability `json:"needs"` // what the vehicle must have
	Care     Care       `json:"care,omitzero"`
	Ceiling  Fen        `json:"ceiling"`        // most the shipper pays; 0 asks for the default
	Hold     bool       `json:"hold,omitempty"` // the shipper looks first: a booking is held until it says yes
	AnswerBy Instant    `json:"answer_by"`      // 0 asks for the default
	// ExclusiveS is for how many seconds after it was posted operators are asked one at a
	// time, 0 for not at all.
	ExclusiveS int64 `json:"exclusive_s,omitempty"`
}

// Load is one consignment.
type Load struct {
	Meta
	LoadTerms
	State   LoadState `json:"state"`
	Outcome Outcome   `json:"outcome,omitempty"`
	Stated  int64     `json:"stated"`           // version at which its terms were last stated
	Posted  Instant   `json:"posted"`           // last time it was posted or posted anew
	First   bool      `json:"first,omitempty"`  // posted anew after a cancelled trip: first in line
	Alone   Fen       `json:"alone"`            // estimate of hiring the cheapest vehicles that carry it
	Direct  Leg       `json:"direct"`           // pickup to delivery by itself
	Answer  Instant   `json:"answer,omitempty"` // when it was first explained, 0 when not
	Booking ID        `json:"booking,omitempty"`
	// Named is the change that it was last told would help, nil for none; Applied, that its
	// present terms make it.
	Named   *Remedy `json:"named,omitempty"`
	Applied bool    `json:"applied,omitempty"`
	// Turned is when, after it was explained, the last operator asked for it said no or let
	// his clock run out; 0 where somebody is asked or nobody was.
	Turned Instant `json:"turned,omitempty"`
	Word   Lease   `json:"word,omitzero"` // until when it counts as true
}

// Ends is the instant after which the load can no longer be picked up.
func (l *Load) Ends() Instant { return l.Pickup.Window.Close }

// LateS returns by how many seconds a truck would miss the delivery that begins
// the pickup when it opens and drives straight on; 0 where it would not. No truck
// can take a load for which it is not 0.
func (l *Load) LateS() int64 {
	there := l.Pickup.Window.Open.After(l.Pickup.ServiceS + l.Direct.Seconds)
	return max(0, int64((there-l.Delivery.Window.Close+Second-1)/Second))
}

// Waits tells whether the load waits for the desk at the instant: it is on the
// market, and explained or past its answer_by.
func (l *Load) Waits(at Instant) bool {
	return l.State == LoadPosted && (l.Answer != 0 || l.AnswerBy <= at)
}

// Live tells whether the load belongs to the working book.
func (l *Load) Live() bool { return l.State == LoadPosted || l.State == LoadCommitted }
