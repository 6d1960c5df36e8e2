package hours

import (
	"cmp"
	"slices"

	"pinhuo/freight"
)

// Rules are what a freight.Duty asks, in milliseconds; 0 is no limit.
type Rules struct {
	drive, rest, day, reset freight.Instant
	counts                  freight.Rests
}

// Of returns the rules of a Duty, two drivers taken together.
func Of(d *freight.Duty) Rules {
	seconds := func(s int64) freight.Instant { return freight.Instant(s) * freight.Second }
	r := Rules{seconds(d.DriveS), seconds(d.RestS), seconds(d.DayS), seconds(d.ResetS), d.Counts}
	if d.Drivers > 1 {
		r.drive, r.day = 0, seconds(d.Drivers*d.DayS)
	}
	return r
}

// Bind tells whether anything is asked.
func (r *Rules) Bind() bool { return r.drive > 0 || r.day > 0 }

// Begin is a truck about to set out.
type Begin struct {
	At    freight.Instant
	Drove freight.Drove
	Stood freight.Instant // how long its drivers have rested without a break
}

// From is a truck that sets out from a call of its plan, at the instant; later than it
// could have left the call only where it had nothing to do until then.
func (r *Rules) From(call *freight.Call, at freight.Instant) Begin {
	b := Begin{At: at, Drove: call.Drove, Stood: at - call.Leave}
	if r.counts == freight.RestsStanding {
		b.Stood = at - call.Arrive
	}
	return b
}

// Spare tells whether so many seconds can be driven without any rest.
func (r *Rules) Spare(b Begin, driveS int64) bool {
	return (r.drive == 0 || freight.Instant(b.Drove.SinceS+driveS)*freight.Second <= r.drive) &&
		(r.day == 0 || freight.Instant(b.Drove.DayS+driveS)*freight.Second <= r.day)
}

// Stop is a call to be made.
type Stop struct {
	DriveS int64           // on the way to it
	Open   freight.Instant // no service before
	Late   freight.Instant // and none that begins after
	Opens  freight.Openings
}

// Visit is how a stop of a plan is made.
type Visit struct {
	RestS int64 // on the way to it
	Start freight.Instant
	Drove freight.Drove // when it is left
}

// way is one way of having made the stops so far.
type way struct {
	leave, start freight.Instant
	began        freight.Instant // of standing still, when it leaves
	since, day   freight.Instant // at the wheel
	rest         freight.Instant // on the way to the stop
	from         int32           // the way before
}

// Front holds the ways of making the stops of a plan that are worth anything. It
// may be used again; one goroutine at a time.
type Front struct {
	rules  Rules
	ahead  freight.Instant // driving that comes after the stop that is being made
	ways   []way
	first  int   // of the ways to the last stop made
	stops  []int // where the ways to each stop begin
	onLeg  []leg
	demand Stop
}

// Start begins a plan in which so many seconds are driven in all.
func (f *Front) Start(r Rules, b Begin, driveS int64) {
	f.rules, f.ahead = r, freight.Instant(driveS)*freight.Second
	f.ways, f.stops, f.first = f.ways[:0], f.stops[:0], 0
	w := way{leave: b.At, began: b.At - b.Stood, from: -1}
	if r.drive > 0 && b.Stood < r.rest {
		w.since = freight.Instant(b.Drove.SinceS) * freight.Second
	}
	if r.day > 0 && b.Stood < r.reset {
		w.day = freight.Instant(b.Drove.DayS) * freight.Second
	}
	f.ways = append(f.ways, w)
}

// Stop makes the next stop; false when no way is in time.
func (f *Front) Stop(s Stop) bool {
	begin, end := f.first, len(f.ways)
	f.stops, f.first = append(f.stops, end), end
	f.demand = s
	f.ahead -= freight.Instant(s.DriveS) * freight.Second
	for k := begin; k < end; k++ {
		f.setOut(int32(k))
	}
	return len(f.ways) > end
}

// Rested returns the earliest instant at which the last stop made can be left with all
// that is still to be driven before the driver without a rest; false where none is
// possible so.
func (f *Front) Rested() (leave freight.Instant, ok bool) {
	for k := f.first; k < len(f.ways); k++ {
		if w := &f.ways[k]; !f.short(w.since, 0) && !f.tired(w.day, 0) && (!ok || w.leave < leave) {
			leave, ok = w.leave, true
		}
	}
	return leave, ok
}

// leg is a truck on its way to a stop.
type leg struct {
	at, left   freight.Instant // now, and at the wheel until it is there
	since, day freight.Instant
	rest       freight.Instant // on this way so far
	last       bool            // what it has rested need not be rested on this way again
}

// setOut drives on from a way, at once or after what its standing lacks to be a
// rest or a reset.
func (f *Front) setOut(from int32) {
	w, r := f.ways[from], &f.rules
	drive := freight.Instant(f.demand.DriveS) * freight.Second
	f.onLeg = append(f.onLeg[:0], leg{at: w.leave, left: drive, since: w.since, day: w.day})
	stood := w.leave - w.began
	if stood > 0 && stood < r.rest && f.short(w.since, drive) {
		f.push(leg{at: w.leave, left: drive, since: w.since, day: w.day}, whole(r.rest-stood), false)
	}
	if stood > 0 && stood < r.reset && f.tired(w.day, drive) {
		f.push(leg{at: w.leave, left: drive}, whole(r.reset-stood), true)
	}
	for k := 0; k < len(f.onLeg); k++ {
		f.roll(from, f.onLeg[k])
	}
}

// short tells whether a rest is needed to drive all that is left, more being what
// lies before the next stop; tired, whether a reset is.
func (f *Front) short(since, more freight.Instant) bool {
	return f.rules.drive > 0 && since+more+f.ahead > f.rules.drive
}

func (f *Front) tired(day, more freight.Instant) bool {
	return f.rules.day > 0 && day+more+f.ahead > f.rules.day
}

// push lets the truck rest for so long, or begin a new day with it, unless it was at the
// same point before.
func (f *Front) push(l leg, rest freight.Instant, reset bool) {
	l.at, l.rest, l.since = l.at+rest, l.rest+rest, 0
	if reset {
		l.day = 0
	}
	for k := range f.onLeg {
		if f.onLeg[k] == l {
			return
		}
	}
	f.onLeg = append(f.onLeg, l)
}

// roll drives to the stop, or to the point where a limit is reached.
func (f *Front) roll(from int32, l leg) {
	r := &f.rules
	far := l.left
	if r.drive > 0 {
		far = min(far, r.drive-l.since)
	}
	if r.day > 0 {
		far = min(far, r.day-l.day)
	}
	l.at, l.left = l.at+far, l.left-far
	if r.drive > 0 {
		l.since += far
	}
	if r.day > 0 {
		l.day += far
	}
	if l.left == 0 {
		f.arrive(from, l)
		return
	}
	if l.last {
		return
	}
	if r.day == 0 || l.day < r.day {
		f.push(l, r.rest, false)
	}
	if r.day > 0 {
		// A day cut short by a whole spell at the wheel is only worth it where nothing
		// more is rested on this way: else the rest and the reset change places.
		l.last = l.day+r.drive <= r.day && l.day < r.day
		f.push(l, r.reset, true)
	}
}

// arrive makes the stop, with or without a rest before its gate.
func (f *Front) arrive(from int32, l leg) {
	r, s := &f.rules, &f.demand
	start := s.Opens.Next(max(l.at, s.Open))
	if start > s.Late {
		return
	}
	still, rested := l.at, freight.Instant(0) // since when it has stood, and how long that counts
	if s.DriveS == 0 {
		still = f.ways[from].began
	}
	leave := start.After(s.Opens.ServiceS)
	w := way{leave: leave, start: start, began: leave, since: l.since, day: l.day, rest: l.rest, from: from}
	switch r.counts {
	case freight.RestsStanding:
		rested, w.began = leave-still, still
	case freight.RestsRoad:
	default:
		rested = start - still
	}
	if rested >= r.rest {
		w.since = 0
	}
	if rested >= r.reset {
		w.day = 0
	}
	f.add(w)
	if r.counts == freight.RestsStanding {
		return
	}
	if f.short(w.since, 0) {
		f.before(w, l, r.rest, false)
	}
	if f.tired(w.day, 0) {
		f.before(w, l, r.reset, true)
	}
}

// before rests before the gate.
func (f *Front) before(w way, l leg, rest freight.Instant, reset bool) {
	s := &f.demand
	w.start = s.Opens.Next(max(l.at+rest, s.Open))
	if w.start > s.Late {
		return
	}
	w.leave = w.start.After(s.Opens.ServiceS)
	w.began, w.since, w.rest = w.leave, 0, l.rest+rest
	if reset {
		w.day = 0
	}
	f.add(w)
}

// add keeps a way to the stop unless another is as good, and drops those that it
// is better than.
func (f *Front) add(w way) {
	keep := f.first
	for k := f.first; k < len(f.ways); k++ {
		old := &f.ways[k]
		if f.good(old, &w) && !(f.good(&w, old) && f.less(&w, old)) {
			return
		}
		if !f.good(&w, old) {
			f.ways[keep] = *old
			keep++
		}
	}
	f.ways = append(f.ways[:keep], w)
}

// good tells whether a is no worse than b for what is left of the plan.
func (f *Front) good(a, b *way) bool {
	return a.leave <= b.leave && a.began <= b.began && f.weary(a) <= f.weary(b) && f.spent(a) <= f.spent(b)
}

// weary is what the driver has behind him since his last rest, the less as it does
// not matter any more; spent is that of his day.
func (f *Front) weary(w *way) freight.Instant { return max(w.since, f.rules.drive-f.ahead) }
func (f *Front) spent(w *way) freight.Instant { return max(w.day, f.rules.day-f.ahead) }

// less orders ways that are equally good: less rest on the way, then the better way
// before.
func (f *Front) less(a, b *way) bool {
	if a.rest != b.rest || a.from == b.from {
		return cmp.Or(cmp.Compare(a.rest, b.rest), cmp.Compare(a.since, b.since), cmp.Compare(a.day, b.day)) < 0
	}
	p, q := f.ways[a.from], f.ways[b.from]
	f.ahead += freight.Instant(f.demand.DriveS) * freight.Second
	order := cmp.Or(cmp.Compare(p.leave, q.leave), cmp.Compare(f.weary(&p), f.weary(&q)), cmp.Compare(f.spent(&p), f.spent(&q)), cmp.Compare(p.began, q.began))
	f.ahead -= freight.Instant(f.demand.DriveS) * freight.Second
	return order < 0
}

// Visits appends how the stops are made so that the truck is done with them as early
// as can be; among equals the stop before the last as early as can be, and so on. Stop
// must have been true for each.
func (f *Front) Visits(to []Visit) []Visit {
	at := f.first
	for k := f.first + 1; k < len(f.ways); k++ {
		if f.ways[k].leave < f.ways[at].leave {
			at = k
		}
	}
	n := len(to)
	for range f.stops {
		w := &f.ways[at]
		to = append(to, Visit{RestS: int64(w.rest / freight.Second), Start: w.start,
			Drove: freight.Drove{SinceS: int64(w.since / freight.Second), DayS: int64(w.day / freight.Second)}})
		at = int(w.from)
	}
	slices.Reverse(to[n:])
	return to
}

// whole rounds up to a whole second, so that what a plan tells is what it means.
func whole(d freight.Instant) freight.Instant {
	return (d + freight.Second - 1) / freight.Second * freight.Second
}
