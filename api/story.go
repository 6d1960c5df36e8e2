package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// StoryClock is an instant at which something happens to the load by itself.
type StoryClock struct {
	At   time.Time  `json:"at"`
	Kind string     `json:"kind" enum:"answer_by,pickup_closes,offer,pool,ticket"`
	ID   freight.ID `json:"id" doc:"Of the load, offer, pool or ticket"`
}

// Story is everything that befell a load. Of other firms it shows what the offer,
// booking or pool by itself would.
type Story struct {
	Load        Load         `json:"load"`
	Explanation *Explanation `json:"explanation,omitempty" doc:"Candidates by reason, and the change that would help"`
	Asked       []Offer      `json:"asked" doc:"Whom the load was offered to, when, at what price, and what came of it; oldest first"`
	Bookings    []Booking    `json:"bookings"`
	Pools       []Pool       `json:"pools" doc:"Trucks that it was asked to share"`
	Tickets     []Ticket     `json:"tickets"`
	Clocks      []StoryClock `json:"clocks" doc:"What still runs, the first first"`
	Refused     []RefusedAct `json:"refused" doc:"Acts about it that were refused, oldest first: the firm's own, for the desk everybody's; the last 500"`
	Acts        []Event      `json:"acts" doc:"What its firm was told, oldest first; the last 500"`
}

func (s *server) stories() {
	handle(s, huma.Operation{
		OperationID: "load-story", Method: http.MethodGet, Path: "/v1/loads/{id}/story", Tags: []string{"loads"},
		Summary: "Everything that befell a load; for its firm and the desk",
	}, mayRead, s.loadStory)
}

func (s *server) loadStory(ctx context.Context, c *call, in *Named) (*Reflected[Story], error) {
	return about(aLoad, in.ID, func() (*Reflected[Story], error) {
		told, seq, err := s.cfg.Desk.Story(ctx, c.scope(), in.ID)
		if err != nil {
			return nil, err
		}
		people, err := s.people(ctx, c)
		if err != nil {
			return nil, err
		}
		shipper, err := s.names.org(ctx, told.Load.Org)
		if err != nil {
			return nil, err
		}
		scope := c.scope()
		out := Story{Load: relationTo(scope, told.Load.Org, ofBoard).load(&told.Load, shipper), Asked: []Offer{}, Bookings: []Booking{},
			Pools: []Pool{}, Tickets: []Ticket{}, Clocks: []StoryClock{}, Refused: []RefusedAct{}, Acts: []Event{}}
		if told.Explanation != nil {
			e := viewExplanation(told.Explanation, people)
			out.Explanation = &e
		}
		for i := range told.Offers {
			out.Asked = append(out.Asked, viewOffer(scope, &told.Offers[i]))
		}
		for i := range told.Bookings {
			out.Bookings = append(out.Bookings, viewBooking(scope, &told.Bookings[i]))
		}
		for i := range told.Pools {
			out.Pools = append(out.Pools, viewPool(scope, &told.Pools[i]))
		}
		for i := range told.Tickets {
			t, err := s.viewTicket(ctx, people, &told.Tickets[i])
			if err != nil {
				return nil, err
			}
			out.Tickets = append(out.Tickets, t)
		}
		for _, clock := range told.Clocks() {
			out.Clocks = append(out.Clocks, StoryClock{when(clock.At), storyClocks[clock.Kind], clock.ID})
		}
		for i := range told.Refused {
			act, err := s.viewAct(ctx, c, &told.Refused[i])
			if err != nil {
				return nil, err
			}
			out.Refused = append(out.Refused, act)
		}
		for i := range told.Events {
			out.Acts = append(out.Acts, viewEvent(&told.Events[i], s.cursor(c, told.Events[i].Seq)))
		}
		return &Reflected[Story]{s.cursor(c, seq), out}, nil
	})
}

// storyClocks names the clocks of a story.
var storyClocks = map[freight.ClockKind]string{
	freight.ClockAnswer: "answer_by", freight.ClockLoad: "pickup_closes", freight.ClockOffer: "offer", freight.ClockPool: "pool", freight.ClockTicket: "ticket",
}
