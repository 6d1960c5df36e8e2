package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Rate is what a vehicle of one type costs.
type Rate struct {
	Type       freight.VehicleType `json:"type"`
	FixedFen   freight.Fen         `json:"fixed_fen" minimum:"0" maximum:"10000000" doc:"For a hire of its own"`
	PerKMFen   freight.Fen         `json:"per_km_fen" minimum:"1" maximum:"10000000" doc:"Each kilometre driven"`
	PerHourFen freight.Fen         `json:"per_hour_fen" minimum:"1" maximum:"10000000" doc:"Each hour driving, waiting or in service"`
	TollFen    freight.Fen         `json:"toll_fen" minimum:"0" maximum:"10000000" doc:"Tolls, each kilometre driven"`
}

// CostTerms are the costs of a market.
type CostTerms struct {
	Margin   int64  `json:"margin_percent" minimum:"100" maximum:"1000" doc:"A joiner's price is what it costs the trip, times this"`
	Discount int64  `json:"discount_percent" minimum:"0" maximum:"99" doc:"A ceiling that is not stated is going alone less this"`
	Types    []Rate `json:"types" maxItems:"20" doc:"Of every vehicle type, in the order in which they are read"`
}

// CostModel is one version of a market's costs.
type CostModel struct {
	CostTerms
	Version int64      `json:"version" doc:"0 is what the server was started with"`
	At      time.Time  `json:"at,omitzero" doc:"When it was set"`
	By      *Person    `json:"by,omitempty"`
	Org     freight.ID `json:"org_id,omitempty"`
}

// CostModels are all versions, the newest first.
type CostModels struct {
	Models []CostModel `json:"models"`
}

// ReadCosts asks for the cost models.
type ReadCosts struct{}

// SetCosts makes a new version.
type SetCosts struct {
	Keyed
	Body struct {
		CostTerms
		Replaces int64 `json:"replaces" minimum:"0" doc:"The version that was on screen: the present one"`
	}
}

func (s *server) costs() {
	handle(s, huma.Operation{
		OperationID: "read-costs", Method: http.MethodGet, Path: "/v1/desk/costs", Tags: []string{"desk"},
		Summary: "What vehicles cost, every version with who set it and when; for the desk",
	}, isDesk, s.readCosts)
	handle(s, huma.Operation{
		OperationID: "set-costs", Method: http.MethodPut, Path: "/v1/desk/costs", Tags: []string{"desk"},
		Summary: "Set what vehicles cost, for new offers only: those that are open and bookings keep their price; for the desk's officers",
	}, isOfficer, s.setCosts)
}

func (s *server) readCosts(ctx context.Context, c *call, _ *ReadCosts) (*Reflected[CostModels], error) {
	page, err := s.cfg.Desk.CostModels(ctx, c.who.Market)
	if err != nil {
		return nil, err
	}
	people, err := s.people(ctx, c)
	if err != nil {
		return nil, err
	}
	out := &Reflected[CostModels]{Cursor: s.cursor(c, page.Seq)}
	for i := len(page.Rows) - 1; i >= 0; i-- {
		m := &page.Rows[i]
		shown, by := viewCosts(m), person(people, m.Actor)
		shown.By = &by
		out.Body.Models = append(out.Body.Models, shown)
	}
	out.Body.Models = append(out.Body.Models, viewCosts(&freight.CostModel{Costs: s.cfg.Costs}))
	return out, nil
}

func viewCosts(m *freight.CostModel) CostModel {
	out := CostModel{Version: m.Number, At: when(m.Made), Org: m.Org, CostTerms: CostTerms{Margin: m.Costs.Margin, Discount: m.Costs.Discount, Types: []Rate{}}}
	for _, t := range m.Costs.Types {
		out.Types = append(out.Types, Rate{t.Type, t.Fixed, t.PerKM, t.PerHour, t.Toll})
	}
	return out
}

func (s *server) setCosts(ctx context.Context, c *call, in *SetCosts) (*One[CostModel], error) {
	b := &in.Body
	act := freight.SetCosts{Number: b.Replaces, Costs: freight.Costs{Margin: b.Margin, Discount: b.Discount}}
	for _, r := range b.Types {
		t, _ := s.cfg.Costs.Of(r.Type) // of an unknown type nothing is known, and it is refused
		t.Type, t.Fixed, t.PerKM, t.PerHour, t.Toll = r.Type, r.FixedFen, r.PerKMFen, r.PerHourFen, r.TollFen
		act.Costs.Types = append(act.Costs.Types, t)
	}
	result, err := s.doOwn(ctx, c, in.Key, act)
	if err != nil {
		return nil, err
	}
	if result.Costs == nil {
		return nil, incomplete(act)
	}
	return one(s, c, result.Costs.Number, result.Seq, viewCosts(result.Costs)), nil
}
