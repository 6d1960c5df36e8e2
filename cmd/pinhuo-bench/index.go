package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/matcher"
)

// wantedTrips is how many of the best trips a query is for.
const wantedTrips = 10

// indexCommand measures the corridor index with the exact insertion behind it.
type indexCommand struct {
	Sizes   []int  `help:"Numbers of open trips." default:"10000,100000,1000000"`
	Queries int    `help:"Queries timed at each size." default:"1000"`
	Rounds  int    `help:"How often each query is timed, after once to warm up." default:"4"`
	Judged  int    `help:"Queries whose answer is held against Fits on all trips." default:"1000"`
	Roads   string `help:"Road file to measure by; the fallback and the whole plane when empty." type:"path"`
	Scalar  bool   `help:"With roads: bound drives by a rate for each great-circle metre instead of by cells, to compare."`
}

// indexLine is what is told of a size. Times are of the thread's own processor but
// where they are said to be of the wall.
type indexLine struct {
	Trips        int     `json:"trips"`
	P50          float64 `json:"p50_us"`
	P99          float64 `json:"p99_us"`
	BytesPerTrip int64   `json:"bytes_per_trip"`
	IndexBytes   int64   `json:"index_bytes_per_trip"`
	InsertP50    float64 `json:"insert_p50_us"`
	RemoveP50    float64 `json:"remove_p50_us"`
	Misses       int     `json:"misses"`
	Feasible     float64 `json:"feasible_mean"`

	Clock         string  `json:"clock"`
	LeastP50      float64 `json:"least_p50_us"` // of the least time of each query: what the others on the machine add the least to
	LeastP99      float64 `json:"least_p99_us"`
	WallP50       float64 `json:"wall_p50_us"`
	WallP99       float64 `json:"wall_p99_us"`
	JudgedQueries int     `json:"judged_queries"`
	Candidates    float64 `json:"candidates_mean"`
	Hopes         float64 `json:"hopes_mean"`
	Fitted        float64 `json:"fitted_mean"`
	Postings      float64 `json:"postings_per_trip"`
	Slope         float64 `json:"slope_p50,omitempty"` // over the sizes so far
}

// Run prints a line of JSON for each size.
func (c indexCommand) Run(b *bench) error {
	b.lines = true
	router, pace, inside, err := c.router()
	if err != nil {
		return err
	}
	var lines []indexLine
	for _, n := range c.Sizes {
		m := &indexMarket{plane: newPlane(b.Seed, router, pace, inside)}
		m.ranks = *m.fit
		m.ranks.Terse = true
		if c.Scalar {
			m.fit.Floor.Bound = geo.NewBound(3.6 / 80 * 0.999)
		}
		line, err := c.size(b, m, n)
		if err != nil {
			return fmt.Errorf("%d trips: %w", n, err)
		}
		lines = append(lines, line)
		lines[len(lines)-1].Slope = slope(lines)
		text, err := json.Marshal(lines[len(lines)-1])
		if err != nil {
			return err
		}
		fmt.Fprintln(b.out, string(text))
	}
	return nil
}

// router is what distances are measured by, its pace, and where cities may lie.
func (c indexCommand) router() (geo.Router, int64, func(freight.Point) bool, error) {
	fallback, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil || c.Roads == "" {
		return fallback, fallback.Pace(), nil, err
	}
	g, err := roads.Open(c.Roads)
	if err != nil {
		return nil, 0, nil, err
	}
	r, err := g.Router(roads.RouterOptions{})
	if err != nil {
		return nil, 0, nil, err
	}
	near := func(p freight.Point) bool {
		var s roads.Snap
		return r.Snap(geo.Point(p), &s) == nil && s.AccessM < 5000
	}
	return roads.NewGuide(fallback, r, 256<<20).By(r.Method(), r.Version()), 0, near, nil
}

// indexMarket is open trips as planners have them.
type indexMarket struct {
	*plane
	ranks    matcher.Fit // asks for no reasons
	corridor *geo.Corridor
	slots    []*indexOutline

	tags []matcher.Tag // by slot

	search geo.Search
	hopes  matcher.Hopes
	best   []indexPair
	judged freight.Trip // in memory used again
	seen   indexSeen
}

// indexOutline is what the board of the server keeps of a trip beside the index.
type indexOutline struct {
	trip   freight.PackedTrip
	lease  freight.Instant
	header matcher.Header
}

// indexPair is a trip that can carry the load, and what that is worth.
type indexPair struct {
	*indexOutline
	value int64
}

// indexSeen sums up what queries went through.
type indexSeen struct{ candidates, hopes, fitted int }

func (m *indexMarket) outline(trip *freight.Trip) *indexOutline {
	return &indexOutline{trip: trip.Pack(), lease: trip.Lease, header: m.fit.Header(trip, m.name)}
}

// add puts a trip into the index and its outline into the slot.
func (m *indexMarket) add(trip *freight.Trip, o *indexOutline) (uint32, error) {
	slot, err := m.corridor.AddTrip(m.fit.Journey(trip))
	if err != nil {
		return 0, err
	}
	for int(slot) >= len(m.slots) {
		m.slots, m.tags = append(m.slots, nil), append(m.tags, 0)
	}
	m.slots[slot], m.tags[slot] = o, o.header.Tag()
	return slot, nil
}

func (m *indexMarket) draw(number int) *freight.Trip {
	for {
		if t := m.trip(number); t != nil {
			return t
		}
	}
}

// size measures a number of trips.
func (c indexCommand) size(b *bench, m *indexMarket, n int) (indexLine, error) {
	line := indexLine{Trips: n, Clock: "thread cpu"}
	empty := resident()
	records, err := m.stand(n)
	if err != nil {
		return line, err
	}
	full := resident()
	line.BytesPerTrip, line.IndexBytes = (full-empty)/int64(n), (full-records)/int64(n)
	line.Postings = float64(m.corridor.Stats().TripPostings) / float64(n)
	b.say("%d trips stand: %d bytes each", n, line.BytesPerTrip)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := c.times(b, m, &line); err != nil {
		return line, err
	}
	if err := c.writes(m, n, &line); err != nil {
		return line, err
	}
	return line, c.judge(b, m, &line)
}

// times runs the queries, after some to warm up.
func (c indexCommand) times(b *bench, m *indexMarket, line *indexLine) error {
	loads := make([]*freight.Load, c.Queries)
	for i := range loads {
		loads[i] = m.load(i)
	}
	stop, err := b.profiled(fmt.Sprintf("index-%d", line.Trips))
	if err != nil {
		return err
	}
	var spent, wall []float64
	least := make([]float64, len(loads))
	for round := range c.Rounds + 1 {
		m.seen = indexSeen{}
		for i, l := range loads {
			start, began := time.Now(), threadTime()
			if err := m.query(l); err != nil {
				return err
			}
			took := float64(threadTime()-began) / 1000
			if round > 0 {
				spent, wall = append(spent, took), append(wall, float64(time.Since(start).Nanoseconds())/1000)
			}
			if round <= 1 || took < least[i] {
				least[i] = took
			}
		}
	}
	line.P50, line.P99 = middle(spent)
	line.WallP50, line.WallP99 = middle(wall)
	line.LeastP50, line.LeastP99 = middle(least)
	n := float64(len(loads))
	line.Candidates, line.Hopes, line.Fitted = float64(m.seen.candidates)/n, float64(m.seen.hopes)/n, float64(m.seen.fitted)/n
	return stop()
}

// middle sorts times and finds the one in the middle and that which one in a hundred
// exceeds.
func middle(times []float64) (p50, p99 float64) {
	slices.Sort(times)
	return quantile(times, 0.5), quantile(times, 0.99)
}

// profiled writes a CPU profile where one was asked for.
func (b *bench) profiled(name string) (stop func() error, err error) {
	if b.Profile == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(b.Profile, 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(fmt.Sprintf("%s/%s.pprof", b.Profile, name))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// query finds the best trips for a load: the most promising are looked at closer and
// judged first, until no other can be among the best.
func (m *indexMarket) query(l *freight.Load) error {
	near, err := m.search.Seek(m.corridor, matcher.Errand(l))
	if err != nil {
		return err
	}
	m.hopes.Reset()
	for i, c := range near {
		m.hopes.Add(matcher.Hope{Most: m.tags[c.Slot].AtMost(l, c.DetourS), At: int32(i)})
	}
	m.seen.candidates += len(near)
	m.hopes.Order()
	m.best = m.best[:0]
	for {
		hope, ok := m.hopes.Next()
		if !ok || m.full(hope) {
			return nil
		}
		if !m.closest(l, near, &hope) {
			continue
		}
		if m.full(hope) {
			return nil
		}
		m.seen.fitted++
		o := m.slots[near[hope.At].Slot]
		o.trip.UnpackTo(&m.judged)
		if v := m.ranks.Weigh(&m.judged, l); v.OK {
			m.best = keep(m.best, indexPair{o, v.Value})
		}
	}
}

// full tells whether neither the hope nor a lesser one can be among the best.
func (m *indexMarket) full(hope matcher.Hope) bool {
	return len(m.best) == wantedTrips && hope.Most < m.best[wantedTrips-1].value
}

// closest looks at a candidate from ever closer, and tells whether it is still the most
// promising then. If not it is put back, or forgotten.
func (m *indexMarket) closest(l *freight.Load, near []geo.Candidate, hope *matcher.Hope) bool {
	c := &near[hope.At]
	for hope.Seen < matcher.ByHeader {
		if hope.Seen++; !m.closer(l, c, hope) || m.hopes.Waits(*hope) {
			return false
		}
	}
	return true
}

// closer looks at a candidate as closely as the hope says, and tells whether it is one.
func (m *indexMarket) closer(l *freight.Load, c *geo.Candidate, hope *matcher.Hope) bool {
	if hope.Seen == matcher.ByRecord {
		detourS, ok := m.search.Detour(c.Slot)
		c.DetourS = max(c.DetourS, detourS)
		hope.Most = min(hope.Most, m.tags[c.Slot].AtMost(l, c.DetourS))
		return ok
	}
	m.seen.hopes++
	o := m.slots[c.Slot]
	if o == nil || m.fit.Now >= o.lease {
		return false
	}
	most, ok := o.header.AtMost(l, c.DetourS)
	hope.Most = min(hope.Most, most)
	return ok
}

// keep puts a pair among the best where it belongs.
func keep(best []indexPair, pair indexPair) []indexPair {
	at := len(best)
	for at > 0 && (best[at-1].value < pair.value || best[at-1].value == pair.value && best[at-1].trip.ID() > pair.trip.ID()) {
		at--
	}
	if at == wantedTrips {
		return best
	}
	best = slices.Insert(best, at, pair)
	return best[:min(len(best), wantedTrips)]
}

// writes times trips that come and go.
func (c indexCommand) writes(m *indexMarket, n int, line *indexLine) error {
	var in, out []float64
	for i := range c.Queries {
		trip := m.draw(n + i)
		began := threadTime()
		slot, err := m.add(trip, m.outline(trip))
		put := threadTime()
		if err != nil {
			return err
		}
		m.corridor.RemoveTrip(slot)
		in, out = append(in, float64(put-began)/1000), append(out, float64(threadTime()-put)/1000)
		m.slots[slot] = nil
	}
	slices.Sort(in)
	slices.Sort(out)
	line.InsertP50, line.RemoveP50 = quantile(in, 0.5), quantile(out, 0.5)
	return nil
}

// slope is that of the line through log p50 over log trips, by least squares.
func slope(lines []indexLine) float64 {
	var n, x, y, xx, xy float64
	for _, l := range lines {
		a, b := math.Log(float64(l.Trips)), math.Log(max(l.P50, 1e-3))
		n, x, y, xx, xy = n+1, x+a, y+b, xx+a*a, xy+a*b
	}
	if d := n*xx - x*x; d > 1e-9 {
		return (n*xy - x*y) / d
	}
	return 0
}

// resident is the bytes of memory that the process has, with nothing in it that could
// be given back.
func resident() int64 {
	for range 2 {
		debug.FreeOSMemory()
	}
	text, err := os.ReadFile("/proc/self/statm")
	var size, pages int64
	if _, scan := fmt.Sscan(string(text), &size, &pages); err == nil && scan == nil {
		return pages * int64(os.Getpagesize())
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
