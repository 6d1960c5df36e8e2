package roads

import (
	"errors"
	"fmt"
	"math"

	"pinhuo/geo"
)

// ErrNetwork is wrapped where a network of roads contradicts itself or holds no
// road that a profile may use.
var ErrNetwork = errors.New("road network")

// Class is the kind of a road.
type Class uint8

// The classes, from the fastest. A crossing without length, such as a gate, has
// the class of no road and costs nothing.
const (
	Gate Class = iota
	Motorway
	MotorwayLink
	Trunk
	TrunkLink
	Primary
	PrimaryLink
	Secondary
	SecondaryLink
	Tertiary
	TertiaryLink
	Unclassified
	Residential
	LivingStreet
	Service
	Ferry
	classes
)

var classNames = [classes]string{
	"gate", "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
	"tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "ferry",
}

// String is the class's name as OpenStreetMap writes it.
func (c Class) String() string {
	if c < classes {
		return classNames[c]
	}
	return fmt.Sprintf("class %d", uint8(c))
}

// ClassOf is the class of that name; ok is false for a name of none.
func ClassOf(name string) (c Class, ok bool) {
	for c, n := range classNames {
		if n == name {
			return Class(c), true
		}
	}
	return 0, false
}

// Flags of a piece of road.
const (
	Forward  = 1 << iota // may be driven from From to To
	Back                 // may be driven from To to From
	EndsOnly             // private or for its residents: only at the ends of a route
)

// Piece is a road between two junctions, uniform in all but its shape. The
// network of a file holds pieces in this very form.
type Piece struct {
	From, To  uint32   // nodes
	Shape     uint32   // the first of its points; the next piece's first ends it
	Name      uint32   // number of the name, 0 for none
	Way       int64    // id in the source
	MaxKg     uint32   // heaviest vehicle, 0 for no limit
	MaxHighMm uint32   // highest vehicle, 0 for no limit
	MaxLongMm uint32   // longest vehicle, 0 for no limit
	PaceNs    uint32   // nanoseconds a metre where a timetable says so, else 0
	MaxKmh    [2]uint8 // speed limit forward and back in km/h, 0 for none
	Class     Class
	Flags     uint8
	_         [4]byte
}

// ShapePoint is a bend of a road: where, and how many centimetres of road lie
// between it and the piece's first point.
type ShapePoint struct {
	LatE7, LngE7 int32
	Cm           uint32
}

// Point is where the bend is.
func (s ShapePoint) Point() geo.Point { return geo.Point{LatE7: s.LatE7, LngE7: s.LngE7} }

// Network is all roads of a region, for every vehicle. An arc is a piece with a
// direction: twice the piece's number, plus one for the way back.
type Network struct {
	Nodes  []geo.Point
	Pieces []Piece
	Shape  []ShapePoint // at least two points a piece
	Names  []string     // Names[0] is empty
	Turns  [][]uint32   // forbidden sequences of at least two arcs, each leading to the next

	Files       []string // where it comes from
	Date        string   // of the data, RFC 3339, or empty where the source does not say
	Licence     string
	Attribution string
	Counts      map[string]int // what was read, dropped and ignored, by name
}

// SegmentCm is the length in centimetres of the straight road between two points,
// great circle, rounded up: no drive is shorter than the great circle.
func SegmentCm(a, b geo.Point) uint32 {
	return uint32(math.Ceil(geo.GreatCircleM(a, b) * 100))
}

// segmentMs is the driving time of a straight in milliseconds, rounded up: no
// drive is faster than its pace.
func segmentMs(cm, paceNs uint32) uint32 {
	return uint32((uint64(cm)*uint64(paceNs) + 99_999_999) / 100_000_000)
}

// shape is the points of a piece.
func (n *Network) shape(piece int) []ShapePoint {
	end := len(n.Shape)
	if piece+1 < len(n.Pieces) {
		end = int(n.Pieces[piece+1].Shape)
	}
	return n.Shape[n.Pieces[piece].Shape:end]
}

// Check fails with ErrNetwork where the parts do not fit together.
func (n *Network) Check() error {
	if len(n.Pieces) == 0 {
		return fmt.Errorf("no roads in %v: %w", n.Files, ErrNetwork)
	}
	if len(n.Pieces) > math.MaxInt32 || len(n.Shape) > math.MaxInt32 || len(n.Nodes) > math.MaxInt32 {
		return fmt.Errorf("%d pieces of road are more than one file holds: %w", len(n.Pieces), ErrNetwork)
	}
	for i, p := range n.Pieces {
		if int(p.From) >= len(n.Nodes) || int(p.To) >= len(n.Nodes) || p.Class >= classes || int(p.Name) >= len(n.Names) {
			return fmt.Errorf("piece %d of way %d: %w", i, p.Way, ErrNetwork)
		}
		if int(p.Shape) > len(n.Shape) || i+1 < len(n.Pieces) && n.Pieces[i+1].Shape < p.Shape+2 {
			return fmt.Errorf("shape of piece %d of way %d: %w", i, p.Way, ErrNetwork)
		}
		if last := n.shape(i); len(last) < 2 {
			return fmt.Errorf("piece %d of way %d has no shape: %w", i, p.Way, ErrNetwork)
		}
	}
	for _, turn := range n.Turns {
		if len(turn) < 2 {
			return fmt.Errorf("forbidden turn over %d pieces: %w", len(turn), ErrNetwork)
		}
		for i, a := range turn {
			if int(a/2) >= len(n.Pieces) || i > 0 && n.head(turn[i-1]) != n.tail(a) {
				return fmt.Errorf("forbidden turn %v does not hang together: %w", turn, ErrNetwork)
			}
		}
	}
	return nil
}

// tail is the node where an arc begins.
func (n *Network) tail(arc uint32) uint32 {
	if arc&1 == 0 {
		return n.Pieces[arc/2].From
	}
	return n.Pieces[arc/2].To
}

// head is the node where an arc ends.
func (n *Network) head(arc uint32) uint32 { return n.tail(arc ^ 1) }
