package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

// A point along a great circle parts its length in the share asked for.
func TestAlong(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 0))
	for range 20_000 {
		a := Point{LatE7: draw.Int32N(1_700_000_000) - 850_000_000, LngE7: draw.Int32N(2_000_000_000) - 1_000_000_000}
		b := Point{LatE7: a.LatE7 + draw.Int32N(40_000_000), LngE7: a.LngE7 + draw.Int32N(40_000_000)}
		share := draw.Float64()
		p, all := Along(a, b, share), GreatCircleM(a, b)
		if out, on := GreatCircleM(a, p), GreatCircleM(p, b); math.Abs(out-share*all) > 0.05 || out+on > all+0.05 {
			t.Fatalf("%v to %v at %v: %v, %f m and %f m of %f", a, b, share, p, out, on, all)
		}
	}
	if a := (Point{LatE7: 5, LngE7: 6}); Along(a, a, 0.5) != a {
		t.Error("a point has moved")
	}
}
