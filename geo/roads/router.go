package roads

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// ErrNoWay is wrapped where both places are on roads and none leads from one to
// the other.
var ErrNoWay = errors.New("no way by road")

// ErrNoProfile is wrapped where a graph was not built for a vehicle profile.
var ErrNoProfile = errors.New("no such vehicle profile in this graph")

// RouterOptions choose how a graph answers.
type RouterOptions struct {
	Profile string  // the graph's first when empty
	SnapM   float64 // farthest that a place may be from a road, in metres; 0 for DefaultSnapM
}

// Router answers by a graph for one vehicle profile: the way that takes the fewest
// milliseconds, and of equal ones the shortest. It is safe for concurrent use.
//
// Where turns are forbidden or roads private, a stop may save time: the truck turns
// round there, or drives on over the private road. So on such graphs the seconds
// obey the triangle rule nearly always and not without exception; what Bound bounds
// always does.
type Router struct {
	graph   *Graph
	routes  *routes
	profile string
	snapM   float64
	version string
	snaps   sync.Pool // *[2]Snap
	leaving func() table
	bound   geo.Bound
}

// Router makes a router. It fails with ErrNoProfile, or with ErrFile where the
// graph's file is damaged.
func (g *Graph) Router(o RouterOptions) (*Router, error) {
	if err := g.Verify(); err != nil {
		return nil, err
	}
	if o.SnapM == 0 {
		o.SnapM = DefaultSnapM
	}
	var known []string
	for _, m := range g.meta.Profiles {
		known = append(known, m.Name)
		if o.Profile != "" && o.Profile != m.Name {
			continue
		}
		r := &Router{graph: g, routes: g.routes[m.Routes], profile: m.Name, snapM: o.SnapM,
			version: fmt.Sprintf("%s-%s", g.meta.Version, m.Name)}
		if o.SnapM != DefaultSnapM {
			r.version += fmt.Sprintf("-snap%g", o.SnapM)
		}
		r.snaps.New = func() any { return new([2]Snap) }
		r.leaving = sync.OnceValue(r.leavingTable)
		r.bound = r.ground().Bound()
		return r, nil
	}
	return nil, fmt.Errorf("%q, it has %v: %w", o.Profile, known, ErrNoProfile)
}

// Method is "graph".
func (r *Router) Method() string { return "graph" }

// Version names the graph's content, the profile, and the snap limit where it is
// not the usual one.
func (r *Router) Version() string { return r.version }

// Snap puts a place onto the nearest road. It fails with *OffRoadError or
// geo.ErrCoordinates.
func (r *Router) Snap(p geo.Point, s *Snap) error {
	return r.graph.snap(r.routes, p, r.snapM, r.profile, s)
}

// Leg is a drive: access legs at both ends are in Metres and Seconds.
type Leg struct {
	Metres, Seconds      int64
	FromAccessM          int64 // metres from the place to the road
	ToAccessM            int64 // metres from the road to the place
	Milliseconds, Centis int64 // the exact figures that metres and seconds are rounded up from
}

// leg adds the access legs to the road.
func leg(a, b *Snap, road ch.Weight) Leg {
	if a.Place == b.Place {
		return Leg{}
	}
	return legOf(a.access, b.access, road)
}

func legOf(from, to, road ch.Weight) Leg {
	ms, cm := road.Ms()+from.Ms()+to.Ms(), road.Cm()+from.Cm()+to.Cm()
	return Leg{Metres: (cm + 99) / 100, Seconds: (ms + 999) / 1000, FromAccessM: (from.Cm() + 99) / 100, ToAccessM: (to.Cm() + 99) / 100,
		Milliseconds: ms, Centis: cm}
}

// Snapped is the drive between two places that have been snapped. It fails with
// ErrNoWay.
func (r *Router) Snapped(a, b *Snap) (Leg, error) {
	w := r.routes.pair(a.leaving(), b.arriving())
	if w >= ch.Inf && a.Place != b.Place {
		return Leg{}, fmt.Errorf("from %v to %v: %w", a.Place, b.Place, ErrNoWay)
	}
	return leg(a, b, w), nil
}

// Leg is the drive between two places. It fails with *OffRoadError, ErrNoWay or
// geo.ErrCoordinates.
func (r *Router) Leg(a, b geo.Point) (Leg, error) {
	s := r.snaps.Get().(*[2]Snap)
	defer r.snaps.Put(s)
	if err := r.Snap(a, &s[0]); err != nil {
		return Leg{}, err
	}
	if err := r.Snap(b, &s[1]); err != nil {
		return Leg{}, err
	}
	return r.Snapped(&s[0], &s[1])
}

// Between is the drive in metres and seconds. Where a place is off the road or no
// way leads there, it takes geo.UnreachableS, and the metres are how far the nearest
// road that a is on, or that leads anywhere, is from the place that is farther from one.
func (r *Router) Between(a, b geo.Point) (metres, seconds int64) {
	s := r.snaps.Get().(*[2]Snap)
	defer r.snaps.Put(s)
	errA, errB := r.Snap(a, &s[0]), r.Snap(b, &s[1])
	if errA != nil || errB != nil {
		return max(offM(errA), offM(errB)), geo.UnreachableS
	}
	l, err := r.Snapped(&s[0], &s[1])
	if err != nil {
		return r.toRegion(b, s[0].region), geo.UnreachableS
	}
	return l.Metres, l.Seconds
}

// offM is how far a place is from the nearest road, by what snapping it said: SearchM
// where there is none within that, 0 where a route may begin there.
func offM(err error) int64 {
	var off *OffRoadError
	switch {
	case errors.As(err, &off) && off.Metres > 0:
		return int64(off.Metres)
	case err != nil:
		return SearchM
	}
	return 0
}

// toRegion is how far a place is from the nearest road of a region, at most SearchM.
func (r *Router) toRegion(p geo.Point, region byte) int64 {
	f := newPlane(p)
	var s Snap
	r.graph.search(r.routes, &f, &s, region)
	least := float64(SearchM)
	for _, c := range s.spots[:s.nSpots] {
		least = min(least, math.Sqrt(c.d2))
	}
	return int64(least)
}

// Lower is a lower bound of the leg between two snapped places, access legs
// included: seconds, and metres that no way at all is shorter than. It comes
// from a table of cells and asks for no route.
func (r *Router) Lower(a, b *Snap) (metres, seconds int64) {
	if a.Place == b.Place {
		return 0, 0
	}
	ms, cm := r.graph.bound(r.routes, a, b)
	return (cm + a.access.Cm() + b.access.Cm()) / 100, (ms + a.access.Ms() + b.access.Ms()) / 1000
}

// Bound is what the tables of cells tell: no drive is faster, whatever turns it
// takes and whoever stops on the way.
func (r *Router) Bound() geo.Bound { return r.bound }

// Matrix answers all pairs. It fails as Leg does, or with the context's error.
func (r *Router) Matrix(ctx context.Context, sources, targets []geo.Point) (geo.Matrix, error) {
	from, err := r.snapAll(sources)
	if err != nil {
		return geo.Matrix{}, err
	}
	to, err := r.snapAll(targets)
	if err != nil {
		return geo.Matrix{}, err
	}
	if err := ctx.Err(); err != nil {
		return geo.Matrix{}, fmt.Errorf("graph matrix: %w", err)
	}
	return r.SnappedMatrix(from, to)
}

func (r *Router) snapAll(points []geo.Point) ([]*Snap, error) {
	snaps := make([]Snap, len(points))
	out := make([]*Snap, len(points))
	for i, p := range points {
		if err := r.Snap(p, &snaps[i]); err != nil {
			return nil, err
		}
		out[i] = &snaps[i]
	}
	return out, nil
}

// SnappedMatrix answers all pairs of snapped places. It fails with ErrNoWay.
func (r *Router) SnappedMatrix(from, to []*Snap) (geo.Matrix, error) {
	m := geo.NewMatrix(r.Method(), r.Version(), len(from), len(to))
	out := make([]ch.Weight, len(from)*len(to))
	r.routes.many(from, to, out)
	for i, a := range from {
		for j, b := range to {
			w := out[i*len(to)+j]
			if w >= ch.Inf && a.Place != b.Place {
				return geo.Matrix{}, fmt.Errorf("from %v to %v: %w", a.Place, b.Place, ErrNoWay)
			}
			l := leg(a, b, w)
			m.Set(i, j, l.Metres, l.Seconds)
		}
	}
	return m, nil
}

// Course is where a way leads: the line from the first place over the road to
// the second, and the names of the roads in their order.
type Course struct {
	Line  []geo.Point
	Roads []string
}

// Path is Leg with its course.
func (r *Router) Path(a, b geo.Point) (Leg, Course, error) {
	var s, t Snap
	if err := errors.Join(r.Snap(a, &s), r.Snap(b, &t)); err != nil {
		return Leg{}, Course{}, err
	}
	if a == b {
		return Leg{}, Course{Line: []geo.Point{a}}, nil
	}
	best, from, to := ch.Inf, 0, 0
	for i := range s.from[:s.nFrom] {
		for j := range t.to[:t.nTo] {
			if w := r.routes.between(&s.from[i], &t.to[j]); w < best {
				best, from, to = w, i, j
			}
		}
	}
	if best >= ch.Inf {
		return Leg{}, Course{}, fmt.Errorf("from %v to %v: %w", a, b, ErrNoWay)
	}
	arcs := r.arcs(&s.from[from], &t.to[to])
	return leg(&s, &t, best), Course{Line: r.line(&s, &t, arcs), Roads: r.names(arcs)}, nil
}

// arcs is the arcs driven from one end to another, both included.
func (r *Router) arcs(s, t *end) []uint32 {
	if _, ahead, _ := s.same(t); ahead {
		return []uint32{s.arc}
	}
	var path []uint32
	if s.arc == t.arc && s.Rank == t.Rank && r.routes.byArc {
		_, path = r.routes.searcher.Cycle(s.Rank, nil)
	} else {
		_, path = r.routes.searcher.Path([]ch.Start{{Rank: s.Rank}}, []ch.Start{{Rank: t.Rank}}, nil)
	}
	for i, rank := range path {
		path[i] = r.routes.origin[rank]
	}
	if r.routes.byArc {
		return path
	}
	arcs := []uint32{s.arc}
	for i := 1; i < len(path); i++ {
		arcs = append(arcs, r.arc(path[i-1], path[i]))
	}
	return append(arcs, t.arc)
}

// arc is the best arc between two neighbouring nodes.
func (r *Router) arc(from, to uint32) uint32 {
	best, t := ch.None, r.leaving()
	for _, arc := range t.to[t.first[from]:t.first[from+1]] {
		if r.graph.head(arc) == to && (best == ch.None || r.routes.weight[arc] < r.routes.weight[best]) {
			best = arc
		}
	}
	return best
}

// leavingTable is the arcs that leave each node.
func (r *Router) leavingTable() table {
	var list []ch.Arc
	for arc := range uint32(len(r.routes.weight)) {
		if r.routes.pace[arc/2][arc&1] > 0 {
			list = append(list, ch.Arc{From: r.graph.tail(arc), To: arc})
		}
	}
	return newTable(len(r.graph.nodes), list, false)
}

// names are the named roads of a way.
func (r *Router) names(arcs []uint32) (out []string) {
	for _, arc := range arcs {
		name := r.graph.names.at(r.graph.pieces[arc/2].Name)
		if name != "" && (len(out) == 0 || out[len(out)-1] != name) {
			out = append(out, name)
		}
	}
	return out
}

// line is the points along the arcs, from spot to spot.
func (r *Router) line(s, t *Snap, arcs []uint32) []geo.Point {
	out := []geo.Point{s.Place}
	add := func(p geo.Point) {
		if p != out[len(out)-1] {
			out = append(out, p)
		}
	}
	for i, arc := range arcs {
		points := r.graph.points(arc / 2)
		first, last := 0, len(points)-1
		start, stop := r.graph.spotOn(s, arc), r.graph.spotOn(t, arc)
		if i == 0 && start != nil {
			first = r.graph.after(start, arc)
			add(r.graph.place(start))
		}
		if i == len(arcs)-1 && stop != nil {
			last = len(points) - 1 - r.graph.after(stop, arc^1)
		}
		for k := first; k <= last; k++ {
			at := k
			if arc&1 == 1 {
				at = len(points) - 1 - k
			}
			add(points[at].Point())
		}
		if i == len(arcs)-1 && stop != nil {
			add(r.graph.place(stop))
		}
	}
	add(t.Place)
	return slices.Clip(out)
}

// spotOn is a snapped place's spot on an arc, or nil.
func (g *Graph) spotOn(s *Snap, arc uint32) *spot {
	for i := range s.spots[:s.nSpots] {
		if s.spots[i].piece == arc/2 {
			return &s.spots[i]
		}
	}
	return nil
}

// after is the number, along the arc, of the first point beyond a spot.
func (g *Graph) after(c *spot, arc uint32) int {
	point := int(c.point - g.pieces[c.piece].Shape)
	if arc&1 == 0 {
		return point + 1
	}
	return len(g.points(c.piece)) - 1 - point
}

// Graph is the graph that the router answers by.
func (r *Router) Graph() *Graph { return r.graph }
