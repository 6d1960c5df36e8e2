package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"pinhuo/freight"
)

// GoodsTerms tell what happened to the goods of a booking.
type GoodsTerms struct {
	Version int64                `json:"version,omitempty" minimum:"1" doc:"The version shown; whatever there is when left out"`
	Event   freight.BookingEvent `json:"event" enum:"arrive,load,hand_over,refuse,return,cancel,no_show" doc:"arrive: the truck is at the dock, of the pickup or, with the goods aboard, of the delivery; load: they are aboard; hand_over: they are with the consignee; refuse: the consignee does not take them, they stay aboard and the desk has a ticket; return: they are back; cancel: the carrier does not fetch them, which ends the booking and has a fee; no_show: the truck waited to the end of the pickup window and they were not there. The shipper may tell hand_over and return too"`
	At      time.Time            `json:"at,omitzero" doc:"When it happened, by the clock of what tells it; now when left out. Up to 2 days ago: phones without a network tell later"`
	Pieces  int64                `json:"pieces,omitempty" minimum:"0" maximum:"100000" doc:"Handed over; all when left out"`
	Text    string               `json:"text,omitempty" maxLength:"200" doc:"In the words of who tells it"`
}

// MoveGoods tells what happened to the goods of a booking.
type MoveGoods struct {
	Named
	Keyed
	Body GoodsTerms
}

// Step is one thing that was told of the goods of a booking.
type Step struct {
	Event  freight.BookingEvent `json:"event" enum:"arrive,load,hand_over,refuse,return,cancel,no_show,strand"`
	At     time.Time            `json:"at" doc:"When it happened, by the clock of what told it"`
	ToldAt time.Time            `json:"told_at" doc:"When the exchange heard of it"`
	By     freight.Side         `json:"by" enum:"shipper,carrier,exchange"`
	Pieces int64                `json:"pieces,omitempty"`
	Where  *Spot                `json:"where,omitempty" doc:"Of strand: where the truck stands"`
	Text   string               `json:"text,omitempty"`
}

func (s *server) goods() {
	handle(s, huma.Operation{
		OperationID: "move-goods", Method: http.MethodPost, Path: "/v1/bookings/{id}/goods", Tags: []string{"bookings"},
		Summary: "Tell what happened to the goods: at the dock, loaded, handed over, refused, back; told twice, it is answered alike",
	}, mayAsk, s.moveGoods)
}

func (s *server) moveGoods(ctx context.Context, c *call, in *MoveGoods) (*One[Booking], error) {
	act := freight.MoveGoods{Booking: in.ID, Version: in.Body.Version, Event: in.Body.Event, At: instant(in.Body.At), Pieces: in.Body.Pieces, Text: in.Body.Text}
	return s.changeBooking(ctx, c, in.Key, in.ID, act)
}

func viewSteps(b *freight.Booking) []Step {
	list := make([]Step, len(b.Custody.Steps))
	for i, s := range b.Custody.Steps {
		list[i] = Step{Event: s.Event, At: when(s.At), ToldAt: when(s.Got), By: s.By, Pieces: s.Pieces, Where: viewSpot(s.Point), Text: s.Text}
	}
	return list
}
