package audit

import (
	"strconv"
	"strings"
	"time"

	"pinhuo/freight"
)

// doorAt is a stop of the load for this truck.
func (t *trial) doorAt(s *freight.Stop) door {
	return door{s.Gate, s.Bans, &t.trip.Vehicle, s.ServiceS}
}

// What is shut on a drive: nothing, gates, or also places where trucks may not be.
const (
	allOpen = iota
	gatesShut
	allShut
)

// shut drives again and waits at every gate that is shut and, with all, until trucks may be
// there. It returns by how much
// the first kind of stop that is late then is late, 0 where none is.
func (t *trial) shut(first int, all bool) freight.Instant {
	minded := false
	for k := first; k < len(t.halts); k++ {
		minded = minded || t.halts[k].door.gate != "" || all && t.halts[k].door.bans != ""
	}
	if !minded {
		return 0
	}
	mind := gatesShut
	if all {
		mind = allShut
	}
	late := t.drive(first, mind)
	for _, by := range []freight.Instant{late.pickup, late.delivery, late.own, late.riders} {
		if by > 0 {
			return by
		}
	}
	return 0
}

// letIn returns when a truck that is at the gate is let in, by the calendar.
func letIn(gate freight.Gate, at freight.Instant) freight.Instant {
	if gate == "" {
		return at
	}
	words := strings.Fields(string(gate))
	hours, _ := strconv.Atoi(words[0][:3])
	minutes, _ := strconv.Atoi(words[0][:1] + words[0][3:])
	place := time.FixedZone("gate", hours*3600+minutes*60)
	year, month, day := at.Time().In(place).Date()
	for ahead := -1; ahead <= 8; ahead++ {
		date := time.Date(year, month, day+ahead, 0, 0, 0, 0, place)
		opens, shuts, _ := strings.Cut(words[1+(int(date.Weekday())+6)%7], "-")
		from, until := onClock(date, opens), onClock(date, shuts)
		if from < until && at <= until {
			return max(at, from)
		}
	}
	return at + 1000*freight.Day
}

func onClock(date time.Time, text string) freight.Instant {
	hours, _ := strconv.Atoi(text[:2])
	minutes, _ := strconv.Atoi(text[2:])
	return freight.At(date.Add(time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute))
}
