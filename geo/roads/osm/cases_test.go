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
	net, err := Read(context.Background(), paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
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
	for at := range good {
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
