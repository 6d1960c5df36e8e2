package matcher_test

import (
	"cmp"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// rester looks through all ways in which the drivers of a trip may rest on what is left
// of a plan: nothing is left out because something else is better.
type rester struct {
	trip  *freight.Trip
	calls []freight.Call
	ahead []freight.Instant // driving after each call
	worst map[spell]freight.Instant
	best  map[spell][]leaving
}

// spell is a driver at call k of what is left: the call is still to be reached.
type spell struct {
	k          int
	leave      freight.Instant // of the call before
	still      freight.Instant // since when the truck stands
	since, day freight.Instant
}

// leaving is how a call is left.
type leaving struct {
	spell
	rest, start freight.Instant
}

func newRester(trip *freight.Trip, plan []freight.Call, first int, _ freight.Instant) *rester {
	r := &rester{trip: trip, calls: plan[first:], worst: map[spell]freight.Instant{}, best: map[spell][]leaving{}}
	r.ahead = make([]freight.Instant, len(r.calls))
	for k := len(r.calls) - 2; k >= 0; k-- {
		r.ahead[k] = r.ahead[k+1] + seconds(r.calls[k+1].LegS)
	}
	return r
}

func seconds(s int64) freight.Instant { return freight.Instant(s) * 1000 }

// limits are what a driver, or two in turns, may drive.
func (r *rester) limits() (drive, day freight.Instant) {
	d := r.trip.Duty
	if d.Drivers == 2 {
		return 0, 2 * seconds(d.DayS)
	}
	return seconds(d.DriveS), seconds(d.DayS)
}

// before is the driver who leaves the call before p.
func before(plan []freight.Call, p int, leave freight.Instant, trip *freight.Trip) spell {
	from := &plan[p-1]
	s := spell{leave: leave, still: from.Leave, since: seconds(from.Drove.SinceS), day: seconds(from.Drove.DayS)}
	if trip.Duty.Counts == freight.RestsStanding {
		s.still = from.Arrive
	}
	r := &rester{trip: trip}
	return r.mended(s)
}

// mended takes off what the standing has mended.
func (r *rester) mended(s spell) spell {
	drive, day := r.limits()
	if drive == 0 || s.leave-s.still >= seconds(r.trip.Duty.RestS) {
		s.since = 0
	}
	if day == 0 || s.leave-s.still >= seconds(r.trip.Duty.ResetS) {
		s.day = 0
	}
	return s
}

// arrivals are all ways to be before the gate of the next call, each with what was
// rested on the way: standing before setting out, where a limit is reached, at the end.
func (r *rester) arrivals(s spell) (all []leaving) {
	left := seconds(r.calls[s.k].LegS)
	drive, day := r.limits()
	still := s.still
	var on func(s spell, left, rest freight.Instant)
	on = func(s spell, left, rest freight.Instant) {
		far := left
		if drive > 0 {
			far = min(far, drive-s.since)
		}
		if day > 0 {
			far = min(far, day-s.day)
		}
		s.leave += far
		if drive > 0 {
			s.since += far
		}
		if day > 0 {
			s.day += far
		}
		if left -= far; left == 0 {
			all = append(all, leaving{spell: s, rest: rest})
			return
		}
		for _, pause := range r.pauses(s, 0) {
			on(pause.spell, left, rest+pause.rest)
		}
	}
	on(s, left, 0)
	if s.leave > still {
		for _, pause := range r.pauses(s, s.leave-still) {
			on(pause.spell, left, pause.rest)
		}
	}
	for _, l := range all {
		if r.trip.Duty.Counts != freight.RestsStanding {
			for _, pause := range r.pauses(l.spell, 0) {
				all = append(all, leaving{spell: pause.spell, rest: l.rest + pause.rest})
			}
		}
	}
	return all
}

// pauses are a rest and a reset by a driver who has stood for so long.
func (r *rester) pauses(s spell, stood freight.Instant) (all []leaving) {
	drive, day := r.limits()
	whole := func(d freight.Instant) freight.Instant { return (d + 999) / 1000 * 1000 }
	if rest := whole(seconds(r.trip.Duty.RestS) - stood); drive > 0 && rest > 0 && (day == 0 || s.day < day || stood > 0) {
		o := s
		o.leave, o.since = s.leave+rest, 0
		all = append(all, leaving{spell: o, rest: rest})
	}
	if reset := whole(seconds(r.trip.Duty.ResetS) - stood); day > 0 && reset > 0 {
		o := s
		o.leave, o.since, o.day = s.leave+reset, 0, 0
		all = append(all, leaving{spell: o, rest: reset})
	}
	return all
}

// after are all ways to have made the next call.
func (r *rester) after(s spell) (all []leaving) {
	call := &r.calls[s.k]
	for _, l := range r.arrivals(s) {
		at := l.leave
		still := at
		if call.LegS == 0 {
			still = s.still
		}
		l.start = welcome(&r.trip.Vehicle, call, max(at, call.Window.Open))
		l.leave = l.start + seconds(call.ServiceS)
		l.still = l.leave
		switch rested := l.spell; r.trip.Duty.Counts {
		case freight.RestsStanding:
			l.still = still
			l.spell = r.mended(l.spell)
		case freight.RestsRoad:
		default:
			rested.leave, rested.still = l.start, still
			rested = r.mended(rested)
			l.since, l.day = rested.since, rested.day
		}
		l.k++
		all = append(all, l)
	}
	return all
}

func (r *rester) late(k int, l *leaving) freight.Instant {
	by := l.start - r.calls[k].Window.Close
	if r.trip.Roaming {
		by = max(by, l.leave-r.trip.Horizon)
	}
	return by
}

// lateness is the least that the worst of all calls from k on must be late.
func (r *rester) lateness(k int, s spell) freight.Instant {
	s.k = k
	if k == len(r.calls) {
		return -1
	}
	if known, ok := r.worst[s]; ok {
		return known
	}
	least := freight.Instant(1) << 60
	for _, l := range r.after(s) {
		if by := r.late(k, &l); by < least {
			least = min(least, max(by, r.lateness(k+1, l.spell)))
		}
	}
	r.worst[s] = least
	return least
}

// schedule is how the calls are made so that the last is left as early as can be, then the
// one before it; nil where they cannot be in time.
func (r *rester) schedule(s spell) []leaving {
	if s.k == len(r.calls) {
		return []leaving{}
	}
	if known, ok := r.best[s]; ok {
		return known
	}
	var best []leaving
	for _, l := range r.after(s) {
		if r.late(s.k, &l) > 0 {
			continue
		}
		if rest := r.schedule(l.spell); rest != nil {
			if way := append([]leaving{l}, rest...); best == nil || r.better(way, best) {
				best = way
			}
		}
	}
	r.best[s] = best
	return best
}

// better compares two ways of making the same calls, the last first: when it is left, what
// its driver has behind him that may still matter, since when he stands, how long he rested. What nothing hangs on comes last.
func (r *rester) better(a, b []leaving) bool {
	drive, day := r.limits()
	for at := len(a) - 1; at >= 0; at-- {
		x, y, ahead := &a[at], &b[at], r.ahead[len(r.calls)-len(a)+at]
		order := cmp.Or(cmp.Compare(x.leave, y.leave), cmp.Compare(max(x.since, drive-ahead), max(y.since, drive-ahead)),
			cmp.Compare(max(x.day, day-ahead), max(y.day, day-ahead)), cmp.Compare(x.still, y.still), cmp.Compare(x.rest, y.rest))
		if order != 0 {
			return order < 0
		}
	}
	for at := range a {
		if order := cmp.Or(cmp.Compare(a[at].since, b[at].since), cmp.Compare(a[at].day, b[at].day)); order != 0 {
			return order < 0
		}
	}
	return false
}

// untired places the rests in a plan that can be driven without; it returns by how many
// seconds that makes it late at the least.
func untired(f *matcher.Fit, trip *freight.Trip, plan []freight.Call) int64 {
	if !trip.Duty.Said() {
		return 0
	}
	first := trip.Fixed(f.Now)
	leave := plan[first-1].Leave
	if first == len(trip.Plan) {
		leave = max(leave, f.Now)
	}
	r, begin := newRester(trip, plan, first, leave), before(plan, first, leave, trip)
	if by := r.lateness(0, begin); by > 0 {
		return int64(by+999) / 1000
	}
	for k, l := range r.schedule(begin) {
		call := &plan[first+k]
		call.RestS, call.Drove = int64(l.rest/1000), freight.Drove{SinceS: int64(l.since / 1000), DayS: int64(l.day / 1000)}
		call.Arrive, call.Start, call.Leave = leave+seconds(call.LegS)+l.rest, l.start, l.leave
		leave = l.leave
	}
	return 0
}
