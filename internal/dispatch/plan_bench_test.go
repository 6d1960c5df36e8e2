package dispatch

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/internal/book"
)

// BenchmarkPlanTrips is what finding the best trips for a load costs among
// 10,000 open ones. Beside it stand the trips that the index proposed and the
// share of loads that get a proposal.
func BenchmarkPlanTrips(b *testing.B) {
	s := newSketch(b, 7, 60)
	e, counts := s.open(b)
	fill(b, e, start, 10_000, s.trip)
	loads := fill(b, e, start, 2_000, s.load)
	e.Needs()
	before := tally(b, counts)
	proposed, n := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		id := loads[n%len(loads)].Load.ID
		if n++; n > len(loads) {
			e.board.Load().listing(id).found.keep(nil)
		}
		proposed += len(e.Plan(start, book.Need{Kind: book.NeedTrips, ID: id}))
	}
	if proposed == 0 {
		b.Fatal("nothing fits")
	}
	b.ReportMetric(100*float64(proposed)/float64(n), "%proposed")
	for name, now := range tally(b, counts) {
		b.ReportMetric((now-before[name])/float64(n), name+"/op")
	}
}

// tally reads how many candidates the index has proposed, and how many were
// judged and fitted.
func tally(b *testing.B, counts prometheus.Gatherer) map[string]float64 {
	b.Helper()
	families, err := counts.Gather()
	if err != nil {
		b.Fatal(err)
	}
	sums := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			switch family.GetName() {
			case "pinhuo_search_candidates":
				sums["candidates"] += m.GetHistogram().GetSampleSum()
			case "pinhuo_candidates_total":
				sums["judged"] += m.GetCounter().GetValue()
				if m.GetLabel()[0].GetValue() == "fits" {
					sums["fits"] += m.GetCounter().GetValue()
				}
			}
		}
	}
	return sums
}
