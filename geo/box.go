package geo

// Box is a region between two parallels and two meridians, in 1e-7 degrees,
// edges included. A box whose West lies east of its East crosses the
// antimeridian.
type Box struct {
	South, West, North, East int32
}

// BoxOf rounds degrees to a Box; the corners must be valid points, else the
// error wraps ErrCoordinates.
func BoxOf(south, west, north, east float64) (Box, error) {
	sw, err := PointOf(south, west)
	if err != nil {
		return Box{}, err
	}
	ne, err := PointOf(north, east)
	if err != nil {
		return Box{}, err
	}
	return Box{South: sw.LatE7, West: sw.LngE7, North: ne.LatE7, East: ne.LngE7}, nil
}

// Contains tells whether p lies in the box.
func (b Box) Contains(p Point) bool {
	if p.LatE7 < b.South || p.LatE7 > b.North {
		return false
	}
	if b.West <= b.East {
		return p.LngE7 >= b.West && p.LngE7 <= b.East
	}
	return p.LngE7 >= b.West || p.LngE7 <= b.East
}

// Swapped tells whether p looks like a point of the box given as (longitude,
// latitude): it lies outside and its swap lies inside. p need not be valid.
func (b Box) Swapped(p Point) bool {
	s := p.Swapped()
	return !b.Contains(p) && s.Valid() && b.Contains(s)
}
