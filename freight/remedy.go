package freight

import (
	_ "embed" // the table of remedies
	"fmt"
	"math"
)

//go:embed remedies.json
var defaultRemedies []byte

// RemedyKind names one thing that a shipper may state otherwise. The set is
// closed.
type RemedyKind string

// The kinds of change, in the order in which those of equal cost are preferred.
const (
	RemedyNone            RemedyKind = "none" // no single change helps
	RemedyPickupEarlier   RemedyKind = "pickup_earlier"
	RemedyPickupLater     RemedyKind = "pickup_later"
	RemedyDeliveryEarlier RemedyKind = "delivery_earlier"
	RemedyDeliveryLater   RemedyKind = "delivery_later"
	RemedyPrice           RemedyKind = "price"
	RemedyAccess          RemedyKind = "access"
	RemedyStacking        RemedyKind = "stacking"
	RemedySplit           RemedyKind = "split"
	RemedyPickupPlace     RemedyKind = "pickup_place"
	RemedyDeliveryPlace   RemedyKind = "delivery_place"
)

// RemedyKinds lists the kinds that a table must price.
var RemedyKinds = []RemedyKind{
	RemedyPickupEarlier, RemedyPickupLater, RemedyDeliveryEarlier, RemedyDeliveryLater, RemedyPrice,
	RemedyAccess, RemedyStacking, RemedySplit, RemedyPickupPlace, RemedyDeliveryPlace,
}

// Droppable is what a load may do without where the shipper finds another way
// to load it: a fork-lift in the place of a tail-lift, loading from the rear in
// the place of from the side or from above. What keeps goods dry or clean is not
// among them.
const Droppable = CapTailLift | CapSideOpen | CapOpenTop

// RemedyRate is what one kind of change costs the shipper by the table.
type RemedyRate struct {
	Kind    RemedyKind `json:"kind"`
	Unit    string     `json:"unit"`      // what a change is counted in: "s", "m", "fen", "pieces" or ""
	Grain   int64      `json:"grain"`     // the step in which it is sought
	Most    int64      `json:"most"`      // the greatest that is sought; 0 where the load itself says
	Fen     Fen        `json:"fen"`       // for each Per units
	Per     int64      `json:"per"`       // units
	Fixed   Fen        `json:"fixed_fen"` // however small the change
	Because string     `json:"because"`   // why these figures
}

// Cost is what a change by so many units costs, rounded up to a fen.
func (r *RemedyRate) Cost(by int64) Fen {
	return r.Fixed + Fen(ceilDiv(int64(r.Fen)*by, r.Per))
}

// Within is the greatest number of units that costs less than the limit, below
// 0 where even none does not.
func (r *RemedyRate) Within(limit Fen) int64 {
	if limit <= r.Fixed {
		return -1
	}
	if r.Fen == 0 {
		return math.MaxInt64
	}
	return int64(limit-r.Fixed-1) * r.Per / int64(r.Fen)
}

// RemedyTable prices the kinds of change, so that unlike ones can be compared.
type RemedyTable struct {
	Version string       `json:"version"`
	Kinds   []RemedyRate `json:"kinds"`
}

// DefaultRemedies returns the built-in table.
func DefaultRemedies() RemedyTable { return builtIn(defaultRemedies, RemedyKinds) }

func builtIn(text []byte, kinds []RemedyKind) RemedyTable {
	t, err := parseRemedies(text, kinds)
	if err != nil {
		panic(fmt.Sprintf("freight: built-in table of remedies: %v", err))
	}
	return t
}

// ParseRemedies reads a table of remedies; an Invalid error names what is wrong in
// it. Every kind must be priced once.
func ParseRemedies(text []byte) (RemedyTable, error) { return parseRemedies(text, RemedyKinds) }

func parseRemedies(text []byte, kinds []RemedyKind) (RemedyTable, error) {
	var t RemedyTable
	if _, err := decodeTable(text, &t); err != nil {
		return RemedyTable{}, &Error{Code: Invalid, Problem: ProblemMalformed, Field: "remedies", Cause: err}
	}
	var faults Faults
	faults.Require(t.Version != "", "remedies.version", ProblemRequired, "")
	met := map[RemedyKind]int{}
	for i, r := range t.Kinds {
		met[r.Kind]++
		sound := r.Grain > 0 && r.Per > 0 && r.Fen >= 0 && r.Fixed >= 0 && r.Most >= 0 && r.Because != ""
		faults.Require(sound, fmt.Sprintf("remedies.kinds[%d]", i), ProblemRange, string(r.Kind))
	}
	for _, kind := range kinds {
		faults.Require(met[kind] == 1, "remedies.kinds", ProblemRequired, string(kind))
	}
	faults.Require(len(t.Kinds) == len(kinds), "remedies.kinds", ProblemRange, fmt.Sprint(len(t.Kinds)))
	return t, faults.Err()
}

// Of returns the rate of a kind; false when the table has none.
func (t *RemedyTable) Of(kind RemedyKind) (RemedyRate, bool) {
	for _, r := range t.Kinds {
		if r.Kind == kind {
			return r, true
		}
	}
	return RemedyRate{}, false
}

// Remedy is the smallest single change of its terms with which a load, or a trip,
// would have been matched when it was sought, and what it costs by the table.
type Remedy struct {
	Kind   RemedyKind `json:"kind"`
	At     Instant    `json:"at"`             // when it was sought: as the book was then
	By     int64      `json:"by,omitempty"`   // how much of it: seconds, metres, fen, or pieces in the second part
	Unit   string     `json:"unit,omitempty"` // as in the table
	Cost   Fen        `json:"cost,omitempty"`
	Trip   ID         `json:"trip,omitempty"`   // that would take it; of a trip's remedy its own
	Load   ID         `json:"load,omitempty"`   // of a trip's remedy: that it would take
	Other  ID         `json:"other,omitempty"`  // split: that would take the second part
	Price  Fen        `json:"price,omitempty"`  // what it would ask; split: for the first part
	Beside Fen        `json:"beside,omitempty"` // split: for the second part
	Point  *Point     `json:"point,omitempty"`  // where a place would be
	Bans   Bans       `json:"bans,omitempty"`   // that hold there
	Drop   Capability `json:"drop,omitempty"`   // access: what the vehicle need not have; none where the load may be handled from wherever it opens
	Table  string     `json:"table"`            // version of the table
}

// Helps tells whether there is a change.
func (r *Remedy) Helps() bool { return r != nil && r.Kind != RemedyNone }

// Apply returns the terms as the change makes them: one load, or the two parts of
// a split, each with the price it was found at as its ceiling. No change returns
// none.
func (r *Remedy) Apply(t LoadTerms) []LoadTerms {
	by := Instant(r.By) * Second
	switch r.Kind {
	case RemedyPickupEarlier:
		t.Pickup.Window.Open -= by
	case RemedyPickupLater:
		t.Pickup.Window.Close += by
	case RemedyDeliveryEarlier:
		t.Delivery.Window.Open -= by
	case RemedyDeliveryLater:
		t.Delivery.Window.Close += by
	case RemedyPrice:
		t.Ceiling += Fen(r.By)
	case RemedyAccess:
		if t.Needs &^= r.Drop; r.Drop == 0 {
			t.Size.Access = AccessAny
		}
	case RemedyStacking:
		t.Size = t.Size.Stacked()
	case RemedyPickupPlace:
		t.Pickup.Place.Point, t.Pickup.Bans = *r.Point, r.Bans
	case RemedyDeliveryPlace:
		t.Delivery.Place.Point, t.Delivery.Bans = *r.Point, r.Bans
	case RemedySplit:
		first, second := t, t
		first.Size, second.Size = t.Size.Split(t.Size.Count() - r.By)
		first.Ceiling, second.Ceiling = r.Price, r.Beside
		return []LoadTerms{first, second}
	default:
		return nil
	}
	return []LoadTerms{t}
}
