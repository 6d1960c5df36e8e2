package main

import (
	"strings"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo/places"
)

func TestTowns(t *testing.T) {
	g, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := towns{g}
	for _, tc := range []struct {
		text    string
		near    *freight.Point
		field   string
		problem freight.Problem
	}{
		{"（）", nil, "q", freight.ProblemRequired}, {strings.Repeat("海", 64), nil, "q", freight.ProblemRange}, {"\xff", nil, "q", freight.ProblemMalformed},
		{"海门", &freight.Point{LatE7: 900_000_001}, "lat", freight.ProblemRange},
	} {
		list, err := all.Search(tc.text, tc.near, 10)
		known, ok := err.(*freight.Error) //nolint:errorlint // the port promises this type itself
		if list != nil || !ok || known.Problem != tc.problem || known.Field != tc.field || known.Code != freight.Invalid {
			t.Errorf("%q: %v, %v", tc.text, list, err)
		}
	}
	haimen := freight.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}
	list, err := all.At(haimen)
	if err != nil || len(list) != 3 || list[0].Name != "海门" || list[1].Name != "南通" || list[2].Name != "江苏" || list[2].Bookable {
		t.Errorf("at Haimen: %+v, %v", list, err)
	}
	if list, err = all.Search("yueqing", &haimen, 1); err != nil || list[0].Full != "乐清市" || list[0].Bookable {
		t.Errorf("%+v, %v", list, err)
	}
}
