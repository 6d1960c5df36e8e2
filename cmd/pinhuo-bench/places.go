package main

import "pinhuo/internal/placebench"

// placesCommand measures the gazetteer that comes with the program.
type placesCommand struct{}

// Run unpacks it once, then searches it in each run.
func (placesCommand) Run(b *bench) error {
	g, err := placebench.Load()
	if err != nil {
		return err
	}
	b.add("places", "", "until ready", "ms", g.Took.Seconds()*1e3, atMost(200))
	b.add("places", "", "heap", "MB", float64(g.Bytes)/(1<<20), atMost(40))
	b.add("places", "", "in the binary", "MB", float64(g.Packed)/(1<<20), atMost(3))
	for run := range b.Runs {
		list, err := placebench.Run(g.Gazetteer, b.Seed+uint64(run), 2000)
		if err != nil {
			return err
		}
		for _, s := range list {
			b.add("places", "", "search p99, "+s.Kind, "us", s.At(0.99).Seconds()*1e6, atMost(1000))
		}
		b.say("places: run %d of %d", run+1, b.Runs)
	}
	return nil
}
