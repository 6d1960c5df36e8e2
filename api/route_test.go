package api

import (
	"strings"
	"testing"

	"pinhuo/freight"
)

func TestRoute(t *testing.T) {
	s := serve(t)
	a := s.want(200, request{"GET", "/v1/route?through=31.896,121.173/31.3,120.62/31.774,119.954", "", "driver", nil})
	if a.at(t, "method") != "fallback" || a.at(t, "metres") != 2000.0 || a.at(t, "seconds") != 240.0 || a.at(t, "legs.1.line.0.1") != 120.62 || a.at(t, "legs.0.access_metres") != 7.0 {
		t.Errorf("%s", a.body)
	}
	if a = s.want(200, request{"GET", "/v1/route?through=31.896,121.173/31.3,120.62&lines=false", "", "driver", nil}); strings.Contains(string(a.body), `"line"`) {
		t.Errorf("%s", a.body)
	}
	for through, field := range map[string]string{
		"": "through", "31.9,121.1": "through", strings.Repeat("1,1/", 64) + "1,1": "through", "31.9,121.1/x,1": "through[1]", "31.9,121.1/1": "through[1]",
		"91,1/1,1": "through[0]", "NaN,1/1,1": "through[0]", "1,181/1,1": "through[0]",
	} {
		a := s.want(422, request{"GET", "/v1/route?through=" + through, "", "driver", nil})
		if a.at(t, "field") != field {
			t.Errorf("%q: %s", through, a.body)
		}
	}
	s.fail = &freight.Error{Code: freight.Invalid, Problem: freight.ProblemOffRoad, Field: "through[1]", Value: "17 km"}
	if a := s.want(422, request{"GET", "/v1/route?through=1,1/2,2", "", "driver", nil}); a.at(t, "problem") != "off_road" || a.at(t, "value") != "17 km" {
		t.Errorf("%s", a.body)
	}
}

func TestRereadRoads(t *testing.T) {
	s := serve(t)
	a := s.want(200, request{"POST", "/v1/desk/roads", "{}", "officer", nil})
	if a.at(t, "version") != "r2-test-truck" || a.at(t, "changed") != true || a.at(t, "method") != "graph" {
		t.Errorf("%s", a.body)
	}
	s.fail = &freight.Error{Code: freight.Conflict, Problem: freight.ProblemRoadFile, Value: "damaged"}
	if a := s.want(409, request{"POST", "/v1/desk/roads", "{}", "officer", nil}); a.at(t, "problem") != "road_file" || a.at(t, "value") != "damaged" {
		t.Errorf("%s", a.body)
	}
	s.want(403, request{"POST", "/v1/desk/roads", "{}", "ops", nil})
}
