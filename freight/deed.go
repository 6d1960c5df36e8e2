package freight

import "crypto/sha256"

// Deed is one act as the market's log of acts keeps it: append-only, in the order of Seq,
// which has no gaps, each row chained to the one before it (see Link). The log holds every
// act of a person: who asked for what, and what came of it; and of what clocks and planners
// did by themselves that which changed a row.
type Deed struct {
	Meta             // Org is whose rows it was about, Actor who acted, Made when; never changed
	Seq     int64    // in the market's log, from 1
	What    Naming   // was asked for
	Key     string   // of a refused request, "" where it had none
	Hash    [32]byte // of the request, where it had a key
	Code    Code     // "" for an act that was done
	Problem Problem
	Times   int64    // acts that the row stands for: 1, or those of an ActOmitted
	Body    string   // JSON of DeedBody, as it is stored and chained
	Chain   [32]byte // see Link; zero in a row that has not been chained yet

	DeedBody
}

// DeedBody is that of a Deed by which nobody searches.
type DeedBody struct {
	Refusal *Error   `json:"refusal,omitempty"` // as it was told, nil for an ActOmitted and for what was done
	Was     Present  `json:"was,omitzero"`      // what a refused act met; zero where it was refused before it met anything
	Became  Present  `json:"became,omitzero"`   // what its subject is after an act that was done
	Changes [2]int64 `json:"changes,omitzero"`  // first and last of the changes that an act brought about
}

// Present is the state and the version of the subject of an act; zero where there is none,
// or it is not the asker's.
type Present struct {
	State   string `json:"state,omitempty"`
	Version int64  `json:"version,omitempty"`
}

// ActOmitted names a row that stands for refused acts of an organization that have no
// rows of their own, because there were too many in a minute.
const ActOmitted = "omitted"

// NoteRefusal puts into the log of acts one that was refused before it reached the
// market: it could not be read, or its asker may not ask for it.
type NoteRefusal struct {
	What    Naming
	Refusal *Error // as it was told; see NotedFaults
}

func (a NoteRefusal) act() Naming { return a.What }

// NotedFaults is how many further faults of one request a NoteRefusal keeps: a short request
// may have many.
const NotedFaults = 8

// MostDeeds bounds the rows of an organization's refused acts in a minute. What is
// beyond is counted in one row.
const MostDeeds = 120

// KindDeed is the kind of a row of the log, as commit errors name it.
const KindDeed = "act"

// PrefixDeed begins the id of a row of the log.
const PrefixDeed = "ac"

// DeedID is the id of a row: no draw, so that what was refused changes no other id.
func DeedID(market ID, seq int64, at Instant) ID {
	var tail [10]byte
	for i := range 5 {
		tail[i] = byte(seq >> (32 - 8*i))
	}
	of := sha256.Sum256([]byte(market))
	copy(tail[5:], of[:])
	return NewID(PrefixDeed, at, tail)
}

// Logged tells whether a refusal of the act is kept in the log: where a person asked,
// and it was about more than that an offer has reached a screen.
func (c *Command) Logged() bool {
	switch c.Act.(type) {
	case ReceiveOffer, SeeOffer:
		return false
	}
	return c.Actor != ""
}

// LoggedAs is what the log calls an act: as NamingOf does, but for a clock's, which names
// what the clock was for, such as clock_offer.
func LoggedAs(a Act) Naming {
	what := NamingOf(a)
	if tick, ok := a.(Tick); ok {
		what.Act = "clock_" + string(tick.Clock.Kind)
	}
	return what
}

// DeedQuery asks for one page of the log, newest first; what is "" or 0 asks for any.
type DeedQuery struct {
	Query
	Done    bool // what was done
	Refused bool // what was refused; so it is where neither is asked for
	Subject ID
	Org     ID
	Actor   ID
	Act     string
	From    Instant
	Until   Instant // and not at it
}
