package api

import (
	"testing"

	"pinhuo/freight"
)

func TestPlacesTellWhetherTheirPointIsTheirOwn(t *testing.T) {
	s := serve(t)
	for _, tc := range []struct {
		path, id, kind, full string
		bookable             bool
	}{
		{"/v1/places?q=海门&lat=31.8&lng=121.1", "320614", "county", "海门区", true},
		{"/v1/places?q=Yueqing", "330382", "county", "乐清市", false},
		{"/v1/places?lat=31.8&lng=119.9", "320400", "prefecture", "常州市", true},
	} {
		a := s.want(200, request{"GET", tc.path, "", "clerk", nil})
		if a.at(t, "items.0.id") != tc.id || a.at(t, "items.0.kind") != tc.kind || a.at(t, "items.0.full_name") != tc.full || a.at(t, "items.0.bookable") != tc.bookable {
			t.Errorf("%s: %s", tc.path, a.body)
		}
	}
}

// What the picker calls not bookable cannot be booked by whoever leaves the page out.
func TestRoughPlacesNeedAPin(t *testing.T) {
	s := serve(t)
	rough := `{"lat": 27.99, "lng": 120.699, "town": "乐清"}`
	load := with(t, goodLoad, `{"lat": 31.774, "lng": 119.954, "town": "常州"}`, rough)
	trip := with(t, goodTrip, `{"lat": 31.81, "lng": 121.66, "town": "启东"}`, rough)
	for _, tc := range []struct{ method, path, body, as, field string }{
		{"POST", "/v1/loads", load, "clerk", "delivery.place"}, {"POST", "/v1/trips", trip, "driver", "stops[0].place"},
		{"PUT", "/v1/loads/" + string(id("ld", "x")), load, "clerk", "delivery.place"},
	} {
		a := s.want(422, request{tc.method, tc.path, tc.body, tc.as, map[string]string{"If-Match": `"1"`}})
		if a.at(t, "problem") != string(freight.ProblemPin) || a.at(t, "field") != tc.field {
			t.Errorf("%s %s: %s", tc.method, tc.path, a.body)
		}
	}
	s.want(201, request{"POST", "/v1/loads", with(t, load, "27.99", "28.12"), "clerk", nil})
}
