package geo

import "math"

// A great circle from a place is no shorter at x than at a cell's centre plus
// the part of the way from the centre to x that leads away from the place:
// distances are convex as long as they are less than a quarter of the earth's
// girth. So a posting holds, besides figures that are right at the centre, the
// headings in which they change, and a query that knows where in the cell it is
// gets nearly the figures of that spot.
const (
	headings   = 255      // that are told apart
	anyHeading = headings // of what has none: whichever is worst is taken
)

// leastCosine is that of the farthest arc for which slopes are known, 81 degrees.
const leastCosine = 0.156

// headingError is how much of the drive to a place its share along a heading
// may be off because headings are told apart so coarsely.
const headingError = math.Pi/headings + 1e-6

// rose is the unit vectors of the headings: east and north.
var rose = func() (r [headings][2]float64) {
	for k := range r {
		sin, cos := math.Sincos(2 * math.Pi / headings * float64(k))
		r[k] = [2]float64{cos, sin}
	}
	return r
}()

// axesAt are the unit vectors to the east and to the north; at the poles any two
// at a right angle do.
func axesAt(v Vec) [2]Vec {
	east := Vec{Z: 1}.Cross(v)
	size := math.Sqrt(east.Dot(east))
	if size < 1e-9 {
		east, size = Vec{X: 1}.Cross(v), 1
	}
	east = Vec{X: east.X / size, Y: east.Y / size, Z: east.Z / size}
	return [2]Vec{east, v.Cross(east)}
}

// slope is the direction in which a distance gets longer fastest at a cell's
// centre, the east and north parts of a unit vector; known where it tells
// something.
type slope struct {
	east, north float64
	known       bool
}

// toward is the direction of v as seen from the cell's centre; zeros where v is
// the centre or lies straight across the earth.
func (n *node) toward(v Vec) (east, north float64) {
	east, north = v.Dot(n.axes[0]), v.Dot(n.axes[1])
	size := math.Sqrt(east*east + north*north)
	if size == 0 {
		return 0, 0
	}
	return east / size, north / size
}

// slope is that of the distance from v.
func (n *node) slope(v Vec) slope {
	east, north := n.toward(v)
	return slope{east: -east, north: -north, known: v.Dot(n.centre) >= leastCosine}
}

// steepest is how fast the sum of two distances changes at the most, for each
// second of drive.
func (s slope) steepest(t slope) float64 {
	if !s.known || !t.known {
		return 2
	}
	return min(2, math.Sqrt((s.east+t.east)*(s.east+t.east)+(s.north+t.north)*(s.north+t.north))+1e-6)
}

// heading is the slope as postings keep it.
func (s slope) heading() uint8 {
	if !s.known {
		return anyHeading
	}
	turn := math.Atan2(s.north, s.east) / (2 * math.Pi)
	return uint8(int(math.Round(turn*headings)+headings) % headings)
}

// lean is by how many seconds a drive to a place is longer at the least than one
// to its cell's centre, by heading.
type lean [headings + 1]int32

// leanAt fills in the lean of a place in one of its cells.
func (f *field) leanAt(lean *lean, s *site, at foot) {
	if f.bound.ground != nil {
		leanOnRoads(lean, s, at)
		return
	}
	off := s.vec.GreatCircleM(at.node.centre) * f.bound.secondsPerMetre
	east, north := at.node.toward(s.vec)
	for k := range rose {
		share := rose[k][0]*east + rose[k][1]*north
		lean[k] = int32(math.Floor(off*(share-headingError))) - roundingS
	}
	lean[anyHeading] = int32(math.Floor(-off)) - roundingS
}
