package matcher_test

import (
	"fmt"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// flat measures a plane of whole kilometres on which trucks drive along the
// axes at 60 km/h: one km is one minute.
func flat(a, b freight.Point) freight.Leg {
	km := max(a.LatE7-b.LatE7, b.LatE7-a.LatE7) + max(a.LngE7-b.LngE7, b.LngE7-a.LngE7)
	return freight.Leg{Metres: int64(km) * 1000, Seconds: int64(km) * 60, Method: "flat"}
}

func at(x, y int32) freight.Point { return freight.Point{LatE7: y, LngE7: x} }

// open is a window that never minds.
var open = freight.Window{Open: morning, Close: morning + freight.Day}

func flatFit() *matcher.Fit {
	return &matcher.Fit{Costs: &costs, Measure: flat, Now: morning - freight.Hour}
}

// flatTrip is a 9.6 m truck along the points, with ten tonnes to spare.
func flatTrip(f *matcher.Fit, id freight.ID, points ...freight.Point) *freight.Trip {
	t := freight.TripTerms{Vehicle: vehicles[2], Limits: freight.Limits{DetourM: 1000_000, DetourS: 100_000, ExtraStops: 60}}
	var legs []freight.Leg
	for i, p := range points {
		t.Stops = append(t.Stops, stop(p, open, 0))
		if i > 0 {
			legs = append(legs, f.Measure(points[i-1], p))
			t.Rooms = append(t.Rooms, freight.Room{Grams: 10_000_000, Millilitres: 40_000_000, FloorMM: 6000})
		}
	}
	return based(f, id, t, legs)
}

// flatRoamer is a free truck at a point until some hours from the morning.
func flatRoamer(f *matcher.Fit, id freight.ID, p freight.Point, hours int64) *freight.Trip {
	return based(f, id, freight.TripTerms{
		Vehicle: vehicles[2], Roaming: true, Stops: []freight.Stop{stop(p, open, 0)}, Horizon: morning + freight.Instant(hours)*freight.Hour,
		Rooms: []freight.Room{{Grams: 10_000_000, Millilitres: 40_000_000, FloorMM: 6000}}, Limits: freight.Limits{ExtraStops: 60},
	}, nil)
}

func based(f *matcher.Fit, id freight.ID, t freight.TripTerms, legs []freight.Leg) *freight.Trip {
	plan, m, s, err := f.Base(t, legs)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", id, err))
	}
	return &freight.Trip{Meta: freight.Meta{ID: id}, TripTerms: t, State: freight.TripOpen, DirectM: m, DirectS: s, Plan: plan}
}

// flatLoad is one tonne from p to d at any time and nearly any price.
func flatLoad(f *matcher.Fit, id freight.ID, p, d freight.Point) *freight.Load {
	l := &freight.Load{Meta: freight.Meta{ID: id}, Direct: f.Measure(p, d)}
	l.Pickup, l.Delivery = stop(p, open, 0), stop(d, open, 0)
	l.Size.Room = freight.Room{Grams: 1_000_000, Millilitres: 4_000_000, FloorMM: 1000}
	l.Alone, _ = costs.Alone(l.Size, l.Direct, 0)
	l.Ceiling = freight.MaxFen
	return l
}
