package check

import (
	"cmp"
	"slices"
)

// lands numbers the strong components of a graph that are kept, Tarjan's way: from 1,
// the longest first, which is always kept; others with at least leastCm of road. The
// rest is 0. length tells of the roads whose ends two nodes are, by calling add.
func lands(next [][]int32, leastCm int64, length func(of []int32, add func(component int32, cm int64))) []int32 {
	n := len(next)
	c := &tarjan{next: next, index: make([]int32, n), low: make([]int32, n), on: make([]bool, n), of: make([]int32, n)}
	for v := range n {
		if c.index[v] == 0 {
			c.from(int32(v))
		}
	}
	cm := make([]int64, c.count+1)
	length(c.of, func(component int32, some int64) { cm[component] += some })
	var kept []int32
	best := int32(0)
	for k := int32(1); k <= c.count; k++ {
		if cm[k] > cm[best] {
			best = k
		}
	}
	for k := int32(1); k <= c.count; k++ {
		if k != best && cm[k] >= leastCm {
			kept = append(kept, k)
		}
	}
	slices.SortStableFunc(kept, func(a, b int32) int { return cmp.Compare(cm[b], cm[a]) })
	number := make([]int32, c.count+1)
	if best > 0 {
		number[best] = 1
	}
	for i, k := range kept {
		number[k] = int32(i) + 2
	}
	for v := range c.of {
		c.of[v] = number[c.of[v]]
	}
	return c.of
}

type tarjan struct {
	next       [][]int32
	index, low []int32
	on         []bool
	stack      []int32
	now        int32
	of         []int32 // by node: its component, from 1
	count      int32
}

// call is a state whose followers are being looked at.
type call struct {
	node int32
	next int
}

func (c *tarjan) from(root int32) {
	c.enter(root)
	calls := []call{{node: root}}
	for len(calls) > 0 {
		top := &calls[len(calls)-1]
		v := top.node
		if top.next < len(c.next[v]) {
			w := c.next[v][top.next]
			top.next++
			if c.index[w] == 0 {
				c.enter(w)
				calls = append(calls, call{node: w})
			} else if c.on[w] {
				c.low[v] = min(c.low[v], c.index[w])
			}
			continue
		}
		calls = calls[:len(calls)-1]
		if len(calls) > 0 {
			up := calls[len(calls)-1].node
			c.low[up] = min(c.low[up], c.low[v])
		}
		if c.low[v] == c.index[v] {
			c.leave(v)
		}
	}
}

func (c *tarjan) enter(v int32) {
	c.now++
	c.index[v], c.low[v], c.on[v] = c.now, c.now, true
	c.stack = append(c.stack, v)
}

func (c *tarjan) leave(v int32) {
	at := len(c.stack) - 1
	for c.stack[at] != v {
		at--
	}
	c.count++
	for _, w := range c.stack[at:] {
		c.on[w], c.of[w] = false, c.count
	}
	c.stack = c.stack[:at]
}

// flood marks what is reached from the marked.
func flood(next [][]int32, marked []bool) []bool {
	seen := make([]bool, len(next))
	var todo []int32
	for v, m := range marked {
		if m {
			seen[v] = true
			todo = append(todo, int32(v))
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, w := range next[v] {
			if !seen[w] {
				seen[w] = true
				todo = append(todo, w)
			}
		}
	}
	return seen
}
