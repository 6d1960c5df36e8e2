package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// BreakTrip tells that the truck of a trip broke down.
type BreakTrip struct {
	Named
	Keyed
	Body struct {
		Version int64     `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
		At      time.Time `json:"at,omitzero" doc:"When it happened, by the clock of what tells it; now when left out. Up to 2 days ago"`
		Where   *Spot     `json:"where,omitempty" doc:"Where the truck stands"`
		Text    string    `json:"text,omitempty" maxLength:"200" doc:"In the words of who tells it"`
	}
}

func (s *server) breakdowns() {
	handle(s, huma.Operation{
		OperationID: "break-trip", Method: http.MethodPost, Path: "/v1/trips/{id}/break-down", Tags: []string{"trips"},
		Summary: "Tell that the truck broke down: loads that are not aboard are posted anew, first in line and without a fee; those that are, or may be, stay booked, each with a ticket of the desk, until the goods have left the truck",
	}, mayHaul, s.breakTrip)
}

func (s *server) breakTrip(ctx context.Context, c *call, in *BreakTrip) (*One[Trip], error) {
	act := freight.BreakTrip{Trip: in.ID, Version: in.Body.Version, At: instant(in.Body.At), Text: in.Body.Text}
	if w := in.Body.Where; w != nil {
		var r reader
		act.Point = &freight.Point{LatE7: r.degrees("where.lat", w.Lat, 90), LngE7: r.degrees("where.lng", w.Lng, 180)}
		if err := r.faults.Err(); err != nil {
			return nil, err
		}
	}
	return about(aTrip, in.ID, func() (*One[Trip], error) { return s.changeTrip(ctx, c, in.Key, act) })
}

func viewSpot(p *freight.Point) *Spot {
	if p == nil {
		return nil
	}
	return &Spot{Lat: degrees(p.LatE7), Lng: degrees(p.LngE7)}
}
