package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

func (s *server) desk() {
	handle(s, huma.Operation{
		OperationID: "unanswered-loads", Method: http.MethodGet, Path: "/v1/desk/unanswered", Tags: []string{"desk"},
		Summary: "Posted loads that were explained or are past their answer_by, oldest first; for the desk",
	}, isDesk, s.unanswered)
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
