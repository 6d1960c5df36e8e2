package freight

import "crypto/sha256"

// Deed is one act of a person as the market's log of acts keeps it: append-only, in
// the order of Seq, which has no gaps. The log holds the acts that were refused: who
// asked for what, and what was true that stood against it.
type Deed struct {
	Meta             // Org is whose rows it was about, Actor who acted, Made when; never changed
	Seq     int64    // in the market's log, from 1
	What    Naming   // was asked for
	Key     string   // of the request, "" where it had none
	Hash    [32]byte // of the request, with Key
	Code    Code
	Problem Problem
	Times   int64   // acts that the row stands for: 1, or those of an ActOmitted
	Refusal *Error  // as it was told, nil for an ActOmitted
	Was     Present // what it met; zero where it was refused before it met anything
}

// Present is what a refused act met: the state and the version of its subject; zero
// where there is none, or it is not the asker's.
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

// DeedQuery asks for one page of the log, newest first.
type DeedQuery struct {
	Query
	Subject ID // "" for any
}
