package roads

import (
	"cmp"
	"slices"

	"pinhuo/geo/roads/ch"
)

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

// spread marks what is reached from the marked over the arcs of a table, which may
// be turned round.
func (t *table) spread(from []bool) []bool {
	seen := make([]bool, len(from))
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

// mostRegions is how many regions are told apart; what is left is dropped.
const mostRegions = 255

// regions numbers the strong components that are kept, from 1 and from the longest
// roads on: the one with the most, and others with at least leastCm. The rest is 0.
// each tells of every piece, and of the ways to drive it that hang together, which
// component it is of, and how long it is.
func regions(n int, arcs []ch.Arc, leastCm int64, each func(component []uint32, add func(component uint32, cm int64))) (of []uint32, kept int) {
	component, count := components(n, arcs)
	length := make([]int64, count+1)
	each(component, func(c uint32, cm int64) { length[c] += cm })
	var order []uint32
	for c := range uint32(count) {
		if length[c+1] > 0 {
			order = append(order, c+1)
		}
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(length[b], length[a]) })
	number := make([]uint32, count+1)
	for i, c := range order {
		if i == 0 || i < mostRegions && length[c] >= leastCm {
			kept++
			number[c] = uint32(kept)
		}
	}
	for v, c := range component {
		component[v] = number[c]
	}
	return component, kept
}

// components numbers the strong components from 1. It is Kosaraju's way: the order in
// which a search is done with its states, then a search the other way in the reverse
// of that order.
func components(n int, arcs []ch.Arc) (component []uint32, count int) {
	order := finished(newTable(n, arcs, false), n)
	t := newTable(n, arcs, true)
	component = make([]uint32, n)
	var todo []uint32
	for i := n - 1; i >= 0; i-- {
		if component[order[i]] != 0 {
			continue
		}
		count++
		component[order[i]] = uint32(count)
		for todo = append(todo[:0], order[i]); len(todo) > 0; {
			v := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, to := range t.to[t.first[v]:t.first[v+1]] {
				if component[to] == 0 {
					component[to] = uint32(count)
					todo = append(todo, to)
				}
			}
		}
	}
	return component, count
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
