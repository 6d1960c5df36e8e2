package roads

import (
	"errors"
	"fmt"
	"math"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// ErrOffRoad is wrapped where no road that the vehicle may use is near enough.
var ErrOffRoad = errors.New("no road near enough")

// OffRoadError says how far from a place the nearest road is.
type OffRoadError struct {
	Place   geo.Point
	Metres  float64 // to the nearest road; 0 where none was found within SearchM
	LimitM  float64
	Profile string
}

// Error says it in words.
func (e *OffRoadError) Error() string {
	if e.Metres == 0 {
		return fmt.Sprintf("%v: no road for profile %q within %d km: is the place in the region of this graph?", e.Place, e.Profile, SearchM/1000)
	}
	return fmt.Sprintf("%v: the nearest road for profile %q is %.1f km away, more than %.1f km: move the place to a road", e.Place, e.Profile, e.Metres/1000, e.LimitM/1000)
}

// Unwrap is ErrOffRoad.
func (e *OffRoadError) Unwrap() error { return ErrOffRoad }

// How a place off the road is reached.
const (
	DefaultSnapM = 15_000  // farthest from a road, in metres
	SearchM      = 200_000 // how far the nearest road is looked for, to say where it is

	accessPercent = 130         // road for each metre of straight line
	accessPace    = 180_000_000 // nanoseconds a metre: 20 km/h
	sameSpotM     = 1           // roads that much farther than the nearest are as near
	mostSpots     = 8
)

// spot is a place on a piece.
type spot struct {
	piece uint32
	point uint32  // the straight it lies on
	t     float64 // how far along the straight, 0 to 1
	d2    float64 // squared metres from the place
}

// end is a way onto the road or off it at a spot.
type end struct {
	ch.Start
	arc uint32
	pos ch.Weight // from the beginning of the arc to the spot
}

// Snap is a place put onto the nearest road of a profile. It belongs to the
// router that made it.
type Snap struct {
	Place    geo.Point
	AccessM  float64   // straight line to the road
	access   ch.Weight // the access leg
	from, to [2 * mostSpots]end
	nFrom    int8
	nTo      int8
	spots    [mostSpots]spot
	nSpots   int8
	region   byte
}

// AccessMetres is the length of the leg between the place and the road.
func (s *Snap) AccessMetres() int64 { return (s.access.Cm() + 99) / 100 }

// AccessSeconds is the time of the leg between the place and the road.
func (s *Snap) AccessSeconds() int64 { return (s.access.Ms() + 999) / 1000 }

// leaving are the ways onto the road, arriving those off it.
func (s *Snap) leaving() []end { return s.from[:s.nFrom] }

func (s *Snap) arriving() []end { return s.to[:s.nTo] }

// key is that of a place that lies on this spot alone.
func (c *spot) key() spotKey {
	return spotKey{uint64(c.piece)<<32 | uint64(c.point), math.Float64bits(c.t)}
}

// add keeps the spots that are as near as the nearest.
func (s *Snap) add(c spot, best *float64) {
	for i := range s.nSpots {
		if s.spots[i].piece == c.piece {
			if c.d2 < s.spots[i].d2 {
				s.spots[i] = c
				s.prune(best)
			}
			return
		}
	}
	if s.nSpots < mostSpots {
		s.spots[s.nSpots] = c
		s.nSpots++
		s.prune(best)
		return
	}
	worst := 0
	for i := range s.spots {
		if s.spots[i].worse(&s.spots[worst]) {
			worst = i
		}
	}
	if s.spots[worst].worse(&c) {
		s.spots[worst] = c
	}
	s.prune(best)
}

func (c *spot) worse(d *spot) bool { return c.d2 > d.d2 || c.d2 == d.d2 && c.piece > d.piece }

// prune drops the spots that a nearer one has put out of reach.
func (s *Snap) prune(best *float64) {
	least := math.Inf(1)
	for i := range s.nSpots {
		least = min(least, s.spots[i].d2)
	}
	reach := math.Sqrt(least) + sameSpotM
	*best = reach * reach
	kept := int8(0)
	for i := range s.nSpots {
		if s.spots[i].d2 <= *best {
			s.spots[kept] = s.spots[i]
			kept++
		}
	}
	s.nSpots = kept
}

// search fills the spots from the squares around the place, ring by ring, until
// nothing farther out can hold a nearer road. Of a region other than 0 it looks for
// that one's roads alone.
func (g *Graph) search(r *routes, f *plane, s *Snap, region byte) {
	best := float64(SearchM) * SearchM
	row, col := g.grid.row(f.lat), g.grid.col(f.lng)
	for ring := range max(g.grid.Rows, g.grid.Cols) {
		if ring > 0 && g.grid.beyond(f, row, col, ring) > best {
			return
		}
		for i := max(row-ring, 0); i <= min(row+ring, g.grid.Rows-1); i++ {
			step := max(2*ring, 1)
			if i == row-ring || i == row+ring {
				step = 1
			}
			for j := col - ring; j <= col+ring; j += step {
				if j >= 0 && j < g.grid.Cols && g.grid.apart(f, i, j) <= best {
					g.look(r, f, s, g.grid.square(i, j), region, &best)
				}
			}
		}
	}
}

func (g *Graph) look(r *routes, f *plane, s *Snap, square uint32, region byte, best *float64) {
	list := g.grid.strands[g.grid.first[square]:g.grid.first[square+1]]
	for i := range list {
		c := &list[i]
		t, d2 := f.project(c)
		if d2 <= *best && r.snappable(c.Piece) && (region == 0 || r.region[c.Piece] == region) {
			s.add(spot{c.Piece, c.Point, t, d2}, best)
		}
	}
}

// snap puts a place onto the nearest road, at most limitM metres away.
func (g *Graph) snap(r *routes, p geo.Point, limitM float64, profile string, s *Snap) error {
	*s = Snap{Place: p}
	if !p.Valid() {
		return fmt.Errorf("snap %v: %w", p, geo.ErrCoordinates)
	}
	if math.Abs(p.Lat()) < 85 { // nearer to the poles there are no roads and no flat maps
		f := newPlane(p)
		g.search(r, &f, s, 0)
	}
	if s.nSpots == 0 {
		return &OffRoadError{Place: p, LimitM: limitM, Profile: profile}
	}
	nearest := 0
	for i := range s.nSpots {
		if s.spots[nearest].worse(&s.spots[i]) {
			nearest = int(i)
		}
	}
	s.AccessM = geo.GreatCircleM(p, g.place(&s.spots[nearest]))
	if s.AccessM > limitM {
		return &OffRoadError{Place: p, Metres: s.AccessM, LimitM: limitM, Profile: profile}
	}
	cm := uint32(math.Round(s.AccessM * accessPercent))
	s.access = ch.NewWeight(int64(segmentMs(cm, accessPace)), int64(cm))
	s.preferOpen(r.ends)
	s.oneRegion(r.region)
	for i := range s.nSpots {
		g.ends(r, s, &s.spots[i])
	}
	if !r.byArc && g.oneSpot(s) {
		s.nFrom, s.nTo = simplest(s.from[:s.nFrom]), simplest(s.to[:s.nTo])
	}
	return nil
}

// oneSpot tells whether all spots of a place are the same one.
func (g *Graph) oneSpot(s *Snap) bool {
	for i := range s.spots[:s.nSpots] {
		if g.place(&s.spots[i]) != g.place(&s.spots[0]) {
			return false
		}
	}
	return true
}

// simplest keeps one end of a place that lies on a junction, where junctions are
// states: every other way to leave it leads over that state.
func simplest(ends []end) int8 {
	for i := range ends {
		if ends[i].Extra == 0 {
			ends[0] = ends[i]
			return 1
		}
	}
	return int8(len(ends))
}

// preferOpen leaves private roads alone where an open one is as near.
func (s *Snap) preferOpen(ends []byte) {
	kept := int8(0)
	for i := range s.nSpots {
		if ends[s.spots[i].piece] == 0 {
			s.spots[kept] = s.spots[i]
			kept++
		}
	}
	if kept > 0 {
		s.nSpots = kept
	}
}

// oneRegion keeps the spots of the largest region among them.
func (s *Snap) oneRegion(of []byte) {
	s.region = of[s.spots[0].piece]
	for i := range s.nSpots {
		s.region = min(s.region, of[s.spots[i].piece])
	}
	kept := int8(0)
	for i := range s.nSpots {
		if of[s.spots[i].piece] == s.region {
			s.spots[kept] = s.spots[i]
			kept++
		}
	}
	s.nSpots = kept
}

// place is where a spot lies.
func (g *Graph) place(c *spot) geo.Point {
	a, b := g.shape[c.point], g.shape[c.point+1]
	between := func(x, y int32) int32 { return x + int32(math.Round(c.t*(float64(y)-float64(x)))) }
	return geo.Point{LatE7: between(a.LatE7, b.LatE7), LngE7: between(a.LngE7, b.LngE7)}
}

// ends are the ways onto the road and off it at a spot.
func (g *Graph) ends(r *routes, s *Snap, c *spot) {
	paces := &r.pace[c.piece]
	first := g.along(c, paces[0])
	for dir := range uint32(2) {
		arc, pace := 2*c.piece+dir, paces[dir]
		if pace == 0 {
			continue
		}
		whole, pos := r.weight[arc], first
		if pace != paces[0] {
			pos = g.along(c, pace)
		}
		if dir == 1 {
			pos = whole - pos
		}
		if r.src[arc] != ch.None {
			s.from[s.nFrom] = end{ch.Start{Rank: r.src[arc], Extra: whole - pos}, arc, pos}
			s.nFrom++
		}
		if r.dst[arc] != ch.None {
			extra := pos
			if r.byArc {
				extra -= whole
			}
			s.to[s.nTo] = end{ch.Start{Rank: r.dst[arc], Extra: extra}, arc, pos}
			s.nTo++
		}
	}
}

// along is the drive at a pace from the first point of a piece to a spot.
func (g *Graph) along(c *spot, pace uint32) ch.Weight {
	points := g.shape[g.pieces[c.piece].Shape : c.point+2]
	ms := int64(0)
	last := len(points) - 1
	for i := 1; i < last; i++ {
		ms += int64(segmentMs(points[i].Cm-points[i-1].Cm, pace))
	}
	part := uint32(math.Round(c.t * float64(points[last].Cm-points[last-1].Cm)))
	return ch.NewWeight(ms+int64(segmentMs(part, pace)), int64(points[last-1].Cm+part))
}
