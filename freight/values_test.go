package freight

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDecimalRounds(t *testing.T) {
	cases := []struct {
		text   string
		places int
		up     int64
		down   int64
	}{
		{"844.8", PlacesKilogram, 844800, 844800},
		{"0.0001", PlacesKilogram, 1, 0},
		{"1.0000", PlacesKilogram, 1000, 1000},
		{"3.0999999", PlacesCubicMetre, 3100000, 3099999},
		{"-0.0001", PlacesKilogram, 0, -1},
		{"121.1727400", PlacesDegree, 1211727400, 1211727400},
		{"7", PlacesYuan, 700, 700},
		{"7.", PlacesYuan, 700, 700},
	}
	for _, c := range cases {
		up, ok := DecimalUp(c.text, c.places)
		down, ok2 := DecimalDown(c.text, c.places)
		if !ok || !ok2 || up != c.up || down != c.down {
			t.Errorf("%s: up %d down %d, want %d %d", c.text, up, down, c.up, c.down)
		}
	}
	for _, bad := range []string{"", "-", ".", "1e3", "NaN", "Inf", "+1", "1.2.3", "1234567890123", "0x1", "1_000", "１"} {
		if n, ok := DecimalUp(bad, 3); ok {
			t.Errorf("%q was read as %d", bad, n)
		}
	}
}

func TestDecimalBrackets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,9}(\.[0-9]{0,12})?`).Draw(t, "text")
		places := rapid.IntRange(0, 7).Draw(t, "places")
		up, ok := DecimalUp(text, places)
		down, ok2 := DecimalDown(text, places)
		if !ok || !ok2 || up < down || up-down > 1 {
			t.Fatalf("%q at %d places: up %d, down %d", text, places, up, down)
		}
	})
}

func TestRoomParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) Room {
			return Room{rapid.Int64Range(0, 50).Draw(t, label+" g"), rapid.Int64Range(0, 50).Draw(t, label+" ml"), rapid.Int64Range(0, 50).Draw(t, label+" mm")}
		}
		room, take := draw("room"), draw("take")
		fits := func(n int64) bool { // each of n equal parts, rounded up, fits
			return room.Lacks(Room{ceilDiv(take.Grams, n), ceilDiv(take.Millilitres, n), ceilDiv(take.FloorMM, n)}) == NoReason
		}
		parts := room.Parts(take)
		switch {
		case parts == 0 && fits(1_000_000):
			if room.Grams > 0 && room.Millilitres > 0 && room.FloorMM > 0 {
				t.Fatalf("%v in %v: no split found", take, room)
			}
		case parts > 0 && !fits(parts):
			t.Fatalf("%v in %v: %d parts do not fit", take, room, parts)
		case parts > 1 && fits(parts-1):
			t.Fatalf("%v in %v: %d parts where fewer do", take, room, parts)
		}
	})
}

func TestPiecesSum(t *testing.T) {
	crates := []Piece{{Count: 12, LengthMM: 1200, WidthMM: 800, HeightMM: 1000, Grams: 70_000}}
	size := Size{Pieces: crates}
	if got := (Room{Weight(crates), Volume(crates), size.Floor()}); got != (Room{840_000, 11_520_000, 4800}) {
		t.Errorf("12 crates take %+v", got)
	}
}

func TestIDsSortByTime(t *testing.T) {
	early, late := NewID(PrefixLoad, 1_000, [10]byte{255}), NewID(PrefixLoad, 1_001, [10]byte{})
	if early >= late || len(early) != 29 || !strings.HasPrefix(string(early), "ld_") {
		t.Errorf("ids %s, %s", early, late)
	}
}

func TestAloneTakesTheCheapestThatCarries(t *testing.T) {
	costs := DefaultCosts()
	leg := Leg{Metres: 100_000, Seconds: 6000}
	small, parts := costs.Alone(Size{Room: Room{Grams: 500_000, Millilitres: 2_000_000}}, leg, 1800)
	if parts != 1 || small != 8000+15000+7584 { // van: 80 + 100 km × 1.50 + 7,800 s × 35/h
		t.Errorf("half a tonne alone costs %s in %d", small, parts)
	}
	heavy, parts := costs.Alone(Size{Room: Room{Grams: 70_000_000}}, leg, 1800)
	if parts < 2 || heavy <= small {
		t.Errorf("70 t alone cost %s in %d vehicles", heavy, parts)
	}
	if long, _ := costs.Alone(Size{Room: Room{Grams: 1000}, Pieces: []Piece{{Count: 1, LengthMM: 12000, WidthMM: 100, HeightMM: 100}}}, leg, 0); long < 50000 {
		t.Errorf("a 12 m pipe rides a short truck for %s", long)
	}
}

func TestPriceNeverBelowLeastOrCost(t *testing.T) {
	costs := DefaultCosts()
	rapid.Check(t, func(t *rapid.T) {
		m, s := rapid.Int64Range(-5000, 500_000).Draw(t, "m"), rapid.Int64Range(-500, 50_000).Draw(t, "s")
		least := Fen(rapid.Int64Range(0, 100_000).Draw(t, "least"))
		kind := rapid.SampledFrom([]VehicleType{TypeVan, Type9M6, Type17M5}).Draw(t, "type")
		cost, _ := costs.Of(kind)
		if p := costs.Price(kind, m, s, least); p < least || p < cost.Drive(max(m, 0), max(s, 0)) {
			t.Fatalf("price %s", p)
		}
	})
}

func TestCostFileFaults(t *testing.T) {
	for text, field := range map[string]string{
		`{`: "costs", `{"margin_percent": 115, "surprise": 1}`: "costs", `{"margin_percent": 99, "types": []}`: "costs.margin_percent",
		`{"margin_percent": 115, "types": [{"type": "van"}]}`: "costs.types[0]",
	} {
		var fault *Error
		if _, err := ParseCosts([]byte(text)); !errors.As(err, &fault) || fault.Field != field || fault.Code != Invalid {
			t.Errorf("%s: %v, want field %s", text, err, field)
		}
	}
}

func sound(now Instant) LoadTerms {
	return LoadTerms{
		Goods:    "crates",
		Pickup:   Stop{Place: Place{Point: Point{319000000, 1211700000}, Town: "海门"}, Window: Window{now + Hour, now + 5*Hour}, ServiceS: 900},
		Delivery: Stop{Place: Place{Point: Point{318100000, 1199700000}, Town: "常州"}, Window: Window{now + 2*Hour, now + 30*Hour}, ServiceS: 900},
		Size:     Size{Room: Room{Grams: 840_000}},
	}
}

var delta = Market{ID: "mk_x", Box: Box{South: 271000000, West: 1153000000, North: 343000000, East: 1237500000}, Zone: "Asia/Shanghai"}

func TestAdmissionNamesTheFault(t *testing.T) {
	now := Instant(1_700_000_000_000)
	cases := []struct {
		field   string
		problem Problem
		spoil   func(*LoadTerms)
	}{
		{"pickup.place.point", ProblemSwapped, func(l *LoadTerms) { p := &l.Pickup.Place.Point; p.LatE7, p.LngE7 = p.LngE7, p.LatE7 }},
		{"delivery.place.point", ProblemOutside, func(l *LoadTerms) { l.Delivery.Place.Point = Point{} }},
		{"pickup.window.close", ProblemWindow, func(l *LoadTerms) { l.Pickup.Window.Close = l.Pickup.Window.Open - Second }},
		{"pickup.window.close", ProblemPast, func(l *LoadTerms) { l.Pickup.Window = Window{now - 2*Hour, now - Hour} }},
		{"delivery.window.close", ProblemRange, func(l *LoadTerms) { l.Delivery.Window.Close = now + 400*Day }},
		{"size.kg", ProblemRange, func(l *LoadTerms) { l.Size.Grams = MaxGrams + 1 }},
		{"size.kg", ProblemRange, func(l *LoadTerms) { l.Size.Grams = 0 }},
		{"size.pieces[0].length_m", ProblemRange, func(l *LoadTerms) { l.Size.Pieces = []Piece{{Count: 1, LengthMM: 99_999, WidthMM: 1, HeightMM: 1}} }},
		{"goods", ProblemRequired, func(l *LoadTerms) { l.Goods = "" }},
		{"goods", ProblemMalformed, func(l *LoadTerms) { l.Goods = "a\x00b" }},
		{"goods", ProblemMalformed, func(l *LoadTerms) { l.Goods = "a\u0085b" }},
		{"goods", ProblemRequired, func(l *LoadTerms) { l.Goods = " \u3000" }},
		{"ref", ProblemRange, func(l *LoadTerms) { l.Ref = strings.Repeat("长", 65) }},
		{"answer_by", ProblemRange, func(l *LoadTerms) { l.AnswerBy = l.Pickup.Window.Close + 1 }},
		{"answer_by", ProblemPast, func(l *LoadTerms) { l.AnswerBy = now }},
		{"ceiling", ProblemRange, func(l *LoadTerms) { l.Ceiling = -1 }},
		{"pickup.service_s", ProblemRange, func(l *LoadTerms) { l.Pickup.ServiceS = -1 }},
	}
	for _, c := range cases {
		terms := sound(now)
		c.spoil(&terms)
		a := Admission{Market: delta, Now: now}
		_, err := a.Load(terms)
		var fault *Error
		if !errors.As(err, &fault) {
			t.Errorf("%s %s was admitted", c.field, c.problem)
			continue
		}
		all := append([]Error{*fault}, fault.More...)
		if slices.ContainsFunc(all, func(e Error) bool { return e.Problem == ProblemRange && e.Min+e.Max == "" }) {
			t.Errorf("%s: out of a range that is not told: %+v", c.field, all)
		}
		if !slices.ContainsFunc(all, func(e Error) bool { return e.Field == c.field && e.Problem == c.problem && e.Code == Invalid }) {
			t.Errorf("want %s %s, got %+v", c.field, c.problem, all)
		}
	}
	a := Admission{Market: delta, Now: now}
	if _, err := a.Load(sound(now)); err != nil {
		t.Errorf("sound terms were refused: %v", err)
	}
}

func TestAPlateIsTheSameHoweverItIsTyped(t *testing.T) {
	for _, typed := range []string{"苏F88888", "苏f88888", " 苏F 88888\u3000", "苏F·88888", "苏F-88888", "苏Ｆ８８８８８", "苏ｆ.88888"} {
		if got := PlateNumber(typed); got != "苏F88888" {
			t.Errorf("%q is kept as %q", typed, got)
		}
	}
	for number, want := range map[string]bool{
		"苏F88888": true, "粤Z1234港": true, "WJ12345": true, "苏F12345挂": true, "A1": true,
		"": false, "苏": false, "苏\x00": false, "苏F\u200b8888": false, "苏А88888": false, "苏F88888888888888": false, "DROP TABLE": false, "苏f88888": false,
	} {
		if IsPlate(number) != want {
			t.Errorf("%q a plate: %v", number, !want)
		}
	}
}

func TestATripIsAnnouncedWithThePlateAsItIsKept(t *testing.T) {
	now := Instant(1_700_000_000_000)
	stops := []Stop{sound(now).Pickup, sound(now).Delivery}
	terms := TripTerms{Vehicle: VehicleTerms{Plate: Plate{"苏f·88888 ", "yellow"}, Type: Type9M6, Payload: 18_000_000, Inner: Inner{9500, 2400, 2500}},
		Stops: stops, Rooms: []Room{{Grams: 1000}}}
	a := Admission{Market: delta, Now: now}
	got, err := a.Trip(terms)
	if err != nil || got.Vehicle.Plate.Number != "苏F88888" {
		t.Errorf("%q, %v", got.Vehicle.Plate.Number, err)
	}
	terms.Vehicle.Plate.Number, terms.Rooms = "苏\x00", make([]Room, 3)
	a = Admission{Market: delta, Now: now}
	_, err = a.Trip(terms)
	var fault *Error
	if !errors.As(err, &fault) || fault.Field != "vehicle.plate.number" || fault.Problem != ProblemMalformed ||
		len(fault.More) != 1 || fault.More[0].Field != "rooms" || fault.More[0].Value != "3" || fault.More[0].Max != "1" {
		t.Errorf("%+v", fault)
	}
}

// TestSpareRoomIsNoMoreThanTheVehicleHas on any leg and in any measure.
func TestSpareRoomIsNoMoreThanTheVehicleHas(t *testing.T) {
	now := Instant(1_700_000_000_000)
	announce := func(inner Inner, room Room) *Error {
		a := Admission{Market: delta, Now: now}
		_, err := a.Trip(TripTerms{Vehicle: VehicleTerms{Plate: Plate{"苏F88888", "yellow"}, Type: Type9M6, Payload: 18_000_000, Inner: inner},
			Stops: []Stop{sound(now).Pickup, sound(now).Delivery, sound(now).Pickup}, Rooms: []Room{{Grams: 1}, room}})
		var fault *Error
		errors.As(err, &fault)
		return fault
	}
	standard, wide := Inner{9500, 2400, 2500}, Inner{17_400, 2800, 2700}
	for _, c := range []struct {
		inner Inner
		room  Room
		field string // "" where it is admitted
	}{
		{standard, Room{Grams: 18_000_000, Millilitres: 57_000_000, FloorMM: 9500}, ""},
		{standard, Room{Grams: 18_000_001}, "rooms[1].kg"},
		{standard, Room{Millilitres: 57_000_001}, "rooms[1].litres"},
		{standard, Room{FloorMM: 9501}, "rooms[1].floor_m"},
		{wide, Room{FloorMM: 20_300}, ""}, // in metres of the standard width
		{wide, Room{FloorMM: 20_301}, "rooms[1].floor_m"},
		{Inner{2800, 1500, 1400}, Room{Millilitres: 5_880_000, FloorMM: 2800}, ""},
		{Inner{2800, 1500, 1400}, Room{FloorMM: 2801}, "rooms[1].floor_m"},
	} {
		fault := announce(c.inner, c.room)
		if c.field == "" && fault != nil || c.field != "" && (fault == nil || fault.Field != c.field || fault.Problem != ProblemSplit || fault.Max == "" || fault.More != nil) {
			t.Errorf("%+v in %+v: %+v, want %q", c.room, c.inner, fault, c.field)
		}
	}
}

func TestAnswerByDefault(t *testing.T) {
	posted := Instant(1_700_000_000_000)
	if got := AnswerBy(posted+10*Hour, posted); got != posted+8*Hour {
		t.Errorf("far pickup: %s after posting", fmt.Sprint(got-posted))
	}
	if got := AnswerBy(posted+Hour, posted); got != posted+30*Minute {
		t.Errorf("near pickup: %s after posting", fmt.Sprint(got-posted))
	}
}

func TestReasonsAreRankedOnce(t *testing.T) {
	seen := map[Reason]bool{}
	for i, r := range Reasons {
		if seen[r] || r.Rank() != i {
			t.Errorf("%s stands twice or has rank %d at %d", r, r.Rank(), i)
		}
		seen[r] = true
	}
}
