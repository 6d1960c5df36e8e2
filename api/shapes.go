package api

import (
	"time"

	"pinhuo/freight"
)

// Place is where something happens. Without the right to see the address its
// point is that of a grid about ten kilometres wide.
type Place struct {
	Lat     Decimal `json:"lat" minimum:"-180" maximum:"180" doc:"Degrees, WGS-84; what is a longitude is told as swapped"`
	Lng     Decimal `json:"lng" minimum:"-180" maximum:"180" doc:"Degrees, WGS-84"`
	Town    string  `json:"town" minLength:"1" maxLength:"64" doc:"Public"`
	Address string  `json:"address,omitempty" maxLength:"200" doc:"Only for the two sides of a live booking"`
}

// Window is the time in which service at a stop may begin.
type Window struct {
	Open  time.Time `json:"open"`
	Close time.Time `json:"close"`
}

// Contact is a person at a stop, told only to the two sides of a live booking.
type Contact struct {
	Name  string `json:"name,omitempty" maxLength:"64"`
	Phone string `json:"phone,omitempty" maxLength:"32"`
}

// StopTerms is a stop as it is stated.
type StopTerms struct {
	Place    Place    `json:"place"`
	Window   Window   `json:"window"`
	ServiceS *int64   `json:"service_s,omitempty" minimum:"0" maximum:"86400" doc:"Seconds of service; when left out: of a load what its pieces take by the table freight/handling.json, 900 where they are not known; of a trip 900"`
	Contact  *Contact `json:"contact,omitempty"`
	Gates
}

// Stop is a stop as the reader may see it.
type Stop struct {
	Place    Place    `json:"place"`
	Window   Window   `json:"window"`
	ServiceS int64    `json:"service_s" doc:"Seconds"`
	Contact  *Contact `json:"contact,omitempty"`
	Gates
	TruckBans []TruckBan `json:"truck_bans,omitempty" doc:"When trucks may not be at the place, as it was known when the stop was stated; for those who may see where it is. A truck is served outside these hours. They are judged at stops only: whether the way there leads through a ban is not looked at"`
}

// Piece is a number of equal handling units.
type Piece struct {
	Count   int64   `json:"count" minimum:"1" maximum:"10000"`
	LengthM Decimal `json:"length_m" minimum:"0" doc:"Metres"`
	WidthM  Decimal `json:"width_m" minimum:"0" doc:"Metres"`
	HeightM Decimal `json:"height_m" minimum:"0" doc:"Metres"`
	Kg      Decimal `json:"kg,omitempty" minimum:"0" doc:"Of one unit"`
	// Stacking of this line.
	Stacking string `json:"stacking,omitempty" enum:"none,stackable,top_only" doc:"Of this line; when left out: that of the load"`
}

// SizeTerms is a size as it is stated: pieces, or kg and floor_m.
type SizeTerms struct {
	Kg     Decimal `json:"kg,omitempty" minimum:"0" doc:"Gross weight; at least that of the pieces is taken"`
	Litres Decimal `json:"litres,omitempty" minimum:"0" doc:"Volume; at least that of the pieces is taken"`
	FloorM Decimal `json:"floor_m,omitempty" minimum:"0" doc:"Metres of a deck 2.4 m wide; at least what the pieces need is taken"`
	Pieces []Piece `json:"pieces,omitempty" maxItems:"50"`
	Handling
}

// Size is what a load measures.
type Size struct {
	Room
	Pieces []Piece `json:"pieces,omitempty"`
	Handling
}

// Handling is how a load is stacked and reached.
type Handling struct {
	Stacking string `json:"stacking,omitempty" enum:"none,stackable,top_only" doc:"none, the usual: nothing on top; stackable: pieces of one line stand on each other as high as the box; top_only: may lie on top of a stack of the same load, bears nothing. Loads are never stacked on one another"`
	Access   string `json:"access,omitempty" enum:"rear,side,top" doc:"The only way to reach it: rear doors, the side, or from above; when left out: however the vehicle opens"`
}

// Room is weight, volume and floor.
type Room struct {
	Kg     Decimal `json:"kg"`
	Litres Decimal `json:"litres"`
	FloorM Decimal `json:"floor_m" doc:"Metres of a deck 2.4 m wide"`
}

// RoomTerms is spare room as it is stated.
type RoomTerms struct {
	Kg     Decimal `json:"kg" minimum:"0"`
	Litres Decimal `json:"litres,omitempty" minimum:"0" doc:"When left out: floor_m × 2.4 m × the inner height"`
	FloorM Decimal `json:"floor_m" minimum:"0" doc:"Metres of a deck 2.4 m wide"`
}

// Drive is a drive on the road.
type Drive struct {
	Metres  int64 `json:"metres"`
	Seconds int64 `json:"seconds"`
}

// Leg is a drive and the router that measured it.
type Leg struct {
	Drive
	Router
}

// Router names the router that measured the distances, and its data.
type Router struct {
	Method  string `json:"method"`
	Version string `json:"version"`
}

// Party is an organization as others see it.
type Party struct {
	ID     freight.ID `json:"id"`
	Name   string     `json:"name" doc:"Empty on the board for an organization that is not vetted"`
	Record *Record    `json:"record,omitempty" doc:"How it has kept its word over the last 90 days; only where it is named"`
}

// Record is how an organization has kept its word: so many of so many.
type Record struct {
	New      bool  `json:"new,omitempty" doc:"Nothing has been counted of it yet"`
	Asked    int64 `json:"asked" doc:"Offers that reached it and ended by an answer or by their clock"`
	Answered int64 `json:"answered" doc:"Of those, by an answer; a no is one"`
	Owed     int64 `json:"owed" doc:"Bookings that rode to the end of their trip, or that it took back"`
	Kept     int64 `json:"kept" doc:"Of those, not taken back. Whether the goods came in time is not in it: that wants proof"`

	AskedAgain  int64 `json:"asked_again" doc:"Of an operator: booked trips before which it was asked whether it drives, but for those that it took back then"`
	Reconfirmed int64 `json:"reconfirmed" doc:"Of those, it said so in time"`
}

func viewRecord(r freight.Record) *Record {
	return &Record{New: r.New(), Asked: r.Asked, Answered: r.Answered, Owed: r.Owed, Kept: r.Kept, AskedAgain: r.AskedAgain, Reconfirmed: r.Reconfirmed}
}

// Page is a part of a list, newest first unless the operation says otherwise.
type Page[T any] struct {
	Items  []T        `json:"items"`
	Next   freight.ID `json:"next,omitempty" doc:"Pass as after for the next page; absent at the end"`
	Cursor string     `json:"cursor" doc:"The position in the history of events that the list reflects"`
}

// when converts an instant, 0 to the zero time.
func when(i freight.Instant) time.Time {
	if i == 0 {
		return time.Time{}
	}
	return i.Time()
}

// instant converts a time, the zero time to 0.
func instant(t time.Time) freight.Instant {
	if t.IsZero() {
		return 0
	}
	return freight.At(t)
}
