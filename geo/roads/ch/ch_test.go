package ch

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/internal/seed"
)

// plain is Dijkstra without any thought: what the hierarchy must agree with.
func plain(n int, arcs []Arc, from uint32) []Weight {
	out := make([][]Arc, n)
	for _, a := range arcs {
		out[a.From] = append(out[a.From], a)
	}
	d := make([]Weight, n)
	for i := range d {
		d[i] = Inf
	}
	d[from] = 0
	var q heap
	q.push(0, from)
	for len(q) > 0 {
		top := q.pop()
		if top.key > d[top.node] {
			continue
		}
		for _, a := range out[top.node] {
			if w := top.key + a.Weight; w < d[a.To] {
				d[a.To] = w
				q.push(w, a.To)
			}
		}
	}
	return d
}

// network is a random graph like roads: near neighbours, one-ways, arcs in
// parallel, loops, arcs of no length, islands.
func network(r *rand.Rand, n int) []Arc {
	var arcs []Arc
	side := 1
	for side*side < n {
		side++
	}
	add := func(a, b int) {
		if a < 0 || b < 0 || a >= n || b >= n {
			return
		}
		ms := r.Int64N(9) * r.Int64N(50)
		arcs = append(arcs, Arc{uint32(a), uint32(b), NewWeight(ms, r.Int64N(4))})
	}
	for v := range n {
		for _, to := range []int{v + 1, v - 1, v + side, v - side} {
			if r.IntN(5) > 0 {
				add(v, to)
			}
		}
		if r.IntN(9) == 0 {
			add(v, r.IntN(n))
			add(v, v)
		}
	}
	return arcs
}

func TestAgainstDijkstra(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for range 120 {
		n := 1 + r.IntN(250)
		arcs := network(r, n)
		h, rank, err := Build(context.Background(), n, arcs, nil)
		if err != nil {
			t.Fatal(err)
		}
		labels, err := NewLabels(context.Background(), h, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.Check(), labels.Check(n)); err != nil {
			t.Fatal(err)
		}
		compare(t, r, n, arcs, h, rank, labels)
	}
}

func compare(t *testing.T, r *rand.Rand, n int, arcs []Arc, h *Hierarchy, rank []uint32, labels *Labels) {
	t.Helper()
	s := NewSearcher(h)
	sweep := make([]Weight, n)
	for range 10 {
		a := uint32(r.IntN(n))
		want := plain(n, arcs, a)
		h.Sweep([]Start{{Rank: rank[a]}}, true, sweep)
		for b := range uint32(n) {
			if got := labels.Pair(rank[a], rank[b]); got != want[b] {
				t.Fatalf("%d → %d of %d: %d by labels, %d by Dijkstra", a, b, n, got, want[b])
			}
			if sweep[rank[b]] != want[b] {
				t.Fatalf("%d → %d of %d: %d by sweep, %d by Dijkstra", a, b, n, sweep[rank[b]], want[b])
			}
		}
		b := uint32(r.IntN(n))
		w, path := s.Path([]Start{{Rank: rank[a]}}, []Start{{Rank: rank[b]}}, nil)
		if w != want[b] {
			t.Fatalf("%d → %d: %d by search, %d by Dijkstra", a, b, w, want[b])
		}
		if w < Inf {
			checkPath(t, arcs, rank, a, b, w, path)
		}
		checkCycle(t, arcs, s, n, rank, b)
		h.Sweep([]Start{{Rank: rank[b]}}, false, sweep)
		if sweep[rank[a]] != want[b] {
			t.Fatalf("%d → %d: %d by sweep back, %d by Dijkstra", a, b, sweep[rank[a]], want[b])
		}
	}
}

// checkPath adds up the path's arcs.
func checkPath(t *testing.T, arcs []Arc, rank []uint32, a, b uint32, want Weight, path []uint32) {
	t.Helper()
	if path[0] != rank[a] || path[len(path)-1] != rank[b] {
		t.Fatalf("path %v leads not from %d to %d", path, a, b)
	}
	sum := Weight(0)
	for i := 1; i < len(path); i++ {
		least := Inf
		for _, arc := range arcs {
			if rank[arc.From] == path[i-1] && rank[arc.To] == path[i] {
				least = min(least, arc.Weight)
			}
		}
		sum += least
	}
	if sum != want {
		t.Fatalf("the path's arcs weigh %d, the path %d", sum, want)
	}
}

// checkCycle compares the way round with an arc and the way back from its end.
func checkCycle(t *testing.T, arcs []Arc, s *Searcher, n int, rank []uint32, v uint32) {
	t.Helper()
	want := Inf
	for _, a := range arcs {
		if a.From == v {
			want = min(want, a.Weight+plain(n, arcs, a.To)[v])
		}
	}
	w, path := s.Cycle(rank[v], nil)
	if w != want {
		t.Fatalf("round from %d: %d, want %d", v, w, want)
	}
	if w < Inf {
		checkPath(t, arcs, rank, v, v, w, path)
	}
}

func TestExtras(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 2))
	n := 200
	arcs := network(r, n)
	h, rank, err := Build(context.Background(), n, arcs, nil)
	if err != nil {
		t.Fatal(err)
	}
	byRank := make([]uint32, n)
	for v, k := range rank {
		byRank[k] = uint32(v)
	}
	s := NewSearcher(h)
	for range 200 {
		var from, to []Start
		for range 1 + r.IntN(4) {
			from = append(from, Start{rank[r.IntN(n)], NewWeight(r.Int64N(500), r.Int64N(50))})
			to = append(to, Start{rank[r.IntN(n)], NewWeight(r.Int64N(500), r.Int64N(50))})
		}
		want := Inf
		for _, f := range from {
			d := plain(n, arcs, byRank[f.Rank])
			for _, g := range to {
				if d[byRank[g.Rank]] < Inf {
					want = min(want, f.Extra+d[byRank[g.Rank]]+g.Extra)
				}
			}
		}
		if got := s.Least(from, to); got != want {
			t.Fatalf("%v → %v: %d, want %d", from, to, got, want)
		}
		hubs, up := s.Row(from, true, nil, nil)
		hubs2, down := s.Row(to, false, nil, nil)
		got := Inf
		for i, x := range hubs {
			if k, ok := slices.BinarySearch(hubs2, x); ok {
				got = min(got, up[i]+down[k])
			}
		}
		if got != want {
			t.Fatalf("%v → %v: %d by rows, want %d", from, to, got, want)
		}
	}
}

func TestBadGraphs(t *testing.T) {
	for _, arcs := range [][]Arc{{{0, 9, 1}}, {{9, 0, 1}}, {{0, 1, -1}}, {{0, 1, Inf}}} {
		if _, _, err := Build(context.Background(), 2, arcs, nil); !errors.Is(err, ErrGraph) {
			t.Errorf("%v: %v", arcs, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Build(ctx, 2, []Arc{{0, 1, 1}}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestStoredGraphsAreChecked(t *testing.T) {
	fresh := func() *Hierarchy {
		r := rand.New(rand.NewPCG(7, 7))
		h, _, err := Build(context.Background(), 50, network(r, 50), nil)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for name, spoil := range map[string]func(*Hierarchy){
		"a loop outside":      func(h *Hierarchy) { h.LoopMiddle[3] = 50 },
		"an arc that goes up": func(h *Hierarchy) { h.Up.To[0] = 49 },
		"rows out of order":   func(h *Hierarchy) { h.Down.First[20] = h.Down.First[50] + 1 },
		"a negative weight":   func(h *Hierarchy) { h.Up.Weight[5] = -1 },
		"a middle above":      func(h *Hierarchy) { h.Up.Middle[len(h.Up.Middle)-1] = 0 },
		"a row too few":       func(h *Hierarchy) { h.Up.First = h.Up.First[:50] },
	} {
		h := fresh()
		if spoil(h); !errors.Is(h.Check(), ErrGraph) {
			t.Errorf("%s: %v", name, h.Check())
		}
	}
	h := fresh()
	labels, err := NewLabels(context.Background(), h, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	labels.From.Hub[4] = 77
	if !errors.Is(labels.Check(50), ErrGraph) {
		t.Error("a hub beyond the states passes")
	}
	if labels, err := NewLabels(context.Background(), h, 10); labels != nil || err != nil {
		t.Errorf("labels beyond their limit: %v, %v", labels, err)
	}
}
