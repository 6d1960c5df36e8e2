package batch

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// judge values a packing by walking every route, with none of the solver's code.
func judge(p *Problem, k *Packing) (int64, error) {
	value, served := int64(0), map[int]int{}
	for t := range p.Trips {
		if k.Routes[t] == nil {
			continue
		}
		worth, err := walk(p, t, append(slices.Clone(k.Routes[t]), Call{Load: Own}), served)
		if err != nil {
			return 0, fmt.Errorf("trip %d: %w", t, err)
		}
		value += worth
	}
	for l, n := range served {
		if n != 2 {
			return 0, fmt.Errorf("load %d is called at %d times", l, n)
		}
	}
	return value, nil
}

// walk values a route that ends with the trip's last stop; of a shorter one it
// tells whether it keeps the rules so far.
func walk(p *Problem, t int, route Route, served map[int]int) (int64, error) {
	trip := &p.Trips[t]
	now, at, own := trip.Stops[0].Open, trip.Stops[0].Place, 0
	now += trip.Stops[0].Service
	var metres, seconds, value int64
	var aboard [Dimensions]int64
	riding := map[int]bool{}
	visit := func(s Stop) error {
		metres += int64(p.Metres[at*p.Places+s.Place])
		seconds += int64(p.Seconds[at*p.Places+s.Place])
		now += int64(p.Seconds[at*p.Places+s.Place])
		at, now = s.Place, max(now, s.Open)
		if now > s.Close {
			return fmt.Errorf("at place %d at %d, after %d", s.Place, now, s.Close)
		}
		now += s.Service
		return nil
	}
	for _, c := range route {
		for d, room := range trip.Room[own] {
			if aboard[d] > room {
				return 0, fmt.Errorf("%d of %d aboard on leg %d", aboard[d], room, own)
			}
		}
		if c.Load == Own {
			own++
			if err := visit(trip.Stops[own]); err != nil {
				return 0, err
			}
			continue
		}
		l := &p.Loads[c.Load]
		if l.Equip&^trip.Equip != 0 || served[c.Load] == 2 || riding[c.Load] == c.Pickup {
			return 0, fmt.Errorf("load %d may not be called at here", c.Load)
		}
		served[c.Load]++
		stop, sign := l.Delivery, int64(-1)
		if c.Pickup {
			stop, sign = l.Pickup, 1
			value += l.Saving
		}
		riding[c.Load] = c.Pickup
		if err := visit(stop); err != nil {
			return 0, err
		}
		for d := range aboard {
			aboard[d] += sign * l.Size[d]
			if own < len(trip.Room) && aboard[d] > trip.Room[own][d] {
				return 0, fmt.Errorf("%d of %d aboard on leg %d", aboard[d], trip.Room[own][d], own)
			}
		}
	}
	for i := 1; i <= own; i++ {
		way := trip.Stops[i-1].Place*p.Places + trip.Stops[i].Place
		metres -= int64(p.Metres[way])
		seconds -= int64(p.Seconds[way])
	}
	if own == len(trip.Stops)-1 && (metres > trip.DetourM || seconds > trip.DetourS) {
		return 0, fmt.Errorf("a detour of %d m and %d s, limits %d and %d", metres, seconds, trip.DetourM, trip.DetourS)
	}
	return value - p.PerMetre*metres - p.PerSecond*seconds, nil
}

// exhaust finds the best packing of a tiny problem by trying everything: for
// each trip the best order of every set of loads, then every choice of sets.
func exhaust(p *Problem) int64 {
	best := make([]map[int]int64, len(p.Trips)) // trip -> set of loads -> most it can be worth
	for t := range p.Trips {
		best[t] = map[int]int64{0: 0}
		orders(p, t, 0, Route{}, map[int]bool{}, func(set int, worth int64) {
			if known, ok := best[t][set]; !ok || worth > known {
				best[t][set] = worth
			}
		})
	}
	var choose func(t, taken int) int64
	choose = func(t, taken int) int64 {
		if t == len(p.Trips) {
			return 0
		}
		most := int64(0)
		for set, worth := range best[t] {
			if set&taken == 0 {
				most = max(most, worth+choose(t+1, taken|set))
			}
		}
		return most
	}
	return choose(0, 0)
}

// orders calls with every route of a trip that keeps the rules.
func orders(p *Problem, t, set int, route Route, riding map[int]bool, with func(set int, worth int64)) {
	worth, err := walk(p, t, route, map[int]int{})
	if err != nil {
		return
	}
	own := 0
	for _, c := range route {
		if c.Load == Own {
			own++
		}
	}
	if own == len(p.Trips[t].Stops)-1 {
		with(set, worth)
		return
	}
	next := func(c Call, set int) { orders(p, t, set, append(route[:len(route):len(route)], c), riding, with) }
	if own < len(p.Trips[t].Stops)-2 || len(riding) == 0 {
		next(Call{Load: Own}, set)
	}
	for l := range p.Loads {
		switch {
		case riding[l]:
			delete(riding, l)
			next(Call{Load: l}, set)
			riding[l] = true
		case set>>l&1 == 0:
			riding[l] = true
			next(Call{Load: l, Pickup: true}, set|1<<l)
			delete(riding, l)
		}
	}
}

// world draws a problem: places on a plane with directed ways that obey the
// triangle rule, trips of two to four own stops, and loads near their ways.
func world(chance *rand.Rand, places, trips, loads int) *Problem {
	p := &Problem{Places: places, PerMetre: 1 + chance.Int64N(5), PerSecond: chance.Int64N(40)}
	x, y := make([]int, places), make([]int, places)
	for i := range x {
		x[i], y[i] = 300*chance.IntN(1000), 300*chance.IntN(330) // so that nothing below is rounded, which would break the triangle rule
	}
	for a := range places {
		for b := range places {
			dx, dy := x[b]-x[a], y[b]-y[a]
			climb := max(0, dy) / 3 // the way north is longer
			way := max(dx, -dx) + max(dy, -dy) + climb
			p.Metres = append(p.Metres, int32(way))
			p.Seconds = append(p.Seconds, int32(way/20+max(0, dx)/50))
		}
	}
	seconds := func(a, b int) int64 { return int64(p.Seconds[a*places+b]) }
	for range trips {
		t := Trip{DetourM: 30_000 + chance.Int64N(300_000), DetourS: 2000 + chance.Int64N(20_000), Equip: chance.Uint64N(8)}
		at := chance.IntN(places)
		now := chance.Int64N(20_000)
		t.Stops = append(t.Stops, Stop{Place: at, Open: now, Close: now, Service: chance.Int64N(600)})
		for range 1 + chance.IntN(3) {
			to := chance.IntN(places)
			now += t.Stops[len(t.Stops)-1].Service + seconds(at, to)
			open := now - chance.Int64N(4000)
			t.Stops = append(t.Stops, Stop{Place: to, Open: open, Close: now + chance.Int64N(40_000), Service: chance.Int64N(900)})
			now = max(now, open)
			at = to
			t.Room = append(t.Room, [Dimensions]int64{2 + chance.Int64N(8), 2 + chance.Int64N(8), 2 + chance.Int64N(8)})
		}
		p.Trips = append(p.Trips, t)
	}
	for range loads {
		a, b := chance.IntN(places), chance.IntN(places)
		open := chance.Int64N(20_000)
		l := Load{
			Pickup:   Stop{Place: a, Open: open, Close: open + chance.Int64N(30_000), Service: chance.Int64N(900)},
			Delivery: Stop{Place: b, Open: open, Close: open + 10_000 + chance.Int64N(60_000), Service: chance.Int64N(900)},
			Size:     [Dimensions]int64{1 + chance.Int64N(4), 1 + chance.Int64N(4), 1 + chance.Int64N(4)},
			Saving:   chance.Int64N(2*int64(p.Metres[a*places+b])*p.PerMetre + 400_000),
		}
		if chance.IntN(3) == 0 {
			l.Equip = 1 << chance.IntN(3)
		}
		p.Loads = append(p.Loads, l)
	}
	return p
}
