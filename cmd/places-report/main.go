// Command report prints what the gazetteer costs and what it covers: bytes in the binary,
// time until it is ready, memory, time of searches, and by province how many counties and
// towns have coordinates of their own.
package main

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/places"
)

func main() {
	log.SetFlags(0)
	if err := report(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func report(w io.Writer) error {
	before := heap()
	start := time.Now()
	g, err := places.Load()
	if err != nil {
		return err
	}
	ready := time.Since(start)
	fmt.Fprintf(w, "places            %9d\nin the binary     %9.2f MB\nready             %9.0f ms\nmemory            %9.1f MB\n\n",
		g.Len(), float64(places.PackedBytes())/(1<<20), ready.Seconds()*1e3, float64(heap()-before)/(1<<20))
	searches(w, g)
	coverage(w, g)
	return nil
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// searches times queries as they are typed: beginnings of names in Han, pinyin and initials,
// and the same with a slip.
func searches(w io.Writer, g *places.Gazetteer) {
	r := rand.New(rand.NewPCG(7, 7))
	home := geo.Point{LatE7: 318_960_000, LngE7: 1_211_730_000}
	fmt.Fprintln(w, "searches, best of 3 number      p50 us   p99 us   max us")
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
		var took []time.Duration
		for _, p := range g.Sample(r, 5000) {
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
				took = append(took, best)
			}
		}
		slices.Sort(took)
		at := func(share float64) float64 {
			return took[int(share*float64(len(took)-1))].Seconds() * 1e6
		}
		fmt.Fprintf(w, "%-18s %7d %11.1f %8.1f %8.1f\n", kind.name, len(took), at(0.5), at(0.99), at(1))
	}
}

// tries is how often each search is timed: the fastest counts, since what a machine does
// besides is not the search's.
const tries = 3

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

func coverage(w io.Writer, g *places.Gazetteer) {
	fmt.Fprintln(w, "\nwith coordinates of their own   counties              towns")
	var sum places.Coverage
	for _, c := range g.Coverage() {
		row(w, c)
		sum.Counties += c.Counties
		sum.CountiesAt += c.CountiesAt
		sum.Towns += c.Towns
		sum.TownsAt += c.TownsAt
	}
	sum.Province = "all"
	row(w, sum)
}

func row(w io.Writer, c places.Coverage) {
	fmt.Fprintf(w, "%6d /%6d = %3.0f %%   %6d /%6d = %3.0f %%   %s\n", c.CountiesAt, c.Counties, share(c.CountiesAt, c.Counties),
		c.TownsAt, c.Towns, share(c.TownsAt, c.Towns), c.Province)
}

func share(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }
