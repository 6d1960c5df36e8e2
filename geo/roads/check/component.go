package check

// greatest marks the largest strong component of a graph, Tarjan's way.
func greatest(next [][]int32) []bool {
	n := len(next)
	c := &tarjan{next: next, index: make([]int32, n), low: make([]int32, n), on: make([]bool, n)}
	for v := range n {
		if c.index[v] == 0 {
			c.from(int32(v))
		}
	}
	out := make([]bool, n)
	for _, v := range c.best {
		out[v] = true
	}
	return out
}

type tarjan struct {
	next       [][]int32
	index, low []int32
	on         []bool
	stack      []int32
	now        int32
	best       []int32
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
	if group := c.stack[at:]; len(group) > len(c.best) {
		c.best = append([]int32(nil), group...)
	}
	for _, w := range c.stack[at:] {
		c.on[w] = false
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
