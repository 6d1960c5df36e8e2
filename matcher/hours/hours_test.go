package hours

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// unit is the step of the exhaustive search: rules, drives, windows and service are
// whole units, so nothing finer can be better.
const unit = freight.Minute

// small is a plan that can be searched through.
type small struct {
	rules Rules
	begin Begin
	stops []Stop
}

func (p *small) String() string {
	return fmt.Sprintf("%+v from %+v: %+v", p.rules, p.begin, p.stops)
}

func draw(r *rand.Rand) *small {
	between := func(least, most int) freight.Instant { return freight.Instant(least+r.IntN(most-least+1)) * unit }
	p := &small{rules: Rules{counts: [...]freight.Rests{"", freight.RestsRoad, freight.RestsWaiting, freight.RestsStanding}[r.IntN(4)]}}
	if r.IntN(8) > 0 {
		p.rules.rest = between(1, 4)
		p.rules.drive = p.rules.rest + between(1, 5)
	}
	if p.rules.drive == 0 || r.IntN(2) == 0 {
		p.rules.day = p.rules.drive + between(1, 7)
		p.rules.reset = p.rules.rest + between(1, 6)
	}
	if r.IntN(3) == 0 {
		p.begin.Drove.SinceS = int64(between(0, int(p.rules.drive/unit)) / freight.Second)
		p.begin.Drove.DayS = int64(between(0, int(p.rules.day/unit)) / freight.Second)
		p.begin.Stood = between(0, 3)
	}
	at := p.begin.At
	for range 1 + r.IntN(4) {
		s := Stop{DriveS: int64(between(0, 9) / freight.Second), Opens: freight.Openings{ServiceS: int64(between(0, 3) / freight.Second)}}
		at = at.After(s.DriveS) + between(0, 8)
		s.Open = at - between(0, 6)
		s.Late = at + between(0, 16)
		at = max(at, s.Open)
		p.stops = append(p.stops, s)
	}
	return p
}

// truck is all that can be told of a truck at one instant.
type truck struct {
	at, left   freight.Instant // on its way to stop k, at the wheel for so long still
	k          int             // the next stop to be served
	arrived    bool
	since, day freight.Instant
	still      freight.Instant // rested without a break
}

// search steps through all that a driver may do, unit by unit: drive, stand still,
// begin service. It returns the least instant at which each stop can be left while those
// before it are in time, and marks what was met.
type search struct {
	*small
	seen  map[truck]bool
	least []freight.Instant
	until freight.Instant
}

func exhaustive(p *small) []freight.Instant {
	x := &search{small: p, seen: map[truck]bool{}, least: make([]freight.Instant, len(p.stops))}
	for k := range p.stops {
		x.least[k] = -1
		x.until = max(x.until, p.stops[k].Late)
	}
	t := truck{at: p.begin.At, left: freight.Instant(p.stops[0].DriveS) * freight.Second, still: p.begin.Stood,
		since: freight.Instant(p.begin.Drove.SinceS) * freight.Second, day: freight.Instant(p.begin.Drove.DayS) * freight.Second}
	x.step(t)
	return x.least
}

// rested takes off what the standing so far has mended.
func (x *search) rested(t truck) truck {
	if x.rules.drive == 0 || t.still >= x.rules.rest {
		t.since = 0
	}
	if x.rules.day == 0 || t.still >= x.rules.reset {
		t.day = 0
	}
	t.still = min(t.still, max(x.rules.rest, x.rules.reset))
	return t
}

func (x *search) step(t truck) {
	t = x.rested(t)
	if t.at > x.until || x.seen[t] {
		return
	}
	x.seen[t] = true
	s := &x.stops[t.k]
	if t.left > 0 {
		if (x.rules.drive == 0 || t.since < x.rules.drive) && (x.rules.day == 0 || t.day < x.rules.day) {
			on := t
			on.at, on.left, on.since, on.day, on.still = t.at+unit, t.left-unit, t.since+unit, t.day+unit, 0
			x.step(on)
		}
	} else if !t.arrived {
		in := t
		in.arrived = true // on this side of the gate
		if x.rules.counts == freight.RestsRoad {
			in.still = 0
		}
		x.step(in)
	} else if t.at >= s.Open && t.at <= s.Late {
		x.serve(t)
	}
	still := t
	still.at += unit
	if still.still += unit; t.arrived && x.rules.counts == freight.RestsRoad {
		still.still = 0
	}
	x.step(still)
}

func (x *search) serve(t truck) {
	s := &x.stops[t.k]
	service := freight.Instant(s.Opens.ServiceS) * freight.Second
	if t.at += service; x.rules.counts == freight.RestsStanding {
		t.still += service
	} else {
		t.still = 0
		// what was rested before the gate has counted
	}
	if x.least[t.k] < 0 || t.at < x.least[t.k] {
		x.least[t.k] = t.at
	}
	if t.k++; t.k < len(x.stops) {
		t.arrived, t.left = false, freight.Instant(x.stops[t.k].DriveS)*freight.Second
		x.until = max(x.until, t.at)
		x.step(t)
	}
}

// byFront is what Front says of the same.
func byFront(p *small) []freight.Instant {
	var f Front
	var all int64
	for _, s := range p.stops {
		all += s.DriveS
	}
	f.Start(p.rules, p.begin, all)
	least := make([]freight.Instant, len(p.stops))
	for k := range least {
		least[k] = -1
	}
	for k, s := range p.stops {
		if !f.Stop(s) {
			break
		}
		least[k] = slices.MinFunc(f.ways[f.first:], func(a, b way) int { return cmp.Compare(a.leave, b.leave) }).leave
	}
	return least
}

// For every stop of a plan no schedule, whatever the drivers do in whole units of time,
// leaves it earlier than Front says, and it says so only of what can be.
func TestFrontEqualsExhaustiveSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 1))
	rests, late := 0, 0
	for n := range 800 {
		p := draw(r)
		want, got := exhaustive(p), byFront(p)
		if !slices.Equal(got, want) {
			t.Fatalf("plan %d: %v\n got %v\nwant %v", n, p, got, want)
		}
		if want[len(want)-1] < 0 {
			late++
		} else if free := (&small{begin: p.begin, stops: p.stops}); byFront(free)[len(want)-1] < want[len(want)-1] {
			rests++
		}
	}
	t.Logf("%d plans end later for the rests, %d cannot be driven", rests, late)
	if rests < 80 || late < 20 {
		t.Error("too tame")
	}
}

// What is shown is legal: a driver who does as the visits say is at every call when they
// say, and no stop can be left out that makes another late.
func TestVisitsAreLegalAndSubsetsStayFeasible(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 2))
	fewer := 0
	for n := range 8000 {
		p := draw(r)
		visits, ok := visitsOf(p)
		if !ok {
			continue
		}
		at := p.begin.At
		for k, v := range visits {
			s := p.stops[k]
			if arrive := at.After(s.DriveS + v.RestS); v.Start != max(arrive, s.Open) || v.Start > s.Late {
				t.Fatalf("plan %d, stop %d: %v\n%+v", n, k, p, visits)
			}
			if r := p.rules; r.drive > 0 && freight.Instant(v.Drove.SinceS)*freight.Second > r.drive || r.day > 0 && freight.Instant(v.Drove.DayS)*freight.Second > r.day {
				t.Fatalf("plan %d, stop %d: drove too long: %v\n%+v", n, k, p, visits)
			}
			at = v.Start.After(s.Opens.ServiceS)
		}
		for k := range p.stops[1:] {
			q := *p
			q.stops = slices.Delete(slices.Clone(p.stops), k, k+1)
			q.stops[k].DriveS = r.Int64N(p.stops[k].DriveS/60+p.stops[k+1].DriveS/60+1) * 60 // no longer than over the stop
			less, ok := visitsOf(&q)
			if !ok || less[len(less)-1].Start.After(q.stops[len(less)-1].Opens.ServiceS) > at {
				t.Fatalf("plan %d without stop %d ends later: %v\n%v\n%+v\n%+v", n, k, p, &q, visits, less)
			}
			fewer++
		}
	}
	if fewer < 2000 {
		t.Errorf("only %d subsets", fewer)
	}
}

func visitsOf(p *small) ([]Visit, bool) {
	var f Front
	var all int64
	for _, s := range p.stops {
		all += s.DriveS
	}
	f.Start(p.rules, p.begin, all)
	for _, s := range p.stops {
		if !f.Stop(s) {
			return nil, false
		}
	}
	return f.Visits(nil), true
}

func seconds(minutes int64) int64 { return minutes * 60 }

// The cases a driver would name.
func TestRestsOneWouldExpect(t *testing.T) {
	open := freight.Instant(0)
	china := freight.Duty{Drivers: 1, DriveS: freight.RuleDriveS, RestS: freight.RuleRestS}
	day := china
	day.DayS, day.ResetS = 8*3600, 10*3600
	two := day
	two.Drivers = 2
	stop := func(drive, opens, service int64) Stop {
		return Stop{DriveS: seconds(drive), Open: open.After(seconds(opens)), Late: open + 30*freight.Day, Opens: freight.Openings{ServiceS: seconds(service)}}
	}
	for _, c := range []struct {
		name  string
		duty  freight.Duty
		stops []Stop
		done  int64 // minutes
	}{
		{"four hours need no rest", china, []Stop{stop(240, 0, 0)}, 240},
		{"one minute more does", china, []Stop{stop(241, 0, 0)}, 261},
		{"eight hours need one, not two", china, []Stop{stop(480, 0, 0)}, 500},
		{"service is no rest", china, []Stop{stop(180, 0, 60), stop(120, 0, 0)}, 380},
		{"waiting is", china, []Stop{stop(180, 200, 60), stop(120, 0, 0)}, 380},
		{"a little longer at the gate is better than a rest on the way", china, []Stop{stop(180, 195, 60), stop(120, 0, 0)}, 380},
		{"the day ends after eight hours", day, []Stop{stop(540, 0, 0)}, 540 + 20 + 600},
		{"and begins anew at a gate that opens in the morning", day, []Stop{stop(400, 1020, 30), stop(400, 0, 0)}, 1050 + 420},
		{"two drivers pass", two, []Stop{stop(540, 0, 0)}, 540},
		{"until both have driven their day", two, []Stop{stop(961, 0, 0)}, 961 + 600},
	} {
		rules := Of(&c.duty)
		visits, ok := visitsOf(&small{rules: rules, begin: Begin{At: open}, stops: c.stops})
		if !ok {
			t.Fatalf("%s: no way", c.name)
		}
		last := c.stops[len(c.stops)-1]
		if done := visits[len(visits)-1].Start.After(last.Opens.ServiceS); done != open.After(seconds(c.done)) {
			t.Errorf("%s: done after %d min, want %d: %+v", c.name, done/freight.Minute, c.done, visits)
		}
	}
}

// Plans of many days keep few ways: what is worth keeping does not multiply.
func TestFewWaysAreKept(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 3))
	most := 0
	for range 300 {
		d := freight.Duty{Drivers: 1, DriveS: 4 * 3600, RestS: 1200, DayS: 9 * 3600, ResetS: 10 * 3600, Counts: freight.RestsStanding}
		var f Front
		f.Start(Of(&d), Begin{}, 40*5*3600)
		at := freight.Instant(0)
		for range 40 {
			s := Stop{DriveS: r.Int64N(5 * 3600), Opens: freight.Openings{ServiceS: r.Int64N(3600)}, Open: at, Late: at + 100*freight.Day}
			at += freight.Instant(r.Int64N(int64(8 * freight.Hour)))
			if !f.Stop(s) {
				t.Fatal("no way")
			}
			most = max(most, len(f.ways)-f.first)
		}
	}
	t.Logf("%d ways at the most", most)
	if most > 400 {
		t.Error("too many")
	}
}
