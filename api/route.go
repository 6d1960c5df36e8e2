package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Way is a drive past points in their order, as the router of new offers sees it now.
type Way struct {
	Method  string
	Version string
	Legs    []WayLeg
}

// WayLeg is the drive from one point to the next. Metres and seconds include
// AccessM, which leads from the points to the road.
type WayLeg struct {
	Metres, Seconds, AccessM int64
	Line                     []freight.Point // where it leads; two points where no road is known
}

// Ways finds drives. Errors are *freight.Error.
type Ways interface {
	// Way is the drive past two points or more, its lines left out unless wanted.
	Way(ctx context.Context, points []freight.Point, lines bool) (Way, error)
}

// FindRoute asks for a drive.
type FindRoute struct {
	Through string `query:"through" required:"true" maxLength:"2048" doc:"Two points or more in driving order, each as latitude,longitude in degrees of WGS-84, with slashes between: 31.896,121.173/31.774,119.954"`
	Lines   bool   `query:"lines" default:"true" doc:"Where each leg leads, to be drawn on a map"`
}

// RouteLeg is the drive from one point to the next.
type RouteLeg struct {
	Metres  int64       `json:"metres"`
	Seconds int64       `json:"seconds" doc:"Driving"`
	AccessM int64       `json:"access_metres" doc:"Of the metres: from the points to the road"`
	Line    [][]Decimal `json:"line,omitempty" doc:"Latitude and longitude of points on the way; straight where no road is known"`
}

// Route is a drive and who measured it.
type Route struct {
	Method  string     `json:"method" doc:"graph: along roads; fallback: reckoned from straight lines and river crossings"`
	Version string     `json:"version"`
	Metres  int64      `json:"metres"`
	Seconds int64      `json:"seconds" doc:"Driving"`
	Legs    []RouteLeg `json:"legs"`
}

// RouteAnswer is the answer with a drive.
type RouteAnswer struct{ Body Route }

// mostThrough bounds the points of one drive: a trip has at most 30 stops of its own.
const mostThrough = 64

func (s *server) route() {
	handle(s, huma.Operation{
		OperationID: "find-route", Method: http.MethodGet, Path: "/v1/route", Tags: []string{"places"},
		Summary: "The drive past points in their order: metres, seconds, and where it leads",
	}, mayRead, s.findRoute)
}

func (s *server) findRoute(ctx context.Context, _ *call, in *FindRoute) (*RouteAnswer, error) {
	points, err := in.points()
	if err != nil {
		return nil, err
	}
	way, err := s.cfg.Ways.Way(ctx, points, in.Lines)
	if err != nil {
		return nil, err
	}
	out := Route{Method: way.Method, Version: way.Version, Legs: make([]RouteLeg, 0, len(way.Legs))}
	for _, leg := range way.Legs {
		out.Metres += leg.Metres
		out.Seconds += leg.Seconds
		shown := RouteLeg{Metres: leg.Metres, Seconds: leg.Seconds, AccessM: leg.AccessM}
		for _, p := range leg.Line {
			shown.Line = append(shown.Line, []Decimal{degrees(p.LatE7), degrees(p.LngE7)})
		}
		out.Legs = append(out.Legs, shown)
	}
	return &RouteAnswer{out}, nil
}

func (in *FindRoute) points() ([]freight.Point, error) {
	var r reader
	parts := strings.Split(in.Through, "/")
	if len(parts) < 2 || len(parts) > mostThrough {
		return nil, &freight.Error{
			Code: freight.Invalid, Problem: freight.ProblemRange, Field: "through", Value: fmt.Sprint(len(parts)), Min: "2", Max: fmt.Sprint(mostThrough),
		}
	}
	points := make([]freight.Point, len(parts))
	for i, part := range parts {
		field := fmt.Sprintf("through[%d]", i)
		lat, lng, _ := strings.Cut(part, ",")
		points[i] = freight.Point{
			LatE7: r.degrees(field, Decimal(strings.TrimSpace(lat)), 90), LngE7: r.degrees(field, Decimal(strings.TrimSpace(lng)), 180),
		}
	}
	return points, r.faults.Err()
}
