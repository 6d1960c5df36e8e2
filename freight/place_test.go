package freight

import (
	"math"
	"testing"
)

func TestMetresBetweenPoints(t *testing.T) {
	for _, tc := range []struct {
		a, b Point
		want float64
	}{
		{Point{0, 0}, Point{0, 10_000_000}, 111_195},                                   // a degree of the equator
		{Point{318_700_000, 1_211_800_000}, Point{312_300_000, 1_214_700_000}, 76_260}, // Haimen to Shanghai
		{Point{0, 1_799_999_999}, Point{0, -1_799_999_999}, 0.0222},                    // across the antimeridian
		{Point{900_000_000, 0}, Point{-900_000_000, 0}, math.Pi * earthM},              // from pole to pole
		{Point{318_700_000, 1_211_800_000}, Point{318_700_000, 1_211_800_000}, 0},      // nowhere
	} {
		if got := tc.a.Metres(tc.b); math.Abs(got-tc.want) > tc.want/1000+0.001 {
			t.Errorf("%v to %v: %f m, not %f", tc.a, tc.b, got, tc.want)
		}
	}
}
