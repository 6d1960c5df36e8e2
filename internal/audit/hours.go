package audit

import "pinhuo/freight"

// crew is the drivers of a truck that is about to leave a stop, or stands before the
// gate of one: when, since when it has not moved, and how long they have been at
// the wheel since a rest and since a reset.
type crew struct {
	at, halted freight.Instant
	wheel, day freight.Instant
	late       freight.Instant // the worst so far, 0 where all was in time
	rested     freight.Instant // on the last way
}

// shift is what the rules allow a crew; 0 is no limit.
type shift struct{ wheel, rest, day, night freight.Instant }

func shiftOf(d *freight.Duty) shift {
	second := freight.Second
	s := shift{freight.Instant(d.DriveS) * second, freight.Instant(d.RestS) * second, freight.Instant(d.DayS) * second, freight.Instant(d.ResetS) * second}
	if d.Drivers == 2 { // one drives while the other rests
		s.wheel, s.day = 0, 2*s.day
	}
	return s
}

func (s shift) binds() bool { return s.wheel > 0 || s.day > 0 }

// refreshed is the crew after it has done nothing for so long.
func (s shift) refreshed(c crew, idle freight.Instant) crew {
	if s.wheel == 0 || idle >= s.rest {
		c.wheel = 0
	}
	if s.day == 0 || idle >= s.night {
		c.day = 0
	}
	return c
}

// pausing is the crew after a pause that it makes here, whole seconds long, so that it has
// stood long enough for a rest and, the second, for a reset.
func (s shift) pausing(c crew) (list []crew) {
	for _, long := range []freight.Instant{s.rest, s.night} {
		more := (long - (c.at - c.halted) + freight.Second - 1) / freight.Second * freight.Second
		if long == 0 || more <= 0 {
			continue
		}
		next := c
		next.at, next.rested = c.at+more, c.rested+more
		list = append(list, s.refreshed(next, next.at-next.halted))
	}
	return list
}

// under is a crew on its way, with so much of it left.
type under struct {
	crew
	left freight.Instant
}

// drives is every way worth a thought in which a crew can be before the gate after so long a
// drive: it pauses where it stands, and wherever it may drive no longer.
func (s shift) drives(c crew, far freight.Instant) (there []crew) {
	c.rested = 0
	way := []under{{c, far}}
	for _, out := range s.pausing(c) {
		way = append(way, under{out, far})
	}
	for len(way) > 0 {
		var next []under
		for _, u := range way {
			if u = s.rolls(u); u.left == 0 {
				there = append(there, u.crew)
				continue
			}
			for _, on := range s.pausing(u.crew) {
				if on.halted = on.at; s.day == 0 || on.day < s.day {
					next = append(next, under{on, u.left})
				}
			}
		}
		way = hopeful(next)
	}
	return there
}

// rolls drives as far as the crew may.
func (s shift) rolls(u under) under {
	step := u.left
	if s.wheel > 0 {
		step = min(step, s.wheel-u.wheel)
	}
	if s.day > 0 {
		step = min(step, s.day-u.day)
	}
	if step > 0 {
		u.at, u.wheel, u.day, u.left = u.at+step, u.wheel+step, u.day+step, u.left-step
		u.halted = u.at
	}
	return u
}

// hopeful leaves out crews that are farther from the gate than another and no better off.
func hopeful(all []under) (kept []under) {
	for i, u := range all {
		worse := false
		for k, o := range all {
			noBetter := o.left <= u.left && o.at <= u.at && o.day <= u.day && o.wheel <= u.wheel
			worse = worse || noBetter && (o.left < u.left || o.at < u.at || o.day < u.day || o.wheel < u.wheel || k < i)
		}
		if !worse {
			kept = append(kept, u)
		}
	}
	return kept
}

// serves is every way in which a crew that stands before a gate can leave it again. moved
// tells whether it has driven there.
func (t *trial) serves(s shift, c crew, h *halt) []crew {
	before := []crew{c}
	kind := t.trip.Duty.Counts
	if kind != freight.RestsStanding {
		came := c
		came.halted = c.at
		before = append(before, s.pausing(came)...)
	}
	for k := range before {
		b := &before[k]
		stands := b.at
		if k == 0 && h.reach.s == 0 {
			stands = b.halted
		}
		start := h.door.admits(max(b.at, h.window.Open))
		out := start.After(h.service)
		b.late = max(b.late, start-h.window.Close)
		if t.trip.Roaming {
			b.late = max(b.late, out-t.trip.Horizon)
		}
		b.at, b.halted = out, out
		switch kind {
		case freight.RestsStanding:
			b.halted = stands
			*b = s.refreshed(*b, out-stands)
		case freight.RestsRoad:
			*b = s.refreshed(*b, -1)
		default:
			*b = s.refreshed(*b, start-stands)
		}
	}
	return before
}

// tired is by how much the best way of resting is late at the stops from first on, 0
// where there is one that is not.
func (t *trial) tired(first int) freight.Instant {
	s := shiftOf(&t.trip.Duty)
	if !s.binds() {
		return 0
	}
	from := &t.trip.Plan[first-1]
	out := from.Leave
	if first == len(t.trip.Plan) {
		out = max(out, t.now)
	}
	crews := []crew{s.leaving(from, &t.trip.Duty, out)}
	for k := first; k < len(t.halts); k++ {
		h := &t.halts[k]
		var next []crew
		for _, c := range crews {
			for _, there := range s.drives(c, freight.Instant(h.reach.s)*freight.Second) {
				next = append(next, t.serves(s, there, h)...)
			}
		}
		crews = worthwhile(next)
	}
	best := crews[0].late
	for _, c := range crews {
		best = min(best, c.late)
	}
	return best
}

// leaving is the crew that leaves a call of a plan, later than it could where it had
// nothing to do.
func (s shift) leaving(call *freight.Call, d *freight.Duty, out freight.Instant) crew {
	c := crew{at: out, halted: call.Leave, wheel: freight.Instant(call.Drove.SinceS) * freight.Second,
		day: freight.Instant(call.Drove.DayS) * freight.Second}
	if d.Counts == freight.RestsStanding {
		c.halted = call.Arrive
	}
	return s.refreshed(c, out-c.halted)
}

// worthwhile leaves out crews that are worse off than another in everything.
func worthwhile(all []crew) (kept []crew) {
	for i, c := range all {
		worse := false
		for k, o := range all {
			noBetter := o.at <= c.at && o.halted <= c.halted && o.wheel <= c.wheel && o.day <= c.day && o.late <= c.late
			same := o.at == c.at && o.halted == c.halted && o.wheel == c.wheel && o.day == c.day && o.late == c.late
			worse = worse || noBetter && (!same || k < i)
		}
		if !worse {
			kept = append(kept, c)
		}
	}
	return kept
}

// rests wants the drivers to have rested on the way to call k, out of the call before at
// the instant, as the plan says, and to leave it with behind them what it says.
func (c *course) rests(t *freight.Trip, k int, out freight.Instant) bool {
	call, s := &t.Plan[k], shiftOf(&t.Duty)
	if !s.binds() {
		return call.RestS == 0 && call.Drove == freight.Drove{}
	}
	one := trial{trip: t}
	h := halt{reach: road{call.LegM, call.LegS}, window: call.Window, service: call.ServiceS, door: doorOf(call, &t.Vehicle)}
	for _, there := range s.drives(s.leaving(&t.Plan[k-1], &t.Duty, out), freight.Instant(call.LegS)*freight.Second) {
		for _, left := range one.serves(s, there, &h) {
			drove := freight.Drove{SinceS: int64(left.wheel / freight.Second), DayS: int64(left.day / freight.Second)}
			if left.at == call.Leave && left.rested == freight.Instant(call.RestS)*freight.Second && drove == call.Drove {
				return true
			}
		}
	}
	return false
}
