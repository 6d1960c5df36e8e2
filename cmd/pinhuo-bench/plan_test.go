package main

import (
	"context"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/geo/roads"
	"pinhuo/internal/book"
	"pinhuo/internal/dispatch"
)

// nowhere is a store that is done at once.
type nowhere struct{}

var somewhere = freight.Market{ID: "mk_bench", Name: "bench", Box: box, Zone: "Asia/Shanghai"}

func (nowhere) Acquire(context.Context, freight.ID, string) (freight.State, error) {
	return freight.State{Market: somewhere, Epoch: 1}, nil
}
func (nowhere) Reload(context.Context, freight.ID) (freight.State, error) {
	return freight.State{Market: somewhere, Epoch: 1}, nil
}
func (nowhere) Prior(context.Context, freight.Prior) (freight.Known, error) {
	return freight.Known{}, nil
}
func (nowhere) Desks(context.Context, freight.ID) ([]freight.ID, error) { return nil, nil }
func (nowhere) Commit(context.Context, *freight.Commit) error           { return nil }

// announced is an engine without a database on which trips are open.
func announced(b *testing.B, w *world, trips int) *dispatch.Engine {
	b.Helper()
	router, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		b.Fatal(err)
	}
	e, err := dispatch.Open(b.Context(), dispatch.Config{Market: somewhere.ID, Store: nowhere{}, Publisher: silent{}, Router: router,
		Costs: freight.DefaultCosts(), Mint: minter{}})
	if err != nil {
		b.Fatal(err)
	}
	for range trips {
		rounds(b, e, freight.Command{Org: "og_carrier", Act: freight.AnnounceTrip{Terms: w.trip()}})
	}
	e.Needs() // there is no load yet
	return e
}

// rounds applies commands and fails where one is refused.
func rounds(b *testing.B, e *dispatch.Engine, cmds ...freight.Command) []dispatch.Outcome {
	b.Helper()
	for i := range cmds {
		var err error
		if cmds[i], err = e.Prepare(wall(), cmds[i]); err != nil {
			b.Fatal(err)
		}
	}
	outcomes, err := e.Round(b.Context(), wall(), cmds)
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			b.Fatal(o.Err)
		}
	}
	return outcomes
}

// BenchmarkPlan is the search for one load among 10,000 trips, and
// BenchmarkPropose what the writer then does with what was found.
func BenchmarkPlan(b *testing.B)    { planning(b, true) }
func BenchmarkPropose(b *testing.B) { planning(b, false) }

func planning(b *testing.B, search bool) {
	w, err := newWorld(1, 1, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	e := announced(b, w, 10_000)
	found := 0
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		rounds(b, e, freight.Command{Org: "og_firm", Act: freight.PostLoad{Terms: w.load()}})
		needs := e.Needs()
		if len(needs) != 1 || needs[0].Kind != book.NeedTrips {
			b.Fatalf("needs %+v", needs)
		}
		if search {
			b.StartTimer()
		}
		plans := e.Plan(wall(), needs[0])
		if !search {
			b.StartTimer()
		}
		found += len(plans)
		if !search && len(plans) > 0 {
			rounds(b, e, plans...)
		}
	}
	b.StopTimer()
	if found*2 < b.N {
		b.Fatalf("of %d loads %d found a trip", b.N, found)
	}
	b.ReportMetric(float64(found)/float64(b.N), "matched/op")
}
