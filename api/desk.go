package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// RoadsInUse is what new trips and offers are measured by.
type RoadsInUse struct {
	Method  string `json:"method" doc:"graph: along roads; fallback: reckoned from straight lines and river crossings"`
	Version string `json:"version"`
	Changed bool   `json:"changed" doc:"False: the file holds what was in use already"`
}

// Roads is where distances come from. Errors are *freight.Error.
type Roads interface {
	// Reread takes the road file as it now is, for everything that is measured anew;
	// what was measured before stays with the roads it was measured by.
	Reread(ctx context.Context) (RoadsInUse, error)
}

// RoadsAnswer is the answer with the roads in use.
type RoadsAnswer struct{ Body RoadsInUse }

// RereadRoads asks for the road file to be read.
type RereadRoads struct{ Body Empty }

func (s *server) desk() {
	handle(s, huma.Operation{
		OperationID: "unanswered-loads", Method: http.MethodGet, Path: "/v1/desk/unanswered", Tags: []string{"desk"},
		Summary: "Posted loads that were explained or are past their answer_by, oldest first; for the desk",
	}, isDesk, s.unanswered)
	handle(s, huma.Operation{
		OperationID: "reread-roads", Method: http.MethodPost, Path: "/v1/desk/roads", Tags: []string{"desk"},
		Summary: "Take the road file anew, for all markets of the server; for an officer of the desk. Trips announced later are measured by it, running ones keep the roads they were announced under",
	}, isOfficer, func(ctx context.Context, _ *call, _ *RereadRoads) (*RoadsAnswer, error) {
		in, err := s.cfg.Roads.Reread(ctx)
		return &RoadsAnswer{in}, err
	})
}

func (s *server) unanswered(ctx context.Context, c *call, in *Listing) (*List[Load], error) {
	if err := in.check(aLoad); err != nil {
		return nil, err
	}
	page, err := s.cfg.Reader.Unanswered(ctx, c.who.Market, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return showPage(s, c, page, func(l *freight.Load) (Load, error) {
		shipper, err := s.names.org(ctx, l.Org)
		return ofDesk.load(l, shipper), err
	})
}
