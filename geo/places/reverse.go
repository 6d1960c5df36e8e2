package places

import (
	"math"
	"sort"

	"pinhuo/geo"
)

// Spot is what lies at a point: the nearest place, and the units it belongs to as far as
// they are known. No borders are kept: near one, the unit may be the neighbour's.
type Spot struct {
	Place    Place  // the nearest with coordinates of its own
	Town     *Place // of the lists
	County   *Place
	City     *Place // the prefecture, or the municipality
	Province *Place
	Metres   float64 // from the point to Place
}

// At is the spot at a point. It fails with geo.ErrCoordinates off the globe.
func (g *Gazetteer) At(p geo.Point) (Spot, error) {
	if !p.Valid() {
		return Spot{}, geo.ErrCoordinates
	}
	v := p.Vec()
	any := func(*record) bool { return true }
	i := g.nearest(v, any)
	if i < 0 {
		return Spot{}, nil
	}
	s := Spot{Place: g.place(i), Metres: v.GreatCircleM(g.vecs[i])}
	listed := i
	if r := &g.places[i]; r.kind == Village {
		// The unit is that of the nearest place of the same prefecture that has one.
		listed = g.nearest(v, func(other *record) bool {
			return (other.kind == County || other.kind == Town) && g.sharesParent(other, r)
		})
		if listed < 0 {
			listed = r.parent
		}
	}
	g.fill(&s, listed, listed == i)
	return s, nil
}

// fill names the units of a place of the lists; its town only where that is meant.
func (g *Gazetteer) fill(s *Spot, i int32, townToo bool) {
	for ; i >= 0; i = g.places[i].parent {
		p := g.place(i)
		switch g.places[i].kind {
		case Town:
			if townToo {
				s.Town = &p
			}
		case County:
			s.County = &p
		case Prefecture:
			s.City = &p
		case Province:
			s.Province = &p
			if s.City == nil && g.places[i].exact {
				s.City = &p
			}
		default:
		}
	}
}

// sharesParent tells whether a county or town lies in the unit that a village belongs to.
func (g *Gazetteer) sharesParent(other, village *record) bool {
	for at := other.parent; at >= 0; at = g.places[at].parent {
		if at == village.parent {
			return true
		}
	}
	return false
}

// Nearest is the place nearest to p that has coordinates of its own, which may stand for p
// where an address must not be told. It is the zero Place only in an empty gazetteer.
func (g *Gazetteer) Nearest(p geo.Point) Place {
	i := g.nearest(p.Vec(), func(*record) bool { return true })
	if i < 0 {
		return Place{}
	}
	return g.place(i)
}

// nearest looks north and south of a point at once, and stops where the difference in
// latitude alone is more than the best distance.
func (g *Gazetteer) nearest(v geo.Vec, fits func(*record) bool) int32 {
	best, least := int32(-1), math.Inf(1)
	at := sort.Search(len(g.exact), func(i int) bool { return g.vecs[g.exact[i]].Z >= v.Z })
	try := func(i int) bool {
		k := g.exact[i]
		dx, dy, dz := v.X-g.vecs[k].X, v.Y-g.vecs[k].Y, v.Z-g.vecs[k].Z
		if dz*dz > least {
			return false
		}
		d := dx*dx + dy*dy + dz*dz
		if (d < least || d == least && k < best) && fits(&g.places[k]) {
			best, least = k, d
		}
		return true
	}
	for south, north := at-1, at; south >= 0 || north < len(g.exact); south, north = south-1, north+1 {
		if south >= 0 && !try(south) {
			south = -1
		}
		if north < len(g.exact) && !try(north) {
			north = len(g.exact)
		}
	}
	return best
}
