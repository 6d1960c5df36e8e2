package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Standing is how an organization stands with the exchange, and why.
type Standing struct {
	Record Record     `json:"record" doc:"As others see it"`
	Later  int        `json:"asked_later" minimum:"0" maximum:"3" doc:"0: asked in turn. From 1 to 3: asked about loads after others who fit and keep their word, the later the higher. Nobody is left out"`
	Points Decimal    `json:"points" doc:"What that follows from: 6, 12 and 24 are the steps"`
	Costs  []WordCost `json:"costs" doc:"What the points are for"`
}

// WordCost is one thing that costs an organization its turn.
type WordCost struct {
	What   string  `json:"what" enum:"lapsed,silent,cancelled,taken_back"`
	Times  int64   `json:"times" doc:"In the last 30 days"`
	Points Decimal `json:"points" doc:"What they cost now: less each day, and nothing after 30"`
}

// ReadStanding asks how the organization stands.
type ReadStanding struct{}

func (s *server) standing() {
	handle(s, huma.Operation{
		OperationID: "read-standing", Method: http.MethodGet, Path: "/v1/standing", Tags: []string{"asking"},
		Summary: "How the organization has kept its word, and why it is asked later than others where it is",
	}, mayRead, s.readStanding)
}

func (s *server) readStanding(ctx context.Context, c *call, _ *ReadStanding) (*Reflected[Standing], error) {
	page, err := s.cfg.Reader.Tallies(ctx, c.scope())
	if err != nil {
		return nil, err
	}
	var sum freight.Tally
	for _, t := range page.Rows {
		sum = sum.Plus(t)
	}
	costs, points := freight.Past(page.Rows).Costs(s.cfg.Now())
	out := Standing{Record: *viewRecord(freight.Record{Asked: sum.Asked, Answered: sum.Answered, Owed: sum.Owed, Kept: sum.Kept, AskedAgain: sum.AskedAgain, Reconfirmed: sum.Reconfirmed}),
		Later: freight.RungOf(points), Points: decimalOf(points, 3), Costs: []WordCost{}}
	for _, one := range costs {
		out.Costs = append(out.Costs, WordCost{one.What, one.N, decimalOf(one.Points, 3)})
	}
	return &Reflected[Standing]{s.cursor(c, page.Seq), out}, nil
}
