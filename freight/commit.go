package freight

// Row is a new version of an entity and the version it replaces, 0 for a new
// one: the store refuses it when the database holds another version.
type Row[T any] struct {
	Replaces int64
	Value    T
}

// Key is an idempotency key of one organization and the hash of the request
// that used it.
type Key struct {
	Org  ID
	Name string
	Hash [32]byte
}

// Answer is the first answer to a keyed request: what a retry gets again.
type Answer struct {
	Key     Key
	At      Instant
	Result  Result
	Refusal *Error // set instead of Result when the request was refused
}

// TripRecord is one version of a trip as it was committed, kept so that an
// auditor can judge every decision by what was true then.
type TripRecord struct {
	At   Instant
	Trip Trip
}

// Commit is everything one transaction writes: all of it or nothing.
type Commit struct {
	Market       ID
	Epoch        int64 // fencing epoch of the writer; the store refuses a stale one
	At           Instant
	Vehicles     []Row[Vehicle]
	Loads        []Row[Load]
	Trips        []Row[Trip]
	Offers       []Row[Offer]
	Bookings     []Row[Booking]
	Pools        []Row[Pool]
	Members      []Row[Member]
	Tickets      []Row[Ticket]
	Officers     []Row[Officer]
	Briefs       []Row[Brief]
	Proofs       []Row[Proof] // new ones
	Preferences  []Row[Preference]
	Costs        []Row[CostModel] // new ones
	Tallies      []Tally          // of the day of At, each in place of the one before
	Records      []TripRecord
	Explanations []Explanation
	Told         []TripExplanation
	Events       []Event
	Changes      []Change
	Answers      []Answer
	Deeds        []Deed
	Ballast      []byte // of a probe: written in place of the last, to see whether there is room
}

// Prior asks for what the writer does not hold in memory: first answers of
// keyed requests, references already used, and rows that are no longer live.
type Prior struct {
	Market   ID
	Keys     []Key
	Deeds    []Key // of refused requests that may have a row in the log of acts
	Refs     []Ref
	Loads    []ID
	Trips    []ID
	Bookings []ID
	Offers   []ID
}

// Ref is a shipper's or operator's own reference for a load or a trip.
type Ref struct {
	Kind string // KindLoad or KindTrip
	Org  ID
	Ref  string
}

// Known is the answer to Prior: only what exists. Answers are found by
// organization and name; the caller compares the hash.
type Known struct {
	Answers  []Answer
	Deeds    []Key // that have one
	Refs     map[Ref]ID
	Loads    []Load
	Trips    []Trip
	Bookings []Booking
	Offers   []Offer
}

// State is what a writer starts from: everything live in one market, and where
// its numbering stands.
type State struct {
	Market      Market
	Desks       []ID  // organizations of the market's desk, in order of id
	Epoch       int64 // of the lease just taken
	EventSeq    int64
	ChangeSeq   int64
	DeedSeq     int64    // of the log of acts
	DeedHead    [32]byte // chain of its last row
	DeedRoot    DeedRoot // where that begins
	At          Instant  // of the last commit, 0 for none
	Vehicles    []Vehicle
	Loads       []Load
	Trips       []Trip
	Offers      []Offer
	Bookings    []Booking
	Pools       []Pool      // live ones
	Members     []Member    // of those, and of dissolved ones where the load is still posted as it was
	Tickets     []Ticket    // live ones
	Officers    []Officer   // on a desk's roster
	Costs       []CostModel // all there were, in order of number
	Briefed     Instant     // until when the last brief goes, 0 for none
	Preferences []Preference
	Reached     []Reached  // offers of the hour of the last commit, by organization in order of id
	Declines    []Decline  // that are remembered, oldest first
	Tallies     []Tally    // of the last days, by day
	Gone        []Departed // since the oldest of the posted loads was posted, in order of time
}

// Departed is a trip that took loads no more from an instant on: as it last was
// before, and when it left. Where too many have left, Trip is empty of the
// earlier ones.
type Departed struct {
	Trip Trip
	Left Instant
}

// CommitFault says what became of a commit that returned an error.
type CommitFault string

// The faults of a commit.
const (
	CommitStale   CommitFault = "stale"   // not written: a row, a key or a reference is not as the writer believes
	CommitFailed  CommitFault = "failed"  // not written: the database refused, for example a full disk
	CommitUnknown CommitFault = "unknown" // perhaps written: the connection broke at COMMIT
	CommitFenced  CommitFault = "fenced"  // not written: another writer holds the market
)

// CommitError is the only error a store's Commit returns. Kind and ID name the
// row behind CommitStale where it is known.
type CommitError struct {
	Fault CommitFault
	Kind  string
	ID    ID
	Cause error
}

// Error writes the error for a log.
func (e *CommitError) Error() string {
	text := "commit " + string(e.Fault)
	if e.Kind != "" {
		text += " " + e.Kind + " " + string(e.ID)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap returns the driver's error.
func (e *CommitError) Unwrap() error { return e.Cause }
