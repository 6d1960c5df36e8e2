package dispatch

import (
	"cmp"
	"container/heap"

	"pinhuo/freight"
)

// clocks is a heap of what happens by itself. Entries are not taken out when
// their entity changes; the book ignores one that no longer applies.
type clocks struct{ list clockHeap }

type clockHeap []freight.Clock

func (h clockHeap) Len() int { return len(h) }
func (h clockHeap) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(h[i].At, h[j].At), cmp.Compare(h[i].Kind, h[j].Kind), cmp.Compare(h[i].ID, h[j].ID)) < 0
}
func (h clockHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *clockHeap) Push(x any)   { *h = append(*h, x.(freight.Clock)) }
func (h *clockHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

func (c *clocks) add(list []freight.Clock) {
	for _, clock := range list {
		heap.Push(&c.list, clock)
	}
}

// next is the first instant at which a clock has run out: a clock set for an
// instant still allows what happens at that instant.
func (c *clocks) next() freight.Instant {
	if len(c.list) == 0 {
		return 0
	}
	return c.list[0].At + 1
}

// due takes every clock that has run out by now, earliest first, each once.
func (c *clocks) due(now freight.Instant) []freight.Clock {
	var list []freight.Clock
	for len(c.list) > 0 && c.list[0].At < now && len(list) < maxBatch {
		clock := heap.Pop(&c.list).(freight.Clock)
		if len(list) == 0 || list[len(list)-1] != clock {
			list = append(list, clock)
		}
	}
	return list
}
