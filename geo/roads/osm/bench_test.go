package osm

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// The places of the benchmarks are junctions of the delta, seeded.
func benchPlaces(b *testing.B, n int) (*roads.Router, []geo.Point, []*roads.Snap) {
	b.Helper()
	router := deltaRouter(b)
	nodes := router.Graph().Nodes()
	r := rand.New(rand.NewPCG(11, 11))
	points, snaps := make([]geo.Point, n), make([]*roads.Snap, n)
	for i := range points {
		points[i], snaps[i] = nodes[r.IntN(len(nodes))], new(roads.Snap)
		if err := router.Snap(points[i], snaps[i]); err != nil {
			b.Fatal(err)
		}
	}
	return router, points, snaps
}

func BenchmarkPairSnapped(b *testing.B) {
	router, _, snaps := benchPlaces(b, 4096)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := router.Snapped(snaps[i%4096], snaps[(i*7+1)%4096]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPairWithSnapping(b *testing.B) {
	router, points, _ := benchPlaces(b, 4096)
	for i := range points { // beside the road, where trucks are sent to
		points[i].LatE7 += 20_000
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := router.Leg(points[i%4096], points[(i*7+1)%4096]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSnap(b *testing.B) {
	router, points, _ := benchPlaces(b, 4096)
	for i := range points {
		points[i].LatE7 += 20_000
	}
	b.ReportAllocs()
	var s roads.Snap
	for i := 0; b.Loop(); i++ {
		if err := router.Snap(points[i%4096], &s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMatrix100(b *testing.B) { benchMatrix(b, 100, 100) }

func BenchmarkOneTo1000(b *testing.B) { benchMatrix(b, 1, 1000) }

func benchMatrix(b *testing.B, from, to int) {
	router, _, snaps := benchPlaces(b, from+to)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := router.SnappedMatrix(snaps[:from], snaps[from:]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPath(b *testing.B) {
	router, points, _ := benchPlaces(b, 4096)
	for i := 0; b.Loop(); i++ {
		if _, _, err := router.Path(points[i%4096], points[(i*7+1)%4096]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLower(b *testing.B) {
	router, _, snaps := benchPlaces(b, 4096)
	for i := 0; b.Loop(); i++ {
		router.Lower(snaps[i%4096], snaps[(i*7+1)%4096])
	}
}

func BenchmarkBuildDelta(b *testing.B) {
	path := shared(b, "roads/yangtze_delta_major_roads.osm.pbf")
	out := filepath.Join(b.TempDir(), "delta.roads")
	for b.Loop() {
		net, err := Read(context.Background(), []string{path}, nil)
		if err != nil {
			b.Fatal(err)
		}
		g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
		if err != nil {
			b.Fatal(err)
		}
		if err := g.Write(out); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenDelta(b *testing.B) {
	path := filepath.Join(b.TempDir(), "delta.roads")
	if err := deltaRouter(b).Graph().Write(path); err != nil {
		b.Fatal(err)
	}
	for name, ask := range map[string]bool{"mapped": false, "verified": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				g, err := roads.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				if ask {
					if err := g.Verify(); err != nil {
						b.Fatal(err)
					}
				}
				if err := g.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
