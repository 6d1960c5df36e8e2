package roads

import (
	"math"
	"slices"

	"pinhuo/geo"
)

// bank is a side of the river. Every place on earth is on one.
type bank uint8

// The banks. Chongming, Changxing and Hengsha are the island.
const (
	north bank = iota
	south
	island
)

// ray is a half great circle beyond an end of the river's line: there the
// banks have a border too, but one that is crossed freely.
type ray struct {
	end    geo.Vec // of the line
	normal geo.Vec // its north side
	toward geo.Vec // the way the ray goes, at its end
}

// passage is a way from bank to bank: a crossing, two of them in a row over the
// island, or the free border at an end of the line.
type passage struct {
	from, to int     // landings
	metres   float64 // by road, between the landings
}

// river tells banks apart and knows the ways across. It is made for one
// distance factor and read-only afterwards.
type river struct {
	factor               float64
	west, east           ray
	westLng, eastLng     float64
	northLine, southLine line
	landings             []site
	ways                 []passage    // from north to south
	links                [2][]passage // from the north or the south bank to the island
}

func vecOf(d degrees) geo.Vec {
	p := geo.Point{LatE7: int32(math.Round(d.lat * 1e7)), LngE7: int32(math.Round(d.lng * 1e7))}
	return p.Vec()
}

// newRay is the ray that leaves d due west or due east.
func newRay(d degrees, westward bool) ray {
	end := vecOf(d)
	sin, cos := math.Sincos(d.lng * math.Pi / 180)
	toward := geo.Vec{X: -sin, Y: cos} // east
	if westward {
		toward = geo.Vec{X: sin, Y: -cos}
	}
	normal := end.Cross(toward)
	if normal.Z < 0 {
		normal = geo.Vec{X: -normal.X, Y: -normal.Y, Z: -normal.Z}
	}
	return ray{end: end, normal: normal, toward: toward}
}

// newRiver lays out the tables for a distance factor.
func newRiver(factor float64) *river {
	first := riverStem[0]
	r := &river{
		factor: factor, west: newRay(first, true), east: newRay(mouth, false),
		westLng: first.lng, eastLng: mouth.lng,
		northLine: newLine(riverStem, northBranch, []degrees{mouth}),
		southLine: newLine(riverStem, southBranch, []degrees{mouth}),
	}
	for _, c := range crossings {
		p := passage{from: r.landing(vecOf(c.a), c.ra), to: r.landing(vecOf(c.b), c.rb)}
		p.metres = max(c.metres, r.plain(r.landings[p.from].vec, r.landings[p.to].vec))
		if c.rb == island {
			r.links[c.ra] = append(r.links[c.ra], p)
		} else {
			r.ways = append(r.ways, p)
		}
	}
	for _, end := range []geo.Vec{r.west.end, r.east.end} {
		i := r.landing(end, north)
		r.ways = append(r.ways, passage{from: i, to: i})
	}
	r.joinIsland()
	for i := range r.landings {
		r.landings[i].reach = r.reach(r.landings[i].vec)
	}
	return r
}

// landing numbers a landing.
func (r *river) landing(v geo.Vec, on bank) int {
	r.landings = append(r.landings, site{vec: v, bank: on})
	return len(r.landings) - 1
}

// reach is the plain road to every landing.
func (r *river) reach(v geo.Vec) []float64 {
	out := make([]float64, len(r.landings))
	for i := range r.landings {
		out[i] = r.plain(v, r.landings[i].vec)
	}
	return out
}

// joinIsland adds the ways between the mainland banks over the island. With
// them a drive from bank to bank takes exactly one way, and the least of all
// is a metric: nobody gains by crossing once more.
func (r *river) joinIsland() {
	for _, p := range r.links[north] {
		for _, q := range r.links[south] {
			over := r.plain(r.landings[p.to].vec, r.landings[q.to].vec)
			r.ways = append(r.ways, passage{from: p.from, to: q.from, metres: p.metres + over + q.metres})
		}
	}
}

// plain is the road where no river is in the way.
func (r *river) plain(a, b geo.Vec) float64 { return a.GreatCircleM(b) * r.factor }

// site is a place prepared for many distances.
type site struct {
	vec   geo.Vec
	bank  bank
	reach []float64 // plain road to every landing, or nil where not prepared
}

// to is the plain road from a site to a landing.
func (r *river) to(s *site, landing int) float64 {
	if s.reach != nil {
		return s.reach[landing]
	}
	return r.plain(s.vec, r.landings[landing].vec)
}

func (r *river) site(p geo.Point) site {
	s := site{vec: p.Vec()}
	s.bank = r.bankOf(p, s.vec)
	return s
}

// bankOf tells the bank of a place: between the ends of the line by what lies
// north of it, beyond by the side of the ray.
func (r *river) bankOf(p geo.Point, v geo.Vec) bank {
	d := degrees{p.Lat(), p.Lng()}
	side := r.west
	switch {
	case d.lng >= r.westLng && d.lng < r.eastLng:
		return r.bankAlong(d)
	case d.lng >= r.eastLng:
		side = r.east
	}
	if v.Dot(side.normal) >= 0 {
		return north
	}
	return south
}

func (r *river) bankAlong(d degrees) bank {
	switch {
	case !r.northLine.above(d):
		return north
	case r.southLine.above(d):
		return south
	}
	return island
}

// line is a bank from the west end of the river to the east end, and between which
// latitudes it lies.
type line struct {
	points       []degrees
	south, north float64
}

func newLine(parts ...[]degrees) line {
	l := line{points: slices.Concat(parts...), south: math.Inf(1), north: math.Inf(-1)}
	for _, d := range l.points {
		l.south, l.north = min(l.south, d.lat), max(l.north, d.lat)
	}
	return l
}

// above tells whether the line is crossed an odd number of times on the way due north
// from a place between its ends.
func (l *line) above(d degrees) bool {
	if d.lat < l.south || d.lat >= l.north {
		return d.lat < l.south
	}
	odd := false
	for i := 1; i < len(l.points); i++ {
		a, b := l.points[i-1], l.points[i]
		if (a.lng <= d.lng) == (b.lng <= d.lng) {
			continue
		}
		if d.lat < a.lat+(b.lat-a.lat)*(d.lng-a.lng)/(b.lng-a.lng) {
			odd = !odd
		}
	}
	return odd
}

// round is the shortest way in metres of great circle from a to b that touches
// the ray, where that is not at the ray's end; ok is false where it is. On the
// whole great circle of the ray, the shortest way touches where the straight
// one cuts it, or, with a and b on one side, where the straight one from the
// mirror image of a does.
func (y *ray) round(a, b geo.Vec) (metres float64, ok bool) {
	na, nb := a.Dot(y.normal), b.Dot(y.normal)
	// The touching point is a·|nb| + b·|na|, a being mirrored or not: toward
	// lies in the mirror.
	if a.Dot(y.toward)*math.Abs(nb)+b.Dot(y.toward)*math.Abs(na) <= 0 {
		return 0, false
	}
	if (na >= 0) == (nb >= 0) {
		a = geo.Vec{X: a.X - 2*na*y.normal.X, Y: a.Y - 2*na*y.normal.Y, Z: a.Z - 2*na*y.normal.Z}
	}
	return a.GreatCircleM(b), true
}

// freely is the road in metres where the river is not in the way: on one bank, or
// where the straight way passes beyond an end of the line.
func (r *river) freely(a, b *site) (metres float64, ok bool) {
	plain := r.plain(a.vec, b.vec)
	if a.bank == b.bank {
		return plain, true
	}
	if a.bank == island || b.bank == island {
		return 0, false
	}
	if a.bank == south {
		a, b = b, a
	}
	return plain, r.beyond(a, b) <= plain
}

// beyond is the road in metres from the north to the south bank around an end of the
// line, without touching the end itself.
func (r *river) beyond(a, b *site) float64 {
	best := math.Inf(1)
	for _, y := range []*ray{&r.west, &r.east} {
		if metres, ok := y.round(a.vec, b.vec); ok {
			best = min(best, metres*r.factor)
		}
	}
	return best
}

// between is the road in metres.
func (r *river) between(a, b *site) float64 {
	if metres, ok := r.freely(a, b); ok {
		return metres
	}
	switch {
	case a.bank == island:
		return r.toIsland(b, a)
	case b.bank == island:
		return r.toIsland(a, b)
	case a.bank == south:
		a, b = b, a
	}
	best := r.beyond(a, b)
	for _, p := range r.ways {
		if b.reach != nil && p.metres+b.reach[p.to] > best+1 {
			continue // a metre covers the rounding
		}
		if m := r.to(a, p.from) + p.metres; m < best {
			best = min(best, m+r.to(b, p.to))
		}
	}
	return max(best, r.plain(a.vec, b.vec))
}

// toIsland is the road from a mainland bank to the island: over either link,
// which may stand on the other bank.
func (r *river) toIsland(a, b *site) float64 {
	best := r.plain(a.vec, b.vec)
	least := math.Inf(1)
	for _, links := range r.links {
		for _, p := range links {
			least = min(least, r.between(a, &r.landings[p.from])+p.metres+r.to(b, p.to))
		}
	}
	return max(best, least)
}
