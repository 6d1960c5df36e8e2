package freight

// PoolState is where a pool is in its life.
type PoolState string

// The states of a pool.
const (
	PoolForming    PoolState = "forming"
	PoolConsenting PoolState = "consenting" // its members' shippers are asked
	PoolTendered   PoolState = "tendered"   // any operator with such a vehicle may take it
	PoolCommitted  PoolState = "committed"
	PoolDissolved  PoolState = "dissolved"
)

// Pool is one truck to hire for loads that no truck passes by: a virtual trip of a
// vehicle type whose cost its members share. A pool takes no room and binds nobody
// until an operator takes it; until then its members stay on the market.
type Pool struct {
	Meta
	State    PoolState   `json:"state"`
	Reason   Reason      `json:"reason,omitempty"` // why it was dissolved
	Type     VehicleType `json:"type"`
	Needs    Capability  `json:"needs"`    // what the vehicle must have
	Start    Stop        `json:"start"`    // where and when the truck sets out
	End      Place       `json:"end"`      // of its last delivery: town and point
	Horizon  Instant     `json:"horizon"`  // all service ends by then
	Departs  Instant     `json:"departs"`  // last departure that still keeps every window
	Deadline Instant     `json:"deadline"` // of the consents, then of the tender
	Quorum   int64       `json:"quorum"`   // members without which nobody saves enough
	Metres   int64       `json:"metres"`   // of the whole drive
	Seconds  int64       `json:"seconds"`  // from setting out to the end of the last service
	Price    Fen         `json:"price"`    // what the operator gets: the sum of the shares
	Router   Router      `json:"router"`
	Carrier  ID          `json:"carrier,omitempty"` // who took it
	Trip     ID          `json:"trip,omitempty"`    // that it became
}

// Live tells whether the pool can still become a trip.
func (p *Pool) Live() bool { return p.State == PoolConsenting || p.State == PoolTendered }

// Consent is what a shipper says to a pool.
type Consent string

// The answers of a member.
const (
	ConsentAsked    Consent = "asked"
	ConsentGiven    Consent = "given"
	ConsentRefused  Consent = "refused"
	ConsentLapsed   Consent = "lapsed"   // not answered in time
	ConsentDropped  Consent = "dropped"  // the load left the pool, or the pool left it
	ConsentBooked   Consent = "booked"   // rides on the trip that the pool became
	ConsentReleased Consent = "released" // the pool was dissolved
)

// Member is one load of a pool. Org is the shipper's organization.
type Member struct {
	Meta
	Pool      ID      `json:"pool"`
	Load      ID      `json:"load"`
	Stated    int64   `json:"stated"` // version at which the load's terms were stated
	Place     int64   `json:"place"`  // in the order in which the members enter the trip
	Consent   Consent `json:"consent"`
	Reason    Reason  `json:"reason,omitempty"` // why it is no member any more
	Share     Fen     `json:"share"`            // what it pays as the pool is now
	Most      Fen     `json:"most"`             // what it pays at the most: the promise
	Alone     Fen     `json:"alone"`            // estimate of going alone
	PickupETA Instant `json:"pickup_eta"`
	DropETA   Instant `json:"drop_eta"`
	Booking   ID      `json:"booking,omitempty"`
}

// In tells whether the member is counted with the pool.
func (m *Member) In() bool {
	return m.Consent == ConsentAsked || m.Consent == ConsentGiven || m.Consent == ConsentBooked
}

// Company is a pool with its members in their order, those who left included, and
// the loads and organizations behind them, for a reader who is concerned by it; the
// view decides what he sees.
type Company struct {
	Pool    Pool
	Members []Member
	Loads   []Load // of the members, in their order
	Carrier Org    // of a pool that was taken
}

// FormPool puts a plan of the matcher before the writer: hire one truck for these
// loads, which enter its trip in this order. The writer judges and prices it anew.
type FormPool struct{ Loads []Pick }

// Pick is one load of a FormPool.
type Pick struct {
	Load    ID
	Version int64 // that the plan read
}

// JoinPool puts a plan of the matcher before the writer: ask the shipper of one more load
// to share the truck of a pool whose members are being asked.
type JoinPool struct {
	Pool    ID
	Version int64 // of the pool, that the plan read
	Load    Pick
}

// ConsentPool says yes to a pool for every load that the asker has in it, at no
// more than the Most that the version named shows.
type ConsentPool struct {
	Pool    ID
	Version int64
}

// DeclinePool says no to a pool for every load that the asker has in it.
type DeclinePool struct {
	Pool    ID
	Version int64  // 0 for whatever there is
	Reason  Reason // ReasonDeclined when not stated
}

// TakePool announces the trip that a tendered pool is, with a vehicle of the
// operator's, and books every member on it.
type TakePool struct {
	Pool    ID
	Version int64
	Vehicle VehicleTerms
}

// ClockPool is for a pool's deadline.
const ClockPool ClockKind = "pool"

func (FormPool) act() Naming      { return Naming{"form_pool", "", 0} }
func (a JoinPool) act() Naming    { return Naming{"join_pool", a.Pool, a.Version} }
func (a ConsentPool) act() Naming { return Naming{"consent_pool", a.Pool, a.Version} }
func (a DeclinePool) act() Naming { return Naming{"decline_pool", a.Pool, a.Version} }
func (a TakePool) act() Naming    { return Naming{"take_pool", a.Pool, a.Version} }

// The kinds of a Change about pools.
const (
	KindPool   = "pool"
	KindMember = "member"
)

// Prefixes of the ids of pools and their members.
const (
	PrefixPool   = "po"
	PrefixMember = "me"
)

// The events about pools.
const (
	EventPoolFormed    EventType = "pinhuo.pool.formed"    // to a member: will you share a truck?
	EventPoolConsented EventType = "pinhuo.pool.consented" // to a member: what it said is noted
	EventPoolRepriced  EventType = "pinhuo.pool.repriced"  // to a member and to operators: the shares have changed
	EventPoolLeft      EventType = "pinhuo.pool.left"      // to a member: it is none any more
	EventPoolTendered  EventType = "pinhuo.pool.tendered"  // to a member and to operators: who drives it?
	EventPoolCommitted EventType = "pinhuo.pool.committed" // to a member and to its operator
	EventPoolDissolved EventType = "pinhuo.pool.dissolved" // to a member and to operators it was tendered to
	EventPoolExtended  EventType = "pinhuo.pool.extended"  // its deadline was put off after an outage
)
