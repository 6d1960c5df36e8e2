package api

import (
	"fmt"

	"pinhuo/freight"
)

// TruckBan is when trucks of some kinds may not be at a place.
type TruckBan struct {
	Name      string                `json:"name"`
	Types     []freight.VehicleType `json:"types" doc:"Vehicles that it binds: of one of these types and"`
	Colours   []string              `json:"colours" doc:"with a plate of one of these colours and"`
	PayloadKg int64                 `json:"payload_over_kg,omitempty" doc:"with more legal payload than this"`
	Hours     []BanSpan             `json:"hours"`
}

// BanSpan is a span of the week in which a ban holds.
type BanSpan struct {
	Day  string `json:"day" enum:"mon,tue,wed,thu,fri,sat,sun"`
	From string `json:"from" doc:"hh:mm in the time zone of the ban; service that begins earlier ends by then"`
	To   string `json:"to" doc:"hh:mm of the same day, or 24:00; service may begin then"`
}

func viewBans(bans freight.Bans) (list []TruckBan) {
	const day = 24 * 60
	clock := func(m int64) string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }
	for _, b := range bans.List() {
		one := TruckBan{Name: b.Name, Types: b.Types, Colours: b.Colours, PayloadKg: b.PayloadKg}
		for _, span := range b.Spans {
			for from := span[0]; from < span[1]; {
				midnight := from/day*day + day
				until := min(span[1], midnight)
				one.Hours = append(one.Hours, BanSpan{weekdays[from/day], clock(from % day), clock(until - midnight + day)})
				from = until
			}
		}
		list = append(list, one)
	}
	return list
}
