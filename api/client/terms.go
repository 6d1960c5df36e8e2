package client

import "time"

// Place is where something happens. Address is left out where the reader may
// not know it.
type Place struct {
	Lat     float64 `json:"lat"`
	Lng     float64 `json:"lng"`
	Town    string  `json:"town"`
	Address string  `json:"address,omitempty"`
}

// Window is the time in which service at a stop may begin.
type Window struct {
	Open  time.Time `json:"open"`
	Close time.Time `json:"close"`
}

// Contact is a person at a stop.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Stop is a place to be served. A nil Service asks for the default of 900 s.
type Stop struct {
	Place   Place    `json:"place"`
	Window  Window   `json:"window"`
	Service *int64   `json:"service_s,omitempty"` // seconds
	Contact *Contact `json:"contact,omitempty"`
	Gates   []Gate   `json:"gate_hours,omitempty"`
}

// Gate is when a place lets trucks in on some days of the week.
type Gate struct {
	Days  []string `json:"days,omitempty"` // "mon" to "sun"; nil for every day
	Opens string   `json:"opens"`          // "08:00", in the market's time zone
	Shuts string   `json:"shuts"`
}

// Piece is a number of equal handling units.
type Piece struct {
	Count   int64   `json:"count"`
	LengthM float64 `json:"length_m"`
	WidthM  float64 `json:"width_m"`
	HeightM float64 `json:"height_m"`
	Kg      float64 `json:"kg,omitempty"` // of one
	// Stacking is "none", "stackable" or "top_only"; "" is that of the load.
	Stacking string `json:"stacking,omitempty"`
}

// Size is what a load measures: pieces, or at least kg and floor metres.
type Size struct {
	Kg     float64 `json:"kg,omitempty"`
	Litres float64 `json:"litres,omitempty"`
	FloorM float64 `json:"floor_m,omitempty"`
	Pieces []Piece `json:"pieces,omitempty"`
	// Stacking is "none", "stackable" or "top_only".
	Stacking string `json:"stacking,omitempty"`
	Access   string `json:"access,omitempty"` // "rear", "side" or "top"
}

// Temperature is a range in whole degrees Celsius.
type Temperature struct {
	LowC  int64 `json:"low_c"`
	HighC int64 `json:"high_c"`
}

// Hazmat is dangerous goods.
type Hazmat struct {
	Class   string `json:"class"`
	UN      string `json:"un,omitempty"`
	Limited bool   `json:"limited,omitempty"` // packed in limited quantities
}

// Care is what a load demands of the vehicle and of what rides beside it.
type Care struct {
	Temperature *Temperature `json:"temperature,omitempty"`
	Hazmat      *Hazmat      `json:"hazmat,omitempty"`
	Food        bool         `json:"food,omitempty"`
	MaxDelayS   int64        `json:"max_delay_s,omitempty"` // seconds that later joiners may cost it
	Rehandle    bool         `json:"rehandle,omitempty"`    // may be moved out of the way and back
}

// LoadTerms is what a shipper states about a load.
type LoadTerms struct {
	Ref      string   `json:"ref,omitempty"`
	Goods    string   `json:"goods"`
	Pickup   Stop     `json:"pickup"`
	Delivery Stop     `json:"delivery"`
	Size     Size     `json:"size"`
	Needs    []string `json:"needs,omitempty"` // capabilities such as "tail_lift"
	Care
	CeilingFen int64      `json:"ceiling_fen,omitempty"`   // 0 asks for the default
	Exclusive  int64      `json:"exclusive_min,omitempty"` // minutes for which operators are asked one at a time
	Hold       bool       `json:"hold,omitempty"`          // the shipper looks first
	AnswerBy   *time.Time `json:"answer_by,omitempty"`     // nil asks for the default
}

// Plate is a number plate and its colour.
type Plate struct {
	Number string `json:"number"`
	Colour string `json:"colour"`
}

// Inner is the inner box of a vehicle in metres.
type Inner struct {
	LengthM float64 `json:"length_m"`
	WidthM  float64 `json:"width_m"`
	HeightM float64 `json:"height_m"`
}

// Vehicle is a truck; payload and inner box left out are the type's.
type Vehicle struct {
	Plate     Plate    `json:"plate"`
	Type      string   `json:"type"`
	PayloadKg float64  `json:"payload_kg,omitempty"`
	Inner     *Inner   `json:"inner,omitempty"`
	Has       []string `json:"has,omitempty"` // capabilities
	// Doors is "rear" or "side"; "" leaves the order of unloading unjudged.
	Doors       string       `json:"doors,omitempty"`
	Door        *Door        `json:"door,omitempty"`
	DeckKgPerM  float64      `json:"deck_kg_per_m,omitempty"`
	Temperature *Temperature `json:"temperature,omitempty"`
	RehandleFen int64        `json:"rehandle_fen_per_min,omitempty"` // 0: the driver moves nothing
}

// Door is the opening of a vehicle's rear doors in metres.
type Door struct {
	WidthM  float64 `json:"width_m,omitempty"`
	HeightM float64 `json:"height_m,omitempty"`
}

// Room is spare room on one leg of a trip.
type Room struct {
	Kg     float64 `json:"kg"`
	Litres float64 `json:"litres,omitempty"`
	FloorM float64 `json:"floor_m"`
}

// Limits is how far an operator lets a trip be bent.
type Limits struct {
	DetourKm   float64 `json:"detour_km"`
	DetourMin  float64 `json:"detour_min"`
	ExtraStops int64   `json:"extra_stops"`
}

// TripTerms is what an operator states about a trip.
type TripTerms struct {
	Ref      string     `json:"ref,omitempty"`
	Vehicle  Vehicle    `json:"vehicle"`
	Roaming  bool       `json:"roaming,omitempty"`
	Stops    []Stop     `json:"stops"`
	Rooms    []Room     `json:"rooms"` // one for each leg
	Horizon  *time.Time `json:"horizon,omitempty"`
	Limits   Limits     `json:"limits"`
	LeastFen int64      `json:"least_fen,omitempty"`
	Lease    *time.Time `json:"lease,omitempty"`
	BookNow  bool       `json:"book_now,omitempty"` // a shipper may book it at once

	Hours *DriverHours `json:"driver_hours,omitempty"`
}

// DriverHours is by which rules drivers rest; what is left out is the rule that holds
// everywhere.
type DriverHours struct {
	Drivers  int64  `json:"drivers,omitempty"`
	DriveMin *int64 `json:"drive_min,omitempty"`
	RestMin  *int64 `json:"rest_min,omitempty"`
	DayMin   int64  `json:"day_min,omitempty"`
	ResetMin int64  `json:"reset_min,omitempty"`
	RestsAt  string `json:"rests_at,omitempty"`
}
