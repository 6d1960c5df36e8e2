package freight

import (
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Gate is when a place lets trucks in, for each day of the week from Monday on,
// by a clock so far east of UTC: "+0800 0800-1700 ... 0000-0000", seven spans of
// hours and minutes. Service may begin from the first to the second, both
// included; a span from 0000 to 0000 is a day on which the place is shut. The
// empty Gate is always open.
type Gate string

const (
	gateZone = len("+0800")
	gateSpan = len(" 0800-1700")
	gateLen  = gateZone + 7*gateSpan
)

// NewGate writes a Gate: minutes after midnight for each day from Monday on, by
// the clock that the IANA zone shows at the instant. The error is Invalid.
func NewGate(days [7]Hours, zone string, at Instant) (Gate, error) {
	place, err := location(zone)
	if err != nil {
		return "", &Error{Code: Invalid, Problem: ProblemMalformed, Field: "gate_hours", Value: Shorten(zone), Cause: err}
	}
	_, east := at.Time().In(place).Zone()
	sign := "+"
	if east < 0 {
		sign, east = "-", -east
	}
	text := fmt.Sprintf("%s%02d%02d", sign, east/3600, east/60%60)
	for _, d := range days {
		text += fmt.Sprintf(" %02d%02d-%02d%02d", d.Open/60, d.Open%60, d.Shut/60, d.Shut%60)
	}
	return Gate(text), nil
}

// In returns the Gate by the clock that the IANA zone shows at the instant. The
// error is Invalid.
func (g Gate) In(zone string, at Instant) (Gate, error) {
	if g == "" {
		return "", nil
	}
	return NewGate(g.Days(), zone, at)
}

var locations sync.Map // of zones by name

func location(zone string) (*time.Location, error) {
	if known, ok := locations.Load(zone); ok {
		return known.(*time.Location), nil
	}
	place, err := time.LoadLocation(zone)
	if err == nil {
		locations.Store(zone, place)
	}
	return place, err
}

// Sound tells whether the Gate is empty or reads as one that opens at all.
func (g Gate) Sound() bool {
	if g == "" {
		return true
	}
	if len(g) != gateLen || g[0] != '+' && g[0] != '-' {
		return false
	}
	opens := false
	for day := range 7 {
		at := gateZone + day*gateSpan
		first, err := strconv.Atoi(string(g[at+1 : at+5]))
		last, bad := strconv.Atoi(string(g[at+6 : at+10]))
		if err != nil || bad != nil || first > last || last > 2400 || first%100 > 59 || last%100 > 59 || g[at] != ' ' || g[at+5] != '-' {
			return false
		}
		opens = opens || last > 0
	}
	_, err := strconv.Atoi(string(g[1:5]))
	return opens && err == nil
}

// Days returns the spans from Monday on.
func (g Gate) Days() (days [7]Hours) {
	for day := range days {
		if g != "" {
			at := gateZone + day*gateSpan
			days[day] = Hours{Open: int32(g.minutes(at + 1)), Shut: int32(g.minutes(at + 6))}
		}
	}
	return days
}

// minutes reads four digits of hours and minutes.
func (g Gate) minutes(at int) int64 {
	digit := func(k int) int64 { return int64(g[at+k] - '0') }
	return (digit(0)*10+digit(1))*60 + digit(2)*10 + digit(3)
}

func (g Gate) east() Instant {
	east := Instant(g.minutes(1)) * Minute
	if g[0] == '-' {
		return -east
	}
	return east
}

// gateSearch is how many days ahead and back an open one is looked for.
const gateSearch = 8

// Next returns the first instant from at on at which service may begin.
func (g Gate) Next(at Instant) Instant {
	if g == "" {
		return at
	}
	local := at + g.east()
	for day := floorDiv(local-1, Day); day <= floorDiv(local, Day)+gateSearch; day++ { // midnight ends a day too
		first, last := g.span(day)
		if start := max(local, first); last > first && start <= last {
			return start - g.east()
		}
	}
	return at + 1000*Day
}

// Last returns the last instant up to at at which service may begin.
func (g Gate) Last(at Instant) Instant {
	if g == "" {
		return at
	}
	local := at + g.east()
	for day := floorDiv(local, Day); day >= floorDiv(local, Day)-gateSearch; day-- {
		first, last := g.span(day)
		if start := min(local, last); last > first && start >= first {
			return start - g.east()
		}
	}
	return at - 1000*Day
}

// span is when the gate is open on a day counted from 1970-01-01, a Thursday, by
// its own clock.
func (g Gate) span(day Instant) (first, last Instant) {
	at := gateZone + int((day%7+7+3)%7)*gateSpan
	return day*Day + Instant(g.minutes(at+1))*Minute, day*Day + Instant(g.minutes(at+6))*Minute
}

func floorDiv(a, b Instant) Instant {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// gate checks the gate hours of a stop and reads them by the market's clock.
func (a *Admission) gate(field string, s *Stop) {
	if s.Gate == "" {
		return
	}
	if !s.Gate.Sound() {
		a.bad(field+".gate_hours", ProblemMalformed, string(s.Gate))
		return
	}
	gate, err := s.Gate.In(a.Market.Zone, s.Window.Open)
	if s.Gate = gate; err != nil {
		a.bad(field+".gate_hours", ProblemMalformed, a.Market.Zone)
	} else if s.Window.Open > 0 && gate.Next(s.Window.Open) > s.Window.Close {
		a.bad(field+".gate_hours", ProblemSplit, s.Window.Close.String()) // shut all through the window
	}
}
