// Command report prints what the gazetteer costs and what it covers: bytes in the binary,
// time until it is ready, memory, time of searches, and by province how many counties and
// towns have coordinates of their own.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"pinhuo/geo/places"
	"pinhuo/internal/placebench"
)

func main() {
	log.SetFlags(0)
	if err := report(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func report(w io.Writer) error {
	g, err := placebench.Load()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "places            %9d\nin the binary     %9.2f MB\nready             %9.0f ms\nmemory            %9.1f MB\n\n",
		g.Len(), float64(g.Packed)/(1<<20), g.Took.Seconds()*1e3, float64(g.Bytes)/(1<<20))
	list, err := placebench.Run(g.Gazetteer, 7, 5000)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "searches, best of 3 number      p50 us   p99 us   max us")
	for _, s := range list {
		at := func(share float64) float64 { return s.At(share).Seconds() * 1e6 }
		fmt.Fprintf(w, "%-18s %7d %11.1f %8.1f %8.1f\n", s.Kind, len(s.Took), at(0.5), at(0.99), at(1))
	}
	coverage(w, g.Gazetteer)
	return nil
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
