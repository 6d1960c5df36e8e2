package pools

import (
	"fmt"
	"math/rand/v2"

	"pinhuo/freight"
	"pinhuo/matcher"
)

const morning = freight.Instant(1_790_000_000_000) / freight.Day * freight.Day

var costs = freight.DefaultCosts()

// at is a point of a plane of whole kilometres.
func at(x, y int) freight.Point {
	return freight.Point{LatE7: int32(300_000_000 + y*100_000), LngE7: int32(1_200_000_000 + x*100_000)}
}

// blocks drives along the axes of the plane at 60 km/h.
func blocks(a, b freight.Point) freight.Leg {
	km := int64(max(a.LatE7-b.LatE7, b.LatE7-a.LatE7)+max(a.LngE7-b.LngE7, b.LngE7-a.LngE7)) / 100_000
	return freight.Leg{Metres: km * 1000, Seconds: km * 60, Method: "blocks", Version: "1"}
}

func clock(h, m int) freight.Instant {
	return morning + freight.Instant(h)*freight.Hour + freight.Instant(m)*freight.Minute
}

// crates is a posted load; windows are hours of the day.
func crates(id string, from, to freight.Point, kg, floorMM int64, pickup, delivery [2]int) *freight.Load {
	l := &freight.Load{Meta: freight.Meta{ID: freight.ID(id), Org: freight.ID("og_" + id), Version: 1}, State: freight.LoadPosted}
	stop := func(p freight.Point, hours [2]int) freight.Stop {
		return freight.Stop{Place: freight.Place{Point: p, Town: fmt.Sprintf("%d,%d", p.LngE7, p.LatE7), Address: "No. 1"}, ServiceS: 900,
			Window: freight.Window{Open: clock(hours[0], 0), Close: clock(hours[1], 0)}, Contact: freight.Contact{Phone: "13800000000"}}
	}
	l.Goods, l.Pickup, l.Delivery = "crates", stop(from, pickup), stop(to, delivery)
	l.Size.Room = freight.Room{Grams: kg * 1000, Millilitres: floorMM * 2400 * 1200 / 1000, FloorMM: floorMM}
	l.Direct = blocks(from, to)
	l.Alone, _ = costs.Alone(l.Size, l.Direct, 1800)
	l.Ceiling = costs.Ceiling(l.Alone)
	return l
}

func newSearch(loads ...*freight.Load) *Search {
	s := &Search{Market: Market{Fit: matcher.Fit{Costs: &costs, Measure: blocks, Now: clock(5, 0)}, Earliest: clock(7, 0)}}
	for _, l := range loads {
		s.Riders = append(s.Riders, Ride(&costs, l))
	}
	s.Near = func(i int) (all []int) {
		for j := range s.Riders {
			if j != i {
				all = append(all, j)
			}
		}
		return all
	}
	return s
}

// randomLoads lie along a corridor of 200 km.
func randomLoads(rng *rand.Rand, n int) []*freight.Load {
	loads := make([]*freight.Load, n)
	for i := range loads {
		from, far := rng.IntN(80), 60+rng.IntN(120)
		if rng.IntN(5) == 0 {
			far = -far // the other way
		}
		p, d := at(from+100, rng.IntN(12)), at(from+100+far, rng.IntN(12))
		open := 7 + rng.IntN(5)
		loads[i] = crates(fmt.Sprintf("ld_%02d", i), p, d, 100+int64(rng.IntN(4000)), 300+int64(rng.IntN(3000)),
			[2]int{open, open + 1 + rng.IntN(5)}, [2]int{open + 2, open + 6 + rng.IntN(8)})
		if rng.IntN(6) == 0 {
			loads[i].Needs = freight.CapTailLift
		}
		if rng.IntN(6) == 0 {
			loads[i].Ceiling /= 2
		}
	}
	return loads
}
