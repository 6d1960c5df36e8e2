package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Position is where a truck was.
type Position struct {
	At        time.Time `json:"at" doc:"By the clock of what tells it"`
	Lat       Decimal   `json:"lat" minimum:"-90" maximum:"90" doc:"Degrees, WGS-84"`
	Lng       Decimal   `json:"lng" minimum:"-180" maximum:"180" doc:"Degrees, WGS-84"`
	AccuracyM int64     `json:"accuracy_m,omitempty" minimum:"0" maximum:"5000" doc:"The truck was within so many metres of it; 0 where that is not known"`
}

// TellPositions is where the truck of a trip was, since it was told last.
type TellPositions struct {
	Named
	Keyed
	Body struct {
		Positions []Position `json:"positions" minItems:"1" maxItems:"300" doc:"In any order"`
	}
}

// Told is what became of a report of positions.
type Told struct {
	Kept    int     `json:"kept" doc:"Positions that say something new"`
	Thinned int     `json:"thinned" doc:"Positions that were known, or are too near to others to say anything"`
	Refused []Fault `json:"refused" doc:"What is wrong with the others; they need not be sent again"`
}

// Track is where the truck of a trip was, oldest first.
type Track struct {
	Items []Position `json:"items"`
	More  bool       `json:"more" doc:"There are later ones: ask again from the last instant on"`
}

// AskTrack asks where the truck of a trip was.
type AskTrack struct {
	Named
	From  time.Time `query:"from" doc:"Since when; from the beginning when left out"`
	Limit int       `query:"limit" minimum:"1" maximum:"5000" default:"500"`
}

// Whereabouts is where the truck of a booking was heard of last.
type Whereabouts struct {
	TripID   freight.ID `json:"trip_id,omitempty"`
	Position *Position  `json:"position,omitempty" doc:"Left out while it has told nothing"`
}

// Positions keeps where trucks were. A trip or a booking that the scope does not show is
// freight.Missing.
type Positions interface {
	// AddPositions keeps what is new of what was told of a trip of the scope.
	AddPositions(ctx context.Context, scope freight.Scope, trip freight.ID, told []freight.Position, now freight.Instant) (freight.Sifted, error)
	// Positions returns the positions of a trip of the scope from an instant on, oldest first.
	Positions(ctx context.Context, scope freight.Scope, trip freight.ID, from freight.Instant, limit int) (freight.Page[freight.Position], error)
	// Whereabouts returns the last position of the truck of a booking that the scope is a
	// side of; a conflict unless the booking is firm or aboard.
	Whereabouts(ctx context.Context, scope freight.Scope, booking freight.ID) (freight.Position, int64, error)
}

func (s *server) positions() {
	handle(s, huma.Operation{
		OperationID: "tell-positions", Method: http.MethodPost, Path: "/v1/trips/{id}/positions", Tags: []string{"trips"},
		Summary: "Tell where the truck was; positions of hours without a network may come at once",
	}, mayHaul, s.tellPositions)
	handle(s, huma.Operation{
		OperationID: "list-positions", Method: http.MethodGet, Path: "/v1/trips/{id}/positions", Tags: []string{"trips"},
		Summary: "Where the truck of the organization's own trip was, oldest first; kept for 30 days",
	}, mayRead, s.listPositions)
	handle(s, huma.Operation{
		OperationID: "get-whereabouts", Method: http.MethodGet, Path: "/v1/bookings/{id}/position", Tags: []string{"bookings"},
		Summary: "Where the truck was heard of last, for both sides of a booking that is firm or aboard",
	}, mayRead, s.whereabouts)
}

func (s *server) tellPositions(ctx context.Context, c *call, in *TellPositions) (*Reflected[Told], error) {
	if err := c.acts(); err != nil {
		return nil, err
	}
	told := make([]freight.Position, len(in.Body.Positions))
	var r reader
	for i, p := range in.Body.Positions {
		told[i] = freight.Position{Trip: in.ID, At: freight.At(p.At), AccuracyM: p.AccuracyM,
			Point: freight.Point{LatE7: r.degrees("positions.lat", p.Lat, 90), LngE7: r.degrees("positions.lng", p.Lng, 180)}}
	}
	if err := r.faults.Err(); err != nil {
		return nil, err
	}
	return about(aTrip, in.ID, func() (*Reflected[Told], error) {
		sifted, err := s.cfg.Positions.AddPositions(ctx, c.scope(), in.ID, told, s.cfg.Now())
		if err != nil {
			return nil, err
		}
		if len(sifted.Faults) == len(told) { // not one was sound
			first := sifted.Faults[0]
			first.More = sifted.Faults[1:]
			return nil, &first
		}
		out := Told{Kept: len(sifted.Kept), Thinned: sifted.Thin, Refused: []Fault{}}
		for i := range sifted.Faults {
			out.Refused = append(out.Refused, faultOf(&sifted.Faults[i], c.lang))
		}
		return &Reflected[Told]{Body: out}, nil
	})
}

func (s *server) listPositions(ctx context.Context, c *call, in *AskTrack) (*Reflected[Track], error) {
	return about(aTrip, in.ID, func() (*Reflected[Track], error) {
		page, err := s.cfg.Positions.Positions(ctx, c.scope(), in.ID, instant(in.From), in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := Track{Items: []Position{}, More: len(page.Rows) > in.Limit}
		for i := range page.Rows[:min(len(page.Rows), in.Limit)] {
			out.Items = append(out.Items, viewPosition(&page.Rows[i]))
		}
		return &Reflected[Track]{Cursor: s.cursor(c, page.Seq), Body: out}, nil
	})
}

func (s *server) whereabouts(ctx context.Context, c *call, in *Named) (*Reflected[Whereabouts], error) {
	return about(aBooking, in.ID, func() (*Reflected[Whereabouts], error) {
		last, seq, err := s.cfg.Positions.Whereabouts(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		out := Whereabouts{TripID: last.Trip}
		if last.Trip != "" {
			at := viewPosition(&last)
			out.Position = &at
		}
		return &Reflected[Whereabouts]{Cursor: s.cursor(c, seq), Body: out}, nil
	})
}

func viewPosition(p *freight.Position) Position {
	return Position{At: p.At.Time(), Lat: degrees(p.Point.LatE7), Lng: degrees(p.Point.LngE7), AccuracyM: p.AccuracyM}
}
