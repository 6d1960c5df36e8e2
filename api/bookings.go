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

// ConfirmTerms name what is confirmed.
type ConfirmTerms struct {
	Version int64 `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
}

// RefuseTerms name what is refused, and why.
type RefuseTerms struct {
	Version int64          `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
	Reason  freight.Reason `json:"reason,omitempty" enum:"declined,price,equipment,window_pickup,window_delivery" doc:"declined when left out"`
}

// Requests about held bookings.
type (
	// ConfirmBooking makes a held booking firm.
	ConfirmBooking struct {
		Named
		Keyed
		Body ConfirmTerms
	}
	// RefuseBooking lets a held booking go.
	RefuseBooking struct {
		Named
		Keyed
		Body RefuseTerms
	}
)

func (s *server) bookings() {
	handle(s, huma.Operation{
		OperationID: "list-bookings", Method: http.MethodGet, Path: "/v1/bookings", Tags: []string{"bookings"},
		Summary: "List the bookings that the organization is a side of, newest first",
	}, mayRead, s.listBookings)
	handle(s, huma.Operation{
		OperationID: "get-booking", Method: http.MethodGet, Path: "/v1/bookings/{id}", Tags: []string{"bookings"},
		Summary: "Read a booking; while it is live, with addresses, contacts and the plate",
	}, mayRead, s.getBooking)
	handle(s, huma.Operation{
		OperationID: "confirm-booking", Method: http.MethodPost, Path: "/v1/bookings/{id}/confirm", Tags: []string{"bookings"},
		Summary: "Say yes to a held booking: it is firm from then on",
	}, mayPost, s.confirmBooking)
	handle(s, huma.Operation{
		OperationID: "refuse-booking", Method: http.MethodPost, Path: "/v1/bookings/{id}/refuse", Tags: []string{"bookings"},
		Summary: "Say no to a held booking: it is released, and its load goes on",
	}, mayPost, s.refuseBooking)
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

func (s *server) confirmBooking(ctx context.Context, c *call, in *ConfirmBooking) (*One[Booking], error) {
	return s.changeBooking(ctx, c, in.Key, in.ID, freight.ConfirmBooking{Booking: in.ID, Version: in.Body.Version})
}

func (s *server) refuseBooking(ctx context.Context, c *call, in *RefuseBooking) (*One[Booking], error) {
	return s.changeBooking(ctx, c, in.Key, in.ID, freight.RefuseBooking{Booking: in.ID, Version: in.Body.Version, Reason: in.Body.Reason})
}

// changeBooking answers with the booking as it is now.
func (s *server) changeBooking(ctx context.Context, c *call, key string, id freight.ID, act freight.Act) (*One[Booking], error) {
	return about(aBooking, id, func() (*One[Booking], error) {
		result, err := s.do(ctx, c, key, act)
		if err != nil {
			return nil, err
		}
		if result.Booking == nil {
			return nil, incomplete(act)
		}
		deal, seq, err := s.cfg.Reader.Booking(ctx, c.scope(), id)
		if err != nil {
			return nil, err
		}
		return one(s, c, deal.Booking.Version, seq, viewBooking(c.scope(), &deal)), nil
	})
}
