package freight_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pinhuo/freight"
)

// No request makes admission panic, and what is admitted is admitted again as it
// is: nothing that was filled in is refused or changed by filling in once more.
func FuzzAdmission(f *testing.F) {
	now := freight.Instant(1_790_000_000_000)
	stop := func(lat, lng int32) freight.Stop {
		return freight.Stop{Place: freight.Place{Point: freight.Point{LatE7: lat, LngE7: lng}, Town: "town"}, Window: freight.Window{Open: now + 1, Close: now + freight.Hour + 999}}
	}
	load := freight.LoadTerms{Goods: "crates", Pickup: stop(310_000_000, 1_210_000_000), Delivery: stop(315_000_000, 1_200_000_000),
		Size: freight.Size{Pieces: []freight.Piece{{Count: 3, LengthMM: 1200, WidthMM: 800, HeightMM: 900, Grams: 90_000}}}}
	trip := freight.TripTerms{Stops: []freight.Stop{load.Pickup, load.Delivery}, Rooms: []freight.Room{{Grams: 1000, Millilitres: 1000, FloorMM: 100}},
		Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "苏F12345", Colour: "yellow"}, Type: freight.Type6M8, Payload: 10_000_000,
			Inner: freight.Inner{LengthMM: 6750, WidthMM: 2350, HeightMM: 2400}}}
	for _, v := range []any{load, trip, struct{}{}, []int{1}} {
		text, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{"", "{", `{"size":{"pieces":[{"count":-1}]}}`, `{"size":{"grams":9223372036854775807}}`,
		`{"pickup":{"window":{"open":-9223372036854775808,"close":9223372036854775807}}}`, `{"stops":[{},{},{}],"rooms":[{}],"roaming":true}`} {
		f.Add([]byte(text))
	}
	box := freight.Box{South: 200_000_000, West: 1_000_000_000, North: 400_000_000, East: 1_300_000_000}
	f.Fuzz(func(t *testing.T, text []byte) {
		admission := func() *freight.Admission { return &freight.Admission{Market: freight.Market{Box: box}, Now: now} }
		var l freight.LoadTerms
		if json.Unmarshal(text, &l) == nil {
			if admitted, err := admission().Load(l); err == nil {
				again, err := admission().Load(admitted)
				if err != nil || !reflect.DeepEqual(again, admitted) {
					t.Fatalf("admitted %+v, then %+v (%v)", admitted, again, err)
				}
				if r := admitted.Size.Room; r.Grams <= 0 || r.Millilitres < 0 || r.FloorMM < 0 {
					t.Fatalf("admitted a size of %+v", r)
				}
			}
		}
		var tr freight.TripTerms
		if json.Unmarshal(text, &tr) == nil {
			if admitted, err := admission().Trip(tr); err == nil {
				again, err := admission().Trip(admitted)
				if err != nil || !reflect.DeepEqual(again, admitted) {
					t.Fatalf("admitted %+v, then %+v (%v)", admitted, again, err)
				}
			}
		}
	})
}
