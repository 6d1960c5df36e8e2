package freight

import (
	"errors"
	"strconv"
	"strings"
)

// Code classifies an error for whoever must react to it.
type Code string

// The closed set of codes.
const (
	Invalid      Code = "invalid"      // the request is wrong; mend the named field
	Unsupported  Code = "unsupported"  // the request is sound but this version cannot honour the named field
	NotFound     Code = "not_found"    // no such thing, or not yours to see
	Conflict     Code = "conflict"     // the world moved on; look again
	Forbidden    Code = "forbidden"    // you may not do this
	Unauthorized Code = "unauthorized" // sign in first
	TooMany      Code = "too_many"     // slow down
	Unavailable  Code = "unavailable"  // try again later with the same idempotency key
	Internal     Code = "internal"     // our fault
)

// Problem names what exactly is wrong. Texts are rendered at the edge from it.
type Problem string

// The problems an error can carry.
const (
	ProblemRequired     Problem = "required"           // a field is missing
	ProblemMalformed    Problem = "malformed"          // the value cannot be read
	ProblemRange        Problem = "range"              // the value is outside Min..Max
	ProblemWindow       Problem = "window_order"       // a window ends before it begins
	ProblemPast         Problem = "past"               // an instant lies in the past
	ProblemOutside      Problem = "outside_market"     // the point is outside the market
	ProblemPin          Problem = "needs_pin"          // the point is that of a larger unit
	ProblemOffRoad      Problem = "off_road"           // no road leads there
	ProblemRoadFile     Problem = "road_file"          // it cannot take the place of the one in use; Value says why
	ProblemSwapped      Problem = "swapped"            // latitude and longitude are exchanged
	ProblemUnsupported  Problem = "unsupported"        // not judged by this version
	ProblemTaken        Problem = "taken"              // the load or the room went to somebody else
	ProblemStale        Problem = "stale_version"      // the version named is not the present one
	ProblemState        Problem = "state"              // not possible in the present state
	ProblemDuplicateRef Problem = "duplicate_ref"      // the reference is in use
	ProblemPlate        Problem = "plate_owned"        // the plate belongs to another organization
	ProblemOverlap      Problem = "overlap"            // the vehicle is on another trip then
	ProblemKeyReused    Problem = "key_reused"         // another body under a used idempotency key
	ProblemUnfit        Problem = "unfit"              // the truck can no longer carry it; Reason says why
	ProblemSchedule     Problem = "schedule"           // the trip cannot keep its own times
	ProblemExpired      Problem = "expired"            // the clock has run out
	ProblemUnknown      Problem = "unknown"            // no such thing, or not yours to see
	ProblemRole         Problem = "role"               // your role does not allow it
	ProblemOrgKind      Problem = "org_kind"           // this is for an organization of another kind
	ProblemToken        Problem = "token_role"         // no token may do this
	ProblemNotYet       Problem = "not_yet"            // it will be there, but is not yet
	ProblemOther        Problem = "other_officer"      // another officer has the ticket
	ProblemNobody       Problem = "no_officer"         // the desk has named nobody who could answer
	ProblemMethod       Problem = "method"             // the path has no such method
	ProblemSignIn       Problem = "sign_in"            // no valid session or token
	ProblemOrigin       Problem = "origin"             // the request comes from another site
	ProblemRate         Problem = "rate"               // too many requests
	ProblemStore        Problem = "store"              // the database cannot take writes now
	ProblemStopping     Problem = "stopping"           // the server is shutting down
	ProblemOverload     Problem = "overload"           // the queue is full
	ProblemCursor       Problem = "cursor"             // the cursor is not of this organization and database
	ProblemSplit        Problem = "conflicting_fields" // two fields contradict each other
	ProblemTurn         Problem = "turn"               // the other side is to answer
	ProblemRounds       Problem = "rounds"             // prices have been named as often as they may
	ProblemYuan         Problem = "yuan"               // the amount is so far from Want that yuan may be meant
	ProblemCeiling      Problem = "above_ceiling"      // more than the ceiling that the asker stated
	ProblemHolds        Problem = "holds"              // as many loads of the trip wait for their shippers as may
	ProblemSole         Problem = "asked_alone"        // another operator is asked alone until Max
	ProblemPartners     Problem = "partners_first"     // the shipper's partners have it first until Max
	ProblemNoBookNow    Problem = "no_book_now"        // the operator does not let the trip be booked without being asked
	ProblemTooFast      Problem = "too_fast"           // no truck gets there so soon
	ProblemInternal     Problem = "internal"           // our fault
)

// Error is every error that can be told to a person or a program. It names
// what is wrong and carries the parameters of its text, which is rendered at
// the edge in the reader's language; Cause is logged and never sent.
type Error struct {
	Code    Code    `json:"code"`
	Problem Problem `json:"problem"`
	Field   string  `json:"field,omitempty"`  // dotted path in the request, "" when none
	Value   string  `json:"value,omitempty"`  // the offending value, shortened
	Min     string  `json:"min,omitempty"`    // least allowed value, with unit
	Max     string  `json:"max,omitempty"`    // greatest allowed value, with unit
	Want    string  `json:"want,omitempty"`   // the form or the values that are allowed
	Reason  Reason  `json:"reason,omitempty"` // for ProblemUnfit
	More    []Error `json:"more,omitempty"`   // further faults of the same request
	Cause   error   `json:"-"`
}

// Error writes the error for a log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code) + ": " + string(e.Problem))
	for _, part := range [...]struct{ name, value string }{
		{"field", e.Field}, {"value", e.Value}, {"min", e.Min}, {"max", e.Max}, {"want", e.Want}, {"reason", string(e.Reason)},
	} {
		if part.value != "" {
			b.WriteString(" " + part.name + "=" + part.value)
		}
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the internal cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first *Error in err's chain, Internal for any
// other error and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var known *Error
	if errors.As(err, &known) {
		return known.Code
	}
	return Internal
}

// ProblemOf returns the problem of the first *Error in err's chain,
// ProblemInternal for any other error and "" for nil.
func ProblemOf(err error) Problem {
	if err == nil {
		return ""
	}
	var known *Error
	if errors.As(err, &known) {
		return known.Problem
	}
	return ProblemInternal
}

const shownValue = 64

// Shorten cuts a value to what an error may repeat.
func Shorten(value string) string {
	if len(value) <= shownValue {
		return value
	}
	return strings.ToValidUTF8(value[:shownValue], "") + "…"
}

// Faults collects what is wrong with one request, so that a person mends it in
// one go.
type Faults struct{ list []Error }

// Add notes a fault.
func (f *Faults) Add(e Error) { f.list = append(f.list, e) }

// Require notes an Invalid fault of the field unless ok.
func (f *Faults) Require(ok bool, field string, problem Problem, value string) {
	if !ok {
		f.Add(Error{Code: Invalid, Problem: problem, Field: field, Value: Shorten(value)})
	}
}

// Err returns nil, or the first fault with the others in More.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	first := f.list[0]
	first.More = append([]Error(nil), f.list[1:]...)
	return &first
}

// Refuse builds a conflict error.
func Refuse(problem Problem, field, value string) *Error {
	return &Error{Code: Conflict, Problem: problem, Field: field, Value: Shorten(value)}
}

// Unfit builds the refusal of what a truck cannot carry, for a reason.
func Unfit(field string, id ID, why Reason) *Error {
	e := Refuse(ProblemUnfit, field, string(id))
	e.Reason = why
	return e
}

// NoHold builds the refusal of one more load of a trip that would wait for its shipper.
func NoHold(trip ID) *Error {
	e := Refuse(ProblemHolds, "trip", string(trip))
	e.Max = strconv.Itoa(MaxHolds)
	return e
}

// Missing builds the not_found error for an entity; the same for what does not
// exist and for what the asker may not see.
func Missing(field string, id ID) *Error {
	return &Error{Code: NotFound, Problem: ProblemUnknown, Field: field, Value: Shorten(string(id))}
}
