package check

import (
	"fmt"
	"slices"
)

// A route begins among private roads or not, drives open ones, and ends among
// private roads or not.
const (
	open = iota
	leaving
	arrived
)

// stance is where a drive stands: at the end of a move, with what it has driven
// of forbidden turns.
type stance struct {
	move  int32
	phase int8
	trail string
}

// driver knows every stance there is and what may follow it.
type driver struct {
	*atlas
	id     map[stance]int32
	list   []stance
	trails [][][2]int32 // by stance: turns under way and the moves done
	next   [][]int32
	first  []int32   // by move: the stance of having begun with it, or -1
	ends   [][]int32 // by move: its stances
	usable []bool    // by move: routes may begin and end on its straight
}

func newDriver(m *atlas) *driver {
	d := &driver{atlas: m, id: map[stance]int32{}, first: make([]int32, len(m.moves)), usable: make([]bool, len(m.moves))}
	for i := range d.first {
		d.first[i] = -1
	}
	for _, moves := range m.leave {
		for _, i := range moves {
			phase := int8(open)
			if m.moves[i].private {
				phase = leaving
			}
			d.first[i] = d.stance(i, phase, nil)
		}
	}
	for s := 0; s < len(d.list); s++ {
		d.next = append(d.next, d.follow(int32(s)))
	}
	d.ends = make([][]int32, len(m.moves))
	for s, here := range d.list {
		d.ends[here.move] = append(d.ends[here.move], int32(s))
	}
	d.settle()
	return d
}

func (d *driver) stance(move int32, phase int8, trail [][2]int32) int32 {
	key := stance{move: move, phase: phase}
	if len(trail) > 0 {
		key.trail = fmt.Sprint(trail)
	}
	if s, ok := d.id[key]; ok {
		return s
	}
	s := int32(len(d.list))
	d.id[key] = s
	d.list, d.trails = append(d.list, key), append(d.trails, trail)
	return s
}

// follow lists the stances after one.
func (d *driver) follow(s int32) (out []int32) {
	here := d.list[s]
	node := d.moves[here.move].to
	under := slices.Clone(d.trails[s])
	for _, t := range d.starts[here.move] {
		under = append(under, [2]int32{t, 1})
	}
	stuck := true
	if !d.wall[node] {
		for _, i := range d.leave[node] {
			if i == here.move^1 || d.forbidden(under, i) {
				continue
			}
			if d.moves[here.move].private || !d.moves[i].private && !d.fence[node] {
				stuck = false
			}
			if t, ok := d.step(here, under, i, d.fence[node]); ok {
				out = append(out, t)
			}
		}
	}
	if back := here.move ^ 1; stuck && slices.Contains(d.leave[node], back) && !d.forbidden(under, back) {
		if t, ok := d.step(here, under, back, false); ok {
			out = append(out, t)
		}
	}
	return out
}

func (d *driver) forbidden(under [][2]int32, i int32) bool {
	for _, u := range under {
		if turn := d.turns[u[0]]; int(u[1]) == len(turn)-1 && turn[u[1]] == i {
			return true
		}
	}
	return false
}

// step is the stance after a move, if the route may still make it.
func (d *driver) step(here stance, under [][2]int32, i int32, fence bool) (int32, bool) {
	phase := here.phase
	switch {
	case d.moves[i].private && phase == open:
		phase = arrived
	case !d.moves[i].private && (phase == arrived || fence && phase == open):
		return 0, false
	case !d.moves[i].private:
		phase = open
	}
	var trail [][2]int32
	for _, u := range under {
		if d.turns[u[0]][u[1]] == i {
			trail = append(trail, [2]int32{u[0], u[1] + 1})
		}
	}
	return d.stance(i, phase, trail), true
}

// settle marks the straights that hang together with a land that is kept.
func (d *driver) settle() {
	inner, back := make([][]int32, len(d.list)), make([][]int32, len(d.list))
	for s, next := range d.next {
		for _, t := range next {
			back[t] = append(back[t], int32(s))
			if d.list[s].phase == open && d.list[t].phase == open {
				inner[s] = append(inner[s], t)
			}
		}
	}
	of := lands(inner, d.islandCm, d.lengths)
	most := int32(0)
	for _, k := range of {
		most = max(most, k)
	}
	for k := int32(1); k <= most; k++ {
		main := make([]bool, len(of))
		for s := range of {
			main[s] = of[s] == k
		}
		to, from := flood(back, main), flood(d.next, main)
		begin, end := make([]bool, len(d.moves)), make([]bool, len(d.moves))
		for i, s := range d.first {
			begin[i] = s >= 0 && to[s]
		}
		for s, here := range d.list {
			end[here.move] = end[here.move] || from[s]
		}
		for i := range d.usable {
			d.usable[i] = d.usable[i] || (begin[i] || begin[i^1]) && (end[i] || end[i^1])
		}
	}
}

// lengths tells of the open roads of each component of stances, a road once.
func (d *driver) lengths(of []int32, add func(component int32, cm int64)) {
	for i := 0; i < len(d.moves); i += 2 {
		var in [2]int32
		for dir := range in {
			if s := d.first[i+dir]; s >= 0 && d.list[s].phase == open {
				in[dir] = of[s]
			}
		}
		if in[0] != 0 {
			add(in[0], d.moves[i].cm)
		}
		if in[1] != 0 && in[1] != in[0] {
			add(in[1], d.moves[i].cm)
		}
	}
}

// cost is milliseconds, then centimetres.
type cost struct{ ms, cm int64 }

func (a cost) less(b cost) bool { return a.ms < b.ms || a.ms == b.ms && a.cm < b.cm }

// waiting is a stance on its way through a search.
type waiting struct {
	cost
	stance int32
}

// line is a binary heap of what waits.
type line []waiting

func (q *line) push(w waiting) {
	*q = append(*q, w)
	for i := len(*q) - 1; i > 0 && (*q)[i].less((*q)[(i-1)/2].cost); i = (i - 1) / 2 {
		(*q)[i], (*q)[(i-1)/2] = (*q)[(i-1)/2], (*q)[i]
	}
}

func (q *line) pop() waiting {
	h := *q
	top := h[0]
	h[0] = h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	for i := 0; 2*i+1 < len(h); {
		c := 2*i + 1
		if c+1 < len(h) && h[c+1].less(h[c].cost) {
			c++
		}
		if !h[c].less(h[i].cost) {
			break
		}
		h[i], h[c] = h[c], h[i]
		i = c
	}
	return top
}

// served tells whether routes may begin and end at a node.
func (d *driver) served(node int32) bool {
	use := func(i int32) bool { return d.usable[i] }
	return slices.ContainsFunc(d.leave[node], use) || slices.ContainsFunc(d.arrive[node], use)
}

// privately tells whether routes begin and end at a node on private roads: where
// there is an open one, that is taken.
func (d *driver) privately(node int32) bool {
	public := func(i int32) bool { return d.usable[i] && !d.moves[i].private }
	return !slices.ContainsFunc(d.leave[node], public) && !slices.ContainsFunc(d.arrive[node], public)
}

// from is the least cost from a node to the end of every stance; done tells which
// were reached.
func (d *driver) from(node int32) (dist []cost, done []bool) {
	dist, done = make([]cost, len(d.list)), make([]bool, len(d.list))
	var q line
	push := func(at cost, s int32) {
		i := d.list[s].move
		q.push(waiting{cost{at.ms + d.moves[i].ms, at.cm + d.moves[i].cm}, s})
	}
	private := d.privately(node)
	for _, i := range d.leave[node] {
		if d.usable[i] && d.moves[i].private == private {
			push(cost{}, d.first[i])
		}
	}
	for _, i := range d.arrive[node] {
		if d.usable[i] && d.moves[i].private == private {
			q.push(waiting{cost{}, d.first[i]})
		}
	}
	for len(q) > 0 {
		top := q.pop()
		if done[top.stance] {
			continue
		}
		done[top.stance], dist[top.stance] = true, top.cost
		for _, t := range d.next[top.stance] {
			if !done[t] {
				push(top.cost, t)
			}
		}
	}
	return dist, done
}
