package api

import "testing"

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
