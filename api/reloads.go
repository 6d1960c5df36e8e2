package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// HomeLoad is one load that a truck could carry home. Whose it is nobody is told before
// a booking.
type HomeLoad struct {
	LoadID    freight.ID  `json:"load_id"`
	Open      bool        `json:"open" doc:"It is still on the market as it was then"`
	Load      OfferedLoad `json:"load"`
	PriceFen  freight.Fen `json:"price_fen" doc:"What its shipper would pay the carrier"`
	PickupETA time.Time   `json:"pickup_eta"`
	DropETA   time.Time   `json:"drop_eta"`
}

// WayHome is what a truck could carry home from the end of its trip, as its operator was
// told last. Nobody is asked or promised anything by it: the loads are offered once the
// way home is announced as a trip after this one.
type WayHome struct {
	TripID       freight.ID  `json:"trip_id"`
	At           time.Time   `json:"at"`
	From         Place       `json:"from" doc:"Where the trip ends"`
	Home         Place       `json:"home"`
	Departs      Window      `json:"departs" doc:"When the truck could set out home"`
	BackBy       time.Time   `json:"back_by"`
	DepartsBy    time.Time   `json:"departs_by" doc:"Last departure that keeps every window of the loads"`
	Direct       Leg         `json:"direct" doc:"The drive home by itself"`
	Loads        []HomeLoad  `json:"loads" doc:"In the order in which they are put in"`
	PriceFen     freight.Fen `json:"price_fen" doc:"What the loads would pay together"`
	FirstFen     int64       `json:"first_value_fen" doc:"What the loads of the trip save, less what they cost it"`
	ThenFen      int64       `json:"then_value_fen" doc:"What those of the way home would save, less what they cost it"`
	RiskPermille int64       `json:"risk_permille" doc:"That the trip fails, per mille, by the table freight/risks.json"`
	ValueFen     int64       `json:"value_fen" doc:"Of the chain: first_value_fen and what the risk leaves of then_value_fen"`
	NextID       freight.ID  `json:"next_trip_id,omitempty" doc:"The trip that has been announced after this one"`
}

func (s *server) reloads() {
	handle(s, huma.Operation{
		OperationID: "get-reload", Method: http.MethodGet, Path: "/v1/trips/{id}/reload", Tags: []string{"trips"},
		Summary: "What the truck could carry home from the end of the trip",
	}, mayRead, s.getReload)
}

func (s *server) getReload(ctx context.Context, c *call, in *Named) (*Reflected[WayHome], error) {
	return about(aTrip, in.ID, func() (*Reflected[WayHome], error) {
		h, seq, err := s.cfg.Reader.Homeward(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		if h.Trip.Tied().Reload == nil || h.Trip.Home() == nil {
			return nil, &freight.Error{Code: freight.NotFound, Problem: freight.ProblemNotYet, Field: "reload", Value: string(in.ID)}
		}
		return &Reflected[WayHome]{s.cursor(c, seq), viewReload(&h)}, nil
	})
}

// viewReload shows a reload to the trip's own side and the desk: the loads as an offer
// shows them.
func viewReload(h *freight.Homeward) WayHome {
	t := &h.Trip
	tied := t.Tied()
	r := tied.Reload
	out := WayHome{
		TripID: t.ID, At: when(r.At), From: ofOwn.place(t.Stops[len(t.Stops)-1].Place), Home: ofOwn.place(*t.Home()), Departs: window(r.Departs),
		BackBy: when(r.Back), DepartsBy: when(r.Until), Loads: []HomeLoad{}, PriceFen: r.Price, FirstFen: r.First, ThenFen: r.Then,
		Direct:       Leg{Drive{r.Drive.Metres, r.Drive.Seconds}, Router{r.Drive.Method, r.Drive.Version}},
		RiskPermille: r.Risk, ValueFen: r.Value, NextID: tied.Next,
	}
	for i, line := range r.Lines {
		l := &h.Loads[i]
		out.Loads = append(out.Loads, HomeLoad{
			LoadID: line.Load, Open: l.State == freight.LoadPosted && l.Stated == line.Stated, PriceFen: line.Price,
			PickupETA: when(line.Pickup), DropETA: when(line.Drop), Load: offered(l),
		})
	}
	return out
}

// chain shows what ties a trip to others.
func (out *Trip) chain(t *freight.Trip) {
	tied := t.Tied()
	out.After, out.Next = t.After(), tied.Next
	if home := t.Home(); home != nil {
		at := ofOwn.place(*home)
		out.Home = &at
	}
	if tied.Reload != nil {
		out.Reloaded = when(tied.Reload.At)
	}
}

// place shows a place.
func (rel relation) place(p freight.Place) Place {
	out := Place{Town: p.Town}
	out.Lat, out.Lng = rel.seen(p.Point)
	if rel >= ofCounterpart {
		out.Address = p.Address
	}
	return out
}

// offered shows a load as an offer does.
func offered(l *freight.Load) OfferedLoad {
	return OfferedLoad{Goods: l.Goods, Size: size(l.Size), Needs: l.Needs.Names(), CareTerms: viewCare(l.Care), Hold: l.Hold, Pickup: halt(l.Pickup), Delivery: halt(l.Delivery)}
}
