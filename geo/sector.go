package geo

import (
	"math"
	"sync/atomic"
)

// Where a slab holds many trips of one direction they have pages of their own: those of a
// sector lead along one of the axes, one way or the other, and a search for a load that
// leads elsewhere need not look at them. A sector tells as well how much the way of its
// trips may turn. Trips whose direction tells nothing, and the first ones of each sector,
// are mixed: pages that nobody fills cost memory and time.
const (
	mixed      = 0
	ways       = 2 * axisTraits
	straight   = 1        // the first sector of trips that turn little
	winding    = 1 + ways // and of the others
	allSectors = 1 + 2*ways

	mixedTrips  = pageTrips / 2 // of a sector, before it has pages
	littleSlack = 0.006
)

// Every direction is within sectorCosine of some axis: between the axes of a cube no
// place is farther than 27.6 degrees from all. What is, by rounding, is mixed.
const sectorCosine = 0.88

// shelves is the pages of a slab by sector, each list replaced and never changed.
type shelves [allSectors]atomic.Pointer[[]*page]

// in is the pages of a sector.
func (s *shelves) in(sector int) []*page {
	if p := s[sector].Load(); p != nil {
		return *p
	}
	return nil
}

// each calls do with all pages.
func (s *shelves) each(do func(*page)) {
	for sector := range s {
		for _, p := range s.in(sector) {
			do(p)
		}
	}
}

// course is the direction of a trip, not as a unit but with its length, and its
// slack; false where that tells nothing.
func (h *head) course() (way [3]float32, length, slack float32, ok bool) {
	if h.first&onRoads != 0 {
		return way, 0, 0, false
	}
	first, last := h.first.vec(), h.last.vec()
	way, length = line(&first, &last), chord(&first, &last)
	slack = h.budget - length + slopRadii
	return way, length, slack, h.last&openEnd == 0 && length >= leastLine && slack < mostSlack
}

// sector is where the trip belongs in a slab of many.
func (h *head) sector() int {
	way, length, slack, ok := h.course()
	if !ok {
		return mixed
	}
	best, most := mixed, sectorCosine*length
	for k := range axes {
		switch share := dot(&way, &axes[k]); {
		case share > most:
			best, most = straight+k, share
		case -share > most:
			best, most = straight+axisTraits+k, -share
		}
	}
	if best != mixed && slack > littleSlack {
		best += winding - straight
	}
	return best
}

// sectorFor is where the slab puts a trip, when so many of a sector are mixed; for the
// writer.
func (s *slab) sectorFor(h *head, mixedTrips int) int {
	sector := h.sector()
	if s.came[sector] < mixedTrips {
		s.came[sector]++
		return mixed
	}
	return sector
}

// face tells of each sector whether its trips may carry the load. A trip that may leads
// at most an angle t aside from the haul, see refine; its sector's axis is at most as
// far from it as sectorCosine says, so at most the sum of both from the haul.
func (v *sight) face() {
	v.sectors[mixed] = true
	little, most := v.aside(littleSlack), v.aside(mostSlack)
	for k := range ways {
		turn := v.turns[k%axisTraits]
		if k >= axisTraits {
			turn = -turn
		}
		v.sectors[straight+k] = turn >= little
		v.sectors[winding+k] = turn >= most
	}
}

// aside is the least cosine of the angle between the haul and the axis of a sector whose
// trips have so much slack and may carry the load.
func (v *sight) aside(slack float32) float32 {
	cosine, ok := v.turning(slack)
	if !ok {
		return -2
	}
	const sine = 0.475 // to sectorCosine
	return float32(cosine*sectorCosine-math.Sqrt(1-cosine*cosine)*sine) - 2*turnError
}

// turning is the cosine of the greatest angle by which a trip with so much slack may
// lead aside from the haul and still carry the load; false where any may.
func (v *sight) turning(slack float32) (cosine float64, ok bool) {
	if v.straight < leastLine {
		return 0, false
	}
	cosine = min(1, float64(v.haul-slack)/float64(v.straight))
	return cosine, cosine > 0
}
