package freight

import (
	"math"
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

// onTheWay is a trip that leaves at an instant, and a way of positions east of Haimen, each
// a minute and so many metres after the one before.
func onTheWay(n int, stepM float64) (*Trip, []Position) {
	const leave = 1_790_000_000_000
	trip := &Trip{Plan: []Call{{Leave: leave}}}
	var way []Position
	for i := range n {
		way = append(way, Position{Trip: "tr_x", At: leave + Instant(i)*Minute, AccuracyM: 20,
			Point: Point{LatE7: 318_700_000, LngE7: 1_211_800_000 + int32(float64(i)*stepM*105.8)}}) // 1e7 / 94,500 m a degree there
	}
	return trip, way
}

func TestSift(t *testing.T) {
	trip, way := onTheWay(10, 1000)
	now := way[9].At
	at := func(i int, change func(p *Position)) []Position {
		p := way[i]
		change(&p)
		return []Position{p}
	}
	for name, tc := range map[string]struct {
		known, told []Position
		now         Instant
		kept, thin  int
		problem     Problem
		field       string
	}{
		"a way":                     {nil, way, now, 10, 0, "", ""},
		"the same again":            {way, way, now, 0, 10, "", ""},
		"an hour without a network": {way[9:], way[:9], now + Hour, 9, 0, "", ""},
		"every second":              {way[:1], at(0, func(p *Position) { p.At += Second }), now, 0, 1, "", ""},
		"standing a minute":         {way[:1], at(0, func(p *Position) { p.At += Minute }), now, 0, 1, "", ""},
		"standing long":             {way[:1], at(0, func(p *Position) { p.At += 5 * Minute }), now, 1, 0, "", ""},
		"tomorrow":                  {nil, at(9, func(p *Position) { p.At += Day }), now, 0, 0, ProblemRange, "positions[0].at"},
		"a clock a little fast":     {nil, at(9, func(p *Position) { p.At += Minute }), now, 1, 0, "", ""},
		"days ago":                  {nil, way[:1], now + 3*Day, 0, 0, ProblemRange, "positions[0].at"},
		"the driver's own way":      {nil, at(0, func(p *Position) { p.At -= 61 * Minute }), now, 0, 0, ProblemRange, "positions[0].at"},
		"somewhere in the province": {nil, at(9, func(p *Position) { p.AccuracyM = 5001 }), now, 0, 0, ProblemRange, "positions[0].accuracy_m"},
		"300 km/h":                  {way[:1], at(5, func(p *Position) { p.At = way[1].At }), now, 0, 0, ProblemTooFast, "positions[0].at"},
		"300 km/h to what is known": {way[5:6], at(0, func(p *Position) { p.At = way[4].At }), now, 0, 0, ProblemTooFast, "positions[0].at"},
		"backwards in time":         {way[:5], []Position{way[9], way[7], way[8]}, now, 3, 0, "", ""},
	} {
		got := Sift(trip, tc.known, tc.told, tc.now)
		if len(got.Kept) != tc.kept || got.Thin != tc.thin || len(got.Faults) != len(tc.told)-tc.kept-tc.thin {
			t.Errorf("%s: %d kept, %d thinned, faults %+v", name, len(got.Kept), got.Thin, got.Faults)
		}
		for _, e := range got.Faults {
			if e.Problem != tc.problem || e.Field != tc.field || e.Code != Invalid {
				t.Errorf("%s: %+v", name, e)
			}
		}
	}
}

// One wrong position among sound ones is refused alone, and named.
func TestSiftNamesTheOneThatIsWrong(t *testing.T) {
	trip, way := onTheWay(10, 1000)
	way[4].Point.LatE7 += 5_000_000
	got := Sift(trip, nil, way, way[9].At)
	if len(got.Kept) != 9 || len(got.Faults) != 1 || got.Faults[0].Field != "positions[4].at" || got.Faults[0].Max != "160 km/h" {
		t.Errorf("%d kept, %+v", len(got.Kept), got.Faults)
	}
}

// In whatever parts and order a truck's true way is told, nothing of it is refused, what
// is kept is never closer than it may be, and telling all of it again keeps nothing more.
func TestSiftIsSafeToRepeat(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 1))
	for range 300 {
		trip, way := onTheWay(2+rng.IntN(60), rng.Float64()*2500)
		now := way[len(way)-1].At
		rng.Shuffle(len(way), func(i, j int) { way[i], way[j] = way[j], way[i] })
		var known []Position
		for rest := way; len(rest) > 0; {
			n := 1 + rng.IntN(len(rest))
			got := Sift(trip, known, rest[:n], now)
			if len(got.Faults) > 0 || len(got.Kept)+got.Thin != n {
				t.Fatalf("%+v", got)
			}
			known, rest = append(known, got.Kept...), rest[n:]
		}
		for i := range known {
			for j := range i {
				if apart := math.Abs(float64(known[i].At - known[j].At)); apart < float64(thinLeast) {
					t.Fatalf("kept %v ms apart", apart)
				}
			}
		}
		if again := Sift(trip, known, way, now); len(again.Kept) != 0 {
			t.Fatalf("told again: %+v", again.Kept)
		}
	}
}
