package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// drawn is a router that knows a line of points four to the drawing distance.
type drawn struct {
	geo.Router
	err error
}

func (d drawn) Path(a, b geo.Point) (roads.Leg, roads.Course, error) {
	line := []geo.Point{a}
	for i := range int32(1000) {
		line = append(line, geo.Point{LatE7: a.LatE7 + i*900, LngE7: a.LngE7})
	}
	return roads.Leg{Metres: 12, Seconds: 34, FromAccessM: 5, ToAccessM: 6}, roads.Course{Line: append(line, b)}, d.err
}

func TestWays(t *testing.T) {
	fallback, err := roads.NewFallback(1.24, 60)
	if err != nil {
		t.Fatal(err)
	}
	haimen, suzhou, changzhou := freight.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}, freight.Point{LatE7: 313_000_000, LngE7: 1_206_200_000}, freight.Point{LatE7: 317_740_000, LngE7: 1_199_540_000}
	all := []freight.Point{haimen, suzhou, changzhou}
	ctx := context.Background()
	way, err := ways{fallback}.Way(ctx, all, true)
	if err != nil || way.Method != "fallback" || way.Version != fallback.Version() || len(way.Legs) != 2 || len(way.Legs[1].Line) != 2 || way.Legs[0].Metres < 80_000 {
		t.Errorf("%+v, %v", way, err)
	}
	if way, err = (ways{drawn{Router: fallback}}).Way(ctx, all, true); err != nil || way.Legs[0].AccessM != 11 || way.Legs[0].Metres != 12 {
		t.Errorf("%+v, %v", way, err)
	}
	if line := way.Legs[0].Line; len(line) < 200 || len(line) > 300 || line[0] != haimen || line[len(line)-1] != suzhou {
		t.Errorf("%d points are drawn of 1002", len(line))
	}
	if way, err = (ways{drawn{Router: fallback}}).Way(ctx, all, false); err != nil || way.Legs[0].Line != nil {
		t.Errorf("%+v, %v", way, err)
	}
	broken := errors.New("broken")
	for _, tc := range []struct {
		err          error
		field, value string
	}{
		{&roads.OffRoadError{Place: geo.Point(haimen), Metres: 16_240}, "through[0]", "16.2 km"},
		{&roads.OffRoadError{Place: geo.Point(suzhou)}, "through[1]", ""},
		{fmt.Errorf("x: %w", roads.ErrNoWay), "through[1]", ""},
	} {
		_, err := ways{drawn{Router: fallback, err: tc.err}}.Way(ctx, all, true)
		told, ok := errors.AsType[*freight.Error](err)
		if !ok || told.Problem != freight.ProblemOffRoad || told.Field != tc.field || told.Value != tc.value {
			t.Errorf("%v: %v", tc.err, err)
		}
	}
	if _, err := (ways{drawn{Router: fallback, err: broken}}).Way(ctx, all, true); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := (ways{fallback}).Way(gone, all, true); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
