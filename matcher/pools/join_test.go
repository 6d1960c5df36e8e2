package pools

import (
	"math/rand/v2"
	"testing"

	"pinhuo/internal/seed"
	"pinhuo/matcher/shares"
)

// Whoever joins lowers everybody: by hand on random markets.
func TestAJoinerLowersEverybody(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 9))
	joined, refused := 0, 0
	for range 12 {
		loads := randomLoads(rng, 12)
		s := newSearch(loads...)
		for _, d := range s.Form() {
			if len(d.Riders) < 3 {
				continue
			}
			m := s.Market
			last := d.Riders[len(d.Riders)-1]
			before, ok := m.Price(d.Riders[:len(d.Riders)-1])
			if !ok {
				continue
			}
			now := shares.Split{Due: before.Hire, Riders: before.Split.Riders}
			after, ok := m.Join(before.Type, now, before.Riders, last)
			if !ok {
				refused++
				continue
			}
			joined++
			if err := sound(&after, m.Earliest); err != nil {
				t.Fatal(err)
			}
			if after.Type != before.Type {
				t.Errorf("the truck is a %s, it was a %s", after.Type, before.Type)
			}
			for i, r := range before.Split.Riders {
				if after.Split.Riders[i].ID != r.ID || after.Split.Riders[i].Share >= r.Share {
					t.Errorf("%s pays %d, it paid %d", r.ID, after.Split.Riders[i].Share, r.Share)
				}
			}
			poor := last
			poor.Most = 1
			if _, ok := m.Join(before.Type, now, before.Riders, poor); ok {
				t.Error("one that pays nothing joins")
			}
		}
	}
	if joined < 5 {
		t.Errorf("only %d joined, %d were refused", joined, refused)
	}
}
