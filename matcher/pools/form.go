package pools

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// Search forms pools of loads that nobody carries.
type Search struct {
	Market
	Riders []Rider                // open loads, in order of id
	Near   func(i int) []int      // riders along the way of rider i, the nearest first
	Stale  func(set []Rider) bool // sets that are not to be asked again; may be nil
}

// mostNear is how many riders along the way of a seed are tried.
const mostNear = 24

// sketch is a set around a seed that may pay, in the order in which it was grown.
type sketch struct {
	riders []Rider
	value  freight.Fen
}

// Form returns pools that share no load, the most valuable first. Each is grown
// around a seed by the rider that saves most, one after the other; the same riders in
// the same order give the same pools.
func (s *Search) Form() (all []Deal) {
	hopeful := make([]bool, len(s.Riders))
	for i := range hopeful {
		hopeful[i] = true
	}
	for {
		sketches := s.pass(hopeful)
		slices.SortStableFunc(sketches, func(a, b sketch) int {
			return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.riders[0].Load.ID, b.riders[0].Load.ID))
		})
		kept := s.keep(sketches, hopeful)
		if len(kept) == 0 {
			return all
		}
		all = append(all, kept...)
	}
}

// pass grows sets around every hopeful rider; who finds nobody is hopeful no more.
func (s *Search) pass(hopeful []bool) (all []sketch) {
	for seed := range s.Riders {
		if !hopeful[seed] {
			continue
		}
		found := s.grow(s.Riders[seed], s.free(seed))
		if len(found) == 0 {
			hopeful[seed] = false
		}
		all = append(all, found...)
	}
	return all
}

// free are the riders along the way of a seed that are in no pool yet. One that
// found nobody as a seed may still ride with others.
func (s *Search) free(seed int) (near []Rider) {
	for _, i := range s.Near(seed) {
		if i != seed && s.Riders[i].Load != nil && len(near) < mostNear {
			near = append(near, s.Riders[i])
		}
	}
	return near
}

// keep prices what overlaps nothing better and takes its riders out.
func (s *Search) keep(sketches []sketch, hopeful []bool) (kept []Deal) {
	at := make(map[freight.ID]int, len(s.Riders))
	for i, r := range s.Riders {
		if r.Load != nil {
			at[r.Load.ID] = i
		}
	}
	for _, sk := range sketches {
		gone := func(r Rider) bool { _, free := at[r.Load.ID]; return !free }
		if slices.ContainsFunc(sk.riders, gone) || s.Stale != nil && s.Stale(sk.riders) {
			continue
		}
		d, pays := s.Price(sk.riders)
		if !pays {
			continue
		}
		kept = append(kept, d)
		for _, r := range d.Riders {
			i := at[r.Load.ID]
			delete(at, r.Load.ID)
			s.Riders[i].Load, hopeful[i] = nil, false
		}
	}
	return kept
}

// grow sketches sets around a seed over all vehicle types. A larger truck is tried
// only where a smaller one ran out of room.
func (s *Search) grow(seed Rider, near []Rider) (all []sketch) {
	for i := range s.Fit.Costs.Types {
		cost := &s.Fit.Costs.Types[i]
		if len(near) == 0 || hopeless(cost, seed, near) {
			continue
		}
		found, roomy := s.fill(cost, seed, near)
		all = append(all, found...)
		if roomy {
			break
		}
	}
	return all
}

// hopeless tells that the seed's own drive costs more on such a truck than it and
// those who can ride with it may pay at the most.
func hopeless(cost *freight.TypeCost, seed Rider, near []Rider) bool {
	most := make([]freight.Fen, len(near))
	for i, r := range near {
		most[i] = r.Most
	}
	slices.Sort(most)
	sum := seed.Most
	for i := len(most) - 1; i >= 0 && i > len(most)-MostLoads; i-- {
		sum += most[i]
	}
	return sum < cost.Fixed+cost.Drive(seed.Load.Direct.Metres, seed.Load.Direct.Seconds)
}

// fill puts riders on a truck of the type, each time the one that saves most, and
// sketches every set on the way that together may pay it. roomy tells that nobody
// was left behind for want of room.
func (s *Search) fill(cost *freight.TypeCost, seed Rider, near []Rider) (all []sketch, roomy bool) {
	on := []Rider{seed}
	h, carried := s.open(cost, seed, near)
	if !carried {
		return nil, false
	}
	roomy = true
	left := slices.Clone(near)
	most, alone := seed.Most, seed.Load.Alone
	for len(on) < MostLoads && len(left) > 0 {
		next, at, crowded := s.next(cost, h, left)
		roomy = roomy && !crowded
		if at < 0 {
			break
		}
		on, h = append(on, left[at]), next
		most, alone = most+left[at].Most, alone+left[at].Load.Alone
		left = slices.Delete(left, at, at+1)
		if h.Hire <= most {
			all = append(all, sketch{slices.Clone(on), alone - h.Hire})
		}
	}
	return all, roomy
}

// open has the seed alone on a truck that anybody near may enter: it has whatever
// any of them needs, and time until the last of them is delivered.
func (s *Search) open(cost *freight.TypeCost, seed Rider, near []Rider) (Haul, bool) {
	everybody := append([]*freight.Load{seed.Load}, loadsOf(near)...)
	start := StartAt(seed.Load, s.Earliest)
	vehicle := Usual(cost)
	for _, l := range everybody {
		vehicle.Has |= l.Needs
	}
	trip, err := Trip(&s.Fit, vehicle, start, Horizon(start, everybody), MostLoads)
	if err != nil {
		return Haul{}, false
	}
	full, _, why := Board(&s.Fit, trip, everybody[:1])
	if why != freight.NoReason {
		return Haul{}, false
	}
	return hired(cost, full), true
}

// next finds the rider whose going alone costs most more than what he adds to the
// truck; at is -1 where nobody saves anything.
func (s *Search) next(cost *freight.TypeCost, h Haul, left []Rider) (best Haul, at int, crowded bool) {
	at = -1
	var gain freight.Fen
	for i, r := range left {
		v := Fits(&s.Fit, h.Trip, r.Load)
		if !v.OK {
			crowded = crowded || forWantOfRoom(v.Reason)
			continue
		}
		with := *h.Trip
		with.Plan = v.Plan
		then := hired(cost, &with)
		adds := then.Hire - h.Hire
		if saves := r.Load.Alone - adds; adds <= r.Most && saves > gain {
			best, at, gain = then, i, saves
		}
	}
	return best, at, crowded
}

func forWantOfRoom(r freight.Reason) bool {
	switch r {
	case freight.ReasonWeight, freight.ReasonVolume, freight.ReasonDeck, freight.ReasonPiece:
		return true
	}
	return false
}
