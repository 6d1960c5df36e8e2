package geo

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

func TestDatumCheckFigures(t *testing.T) {
	wgs := LatLng{Lat: 31.90, Lng: 121.17}
	for _, tc := range []struct {
		d    Datum
		want LatLng
	}{
		{GCJ02, LatLng{Lat: 31.898134048, Lng: 121.174585864}},
		{BD09, LatLng{Lat: 31.904215862, Lng: 121.181045493}},
		{WGS84, wgs},
	} {
		got := tc.d.FromWGS84(wgs)
		if math.Abs(got.Lat-tc.want.Lat) > 1e-9 || math.Abs(got.Lng-tc.want.Lng) > 1e-9 {
			t.Errorf("%s: %.9f, want %.9f", tc.d, got, tc.want)
		}
	}
}

func TestDatumThereAndBack(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 50_000 {
		wgs := LatLng{Lat: 3 + r.Float64()*51, Lng: 73.5 + r.Float64()*62}
		for _, d := range []Datum{WGS84, GCJ02, BD09} {
			back := d.ToWGS84(d.FromWGS84(wgs))
			if math.Abs(back.Lat-wgs.Lat) > 1e-7 || math.Abs(back.Lng-wgs.Lng) > 1e-7 {
				t.Fatalf("%s: %.9f comes back as %.9f", d, wgs, back)
			}
		}
	}
}

func TestDatumOutsideChinaIsIdentity(t *testing.T) {
	for _, p := range []LatLng{{48.85, 2.35}, {-33.9, 151.2}, {0, 0}, {60, 100}, {31.9, 140}} {
		for _, d := range []Datum{GCJ02, BD09} {
			if d.FromWGS84(p) != p || d.ToWGS84(p) != p {
				t.Errorf("%s moves %v", d, p)
			}
		}
	}
}

func TestParseDatum(t *testing.T) {
	for name, want := range map[string]Datum{"": WGS84, "wgs84": WGS84, "gcj02": GCJ02, "bd09": BD09} {
		if got, err := ParseDatum(name); err != nil || got != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if _, err := ParseDatum("nad27"); !errors.Is(err, ErrDatum) {
		t.Errorf("nad27: %v", err)
	}
}

func TestPointOf(t *testing.T) {
	for _, tc := range []struct {
		lat, lng float64
		ok       bool
		want     Point
	}{
		{31.9, 121.17, true, Point{319000000, 1211700000}},
		{-90, -180, true, Point{-900000000, -1800000000}},
		{90, 180, true, Point{900000000, 1800000000}},
		{121.17, 31.9, false, Point{1211700000, 319000000}},
		{math.NaN(), 0, false, Point{}},
		{0, math.Inf(1), false, Point{}},
		{1e300, 0, false, Point{}},
		{90.0000001, 0, false, Point{900000001, 0}},
	} {
		got, err := PointOf(tc.lat, tc.lng)
		if got != tc.want || (err == nil) != tc.ok || err != nil && !errors.Is(err, ErrCoordinates) {
			t.Errorf("%v, %v: %v, %v", tc.lat, tc.lng, got, err)
		}
	}
}

func TestGreatCircle(t *testing.T) {
	haimen, shanghai := Point{319000000, 1211700000}, Point{312300000, 1214700000}
	if m := GreatCircleM(haimen, shanghai); m < 79_000 || m > 81_000 {
		t.Errorf("Haimen-Shanghai %.0f m", m)
	}
	if m := GreatCircleM(Point{0, 0}, Point{0, 1800000000}); math.Abs(m-math.Pi*EarthRadiusM) > 1 {
		t.Errorf("half round the earth %.0f m", m)
	}
	if m := GreatCircleM(Point{0, 1799999999}, Point{0, -1799999999}); m > 1 {
		t.Errorf("across the antimeridian %.3f m", m)
	}
	if m := GreatCircleM(haimen, Point{319000001, 1211700000}); math.Abs(m-0.0111) > 0.001 {
		t.Errorf("one unit of latitude %.6f m", m)
	}
}

func TestBox(t *testing.T) {
	delta, err := BoxOf(27, 115, 35, 124)
	if err != nil {
		t.Fatal(err)
	}
	pacific, err := BoxOf(-20, 170, 20, -170)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name            string
		b               Box
		p               Point
		inside, swapped bool
	}{
		{"inside", delta, Point{319000000, 1211700000}, true, false},
		{"corner", delta, Point{270000000, 1150000000}, true, false},
		{"outside", delta, Point{400000000, 1211700000}, false, false},
		{"swapped", delta, Point{1211700000, 319000000}, false, true},
		{"across the antimeridian", pacific, Point{0, -1750000000}, true, false},
		{"beside the antimeridian", pacific, Point{0, 0}, false, false},
	} {
		if got := tc.b.Contains(tc.p); got != tc.inside {
			t.Errorf("%s: inside %v", tc.name, got)
		}
		if got := tc.b.Swapped(tc.p); got != tc.swapped {
			t.Errorf("%s: swapped %v", tc.name, got)
		}
	}
	if _, err := BoxOf(0, 0, 91, 0); !errors.Is(err, ErrCoordinates) {
		t.Errorf("a box beyond the pole: %v", err)
	}
}

func TestCellOf(t *testing.T) {
	c, err := CellOf(Point{319000000, 1211700000})
	if err != nil || c == 0 {
		t.Fatalf("%v, %v", c, err)
	}
	if _, err := CellOf(Point{1211700000, 319000000}); !errors.Is(err, ErrCoordinates) {
		t.Errorf("a swapped point: %v", err)
	}
}

func TestBound(t *testing.T) {
	b := NewBound(testRate)
	if got := b.Seconds(10_001); got != 744 {
		t.Errorf("10 km in %d s", got)
	}
	for _, rate := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got := NewBound(rate).Seconds(1e6); got != 0 {
			t.Errorf("rate %v promises %d s", rate, got)
		}
	}
}

func TestMatrix(t *testing.T) {
	m := NewMatrix("fallback", "v1", 2, 3)
	m.Set(1, 2, 5_000, 300)
	m.Set(0, 0, math.MaxInt64, math.MaxInt64)
	if m.Sources() != 2 || m.Targets() != 3 || m.Metres(1, 2) != 5_000 || m.Seconds(1, 2) != 300 || m.Metres(0, 0) != math.MaxInt32 {
		t.Errorf("%+v", m)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic outside the matrix")
		}
	}()
	m.Seconds(1, 3)
}
