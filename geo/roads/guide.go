package roads

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"pinhuo/geo"
)

// DefaultCacheBytes is the usual memory for drives that were asked for before.
const DefaultCacheBytes = 32 << 20

// Guide measures drives by a graph where it can and by the fallback where it
// cannot. What belongs together, such as a trip with all that it carries, is
// measured by one of them alone: Choose picks it, By finds it again. The graph
// can be exchanged while drives are measured. It is safe for concurrent use.
type Guide struct {
	fallback *Fallback
	bytes    int
	current  atomic.Pointer[measurer]

	mu    sync.RWMutex
	known map[[2]string]*measurer // by method and version
}

// NewGuide makes a guide. cacheBytes is the memory that each graph may use to
// remember drives, 0 for DefaultCacheBytes. r may be nil: then the fallback measures
// everything that no graph has measured before.
func NewGuide(fallback *Fallback, r *Router, cacheBytes int) *Guide {
	if cacheBytes == 0 {
		cacheBytes = DefaultCacheBytes
	}
	g := &Guide{fallback: fallback, bytes: cacheBytes, known: map[[2]string]*measurer{}}
	if r == nil {
		return g
	}
	g.take(r)
	return g
}

// Swap makes a graph the one for all that is measured anew; what an older one has
// measured stays with that one.
func (g *Guide) Swap(r *Router) { g.take(r) }

func (g *Guide) take(r *Router) { g.current.Store(g.remember(r, g.bytes)) }

// remember finds the measurer of a graph, or makes it with so many bytes.
func (g *Guide) remember(r *Router, bytes int) *measurer {
	key := [2]string{r.Method(), r.Version()}
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.known[key]
	if m == nil {
		m = newMeasurer(r, bytes)
		g.known[key] = m
	}
	return m
}

// Choose picks the router for places that belong together: the graph if all lie
// on its roads and ways lead between them, else the fallback.
func (g *Guide) Choose(places []geo.Point) geo.Router {
	if m := g.current.Load(); m != nil && m.serves(places) {
		return m
	}
	return g.fallback
}

// By finds the router of that method and version. What was measured by a router
// that is gone is measured on by the one of its method that is there.
func (g *Guide) By(method, version string) geo.Router {
	if method == g.fallback.Method() {
		return g.fallback
	}
	g.mu.RLock()
	m := g.known[[2]string{method, version}]
	g.mu.RUnlock()
	if m != nil {
		return m
	}
	return g.inUse()
}

// Recall lets a graph measure on what it has measured before, such as in another run
// of the server. It is not taken for anything new, and remembers a sixteenth of what
// the one in use does: few trips are left to it.
func (g *Guide) Recall(r *Router) { g.remember(r, g.bytes/16) }

// inUse is the graph, or the fallback where there is none.
func (g *Guide) inUse() geo.Router {
	if m := g.current.Load(); m != nil {
		return m
	}
	return g.fallback
}

// Routers lists all that may have measured something.
func (g *Guide) Routers() []geo.Router {
	g.mu.RLock()
	defer g.mu.RUnlock()
	out := []geo.Router{g.fallback}
	for _, m := range g.known {
		out = append(out, m)
	}
	return out
}

// Method is the graph's, or the fallback's where there is no graph.
func (g *Guide) Method() string { return g.inUse().Method() }

// Version is the version of the graph in use, or the fallback's.
func (g *Guide) Version() string { return g.inUse().Version() }

// Between measures a drive that belongs to nothing else.
func (g *Guide) Between(a, b geo.Point) (metres, seconds int64) {
	return g.Choose([]geo.Point{a, b}).Between(a, b)
}

// Matrix measures drives that belong together.
func (g *Guide) Matrix(ctx context.Context, sources, targets []geo.Point) (geo.Matrix, error) {
	return g.Choose(append(sources[:len(sources):len(sources)], targets...)).Matrix(ctx, sources, targets)
}

// Bound promises nothing: what a graph to come will measure nobody knows. Those
// that Choose and By find have bounds.
func (g *Guide) Bound() geo.Bound { return geo.Bound{} }

// Remembered tells how many drives were asked of the graph in use and how many of
// them it remembered.
func (g *Guide) Remembered() (asked, hits int64) {
	m := g.current.Load()
	if m == nil {
		return 0, 0
	}
	return m.cache.asked.Load(), m.cache.hits.Load()
}

// ErrRegion is wrapped where a graph holds nothing of the region it is to serve.
var ErrRegion = errors.New("roads of another region: build a road file of an extract that covers it, or do without")

// Touches tells whether a graph has anything in a region.
func (r *Router) Touches(box geo.Box) bool {
	m := r.graph.meta
	return m.South <= float64(box.North)/1e7 && m.North >= float64(box.South)/1e7 &&
		m.West <= float64(box.East)/1e7 && m.East >= float64(box.West)/1e7
}

// Path is the drive between two places by the graph in use, with its course. It
// fails as Router.Path does. Without a graph the fallback tells how far it is, and
// the course is the straight line.
func (g *Guide) Path(a, b geo.Point) (Leg, Course, error) {
	if m := g.current.Load(); m != nil {
		return m.Path(a, b)
	}
	m, s := g.fallback.Between(a, b)
	return Leg{Metres: m, Seconds: s, Centis: 100 * m, Milliseconds: 1000 * s}, Course{Line: []geo.Point{a, b}}, nil
}
