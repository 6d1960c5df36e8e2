package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// ListBookings lists the bookings that the organization is a side of.
type ListBookings struct {
	Listing
	State string `query:"state" enum:"held,firm,aboard,handed_over,proven,released,returned" doc:"All when left out"`
}

func (s *server) bookings() {
	handle(s, huma.Operation{
		OperationID: "list-bookings", Method: http.MethodGet, Path: "/v1/bookings", Tags: []string{"bookings"},
		Summary: "List the bookings that the organization is a side of, newest first",
	}, mayRead, s.listBookings)
	handle(s, huma.Operation{
		OperationID: "get-booking", Method: http.MethodGet, Path: "/v1/bookings/{id}", Tags: []string{"bookings"},
		Summary: "Read a booking; while it is live, with addresses, contacts and the plate",
	}, mayRead, s.getBooking)
}

func (s *server) listBookings(ctx context.Context, c *call, in *ListBookings) (*List[Booking], error) {
	q, err := in.query(c, aBooking, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Bookings, func(d *freight.Deal) (Booking, error) {
		return viewBooking(q.Scope, d), nil
	})
}

func (s *server) getBooking(ctx context.Context, c *call, in *Named) (*One[Booking], error) {
	return about(aBooking, in.ID, func() (*One[Booking], error) {
		deal, seq, err := s.cfg.Reader.Booking(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return one(s, c, deal.Booking.Version, seq, viewBooking(c.scope(), &deal)), nil
	})
}
