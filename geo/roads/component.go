package roads

import "pinhuo/geo/roads/ch"

// table is arcs by one of their ends.
type table struct {
	first []uint32
	to    []uint32
}

// newTable lays arcs out by their tails, or turned round by their heads.
func newTable(n int, arcs []ch.Arc, turned bool) table {
	t := table{first: make([]uint32, n+1), to: make([]uint32, len(arcs))}
	end := func(a ch.Arc) (uint32, uint32) {
		if turned {
			return a.To, a.From
		}
		return a.From, a.To
	}
	for _, a := range arcs {
		from, _ := end(a)
		t.first[from+1]++
	}
	for v := range n {
		t.first[v+1] += t.first[v]
	}
	fill := make([]uint32, n)
	for _, a := range arcs {
		from, to := end(a)
		t.to[t.first[from]+fill[from]] = to
		fill[from]++
	}
	return t
}

// spread marks what is reached from the marked, or what reaches them.
func spread(n int, arcs []ch.Arc, from []bool, away bool) []bool {
	t := newTable(n, arcs, !away)
	seen := make([]bool, n)
	var todo []uint32
	for v, marked := range from {
		if marked {
			seen[v] = true
			todo = append(todo, uint32(v))
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, to := range t.to[t.first[v]:t.first[v+1]] {
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

// largest marks the strong component with the most members; the first found of
// equal ones. It is Kosaraju's: the order in which a search is done with its
// states, then a search the other way in the reverse of that order.
func largest(n int, arcs []ch.Arc) []bool {
	order := finished(newTable(n, arcs, false), n)
	t := newTable(n, arcs, true)
	component := make([]uint32, n)
	var sizes []int
	var todo []uint32
	for i := n - 1; i >= 0; i-- {
		if component[order[i]] != 0 {
			continue
		}
		id := uint32(len(sizes) + 1)
		sizes = append(sizes, 0)
		component[order[i]] = id
		for todo = append(todo[:0], order[i]); len(todo) > 0; {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			sizes[id-1]++
			for _, to := range t.to[t.first[v]:t.first[v+1]] {
				if component[to] == 0 {
					component[to] = id
					todo = append(todo, to)
				}
			}
		}
	}
	best := 0
	for i, size := range sizes {
		if size > sizes[best] {
			best = i
		}
	}
	main := make([]bool, n)
	for v := range main {
		main[v] = component[v] == uint32(best+1)
	}
	return main
}

// finished is the states in the order in which a depth-first search leaves them.
func finished(t table, n int) []uint32 {
	order := make([]uint32, 0, n)
	at := make([]uint32, n)
	seen := make([]bool, n)
	var stack []uint32
	for root := range uint32(n) {
		if seen[root] {
			continue
		}
		seen[root] = true
		for stack = append(stack[:0], root); len(stack) > 0; {
			v := stack[len(stack)-1]
			i := t.first[v] + at[v]
			if i == t.first[v+1] {
				order = append(order, v)
				stack = stack[:len(stack)-1]
				continue
			}
			at[v]++
			if to := t.to[i]; !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	return order
}
