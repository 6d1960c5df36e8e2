package roads

import (
	"math/rand/v2"
	"testing"

	"pinhuo/geo"
	"pinhuo/internal/seed"
)

// A place to turn lies on the drive: no sooner than asked, hardly later, before the end,
// and not aside; none is known where the drive leads over a crossing.
func TestTurnOnTheFallback(t *testing.T) {
	f, err := NewFallback(DefaultFactor, DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	draw := rand.New(rand.NewPCG(seed.Of(t), 0))
	at := func() geo.Point {
		return geo.Point{LatE7: 305_000_000 + draw.Int32N(30_000_000), LngE7: 1_185_000_000 + draw.Int32N(30_000_000)}
	}
	turned, crossed := 0, 0
	for range 20_000 {
		a, b := at(), at()
		metres, all := f.Between(a, b)
		after := 1 + draw.Int64N(max(all-1, 1))
		p, ok := f.Turn(a, b, after)
		if over := float64(metres) > 1.24*geo.GreatCircleM(a, b)+2; over && ok {
			t.Fatalf("from %v to %v over a crossing: turns at %v", a, b, p)
		} else if over {
			crossed++
		}
		if !ok {
			continue
		}
		turned++
		_, out := f.Between(a, p)
		_, on := f.Between(p, b)
		if out < after || out > after+3 || out >= all || out+on > all+2 {
			t.Fatalf("from %v to %v, %d s: turns at %v after %d s instead of %d, %d s before the end", a, b, all, p, out, after, on)
		}
	}
	if turned < 1000 || crossed < 1000 {
		t.Errorf("%d turn, %d drives cross", turned, crossed)
	}
}
