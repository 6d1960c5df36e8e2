package geo

import "math"

// Bound is a lower bound of the driving seconds of one router: a rate for each
// great-circle metre, or a Ground. Behind either stands a figure that obeys the
// triangle rule: at least what the bound says of two places, and never more than
// the drive between them. The zero Bound promises nothing and bounds every drive
// by 0. Bounds that are equal by == are the same bound.
type Bound struct {
	secondsPerMetre float64
	drives          *Drives
	ground          *Ground
}

// Drives tells a router's drives where they obey the triangle rule themselves, all but
// for their rounding up to whole seconds, and take as long there as back. The world has
// sides: something may lie between places on different ones, and then Across knows more than the
// rate of the bound. One Drives stands for one router's drives. All is safe for
// concurrent use.
type Drives struct {
	Seconds func(a, b Point) int64
	Side    func(p Point) uint8 // of a place, below Sides

	// Across is the drive, not rounded, between a place that is asked for again and again
	// and one on another side, of which nothing but this is known.
	Across func(p Point, far Vec, side uint8) float64
}

// Sides is more sides than the world may have.
const Sides = 4

// With is the bound beside the drives that it is a bound of: they tell how long the ways
// of a load and to it are at the least, where the rate knows of no river between.
func (b Bound) With(d *Drives) Bound {
	b.drives = d
	return b
}

// haul is the least drive from one place to another in milliseconds, given their
// vectors, as exactly as it is known.
func (b Bound) haul(from, to Point, v, w Vec) int64 {
	ms := b.millis(v, w)
	if b.drives != nil {
		ms = max(ms, 1000*(b.drives.Seconds(from, to)-1))
	}
	return ms
}

// NewBound makes the bound of a router whose drives take at least
// secondsPerMetre seconds for each great-circle metre. A value that is
// negative or not a finite number makes the zero Bound.
func NewBound(secondsPerMetre float64) Bound {
	if !(secondsPerMetre > 0) || math.IsInf(secondsPerMetre, 1) {
		return Bound{}
	}
	return Bound{secondsPerMetre: secondsPerMetre}
}

// SecondsPerMetre is the bound's rate: seconds for a great-circle metre. 0 where
// a Ground tells instead.
func (b Bound) SecondsPerMetre() float64 { return b.secondsPerMetre }

// Seconds is the least number of seconds a drive over the given great-circle
// metres takes, rounded down.
func (b Bound) Seconds(greatCircleM float64) int64 {
	return int64(math.Floor(greatCircleM * b.secondsPerMetre))
}

// Between is the least number of seconds a drive from a to c takes, rounded
// down. A place that is off the road is UnreachableS away.
func (b Bound) Between(a, c Point) int64 {
	if b.ground == nil {
		return b.Seconds(GreatCircleM(a, c))
	}
	var s, t Spot
	if !b.ground.Find(a, &s) || !b.ground.Find(c, &t) {
		return UnreachableS
	}
	return min(b.ground.between(&s, &t)/1000, UnreachableS)
}

// near puts a place into a site.
func (b Bound) near(p Point, s *site) {
	s.at, s.vec = p, p.Vec()
	if b.drives != nil {
		s.side = b.drives.Side(p)
	}
}

// to is the bound between a load's place and a stop in milliseconds, as exactly as it is
// known.
func (b Bound) to(s *site, stop Vec, side uint8) int64 {
	if b.drives == nil || side == s.side || side == anySide {
		return b.millis(stop, s.vec)
	}
	seconds := b.drives.Across(s.at, stop, side) - roundingM*b.secondsPerMetre
	return max(0, int64(seconds*1000)-1)
}

// millis is the bound between two vectors in milliseconds, rounded down. What is
// taken off covers the floating-point error of two routes to the same distance and
// the rounding of a stop's vector.
func (b Bound) millis(v, w Vec) int64 {
	return max(0, int64((v.GreatCircleM(w)-roundingM)*b.secondsPerMetre*1000)-1)
}

// roundingM is more metres than the rounding of a stop's vector makes up.
const roundingM = 0.02

// Ground is a lower bound of driving times over a network of roads, in
// milliseconds: a place is reached over gates, and between gates a table tells
// the least drive from any junction of a cell to any of another.
//
// What it bounds is the shortest way through the network where a truck may turn
// round anywhere and every road may be driven by everyone: that obeys the triangle
// rule, and no drive under stricter rules is shorter. The way to a place passes
// one of its Arrive gates or begins on one of its pieces, the way from it one of
// its Leave gates or ends on one of them.
//
// A Ground is read-only. One Ground stands for one router's drives.
type Ground struct {
	Cells   int      // coarse cells
	UnitMs  int64    // of a figure of the tables, in milliseconds
	Out, In []uint16 // from fine to coarse cell, from coarse to fine: by fine cell, then coarse; NoWay where no way leads

	// Metric tells that the drives themselves obey the triangle rule: no stop saves
	// time. Elsewhere a drive over a stop may be shorter than the one without.
	Metric bool

	// Find puts a place onto the roads, in memory that the spot has. It returns false
	// where there are none near enough. It is safe for concurrent use.
	Find func(p Point, s *Spot) bool
}

// NoWay stands in a Ground's tables for no way at all.
const NoWay = math.MaxUint16

// far is more milliseconds than any drive takes, with room to add a few.
const far = int64(1) << 50

// Bound is the bound that a Ground is.
func (g *Ground) Bound() Bound { return Bound{ground: g} }

// Spot is a place on the roads of a Ground.
type Spot struct {
	At       Point
	AccessMs int64    // between the place and the road
	Leave    []Gate   // how one gets away
	Arrive   []Gate   // how one gets there
	Pieces   []uint32 // the pieces of road it lies on
}

// Gate is a junction at an end of a piece of road that a Spot lies on.
type Gate struct {
	Fine, Coarse uint32 // its cells
	Ms           int64  // from the spot to it, or from it to the spot
	mostMs       int64  // the same for the farthest of the gates that this one stands for
}

// AddLeave adds a gate by which one leaves.
func (s *Spot) AddLeave(g Gate) { s.Leave = addGate(s.Leave, g) }

// AddArrive adds a gate by which one arrives.
func (s *Spot) AddArrive(g Gate) { s.Arrive = addGate(s.Arrive, g) }

// addGate keeps the nearest of the gates in the same cells.
func addGate(list []Gate, g Gate) []Gate {
	g.mostMs = g.Ms
	for i := range list {
		if list[i].Fine == g.Fine && list[i].Coarse == g.Coarse {
			list[i].Ms, list[i].mostMs = min(list[i].Ms, g.Ms), max(list[i].mostMs, g.Ms)
			return list
		}
	}
	return append(list, g)
}

// AddPiece notes a piece of road that the spot lies on.
func (s *Spot) AddPiece(piece uint32) {
	for _, p := range s.Pieces {
		if p == piece {
			return
		}
	}
	s.Pieces = append(s.Pieces, piece)
}

// clear forgets a spot and keeps its memory.
func (s *Spot) clear() {
	*s = Spot{Leave: s.Leave[:0], Arrive: s.Arrive[:0], Pieces: s.Pieces[:0]}
}

// clone is a spot in memory of its own.
func (s *Spot) clone() Spot {
	gates := append(append(make([]Gate, 0, len(s.Leave)+len(s.Arrive)), s.Leave...), s.Arrive...)
	n := len(s.Leave)
	return Spot{At: s.At, AccessMs: s.AccessMs, Leave: gates[:n:n], Arrive: gates[n:],
		Pieces: append([]uint32(nil), s.Pieces...)}
}

// shares tells whether two spots lie on one piece of road: then the way between
// them may pass no gate.
func (s *Spot) shares(t *Spot) bool {
	for _, a := range s.Pieces {
		for _, b := range t.Pieces {
			if a == b {
				return true
			}
		}
	}
	return false
}

// between is the least drive from one spot to another, the ways between places
// and road included.
func (g *Ground) between(a, b *Spot) int64 {
	switch {
	case a.At == b.At:
		return 0
	case len(a.Leave) == 0 || len(b.Arrive) == 0:
		return far
	case a.shares(b):
		return a.AccessMs + b.AccessMs
	}
	best := far
	for i := range a.Leave {
		s := &a.Leave[i]
		out := g.Out[int(s.Fine)*g.Cells:]
		for k := range b.Arrive {
			t := &b.Arrive[k]
			cells := max(out[t.Coarse], g.In[int(t.Fine)*g.Cells+int(s.Coarse)])
			if cells != NoWay {
				best = min(best, s.Ms+int64(cells)*g.UnitMs+t.Ms)
			}
		}
	}
	return min(far, best+a.AccessMs+b.AccessMs)
}

// outward fills ms with the least drive from a spot to each coarse cell.
func (g *Ground) outward(a *Spot, ms []int64) { g.rows(a.Leave, g.Out, a.AccessMs, ms) }

// inward fills ms with the least drive from each coarse cell to a spot.
func (g *Ground) inward(b *Spot, ms []int64) { g.rows(b.Arrive, g.In, b.AccessMs, ms) }

func (g *Ground) rows(gates []Gate, table []uint16, access int64, ms []int64) {
	for c := range ms {
		ms[c] = far
	}
	for i := range gates {
		s, row := &gates[i], table[int(gates[i].Fine)*g.Cells:][:len(ms)]
		for c, cells := range row {
			if cells != NoWay {
				ms[c] = min(ms[c], access+s.Ms+int64(cells)*g.UnitMs)
			}
		}
	}
}
