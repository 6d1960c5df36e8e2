package api

import (
	"fmt"
	"time"

	"pinhuo/freight"
)

// LoadTerms is what a shipper states about a load.
type LoadTerms struct {
	Ref      string    `json:"ref,omitempty" maxLength:"64" doc:"The shipper's own reference, unique per shipper"`
	Goods    string    `json:"goods" minLength:"1" maxLength:"200" doc:"What it is"`
	Pickup   StopTerms `json:"pickup"`
	Delivery StopTerms `json:"delivery"`
	Size     SizeTerms `json:"size"`
	Needs    []string  `json:"needs,omitempty" enum:"box,covered,open_top,side_open,tail_lift,food_safe,hazmat" maxItems:"7" doc:"What the vehicle must have"`
	CareTerms
	CeilingFen int64     `json:"ceiling_fen,omitempty" minimum:"0" maximum:"1000000000" doc:"The most the shipper pays; when left out: the cost of going alone less the guaranteed discount"`
	Hold       bool      `json:"hold,omitempty" doc:"The shipper looks first: an accepted offer is a held booking, which it confirms or refuses before hold_until"`
	Exclusive  int64     `json:"exclusive_min,omitempty" minimum:"0" maximum:"1440" doc:"Minutes after posting for which operators are asked one at a time, but no more than half of the time to the answer"`
	AnswerBy   time.Time `json:"answer_by,omitzero" doc:"When left out: two hours before pickup closes, at least 30 minutes after posting"`
}

// terms converts the request; numbers are rounded up, so that a load is never
// taken for smaller than it is.
func (t *LoadTerms) terms() (freight.LoadTerms, error) {
	var r reader
	size, needs := r.size(&t.Size), r.capability("needs", t.Needs)
	usualS := size.ServiceS(needs)
	out := freight.LoadTerms{
		Ref: t.Ref, Goods: t.Goods, Pickup: r.stop("pickup", &t.Pickup, usualS), Delivery: r.stop("delivery", &t.Delivery, usualS),
		Size: size, Needs: needs, Ceiling: freight.Fen(t.CeilingFen), Hold: t.Hold, ExclusiveS: t.Exclusive * 60,
		AnswerBy: instant(t.AnswerBy), Care: t.care(),
	}
	return out, r.faults.Err()
}

// stop reads a stop; one that states no service time has the usual one.
func (r *reader) stop(field string, s *StopTerms, usualS int64) freight.Stop {
	out := freight.Stop{
		Place:    r.place(field+".place", &s.Place),
		Window:   freight.Window{Open: instant(s.Window.Open), Close: instant(s.Window.Close)},
		ServiceS: usualS,
	}
	out.Gate = r.gate(field, &s.Gates)
	if s.ServiceS != nil {
		out.ServiceS = *s.ServiceS
	}
	if s.Contact != nil {
		out.Contact = freight.Contact(*s.Contact)
	}
	return out
}

func (r *reader) place(field string, p *Place) freight.Place {
	return freight.Place{
		Point: freight.Point{
			// Beyond a pole a latitude may be a longitude: the market's box tells.
			LatE7: r.degrees(field+".lat", p.Lat, 180),
			LngE7: r.degrees(field+".lng", p.Lng, 180),
		},
		Town: p.Town, Address: p.Address,
	}
}

func (r *reader) size(s *SizeTerms) freight.Size {
	out := freight.Size{Room: freight.Room{
		Grams:       r.up("size.kg", s.Kg, freight.PlacesKilogram),
		Millilitres: r.up("size.litres", s.Litres, freight.PlacesLitre),
		FloorMM:     r.up("size.floor_m", s.FloorM, freight.PlacesMetre),
	}, Stacking: freight.Stacking(s.Stacking), Access: freight.Access(s.Access)}
	for i, p := range s.Pieces {
		field := fmt.Sprintf("size.pieces[%d]", i)
		out.Pieces = append(out.Pieces, freight.Piece{
			Count:    p.Count,
			LengthMM: r.up(field+".length_m", p.LengthM, freight.PlacesMetre),
			WidthMM:  r.up(field+".width_m", p.WidthM, freight.PlacesMetre),
			HeightMM: r.up(field+".height_m", p.HeightM, freight.PlacesMetre),
			Grams:    r.up(field+".kg", p.Kg, freight.PlacesKilogram),
			Stacking: freight.Stacking(p.Stacking),
		})
	}
	if len(s.Pieces) == 0 {
		r.faults.Require(s.Kg != "", "size.kg", freight.ProblemRequired, "")
		r.faults.Require(s.FloorM != "", "size.floor_m", freight.ProblemRequired, "")
	}
	return out
}

// capability reads names that the schema has checked.
func (r *reader) capability(field string, names []string) freight.Capability {
	var set freight.Capability
	for i, name := range names {
		one, ok := freight.ParseCapability(name)
		r.faults.Require(ok, fmt.Sprintf("%s[%d]", field, i), freight.ProblemMalformed, name)
		set |= one
	}
	return set
}
