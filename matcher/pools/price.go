package pools

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/shares"
)

// Least and greatest number of loads in a pool.
const (
	LeastLoads = 2
	MostLoads  = 8
)

// Market is what pools are judged by: no truck sets out before Earliest.
type Market struct {
	Fit      matcher.Fit
	Earliest freight.Instant
}

// Rider is a load and the most that it may pay in a pool.
type Rider struct {
	Load *freight.Load
	Most freight.Fen
}

// Ride is a load as a rider that pays no more than its ceiling and no more than
// going alone less the guaranteed discount.
func Ride(costs *freight.Costs, l *freight.Load) Rider {
	return Rider{Load: l, Most: min(l.Ceiling, costs.Ceiling(l.Alone))}
}

// Deal is a pool that pays: the cheapest truck that carries its riders, and what
// each of them pays of it.
type Deal struct {
	Haul
	Type   freight.VehicleType
	Riders []Rider      // in the order in which they enter the trip; the first is picked up first
	Split  shares.Split // in the same order; it sums to the hire
	Value  freight.Fen  // what going alone costs them all, less the hire
	Quorum int64        // with how many of them it still pays, at the least
}

// Price finds the cheapest vehicle type and the first pickup for a set of riders and
// divides the hire. It is false where no truck carries them, where somebody would pay
// more than his most, or where there are fewer than LeastLoads or more than MostLoads.
func (m *Market) Price(riders []Rider) (Deal, bool) {
	d, ok := m.deal(riders)
	if ok {
		d.Quorum = m.quorum(d)
	}
	return d, ok
}

func (m *Market) deal(riders []Rider) (Deal, bool) {
	if len(riders) < LeastLoads || len(riders) > MostLoads {
		return Deal{}, false
	}
	best, ok := m.cheapest(riders)
	if !ok {
		return Deal{}, false
	}
	var most freight.Fen
	for _, r := range riders {
		most += r.Most
	}
	if best.Hire > most {
		return Deal{}, false
	}
	members := make([]shares.Member, len(best.Riders))
	for i, r := range best.Riders {
		members[i] = shares.Member{ID: r.Load.ID, Ceiling: r.Most, Floor: m.causes(best, i)}
		best.Value += r.Load.Alone
	}
	best.Value -= best.Hire
	split, err := shares.Found(best.Hire, members)
	best.Split = split
	return best, err == nil
}

// cheapest tries every vehicle type and every rider as the first.
func (m *Market) cheapest(riders []Rider) (best Deal, ok bool) {
	for i := range m.Fit.Costs.Types {
		cost := &m.Fit.Costs.Types[i]
		for first := range riders {
			order := toFront(riders, first)
			h, fits := m.haul(cost, loadsOf(order))
			if fits && (!ok || h.Hire < best.Hire) {
				best, ok = Deal{Haul: h, Type: cost.Type, Riders: order}, true
			}
		}
	}
	return best, ok
}

func toFront(riders []Rider, first int) []Rider {
	order := append(make([]Rider, 0, len(riders)), riders[first])
	order = append(order, riders[:first]...)
	return append(order, riders[first+1:]...)
}

func loadsOf(riders []Rider) []*freight.Load {
	loads := make([]*freight.Load, len(riders))
	for i, r := range riders {
		loads[i] = r.Load
	}
	return loads
}

// causes is what the truck would cost less without a rider.
func (m *Market) causes(d Deal, i int) freight.Fen {
	cost, _ := m.Fit.Costs.Of(d.Type)
	rest := loadsOf(slices.Delete(slices.Clone(d.Riders), i, i+1))
	var least freight.Fen
	for first := range rest {
		order := append([]*freight.Load{rest[first]}, rest[:first]...)
		if h, ok := m.haul(&cost, append(order, rest[first+1:]...)); ok && (least == 0 || h.Hire < least) {
			least = h.Hire
		}
	}
	if least == 0 {
		return 0 // without him the others have no truck at all
	}
	return max(0, d.Hire-least)
}

// quorum lets the rider go who has least to spare, again and again, for as long as
// it still pays for the others.
func (m *Market) quorum(d Deal) int64 {
	for len(d.Riders) > LeastLoads {
		out, least := 0, freight.Fen(-1)
		for i, r := range d.Split.Riders {
			if spare := r.Ceiling - r.Share; least < 0 || spare < least {
				out, least = i, spare
			}
		}
		smaller, ok := m.deal(slices.Delete(slices.Clone(d.Riders), out, out+1))
		if !ok {
			break
		}
		d = smaller
	}
	return int64(len(d.Riders))
}
