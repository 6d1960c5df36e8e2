package osm

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// step is one step of the raster that the files are drawn on, in metres, and
// hop the seconds it takes at 60 km/h.
const (
	step = 1111.951
	hop  = step / 60 * 3.6
)

// pbf turns a hand-written file into PBF form.
func pbf(t *testing.T, name string) string {
	t.Helper()
	osmium, err := exec.LookPath("osmium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("osmium is not installed (Debian: osmium-tool)")
	}
	if err != nil {
		t.Skip("osmium is not installed (Debian: osmium-tool, which make test brings)")
	}
	path := filepath.Join(t.TempDir(), name+".osm.pbf")
	if out, err := exec.Command(osmium, "cat", filepath.Join("testdata", name+".osm"), "-o", path).CombinedOutput(); err != nil {
		t.Fatalf("osmium: %v: %s", err, out)
	}
	return path
}

func router(t *testing.T, profile string, paths ...string) *roads.Router {
	t.Helper()
	return kept(t, 0, profile, paths...)
}

// kept is a router that keeps islands with so many metres of road, 0 for the usual.
func kept(t *testing.T, islandM int64, profile string, paths ...string) *roads.Router {
	t.Helper()
	net, err := Read(context.Background(), paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{IslandM: islandM})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Router(roads.RouterOptions{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// on is a place on the raster.
func on(t *testing.T, x, y float64) geo.Point {
	t.Helper()
	p, err := geo.PointOf(y/100, x/100)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestHandWrittenRoads drives on roads drawn by hand; the seconds and steps are
// computed by hand from their maps.
func TestHandWrittenRoads(t *testing.T) {
	for _, tc := range []struct {
		file, profile  string
		x1, y1, x2, y2 float64
		steps, seconds float64
	}{
		{"ferry", "", 0, 0, 4, 0, 4, 1800 + 2*hop},
		{"ferry", "", 4, 0, 0, 0, 4, 1800 + 2*hop},
		{"ferry", "", 3, 0, 6, 0, 3, 2*hop + 3*hop},
		{"no_left_turn", "", 0.5, 0, 1, 0.5, 3, 3 * hop},
		{"no_left_turn", "", 1, 0.5, 0.5, 0, 1, hop},
		{"no_left_turn", "", 1, 0, 1, 0.5, 0.5, hop / 2},
		{"only_straight_on", "", 0.5, 0, 1, 0.5, 2, 2 * hop},
		{"only_straight_on", "", 1.5, 0, 1, 0.5, 1, hop},
		{"via_way", "", 0.75, 0, 0.75, 1, 2.5, 2.5 * hop},
		{"via_way", "", 0.75, 1, 0.75, 0, 1.5, 1.5 * hop},
		{"via_way", "", 1.5, 0, 0.75, 1, 1.75, 1.75 * hop},
		{"via_way", "", 0.75, 0, 1, 1, 1.25, 1.25 * hop},
		{"except", "", 0.5, 0, 1, 0.5, 1, hop},
		{"restriction_hgv", "", 0.5, 0, 1, 0.5, 3, 3 * hop},
		{"restriction_hgv", "", 0.5, 1, 0, 0.5, 1, hop},
		{"maxlength", "", 1, 0, 1, 1, 3, 3 * hop},
		{"maxlength", "light", 1, 0, 1, 1, 1, hop},
		{"maxweight", "", 1, 0, 1, 1, 3, 3 * hop},
		{"maxweight", "light", 1, 0, 1, 1, 1, hop},
		{"maxheight", "", 1, 0, 1, 1, 3, 3 * hop},
		{"maxheight", "light", 1, 0, 1, 1, 1, hop},
		{"barrier", "", 1, 0, 0, 1, 2, 2 * hop},
		{"barrier", "", 0, 1, 1, 1, 3, 3 * hop},
		{"barrier", "", 1, 0.4, 1, 0.6, 5.8, 5.8 * hop},
		{"private", "", 1, 0, 1, 1, 3, 3 * hop},
		{"private", "", 0.75, 0, 0.75, 1, 2.5, 2.5 * hop},
		{"private", "", 1, 0, 1, 0.5, 0.5, hop / 2},
		{"private", "", 1, 0.5, 1, 1, 0.5, hop / 2},
		{"private", "", 1, 0.25, 1, 0.75, 0.5, hop / 2},
		{"destination", "", 0.75, 1, 0.75, 0, 2.5, 2.5 * hop},
		{"destination", "", 0.5, 0, 1, 0.5, 1, hop},
		{"oneway_reverse", "", 1, 0, 1, 1, 3, 3 * hop},
		{"oneway_reverse", "", 1, 1, 1, 0, 1, hop},
		{"roundabout", "", 0, 0, 1, 0, 1, hop},
		{"roundabout", "", 1, 0, 0, 0, 3, 3 * hop},
		{"roundabout", "", 1, 0.5, 1, 0.25, 3.75, 3.75 * hop},
		{"mid_road", "", 0.5, 1, 1, 0.5, 3, 3 * hop},
		{"mid_road", "", 0.9, 1, 1, 0.9, 3.8, 3.8 * hop},
	} {
		r := router(t, tc.profile, pbf(t, tc.file))
		l, err := r.Leg(on(t, tc.x1, tc.y1), on(t, tc.x2, tc.y2))
		if err != nil {
			t.Errorf("%s: %v", tc.file, err)
			continue
		}
		if math.Abs(float64(l.Milliseconds)/1000-tc.seconds) > 0.1 || math.Abs(float64(l.Centis)/100-tc.steps*step) > 1 {
			t.Errorf("%s %s (%v,%v) → (%v,%v): %.1f s, %.1f m; by hand %.1f s, %.1f m", tc.file, tc.profile, tc.x1, tc.y1, tc.x2, tc.y2,
				float64(l.Milliseconds)/1000, float64(l.Centis)/100, tc.seconds, tc.steps*step)
		}
	}
}

func TestIsland(t *testing.T) {
	r := router(t, "", pbf(t, "island"))
	if m := r.Graph().Meta().Profiles[0]; m.Islands != 1 || m.DroppedPieces != 1 {
		t.Errorf("%d islands of %d pieces", m.Islands, m.DroppedPieces)
	}
	var off *roads.OffRoadError
	if _, err := r.Leg(on(t, 0, 0), on(t, 20, 1)); !errors.As(err, &off) || math.Abs(off.Metres-19*step) > 5 {
		t.Errorf("an island without a ferry: %v", err)
	}
	l, err := r.Leg(on(t, 0, 0), on(t, 11, 1)) // ten steps east of C
	if err != nil {
		t.Fatal(err)
	}
	access := 10 * step * 1.3
	if math.Abs(float64(l.ToAccessM)-access) > 2 || l.FromAccessM != 0 || math.Abs(float64(l.Seconds)-(2*hop+access/20*3.6)) > 1.5 {
		t.Errorf("ten steps off the road: %+v, access by hand %.0f m", l, access)
	}
}

// TestLargeIsland keeps the island, which has two steps of road, where islands from
// that size on are kept: routes on it are found, none leads there, and who asks for
// one is told how far the roads are that he is on.
func TestLargeIsland(t *testing.T) {
	const islandM = 2223 // of 2,223.9
	if m := kept(t, islandM+2, "", pbf(t, "island")).Graph().Meta().Profiles[0]; m.Islands != 1 || m.Regions != 1 {
		t.Errorf("a metre too small: %d islands dropped, %d regions", m.Islands, m.Regions)
	}
	r := kept(t, islandM, "", pbf(t, "island"))
	if m := r.Graph().Meta(); m.Profiles[0].Islands != 0 || m.Profiles[0].Regions != 2 || m.Profiles[0].DroppedPieces != 0 || m.IslandM != islandM {
		t.Errorf("%+v", m)
	}
	l, err := r.Leg(on(t, 20, 0), on(t, 20, 2))
	if err != nil || math.Abs(float64(l.Milliseconds)/1000-2*hop) > 0.1 {
		t.Errorf("along the island: %+v, %v; by hand %.1f s", l, err, 2*hop)
	}
	if l, err = r.Leg(on(t, 0, 0), on(t, 1, 1)); err != nil || math.Abs(float64(l.Milliseconds)/1000-2*hop) > 0.1 {
		t.Errorf("beside it: %+v, %v", l, err)
	}
	if _, err := r.Leg(on(t, 0, 0), on(t, 20, 1)); !errors.Is(err, roads.ErrNoWay) {
		t.Errorf("to the island: %v", err)
	}
	fallback, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	g := roads.NewGuide(fallback, r, 0)
	for _, by := range []geo.Router{r, g.By(r.Method(), r.Version())} {
		if m, s := by.Between(on(t, 0, 0), on(t, 20, 1)); s != geo.UnreachableS || math.Abs(float64(m)-19*step) > 5 {
			t.Errorf("to the island: %d m, %d s; by hand %.0f m off the roads", m, s, 19*step)
		}
	}
	for _, tc := range []struct {
		places []geo.Point
		method string
	}{{[]geo.Point{on(t, 20, 0), on(t, 20, 2)}, "graph"}, {[]geo.Point{on(t, 0, 0), on(t, 1, 1)}, "graph"}, {[]geo.Point{on(t, 0, 0), on(t, 20, 2)}, "fallback"}} {
		if got := g.Choose(tc.places).Method(); got != tc.method {
			t.Errorf("%v is measured by %s, want %s", tc.places, got, tc.method)
		}
	}
	for _, d := range compared(t, pbf(t, "island"), r, roads.DefaultProfiles()[0], 300, false) {
		t.Error(d)
	}
}

// TestTwoExtracts reads what two extracts have in common once.
func TestTwoExtracts(t *testing.T) {
	a, b := pbf(t, "private"), pbf(t, "private")
	net, err := Read(context.Background(), []string{a, b}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(net.Pieces) != 4 || len(net.Nodes) != 4 {
		t.Errorf("%d pieces between %d nodes", len(net.Pieces), len(net.Nodes))
	}
}

func TestDamage(t *testing.T) {
	path := pbf(t, "via_way")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	read := func(data []byte) error {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read(context.Background(), []string{path}, nil)
		return err
	}
	var broken *BlockError
	for _, size := range []int{len(good) - 1, len(good) - 40, 100, 3} {
		if err := read(good[:size]); !errors.As(err, &broken) || !errors.Is(err, ErrDamaged) {
			t.Errorf("cut to %d of %d bytes: %v", size, len(good), err)
		}
	}
	for at := 0; at < len(good); at += raceShare {
		bad := append([]byte(nil), good...)
		bad[at] ^= 1 << (at % 8)
		err := read(bad)
		if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, roads.ErrNetwork) {
			t.Fatalf("byte %d: %v", at, err)
		}
	}
	for _, text := range []string{"", "<osm/>", "PK\x03\x04 and more of the kind"} {
		if err := read([]byte(text)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Read(context.Background(), []string{filepath.Join(t.TempDir(), "none.pbf")}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}
