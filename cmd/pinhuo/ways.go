package main

import (
	"context"
	"errors"
	"fmt"

	"pinhuo/api"
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// ways finds drives with the router of the markets.
type ways struct{ router geo.Router }

// pathfinder is a router that knows where its drives lead.
type pathfinder interface {
	Path(a, b geo.Point) (roads.Leg, roads.Course, error)
}

// Way is the drive past the points.
func (w ways) Way(ctx context.Context, points []freight.Point, lines bool) (api.Way, error) {
	way := api.Way{Method: w.router.Method(), Version: w.router.Version()}
	for i := range points[1:] {
		if err := ctx.Err(); err != nil {
			return way, fmt.Errorf("route: %w", err)
		}
		leg, err := w.leg(geo.Point(points[i]), geo.Point(points[i+1]), lines)
		if err != nil {
			return way, noWay(err, points, i)
		}
		way.Legs = append(way.Legs, leg)
	}
	return way, nil
}

func (w ways) leg(a, b geo.Point, lines bool) (api.WayLeg, error) {
	finder, ok := w.router.(pathfinder)
	if !ok {
		metres, seconds := w.router.Between(a, b)
		leg := api.WayLeg{Metres: metres, Seconds: seconds}
		if lines {
			leg.Line = []freight.Point{freight.Point(a), freight.Point(b)}
		}
		return leg, nil
	}
	leg, course, err := finder.Path(a, b)
	if err != nil {
		return api.WayLeg{}, err
	}
	out := api.WayLeg{Metres: leg.Metres, Seconds: leg.Seconds, AccessM: leg.FromAccessM + leg.ToAccessM}
	if lines {
		out.Line = thinned(course.Line)
	}
	return out, nil
}

// drawnM is how near points of a line may lie to each other: closer ones cannot be told
// apart on the map of a whole drive.
const drawnM = 40

// thinned leaves points of a line out that lie next to one that stays.
func thinned(line []geo.Point) []freight.Point {
	out := make([]freight.Point, 0, len(line))
	for i, p := range line {
		last := len(out) - 1
		if i > 0 && i < len(line)-1 && geo.GreatCircleM(geo.Point(out[last]), p) < drawnM {
			continue
		}
		out = append(out, freight.Point(p))
	}
	return out
}

// noWay is what a person is told where no drive leads from a point to the next.
func noWay(err error, points []freight.Point, from int) error {
	told := &freight.Error{Code: freight.Invalid, Problem: freight.ProblemOffRoad, Field: fmt.Sprintf("through[%d]", from+1)}
	var off *roads.OffRoadError
	switch {
	case errors.As(err, &off):
		if off.Place == geo.Point(points[from]) {
			told.Field = fmt.Sprintf("through[%d]", from)
		}
		if off.Metres > 0 {
			told.Value = fmt.Sprintf("%.1f km", off.Metres/1000)
		}
	case !errors.Is(err, roads.ErrNoWay):
		return err
	}
	return told
}
