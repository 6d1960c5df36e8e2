package ch

import (
	"slices"
	"sync"
)

// Start is the rank of a state where a search begins or ends, and what it costs to get from
// the place to the state, or from the state to the place. The extra may be
// negative where the whole way over the state is not.
type Start struct {
	Rank  uint32
	Extra Weight
}

// Searcher answers over the hierarchy alone. It is safe for concurrent use.
type Searcher struct {
	h    *Hierarchy
	pool sync.Pool // *space
}

// NewSearcher makes a searcher.
func NewSearcher(h *Hierarchy) *Searcher {
	return &Searcher{h: h, pool: sync.Pool{New: func() any {
		s := &space{h: h}
		s.ways[0].init(h.Size())
		s.ways[1].init(h.Size())
		return s
	}}}
}

// way is one direction of a search: everything reached by going up.
type way struct {
	d       []Weight
	parent  []uint32 // the arc by which a state was reached, or None
	from    []uint32 // the state before
	stamp   []uint32
	now     uint32
	queue   heap
	reached []uint32 // as they were settled
}

func (w *way) init(n int) {
	w.d, w.parent, w.from, w.stamp = make([]Weight, n), make([]uint32, n), make([]uint32, n), make([]uint32, n)
}

func (w *way) reset() {
	if w.now++; w.now == 0 {
		clear(w.stamp)
		w.now = 1
	}
	w.queue, w.reached = w.queue[:0], w.reached[:0]
}

func (w *way) dist(v uint32) Weight {
	if w.stamp[v] != w.now {
		return Inf
	}
	return w.d[v]
}

func (w *way) relax(v, from, arc uint32, d Weight) {
	if w.stamp[v] == w.now && w.d[v] <= d {
		return
	}
	w.stamp[v], w.d[v], w.from[v], w.parent[v] = w.now, d, from, arc
	w.queue.push(d, v)
}

// climb settles all states above the starts.
func (w *way) climb(starts []Start, arcs *Half) {
	w.reset()
	for _, s := range starts {
		w.relax(s.Rank, None, None, s.Extra)
	}
	for len(w.queue) > 0 {
		top := w.queue.pop()
		if top.key > w.d[top.node] {
			continue
		}
		w.reached = append(w.reached, top.node)
		for i, end := arcs.row(top.node); i < end; i++ {
			w.relax(arcs.To[i], top.node, i, top.key+arcs.Weight[i])
		}
	}
}

// space is the memory of one search.
type space struct {
	h    *Hierarchy
	ways [2]way
	path []uint32
}

// Path is the least weight from any of the sources to any of the targets with
// the states on the way, both ends included, appended to path. It is Inf and no
// states where there is no way.
func (s *Searcher) Path(sources, targets []Start, path []uint32) (Weight, []uint32) {
	q := s.pool.Get().(*space)
	defer s.pool.Put(q)
	best, meet := q.meet(sources, targets)
	if meet == None {
		return Inf, path
	}
	return best, q.unpack(meet, path)
}

// Least is Path without the path.
func (s *Searcher) Least(sources, targets []Start) Weight {
	q := s.pool.Get().(*space)
	defer s.pool.Put(q)
	best, _ := q.meet(sources, targets)
	return best
}

func (q *space) meet(sources, targets []Start) (Weight, uint32) {
	up, down := &q.ways[0], &q.ways[1]
	up.climb(sources, &q.h.Up)
	down.climb(targets, &q.h.Down)
	best, meet := Inf, None
	for _, v := range up.reached {
		if d := down.dist(v); d < Inf && up.d[v]+d < best {
			best, meet = up.d[v]+d, v
		}
	}
	return best, meet
}

// unpack appends the ranks from the source over meet to the target.
func (q *space) unpack(meet uint32, path []uint32) []uint32 {
	up, down := &q.ways[0], &q.ways[1]
	q.path = append(q.path[:0], meet)
	for v := meet; up.from[v] != None; v = up.from[v] {
		q.path = append(q.path, up.from[v])
	}
	slices.Reverse(q.path)
	path = append(path, q.path[0])
	for i := 1; i < len(q.path); i++ {
		path = q.h.expand(q.path[i-1], q.path[i], path)
	}
	for v := meet; down.from[v] != None; v = down.from[v] {
		path = q.h.expand(v, down.from[v], path)
	}
	return path
}

// expand appends the ranks on the arc from a to b, without a.
func (h *Hierarchy) expand(a, b uint32, path []uint32) []uint32 {
	var middle uint32
	if a > b {
		middle = h.Up.middle(a, b)
	} else {
		middle = h.Down.middle(b, a)
	}
	if middle == None {
		return append(path, b)
	}
	return h.expand(middle, b, h.expand(a, middle, path))
}

func (h *Half) middle(v, to uint32) uint32 {
	for i, end := h.row(v); i < end; i++ {
		if h.To[i] == to {
			return h.Middle[i]
		}
	}
	return None
}

// Cycle is the least weight of a way that leaves a state and comes back to it, and
// the ranks on it, both ends included, appended to path. It is Inf and no states
// where there is none.
func (s *Searcher) Cycle(v uint32, path []uint32) (Weight, []uint32) {
	q := s.pool.Get().(*space)
	defer s.pool.Put(q)
	up, down := &q.ways[0], &q.ways[1]
	up.climb([]Start{{Rank: v}}, &q.h.Up)
	down.climb([]Start{{Rank: v}}, &q.h.Down)
	best, meet := q.h.Loop[v], v
	for _, x := range up.reached {
		if d := down.dist(x); x != v && d < Inf && up.d[x]+d < best {
			best, meet = up.d[x]+d, x
		}
	}
	switch {
	case best >= Inf:
		return Inf, path
	case meet != v:
		return best, q.unpack(meet, path)
	case q.h.LoopMiddle[v] == None:
		return best, append(path, v, v)
	}
	middle := q.h.LoopMiddle[v]
	return best, q.h.expand(middle, v, q.h.expand(v, middle, append(path, v)))
}

// Row appends the label that a place has by the hierarchy alone: every state
// above its starts with the weight to it (up) or from it (down), by ascending
// rank.
func (s *Searcher) Row(starts []Start, up bool, hubs []uint32, weights []Weight) ([]uint32, []Weight) {
	q := s.pool.Get().(*space)
	defer s.pool.Put(q)
	w, arcs := &q.ways[0], &s.h.Up
	if !up {
		w, arcs = &q.ways[1], &s.h.Down
	}
	w.climb(starts, arcs)
	slices.Sort(w.reached)
	for _, v := range w.reached {
		hubs, weights = append(hubs, v), append(weights, w.d[v])
	}
	return hubs, weights
}

// Sweep is the weight from the starts to every state (away), or from every state
// to the starts, by rank, written to d, which has room for all states. Inf
// where there is no way.
func (h *Hierarchy) Sweep(starts []Start, away bool, d []Weight) {
	first, second := &h.Up, &h.Down
	if !away {
		first, second = second, first
	}
	for i := range d {
		d[i] = Inf
	}
	for _, s := range starts {
		d[s.Rank] = min(d[s.Rank], s.Extra)
	}
	for v := len(d) - 1; v >= 0; v-- {
		if d[v] == Inf {
			continue
		}
		for i, end := first.row(uint32(v)); i < end; i++ {
			d[first.To[i]] = min(d[first.To[i]], d[v]+first.Weight[i])
		}
	}
	for v := range d {
		best := d[v]
		for i, end := second.row(uint32(v)); i < end; i++ {
			if w := d[second.To[i]]; w < Inf {
				best = min(best, w+second.Weight[i])
			}
		}
		d[v] = best
	}
}
