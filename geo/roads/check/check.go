package check

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"pinhuo/geo"
)

// Answer is what the graph says of a pair: exact figures with the access legs,
// and the access legs' metres.
type Answer struct {
	Milliseconds, Centimetres int64
	AccessM                   int64
	NoWay                     bool // both places are on roads, and none leads from one to the other
}

// Difference is a pair of places on which graph and check do not agree.
type Difference struct {
	From, To   geo.Point
	Ms, Cm     int64 // by this package; negative where it finds no way
	GotMs, Got int64 // by the graph
	Err        error // of the graph
}

// String says it in words.
func (d Difference) String() string {
	if d.Err != nil {
		return fmt.Sprintf("%v → %v: %d ms, %d cm; the graph says %v", d.From, d.To, d.Ms, d.Cm, d.Err)
	}
	return fmt.Sprintf("%v → %v: %d ms, %d cm; the graph says %d ms, %d cm", d.From, d.To, d.Ms, d.Cm, d.GotMs, d.Got)
}

// Options say what to compare.
type Options struct {
	Vehicle  Vehicle
	IslandM  int64 // islands with at least as many metres of road are kept, as the graph has them
	Pairs    int
	Seed     uint64
	Leg      func(from, to geo.Point) (Answer, error) // asks the graph; called concurrently
	Progress func(done, total int)                    // may be nil
}

// targetsEach is how many places each origin is compared with: one search
// without preparation answers for all of them.
const targetsEach = 25

// Run reads an extract and compares random pairs of its junctions and bends. It
// fails where the file cannot be read or holds no roads.
func Run(ctx context.Context, path string, o Options) ([]Difference, error) {
	m, err := read(ctx, path, o.Vehicle, o.IslandM)
	if err != nil {
		return nil, err
	}
	d := newDriver(m)
	nodes := d.plain()
	if len(nodes) < 2 {
		return nil, fmt.Errorf("check %s: no roads to compare", path)
	}
	c := &comparison{driver: d, o: o, nodes: nodes}
	r := rand.New(rand.NewPCG(o.Seed, 1))
	for left := o.Pairs; left > 0; left -= targetsEach {
		job := []int32{nodes[r.IntN(len(nodes))]}
		for range min(left, targetsEach) {
			job = append(job, nodes[r.IntN(len(nodes))])
		}
		c.jobs = append(c.jobs, job)
	}
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() { c.work(ctx) })
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	slices.SortFunc(c.found, func(a, b Difference) int { return slices.Compare(a.key(), b.key()) })
	return c.found, nil
}

func (d Difference) key() []int32 {
	return []int32{d.From.LatE7, d.From.LngE7, d.To.LatE7, d.To.LngE7}
}

// comparison is a run under way.
type comparison struct {
	*driver
	o     Options
	nodes []int32

	mu    sync.Mutex
	jobs  [][]int32
	taken int
	found []Difference
}

func (c *comparison) work(ctx context.Context) {
	for ctx.Err() == nil {
		c.mu.Lock()
		if c.taken == len(c.jobs) {
			c.mu.Unlock()
			return
		}
		job := c.jobs[c.taken]
		c.taken++
		if c.o.Progress != nil {
			c.o.Progress(c.taken, len(c.jobs))
		}
		c.mu.Unlock()
		dist, done := c.from(job[0])
		for _, to := range job[1:] {
			if diff, ok := c.compare(job[0], to, dist, done); !ok {
				c.mu.Lock()
				c.found = append(c.found, diff)
				c.mu.Unlock()
			}
		}
	}
}

// compare asks the graph about a pair.
func (c *comparison) compare(from, to int32, dist []cost, done []bool) (Difference, bool) {
	best := cost{-1, -1}
	better := func(s int32) {
		if done[s] && (best.ms < 0 || dist[s].less(best)) {
			best = dist[s]
		}
	}
	private := c.privately(to)
	for _, i := range c.arrive[to] {
		for _, s := range c.ends[i] {
			if c.usable[i] && c.moves[i].private == private || c.goesOn(s, private) {
				better(s)
			}
		}
	}
	if from == to {
		best = cost{}
	}
	diff := Difference{From: c.where[from], To: c.where[to], Ms: best.ms, Cm: best.cm}
	got, err := c.o.Leg(diff.From, diff.To)
	diff.GotMs, diff.Got, diff.Err = got.Milliseconds, got.Centimetres, err
	if got.NoWay {
		return diff, best.ms < 0
	}
	return diff, err == nil && got.Milliseconds == best.ms && got.Centimetres == best.cm && got.AccessM == 0
}

// goesOn tells whether a stance may go on onto a straight where routes end.
func (d *driver) goesOn(s int32, private bool) bool {
	for _, t := range d.next[s] {
		if i := d.list[t].move; d.usable[i] && d.moves[i].private == private {
			return true
		}
	}
	return false
}

// apart is how far other roads must be from a node, in metres, for it to be
// certain which road a place there means.
const apart = 1.5

// plain lists the nodes on usable roads, alone on their spot.
func (d *driver) plain() []int32 {
	const side = 0.001
	cell := func(lat, lng float64) [2]int32 {
		return [2]int32{int32(math.Floor(lat / side)), int32(math.Floor(lng / side))}
	}
	near := map[[2]int32][]int32{}
	for i := 0; i < len(d.moves); i += 2 {
		if d.first[i] < 0 && d.first[i+1] < 0 {
			continue
		}
		a, b := d.where[d.moves[i].from], d.where[d.moves[i].to]
		steps := int(math.Max(math.Abs(a.Lat()-b.Lat()), math.Abs(a.Lng()-b.Lng()))/side*2) + 1
		last := [2]int32{math.MaxInt32}
		for k := range steps + 1 {
			t := float64(k) / float64(steps)
			if at := cell(a.Lat()+t*(b.Lat()-a.Lat()), a.Lng()+t*(b.Lng()-a.Lng())); at != last {
				near[at] = append(near[at], int32(i))
				last = at
			}
		}
	}
	var out []int32
	for v := range d.where {
		if !d.served(int32(v)) {
			continue
		}
		at := cell(d.where[v].Lat(), d.where[v].Lng())
		alone := true
		for y := at[0] - 1; y <= at[0]+1; y++ {
			for x := at[1] - 1; x <= at[1]+1; x++ {
				for _, i := range near[[2]int32{y, x}] {
					alone = alone && d.clear(int32(v), i)
				}
			}
		}
		if alone {
			out = append(out, int32(v))
		}
	}
	return out
}

// clear tells whether a straight ends at a node or keeps away from it.
func (d *driver) clear(v, i int32) bool {
	m := d.moves[i]
	if m.from == v || m.to == v {
		return true
	}
	p, a, b := d.where[v], d.where[m.from], d.where[m.to]
	perLat := geo.EarthRadiusM * math.Pi / 180
	perLng := perLat * math.Cos(p.Lat()*math.Pi/180)
	ax, ay := (a.Lng()-p.Lng())*perLng, (a.Lat()-p.Lat())*perLat
	dx, dy := (b.Lng()-a.Lng())*perLng, (b.Lat()-a.Lat())*perLat
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(max(-(ax*dx+ay*dy)/l, 0), 1)
	}
	return math.Hypot(ax+t*dx, ay+t*dy) > apart
}
