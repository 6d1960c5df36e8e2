package freight

import (
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
)

func TestHandlingTimes(t *testing.T) {
	for _, way := range []string{"rear", "side", "top", "tail_lift"} {
		w := handlingWays[way]
		if w.StopS <= 0 || w.ParcelS <= 0 || w.UnitS < w.ParcelS || w.LargeS < w.UnitS || w.Because == "" {
			t.Errorf("%s: %+v", way, w)
		}
	}
	pallets := Piece{Count: 4, LengthMM: 1200, WidthMM: 800, HeightMM: 1000, Grams: 300_000}
	for _, c := range []struct {
		name  string
		size  Size
		needs Capability
		want  int64
	}{
		{"nothing known", Size{}, 0, 900},
		{"four pallets at a dock", Size{Pieces: []Piece{pallets}}, 0, 600 + 4*90},
		{"from the side", Size{Pieces: []Piece{pallets}, Access: AccessSide}, 0, 720 + 4*75},
		{"over a tail-lift", Size{Pieces: []Piece{pallets}}, CapTailLift | CapBox, 720 + 4*180},
		{"by crane, whatever the lift", Size{Pieces: []Piece{pallets}, Access: AccessTop}, CapTailLift, 900 + 4*240},
		{"parcels", Size{Pieces: []Piece{{Count: 20, LengthMM: 800, WidthMM: 300, HeightMM: 300, Grams: 30_000}}}, 0, 600 + 20*15},
		{"too heavy to carry", Size{Pieces: []Piece{{Count: 1, LengthMM: 300, WidthMM: 300, HeightMM: 300, Grams: 30_001}}}, 0, 690},
		{"of a weight that nobody knows", Size{Pieces: []Piece{{Count: 1, LengthMM: 300, WidthMM: 300, HeightMM: 300}}}, 0, 690},
		{"a long pipe and a press", Size{Pieces: []Piece{{Count: 1, LengthMM: 2401, WidthMM: 300, HeightMM: 300}, {Count: 1, LengthMM: 1000, WidthMM: 1000, HeightMM: 1000, Grams: 1_500_001}}}, 0, 600 + 480},
		{"ten thousand crates", Size{Pieces: []Piece{{Count: 10_000, LengthMM: 1000, WidthMM: 800, HeightMM: 800}}}, 0, MaxServiceS},
	} {
		if got := c.size.ServiceS(c.needs); got != c.want {
			t.Errorf("%s: %d s, want %d", c.name, got, c.want)
		}
	}
}

// Fewer pieces never take longer, nor smaller ones.
func TestFewerPiecesNeverTakeLonger(t *testing.T) {
	r := rand.New(rand.NewPCG(seed.Of(t), 1))
	for range 2000 {
		s := Size{Access: [...]Access{AccessAny, AccessRear, AccessSide, AccessTop}[r.IntN(4)]}
		for range 1 + r.IntN(4) {
			s.Pieces = append(s.Pieces, Piece{Count: 1 + r.Int64N(50), LengthMM: 1 + r.Int64N(4000), WidthMM: 1 + r.Int64N(2000), HeightMM: 1 + r.Int64N(2000), Grams: 1 + r.Int64N(2_000_000)})
		}
		needs := Capability(r.IntN(2)) * CapTailLift
		if n := s.Count(); n > 1 {
			first, second := s.Split(1 + r.Int64N(n-1))
			if whole := s.ServiceS(needs); first.ServiceS(needs) > whole || second.ServiceS(needs) > whole {
				t.Fatalf("%+v takes %d s, parts %d and %d", s, whole, first.ServiceS(needs), second.ServiceS(needs))
			}
		}
		less := s
		less.Pieces = append([]Piece(nil), s.Pieces...)
		less.Pieces[0].LengthMM, less.Pieces[0].Grams = 1+r.Int64N(s.Pieces[0].LengthMM), 1+r.Int64N(s.Pieces[0].Grams)
		if less.ServiceS(needs) > s.ServiceS(needs) {
			t.Fatalf("%+v takes longer than %+v", less, s)
		}
	}
}
