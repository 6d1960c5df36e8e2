// Package placebench measures the gazetteer: what it takes until it is ready, and how long
// searches take as they are typed.
package placebench

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/places"
)

// Ready is what unpacking the gazetteer took.
type Ready struct {
	*places.Gazetteer
	Took   time.Duration
	Bytes  int64 // on the heap
	Packed int   // bytes in the binary
}

// Load unpacks the gazetteer, which is measured right where nobody in the process has done
// so before. It fails as places.Load does.
func Load() (Ready, error) {
	before := heap()
	start := time.Now()
	g, err := places.Load()
	if err != nil {
		return Ready{}, fmt.Errorf("gazetteer: %w", err)
	}
	took := time.Since(start)
	return Ready{g, took, heap() - before, places.PackedBytes()}, nil
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Searches are the times of one kind of query, from the shortest.
type Searches struct {
	Kind string
	Took []time.Duration
}

// At is the time within which a share of the searches ends.
func (s *Searches) At(share float64) time.Duration { return s.Took[int(share*float64(len(s.Took)-1))] }

// tries is how often each search is timed: the fastest counts, since what a machine does
// besides is not the search's.
const tries = 3

// Run times queries as they are typed: beginnings of the names of n places in Han and in
// pinyin, and the same with two letters exchanged. It fails as a search does.
func Run(g *places.Gazetteer, seed uint64, n int) ([]Searches, error) {
	r := rand.New(rand.NewPCG(seed, 7))
	home := geo.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}
	var list []Searches
	for _, kind := range []struct {
		name string
		slip bool
		text func(places.Place) string
	}{
		{"Han", false, func(p places.Place) string { return p.Full }},
		{"pinyin", false, func(p places.Place) string { return p.Latin }},
		{"Han, a slip", true, func(p places.Place) string { return p.Name }},
		{"pinyin, a slip", true, func(p places.Place) string { return p.Latin }},
	} {
		s := Searches{Kind: kind.name}
		for _, p := range g.Sample(r, n) {
			runes := []rune(kind.text(p))
			if len(runes) == 0 {
				continue
			}
			runes = runes[:1+r.IntN(len(runes))]
			if kind.slip && len(runes) > 1 {
				i := r.IntN(len(runes) - 1)
				runes[i], runes[i+1] = runes[i+1], runes[i]
			}
			if best, ok := fastest(g, string(runes), &home); ok { // else a name of marks alone
				s.Took = append(s.Took, best)
			}
		}
		if len(s.Took) == 0 {
			return nil, fmt.Errorf("searches in %s: none of %d places has a name", kind.name, n)
		}
		slices.Sort(s.Took)
		list = append(list, s)
	}
	return list, nil
}

func fastest(g *places.Gazetteer, query string, home *geo.Point) (best time.Duration, ok bool) {
	for i := range tries {
		start := time.Now()
		if _, err := g.Search(query, home, 10); err != nil {
			return 0, false
		}
		if took := time.Since(start); i == 0 || took < best {
			best = took
		}
	}
	return best, true
}
