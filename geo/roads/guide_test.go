package roads

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"pinhuo/geo"
	"pinhuo/internal/seed"
)

var _ geo.Router = (*Router)(nil)

func townRouter(t *testing.T, seed uint64, o BuildOptions) *Router {
	t.Helper()
	g, err := Build(context.Background(), town(rand.New(rand.NewPCG(seed, 3)), 6, false, false), o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Router(RouterOptions{SnapM: 2000})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGuideNeverMixes(t *testing.T) {
	first, second := townRouter(t, 3, BuildOptions{}), townRouter(t, 4, BuildOptions{})
	g := NewGuide(fallback(t), first, 0)
	in, out := []geo.Point{at(31.01, 121.01), at(31.03, 121.04)}, at(31.5, 121.9)
	if r := g.Choose(in); r.Method() != "graph" || r.Version() != first.Version() {
		t.Errorf("in town: %s %s", r.Method(), r.Version())
	}
	if r := g.Choose(append(in, out)); r.Method() != "fallback" {
		t.Errorf("out of town: %s", r.Method())
	}
	m, s := g.By("graph", first.Version()).Between(in[0], out)
	if s != geo.UnreachableS || m < 50_000 || m > 120_000 {
		t.Errorf("off the road: %d m, %d s", m, s)
	}
	wantM, wantS := first.Between(in[0], in[1])
	for range 2 {
		if m, s := g.By("graph", first.Version()).Between(in[0], in[1]); m != wantM || s != wantS {
			t.Errorf("%d m, %d s remembered of %d m, %d s", m, s, wantM, wantS)
		}
	}
	g.Swap(second)
	if g.Version() != second.Version() || g.Choose(in).Version() != second.Version() {
		t.Error("the new graph is not in use")
	}
	if m, s := g.By("graph", first.Version()).Between(in[0], in[1]); m != wantM || s != wantS {
		t.Error("what the old graph measured is measured by another")
	}
	if r := g.By("graph", "gone"); r.Version() != second.Version() {
		t.Errorf("a graph that is gone: %s", r.Version())
	}
	if asked, hits := g.Remembered(); asked != 0 || hits != 0 {
		t.Errorf("%d of %d remembered before anything was asked", hits, asked)
	}
}

func TestCacheOfFewBytes(t *testing.T) {
	r := townRouter(t, 3, BuildOptions{})
	g := NewGuide(fallback(t), r, 4000)
	seed := seed.Of(t)
	var group sync.WaitGroup
	for k := range uint64(4) {
		group.Go(func() {
			draw := rand.New(rand.NewPCG(seed, k))
			var places []geo.Point
			for range 12 {
				places = append(places, at(31+draw.Float64()*0.05, 121+draw.Float64()*0.05))
			}
			for range 2000 {
				a, b := places[draw.IntN(12)], places[draw.IntN(12)]
				m, s := g.Choose(places).Between(a, b)
				if wantM, wantS := r.Between(a, b); m != wantM || s != wantS {
					t.Errorf("%v → %v: %d m, %d s remembered of %d m, %d s", a, b, m, s, wantM, wantS)
					return
				}
			}
		})
	}
	group.Wait()
	if asked, hits := g.Remembered(); asked < 4000 || hits == 0 || hits == asked {
		t.Errorf("%d of %d remembered", hits, asked)
	}
}

// TestPlacesOnOneSpotShareADrive: two places that lie beyond the end of a road are
// reached over its end, so the drive to the second is known from the first, with
// another access leg.
func TestPlacesOnOneSpotShareADrive(t *testing.T) {
	net := &Network{Nodes: []geo.Point{at(31, 121), at(31, 121.1)}, Names: []string{""},
		Pieces: []Piece{{From: 0, To: 1, Class: Primary, Flags: Forward | Back}}}
	cm := SegmentCm(net.Nodes[0], net.Nodes[1])
	for i, p := range net.Nodes {
		net.Shape = append(net.Shape, ShapePoint{p.LatE7, p.LngE7, uint32(i) * cm})
	}
	built, err := Build(context.Background(), net, BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := built.Router(RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	g := NewGuide(fallback(t), r, 0)
	from := at(31.01, 121.03)
	for i, to := range []geo.Point{at(31, 121.11), at(31.002, 121.12), at(31.01, 121.05)} {
		m, s := g.By("graph", r.Version()).Between(from, to)
		if wantM, wantS := r.Between(from, to); m != wantM || s != wantS {
			t.Errorf("to %v: %d m, %d s; the router says %d m, %d s", to, m, s, wantM, wantS)
		}
		if asked, hits := g.Remembered(); asked != int64(i+1) || hits != int64(min(i, 1)) {
			t.Errorf("%d drives asked, %d remembered", asked, hits)
		}
	}
}

// TestPlacesTakeBoundedRoom: whatever is asked, the memory of places stays within its
// bytes.
func TestPlacesTakeBoundedRoom(t *testing.T) {
	r := townRouter(t, 3, BuildOptions{})
	const bytes = 50_000
	places := newStands(bytes)
	draw := rand.New(rand.NewPCG(seed.Of(t), 1))
	for range 5000 {
		p := at(31+draw.Float64()*0.06, 121+draw.Float64()*0.06)
		if draw.IntN(3) == 0 {
			p = r.graph.nodes[draw.IntN(len(r.graph.nodes))]
		}
		if s := places.at(r, p); s.place != p {
			t.Fatalf("asked for %v, told of %v", p, s.place)
		}
	}
	held := int64(0)
	for i := range places.pages {
		held += places.pages[i].Load().bytes()
	}
	if took := held + int64(8*len(places.pages)); held != places.used.Load() || took > bytes || took < bytes/4 {
		t.Errorf("%d bytes taken of %d, %d counted", took, bytes, places.used.Load())
	}
}

func TestGraphBoundHolds(t *testing.T) {
	r := townRouter(t, 5, BuildOptions{})
	some := r.graph.nodes[:20]
	matrix := func(from, to []geo.Point) geo.Matrix {
		m, err := r.Matrix(context.Background(), from, to)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	all := matrix(some, some)
	for i, a := range some {
		away, back := matrix(some[i:i+1], some), matrix(some, some[i:i+1])
		for j, b := range some {
			wantM, wantS := r.Between(a, b)
			if all.Metres(i, j) != wantM || all.Seconds(i, j) != wantS || r.Bound().Between(a, b) > wantS {
				t.Errorf("%v → %v: %d m, %d s in the matrix, %d m, %d s alone, bound %d s", a, b, all.Metres(i, j), all.Seconds(i, j), wantM, wantS, r.Bound().Between(a, b))
			}
			if away.Metres(0, j) != wantM || away.Seconds(0, j) != wantS || back.Metres(j, 0) != all.Metres(j, i) || back.Seconds(j, 0) != all.Seconds(j, i) {
				t.Errorf("%v, %v: from one or to one differs from all to all", a, b)
			}
		}
	}
}
