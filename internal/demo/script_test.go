package demo

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

func TestEqualSeedsPlayEqualMarkets(t *testing.T) {
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	scene := func(seed uint64) []any {
		s := &script{random: rand.New(rand.NewPCG(seed, 0)), now: func() time.Time { return begin }}
		var all []any
		for n := range 30 {
			all = append(all, s.trip(n), s.load(n))
		}
		return all
	}
	if !reflect.DeepEqual(scene(1), scene(1)) {
		t.Error("one seed plays two markets")
	}
	if reflect.DeepEqual(scene(1), scene(2)) {
		t.Error("two seeds play one market")
	}
}
