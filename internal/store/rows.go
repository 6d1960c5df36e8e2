package store

import "pinhuo/freight"

// stopBody is what of a stop has no column: its window has.
type stopBody struct {
	Place    *freight.Place   `json:"place"`
	ServiceS *int64           `json:"service_s"`
	Contact  *freight.Contact `json:"contact"`
	Gate     *freight.Gate    `json:"gate"`
	Bans     *freight.Bans    `json:"bans,omitempty"` // since truck bans are judged
}

func bodyOf(s *freight.Stop) stopBody {
	return stopBody{Place: &s.Place, ServiceS: &s.ServiceS, Contact: &s.Contact, Gate: &s.Gate, Bans: &s.Bans}
}

type loadBody struct {
	Goods    *string           `json:"goods"`
	Pickup   stopBody          `json:"pickup"`
	Delivery stopBody          `json:"delivery"`
	Pieces   *[]freight.Piece  `json:"pieces"`
	Stacking *freight.Stacking `json:"stacking"`
	Access   *freight.Access   `json:"access"`
	Care     *freight.Care     `json:"care"`
	Named    **freight.Remedy  `json:"named,omitempty"` // these three since the desk knows what was asked in vain
	Applied  *bool             `json:"applied,omitempty"`
	Turned   *freight.Instant  `json:"turned,omitempty"`
	Hold     *bool             `json:"hold,omitempty"`        // since shippers may look first
	Sole     *int64            `json:"exclusive_s,omitempty"` // since operators may be asked one at a time
	Word     *freight.Lease    `json:"word,omitzero"`         // since owners are asked whether it is still true
}

var loadTable = entity(freight.KindLoad, "loads", []string{
	"ref", "state", "outcome", "stated", "posted", "first", "pickup_open", "pickup_close", "delivery_open", "delivery_close",
	"grams", "millilitres", "floor_mm", "needs", "ceiling", "alone", "direct_m", "direct_s", "matrix_method", "matrix_version",
	"answer_by", "answered", "booking_id", "body",
}, func(l *freight.Load) *freight.Meta { return &l.Meta }, func(l *freight.Load, to []any) []any {
	return append(to, &l.Ref, &l.State, &l.Outcome, &l.Stated, &l.Posted, &l.First,
		&l.Pickup.Window.Open, &l.Pickup.Window.Close, &l.Delivery.Window.Open, &l.Delivery.Window.Close,
		&l.Size.Grams, &l.Size.Millilitres, &l.Size.FloorMM, &l.Needs, &l.Ceiling, &l.Alone,
		&l.Direct.Metres, &l.Direct.Seconds, &l.Direct.Method, &l.Direct.Version, &l.AnswerBy, &l.Answer, &l.Booking)
}, func(l *freight.Load) any {
	return &loadBody{Goods: &l.Goods, Pickup: bodyOf(&l.Pickup), Delivery: bodyOf(&l.Delivery), Pieces: &l.Size.Pieces,
		Stacking: &l.Size.Stacking, Access: &l.Size.Access, Care: &l.Care,
		Named: &l.Named, Applied: &l.Applied, Turned: &l.Turned, Hold: &l.Hold, Sole: &l.ExclusiveS, Word: &l.Word}
})

type tripBody struct {
	Opened  *freight.Instant      `json:"opened,omitempty"` // these two since trips without loads are told why
	Answer  *freight.Instant      `json:"answer,omitempty"`
	Vehicle *freight.VehicleTerms `json:"vehicle"`
	Stops   *[]freight.Stop       `json:"stops"`
	Rooms   *[]freight.Room       `json:"rooms"`
	Plan    *[]freight.Call       `json:"plan"`
	Duty    *freight.Duty         `json:"duty,omitzero"`
	Chain   **freight.Chain       `json:"chain,omitempty"`
	Tie     **freight.Tie         `json:"tie,omitempty"`
	BookNow *bool                 `json:"book_now,omitempty"` // since trips may be booked from the board
	Word    *freight.Lease        `json:"word,omitzero"`      // since operators are asked whether it is still true
	Again   *freight.Again        `json:"again,omitzero"`     // since they are asked once more
	Road    **freight.Road        `json:"road,omitempty"`     // since trips may be told to be late
}

var tripTable = entity(freight.KindTrip, "trips", []string{
	"ref", "vehicle_id", "state", "stated", "roaming", "horizon", "lease", "least", "limit_m", "limit_s", "limit_stops",
	"direct_m", "direct_s", "matrix_method", "matrix_version", "due", "cover", "short", "body",
}, func(t *freight.Trip) *freight.Meta { return &t.Meta }, func(t *freight.Trip, to []any) []any {
	return append(to, &t.Ref, &t.VehicleID, &t.State, &t.Stated, &t.Roaming, &t.Horizon, &t.Lease, &t.Least,
		&t.Limits.DetourM, &t.Limits.DetourS, &t.Limits.ExtraStops, &t.DirectM, &t.DirectS, &t.Router.Method, &t.Router.Version,
		&t.Due, &t.Cover, &t.Short)
}, func(t *freight.Trip) any {
	return &tripBody{Opened: &t.Opened, Answer: &t.Answer, Vehicle: &t.Vehicle, Stops: &t.Stops, Rooms: &t.Rooms, Plan: &t.Plan, Duty: &t.Duty,
		Chain: &t.Chain, Tie: &t.Tie, BookNow: &t.BookNow, Word: &t.Word, Again: &t.Again, Road: &t.Road}
})

var offerTable = entity(freight.KindOffer, "offers", []string{
	"state", "reason", "shipper_id", "load_id", "load_version", "trip_id", "trip_version", "expires", "price", "alone",
	"detour_m", "detour_s", "pickup_at", "delivery_at", "pickup_eta", "drop_eta", "departure", "matrix_method", "matrix_version",
	"after_id", "bundle_id", "edition", "costs", "lane", "auto", "received", "latest", "counter", "countered_by", "rounds", "sole", "taken",
}, func(o *freight.Offer) *freight.Meta { return &o.Meta }, func(o *freight.Offer, to []any) []any {
	return append(to, &o.State, &o.Reason, &o.Shipper, &o.Load, &o.LoadVersion, &o.Trip, &o.TripVersion,
		&o.Expires, &o.Price, &o.Alone, &o.DetourM, &o.DetourS, &o.PickupAt, &o.DeliveryAt, &o.PickupETA, &o.DropETA,
		&o.Departure, &o.Router.Method, &o.Router.Version, &o.After, &o.Bundle, &o.Edition, &o.Costs,
		&o.Lane, &o.Auto, &o.Received, &o.Latest, &o.Counter, &o.By, &o.Rounds, &o.Sole, &o.Taken)
}, nil)

var bookingTable = entity(freight.KindBooking, "bookings", []string{
	"state", "cause", "shipper_id", "load_id", "trip_id", "offer_id", "grams", "millilitres", "floor_mm", "price", "alone",
	"pickup_by", "drop_by", "pickup_eta", "drop_eta", "matrix_method", "matrix_version",
	"share", "most", "final", "costs", "fee", "fee_by", "short", "until", "ended_by", "ended", "body",
}, func(b *freight.Booking) *freight.Meta { return &b.Meta }, func(b *freight.Booking, to []any) []any {
	return append(to, &b.State, &b.Cause, &b.Shipper, &b.Load, &b.Trip, &b.Offer,
		&b.Take.Grams, &b.Take.Millilitres, &b.Take.FloorMM, &b.Price, &b.Alone, &b.PickupBy, &b.DropBy,
		&b.PickupETA, &b.DropETA, &b.Router.Method, &b.Router.Version,
		&b.Share, &b.Most, &b.Final, &b.Costs, &b.Fee, &b.FeeBy, &b.Short, &b.Until, &b.By, &b.Ended)
}, func(b *freight.Booking) any { return &b.Custody })

var vehicleTable = entity(freight.KindVehicle, "vehicles", []string{
	"plate_number", "plate_colour", "type", "payload", "length_mm", "width_mm", "height_mm", "has",
	"doors", "door_w", "door_h", "deck_g", "cools_low", "cools_high", "rehandle",
}, func(v *freight.Vehicle) *freight.Meta { return &v.Meta }, func(v *freight.Vehicle, to []any) []any {
	return append(to, &v.Plate.Number, &v.Plate.Colour, &v.Type, &v.Payload,
		&v.Inner.LengthMM, &v.Inner.WidthMM, &v.Inner.HeightMM, &v.Has,
		&v.Doors, &v.DoorW, &v.DoorH, &v.DeckGrams, &v.Cools.Low, &v.Cools.High, &v.Rehandle)
}, nil)

var eventTable = &table[freight.Event]{name: "events", columns: []string{
	"market_id", "seq", "audience", "type", "schema", "at", "actor", "on_behalf_of", "subject", "version", "facts",
}, fields: func(e *freight.Event, to []any) []any {
	return append(to, &e.Market, &e.Seq, &e.Audience, &e.Type, &e.Schema, &e.At, &e.Actor, &e.Behalf, &e.Subject, &e.Version)
}, body: func(e *freight.Event) any { return &e.Facts }}

var changeTable = &table[freight.Change]{name: "changes", columns: []string{
	"market_id", "seq", "kind", "id", "version",
}, fields: func(c *freight.Change, to []any) []any {
	return append(to, &c.Market, &c.Seq, &c.Kind, &c.ID, &c.Version)
}}

// recordTable has the columns of trips and the instant of the commit.
var recordTable = &table[freight.TripRecord]{name: "trip_records",
	columns: append(append([]string{}, tripTable.columns[:len(tripTable.columns)-1]...), "at", "body"),
	fields: func(r *freight.TripRecord, to []any) []any {
		return append(tripTable.fields(&r.Trip, to), &r.At)
	}, body: func(r *freight.TripRecord) any { return tripTable.body(&r.Trip) }}

type explanationBody struct {
	Counts  *[]freight.Count   `json:"counts"`
	Nearest **freight.Near     `json:"nearest"`
	LateS   *int64             `json:"late_s,omitempty"` // these two since remedies are sought
	Remedy  **freight.Remedy   `json:"remedy,omitempty"`
	Next    **freight.NextStep `json:"next,omitempty"`
}

var explanationTable = &table[freight.Explanation]{name: "explanations", columns: []string{
	"load_id", "market_id", "org_id", "at", "trips", "parts", "final", "body",
}, fields: func(e *freight.Explanation, to []any) []any {
	return append(to, &e.Load, &e.Market, &e.Org, &e.At, &e.Trips, &e.Parts, &e.Final)
}, body: func(e *freight.Explanation) any {
	return &explanationBody{Counts: &e.Counts, Nearest: &e.Nearest, LateS: &e.LateS, Remedy: &e.Remedy, Next: &e.Next}
}, replace: "load_id"}

type outlookBody struct {
	Counts  *[]freight.Count `json:"counts"`
	Nearest **freight.Near   `json:"nearest"`
	Remedy  **freight.Remedy `json:"remedy"`
}

var outlookTable = &table[freight.TripExplanation]{name: "trip_explanations", columns: []string{
	"trip_id", "market_id", "org_id", "at", "judged", "loads", "final", "body",
}, fields: func(e *freight.TripExplanation, to []any) []any {
	return append(to, &e.Trip, &e.Market, &e.Org, &e.At, &e.Judged, &e.Loads, &e.Final)
}, body: func(e *freight.TripExplanation) any {
	return &outlookBody{Counts: &e.Counts, Nearest: &e.Nearest, Remedy: &e.Remedy}
}, replace: "trip_id"}
