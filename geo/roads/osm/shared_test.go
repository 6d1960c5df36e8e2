package osm

import (
	"context"
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
	"pinhuo/geo/roads"
	"pinhuo/internal/seed"
)

// shared is a file of the test data that is not part of the project.
func shared(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("PINHUO_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no roads to drive on: %v", err)
	}
	return path
}

func delta(t testing.TB) *roads.Network {
	t.Helper()
	net, err := Read(context.Background(), []string{shared(t, "roads/yangtze_delta_major_roads.osm.pbf")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// deltaRouter is built once for all tests.
func deltaRouter(t testing.TB) *roads.Router {
	t.Helper()
	deltaMu.Lock()
	defer deltaMu.Unlock()
	if deltaBuilt == nil {
		deltaBuilt = built(t, delta(t))
	}
	return deltaBuilt
}

var (
	deltaMu    sync.Mutex
	deltaBuilt *roads.Router
)

func built(t testing.TB, net *roads.Network) *roads.Router {
	t.Helper()
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Router(roads.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRoadFigures holds the graph against the figures of other engines, which
// are read from the data's own description.
func TestRoadFigures(t *testing.T) {
	wholeRegion(t)
	text, err := os.ReadFile(shared(t, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	r := deltaRouter(t)
	places := map[string]geo.Point{}
	place := func(s string) geo.Point {
		m := regexp.MustCompile(`^(\w+)(?: \(([\d.]+), ([\d.]+)\))?$`).FindStringSubmatch(strings.TrimSpace(s))
		if m == nil {
			t.Fatalf("no place: %q", s)
		}
		if m[2] != "" {
			lng, _ := strconv.ParseFloat(m[2], 64)
			lat, _ := strconv.ParseFloat(m[3], 64)
			places[m[1]] = geo.Point{LatE7: int32(math.Round(lat * 1e7)), LngE7: int32(math.Round(lng * 1e7))}
		}
		return places[m[1]]
	}
	rows := regexp.MustCompile(`(?m)^\| (.+) - (.+) \| \d+ \| ([\d.]+) \| ([\d.]+) \|`).FindAllStringSubmatch(string(text), -1)
	if len(rows) == 0 {
		t.Fatal("the description has no table of road figures")
	}
	for _, row := range rows {
		l, err := r.Leg(place(row[1]), place(row[2]))
		if err != nil {
			t.Fatal(err)
		}
		km, _ := strconv.ParseFloat(row[3], 64)
		hours, _ := strconv.ParseFloat(row[4], 64)
		access := l.FromAccessM + l.ToAccessM
		offM := float64(l.Metres-access)/1000/km - 1
		offS := (float64(l.Seconds)-float64(access)/20*3.6)/3600/hours - 1
		t.Logf("%s - %s: metres %+.2f %%, seconds %+.2f %%", row[1], row[2], 100*offM, 100*offS)
		if math.Abs(offM) > 0.04 || math.Abs(offS) > 0.015 {
			t.Errorf("%s - %s is off", row[1], row[2])
		}
	}
}

// lopsided changes every direction's speed and makes a road in ten one-way: what
// swaps origin and destination fails here.
func lopsided(net *roads.Network, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 10))
	for i := range net.Pieces {
		p := &net.Pieces[i]
		for dir := range p.MaxKmh {
			p.MaxKmh[dir] = uint8(30 + r.IntN(50))
		}
		switch r.IntN(20) {
		case 0:
			p.Flags &^= roads.Forward
		case 1:
			p.Flags &^= roads.Back
		}
	}
}

// places draws places of the delta, one in three near the river.
func places(r *rand.Rand, router *roads.Router, n int) []*roads.Snap {
	var out []*roads.Snap
	for len(out) < n {
		lat, lng := 29+r.Float64()*5, 117+r.Float64()*5
		if r.IntN(3) == 0 {
			lng = 119 + r.Float64()*3
			lat = 32.2 - (lng-119)*0.25 + r.NormFloat64()*0.1
		}
		s := new(roads.Snap)
		p := geo.Point{LatE7: int32(lat * 1e7), LngE7: int32(lng * 1e7)}
		if router.Snap(p, s) == nil && (len(out) == 0 || connected(router, out[0], s)) {
			out = append(out, s)
		}
	}
	return out
}

// connected tells whether ways lead from a place to another and back: one-ways may part a
// region that is large enough to be kept.
func connected(router *roads.Router, a, b *roads.Snap) bool {
	_, there := router.Snapped(a, b)
	_, back := router.Snapped(b, a)
	return there == nil && back == nil
}

// TestBoundsOnTheDelta holds a million bounds against the truth, and says how
// near they come.
func TestBoundsOnTheDelta(t *testing.T) {
	wholeRegion(t)
	net := delta(t)
	lopsided(net, 5)
	for name, router := range map[string]*roads.Router{"as it is": deltaRouter(t), "lopsided": built(t, net)} {
		t.Run(name, func(t *testing.T) {
			seed := seed.Of(t)
			ratios := againstBounds(t, rand.New(rand.NewPCG(seed, 1)), router, 1000)
			t.Logf("mean of bound / truth: %.3f up to 60 km, %.3f at 60-150 km, %.3f above", ratios[0], ratios[1], ratios[2])
			if name == "as it is" && (ratios[1] < 0.60 || ratios[2] < 0.85) {
				t.Error("the bounds are too loose")
			}
		})
	}
}

// againstBounds compares all pairs among n places; the mean ratios are by road
// length.
func againstBounds(t *testing.T, r *rand.Rand, router *roads.Router, n int) (mean [3]float64) {
	t.Helper()
	both := places(r, router, 2*n)
	from, to := both[:n], both[n:]
	m, err := router.SnappedMatrix(from, to)
	if err != nil {
		t.Fatal(err)
	}
	crow := router.Bound()
	var count [3]int
	for i, a := range from {
		for j, b := range to {
			metres, seconds := m.Metres(i, j), m.Seconds(i, j)
			lowM, lowS := router.Lower(a, b)
			if lowM > metres || lowS > seconds || crow.Between(a.Place, b.Place) > seconds {
				t.Fatalf("%v → %v takes %d m, %d s; bounds say %d m, %d s and %d s as the crow flies", a.Place, b.Place,
					metres, seconds, lowM, lowS, crow.Between(a.Place, b.Place))
			}
			class := 0
			if metres >= 60_000 {
				class = 1
			}
			if metres >= 150_000 {
				class = 2
			}
			mean[class] += float64(lowS) / float64(max(seconds, 1))
			count[class]++
		}
	}
	for i := range mean {
		mean[i] /= float64(max(count[i], 1))
	}
	return mean
}

// TestRealRestriction is a no_left_turn of Liechtenstein's: no route may drive
// from the one way straight into the other.
func TestRealRestriction(t *testing.T) {
	const from, to = 167992391, 24802724 // the ways of relation 2366291
	net, err := Read(context.Background(), []string{shared(t, "roads/liechtenstein.osm.pbf")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, turn := range net.Turns {
		a, b := turn[0], turn[len(turn)-1]
		if len(turn) == 2 && net.Pieces[a/2].Way == from && net.Pieces[b/2].Way == to {
			return
		}
	}
	t.Errorf("no turn from way %d into way %d is forbidden among %d", from, to, len(net.Turns))
}
