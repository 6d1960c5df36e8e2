package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// Requests about trips and vehicles.
type (
	// ListTrips lists the organization's trips.
	ListTrips struct {
		Listing
		State string `query:"state" enum:"announced,open,underway,overdue,stopped,completed,cancelled,lapsed" doc:"All when left out"`
	}
	// AnnounceTrip opens a trip for matching.
	AnnounceTrip struct {
		Keyed
		Body TripTerms
	}
	// EditTrip changes a trip.
	EditTrip struct {
		Named
		Keyed
		Conditional
		Body TripTerms
	}
)

func (s *server) trips() {
	handle(s, huma.Operation{
		OperationID: "announce-trip", Method: http.MethodPost, Path: "/v1/trips", DefaultStatus: http.StatusCreated, Tags: []string{"trips"},
		Summary: "Open a trip for matching",
	}, mayHaul, s.announceTrip)
	handle(s, huma.Operation{
		OperationID: "list-trips", Method: http.MethodGet, Path: "/v1/trips", Tags: []string{"trips"},
		Summary: "List the organization's trips, newest first",
	}, mayRead, s.listTrips)
	handle(s, huma.Operation{
		OperationID: "get-trip", Method: http.MethodGet, Path: "/v1/trips/{id}", Tags: []string{"trips"},
		Summary: "Read a trip with its plan",
	}, mayRead, s.getTrip)
	handle(s, huma.Operation{
		OperationID: "edit-trip", Method: http.MethodPut, Path: "/v1/trips/{id}", Tags: []string{"trips"},
		Summary: "Change a trip that carries no booking; its open offers are withdrawn and it is matched anew",
	}, mayHaul, s.editTrip)
	handle(s, huma.Operation{
		OperationID: "cancel-trip", Method: http.MethodPost, Path: "/v1/trips/{id}/cancel", Tags: []string{"trips"},
		Summary: "Take a trip back; its bookings are released and their loads posted anew, first in line",
	}, mayHaul, s.cancelTrip)
	s.breakdowns()
	handle(s, huma.Operation{
		OperationID: "renew-trip", Method: http.MethodPost, Path: "/v1/trips/{id}/renew", Tags: []string{"trips"},
		Summary: "Announce a cancelled or lapsed trip anew",
	}, mayHaul, s.renewTrip)
	handle(s, huma.Operation{
		OperationID: "keep-trip", Method: http.MethodPost, Path: "/v1/trips/{id}/keep", Tags: []string{"trips"},
		Summary: "Say that a trip is still true; one that lapsed takes loads again",
	}, mayHaul, s.keepTrip)
	handle(s, huma.Operation{
		OperationID: "explain-trip", Method: http.MethodGet, Path: "/v1/trips/{id}/explanation", Tags: []string{"trips"},
		Summary: "Why a trip has no loads",
	}, mayRead, s.explainTrip)
	handle(s, huma.Operation{
		OperationID: "list-vehicles", Method: http.MethodGet, Path: "/v1/vehicles", Tags: []string{"trips"},
		Summary: "List the organization's vehicles, newest first",
	}, mayRead, s.listVehicles)
}

func (s *server) announceTrip(ctx context.Context, c *call, in *AnnounceTrip) (*One[Trip], error) {
	terms, err := s.tripTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return s.changeTrip(ctx, c, in.Key, freight.AnnounceTrip{Terms: terms})
}

func (s *server) editTrip(ctx context.Context, c *call, in *EditTrip) (*One[Trip], error) {
	version, err := in.version(true)
	if err != nil {
		return nil, err
	}
	terms, err := s.tripTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return about(aTrip, in.ID, func() (*One[Trip], error) {
		return s.changeTrip(ctx, c, in.Key, freight.EditTrip{Trip: in.ID, Version: version, Terms: terms})
	})
}

func (s *server) cancelTrip(ctx context.Context, c *call, in *Act) (*One[Trip], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	return about(aTrip, in.ID, func() (*One[Trip], error) {
		return s.changeTrip(ctx, c, in.Key, freight.CancelTrip{Trip: in.ID, Version: version})
	})
}

func (s *server) renewTrip(ctx context.Context, c *call, in *EditTrip) (*One[Trip], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	terms, err := s.tripTerms(&in.Body)
	if err != nil {
		return nil, err
	}
	return about(aTrip, in.ID, func() (*One[Trip], error) {
		return s.changeTrip(ctx, c, in.Key, freight.RenewTrip{Trip: in.ID, Version: version, Terms: terms})
	})
}

func (s *server) keepTrip(ctx context.Context, c *call, in *Act) (*One[Trip], error) {
	version, err := in.version(false)
	if err != nil {
		return nil, err
	}
	return about(aTrip, in.ID, func() (*One[Trip], error) {
		return s.changeTrip(ctx, c, in.Key, freight.KeepTrip{Trip: in.ID, Version: version})
	})
}

func (s *server) changeTrip(ctx context.Context, c *call, key string, act freight.Act) (*One[Trip], error) {
	result, err := s.do(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Trip == nil {
		return nil, incomplete(act)
	}
	return s.oneTrip(ctx, c, result.Trip, result.Seq)
}

func (s *server) getTrip(ctx context.Context, c *call, in *Named) (*One[Trip], error) {
	return about(aTrip, in.ID, func() (*One[Trip], error) {
		t, seq, err := s.cfg.Reader.Trip(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return s.oneTrip(ctx, c, &t, seq)
	})
}

func (s *server) explainTrip(ctx context.Context, c *call, in *Named) (*Reflected[TripExplanation], error) {
	return about(aTrip, in.ID, func() (*Reflected[TripExplanation], error) {
		// Read before the explanation, so that the cursor is never ahead of it.
		seq, err := s.cfg.Reader.Head(ctx, c.who.Market)
		if err != nil {
			return nil, err
		}
		e, err := s.cfg.Reader.TripExplanation(ctx, c.scope(), in.ID)
		switch {
		case err != nil:
			return nil, err
		case e == nil:
			return nil, &freight.Error{Code: freight.NotFound, Problem: freight.ProblemNotYet, Field: "explanation", Value: string(in.ID)}
		}
		return &Reflected[TripExplanation]{s.cursor(c, seq), viewTripExplanation(e)}, nil
	})
}

func (s *server) oneTrip(ctx context.Context, c *call, t *freight.Trip, seq int64) (*One[Trip], error) {
	carrier, err := s.names.org(ctx, t.Org)
	if err != nil {
		return nil, err
	}
	return one(s, c, t.Version, seq, relationTo(c.scope(), t.Org, ofBoard).trip(t, carrier)), nil
}

func (s *server) listTrips(ctx context.Context, c *call, in *ListTrips) (*List[Trip], error) {
	q, err := in.query(c, aTrip, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Trips, func(t *freight.Trip) (Trip, error) {
		carrier, err := s.names.org(ctx, t.Org)
		return relationTo(q.Scope, t.Org, ofBoard).trip(t, carrier), err
	})
}

func (s *server) listVehicles(ctx context.Context, c *call, in *Listing) (*List[Vehicle], error) {
	q, err := in.query(c, aVehicle, "")
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Vehicles, func(v *freight.Vehicle) (Vehicle, error) {
		out := relationTo(q.Scope, v.Org, ofBoard).vehicle(&v.VehicleTerms)
		out.ID, out.Version = v.ID, v.Version
		return out, nil
	})
}
