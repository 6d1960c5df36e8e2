package api

import (
	"fmt"
	"slices"
	"strconv"

	"pinhuo/freight"
)

// weekdays are the days of a gate in their order.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// GateSpan is when a place lets trucks in on some days of the week.
type GateSpan struct {
	Days  []string `json:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun" maxItems:"7" doc:"When left out: every day"`
	Opens string   `json:"opens" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" doc:"In the market's time zone"`
	Shuts string   `json:"shuts" pattern:"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" doc:"Service begins no later; after opens"`
}

// Gates are the gate hours of a stop.
type Gates struct {
	GateHours []GateSpan `json:"gate_hours,omitempty" maxItems:"7" doc:"When the place lets trucks in; a day that none names is shut, the last that names a day counts. When left out: always. A truck that comes while it is shut waits"`
}

// gate reads gate hours; admission sets the market's clock.
func (r *reader) gate(field string, g *Gates) freight.Gate {
	if len(g.GateHours) == 0 {
		return ""
	}
	var days [7]freight.Hours
	for i, span := range g.GateHours {
		opens, shuts := minuteOf(span.Opens), minuteOf(span.Shuts)
		r.faults.Require(opens < shuts, fmt.Sprintf("%s.gate_hours[%d].shuts", field, i), freight.ProblemWindow, span.Shuts)
		for d, name := range weekdays {
			if len(span.Days) == 0 || slices.Contains(span.Days, name) {
				days[d] = freight.Hours{Open: opens, Shut: shuts}
			}
		}
	}
	gate, err := freight.NewGate(days, "UTC", 0)
	r.faults.Require(err == nil, field+".gate_hours", freight.ProblemMalformed, "")
	return gate
}

// minuteOf reads hh:mm, which the schema has checked.
func minuteOf(text string) int32 {
	hours, _ := strconv.Atoi(text[:2])
	minutes, _ := strconv.Atoi(text[3:])
	return int32(hours*60 + minutes)
}

// clockOf writes minutes after midnight as hh:mm.
func clockOf(minutes int64) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// dayBits are the days of the week as bits, of which 0 is Monday; daysOf is its inverse.
func dayBits(names []string) (bits int64) {
	for d, name := range weekdays {
		if slices.Contains(names, name) {
			bits |= 1 << d
		}
	}
	return bits
}

func daysOf(bits int64) (names []string) {
	for d, name := range weekdays {
		if bits>>d&1 == 1 {
			names = append(names, name)
		}
	}
	return names
}

func viewGate(g freight.Gate) (out Gates) {
	clock := func(m int32) string { return clockOf(int64(m)) }
	for d, span := range g.Days() {
		if span.Shut <= span.Open {
			continue
		}
		one := GateSpan{Days: []string{weekdays[d]}, Opens: clock(span.Open), Shuts: clock(span.Shut)}
		if n := len(out.GateHours); n > 0 && out.GateHours[n-1].Opens == one.Opens && out.GateHours[n-1].Shuts == one.Shuts {
			out.GateHours[n-1].Days = append(out.GateHours[n-1].Days, weekdays[d])
			continue
		}
		out.GateHours = append(out.GateHours, one)
	}
	return out
}
