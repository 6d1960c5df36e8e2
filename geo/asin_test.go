package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

// TestAsinIsAsin: to the last digits, on both sides of where the way of reckoning
// changes, and never falling.
func TestAsinIsAsin(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 0))
	check := func(x float64) {
		got, want := asin(x), math.Asin(min(x, 1))
		if math.Abs(got-want) > 5e-16*want {
			t.Fatalf("asin(%v) is %v, want %v", x, got, want)
		}
		if above := asin(math.Nextafter(x, 2)); above < got {
			t.Fatalf("asin falls from %v to %v above %v", got, above, x)
		}
	}
	for _, x := range []float64{0, 1e-300, 1e-12, 0.1, math.Nextafter(0.1, 0), math.Nextafter(0.1, 1), 0.5, 1, 1.0000000000000002} {
		check(x)
	}
	for range 1_000_000 {
		check(0.11 * r.Float64())
	}
}

func BenchmarkAsin(b *testing.B) {
	for name, of := range map[string]func(float64) float64{"ours": asin, "math": math.Asin} {
		b.Run(name, func(b *testing.B) {
			x, sum := 0.0, 0.0
			for b.Loop() {
				sum += of(x)
				if x += 1e-7; x > 0.06 {
					x = 0
				}
			}
			if sum == 0 {
				b.Fatal("nothing was reckoned")
			}
		})
	}
}
