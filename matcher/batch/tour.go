package batch

// tour is one trip's route with what insertion needs to know of it: when each
// stop is served at the earliest, when at the latest so that all later ones are
// still in time, and what is aboard. Its memory is used again.
type tour struct {
	p    *Problem
	trip *Trip

	calls []call
	start []int64             // earliest begin of service
	late  []int64             // latest begin of service
	free  [][Dimensions]int64 // room on the leg that leaves a stop

	detourM, detourS int64 // of the whole route
}

// call is a stop of the tour.
type call struct {
	place int32
	code  code
	Stop
}

// code names a call in a route: a load's pickup or delivery, or the own stop.
type code int32

const ownCode code = -1

func pickupOf(load int32) code   { return code(load << 1) }
func deliveryOf(load int32) code { return code(load<<1 | 1) }
func (c code) load() int32       { return int32(c) >> 1 }
func (c code) delivers() bool    { return c&1 == 1 }

func (p *Problem) metres(a, b int32) int64  { return int64(p.Metres[int(a)*p.Places+int(b)]) }
func (p *Problem) seconds(a, b int32) int64 { return int64(p.Seconds[int(a)*p.Places+int(b)]) }

// set lays out a route and tells whether it keeps every rule.
func (r *tour) set(trip *Trip, route []code) bool {
	r.trip = trip
	r.calls = r.calls[:0]
	own := 0
	add := func(s Stop, c code) { r.calls = append(r.calls, call{place: int32(s.Place), code: c, Stop: s}) }
	add(trip.Stops[0], ownCode)
	for _, c := range route {
		switch {
		case c == ownCode:
			own++
			add(trip.Stops[own], c)
		case c.delivers():
			add(r.p.Loads[c.load()].Delivery, c)
		default:
			add(r.p.Loads[c.load()].Pickup, c)
		}
	}
	if own != len(trip.Stops)-2 {
		return false
	}
	add(trip.Stops[own+1], ownCode)
	return r.measure()
}

// measure fills in times, room and detour, and tells whether all rules are kept.
func (r *tour) measure() bool {
	n := len(r.calls)
	r.start, r.late, r.free = sized(r.start, n), sized(r.late, n), sized(r.free, n)
	r.start[0], r.detourM, r.detourS = r.calls[0].Open, 0, 0
	ok, own := r.load(), r.calls[0].place
	for k := 1; k < n; k++ {
		prev, c := &r.calls[k-1], &r.calls[k]
		seconds := r.p.seconds(prev.place, c.place)
		r.detourM, r.detourS = r.detourM+r.p.metres(prev.place, c.place), r.detourS+seconds
		if c.code == ownCode {
			r.detourM, r.detourS = r.detourM-r.p.metres(own, c.place), r.detourS-r.p.seconds(own, c.place)
			own = c.place
		}
		r.start[k] = max(r.start[k-1]+prev.Service+seconds, c.Open)
		ok = ok && r.start[k] <= c.Close
	}
	r.late[n-1] = r.calls[n-1].Close
	for k := n - 2; k >= 0; k-- {
		c := &r.calls[k]
		r.late[k] = min(c.Close, r.late[k+1]-r.p.seconds(c.place, r.calls[k+1].place)-c.Service)
	}
	return ok && r.detourM <= r.trip.DetourM && r.detourS <= r.trip.DetourS
}

// load fills in the room on each leg, and tells whether there is any.
func (r *tour) load() bool {
	ok, leg := true, -1
	var aboard [Dimensions]int64
	for k := range r.calls[:len(r.calls)-1] {
		switch c := r.calls[k].code; {
		case c == ownCode:
			leg++
		case c.delivers():
			shift(&aboard, &r.p.Loads[c.load()].Size, -1)
		default:
			shift(&aboard, &r.p.Loads[c.load()].Size, 1)
		}
		for d := range aboard {
			r.free[k][d] = r.trip.Room[leg][d] - aboard[d]
			ok = ok && r.free[k][d] >= 0
		}
	}
	return ok
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	return s[:n]
}

func shift(aboard, size *[Dimensions]int64, sign int64) {
	for d := range aboard {
		aboard[d] += sign * size[d]
	}
}

// fits tells whether a size goes into the room on a leg.
func fits(free, size *[Dimensions]int64) bool {
	for d := range size {
		if size[d] > free[d] {
			return false
		}
	}
	return true
}

// cost is what a detour costs.
func (p *Problem) cost(metres, seconds int64) int64 {
	return p.PerMetre*metres + p.PerSecond*seconds
}

// place is where a load goes into a tour: its pickup after call i, its delivery
// after call j of the tour as it is, and what that adds.
type place struct {
	i, j            int
	metres, seconds int64
	cost            int64
	feasible        bool
}

// cheapest finds the cheapest place of a load. Pickups are tried from the front
// until the pickup comes too late, for times only grow; then deliveries from
// there on, until one comes too late or what follows does.
func (r *tour) cheapest(load int32) place {
	l := &r.p.Loads[load]
	best := place{}
	up, down := int32(l.Pickup.Place), int32(l.Delivery.Place)
	haulM, haulS := r.p.metres(up, down), r.p.seconds(up, down)
	leftM, leftS := r.trip.DetourM-r.detourM, r.trip.DetourS-r.detourS
	for i := 0; i < len(r.calls)-1; i++ {
		a, b := &r.calls[i], &r.calls[i+1]
		toS := r.p.seconds(a.place, up)
		at := r.start[i] + a.Service + toS
		if at > l.Pickup.Close {
			break
		}
		if !fits(&r.free[i], &l.Size) {
			continue
		}
		at = max(at, l.Pickup.Open) + l.Pickup.Service
		legM, legS := r.p.metres(a.place, b.place), r.p.seconds(a.place, b.place)
		outM, outS := r.p.metres(a.place, up)-legM, toS-legS
		// The delivery follows at once.
		if t := max(at+haulS, l.Delivery.Open); t <= l.Delivery.Close &&
			t+l.Delivery.Service+r.p.seconds(down, b.place) <= r.late[i+1] {
			best.take(r.p, i, i, outM+haulM+r.p.metres(down, b.place), outS+haulS+r.p.seconds(down, b.place), leftM, leftS)
		}
		upM, upS := outM+r.p.metres(up, b.place), outS+r.p.seconds(up, b.place)
		if upS <= leftS {
			r.later(&best, l, i, at+r.p.seconds(up, b.place), upM, upS, leftM, leftS)
		}
	}
	return best
}

// later tries the deliveries after call i+1, which is reached at an instant.
func (r *tour) later(best *place, l *Load, i int, at, upM, upS, leftM, leftS int64) {
	down := int32(l.Delivery.Place)
	for j := i + 1; j < len(r.calls)-1; j++ {
		c, next := &r.calls[j], &r.calls[j+1]
		if at = max(at, c.Open); at > r.late[j] || !fits(&r.free[j], &l.Size) {
			return
		}
		at += c.Service
		toS := r.p.seconds(c.place, down)
		t := at + toS
		if t > l.Delivery.Close {
			return
		}
		legS := r.p.seconds(c.place, next.place)
		if onS := r.p.seconds(down, next.place); max(t, l.Delivery.Open)+l.Delivery.Service+onS <= r.late[j+1] {
			best.take(r.p, i, j, upM+r.p.metres(c.place, down)+r.p.metres(down, next.place)-r.p.metres(c.place, next.place),
				upS+toS+onS-legS, leftM, leftS)
		}
		at += legS
	}
}

// take keeps a place when it is within the limits and the cheapest so far.
func (b *place) take(p *Problem, i, j int, metres, seconds, leftM, leftS int64) {
	if metres > leftM || seconds > leftS {
		return
	}
	if cost := p.cost(metres, seconds); !b.feasible || cost < b.cost {
		*b = place{i: i, j: j, metres: metres, seconds: seconds, cost: cost, feasible: true}
	}
}

// with appends the tour's route with the load at its place.
func (r *tour) with(load int32, at place, to []code) []code {
	for k := 0; k < len(r.calls)-1; k++ {
		if k > 0 {
			to = append(to, r.calls[k].code)
		}
		if k == at.i {
			to = append(to, pickupOf(load))
		}
		if k == at.j {
			to = append(to, deliveryOf(load))
		}
	}
	return to
}
