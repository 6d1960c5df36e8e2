package shares

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// check holds a split against what every split keeps.
func check(t *testing.T, s Split) {
	t.Helper()
	sum := s.Fees
	for _, r := range s.Riders {
		if r.Share < 0 || r.Share > r.Ceiling {
			t.Fatalf("%s pays %d of at most %d: %+v", r.ID, r.Share, r.Ceiling, s)
		}
		sum += r.Share
	}
	if sum != s.Due {
		t.Fatalf("the shares sum to %d, the carrier gets %d: %+v", sum, s.Due, s)
	}
}

// neverRaised holds that nobody who rode before pays more now.
func neverRaised(t *testing.T, before, after Split) {
	t.Helper()
	for _, r := range after.Riders {
		if old, ok := before.Of(r.ID); ok && r.Share > old {
			t.Fatalf("%s paid %d and pays %d\nbefore %+v\nafter %+v", r.ID, old, r.Share, before, after)
		}
	}
}

// 100,000 lives of a truck: a set that sets out together, then joins and withdrawals
// at any prices. Another reckoning keeps the carrier's account.
func TestLives(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 1))
	var joined, refused, short, lowered int
	for range 100_000 {
		s, alive := found(t, rng)
		for n := 0; alive && n < 6; n++ {
			before := s
			if len(s.Riders) > 0 && rng.IntN(3) == 0 {
				s = leave(t, rng, s, &short)
			} else {
				id := freight.ID(fmt.Sprintf("j%d", n))
				ceiling := freight.Fen(rng.IntN(50_000))
				due := s.Due + freight.Fen(rng.IntN(30_000)) - 2_000
				next, err := s.Join(id, ceiling, due)
				if (err == nil) != (due-s.Due <= ceiling && due >= s.Fees) {
					t.Fatalf("join at %d with ceiling %d to %+v: %v", due, ceiling, s, err)
				}
				if err != nil {
					refused++
					continue
				}
				joined++
				if pays, _ := next.Of(id); pays < due-s.Due || next.Due != due {
					t.Fatalf("the joiner causes %d and pays %d", due-s.Due, pays)
				} else if pays > due-s.Due {
					lowered++
				}
				s = next
			}
			check(t, s)
			neverRaised(t, before, s)
		}
	}
	t.Logf("%d joined, %d of them lowered the others; %d refused; %d withdrawals left the carrier short", joined, lowered, refused, short)
	if joined < 100_000 || refused < 10_000 || short < 2_000 || lowered < 20_000 {
		t.Error("the lives are too uneventful to prove anything")
	}
}

func found(t *testing.T, rng *rand.Rand) (Split, bool) {
	t.Helper()
	members := make([]Member, 1+rng.IntN(5))
	for i := range members {
		ceiling := freight.Fen(rng.IntN(60_000))
		members[i] = Member{ID: freight.ID(fmt.Sprintf("f%d", i)), Floor: freight.Fen(rng.IntN(15_000)), Ceiling: ceiling}
	}
	due := freight.Fen(rng.IntN(120_000))
	s, err := Found(due, members)
	if (err == nil) != Possible(due, members) {
		t.Fatalf("possible %v, but %v", Possible(due, members), err)
	}
	if err != nil {
		return s, false
	}
	check(t, s)
	var floors freight.Fen
	for _, m := range members {
		floors += m.Floor
	}
	for i, r := range s.Riders {
		if r.ID != members[i].ID || floors <= due && r.Share < members[i].Floor {
			t.Fatalf("%+v pays %d", members[i], r.Share)
		}
	}
	return s, true
}

func leave(t *testing.T, rng *rand.Rand, s Split, short *int) Split {
	t.Helper()
	who := s.Riders[rng.IntN(len(s.Riders))]
	due := max(0, s.Due-freight.Fen(rng.IntN(int(who.Ceiling)+1)))
	fee := freight.Fen(rng.IntN(10_000))
	next, p, err := s.Leave(who.ID, due, fee)
	if err != nil {
		t.Fatal(err)
	}
	if p.Owes > fee || p.Owes < 0 || p.Short < 0 || p.Short > 0 && p.Owes != fee || next.Fees != s.Fees+p.Owes {
		t.Fatalf("leaving %+v at %d with fee %d: %+v", s, due, fee, p)
	}
	if next.Due+p.Short != max(due, s.Fees) {
		t.Fatalf("the carrier gets %d and does without %d of %d", next.Due, p.Short, due)
	}
	if p.Short > 0 {
		*short++
	}
	return next
}

// Worked by hand.
func TestByHand(t *testing.T) {
	// Four firms, floors 40, 40, 30, 30 yuan, ceilings 300, 300, 200, 150: together at
	// most 950, alone causing 140. The truck costs 680: 540 in common over a room of
	// 810, so two thirds of each one's room.
	members := []Member{{"a", 4000, 30000}, {"b", 4000, 30000}, {"c", 3000, 20000}, {"d", 3000, 15000}}
	s, err := Found(68_000, members)
	if err != nil {
		t.Fatal(err)
	}
	want(t, s, 21_333, 21_333, 14_333, 11_000) // 2/3 of 26000, 26000, 17000: thirds of a fen are left
	// 0.33 + 0.33 + 0.33 leave one fen: equal remainders, so it goes to a.
	if s.Riders[0].Share != 21_334 {
		t.Errorf("the odd fen went elsewhere: %+v", s)
	}

	// A fifth joins: the truck costs 50 more, his ceiling is 200 of 1150 in all: of 730
	// he pays 126.957, rounded up, and 76.96 lower the others in proportion.
	s, err = s.Join("e", 20_000, 73_000)
	if err != nil {
		t.Fatal(err)
	}
	if pays, _ := s.Of("e"); pays != 12_696 {
		t.Errorf("e pays %d", pays)
	}
	want(t, s, 18_919, 18_919, 12_711, 9_755)
	check(t, s)

	// One withdraws, without whom the truck costs 690: the others pay 603.04; by the fee
	// table he owes at most 50, and the carrier is asked to do without 36.96.
	s, p, err := s.Leave("e", 69_000, 5_000)
	if err != nil || p != (Parting{Owes: 5_000, Short: 3_696}) {
		t.Fatalf("%+v %v", p, err)
	}
	want(t, s, 18_919, 18_919, 12_711, 9_755)
	check(t, s)
}

// want compares shares but for the odd fen.
func want(t *testing.T, s Split, shares ...freight.Fen) {
	t.Helper()
	for i, w := range shares {
		if d := s.Riders[i].Share - w; d < 0 || d > 1 {
			t.Errorf("%s pays %d, by hand %d", s.Riders[i].ID, s.Riders[i].Share, w)
		}
	}
}

func TestRefusals(t *testing.T) {
	one, err := Found(100, []Member{{"a", 0, 200}})
	if err != nil {
		t.Fatal(err)
	}
	for name, do := range map[string]func() error{
		"dearer than together": func() error { _, err := Found(1001, []Member{{"a", 0, 500}, {"b", 0, 500}}); return err },
		"causes too much":      func() error { _, err := Found(600, []Member{{"a", 501, 500}, {"b", 0, 500}}); return err },
		"nobody":               func() error { _, err := Found(0, nil); return err },
		"joins too dear":       func() error { _, err := one.Join("b", 99, 200); return err },
		"joins twice":          func() error { _, err := one.Join("a", 99, 150); return err },
	} {
		if err := do(); freight.CodeOf(err) != freight.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := one.Leave("b", 0, 0); freight.CodeOf(err) != freight.NotFound {
		t.Errorf("one who does not ride left: %v", err)
	}
}

// The order of members changes nobody's share, and the largest amounts do not overflow.
func TestOrderAndSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 2))
	for range 500 {
		members := make([]Member, 1+rng.IntN(60))
		var most freight.Fen
		for i := range members {
			members[i] = Member{ID: freight.ID(fmt.Sprint(i)), Floor: freight.Fen(rng.IntN(1000)), Ceiling: freight.MaxFen - freight.Fen(rng.IntN(1000))}
			most += members[i].Ceiling
		}
		due := freight.Fen(rng.Int64N(int64(most) + 1))
		s, err := Found(due, members)
		if err != nil {
			t.Fatal(err)
		}
		check(t, s)
		shuffled := slices.Clone(members)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		other, err := Found(due, shuffled)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range s.Riders {
			if pays, _ := other.Of(r.ID); pays != r.Share {
				t.Fatalf("%s pays %d or %d", r.ID, r.Share, pays)
			}
		}
	}
}
