package api

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pinhuo/freight"
)

func TestDecimalsRoundToTheSideTheDomainAsksFor(t *testing.T) {
	for _, tc := range []struct {
		text     string
		up, down int64
		bad      bool
	}{
		{"844.8", 844800, 844800, false}, {"0.0001", 1, 0, false}, {"1.0001", 1001, 1000, false}, {"-1.0001", -1000, -1001, false},
		{"5", 5000, 5000, false}, {"0", 0, 0, false}, {"1e3", 0, 0, true}, {"9999999999999", 0, 0, true}, {"NaN", 0, 0, true},
	} {
		var up, down reader
		gotUp, gotDown := up.up("x", Decimal(tc.text), 3), down.down("x", Decimal(tc.text), 3)
		if bad := up.faults.Err() != nil && down.faults.Err() != nil; bad != tc.bad {
			t.Errorf("%s: refused %v, want %v", tc.text, bad, tc.bad)
		}
		if !tc.bad && (gotUp != tc.up || gotDown != tc.down) {
			t.Errorf("%s: %d up, %d down, want %d, %d", tc.text, gotUp, gotDown, tc.up, tc.down)
		}
	}
}

func TestDegreesRoundToTheNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-180_000_000_000, 180_000_000_000).Draw(t, "degrees × 10^9")
		text := string(decimalOf(n, 9))
		var r reader
		got := r.degrees("x", Decimal(text), 180)
		if err := r.faults.Err(); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		exact, _ := new(big.Rat).SetString(text)
		exact.Mul(exact, big.NewRat(1e7, 1))
		off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(int64(got)))
		if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
			t.Fatalf("%s became %d", text, got)
		}
	})
}

func TestDegreesOutOfRangeAreRefused(t *testing.T) {
	for _, text := range []string{"180.0000001", "-180.0000002", "999", "", "1e1"} {
		var r reader
		r.degrees("x", Decimal(text), 180)
		if r.faults.Err() == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// What is shown reads back as the same number.
func TestDecimalsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		places := rapid.IntRange(0, 7).Draw(t, "places")
		n := rapid.Int64Range(-999_999_999_999, 999_999_999_999).Draw(t, "n")
		text := decimalOf(n, places)
		for _, round := range []func(string, int) (int64, bool){freight.DecimalUp, freight.DecimalDown} {
			if got, ok := round(string(text), places); !ok || got != n {
				t.Fatalf("%d × 10^-%d is shown as %s, which reads as %d", n, places, text, got)
			}
		}
		raw, err := json.Marshal(text)
		if err != nil || string(raw) != string(text) || strings.HasSuffix(string(text), ".") {
			t.Fatalf("%s is marshalled as %s: %v", text, raw, err)
		}
		var back Decimal
		if err := json.Unmarshal(raw, &back); err != nil || back != text {
			t.Fatalf("%s reads as %s: %v", raw, back, err)
		}
	})
}

func TestMinutesReadBackAsTheirSeconds(t *testing.T) {
	for s := range int64(200_001) {
		var r reader
		limits := r.limits(&LimitTerms{DetourKm: "0", DetourMin: minutes(s)}, false)
		if limits.DetourS != s {
			t.Fatalf("%d s are shown as %s min, which reads as %d s", s, minutes(s), limits.DetourS)
		}
	}
}

func TestDecimalRefusesWhatIsNoNumber(t *testing.T) {
	for _, text := range []string{`"1"`, `true`, `[]`} {
		var d Decimal
		if err := d.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s was taken as %s", text, d)
		}
	}
}
