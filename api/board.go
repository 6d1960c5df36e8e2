package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

func (s *server) board() {
	s.taking()
	handle(s, huma.Operation{
		OperationID: "board-loads", Method: http.MethodGet, Path: "/v1/board/loads", Tags: []string{"board"},
		Summary: "The market's open loads as anybody in it may see them, newest first",
	}, mayRead, s.boardLoads)
	handle(s, huma.Operation{
		OperationID: "board-trips", Method: http.MethodGet, Path: "/v1/board/trips", Tags: []string{"board"},
		Summary: "The market's open trips as anybody in it may see them, newest first",
	}, mayRead, s.boardTrips)
}

// The board shows everybody the same, his own rows included.

func (s *server) boardLoads(ctx context.Context, c *call, in *Listing) (*List[Load], error) {
	q, err := in.query(c, aLoad, "")
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.BoardLoads, func(l *freight.Load) (Load, error) {
		shipper, err := s.names.org(ctx, l.Org)
		return ofBoard.load(l, shipper), err
	})
}

func (s *server) boardTrips(ctx context.Context, c *call, in *Listing) (*List[Trip], error) {
	q, err := in.query(c, aTrip, "")
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.BoardTrips, func(t *freight.Trip) (Trip, error) {
		carrier, err := s.names.org(ctx, t.Org)
		return ofBoard.trip(t, carrier), err
	})
}
