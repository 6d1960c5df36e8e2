package ch

// witness is a short search around a state that may be taken out: is there a way
// as good that leaves it alone?
type witness struct {
	d      []Weight
	stamp  []uint32
	target []uint32 // the search that asks for this state
	now    uint32
	queue  heap
}

func (w *witness) init(n int) {
	w.d, w.stamp, w.target = make([]Weight, n), make([]uint32, n), make([]uint32, n)
}

// dist is the least weight found; a weight that is not proven least is still
// that of a path.
func (w *witness) dist(v uint32) Weight {
	if w.stamp[v] != w.now {
		return Inf
	}
	return w.d[v]
}

// run searches from a state without the avoided one until all targets are
// reached, the weight is beyond most, or enough states are settled.
func (w *witness) run(out [][]link, from, avoid uint32, targets []link, most Weight, settle int) {
	w.now++
	w.queue = w.queue[:0]
	left := 0
	for _, t := range targets {
		if t.to != from {
			w.target[t.to] = w.now
			left++
		}
	}
	w.stamp[from], w.d[from] = w.now, 0
	w.queue.push(0, from)
	for len(w.queue) > 0 && settle > 0 {
		top := w.queue.pop()
		if top.key > w.d[top.node] {
			continue
		}
		settle--
		if w.target[top.node] == w.now {
			if left--; left == 0 {
				return
			}
		}
		for _, l := range out[top.node] {
			d := top.key + l.weight
			if l.to == avoid || d > most || w.stamp[l.to] == w.now && w.d[l.to] <= d {
				continue
			}
			w.stamp[l.to], w.d[l.to] = w.now, d
			w.queue.push(d, l.to)
		}
	}
}
