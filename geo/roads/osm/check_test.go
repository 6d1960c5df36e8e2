package osm

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/geo/roads/check"
	"pinhuo/internal/seed"
)

// checked compares an extract's graph with the checker's own drive.
func checked(t *testing.T, path string, profiles []roads.Profile, pairs int) []check.Difference {
	t.Helper()
	return compared(t, path, routerOf(t, path, profiles), profiles[0], pairs, false)
}

func routerOf(t *testing.T, path string, profiles []roads.Profile) *roads.Router {
	t.Helper()
	net, err := Read(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{Profiles: profiles})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Router(roads.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func compared(t *testing.T, path string, r *roads.Router, p roads.Profile, pairs int, swapped bool) []check.Difference {
	t.Helper()
	seed := seed.Of(t)
	found, err := check.Run(context.Background(), path, check.Options{
		Vehicle: check.Vehicle{Kg: float64(p.Kg), HeightMm: float64(p.HeightMm), LengthMm: float64(p.LengthMm), Kmh: p.Kmh},
		IslandM: r.Graph().Meta().IslandM, Pairs: pairs, Seed: seed,
		Leg: func(from, to geo.Point) (check.Answer, error) {
			if swapped {
				from, to = to, from
			}
			l, err := r.Leg(from, to)
			if errors.Is(err, roads.ErrNoWay) {
				return check.Answer{NoWay: true}, nil
			}
			return check.Answer{Milliseconds: l.Milliseconds, Centimetres: l.Centis, AccessM: l.FromAccessM + l.ToAccessM}, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d: %d differences in %d pairs", seed, len(found), pairs)
	return found
}

func TestCheckerAgreesOnHandWrittenRoads(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.osm"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no hand-written roads: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		name = name[:len(name)-len(".osm")]
		for i := range roads.DefaultProfiles() {
			for _, d := range checked(t, pbf(t, name), roads.DefaultProfiles()[i:i+1], 300/raceShare) {
				t.Errorf("%s: %v", name, d)
			}
		}
	}
}

func TestCheckerAgreesOnRealRoads(t *testing.T) {
	for _, name := range []string{"liechtenstein", "andorra"} {
		for _, d := range checked(t, shared(t, "roads/"+name+".osm.pbf"), roads.DefaultProfiles()[:1], 2000/raceShare) {
			t.Errorf("%s: %v", name, d)
		}
	}
}

// TestCheckerOnLopsidedRoads is the delta with another speed each way and one
// road in ten one-way. Who mixes up origin and destination must not pass there.
func TestCheckerOnLopsidedRoads(t *testing.T) {
	wholeRegion(t)
	path := lopsidedFile(t)
	profiles, err := roads.ParseProfiles([]byte(`{"speeds":{"motorway":200,"motorway_link":200,"trunk":200,"primary":200},
		"profiles":[{"name":"any","kg":1,"height_mm":1,"length_mm":1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r := routerOf(t, path, profiles)
	for _, d := range compared(t, path, r, profiles[0], 500, false) {
		t.Error(d)
	}
	if found := compared(t, path, r, profiles[0], 50, true); len(found) < 40 {
		t.Errorf("swapped pairs pass: %d differences", len(found))
	}
}

// lopsidedFile writes the delta's roads anew, with directions, as PBF.
func lopsidedFile(t *testing.T) string {
	t.Helper()
	net := delta(t)
	osmium, err := exec.LookPath("osmium")
	if err != nil {
		t.Skip("osmium is not installed (Debian: osmium-tool)")
	}
	text := filepath.Join(t.TempDir(), "lopsided.osm")
	f, err := os.Create(text)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, `<osm version="0.6" generator="test">`)
	for i, p := range net.Nodes {
		fmt.Fprintf(w, "<node id=\"%d\" version=\"1\" lat=\"%.7f\" lon=\"%.7f\"/>\n", i+1, p.Lat(), p.Lng())
	}
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 3))
	kmh := roads.DefaultProfiles()[0].Kmh
	for i, p := range net.Pieces {
		usual := float64(kmh[p.Class.String()])
		oneway := []string{"no", "no", "no", "no", "no", "no", "no", "no", "no", []string{"yes", "-1"}[r.IntN(2)]}[r.IntN(10)]
		fmt.Fprintf(w, "<way id=\"%d\" version=\"1\"><nd ref=\"%d\"/><nd ref=\"%d\"/>", i+1, p.From+1, p.To+1)
		fmt.Fprintf(w, `<tag k="highway" v="%v"/><tag k="oneway" v="%s"/><tag k="maxspeed:forward" v="%.0f"/><tag k="maxspeed:backward" v="%.0f"/>`,
			p.Class, oneway, usual*(0.8+r.Float64()/2), usual*(0.8+r.Float64()/2))
		fmt.Fprintln(w, "</way>")
	}
	fmt.Fprintln(w, "</osm>")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(osmium, "cat", text, "-o", text+".pbf").CombinedOutput(); err != nil {
		t.Fatalf("osmium: %v: %s", err, out)
	}
	return text + ".pbf"
}
