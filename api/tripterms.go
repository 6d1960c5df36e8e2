package api

import (
	"fmt"
	"time"

	"pinhuo/freight"
)

// Plate names a vehicle.
type Plate struct {
	Number string `json:"number" minLength:"2" maxLength:"12"`
	Colour string `json:"colour" enum:"blue,yellow,green,yellow_green,white,black"`
}

// Inner is the inner box of a vehicle.
type Inner struct {
	LengthM Decimal `json:"length_m" minimum:"0"`
	WidthM  Decimal `json:"width_m" minimum:"0"`
	HeightM Decimal `json:"height_m" minimum:"0"`
}

// VehicleTerms is a vehicle as it is stated.
type VehicleTerms struct {
	Plate     Plate    `json:"plate"`
	Type      string   `json:"type" enum:"van,4.2m,6.8m,9.6m,13m,17.5m"`
	PayloadKg Decimal  `json:"payload_kg,omitempty" minimum:"0" doc:"Legal payload; when left out: the usual of the type"`
	Inner     *Inner   `json:"inner,omitempty" doc:"Inner box; when left out: the usual of the type"`
	Has       []string `json:"has,omitempty" enum:"box,covered,open_top,side_open,tail_lift,food_safe,hazmat" maxItems:"7"`
	VehicleCare
}

// LimitTerms is how far a trip may be bent.
type LimitTerms struct {
	DetourKm   Decimal `json:"detour_km,omitempty" minimum:"0" maximum:"2000" doc:"Extra kilometres over the trip's own stops; required unless roaming"`
	DetourMin  Decimal `json:"detour_min,omitempty" minimum:"0" maximum:"3333" doc:"Extra driving minutes; required unless roaming"`
	ExtraStops int64   `json:"extra_stops" minimum:"0" maximum:"60" doc:"Pickups and deliveries added"`
}

// TripTerms is what an operator states about a trip.
type TripTerms struct {
	Ref      string       `json:"ref,omitempty" maxLength:"64" doc:"The operator's own reference"`
	Vehicle  VehicleTerms `json:"vehicle"`
	Roaming  bool         `json:"roaming,omitempty" doc:"No destination: the truck goes anywhere before its horizon"`
	Stops    []StopTerms  `json:"stops" minItems:"1" maxItems:"30" doc:"Own stops in order; a roaming trip has a start and may have an end"`
	Rooms    []RoomTerms  `json:"rooms" minItems:"1" maxItems:"29" doc:"Spare room on each leg between two stops; one for a roaming trip"`
	Horizon  time.Time    `json:"horizon,omitzero" doc:"Roaming only: all service ends by then"`
	Limits   LimitTerms   `json:"limits"`
	Hours    *DriverHours `json:"driver_hours,omitempty" doc:"By which rules its drivers rest; when left out: the market's"`
	LeastFen int64        `json:"least_fen,omitempty" minimum:"0" maximum:"1000000000" doc:"Least price for one load"`
	Lease    time.Time    `json:"lease,omitzero" doc:"No new loads from then on; when left out: the end of the trip"`
	BookNow  bool         `json:"book_now,omitempty" doc:"A shipper may book a load on these terms at once, without asking"`
	Home     *Place       `json:"home,omitempty" doc:"Where the vehicle belongs: its operator is told what it could carry there from the end of the trip"`
	After    freight.ID   `json:"after,omitempty" maxLength:"64" doc:"A trip of the same vehicle at whose end this one begins, once its drivers are rested"`
}

// terms converts the request; numbers are rounded down, so that spare room is
// never taken for larger than it is.
func (t *TripTerms) terms(costs *freight.Costs) (freight.TripTerms, error) {
	var r reader
	out := freight.TripTerms{
		Ref: t.Ref, Vehicle: r.vehicle(&t.Vehicle, costs), Roaming: t.Roaming, Horizon: instant(t.Horizon),
		Limits: r.limits(&t.Limits, t.Roaming), Least: freight.Fen(t.LeastFen), Lease: instant(t.Lease), Duty: duty(t.Hours), BookNow: t.BookNow,
	}
	for i := range t.Stops {
		out.Stops = append(out.Stops, r.stop(fmt.Sprintf("stops[%d]", i), &t.Stops[i], freight.UsualServiceS))
	}
	for i := range t.Rooms {
		out.Rooms = append(out.Rooms, r.room(fmt.Sprintf("rooms[%d]", i), &t.Rooms[i], out.Vehicle.Inner))
	}
	if t.Home != nil || t.After != "" {
		out.Chain = &freight.Chain{After: t.After}
	}
	if t.Home != nil {
		home := r.place("home", t.Home)
		out.Chain.Home = &home
	}
	return out, r.faults.Err()
}

func (r *reader) vehicle(v *VehicleTerms, costs *freight.Costs) freight.VehicleTerms {
	out := freight.VehicleTerms{
		Plate: freight.Plate(v.Plate), Type: freight.VehicleType(v.Type), Has: r.capability("vehicle.has", v.Has),
	}
	usual, known := costs.Of(out.Type)
	r.faults.Require(known, "vehicle.type", freight.ProblemMalformed, v.Type)
	out.Payload, out.Inner = usual.Payload, usual.Inner
	if v.PayloadKg != "" {
		out.Payload = r.down("vehicle.payload_kg", v.PayloadKg, freight.PlacesKilogram)
	}
	r.care(&v.VehicleCare, &out)
	if v.Inner != nil {
		out.Inner = freight.Inner{
			LengthMM: r.down("vehicle.inner.length_m", v.Inner.LengthM, freight.PlacesMetre),
			WidthMM:  r.down("vehicle.inner.width_m", v.Inner.WidthM, freight.PlacesMetre),
			HeightMM: r.down("vehicle.inner.height_m", v.Inner.HeightM, freight.PlacesMetre),
		}
	}
	return out
}

func (r *reader) room(field string, t *RoomTerms, inner freight.Inner) freight.Room {
	out := freight.Room{
		Grams:       r.down(field+".kg", t.Kg, freight.PlacesKilogram),
		Millilitres: r.down(field+".litres", t.Litres, freight.PlacesLitre),
		FloorMM:     r.down(field+".floor_m", t.FloorM, freight.PlacesMetre),
	}
	if t.Litres == "" {
		// mm × mm × mm = 10^-3 ml; what is out of bounds is refused at admission.
		floor, height := min(out.FloorMM, 2*freight.MaxFloorMM), min(inner.HeightMM, freight.MaxFloorMM)
		box := min(inner.LengthMM, freight.MaxFloorMM) * min(inner.WidthMM, freight.MaxFloorMM) * height / 1000
		out.Millilitres = min(floor*freight.StandardDeckMM*height/1000, box)
	}
	return out
}

func (r *reader) limits(t *LimitTerms, roaming bool) freight.Limits {
	out := freight.Limits{
		DetourM:    r.down("limits.detour_km", t.DetourKm, 3),
		DetourS:    r.down("limits.detour_min", t.DetourMin, 3) * 60 / 1000,
		ExtraStops: t.ExtraStops,
	}
	for _, d := range [...]struct {
		field string
		text  Decimal
		value int64
	}{{"limits.detour_km", t.DetourKm, out.DetourM}, {"limits.detour_min", t.DetourMin, out.DetourS}} {
		if roaming { // detour limits do not apply; one that is stated would be a misunderstanding
			r.faults.Require(d.value == 0, d.field, freight.ProblemSplit, string(d.text))
			continue
		}
		r.faults.Require(d.text != "", d.field, freight.ProblemRequired, "")
	}
	return out
}
