package freight_test

import (
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// The table prices every kind once, each with its reason, and says of a budget
// exactly how much of a kind it buys.
func TestRemedyTable(t *testing.T) {
	table := freight.DefaultRemedies()
	for _, kind := range freight.RemedyKinds {
		rate, ok := table.Of(kind)
		if !ok {
			t.Errorf("%s is not priced", kind)
		}
		for _, limit := range []freight.Fen{0, 1, rate.Fixed, rate.Fixed + 1, rate.Fixed + 999, 1 << 40} {
			most := rate.Within(limit)
			if most >= 0 && rate.Cost(min(most, 1<<30)) >= limit {
				t.Errorf("%s: %d units within %d cost %d", kind, most, limit, rate.Cost(most))
			}
			if most < 1<<30 && rate.Cost(most+1) < limit {
				t.Errorf("%s: %d units within %d, and one more costs %d", kind, most, limit, rate.Cost(most+1))
			}
		}
	}
	for _, broken := range []string{"", "{", `{"version":"x","kinds":[]}`, `{"version":"x","kinds":[{"kind":"price"}]}`, `{"nothing":1}`} {
		if _, err := freight.ParseRemedies([]byte(broken)); freight.CodeOf(err) != freight.Invalid {
			t.Errorf("%q is read: %v", broken, err)
		}
	}
}

// The parts of a load hold its pieces, each once, and together no less than the
// whole; fewer pieces never take more.
func TestSplit(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 0))
	for range 2000 {
		var whole freight.Size
		for range 1 + draw.IntN(4) {
			whole.Pieces = append(whole.Pieces, freight.Piece{Count: 1 + draw.Int64N(20), LengthMM: 1 + draw.Int64N(3000),
				WidthMM: 1 + draw.Int64N(2000), HeightMM: 1 + draw.Int64N(2000), Grams: draw.Int64N(3) * draw.Int64N(500_000)})
		}
		whole.Grams = freight.Weight(whole.Pieces) + draw.Int64N(1_000_000) + 1
		whole.Millilitres = freight.Volume(whole.Pieces) + draw.Int64N(1_000_000)
		whole.FloorMM = (&freight.Size{Pieces: whole.Pieces}).Floor() + draw.Int64N(1000)
		all := whole.Count()
		var before freight.Room
		for n := int64(1); n < all; n++ {
			first, second := whole.Split(n)
			if first.Count() != n || second.Count() != all-n {
				t.Fatalf("%d of %d: parts of %d and %d", n, all, first.Count(), second.Count())
			}
			if sum := first.Plus(second.Room); sum.Min(whole.Room) != whole.Room {
				t.Fatalf("%d of %d: parts take %+v of %+v", n, all, sum, whole.Room)
			}
			if before.Max(first.Room) != first.Room {
				t.Fatalf("%d of %d pieces take %+v, one less took %+v", n, all, first.Room, before)
			}
			before = first.Room
		}
	}
}

// A load is late by what even a truck that goes straight on would be.
func TestLateS(t *testing.T) {
	var l freight.Load
	l.Pickup.Window.Open, l.Pickup.ServiceS, l.Direct.Seconds = 1000, 10, 20
	for shut, want := range map[freight.Instant]int64{31_000: 0, 30_999: 1, 30_000: 1, 1000: 30, 99_000: 0} {
		if l.Delivery.Window.Close = shut; l.LateS() != want {
			t.Errorf("closes at %d: late by %d s, want %d", shut, l.LateS(), want)
		}
	}
}
