package roads

import (
	"sort"

	"pinhuo/geo"
)

// Turner is a router that knows where on a drive a truck is after a while.
type Turner interface {
	// Turn returns a place on the drive from a to b that is at least so many seconds
	// from a, and one of the first on it; false where there is none before b, or where nobody
	// knows how the drive goes. Equal routers give equal places.
	Turn(a, b geo.Point, afterS int64) (geo.Point, bool)
}

// Turn is the first corner of the way from a to b that is at least so many seconds from
// a: there the truck can be sent another way.
func (r *Router) Turn(a, b geo.Point, afterS int64) (geo.Point, bool) {
	_, course, err := r.Path(a, b)
	if err != nil || len(course.Line) < 3 {
		return geo.Point{}, false
	}
	corners := course.Line[1 : len(course.Line)-1]
	i := sort.Search(len(corners), func(i int) bool {
		_, s := r.Between(a, corners[i])
		return s >= afterS
	})
	if i == len(corners) {
		return geo.Point{}, false
	}
	_, all := r.Between(a, b)
	_, s := r.Between(a, corners[i])
	return corners[i], s >= afterS && s < all
}

// Turn is the place on the great circle from a to b that is as much of the drive on as
// the seconds are of all; nobody knows it where the drive leads over a crossing or along a
// bend of the river.
func (f *Fallback) Turn(a, b geo.Point, afterS int64) (geo.Point, bool) {
	metres, all := f.Between(a, b)
	if straight, _ := f.round(f.river.factor * geo.GreatCircleM(a, b)); afterS < 1 || afterS >= all || metres > straight+1 {
		return geo.Point{}, false
	}
	for s := afterS; s < min(afterS+5, all); s++ { // its grid may set it back a little
		p := geo.Along(a, b, float64(s)/float64(all))
		_, there := f.Between(a, p)
		if _, on := f.Between(p, b); there+on > all+2 {
			return geo.Point{}, false // the line cuts a bend of the river
		}
		if there >= afterS {
			return p, there < all
		}
	}
	return geo.Point{}, false
}
