package dispatch

import (
	"slices"
	"sync/atomic"

	"pinhuo/freight"
	"pinhuo/matcher/batch"
	"pinhuo/matcher/bundle"
)

// mostRemembered bounds the columns of a trip that are kept from one round of
// the batch to the next: those worth most at the last prices.
const mostRemembered = 60

// packer is what is kept from one round of the batch to the next. It belongs to
// the goroutine that calls Improve, but for what planners share with it.
type packer struct {
	last  atomic.Int64 // when the last round began, an Instant
	early atomic.Bool  // a planner wants a round before its time

	rents atomic.Pointer[rents] // of the last round; nil before the first
}

// rents is what the last round found loads and trucks to be worth: it is not changed
// any more, and planners read it beside the next round.
type rents struct {
	prices map[freight.ID]int64 // of loads
	trips  map[freight.ID]*memory
}

// memory is what the last round found out about a trip. It holds as long as the
// trip is the same and has done no more of its plan: then every verdict would be
// the same again.
type memory struct {
	outline *outline
	fixed   int
	alone   map[*freight.Load]bool // loads that came near: it can carry them alone
	columns []remembered
}

// remembered is a column by its loads, in the order in which they were put in.
type remembered struct {
	loads []*freight.Load
	ride  bundle.Riding // by the numbers of its round
	value int64
}

func (m *memory) holds(o *scenic, now freight.Instant) bool {
	if m == nil || m.outline != o.outline {
		return false
	}
	plan := o.trip.Plan
	return o.trip.Fixed(now) == m.fixed && plan[len(plan)-1].Leave >= now
}

// survey is the scene as the solver sees it, and what is known of it from the
// last round. Each truck's roads are measured at once.
func (e *Engine) survey(now freight.Instant, s *scene) (*bundle.Fleet, batch.Effort) {
	loads, number := make([]*freight.Load, len(s.waiting)), make(map[*freight.Load]int32, len(s.waiting))
	effort := batch.Effort{Prices: make([]int64, len(s.waiting)), Settled: make([]bool, len(s.trips)), Fresh: make([][]int32, len(s.trips))}
	last := e.packer.rents.Load()
	if last == nil {
		last = &rents{}
	}
	for i, view := range s.waiting {
		loads[i], number[view.load] = view.load, int32(i)
		effort.Prices[i] = last.prices[view.load.ID]
	}
	f := bundle.NewFleet(loads)
	for t, at := range s.trips {
		mem := last.trips[at.trip.ID]
		effort.Settled[t] = mem.holds(at, now)
		if !effort.Settled[t] {
			mem = &memory{}
		}
		fit := e.fit(now)
		fit.Measure, fit.By, fit.Terse = e.around(at.trip, at.near, loads), nil, true
		var alone []int32
		for _, l := range at.near {
			fits, known := mem.alone[loads[l]]
			if !known {
				fits = bundle.Carries(at.trip, fit, loads[l])
			}
			if fits {
				alone = append(alone, l)
				if !known {
					effort.Fresh[t] = append(effort.Fresh[t], l)
				}
			}
		}
		f.Add(at.trip, fit, alone)
		known := mem.known(f, t, alone, number)
		effort.Known = append(effort.Known, known...)
		// Where a set has lost a load, what is left of it may be in no other.
		effort.Settled[t] = effort.Settled[t] && len(known) == len(mem.columns)
	}
	return f, effort
}

// known is the columns whose loads the trip may still carry.
func (m *memory) known(f *bundle.Fleet, trip int, alone []int32, number map[*freight.Load]int32) (list []batch.Column) {
	for _, c := range m.columns {
		loads := make([]int32, len(c.loads))
		for i, l := range c.loads {
			n, waits := number[l]
			if _, may := slices.BinarySearch(alone, n); !waits || !may {
				loads = nil
				break
			}
			loads[i] = n
		}
		if loads == nil {
			continue
		}
		ride := f.Restore(bundle.Riding{Plan: c.ride.Plan, Loads: loads, At: c.ride.At})
		loads = slices.Clone(loads)
		slices.Sort(loads)
		list = append(list, batch.Column{Trip: trip, Loads: loads, Ride: ride, Value: c.value})
	}
	return list
}

// remember keeps what the next round may begin with.
func (p *packer) remember(now freight.Instant, s *scene, f *bundle.Fleet, choice *batch.Choice) {
	r := &rents{prices: make(map[freight.ID]int64, len(s.waiting)), trips: make(map[freight.ID]*memory, len(s.trips))}
	for i, price := range choice.Prices {
		r.prices[s.waiting[i].load.ID] = price
	}
	for t, at := range s.trips {
		m := &memory{outline: at.outline, fixed: at.trip.Fixed(now), alone: make(map[*freight.Load]bool, len(at.near))}
		for _, l := range at.near {
			m.alone[f.Load(l)] = false
		}
		for _, l := range f.Alone(t) {
			m.alone[f.Load(l)] = true
		}
		for _, c := range choice.Best(t, mostRemembered) {
			ride := f.Riding(c.Ride)
			loads := make([]*freight.Load, len(ride.Loads))
			for i, l := range ride.Loads {
				loads[i] = f.Load(l)
			}
			m.columns = append(m.columns, remembered{loads, ride, c.Value})
		}
		r.trips[at.trip.ID] = m
	}
	p.rents.Store(r)
}
