package freight

import (
	"fmt"
	"strings"
)

// Bans are the truck bans that hold at a place: when trucks of which kinds may not
// be there. Like a Gate they are a text that is written once, when the stop is
// stated, and only read afterwards. The empty Bans forbid nothing.
//
// Each ban is a line: two pairs of hexadecimal digits, the vehicle types and the
// colours of plates that it binds, a bit each; the kilograms of payload above which it does; the
// clock, so far east of UTC; the number of spans, and the spans in minutes after
// Monday's midnight, from the first until before the second; its name.
//
//	3c02 00001500 +0800 01 00420-00540 ring road
type Bans string

// Where the parts of a line stand.
const (
	banTypes   = 0
	banColours = 2
	banPayload = 5
	banZone    = 14
	banCount   = 20
	banSpans   = 22
	banSpan    = len(" 00420-00540")

	maxBanSpans     = 99
	minutesInWeek   = 7 * minutesInDay
	week            = 7 * Day
	mondayAfterZero = 4 * Day // 1970-01-01 was a Thursday
)

// Class is what of a vehicle a ban asks: its type and the colour of its plate as one
// bit each, all of them where nothing is known, and its payload in grams.
type Class struct {
	Types, Colours uint8
	Payload        int64
}

// every is a set of types or colours that holds them all.
const every = 0x3f

var vehicleTypes = [...]VehicleType{TypeVan, Type4M2, Type6M8, Type9M6, Type13M, Type17M5}

var plateColours = [...]string{"blue", "yellow", "green", "yellow_green", "white", "black"}

// Class returns what bans ask of the vehicle.
func (v *VehicleTerms) Class() Class {
	c := Class{Types: every, Colours: every, Payload: v.Payload}
	for i, t := range vehicleTypes {
		if t == v.Type {
			c.Types = 1 << i
		}
	}
	for i, colour := range plateColours {
		if colour == v.Plate.Colour {
			c.Colours = 1 << i
		}
	}
	return c
}

// Ban is one line of Bans, for whoever shows it.
type Ban struct {
	Name      string
	Types     []VehicleType
	Colours   []string
	PayloadKg int64      // it binds vehicles of a higher payload; 0 for all
	Spans     [][2]int64 // minutes after Monday's midnight, from the first until before the second
}

// line writes the ban by a clock so far east of UTC.
func (b *Ban) line(types, colours uint8, clock string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%02x%02x %08d %s %02d", types, colours, b.PayloadKg, clock, len(b.Spans))
	for _, span := range b.Spans {
		fmt.Fprintf(&text, " %05d-%05d", span[0], span[1])
	}
	return text.String() + " " + b.Name + "\n"
}

// List returns the bans one by one.
func (b Bans) List() (list []Ban) {
	for line := range strings.Lines(string(b)) {
		n := int(decimals(line[banCount : banCount+2]))
		ban := Ban{Name: strings.TrimSuffix(line[banSpans+n*banSpan+1:], "\n"), PayloadKg: decimals(line[banPayload : banPayload+8])}
		for i, t := range vehicleTypes {
			if hexes(line[banTypes:])&(1<<i) != 0 {
				ban.Types = append(ban.Types, t)
			}
		}
		for i, colour := range plateColours {
			if hexes(line[banColours:])&(1<<i) != 0 {
				ban.Colours = append(ban.Colours, colour)
			}
		}
		for k := range n {
			from, until := spanAt(line, k)
			ban.Spans = append(ban.Spans, [2]int64{int64(from / Minute), int64(until / Minute)})
		}
		list = append(list, ban)
	}
	return list
}

// binds tells whether the ban that the text begins with is one for the vehicle.
func (c Class) binds(line string) bool {
	return c.Types&hexes(line[banTypes:]) != 0 && c.Colours&hexes(line[banColours:]) != 0 &&
		(line[banPayload:banPayload+8] == "00000000" || c.Payload > 1000*decimals(line[banPayload:banPayload+8]))
}

// hexes reads two hexadecimal digits.
func hexes(text string) (n uint8) {
	for _, r := range []byte(text[:2]) {
		n = n<<4 | r&15
		if r > '9' {
			n += 9
		}
	}
	return n
}

// decimals reads decimal ones.
func decimals(text string) (n int64) {
	for i := range len(text) {
		n = n*10 + int64(text[i]-'0')
	}
	return n
}

// spanAt is span k of the line, since Monday's midnight.
func spanAt(line string, k int) (from, until Instant) {
	at := banSpans + k*banSpan + 1
	return Instant(decimals(line[at:at+5])) * Minute, Instant(decimals(line[at+6:at+11])) * Minute
}

// Openings is when service of so many seconds may begin at a place for a vehicle: while the
// gate is open, and so that it lies in no ban's hours. Service may end when a ban
// begins, and begin when one ends.
type Openings struct {
	Gate     Gate
	Bans     Bans
	Class    Class
	ServiceS int64
}

// Openings returns when the vehicle may be served at the call.
func (c *Call) Openings(v *VehicleTerms) Openings { return openings(c.Gate, c.Bans, v, c.ServiceS) }

// Openings returns when the vehicle may be served at the stop.
func (s *Stop) Openings(v *VehicleTerms) Openings { return openings(s.Gate, s.Bans, v, s.ServiceS) }

func openings(gate Gate, bans Bans, v *VehicleTerms, serviceS int64) Openings {
	o := Openings{Gate: gate, Bans: bans, ServiceS: serviceS}
	if bans != "" {
		o.Class = v.Class()
	}
	return o
}

// Unbanned are the openings without the bans.
func (o Openings) Unbanned() Openings {
	o.Bans = ""
	return o
}

// Next returns the first instant from at on at which service may begin. It is no
// later for less service, and never earlier for a later at. Where service can never
// begin it is 1,000 days later.
func (o Openings) Next(at Instant) Instant {
	if o.Bans == "" {
		return o.Gate.Next(at)
	}
	start := at
	for {
		next := o.Gate.Next(start)
		for left := string(o.Bans); left != ""; {
			var line string
			line, left, _ = strings.Cut(left, "\n")
			if o.Class.binds(line) {
				next = banNext(line, next, o.busy())
			}
		}
		switch {
		case next == start:
			return start
		case next > at+week+Day: // gate and bans say the same every week
			return at + 1000*Day
		}
		start = next
	}
}

// Last returns the last instant up to at at which service may begin. Where there is none it
// is 1,000 days earlier.
func (o Openings) Last(at Instant) Instant {
	if o.Bans == "" {
		return o.Gate.Last(at)
	}
	start := at
	for {
		last := o.Gate.Last(start)
		for left := string(o.Bans); left != ""; {
			var line string
			line, left, _ = strings.Cut(left, "\n")
			if o.Class.binds(line) {
				last = banLast(line, last, o.busy())
			}
		}
		switch {
		case last == start:
			return start
		case last < at-week-Day:
			return at - 1000*Day
		}
		start = last
	}
}

// busy is how long a truck is at the stop: be it for an instant.
func (o Openings) busy() Instant { return max(Instant(o.ServiceS)*Second, 1) }

// onWeek returns Monday's midnight before the instant by the clock of the line.
func onWeek(line string, at Instant) Instant {
	east := Gate(line[banZone : banZone+5]).east()
	return floorDiv(at+east-mondayAfterZero, week)*week + mondayAfterZero - east
}

// banNext is the first instant from start on from which a truck that is busy so long keeps
// out of the ban's spans.
func banNext(line string, start, busy Instant) Instant {
	n, end := int(decimals(line[banCount:banCount+2])), start+2*week
	for monday := onWeek(line, start); monday <= end; monday += week {
		for k := range n {
			from, until := spanAt(line, k)
			if start+busy <= monday+from {
				return start
			}
			start = max(start, monday+until)
		}
	}
	return start + 1000*Day
}

// banLast is the last instant up to start from which it does.
func banLast(line string, start, busy Instant) Instant {
	n, end := int(decimals(line[banCount:banCount+2])), start-3*week
	for monday := onWeek(line, start+busy); monday >= end; monday -= week {
		for k := n - 1; k >= 0; k-- {
			from, until := spanAt(line, k)
			if start >= monday+until {
				return start
			}
			if start+busy > monday+from {
				start = monday + from - busy
			}
		}
	}
	return start - 1000*Day
}
