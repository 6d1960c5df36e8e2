package matcher

import "pinhuo/freight"

// mixing is what stands between the load and whatever else is aboard on one leg.
type mixing struct {
	gap    int64 // degrees between the temperatures that are wanted
	grams  int64 // that may not be aboard with it, or it with them
	beside int64 // loads that would ride with what must not be beside them
}

func (m mixing) worst(o mixing) mixing {
	return mixing{max(m.gap, o.gap), max(m.grams, o.grams), max(m.beside, o.beside)}
}

// company is who is aboard on one leg.
type company struct {
	temp    freight.Temp
	loads   int64
	grams   int64
	full    bool  // rides alone
	limited int64 // grams in limited quantities
	foods   int64
	dangers int64
}

// aboard fills what the rules of mixing and unloading ask of each leg. Where
// nothing aboard has a rule of its own, and neither has the load, all is free.
func (s *survey) aboard() {
	n := len(s.trip.Plan)
	s.mix, s.origin = grown(s.mix, n), grown(s.origin, n)
	clear(s.mix)
	strict := s.cargo != freight.Cargo{}
	for k := range s.trip.Plan {
		strict = strict || s.trip.Plan[k].Cargo != freight.Cargo{}
	}
	if s.strict = strict; !strict {
		return
	}
	s.company = grown(s.company, n)
	clear(s.company)
	for k := range s.trip.Plan {
		if s.trip.Plan[k].Kind == freight.CallPickup {
			s.ride(k)
		}
	}
	for k := range s.mix {
		s.mix[k] = s.beside(k)
	}
}

// ride counts the rider who is picked up at call k on each leg of his ride.
func (s *survey) ride(k int) {
	up := &s.trip.Plan[k]
	for at := k; at < len(s.trip.Plan); at++ {
		if call := &s.trip.Plan[at]; call.Kind == freight.CallDelivery && call.Load == up.Load {
			s.origin[at] = k
			return
		}
		s.company[at].join(up)
	}
}

func (c *company) join(up *freight.Call) {
	c.temp, _ = c.temp.Meet(up.Cargo.Temp)
	c.loads++
	c.grams += up.Take.Grams
	if up.Cargo.Food {
		c.foods++
	}
	if up.Cargo.Danger != freight.DangerNone {
		c.dangers++
	}
	switch up.Cargo.Danger {
	case freight.DangerLimited:
		c.limited += up.Take.Grams
	case freight.DangerFull:
		c.full = true
	}
}

// beside judges the load together with who is aboard on the leg leaving call k.
func (s *survey) beside(k int) (m mixing) {
	c, own := &s.company[k], &s.cargo
	if own.Temp != (freight.Temp{}) {
		kept, _ := c.temp.Meet(s.trip.Vehicle.Cools)
		_, m.gap = kept.Meet(own.Temp)
	}
	switch {
	case own.Danger == freight.DangerFull:
		m.grams = c.grams + max(0, s.trip.Vehicle.Payload-s.spared(k).Grams) // the operator's own freight too
	case c.full:
		m.grams = max(1, s.take.Grams)
	case own.Danger == freight.DangerLimited:
		m.grams = max(0, c.limited+s.take.Grams-freight.LimitedGrams)
	}
	if own.Food {
		m.beside = c.dangers
	}
	if own.Danger != freight.DangerNone {
		m.beside = c.foods
	}
	return m
}

// spared is what the operator spares on the leg leaving call k, riders or no.
func (s *survey) spared(k int) freight.Room {
	own := 0
	if !s.trip.Roaming {
		for own = s.trip.Plan[k].Own; own < 0; own = s.trip.Plan[k].Own {
			k--
		}
	}
	return roomOn(s.trip, own)
}

// mixed judges who would be beside the load between pickup and delivery.
func (s *survey) mixed(i, j int) (fault, bool) {
	if !s.strict {
		return fault{}, false
	}
	m := s.mix[i-1]
	for k := i; k < j; k++ {
		m = m.worst(s.mix[k])
	}
	switch {
	case m.gap > 0:
		return fault{freight.ReasonTemperature, m.gap}, true
	case m.grams > 0:
		return fault{freight.ReasonHazmat, m.grams}, true
	case m.beside > 0:
		return fault{freight.ReasonFood, m.beside}, true
	}
	return fault{}, false
}
