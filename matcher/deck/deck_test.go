package deck_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher/deck"
)

var box = freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}

func size(stacking freight.Stacking, pieces ...freight.Piece) *freight.Size {
	return &freight.Size{Pieces: pieces, Stacking: stacking}
}

func piece(count, l, w, h int64) freight.Piece {
	return freight.Piece{Count: count, LengthMM: l, WidthMM: w, HeightMM: h}
}

func TestSlicesThatAPencilCanCheck(t *testing.T) {
	top := lid(2, 500)
	for _, c := range []struct {
		what string
		size *freight.Size
		want int64
	}{
		{"two pallets beside each other", size("", piece(2, 1200, 800, 1000)), 800},
		{"three pallets with the short side across", size("", piece(3, 1200, 800, 1000)), 1200},
		{"five: three with the short side across, two with the long", size("", piece(5, 1200, 800, 1000)), 2000},
		{"six stacked two high stand as three", size(freight.StackAll, piece(6, 1200, 800, 1000)), 1200},
		{"as high as the box and no higher", size(freight.StackAll, piece(6, 1200, 800, 1300)), 2400},
		{"what lies on top takes no floor", size(freight.StackAll, piece(2, 1200, 800, 1000), top), 800},
		{"but lies on the floor where nothing bears it", size(freight.StackNone, piece(2, 1200, 800, 1000), top), 1600},
		{"on top of a stack that is not full", size(freight.StackAll, piece(3, 1200, 800, 1000), lid(1, 1000)), 800},
		{"but not where all stacks are", size(freight.StackAll, piece(4, 1200, 800, 1000), lid(1, 1000)), 1200},
		{"one on each stack, the others on the floor", size(freight.StackAll, piece(1, 1200, 800, 1000), lid(3, 500)), 1200},
		{"too wide for the box, beside nothing", size("", piece(1, 3000, 2600, 1000), piece(1, 1200, 800, 1000)), 3800},
		{"nothing", size(""), 0},
	} {
		if got := deck.Slice(c.size, box); got != c.want {
			t.Errorf("%s: %d mm, want %d", c.what, got, c.want)
		}
	}
}

// lid is pieces that may only lie on top.
func lid(count, height int64) freight.Piece {
	p := piece(count, 1200, 800, height)
	p.Stacking = freight.StackTopOnly
	return p
}

func TestTakeCountsWhatIsStatedAndWhatItComesTo(t *testing.T) {
	truck := &freight.VehicleTerms{Inner: box}
	crates := size(freight.StackAll, piece(6, 1200, 800, 1000))
	crates.FloorMM = crates.Floor()
	if got := deck.Take(crates, truck).FloorMM; got != 1200 {
		t.Errorf("stacked crates take %d mm", got)
	}
	crates.FloorMM = 3000 // the shipper wants room around them
	if got := deck.Take(crates, truck).FloorMM; got != 3000 {
		t.Errorf("with room around they take %d mm", got)
	}
	if got := deck.Take(&freight.Size{Room: freight.Room{FloorMM: 700}}, truck).FloorMM; got != 700 {
		t.Errorf("a load without pieces takes %d mm", got)
	}
	narrow := &freight.VehicleTerms{Inner: freight.Inner{LengthMM: 4150, WidthMM: 2000, HeightMM: 2100}}
	if got := deck.Take(size("", piece(3, 1200, 800, 1000)), narrow).FloorMM; got != 1667 { // 2 rows, 2.0 m of 2.0 m width
		t.Errorf("on a narrow deck they take %d mm", got)
	}
}

// Floor that is stated as what the pieces come to is not stated at all.
func TestFloorOfThePiecesThemselves(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 4))
	truck := &freight.VehicleTerms{Inner: box}
	for range 500 {
		s := size(freight.StackAll, piece(1+draw.Int64N(20), side(draw), side(draw), 500))
		want := deck.Take(s, truck)
		s.FloorMM = s.Floor()
		if got := deck.Take(s, truck); got.FloorMM != want.FloorMM {
			t.Fatalf("%+v takes %d mm, and %d with %d mm stated", s.Pieces, want.FloorMM, got.FloorMM, s.FloorMM)
		}
	}
}

// Few stacks of any kind, and any number of equal ones, stand in the shortest
// slice there is.
func TestSlicesEqualExhaustiveSearch(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 1))
	for n := range 4000 {
		var s freight.Size
		for range 1 + draw.IntN(3) {
			s.Pieces = append(s.Pieces, piece(1, side(draw), side(draw), 500))
		}
		if draw.IntN(3) == 0 {
			s.Pieces = []freight.Piece{piece(draw.Int64N(30), side(draw), side(draw), 500)}
		} else if draw.IntN(2) == 0 {
			s.Pieces[0].Count = 1 + draw.Int64N(3)
		}
		if got, want := deck.Slice(&s, box), exhaustive(standing(&s), box.WidthMM); got != want {
			t.Fatalf("case %d, %+v: %d mm, want %d", n, s.Pieces, got, want)
		}
	}
}

// side draws a length of up to the width of the box.
func side(draw *rand.Rand) int64 { return 100 * (3 + draw.Int64N(22)) }

// standing lists the footprints, each with its long side first.
func standing(s *freight.Size) (list [][2]int64) {
	for _, p := range s.Pieces {
		for range p.Count {
			list = append(list, [2]int64{max(p.LengthMM, p.WidthMM), min(p.LengthMM, p.WidthMM)})
		}
	}
	slices.SortFunc(list, func(a, b [2]int64) int { return int(b[0] - a[0] + (b[1]-a[1])/10_000) })
	return list
}

// exhaustive tries every row that the first footprint can stand in, and goes on
// with what is left.
func exhaustive(list [][2]int64, width int64) int64 {
	known := map[string]int64{}
	var solve func(left [][2]int64) int64
	solve = func(left [][2]int64) int64 {
		if len(left) == 0 {
			return 0
		}
		key := ""
		for _, one := range left {
			key += string(rune(one[0])) + string(rune(one[1]))
		}
		if best, ok := known[key]; ok {
			return best
		}
		best := int64(1) << 40
		var stand func(k int, rest [][2]int64, depth, free int64)
		stand = func(k int, rest [][2]int64, depth, free int64) {
			if k == len(left) {
				best = min(best, depth+solve(rest))
				return
			}
			if k > 0 {
				stand(k+1, append(rest[:len(rest):len(rest)], left[k]), depth, free)
				if left[k] == left[k-1] && len(rest) > 0 && rest[len(rest)-1] == left[k] {
					return // its like was left behind: the other way about was tried
				}
			}
			for _, turn := range [2][2]int64{{left[k][0], left[k][1]}, {left[k][1], left[k][0]}} {
				if turn[1] <= free {
					stand(k+1, rest, max(depth, turn[0]), free-turn[1])
				}
			}
		}
		stand(0, nil, 0, width)
		known[key] = best
		return best
	}
	return solve(list)
}

// Many stacks of many kinds: never shorter than their area, never longer than
// each kind by itself, and what plain first fit makes of them.
func TestManyStacksStandInShelves(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 2))
	for n := range 2000 {
		var s freight.Size
		var area, apart int64
		for range 2 + draw.IntN(6) {
			p := piece(4+draw.Int64N(40), side(draw), side(draw), 500)
			s.Pieces = append(s.Pieces, p)
			area += p.Count * p.LengthMM * p.WidthMM
			apart += deck.Slice(&freight.Size{Pieces: []freight.Piece{p}}, box)
		}
		got := deck.Slice(&s, box)
		if want := min(apart, firstFit(standing(&s), box.WidthMM, true), firstFit(standing(&s), box.WidthMM, false)); got != want {
			t.Fatalf("case %d, %+v: %d mm, want %d", n, s.Pieces, got, want)
		}
		if got*box.WidthMM < area || got > apart {
			t.Fatalf("case %d: %d mm for an area of %d mm, %d apart", n, got, area/box.WidthMM, apart)
		}
	}
}

// firstFit puts one footprint after the other, the deepest first, into the first
// row with room.
func firstFit(list [][2]int64, width int64, across bool) int64 {
	for i := range list {
		if across && list[i][0] <= width {
			list[i][0], list[i][1] = list[i][1], list[i][0]
		}
	}
	slices.SortFunc(list, func(a, b [2]int64) int {
		if a[0] != b[0] {
			return int(b[0] - a[0])
		}
		return int(b[1] - a[1])
	})
	var free []int64
	var depth int64
	for _, one := range list {
		k := slices.IndexFunc(free, func(f int64) bool { return one[1] <= f })
		if k < 0 {
			free, depth, k = append(free, width), depth+one[0], len(free)
		}
		free[k] -= one[1]
	}
	return depth
}

// One piece less never takes more floor, where few enough stand to try all ways
// of it.
func TestFewerPiecesNeverTakeMore(t *testing.T) {
	draw := rand.New(rand.NewPCG(seed.Of(t), 3))
	for range 2000 {
		var s freight.Size
		for range 1 + draw.IntN(3) {
			s.Pieces = append(s.Pieces, piece(1+draw.Int64N(2), side(draw), side(draw), 100+draw.Int64N(2000)))
		}
		s.Stacking = [...]freight.Stacking{freight.StackNone, freight.StackAll}[draw.IntN(2)]
		whole := deck.Slice(&s, box)
		fewer := freight.Size{Stacking: s.Stacking, Pieces: slices.Clone(s.Pieces)}
		fewer.Pieces[draw.IntN(len(fewer.Pieces))].Count--
		if got := deck.Slice(&fewer, box); got > whole {
			t.Fatalf("%+v takes %d mm, with one less %d", s.Pieces, whole, got)
		}
	}
}

func BenchmarkSlice(b *testing.B) {
	var mixed freight.Size
	for i := range int64(5) {
		mixed.Pieces = append(mixed.Pieces, piece(3+i, 600+100*i, 400+70*i, 500))
	}
	for name, s := range map[string]*freight.Size{
		"one line":     size(freight.StackAll, piece(24, 1200, 800, 1000)),
		"three stacks": size("", piece(1, 1200, 800, 1000), piece(2, 1100, 900, 1000)),
		"five stacks":  size("", piece(1, 1200, 800, 1000), piece(2, 1100, 900, 1000), piece(2, 600, 500, 400)),
		"five lines":   &mixed,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				deck.Slice(s, box)
			}
		})
	}
}
