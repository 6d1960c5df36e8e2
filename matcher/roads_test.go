package matcher_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/geo/roads/osm"
	seeds "pinhuo/internal/seed"
	"pinhuo/matcher"
)

var roadWorlds = flag.Int("roadworlds", 600, "number of random worlds on roads")

// lopsidedDelta is the roads of the Yangtze delta made asymmetric: each direction of
// each road is 0.8 to 1.3 times as fast as usual, slower southward than northward,
// and one road in ten is one-way.
// Under the race detector it is only the part that the worlds lie in.
func lopsidedDelta(t testing.TB, seed uint64) *roads.Router {
	t.Helper()
	dir := os.Getenv("PINHUO_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(dir, "roads", "yangtze_delta_major_roads.osm.pbf")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no roads to drive on: %v", err)
	}
	net, err := osm.Read(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if racing {
		net = cropped(net)
	}
	r := rand.New(rand.NewPCG(seed, 4))
	factor := map[*roads.Piece][2]float64{}
	for i := range net.Pieces {
		p := &net.Pieces[i]
		switch {
		case r.IntN(20) == 0:
			p.Flags &^= roads.Forward
		case r.IntN(19) == 0:
			p.Flags &^= roads.Back
		}
		south := 0 // southward roads are the slow half, so that there and back differ on the whole way
		if net.Nodes[p.From].LatE7 < net.Nodes[p.To].LatE7 {
			south = 1
		}
		factor[p] = [2]float64{0.8 + float64(south)/4 + r.Float64()/4, 1.05 - float64(south)/4 + r.Float64()/4}
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{
		Profiles: roads.DefaultProfiles()[:1],
		Factor: func(p *roads.Piece, forward bool) float64 {
			f := factor[p]
			if forward {
				return f[0]
			}
			return f[1]
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	router, err := g.Router(roads.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// cropped is the part of a network that the worlds lie in.
func cropped(net *roads.Network) *roads.Network {
	small := &roads.Network{Names: net.Names, Licence: net.Licence, Attribution: net.Attribution}
	numbers := map[uint32]uint32{}
	number := func(v uint32) uint32 {
		if _, ok := numbers[v]; !ok {
			numbers[v] = uint32(len(small.Nodes))
			small.Nodes = append(small.Nodes, net.Nodes[v])
		}
		return numbers[v]
	}
	inside := func(v uint32) bool {
		p := net.Nodes[v]
		return p.LatE7 > 30_700_0000 && p.LatE7 < 32_900_0000 && p.LngE7 > 119_600_0000 && p.LngE7 < 121_900_0000
	}
	for i, p := range net.Pieces {
		if !inside(p.From) || !inside(p.To) {
			continue
		}
		end := len(net.Shape)
		if i+1 < len(net.Pieces) {
			end = int(net.Pieces[i+1].Shape)
		}
		shape := net.Shape[p.Shape:end]
		p.From, p.To, p.Shape = number(p.From), number(p.To), uint32(len(small.Shape))
		small.Pieces, small.Shape = append(small.Pieces, p), append(small.Shape, shape...)
	}
	return small
}

// measureBy measures by a router and remembers; one goroutine at a time.
func measureBy(r geo.Router) matcher.Measure {
	return remembered(func(a, b freight.Point) freight.Leg {
		m, s := r.Between(geo.Point(a), geo.Point(b))
		return freight.Leg{Metres: m, Seconds: s, Method: r.Method(), Version: r.Version()}
	})
}

// newRoadWorld draws a world whose trips are measured by the guide's graph, now and
// then by the fallback, and whose axis mostly crosses the river.
func newRoadWorld(seed uint64, number, trips, loads int, guide *roads.Guide) *world {
	w := blank(morning, seed, number, func(a, b freight.Point) freight.Leg {
		m, s := guide.Between(geo.Point(a), geo.Point(b))
		return freight.Leg{Metres: m, Seconds: s}
	})
	w.guide, w.across = guide, w.chance(95)
	known := map[freight.Router]matcher.Measure{}
	w.fit.By = func(r freight.Router) matcher.Measure {
		if known[r] == nil {
			known[r] = measureBy(guide.By(r.Method, r.Version))
		}
		return known[r]
	}
	if w.fit.Turn != nil {
		w.fit.Turn = turnBy(func(r freight.Router) geo.Router { return guide.By(r.Method, r.Version) })
	}
	w.fit.Floors = func(r freight.Router) matcher.Floor {
		floor := matcher.Floor{Bound: guide.By(r.Method, r.Version).Bound()}
		if r.Method == fallback.Method() {
			floor.Pace = fallback.Pace()
		}
		return floor
	}
	w.fill(trips, loads)
	return w
}

// banked tells on which bank of the lower Yangtze a place lies: the sign of what it
// is beside a rough line along the river through the region of the worlds.
func banked(p freight.Point) bool {
	course := []freight.Point{{LatE7: 32_230_0000, LngE7: 119_300_0000}, {LatE7: 31_970_0000, LngE7: 120_200_0000},
		{LatE7: 32_020_0000, LngE7: 120_600_0000}, {LatE7: 31_780_0000, LngE7: 120_950_0000}, {LatE7: 31_400_0000, LngE7: 121_700_0000}}
	at := 1
	for at < len(course)-1 && course[at].LngE7 < p.LngE7 {
		at++
	}
	a, b := course[at-1], course[at]
	share := float64(p.LngE7-a.LngE7) / float64(b.LngE7-a.LngE7)
	return float64(p.LatE7) > float64(a.LatE7)+share*float64(b.LatE7-a.LatE7)
}

var delta = struct {
	sync.Mutex
	router *roads.Router
}{}

// deltaGuide is built once for all tests.
func deltaGuide(t testing.TB) *roads.Guide {
	t.Helper()
	delta.Lock()
	defer delta.Unlock()
	if delta.router == nil {
		delta.router = lopsidedDelta(t, 11)
	}
	return roads.NewGuide(fallback, delta.router, 0)
}

// What index and matcher find together on asymmetric roads must be what brute force
// finds, in both directions, whichever router measures a trip.
func TestIndexAndMatcherEqualBruteForceOnRoads(t *testing.T) {
	seed := seeds.Of(t)
	guide := deltaGuide(t)
	count, err := onRoads(seed, guide, roadShare(), tighten)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
	t.Logf("across the river %.1f %% of the pairs, trips on the fallback %.1f %%, %d proposed for %d that fit",
		percent(count.banks, count.pairs), percent(count.fallback, count.pairs), count.proposed, count.feasible)
	if percent(count.banks, count.pairs) < 30 || percent(count.fallback, count.pairs) < 5 || percent(count.feasible, count.pairs) < 10 {
		t.Error("the worlds prove too little")
	}
}

func roadShare() int {
	if racing {
		return min(*roadWorlds, 40)
	}
	return *roadWorlds
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }

// tighten gives most trips the limits that the farthest of the loads that fit needs to
// the second and to the metre.
func tighten(w *world) {
	for _, trip := range w.trips {
		spentM, spentS := trip.Detour()
		limits := trip.Limits
		trip.Limits.DetourM, trip.Limits.DetourS = spentM, spentS
		for _, load := range w.loads {
			free := *trip
			free.Limits = limits
			if v := w.fit.Fits(&free, load); v.OK && spentS+v.Terms.DetourS > trip.Limits.DetourS {
				trip.Limits.DetourM, trip.Limits.DetourS = spentM+v.Terms.DetourM, spentS+v.Terms.DetourS
			}
		}
		if trip.Limits.DetourS == spentS || w.chance(20) {
			trip.Limits = limits
		}
	}
}

// strand lets the trips on the fallback have been announced by a graph that is gone:
// their plans have its figures, and whatever is put into them has those of the graph
// that is there.
func strand(w *world) {
	for _, trip := range w.trips {
		if trip.Router.Method == fallback.Method() {
			trip.Router = freight.Router{Method: "graph", Version: "gone"}
		}
	}
	tighten(w)
}

// A trip whose router is gone is measured by another from then on, and still is
// proposed all loads that fit.
func TestIndexMissesNothingWhereTheRouterIsGone(t *testing.T) {
	count, err := onRoads(seeds.Of(t), deltaGuide(t), roadShare()/2, strand)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(count)
}

// onRoads compares worlds; change, where set, is done to each before.
func onRoads(seed uint64, guide *roads.Guide, worlds int, change func(*world)) (*shares, error) {
	var count shares
	corridor := geo.NewCorridor()
	for number := range worlds {
		w := newRoadWorld(seed, number, 5, 5, guide)
		if change != nil {
			change(w)
		}
		if err := compare(corridor, w, &count); err != nil {
			return &count, fmt.Errorf("world %d (%v): %w", number, w.kind, err)
		}
	}
	return &count, nil
}
