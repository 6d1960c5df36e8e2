package geo

import (
	"math"
	"math/bits"
)

// A page has a row of bits for each of these traits of its trips. Where many trips
// cover both cells of a load, the traits rule most of them out before their heads are
// fetched from memory.
const (
	axisTraits  = 13 // the trip leads to the near side of an axis
	beginTraits = 15 // it begins by so many parts of its slab: whole minutes, and so the next
	endTraits   = 24 // it lasts so many parts of what a trip of its slab may

	astrayTrait = axisTraits // its direction tells nothing
	firstBegin  = astrayTrait + 1
	firstEnd    = firstBegin + beginTraits
	allTraits   = firstEnd + endTraits
)

// So many trips of a page must cover both cells before its traits of time, and those of
// direction too, are looked at.
const (
	fewTrips   = 4
	denseTrips = 16
)

// What is left of a trip's budget after the straight line from its first to its last
// stop says how much its way can turn: more than mostSlack, or a line shorter than
// leastLine, tells nothing. In earth radii.
const (
	mostSlack = 0.02
	leastLine = 1e-3
)

// turnError is more than the rounding of heads adds to the sine of an angle.
const turnError = 1e-3

// axes are those through the corners, the edges and the faces of a cube, one of each
// pair.
var axes = func() (list [axisTraits][3]float32) {
	k := 0
	for x := -1; x <= 1; x++ {
		for y := -1; y <= 1; y++ {
			for z := -1; z <= 1; z++ {
				if 9*x+3*y+z > 0 {
					size := float32(math.Sqrt(float64(x*x + y*y + z*z)))
					list[k] = [3]float32{float32(x) / size, float32(y) / size, float32(z) / size}
					k++
				}
			}
		}
	}
	return list
}()

func dot(a, b *[3]float32) float32 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// line is the straight line from one unit vector to another.
func line(from, to *[3]float32) [3]float32 {
	return [3]float32{to[0] - from[0], to[1] - from[1], to[2] - from[2]}
}

// begin is the unix minute at which the slab begins, and the others are so many minutes
// between the traits of time.
func (s *slab) begin() int64     { return s.key * slabLength(s.level) }
func (s *slab) beginStep() int64 { return slabLength(s.level) / beginTraits }
func (s *slab) endStep() int64   { return (slabLength(s.level) + slabSpan(s.level)) / endTraits }

// beginsBy is the first trait of those by which who begins by a minute has begun;
// beginTraits or more where that is none.
func (s *slab) beginsBy(minute int64) int {
	return int(max(-floorDiv(s.begin()-minute, s.beginStep())-1, 0))
}

// lastsUntil is the last trait of those until which who lasts until a minute lasts; below
// 0 where that is none.
func (s *slab) lastsUntil(minute int64) int {
	return int(min(floorDiv(minute-s.begin(), s.endStep()), endTraits) - 1)
}

// describe sets the traits of the trip in a place.
func (p *page) describe(at int) {
	h := &p.heads[at]
	if p.slab.level < slabLevels-1 {
		for k := p.slab.beginsBy(int64(h.fromMin)); k < beginTraits; k++ {
			set(p.traits[firstBegin+k][:], at)
		}
		for k := p.slab.lastsUntil(int64(h.toMin)); k >= 0; k-- {
			set(p.traits[firstEnd+k][:], at)
		}
	}
	way, _, slack, ok := h.course()
	if !ok {
		set(p.traits[astrayTrait][:], at)
		return
	}
	if old := math.Float32frombits(p.slack.Load()); slack > old {
		p.slack.Store(math.Float32bits(slack))
	}
	for k := range axes {
		if dot(&way, &axes[k]) >= 0 {
			set(p.traits[k][:], at)
		}
	}
}

// refine takes out of the trips of a page those whose traits of time say that they cannot
// carry the load: who must begin by a moment begins by the next mark after it, who must
// last until one lasts until the mark before.
func (v *sight) refine(p *page, found *[pageTrips / 64]uint64) {
	if p.slab.level == slabLevels-1 {
		return
	}
	if k := p.slab.beginsBy(v.to); k < beginTraits {
		p.only(firstBegin+k, found)
	}
	if k := p.slab.lastsUntil(v.from); k >= 0 {
		p.only(firstEnd+k, found)
	}
}

// steer takes out those whose direction says so: the way over
// pickup and delivery, as long as budget allows, is longer than the straight line of
// length l from the first to the last stop by no more than the slack. Its parts before
// the pickup and after the delivery advance along that line by no more than their
// lengths, so the haul of straight length h at an angle t to it advances by at least its way
// w less the slack: h cos t >= w - slack. An axis that is farther than t from square to the haul has both
// on one side.
func (v *sight) steer(p *page, found *[pageTrips / 64]uint64) {
	cosine, ok := v.turning(math.Float32frombits(p.slack.Load()))
	if !ok {
		return
	}
	sine := float32(math.Sqrt(max(0, 1-cosine*cosine))) + turnError
	for w := range p.width {
		m := ^uint64(0)
		for k := range v.turns {
			switch turn := v.turns[k]; {
			case turn >= sine:
				m &= p.traits[k][w].Load()
			case turn <= -sine:
				m &^= p.traits[k][w].Load()
			}
		}
		found[w] &= m | p.traits[astrayTrait][w].Load()
	}
}

// only leaves those that have a trait.
func (p *page) only(trait int, found *[pageTrips / 64]uint64) {
	for w := range p.width {
		found[w] &= p.traits[trait][w].Load()
	}
}

func count(words []uint64) (n int) {
	for _, m := range words {
		n += bits.OnesCount64(m)
	}
	return n
}
