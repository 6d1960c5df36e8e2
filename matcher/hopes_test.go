package matcher_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	seeds "pinhuo/internal/seed"
	"pinhuo/matcher"
)

// What promised too much comes out again in its turn.
func TestHopesWaitTheirTurn(t *testing.T) {
	r := rand.New(rand.NewPCG(seeds.Of(t), 2))
	var h matcher.Hopes
	for n := range 60 {
		h.Reset()
		least, last := make([]int64, n), int64(20)
		for i := range n {
			most := r.Int64N(20)
			least[i] = most - r.Int64N(8)
			h.Add(matcher.Hope{Most: most, At: int32(i)})
		}
		h.Order()
		for out := 0; out < n; {
			hope, ok := h.Next()
			if !ok {
				t.Fatalf("%d of %d came out", out, n)
			}
			if hope.Seen < matcher.ByHeader {
				hope.Most, hope.Seen = least[hope.At], matcher.ByHeader
				if h.Waits(hope) {
					continue
				}
			}
			if hope.Most > last || hope.Most != least[hope.At] {
				t.Fatalf("%+v after one of %d", hope, last)
			}
			last, out = hope.Most, out+1
		}
		if hope, ok := h.Next(); ok {
			t.Fatalf("%+v is left", hope)
		}
	}
}

// The hopes come out as a sorted list of them would.
func TestHopesComeOutInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(seeds.Of(t), 1))
	var h matcher.Hopes
	for n := range 60 {
		h.Reset()
		var want []matcher.Hope
		for i := range n {
			hope := matcher.Hope{Most: r.Int64N(20), At: int32(i)}
			h.Add(hope)
			want = append(want, hope)
		}
		slices.SortFunc(want, func(a, b matcher.Hope) int { return cmp.Or(cmp.Compare(b.Most, a.Most), cmp.Compare(a.At, b.At)) })
		h.Order()
		for i, w := range want {
			if got, ok := h.Next(); !ok || got != w {
				t.Fatalf("%d of %d: %+v, %v, want %+v", i, n, got, ok, w)
			}
		}
		if got, ok := h.Next(); ok {
			t.Fatalf("%+v from nothing", got)
		}
	}
}
