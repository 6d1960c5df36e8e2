package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

// anywhere draws a place, often near a pole or the antimeridian.
func anywhere(r *rand.Rand) Point {
	p := Point{LatE7: int32(math.Asin(2*r.Float64()-1) * 180 / math.Pi * 1e7), LngE7: int32((r.Float64()*360 - 180) * 1e7)}
	switch r.IntN(8) {
	case 0:
		p.LatE7 = 90e7 - r.Int32N(3e6)
	case 1:
		p.LngE7 = 180e7 - r.Int32N(3e6)
	case 2:
		p.LngE7 = -180e7 + r.Int32N(3e6)
	}
	return p
}

// nearby is a place at the distance in metres, give or take the flatness of a
// step along a parallel and a meridian.
func nearby(r *rand.Rand, p Point, metres float64) Point {
	turn := 2 * math.Pi * r.Float64()
	lat := p.Lat() + metres*math.Cos(turn)/111_195
	lng := p.Lng() + metres*math.Sin(turn)/111_195/math.Max(0.01, math.Cos(p.Lat()*math.Pi/180))
	lat = math.Max(-90, math.Min(90, lat))
	return Point{LatE7: int32(lat * 1e7), LngE7: int32(math.Remainder(lng, 360) * 1e7)}
}

// The excess over a cell is never less than at the centre less the steepest
// slope times the way.
func TestSteepestHoldsAllOverTheCell(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 32))
	f := newField(testBound)
	for range 20_000 {
		spot := anywhere(r)
		n, err := f.grid.at(spot)
		if err != nil {
			t.Fatal(err)
		}
		a, b := nearby(r, spot, 600_000*r.Float64()).Vec(), nearby(r, spot, 600_000*r.Float64()).Vec()
		v := spot.Vec()
		sum := func(x Vec) float64 { return a.GreatCircleM(x) + x.GreatCircleM(b) }
		slope := math.Sqrt(n.steepest(a, b))
		if least := sum(n.centre) - slope*n.radiusM; least > sum(v)+1 {
			t.Fatalf("%v: %.0f m, at least %.0f by a slope of %.3f", spot, sum(v), least, slope)
		}
	}
}
