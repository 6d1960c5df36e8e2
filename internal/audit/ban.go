package audit

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pinhuo/freight"
)

// door is where a truck is served: when its gate is open, when trucks of its kind may not
// be there, and how long it stays.
type door struct {
	gate    freight.Gate
	bans    freight.Bans
	truck   *freight.VehicleTerms
	service int64
}

func doorOf(call *freight.Call, truck *freight.VehicleTerms) door {
	return door{call.Gate, call.Bans, truck, call.ServiceS}
}

// admits returns when a truck that is there at the instant begins to be served.
func (d door) admits(at freight.Instant) freight.Instant {
	if d.bans == "" {
		return letIn(d.gate, at)
	}
	stays := max(freight.Instant(d.service)*freight.Second, 1)
	away := d.forbidden(at)
	for start := at; start < at+9*freight.Day; {
		next := letIn(d.gate, start)
		for _, span := range away {
			if next < span[1] && next+stays > span[0] {
				next = span[1]
			}
		}
		if next == start {
			return start
		}
		start = next
	}
	return at + 1000*freight.Day
}

// forbidden lists the spans of the coming weeks in which the truck may not be there.
func (d door) forbidden(at freight.Instant) (spans [][2]freight.Instant) {
	for _, ban := range strings.Split(strings.TrimSuffix(string(d.bans), "\n"), "\n") {
		words := strings.Fields(ban)
		if !aimsAt(words, d.truck) {
			continue
		}
		hours, _ := strconv.Atoi(words[2][:3])
		minutes, _ := strconv.Atoi(words[2][:1] + words[2][3:])
		place := time.FixedZone("ban", hours*3600+minutes*60)
		year, month, day := at.Time().In(place).Date()
		n, _ := strconv.Atoi(words[3])
		for ahead := -8; ahead <= 24; ahead++ {
			date := time.Date(year, month, day+ahead, 0, 0, 0, 0, place)
			if date.Weekday() != time.Monday {
				continue
			}
			for _, word := range words[4 : 4+n] {
				from, _ := strconv.Atoi(word[:5])
				until, _ := strconv.Atoi(word[6:])
				monday := freight.At(date)
				spans = append(spans, [2]freight.Instant{monday + freight.Instant(from)*freight.Minute, monday + freight.Instant(until)*freight.Minute})
			}
		}
	}
	slices.SortFunc(spans, func(a, b [2]freight.Instant) int { return cmp.Compare(a[0], b[0]) })
	return spans
}

// aimsAt tells whether the ban is one for the truck; what nobody has said of a truck
// may be anything.
func aimsAt(words []string, v *freight.VehicleTerms) bool {
	types, _ := strconv.ParseUint(words[0][:2], 16, 8)
	colours, _ := strconv.ParseUint(words[0][2:], 16, 8)
	above, _ := strconv.ParseInt(words[1], 10, 64)
	one := func(set uint64, names, name string) bool {
		at := slices.Index(strings.Fields(names), name)
		return at < 0 && set != 0 || at >= 0 && set>>at&1 == 1
	}
	return one(types, "van 4.2m 6.8m 9.6m 13m 17.5m", string(v.Type)) && one(colours, "blue yellow green yellow_green white black", v.Plate.Colour) &&
		(above == 0 || v.Payload > above*1000)
}
