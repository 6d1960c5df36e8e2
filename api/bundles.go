package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// BundleLine is one offer of a bundle, with its booking where it led to one.
type BundleLine struct {
	Offer     Offer      `json:"offer"`
	BookingID freight.ID `json:"booking_id,omitempty"`
}

// Bundle is the offers on one trip that were put before its operator together.
type Bundle struct {
	ID        freight.ID   `json:"id"`
	Version   int64        `json:"version" doc:"Rises when an offer of it ends, comes or has new terms"`
	State     string       `json:"state" enum:"open,ended" doc:"open: some of its offers can be answered"`
	TripID    freight.ID   `json:"trip_id"`
	PriceFen  freight.Fen  `json:"price_fen" doc:"Of the open offers together"`
	Detour    Drive        `json:"detour" doc:"What the open offers add to the trip together"`
	ExpiresAt time.Time    `json:"expires_at,omitzero" doc:"When the first of the open offers ends"`
	Lines     []BundleLine `json:"lines" doc:"In the order in which each stands upon those before it; those that ended too"`
}

// AcceptBundleTerms name what is accepted.
type AcceptBundleTerms struct {
	Version int64        `json:"version" minimum:"1" doc:"The version shown; all is booked at terms no worse, or nothing"`
	Lines   []freight.ID `json:"lines,omitempty" minItems:"1" maxItems:"64" uniqueItems:"true" doc:"Offers; the whole when left out"`
}

// DeclineBundleTerms name what is refused, and why.
type DeclineBundleTerms struct {
	Version int64          `json:"version" minimum:"1" doc:"The version shown"`
	Lines   []freight.ID   `json:"lines,omitempty" minItems:"1" maxItems:"64" uniqueItems:"true" doc:"Offers; the whole when left out"`
	Reason  freight.Reason `json:"reason,omitempty" enum:"declined,price,detour_distance,detour_time,stops,equipment,piece,weight,volume,deck,window_pickup,window_delivery,calendar" doc:"declined when left out"`
}

// Requests about bundles.
type (
	// ListBundles lists what was put before the organization together.
	ListBundles struct {
		Listing
		State string `query:"state" enum:"open" doc:"open: those that can be answered. All when left out"`
	}
	// AcceptBundle books loads of a bundle.
	AcceptBundle struct {
		Named
		Keyed
		Body AcceptBundleTerms
	}
	// DeclineBundle refuses offers of a bundle.
	DeclineBundle struct {
		Named
		Keyed
		Body DeclineBundleTerms
	}
)

func (s *server) bundles() {
	handle(s, huma.Operation{
		OperationID: "list-bundles", Method: http.MethodGet, Path: "/v1/bundles", Tags: []string{"offers"},
		Summary: "List the bundles of offers that were put before the organization, newest first",
	}, mayRead, s.listBundles)
	handle(s, huma.Operation{
		OperationID: "get-bundle", Method: http.MethodGet, Path: "/v1/bundles/{id}", Tags: []string{"offers"},
		Summary: "Read a bundle",
	}, mayRead, s.getBundle)
	handle(s, huma.Operation{
		OperationID: "accept-bundle", Method: http.MethodPost, Path: "/v1/bundles/{id}/accept", Tags: []string{"offers"},
		Summary: "Book the whole bundle, or the lines named, at terms no worse than those of the version named: all in one, or nothing",
	}, mayHaul, s.acceptBundle)
	handle(s, huma.Operation{
		OperationID: "decline-bundle", Method: http.MethodPost, Path: "/v1/bundles/{id}/decline", Tags: []string{"offers"},
		Summary: "Refuse the whole bundle, or the lines named; the others are judged and priced anew",
	}, mayHaul, s.declineBundle)
}

func (s *server) listBundles(ctx context.Context, c *call, in *ListBundles) (*List[Bundle], error) {
	q, err := in.query(c, aBundle, in.State)
	if err != nil {
		return nil, err
	}
	return list(ctx, s, c, q, s.cfg.Reader.Bundles, func(b *freight.Bundle) (Bundle, error) { return viewBundle(q.Scope, b), nil })
}

func (s *server) getBundle(ctx context.Context, c *call, in *Named) (*One[Bundle], error) {
	return about(aBundle, in.ID, func() (*One[Bundle], error) { return s.oneBundle(ctx, c, in.ID) })
}

func (s *server) oneBundle(ctx context.Context, c *call, id freight.ID) (*One[Bundle], error) {
	b, seq, err := s.cfg.Reader.Bundle(ctx, c.scope(), id)
	if err != nil {
		return nil, err
	}
	return one(s, c, b.Version, seq, viewBundle(c.scope(), &b)), nil
}

func (s *server) acceptBundle(ctx context.Context, c *call, in *AcceptBundle) (*One[Bundle], error) {
	return s.changeBundle(ctx, c, in.Key, in.ID, freight.AcceptBundle{Bundle: in.ID, Version: in.Body.Version, Lines: in.Body.Lines})
}

func (s *server) declineBundle(ctx context.Context, c *call, in *DeclineBundle) (*One[Bundle], error) {
	act := freight.DeclineBundle{Bundle: in.ID, Version: in.Body.Version, Lines: in.Body.Lines, Reason: in.Body.Reason}
	return s.changeBundle(ctx, c, in.Key, in.ID, act)
}

// changeBundle answers with the bundle as it is now: what has become of its other offers
// meanwhile belongs to it.
func (s *server) changeBundle(ctx context.Context, c *call, key string, id freight.ID, act freight.Act) (*One[Bundle], error) {
	return about(aBundle, id, func() (*One[Bundle], error) {
		if _, err := s.do(ctx, c, key, act); err != nil {
			return nil, s.brokenBundle(ctx, c, id, err)
		}
		return s.oneBundle(ctx, c, id)
	})
}

// brokenBundle adds to the refusal of a bundle which of its offers have ended, and how:
// the exchange keeps only those that can be answered.
func (s *server) brokenBundle(ctx context.Context, c *call, id freight.ID, refusal error) error {
	var e *freight.Error
	if !errors.As(refusal, &e) || e.Code != freight.NotFound && e.Problem != freight.ProblemStale {
		return refusal
	}
	b, _, err := s.cfg.Reader.Bundle(ctx, c.scope(), id)
	switch {
	case freight.CodeOf(err) == freight.NotFound:
		return refusal
	case err != nil:
		return err
	case b.Lines[0].Offer.Org != c.org:
		return refusal
	}
	told := *e
	told.More = append([]freight.Error(nil), e.More...)
	for i := range b.Lines {
		if o := b.Lines[i].Offer; !o.Open() {
			told.More = append(told.More, *freight.Refuse(endedAs(o.State), "lines", string(o.ID)))
		}
	}
	if e.Code == freight.NotFound && len(told.More) == len(b.Lines) {
		first := told.More[0]
		first.More = told.More[1:]
		return &first
	}
	return &told
}

// endedAs is the problem of an offer that has ended in a state.
func endedAs(state freight.OfferState) freight.Problem {
	switch state {
	case freight.OfferSuperseded, freight.OfferWithdrawn:
		return freight.ProblemTaken
	case freight.OfferExpired:
		return freight.ProblemExpired
	}
	return freight.ProblemState
}

// viewBundle shows a bundle to its operator or to the desk.
func viewBundle(scope freight.Scope, b *freight.Bundle) Bundle {
	out := Bundle{ID: b.ID, Version: b.Version, State: "ended", TripID: b.Lines[0].Offer.Trip, Lines: []BundleLine{}}
	for i := range b.Lines {
		d := &b.Lines[i]
		line := BundleLine{Offer: viewOffer(scope, d)}
		if d.Booking != nil {
			line.BookingID = d.Booking.ID
		}
		out.Lines = append(out.Lines, line)
		o := d.Offer
		if !o.Open() {
			continue
		}
		out.State, out.PriceFen = "open", out.PriceFen+o.Price
		out.Detour.Metres, out.Detour.Seconds = out.Detour.Metres+o.DetourM, out.Detour.Seconds+o.DetourS
		if ends := when(o.Expires); out.ExpiresAt.IsZero() || ends.Before(out.ExpiresAt) {
			out.ExpiresAt = ends
		}
	}
	return out
}

// LineFacts are what an event tells of one offer of a bundle.
type LineFacts struct {
	OfferID  freight.ID         `json:"offer_id"`
	LoadID   freight.ID         `json:"load_id"`
	State    freight.OfferState `json:"state"`
	Reason   freight.Reason     `json:"reason,omitempty" doc:"Why it ended without a booking"`
	PriceFen freight.Fen        `json:"price_fen"`
	Detour   Drive              `json:"detour"`
}

func lineFacts(list []freight.BundleLine) []LineFacts {
	var out []LineFacts
	for _, l := range list {
		out = append(out, LineFacts{l.Offer, l.Load, l.State, l.Reason, l.Price, Drive{l.DetourM, l.DetourS}})
	}
	return out
}
