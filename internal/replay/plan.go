package replay

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"pinhuo/freight"
)

// The format pinhuo-plan/1: what a replay decided, for anyone to check. Times
// are RFC 3339 with the zone of the input, metres and seconds integers, money
// in fen, ids as in the input files.

type planFile struct {
	Format string         `json:"format"`
	Router freight.Router `json:"router"`
	Trips  []planTrip     `json:"trips"`
	Loads  []planLoad     `json:"loads"`
}

type planTrip struct {
	ID       string      `json:"id"`
	Depart   string      `json:"depart_at"`
	Latest   string      `json:"latest_arrive_at"`
	SpareKG  json.Number `json:"spare_kg"`
	SpareL   json.Number `json:"spare_litres"`
	DetourM  int64       `json:"max_detour_m"`
	DetourS  int64       `json:"max_detour_s"`
	DirectM  int64       `json:"direct_m"`
	DirectS  int64       `json:"direct_s"`
	PlanStop []planStop  `json:"stops"`
	// Router measured the trip, where it is another than the file's.
	Router *freight.Router `json:"router,omitempty"`
}

type planStop struct {
	Kind     freight.CallKind `json:"kind"`
	Load     string           `json:"load"`
	Lat      json.Number      `json:"lat"`
	Lng      json.Number      `json:"lon"`
	LegM     int64            `json:"leg_m"`
	LegS     int64            `json:"leg_s"`
	RestS    int64            `json:"rest_s"`
	Arrive   string           `json:"arrive_at"`
	Start    string           `json:"start_at"`
	Leave    string           `json:"leave_at"`
	AboardKG json.Number      `json:"aboard_kg"`
	AboardL  json.Number      `json:"aboard_litres"`
}

type planLoad struct {
	ID      string                   `json:"id"`
	Outcome string                   `json:"outcome"` // "booked" or "explained"
	Trip    string                   `json:"trip"`
	Decided string                   `json:"decided_at"`
	Price   freight.Fen              `json:"price_fen"`
	Alone   freight.Fen              `json:"alone_fen"`
	Reasons map[freight.Reason]int64 `json:"reasons"`
	// Change is the smallest change that would have matched. It stays null: none
	// is claimed that was not tried.
	Change *freight.Near `json:"change"`
}

// planOf writes the plan of a market that has ended, in the order of the input.
func planOf(m *market, o *outcome) ([]byte, error) {
	p := planFile{Format: "pinhuo-plan/1", Router: freight.Router{Method: m.router.Method(), Version: m.router.Version()},
		Trips: []planTrip{}, Loads: []planLoad{}}
	items := slices.Clone(m.in.items)
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.row.line, b.row.line) })
	for i := range items {
		if t := o.trips[items[i].id]; t != nil && items[i].trip != nil {
			plan := planOfTrip(t, o, m.in.zone)
			if t.Router != p.Router {
				plan.Router = &t.Router
			}
			p.Trips = append(p.Trips, plan)
		}
		if l := o.loads[items[i].id]; l != nil && items[i].load != nil {
			p.Loads = append(p.Loads, planOfLoad(l, o, m.in.zone))
		}
	}
	text, err := json.MarshalIndent(p, "", " ")
	return append(text, '\n'), err
}

func planOfTrip(t *freight.Trip, o *outcome, zone *time.Location) planTrip {
	p := planTrip{
		ID: t.Ref, Depart: clock(t.Starts(), zone), Latest: clock(cmp.Or(t.Horizon, t.Stops[len(t.Stops)-1].Window.Close), zone),
		SpareKG: decimal(t.Rooms[0].Grams, 3, 1), SpareL: decimal(t.Rooms[0].Millilitres, 3, 0),
		DetourM: t.Limits.DetourM, DetourS: t.Limits.DetourS, DirectM: t.DirectM, DirectS: t.DirectS,
	}
	var aboard freight.Room
	for i := range t.Plan {
		call := &t.Plan[i]
		aboard = aboard.Plus(call.Take)
		p.PlanStop = append(p.PlanStop, planStop{
			Kind: call.Kind, Load: o.names[call.Load],
			Lat: decimal(int64(call.Point.LatE7), 7, 1), Lng: decimal(int64(call.Point.LngE7), 7, 1),
			LegM: call.LegM, LegS: call.LegS,
			Arrive: clock(call.Arrive, zone), Start: clock(call.Start, zone), Leave: clock(call.Leave, zone),
			AboardKG: decimal(aboard.Grams, 3, 1), AboardL: decimal(aboard.Millilitres, 3, 0),
		})
	}
	return p
}

func planOfLoad(l *freight.Load, o *outcome, zone *time.Location) planLoad {
	p := planLoad{ID: l.Ref, Outcome: "explained", Alone: l.Alone, Decided: clock(l.Changed, zone), Reasons: map[freight.Reason]int64{}}
	if b := o.bookings[l.ID]; b != nil {
		p.Outcome, p.Trip, p.Price, p.Alone, p.Decided = "booked", o.names[b.Trip], b.Price, b.Alone, clock(b.Made, zone)
		return p
	}
	if why := o.why[l.ID]; why != nil {
		for _, c := range why.Counts {
			if c.Reason != freight.ReasonNoCandidate {
				p.Reasons[c.Reason] = c.N
			}
		}
	}
	if len(p.Reasons) == 0 {
		p.Reasons[freight.ReasonNoCandidate] = 1
	}
	return p
}

func clock(at freight.Instant, zone *time.Location) string {
	return at.Time().In(zone).Format(time.RFC3339Nano)
}

// decimal writes n of 10^-places as a number with at least so many decimals.
func decimal(n int64, places, least int) json.Number {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	digits := strconv.FormatInt(n, 10)
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	whole, fraction := digits[:len(digits)-places], strings.TrimRight(digits[len(digits)-places:], "0")
	for len(fraction) < least {
		fraction += "0"
	}
	if fraction == "" {
		return json.Number(sign + whole)
	}
	return json.Number(sign + whole + "." + fraction)
}
