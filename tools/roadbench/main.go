// Command roadbench times routes over a road file's roads beside Dijkstra's search
// without preparation and beside github.com/LdDl/ch, on the same graph in the
// same run, in processor time. It refuses to time answers that differ.
package main

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"syscall"

	"github.com/LdDl/ch"

	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/geo/roads/osm"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: roadbench EXTRACT.osm.pbf (one without private roads and forbidden turns)")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "roadbench:", err)
		os.Exit(1)
	}
}

// cpu is the processor time of the process in seconds.
func cpu() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err) // of this very process: it cannot fail
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

// arc is a road out of a junction.
type arc struct {
	to uint32
	ms float64
}

func run(path string) error {
	began := cpu()
	net, err := osm.Read(context.Background(), []string{path}, nil)
	if err != nil {
		return err
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
	if err != nil {
		return err
	}
	fmt.Printf("read and build                 %8.2f s\n", cpu()-began)
	router, err := g.Router(roads.RouterOptions{})
	if err != nil {
		return err
	}
	out := arcs(net, g.Meta().Profiles[0].Kmh)
	other, err := prepared(out)
	if err != nil {
		return err
	}
	pairs, err := sample(router, g.Nodes())
	if err != nil {
		return err
	}
	if err := agree(router, pairs, out, other); err != nil {
		return err
	}
	n := len(pairs)
	times("pair, on the road", 1e6, "us", 500_000, func(i int) { must(router.Snapped(pairs[i%n].from, pairs[i*7%n].to)) })
	times("pair, snapping two places", 1e6, "us", 100_000, func(i int) { must(router.Leg(pairs[i%n].a, pairs[i*7%n].b)) })
	times("pair, Dijkstra", 1e6, "us", 40, func(i int) { plain(out, pairs[i%n].u, pairs[i*7%n].v) })
	times("pair, LdDl/ch", 1e6, "us", 2000, func(i int) { other.ShortestPath(int64(pairs[i%n].u), int64(pairs[i*7%n].v)) })
	from, to := ends(pairs[:100]), make([]*roads.Snap, 0, 1000)
	for i := range 1000 {
		to = append(to, pairs[i%n].to)
	}
	times("100 x 100", 1e3, "ms", 200, func(int) { must(router.SnappedMatrix(from, to[:100])) })
	times("1 x 1000", 1e3, "ms", 500, func(i int) { must(router.SnappedMatrix(from[i%100:i%100+1], to)) })
	u, v := make([]int64, 100), make([]int64, 100)
	for i := range u {
		u[i], v[i] = int64(pairs[i].u), int64(pairs[i].v)
	}
	times("100 x 100, LdDl/ch", 1e3, "ms", 1, func(int) { other.ShortestPathManyToMany(u, v) })
	return nil
}

// times prints the least mean of five runs.
func times(name string, unit float64, per string, n int, f func(i int)) {
	best := math.Inf(1)
	for range 5 {
		began := cpu()
		for i := range max(n/5, 1) {
			f(i)
		}
		best = min(best, (cpu()-began)/float64(max(n/5, 1)))
	}
	fmt.Printf("%-30s %8.2f %s\n", name, best*unit, per)
}

func must[T any](_ T, err error) {
	if err != nil {
		panic(err) // all pairs were asked before
	}
}

// pair is two junctions in every form.
type pair struct {
	u, v     uint32
	a, b     geo.Point
	from, to *roads.Snap
}

func sample(router *roads.Router, nodes []geo.Point) (out []pair, err error) {
	r := rand.New(rand.NewPCG(11, 11))
	for range 1024 {
		p := pair{u: uint32(r.IntN(len(nodes))), v: uint32(r.IntN(len(nodes))), from: new(roads.Snap), to: new(roads.Snap)}
		p.a, p.b = nodes[p.u], nodes[p.v]
		if err := router.Snap(p.a, p.from); err != nil {
			return nil, err
		}
		if err := router.Snap(p.b, p.to); err != nil {
			return nil, err
		}
		p.a.LatE7, p.b.LatE7 = p.a.LatE7+20_000, p.b.LatE7+20_000 // beside the road
		out = append(out, p)
	}
	return out, nil
}

func ends(pairs []pair) (out []*roads.Snap) {
	for _, p := range pairs {
		out = append(out, p.from)
	}
	return out
}

// arcs is the network as a plain graph.
func arcs(net *roads.Network, kmh map[string]int) [][]arc {
	out := make([][]arc, len(net.Nodes))
	for i, p := range net.Pieces {
		end := uint32(len(net.Shape))
		if i+1 < len(net.Pieces) {
			end = net.Pieces[i+1].Shape
		}
		ms := float64(net.Shape[end-1].Cm) * 36 / float64(kmh[p.Class.String()])
		if p.Flags&roads.Forward != 0 {
			out[p.From] = append(out[p.From], arc{p.To, ms})
		}
		if p.Flags&roads.Back != 0 {
			out[p.To] = append(out[p.To], arc{p.From, ms})
		}
	}
	return out
}

// prepared is the graph as LdDl/ch has it.
func prepared(out [][]arc) (*ch.Graph, error) {
	began := cpu()
	g := ch.NewGraph()
	for v := range out {
		if err := g.CreateVertex(int64(v)); err != nil {
			return nil, err
		}
	}
	for v, list := range out {
		for _, a := range list {
			if err := g.AddEdge(int64(v), int64(a.to), a.ms); err != nil {
				return nil, err
			}
		}
	}
	g.PrepareContractionHierarchies()
	fmt.Printf("%-30s %8.2f s\n", "build, LdDl/ch", cpu()-began)
	return g, nil
}

// agree compares all three before anything is timed: they may differ by what is
// rounded at each straight.
func agree(router *roads.Router, pairs []pair, out [][]arc, other *ch.Graph) error {
	for i, p := range pairs {
		l, err := router.Snapped(p.from, p.to)
		if err != nil {
			return err
		}
		theirs, _ := other.ShortestPath(int64(p.u), int64(p.v))
		least := theirs
		if i < 20 {
			least = plain(out, p.u, p.v)
		}
		ours := float64(l.Milliseconds)
		for _, d := range []float64{theirs, least} {
			if math.Abs(ours-d) > 2+0.001*d {
				return fmt.Errorf("from %d to %d: %.0f ms, others say %.0f ms", p.u, p.v, ours, d)
			}
		}
	}
	return nil
}

// plain is Dijkstra's search from one junction to another.
func plain(out [][]arc, from, to uint32) float64 {
	dist := make([]float64, len(out))
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	dist[from] = 0
	q := queue{{0, from}}
	for len(q) > 0 {
		top := heap.Pop(&q).(item)
		if top.node == to {
			break
		}
		if top.ms > dist[top.node] {
			continue
		}
		for _, a := range out[top.node] {
			if d := top.ms + a.ms; d < dist[a.to] {
				dist[a.to] = d
				heap.Push(&q, item{d, a.to})
			}
		}
	}
	return dist[to]
}

type item struct {
	ms   float64
	node uint32
}

type queue []item

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].ms < q[j].ms }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(item)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
