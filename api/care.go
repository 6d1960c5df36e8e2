package api

import "pinhuo/freight"

// Temperature is a range of temperatures.
type Temperature struct {
	LowC  int16 `json:"low_c" minimum:"-60" maximum:"60" doc:"Degrees Celsius"`
	HighC int16 `json:"high_c" minimum:"-60" maximum:"60" doc:"Degrees Celsius, above low_c"`
}

// Hazmat is dangerous goods.
type Hazmat struct {
	Class   string `json:"class" minLength:"1" maxLength:"3" doc:"Class or division of GB 6944, such as 3 or 4.1"`
	UN      string `json:"un,omitempty" pattern:"^[0-9]{4}$" doc:"UN number"`
	Limited bool   `json:"limited,omitempty" doc:"Packed in limited quantities: up to 8,000 kg on a vehicle ride as ordinary freight; all else rides alone"`
}

// CareTerms is what a load demands of the vehicle and of what rides beside it.
type CareTerms struct {
	Temperature *Temperature `json:"temperature,omitempty" doc:"To be kept at; the vehicle must be able to"`
	Hazmat      *Hazmat      `json:"hazmat,omitempty" doc:"Never rides beside food"`
	Food        bool         `json:"food,omitempty" doc:"Nothing dangerous may ride beside it; true where food_safe is among the needs"`
	MaxDelayS   int64        `json:"max_delay_s,omitempty" minimum:"0" maximum:"604800" doc:"By how many seconds loads that join later may put off its pickup and its delivery, 60 or more; when left out: as far as its windows allow"`
	Rehandle    bool         `json:"rehandle,omitempty" doc:"It may be taken out on the way and put back, where it stands in the way of what is unloaded before it; otherwise nobody moves it"`
}

// Door is the opening of a vehicle's rear doors.
type Door struct {
	WidthM  Decimal `json:"width_m,omitempty" minimum:"0"`
	HeightM Decimal `json:"height_m,omitempty" minimum:"0"`
}

// VehicleCare is what a vehicle offers beyond its box.
type VehicleCare struct {
	Doors       string       `json:"doors,omitempty" enum:"rear,side" doc:"rear: at the rear alone, so what goes in last comes out first; side: along the side as well. When left out, the order of unloading is not judged"`
	Door        *Door        `json:"door,omitempty" doc:"Opening of the rear doors; when left out: that of the inner box"`
	DeckKgPerM  Decimal      `json:"deck_kg_per_m,omitempty" minimum:"0" doc:"Most that a metre of the deck bears; when left out: not judged"`
	Temperature *Temperature `json:"temperature,omitempty" doc:"What the box can be kept at"`
	RehandleFen int64        `json:"rehandle_fen_per_min,omitempty" minimum:"0" maximum:"100000" doc:"What a minute of moving goods out of the way and back costs the load that is the cause of it; when left out: the driver moves nothing, and what went in last comes out first"`
}

func (t *CareTerms) care() freight.Care {
	out := freight.Care{Temp: temp(t.Temperature), Food: t.Food, DelayS: t.MaxDelayS, Rehandle: t.Rehandle}
	if t.Hazmat != nil {
		out.Hazmat = freight.Hazmat(*t.Hazmat)
	}
	return out
}

func temp(t *Temperature) freight.Temp {
	if t == nil {
		return freight.Temp{}
	}
	return freight.Temp{Low: t.LowC, High: t.HighC}
}

func viewTemp(t freight.Temp) *Temperature {
	if t == (freight.Temp{}) {
		return nil
	}
	return &Temperature{t.Low, t.High}
}

func viewCare(c freight.Care) CareTerms {
	out := CareTerms{Temperature: viewTemp(c.Temp), Food: c.Food, MaxDelayS: c.DelayS, Rehandle: c.Rehandle}
	if c.Hazmat != (freight.Hazmat{}) {
		hazmat := Hazmat(c.Hazmat)
		out.Hazmat = &hazmat
	}
	return out
}

// care reads what the vehicle offers; openings and limits are rounded down.
func (r *reader) care(v *VehicleCare, to *freight.VehicleTerms) {
	to.Doors, to.Cools, to.Rehandle = freight.Doors(v.Doors), temp(v.Temperature), freight.Fen(v.RehandleFen)
	if v.Door != nil {
		to.DoorW = r.down("vehicle.door.width_m", v.Door.WidthM, freight.PlacesMetre)
		to.DoorH = r.down("vehicle.door.height_m", v.Door.HeightM, freight.PlacesMetre)
	}
	if v.DeckKgPerM != "" {
		to.DeckGrams = r.down("vehicle.deck_kg_per_m", v.DeckKgPerM, freight.PlacesKilogram)
	}
}

func viewVehicleCare(v *freight.VehicleTerms) VehicleCare {
	out := VehicleCare{Doors: string(v.Doors), Temperature: viewTemp(v.Cools), RehandleFen: int64(v.Rehandle)}
	if v.DoorW > 0 || v.DoorH > 0 {
		out.Door = &Door{}
		if v.DoorW > 0 {
			out.Door.WidthM = metres(v.DoorW)
		}
		if v.DoorH > 0 {
			out.Door.HeightM = metres(v.DoorH)
		}
	}
	if v.DeckGrams > 0 {
		out.DeckKgPerM = decimalOf(v.DeckGrams, freight.PlacesKilogram)
	}
	return out
}
