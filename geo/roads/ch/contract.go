package ch

import (
	"context"
	"fmt"
	"slices"
)

// How far a witness is looked for before a shortcut is put in: a shortcut too
// many costs time and never a wrong answer.
const (
	settleToJudge    = 40  // while importance is estimated
	settleToContract = 400 // when a state is taken out
)

// link is an arc seen from one of its ends.
type link struct {
	to     uint32
	middle uint32
	weight Weight
}

// contraction takes the states out one by one, the least important first.
type contraction struct {
	out, in [][]link // among the states that are left
	depth   []int32
	order   []uint32 // as they were taken out
	queue   []prioItem
	witness witness
	found   []shortcut
	up      [][]link // of each state, when it was taken out
	down    [][]link
	loops   []link // of each state back to itself
}

type shortcut struct {
	from, to uint32
	weight   Weight
}

// Build orders the states 0..n-1, puts in the shortcuts and tells the rank of each
// state. step, if not nil, is told now and then how many states are done. It
// fails with ErrGraph for an arc that is negative or leads outside, and with the
// context's error.
func Build(ctx context.Context, n int, arcs []Arc, step func(done int)) (*Hierarchy, []uint32, error) {
	c := &contraction{
		out: make([][]link, n), in: make([][]link, n), depth: make([]int32, n),
		up: make([][]link, n), down: make([][]link, n), order: make([]uint32, 0, n),
		loops: make([]link, n),
	}
	c.witness.init(n)
	for v := range c.loops {
		c.loops[v] = link{middle: None, weight: Inf}
	}
	for i, a := range arcs {
		if int(a.From) >= n || int(a.To) >= n || a.Weight < 0 || a.Weight >= Inf {
			return nil, nil, fmt.Errorf("arc %d from %d to %d of weight %d: %w", i, a.From, a.To, a.Weight, ErrGraph)
		}
		c.connect(a.From, a.To, None, a.Weight)
	}
	for v := range n {
		c.push(c.priority(uint32(v)), uint32(v))
	}
	for len(c.queue) > 0 {
		if len(c.order)%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, nil, fmt.Errorf("contract: %w", err)
			}
			if step != nil {
				step(len(c.order))
			}
		}
		c.next()
	}
	h, rank := c.finish()
	return h, rank, nil
}

// next takes out the least important state. Importance grows as neighbours go,
// so the top of the queue is judged anew before it is believed.
func (c *contraction) next() {
	top := c.pop()
	if p := c.priority(top.node); len(c.queue) > 0 && p > c.queue[0].key {
		c.push(p, top.node)
		return
	}
	c.contract(top.node)
}

// connect keeps the better of two arcs between the same states.
func (c *contraction) connect(from, to, middle uint32, w Weight) {
	if from == to {
		if w < c.loops[from].weight {
			c.loops[from] = link{from, middle, w}
		}
		return
	}
	if put(&c.out[from], link{to, middle, w}) {
		put(&c.in[to], link{from, middle, w})
	}
}

// put adds a link unless there is one as good; it tells whether it did.
func put(list *[]link, l link) bool {
	for i := range *list {
		if (*list)[i].to == l.to {
			if (*list)[i].weight <= l.weight {
				return false
			}
			(*list)[i] = l
			return true
		}
	}
	*list = append(*list, l)
	return true
}

// shortcuts finds the paths over v that nothing else is as good as.
func (c *contraction) shortcuts(v uint32, settle int) []shortcut {
	c.found = c.found[:0]
	for _, a := range c.in[v] {
		var most Weight = -1
		for _, b := range c.out[v] {
			if b.to != a.to {
				most = max(most, a.weight+b.weight)
			}
		}
		if most < 0 {
			continue
		}
		c.witness.run(c.out, a.to, v, c.out[v], most, settle)
		for _, b := range c.out[v] {
			if w := a.weight + b.weight; b.to != a.to && c.witness.dist(b.to) > w {
				c.found = append(c.found, shortcut{a.to, b.to, w})
			}
		}
	}
	return c.found
}

// priority is low for states whose going leaves the graph sparse, and for those
// whose neighbourhood is still untouched.
func (c *contraction) priority(v uint32) int32 {
	added := len(c.shortcuts(v, settleToJudge))
	removed := len(c.in[v]) + len(c.out[v])
	return int32(1000*(added+1)/(removed+1)) + 300*c.depth[v]
}

func (c *contraction) contract(v uint32) {
	found := c.shortcuts(v, settleToContract)
	for _, s := range found {
		c.connect(s.from, s.to, v, s.weight)
	}
	for _, l := range c.out[v] {
		c.in[l.to] = without(c.in[l.to], v)
		c.depth[l.to] = max(c.depth[l.to], c.depth[v]+1)
	}
	for _, l := range c.in[v] {
		c.out[l.to] = without(c.out[l.to], v)
		c.depth[l.to] = max(c.depth[l.to], c.depth[v]+1)
	}
	for _, a := range c.in[v] {
		for _, b := range c.out[v] {
			if a.to == b.to {
				c.connect(a.to, b.to, v, a.weight+b.weight)
			}
		}
	}
	c.up[v], c.down[v] = c.out[v], c.in[v]
	c.out[v], c.in[v] = nil, nil
	c.order = append(c.order, v)
}

func without(list []link, v uint32) []link {
	for i := range list {
		if list[i].to == v {
			list[i] = list[len(list)-1]
			return list[:len(list)-1]
		}
	}
	return list
}

// finish numbers the states by importance and lays out the arcs.
func (c *contraction) finish() (*Hierarchy, []uint32) {
	n := len(c.order)
	rank := make([]uint32, n)
	byRank := make([]uint32, n)
	for i, v := range c.order {
		rank[v] = uint32(n - 1 - i)
		byRank[n-1-i] = v
	}
	h := &Hierarchy{Up: lay(c.up, rank, byRank), Down: lay(c.down, rank, byRank),
		Loop: make([]Weight, n), LoopMiddle: make([]uint32, n)}
	for r, v := range byRank {
		h.Loop[r], h.LoopMiddle[r] = c.loops[v].weight, None
		if m := c.loops[v].middle; m != None {
			h.LoopMiddle[r] = rank[m]
		}
	}
	return h, rank
}

func lay(lists [][]link, rank, byRank []uint32) Half {
	total := 0
	for _, l := range lists {
		total += len(l)
	}
	h := Half{
		First: make([]uint32, len(rank)+1), To: make([]uint32, 0, total),
		Weight: make([]Weight, 0, total), Middle: make([]uint32, 0, total),
	}
	for r, v := range byRank {
		list := lists[v]
		slices.SortFunc(list, func(a, b link) int { return int(rank[a.to]) - int(rank[b.to]) })
		for _, l := range list {
			middle := l.middle
			if middle != None {
				middle = rank[middle]
			}
			h.To, h.Weight, h.Middle = append(h.To, rank[l.to]), append(h.Weight, l.weight), append(h.Middle, middle)
		}
		h.First[r+1] = uint32(len(h.To))
	}
	return h
}

// prioItem is a state that waits to be taken out.
type prioItem struct {
	key  int32
	node uint32
}

func (a prioItem) before(b prioItem) bool {
	return a.key < b.key || a.key == b.key && a.node < b.node
}

func (c *contraction) push(key int32, node uint32) {
	c.queue = append(c.queue, prioItem{key, node})
	q := c.queue
	for i := len(q) - 1; i > 0; {
		p := (i - 1) / 2
		if !q[i].before(q[p]) {
			return
		}
		q[i], q[p] = q[p], q[i]
		i = p
	}
}

func (c *contraction) pop() prioItem {
	q := c.queue
	top := q[0]
	q[0] = q[len(q)-1]
	q = q[:len(q)-1]
	c.queue = q
	for i := 0; ; {
		least := i
		for k := 2*i + 1; k <= min(2*i+2, len(q)-1); k++ {
			if q[k].before(q[least]) {
				least = k
			}
		}
		if least == i {
			return top
		}
		q[i], q[least] = q[least], q[i]
		i = least
	}
}
