package geo

import "math"

// leastCosine is that of the farthest arc for which slopes are known, 81 degrees: up
// to there distances are convex, so that one is no shorter anywhere in a cell than at
// its centre less the slope times the way.
const leastCosine = 0.156

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
