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

// steepest is, squared, how fast the sum of the distances to two places changes at the
// most as one leaves the cell's centre, for each metre of the way: the length of the sum
// of the two directions away from them. Where that is not known it is as fast as can be.
func (n *node) steepest(v, u Vec) float64 {
	const fastest, rounding = 4, 1e-5
	if v.Dot(n.centre) < leastCosine || u.Dot(n.centre) < leastCosine {
		return fastest
	}
	ve, vn := v.Dot(n.axes[0]), v.Dot(n.axes[1])
	ue, un := u.Dot(n.axes[0]), u.Dot(n.axes[1])
	sizes := (ve*ve + vn*vn) * (ue*ue + un*un)
	if sizes == 0 {
		return fastest
	}
	return min(fastest, 2+2*(ve*ue+vn*un)/math.Sqrt(sizes)+rounding)
}
