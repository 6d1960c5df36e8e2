package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// AcceptTerms names what is accepted.
type AcceptTerms struct {
	Version int64 `json:"version" minimum:"1" doc:"The version shown; it books at terms no worse, or is refused"`
	Over    bool  `json:"over_ceiling,omitempty" doc:"Of a shipper: more than the ceiling that it stated is meant"`
}

// CounterTerms name another price.
type CounterTerms struct {
	Version  int64 `json:"version" minimum:"1" doc:"The version shown"`
	PriceFen int64 `json:"price_fen" minimum:"1" maximum:"1000000000" doc:"An operator's is above what is shown or bid, and at most alone_fen; a shipper's is price_fen or more, and below what the operator asks"`
	Sure     bool  `json:"sure,omitempty" doc:"The amount is meant, however far it is from the one shown"`
	Over     bool  `json:"over_ceiling,omitempty" doc:"Of a shipper: more than the ceiling that it stated is meant"`
}

// Bids are the prices that were named for an offer.
type Bids struct {
	Items []Bid `json:"items"`
}

// Bid is a price that a side of an offer named.
type Bid struct {
	At       time.Time    `json:"at"`
	By       freight.Side `json:"by" enum:"shipper,carrier"`
	PriceFen freight.Fen  `json:"price_fen"`
}

// DeclineTerms names what is refused, and why.
type DeclineTerms struct {
	Version int64          `json:"version" minimum:"1" doc:"The version shown"`
	Reason  freight.Reason `json:"reason,omitempty" enum:"declined,price,detour_distance,detour_time,stops,equipment,piece,weight,volume,deck,window_pickup,window_delivery,calendar" doc:"declined when left out"`
}

// Requests about offers.
type (
	// ListOffers lists the offers that the organization is a side of.
	ListOffers struct {
		Listing
		State string `query:"state" enum:"open,sent,seen,accepted,declined,countered,expired,superseded,withdrawn" doc:"open: those that can be answered. All when left out"`
	}
	// SeeOffer notes that an offer is on screen.
	SeeOffer struct {
		Named
		Keyed
		Body *Empty
	}
	// AcceptOffer books a load.
	AcceptOffer struct {
		Named
		Keyed
		Body AcceptTerms
	}
	// CounterOffer names another price.
	CounterOffer struct {
		Named
		Keyed
		Body CounterTerms
	}
	// DeclineOffer refuses an offer.
	DeclineOffer struct {
		Named
		Keyed
		Body DeclineTerms
	}
)

func (s *server) offers() {
	handle(s, huma.Operation{
		OperationID: "list-offers", Method: http.MethodGet, Path: "/v1/offers", Tags: []string{"offers"},
		Summary: "List the offers that the organization is a side of, newest first",
	}, mayRead, s.listOffers)
	handle(s, huma.Operation{
		OperationID: "get-offer", Method: http.MethodGet, Path: "/v1/offers/{id}", Tags: []string{"offers"},
		Summary: "Read an offer",
	}, mayRead, s.getOffer)
	handle(s, huma.Operation{
		OperationID: "list-bids", Method: http.MethodGet, Path: "/v1/offers/{id}/bids", Tags: []string{"offers"},
		Summary: "The prices that the two sides of an offer have named, the first first",
	}, mayRead, s.listBids)
	handle(s, huma.Operation{
		OperationID: "receive-offer", Method: http.MethodPost, Path: "/v1/offers/{id}/received", Tags: []string{"offers"},
		Summary: "Note that the offer has reached one of the operator's devices: its clock begins to run",
	}, mayHaul, s.receiveOffer)
	handle(s, huma.Operation{
		OperationID: "see-offer", Method: http.MethodPost, Path: "/v1/offers/{id}/seen", Tags: []string{"offers"},
		Summary: "Note that the operator has the offer on screen",
	}, mayHaul, s.seeOffer)
	handle(s, huma.Operation{
		OperationID: "accept-offer", Method: http.MethodPost, Path: "/v1/offers/{id}/accept", Tags: []string{"offers"},
		Summary: "Book the load at terms no worse than those of the version named; the side that is asked says yes",
	}, mayAsk, s.acceptOffer)
	handle(s, huma.Operation{
		OperationID: "counter-offer", Method: http.MethodPost, Path: "/v1/offers/{id}/counter", Tags: []string{"offers"},
		Summary: "Name another price; the other side answers yes, no or with one of its own",
	}, mayAsk, s.counterOffer)
	handle(s, huma.Operation{
		OperationID: "decline-offer", Method: http.MethodPost, Path: "/v1/offers/{id}/decline", Tags: []string{"offers"},
		Summary: "Refuse an offer",
	}, mayAsk, s.declineOffer)
}

func (s *server) listOffers(ctx context.Context, c *call, in *ListOffers) (*List[Offer], error) {
	q, err := in.query(c, anOffer, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Offers, func(d *freight.Deal) (Offer, error) {
		return viewOffer(q.Scope, d), nil
	})
}

func (s *server) getOffer(ctx context.Context, c *call, in *Named) (*One[Offer], error) {
	return about(anOffer, in.ID, func() (*One[Offer], error) {
		deal, seq, err := s.cfg.Reader.Offer(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		return one(s, c, deal.Offer.Version, seq, viewOffer(c.scope(), &deal)), nil
	})
}

func (s *server) listBids(ctx context.Context, c *call, in *Named) (*Reflected[Bids], error) {
	return about(anOffer, in.ID, func() (*Reflected[Bids], error) {
		bids, seq, err := s.cfg.Reader.Bids(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		out := Bids{Items: []Bid{}}
		for _, b := range bids {
			out.Items = append(out.Items, Bid{when(b.At), b.By, b.Price})
		}
		return &Reflected[Bids]{s.cursor(c, seq), out}, nil
	})
}

func (s *server) seeOffer(ctx context.Context, c *call, in *SeeOffer) (*One[Offer], error) {
	return about(anOffer, in.ID, func() (*One[Offer], error) {
		return s.receipt(ctx, c, in.Key, in.ID, freight.SeeOffer{Offer: in.ID})
	})
}

func (s *server) receiveOffer(ctx context.Context, c *call, in *SeeOffer) (*One[Offer], error) {
	return about(anOffer, in.ID, func() (*One[Offer], error) {
		return s.receipt(ctx, c, in.Key, in.ID, freight.ReceiveOffer{Offer: in.ID})
	})
}

func (s *server) declineOffer(ctx context.Context, c *call, in *DeclineOffer) (*One[Offer], error) {
	return about(anOffer, in.ID, func() (*One[Offer], error) {
		act := freight.DeclineOffer{Offer: in.ID, Version: in.Body.Version, Reason: in.Body.Reason}
		return s.changeOffer(ctx, c, in.Key, in.ID, act)
	})
}

func (s *server) counterOffer(ctx context.Context, c *call, in *CounterOffer) (*One[Offer], error) {
	return about(anOffer, in.ID, func() (*One[Offer], error) {
		act := freight.CounterOffer{Offer: in.ID, Version: in.Body.Version, Price: freight.Fen(in.Body.PriceFen), Sure: in.Body.Sure, Over: in.Body.Over}
		return s.changeOffer(ctx, c, in.Key, in.ID, act)
	})
}

// changeOffer answers with the offer as the exchange committed it, beside the
// load and the names that its deal shows.
func (s *server) changeOffer(ctx context.Context, c *call, key string, id freight.ID, act freight.Act) (*One[Offer], error) {
	result, err := s.do(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Offer == nil {
		return nil, incomplete(act)
	}
	deal, _, err := s.cfg.Reader.Offer(ctx, c.scope(), id)
	if err != nil {
		return nil, err
	}
	deal.Offer = result.Offer
	return one(s, c, deal.Offer.Version, result.Seq, viewOffer(c.scope(), &deal)), nil
}

// receipt notes that an offer has reached somebody. One that ended on the way is no fault of
// whoever tells it: he is told how it stands.
func (s *server) receipt(ctx context.Context, c *call, key string, id freight.ID, act freight.Act) (*One[Offer], error) {
	out, err := s.changeOffer(ctx, c, key, id, act)
	if freight.CodeOf(err) != freight.Conflict {
		return out, err
	}
	deal, seq, gone := s.cfg.Reader.Offer(ctx, c.scope(), id)
	if gone != nil || deal.Offer.Open() {
		return nil, err
	}
	return one(s, c, deal.Offer.Version, seq, viewOffer(c.scope(), &deal)), nil
}

func (s *server) acceptOffer(ctx context.Context, c *call, in *AcceptOffer) (*One[Booking], error) {
	return about(anOffer, in.ID, func() (*One[Booking], error) {
		return s.booked(ctx, c, in.Key, freight.AcceptOffer{Offer: in.ID, Version: in.Body.Version, Over: in.Body.Over})
	})
}

// booked answers with the booking as the exchange committed it. What it
// shows of the other side follows from the booking's present state: an answer
// given again after a release tells no address.
func (s *server) booked(ctx context.Context, c *call, key string, act freight.Act) (*One[Booking], error) {
	result, err := s.do(ctx, c, key, act)
	if err != nil {
		return nil, err
	}
	if result.Booking == nil {
		return nil, incomplete(act)
	}
	deal, err := s.dealOf(ctx, c, &result)
	if err != nil {
		return nil, err
	}
	return one(s, c, deal.Booking.Version, result.Seq, viewBooking(c.scope(), deal)), nil
}

// dealOf is what a booking is shown with: as its commit left it or, in an answer given
// again, as it is now.
func (s *server) dealOf(ctx context.Context, c *call, result *freight.Result) (*freight.Deal, error) {
	if fresh := result.Deal; fresh != nil {
		deal, b := *fresh, fresh.Booking
		known, err := s.cfg.Reader.Parties(ctx, b.Shipper, b.Org)
		deal.Shipper, deal.Carrier = known[b.Shipper], known[b.Org]
		return &deal, err
	}
	deal, _, err := s.cfg.Reader.Booking(ctx, c.scope(), result.Booking.ID)
	if err == nil && deal.Booking.Live() {
		deal.Booking = result.Booking
	}
	return &deal, err
}
