package roads

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pinhuo/geo"
	"pinhuo/internal/seed"
)

func at(lat, lng float64) geo.Point {
	p, err := geo.PointOf(lat, lng)
	if err != nil {
		panic(err)
	}
	return p
}

func fallback(tb testing.TB) *Fallback {
	tb.Helper()
	f, err := NewFallback(DefaultFactor, DefaultKmh)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

var haimen = at(31.90, 121.17)

// TestKnownDrives compares with drives everybody there knows, wide enough for
// a router without roads and too narrow for one that swims.
func TestKnownDrives(t *testing.T) {
	f := fallback(t)
	for _, tc := range []struct {
		name     string
		a, b     geo.Point
		min, max int64 // km
	}{
		{"Haimen-Shanghai", haimen, at(31.23, 121.47), 115, 130},
		{"Haimen-Suzhou", haimen, at(31.30, 120.62), 92, 116},
		{"Haimen-Changzhou", haimen, at(31.81, 119.97), 138, 160},
		{"Haimen-Chongming", haimen, at(31.63, 121.40), 90, 150},
		{"Qidong-Pudong", at(31.81, 121.66), at(31.22, 121.54), 85, 125},
		{"Chongming-Shanghai", at(31.63, 121.40), at(31.23, 121.47), 70, 110},
		{"Nanjing-Chuzhou", at(32.06, 118.80), at(32.30, 118.31), 60, 90},
		{"Wuhu-Hefei", at(31.33, 118.38), at(31.82, 117.23), 135, 170},
		{"Nanjing-Shanghai", at(32.06, 118.80), at(31.23, 121.47), 280, 350},
		{"Xuzhou-Nanjing", at(34.21, 117.28), at(32.06, 118.80), 300, 370},
	} {
		m, s := f.Between(tc.a, tc.b)
		gc := geo.GreatCircleM(tc.a, tc.b)
		t.Logf("%-20s %6.1f km, %5.2f h, great circle %6.1f km × %.2f", tc.name, float64(m)/1000, float64(s)/3600, gc/1000, float64(m)/gc)
		if m < tc.min*1000 || m > tc.max*1000 {
			t.Errorf("%s: %d m, want %d-%d km", tc.name, m, tc.min, tc.max)
		}
	}
}

// TestAgainstRoadFigures logs how far the fallback is from road figures kept
// beside the project, where straight lines are a fifth to a third off.
func TestAgainstRoadFigures(t *testing.T) {
	dir := cmp.Or(os.Getenv("PINHUO_TESTDATA"), filepath.Join("..", "..", "..", "shared", "data"))
	text, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Skipf("no road figures to compare with: %v", err)
	}
	f := fallback(t)
	places := map[string]geo.Point{}
	place := func(s string) (string, geo.Point) {
		m := regexp.MustCompile(`^(\w+)(?: \(([\d.]+), ([\d.]+)\))?$`).FindStringSubmatch(strings.TrimSpace(s))
		if m == nil {
			t.Fatalf("no place: %q", s)
		}
		if m[2] != "" {
			lng, _ := strconv.ParseFloat(m[2], 64)
			lat, _ := strconv.ParseFloat(m[3], 64)
			places[m[1]] = at(lat, lng)
		}
		return m[1], places[m[1]]
	}
	rows := regexp.MustCompile(`(?m)^\| (.+) - (.+) \| \d+ \| ([\d.]+) \|`).FindAllStringSubmatch(string(text), -1)
	for _, row := range rows {
		from, a := place(row[1])
		to, b := place(row[2])
		km, _ := strconv.ParseFloat(row[3], 64)
		m, _ := f.Between(a, b)
		off := float64(m)/1000/km - 1
		t.Logf("%s-%s: %+.1f %% of the road", from, to, 100*off)
		if math.Abs(off) > 0.2 {
			t.Errorf("%s-%s is %.0f %% off", from, to, 100*off)
		}
	}
	if len(rows) == 0 {
		t.Skip("no table of road figures found")
	}
}

func TestBanks(t *testing.T) {
	r := newRiver(DefaultFactor)
	for _, tc := range []struct {
		name string
		p    geo.Point
		want bank
	}{
		{"Haimen", haimen, north}, {"Nantong", at(31.98, 120.89), north}, {"Qidong", at(31.81, 121.66), north},
		{"Rugao", at(32.39, 120.56), north}, {"Jingjiang", at(32.01, 120.27), north}, {"Taixing", at(32.17, 120.02), north},
		{"Gaogang", at(32.31, 119.88), north}, {"Yangzhou", at(32.39, 119.43), north}, {"Yizheng", at(32.27, 119.18), north},
		{"Pukou", at(32.06, 118.62), north}, {"He county", at(31.72, 118.35), north}, {"Wuwei", at(31.30, 117.91), north},
		{"Hefei", at(31.82, 117.23), north}, {"Anqing", at(30.53, 117.05), north}, {"Beijing", at(39.9, 116.4), north},
		{"Shanghai", at(31.23, 121.47), south}, {"Baoshan", at(31.40, 121.49), south}, {"Taicang", at(31.45, 121.11), south},
		{"Changshu", at(31.65, 120.75), south}, {"Zhangjiagang", at(31.87, 120.55), south}, {"Jiangyin", at(31.91, 120.27), south},
		{"Yangzhong", at(32.237, 119.815), south}, {"Zhenjiang", at(32.20, 119.45), south}, {"Nanjing", at(32.06, 118.80), south},
		{"Maanshan", at(31.69, 118.51), south}, {"Wuhu", at(31.33, 118.38), south}, {"Tongling", at(30.945, 117.81), south},
		{"Chizhou", at(30.66, 117.49), south}, {"Guangzhou", at(23.1, 113.3), south}, {"Pudong airport", at(31.15, 121.80), south},
		{"Chongming", at(31.63, 121.40), island}, {"Chenjiazhen", at(31.52, 121.80), island},
		{"Changxing", at(31.40, 121.68), island}, {"Hengsha", at(31.33, 121.84), island},
	} {
		if got := r.site(tc.p).bank; got != tc.want {
			t.Errorf("%s is on bank %d, want %d", tc.name, got, tc.want)
		}
	}
}

func TestLandingsStandOnTheirBanks(t *testing.T) {
	r := newRiver(DefaultFactor)
	for _, c := range crossings {
		for _, end := range []struct {
			d    degrees
			want bank
		}{{c.a, c.ra}, {c.b, c.rb}} {
			if got := r.site(at(end.d.lat, end.d.lng)).bank; got != end.want {
				t.Errorf("%s: landing %v is on bank %d, want %d", c.name, end.d, got, end.want)
			}
		}
		if c.ra >= c.rb {
			t.Errorf("%s is listed from bank %d to bank %d", c.name, c.ra, c.rb)
		}
		plain := geo.GreatCircleM(at(c.a.lat, c.a.lng), at(c.b.lat, c.b.lng))
		if c.metres > 2.2*plain {
			t.Errorf("%s: %.0f m of road between landings %.0f m apart", c.name, c.metres, plain)
		}
	}
}

// randPlace is mostly in the delta, often near the river, sometimes anywhere in
// China or on earth.
func randPlace(r *rand.Rand) geo.Point {
	switch r.IntN(9) {
	case 8: // about the western end, where the border becomes free
		return at(riverStem[0].lat+r.NormFloat64()*0.05, riverStem[0].lng+r.NormFloat64())
	case 0:
		return at(18+r.Float64()*32, 75+r.Float64()*55)
	case 1:
		return at(29.5+r.Float64()*1.5, 115.5+r.Float64()*2.5)
	case 2:
		return at(30.9+r.Float64(), 121+r.Float64()*2)
	case 3, 4:
		d := riverStem[r.IntN(len(riverStem))]
		return at(d.lat+r.Float64()*0.2-0.1, d.lng+r.Float64()*0.2-0.1)
	case 5:
		c := crossings[r.IntN(len(crossings))]
		if r.IntN(2) == 0 {
			return at(c.a.lat, c.a.lng)
		}
		return at(c.b.lat, c.b.lng)
	default:
		return at(29.5+r.Float64()*4.5, 116+r.Float64()*6.5)
	}
}

func TestTriangleRule(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	f := fallback(t)
	across := 0
	for range 200_000 {
		a, b, c := randPlace(r), randPlace(r), randPlace(r)
		if f.river.site(a).bank != f.river.site(c).bank {
			across++
		}
		abM, abS := f.Between(a, b)
		bcM, bcS := f.Between(b, c)
		acM, acS := f.Between(a, c)
		if abM+bcM < acM || abS+bcS < acS {
			t.Fatalf("%v → %v → %v: %d + %d m < %d m or %d + %d s < %d s", a, b, c, abM, bcM, acM, abS, bcS, acS)
		}
		if caM, caS := f.Between(c, a); caM != acM || caS != acS {
			t.Fatalf("%v → %v: %d m there, %d m back", a, c, acM, caM)
		}
		gc := geo.GreatCircleM(a, c)
		if float64(acM) < gc*DefaultFactor || acS < f.Bound().Seconds(gc) {
			t.Fatalf("%v → %v: %d m, %d s are below the bound", a, c, acM, acS)
		}
	}
	if across < 20_000 {
		t.Errorf("only %d pairs across the river", across)
	}
}

// TestEqualFallbacksHaveEqualBounds: their trips stand in one field of the index.
func TestEqualFallbacksHaveEqualBounds(t *testing.T) {
	if fallback(t).Bound() != fallback(t).Bound() {
		t.Error("two equal fallbacks have two bounds")
	}
	slower, err := NewFallback(DefaultFactor, DefaultKmh/2)
	if err != nil {
		t.Fatal(err)
	}
	if slower.Bound() == fallback(t).Bound() {
		t.Error("a slower fallback has the bound of a faster one")
	}
}

// TestTriangleRuleAtTheWesternEnd is a triangle whose short way touches the
// free border although its long side lies wholly north of it.
func TestTriangleRuleAtTheWesternEnd(t *testing.T) {
	f := fallback(t)
	a, b, c := at(30.4929495, 119.0038722), at(30.2174608, 116.7714470), at(30.2549053, 115.5553823)
	ab, _ := f.Between(a, b)
	bc, _ := f.Between(b, c)
	if ac, _ := f.Between(a, c); ab+bc < ac {
		t.Errorf("%d + %d m < %d m", ab, bc, ac)
	}
}

func TestFarFromTheRiverIsPlain(t *testing.T) {
	f := fallback(t)
	r := rand.New(rand.NewPCG(5, 5))
	for range 20_000 {
		a, b := at(8+r.Float64()*26, 70+r.Float64()*26), at(8+r.Float64()*26, 70+r.Float64()*26)
		if m, _ := f.Between(a, b); m != int64(math.Ceil(geo.GreatCircleM(a, b)*DefaultFactor)) {
			t.Fatalf("%v → %v: %d m", a, b, m)
		}
	}
}

func TestMatrixEqualsBetween(t *testing.T) {
	f := fallback(t)
	r := rand.New(rand.NewPCG(9, 9))
	var from, to []geo.Point
	for range 40 {
		from, to = append(from, randPlace(r)), append(to, randPlace(r))
	}
	m, err := f.Matrix(context.Background(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	if m.Method != "fallback" || m.Version != "gc1.24-60kmh-x1" {
		t.Errorf("made by %s %s", m.Method, m.Version)
	}
	for i := range from {
		for j := range to {
			metres, seconds := f.Between(from[i], to[j])
			if m.Metres(i, j) != metres || m.Seconds(i, j) != seconds {
				t.Fatalf("%v → %v: %d m, %d s in the matrix, %d m, %d s alone", from[i], to[j], m.Metres(i, j), m.Seconds(i, j), metres, seconds)
			}
		}
	}
}

// TestBanksAreRemembered asks for drives between more places than are remembered, from
// several sides at once.
func TestBanksAreRemembered(t *testing.T) {
	f, err := NewFallback(DefaultFactor, DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	number := seed.Of(t)
	var all sync.WaitGroup
	for w := range uint64(4) {
		all.Go(func() {
			r := rand.New(rand.NewPCG(number, w/2)) // two and two ask for the same
			places := make([]geo.Point, 30_000)
			for i := range places {
				places[i] = geo.Point{LatE7: 305_000_000 + r.Int32N(20_000_000), LngE7: 1_165_000_000 + r.Int32N(55_000_000)}
			}
			for range 60_000 {
				a, b := places[r.IntN(40)], places[r.IntN(len(places))]
				if r.IntN(2) == 0 {
					a, b = b, a
				}
				from, to := f.river.site(a), f.river.site(b)
				m, s := f.round(f.river.between(&from, &to))
				if metres, seconds := f.Between(a, b); metres != m || seconds != s {
					t.Errorf("from %v to %v: %d m, %d s, want %d, %d", a, b, metres, seconds, m, s)
					return
				}
			}
		})
	}
	all.Wait()
}

func TestMatrixEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := fallback(t).Matrix(ctx, []geo.Point{haimen}, []geo.Point{haimen}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestSettings(t *testing.T) {
	for _, tc := range []struct{ factor, kmh float64 }{
		{0.9, 60}, {11, 60}, {math.NaN(), 60}, {1.24, 0}, {1.24, 201}, {1.24, math.NaN()},
	} {
		if _, err := NewFallback(tc.factor, tc.kmh); !errors.Is(err, ErrSetting) {
			t.Errorf("factor %v, speed %v: %v", tc.factor, tc.kmh, err)
		}
	}
}

func BenchmarkBetween(b *testing.B) {
	f := fallback(b)
	for name, to := range map[string]geo.Point{"same bank": at(33.38, 120.16), "across": at(31.23, 121.47)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.Between(haimen, to)
			}
		})
	}
}

func BenchmarkMatrix(b *testing.B) {
	f := fallback(b)
	r := rand.New(rand.NewPCG(9, 9))
	var points []geo.Point
	for range 100 {
		points = append(points, randPlace(r))
	}
	for b.Loop() {
		if _, err := f.Matrix(context.Background(), points, points); err != nil {
			b.Fatal(err)
		}
	}
}
