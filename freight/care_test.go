package freight

import (
	"errors"
	"testing"
)

// told admits a load with the change and returns the fields that are refused.
func told(change func(*LoadTerms)) []string {
	l := LoadTerms{Goods: "crates", Size: Size{Room: Room{Grams: 300_000}, Pieces: []Piece{{Count: 6, LengthMM: 1200, WidthMM: 800, HeightMM: 1000, Grams: 50_000}}}}
	l.Pickup = Stop{Place: Place{Point: Point{LatE7: 1}, Town: "A"}, Window: Window{Open: Hour, Close: 2 * Hour}}
	l.Delivery = Stop{Place: Place{Point: Point{LatE7: 2}, Town: "B"}, Window: Window{Open: Hour, Close: 9 * Hour}}
	change(&l)
	a := Admission{Market: Market{Box: Box{South: -10, West: -10, North: 10, East: 10}}, Now: Minute}
	_, err := a.Load(l)
	if err == nil {
		return nil
	}
	var told *Error
	if !errors.As(err, &told) {
		return []string{err.Error()}
	}
	fields := []string{told.Field}
	for _, more := range told.More {
		fields = append(fields, more.Field)
	}
	return fields
}

func TestCareIsAdmitted(t *testing.T) {
	for want, change := range map[string]func(*LoadTerms){
		"": func(l *LoadTerms) {
			l.Care = Care{Temp: Temp{2, 8}, DelayS: 60, Hazmat: Hazmat{Class: "4.1", UN: "1325", Limited: true}}
		},
		"temperature.high_c":      func(l *LoadTerms) { l.Care.Temp = Temp{8, 8} },
		"temperature.low_c":       func(l *LoadTerms) { l.Care.Temp = Temp{-61, 8} },
		"hazmat.class":            func(l *LoadTerms) { l.Care.Hazmat.Class = "10" },
		"hazmat.un":               func(l *LoadTerms) { l.Care.Hazmat = Hazmat{Class: "8", UN: "17x9"} },
		"food":                    func(l *LoadTerms) { l.Care.Hazmat.Class, l.Needs = "6.1", CapFoodSafe },
		"max_delay_s":             func(l *LoadTerms) { l.Care.DelayS = 59 },
		"size.stacking":           func(l *LoadTerms) { l.Size.Stacking = "piled" },
		"size.access":             func(l *LoadTerms) { l.Size.Access = "below" },
		"size.pieces[0].stacking": func(l *LoadTerms) { l.Size.Pieces[0].Stacking = "piled" },
	} {
		got := told(change)
		if want == "" && got != nil || want != "" && (len(got) != 1 || got[0] != want) {
			t.Errorf("want %q refused, got %q", want, got)
		}
	}
}

func TestTemperaturesMeet(t *testing.T) {
	for _, c := range []struct {
		a, b, both Temp
		gap        int64
	}{
		{Temp{2, 8}, Temp{0, 4}, Temp{2, 4}, 0},
		{Temp{2, 8}, Temp{8, 9}, Temp{8, 8}, 0},
		{Temp{}, Temp{-20, -18}, Temp{-20, -18}, 0},
		{Temp{-20, -18}, Temp{2, 8}, Temp{2, -18}, 20},
	} {
		if both, gap := c.a.Meet(c.b); both != c.both || gap != c.gap {
			t.Errorf("%v and %v meet at %v, %d apart", c.a, c.b, both, gap)
		}
		if _, gap := c.b.Meet(c.a); gap != c.gap {
			t.Errorf("%v and %v are %d apart", c.b, c.a, gap)
		}
	}
}

func TestDanger(t *testing.T) {
	for want, h := range map[Danger]Hazmat{DangerNone: {}, DangerLimited: {Class: "8", Limited: true}, DangerFull: {Class: "8"}} {
		if got := h.Danger(LimitedGrams); got != want {
			t.Errorf("%+v is %d", h, got)
		}
	}
	if (Hazmat{Class: "8", Limited: true}).Danger(LimitedGrams+1) != DangerFull {
		t.Error("more than 8 t in limited quantities ride as ordinary freight")
	}
}

func TestFloorOfStackedPieces(t *testing.T) {
	s := Size{Pieces: []Piece{{Count: 5, LengthMM: 1200, WidthMM: 800, HeightMM: 1000}}}
	if got := s.Floor(); got != 2000 {
		t.Errorf("on the floor %d", got)
	}
	s.Stacking = StackAll // two high: three stacks
	if got, least := s.Floor(), s.Least().FloorMM; got != 1200 || least != 0 {
		t.Errorf("stacked %d, at the least %d", got, least)
	}
}

// Nobody's deck is wider than it is: room in metres of a standard deck is at
// most what the vehicle's own comes to.
func TestSpareFloorIsNoWiderThanTheVehicle(t *testing.T) {
	inner := Inner{LengthMM: 2800, WidthMM: 1500, HeightMM: 1400}
	terms := TripTerms{Vehicle: VehicleTerms{Plate: Plate{"SU12345", "blue"}, Type: TypeVan, Payload: 1_000_000, Inner: inner},
		Rooms: []Room{{Grams: 1000, FloorMM: 2800}}}
	for i := range int32(2) {
		terms.Stops = append(terms.Stops, Stop{Place: Place{Point: Point{LatE7: i}, Town: "A"}, Window: Window{Open: Hour, Close: 9 * Hour}})
	}
	a := Admission{Market: Market{Box: Box{South: -10, West: -10, North: 10, East: 10}}, Now: Minute}
	got, err := a.Trip(terms)
	if err != nil || got.Rooms[0].FloorMM != 1750 || terms.Rooms[0].FloorMM != 2800 {
		t.Errorf("%+v of %+v, %v", got.Rooms, terms.Rooms, err)
	}
}
