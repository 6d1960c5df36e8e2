package freight

import (
	"math/bits"
	"strings"
	"unicode"
)

// Capability is a set of things a vehicle can have and a load can need.
type Capability uint32

// The capabilities. Box, covered, open top and side open are bodies; a vehicle
// may have several (a curtain-sider is covered and side open).
const (
	CapBox Capability = 1 << iota
	CapCovered
	CapOpenTop
	CapSideOpen
	CapTailLift
	CapFoodSafe
	CapHazmat // licensed for dangerous goods
)

var capabilityNames = [...]string{"box", "covered", "open_top", "side_open", "tail_lift", "food_safe", "hazmat"}

// Has tells whether every capability of need is in c.
func (c Capability) Has(need Capability) bool { return c&need == need }

// Names lists the capabilities in a fixed order.
func (c Capability) Names() []string {
	names := make([]string, 0, bits.OnesCount32(uint32(c)))
	for i, name := range capabilityNames {
		if c&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

// ParseCapability returns the capability of a name; false when there is none.
func ParseCapability(name string) (Capability, bool) {
	for i, known := range capabilityNames {
		if known == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// VehicleType is a class of truck by the length of its deck.
type VehicleType string

// The vehicle types.
const (
	TypeVan  VehicleType = "van"
	Type4M2  VehicleType = "4.2m"
	Type6M8  VehicleType = "6.8m"
	Type9M6  VehicleType = "9.6m"
	Type13M  VehicleType = "13m"
	Type17M5 VehicleType = "17.5m"
)

// Plate is a vehicle's number plate and its colour, which together name it.
type Plate struct {
	Number string `json:"number"`
	Colour string `json:"colour"` // blue, yellow, green, yellow_green, white, black
}

// PlateNumber writes a number plate the one way it is kept, so that a vehicle
// is the same however it was typed: capital letters and digits of ASCII,
// without spaces, dots and dashes.
func PlateNumber(typed string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // the full width forms of ASCII
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || strings.ContainsRune(".-·•・‧∙—–", r) {
			return -1
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r
	}, typed)
}

// IsPlate tells whether a number is one that PlateNumber has written: 2 to 12
// Chinese characters, capital letters and digits.
func IsPlate(number string) bool {
	n := 0
	for _, r := range number {
		if !(unicode.Is(unicode.Han, r) || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') {
			return false
		}
		n++
	}
	return n >= 2 && n <= 12
}

// Inner is the inner box of a vehicle in mm.
type Inner struct {
	LengthMM int64 `json:"length_mm"`
	WidthMM  int64 `json:"width_mm"`
	HeightMM int64 `json:"height_mm"`
}

// Takes tells whether one piece fits the box standing upright, turned either way.
func (in Inner) Takes(p Piece) bool {
	long, short := max(p.LengthMM, p.WidthMM), min(p.LengthMM, p.WidthMM)
	return p.HeightMM <= in.HeightMM && long <= max(in.LengthMM, in.WidthMM) && short <= min(in.LengthMM, in.WidthMM)
}

// Room returns what the empty box and the payload hold.
func (in Inner) Room(payloadGrams int64) Room {
	return Room{
		Grams:       payloadGrams,
		Millilitres: in.LengthMM * in.WidthMM * in.HeightMM / 1000,
		FloorMM:     in.LengthMM * in.WidthMM / StandardDeckMM,
	}
}

// VehicleTerms is what an operator states about a vehicle.
type VehicleTerms struct {
	Plate   Plate       `json:"plate"`
	Type    VehicleType `json:"type"`
	Payload int64       `json:"payload_g"` // legal payload in grams
	Inner   Inner       `json:"inner"`
	Has     Capability  `json:"has"`
	// Doors says in which order the vehicle can be unloaded. Where it is not
	// stated, that is the driver's to see to.
	Doors     Doors `json:"doors,omitempty"`
	DoorW     int64 `json:"door_width_mm,omitempty"`  // opening of the rear doors; 0 is the width of the box
	DoorH     int64 `json:"door_height_mm,omitempty"` // opening of the rear doors; 0 is the height of the box
	DeckGrams int64 `json:"deck_g_per_m,omitempty"`   // most that a metre of deck bears; 0 where it is not stated
	Cools     Temp  `json:"cools,omitzero"`           // what it can keep the box at
	// Rehandle is what its operator asks for a minute of taking out what stands in the way and
	// putting it back, 0 where that is not done.
	Rehandle Fen `json:"rehandle,omitempty"`
}

// Doors says where a vehicle opens.
type Doors string

// The kinds of doors.
const (
	DoorsUnsaid Doors = ""     // nobody has said
	DoorsRear   Doors = "rear" // at the rear alone: what goes in last comes out first
	DoorsSide   Doors = "side" // along the side as well: every load can be reached
)

// OpensAside tells whether every load can be reached by itself.
func (v *VehicleTerms) OpensAside() bool {
	return v.Doors == DoorsSide || v.Has&(CapSideOpen|CapOpenTop) != 0
}

// Rehandling is the price of so many seconds of re-handling.
func (v *VehicleTerms) Rehandling(seconds int64) Fen {
	return Fen(ceilDiv(int64(v.Rehandle)*seconds, 60))
}

// Vehicle is a truck. A plate has one active owner in a market.
type Vehicle struct {
	Meta
	VehicleTerms
}
