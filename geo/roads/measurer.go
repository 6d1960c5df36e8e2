package roads

import (
	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// measurer is a graph that remembers places and drives.
type measurer struct {
	*Router
	stands *stands
	cache  *cache
}

// newMeasurer divides the bytes: a place takes more room than a drive and is asked for
// more often.
func newMeasurer(r *Router, bytes int) *measurer {
	return &measurer{Router: r, stands: newStands(bytes / 4), cache: newCache(bytes - bytes/4)}
}

// Between is Router.Between, remembered: the places on the road, and the drive between
// them.
func (m *measurer) Between(a, b geo.Point) (metres, seconds int64) {
	s, t := m.stands.at(m.Router, a), m.stands.at(m.Router, b)
	switch {
	case s.off || t.off:
		return int64(max(s.toRoadM, t.toRoadM)), geo.UnreachableS
	case a == b:
		return 0, 0
	case s.region != t.region:
		return m.toRegion(b, s.region), geo.UnreachableS
	}
	w := m.cache.between(s, t, m.routes)
	if w >= ch.Inf {
		return 0, geo.UnreachableS
	}
	l := legOf(s.access, t.access, w)
	return l.Metres, l.Seconds
}

// serves tells whether the graph measures drives among the places: all are on its
// roads, and ways lead between them.
func (m *measurer) serves(places []geo.Point) bool {
	for _, p := range places {
		if s := m.stands.at(m.Router, p); s.off || s.region != m.stands.at(m.Router, places[0]).region {
			return false
		}
	}
	return true
}
