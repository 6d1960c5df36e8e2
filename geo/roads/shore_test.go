package roads

import (
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/geo"
	"pinhuo/internal/seed"
)

// A drive from a place that is remembered is the same as from any other, on every bank and
// beyond both ends of the river.
func TestAcrossEqualsBetween(t *testing.T) {
	f := fallback(t)
	r := rand.New(rand.NewPCG(seed.Of(t), 3))
	place := func() geo.Point { return randPlace(r) }
	crossed := 0
	for range 500 {
		p := place()
		for range 20 {
			a, b := f.river.site(p), f.river.site(place())
			want, got := f.river.between(&a, &b), f.river.across(f.shores.find(f.river, p), &b)
			if math.Abs(want-got) > 1e-6 {
				t.Fatalf("from %v to %v: %v m, not %v", p, b.vec, got, want)
			}
			if want > f.river.plain(a.vec, b.vec)+1 {
				crossed++
			}
		}
	}
	if crossed < 1000 {
		t.Errorf("the river was in the way %d times", crossed)
	}
}
