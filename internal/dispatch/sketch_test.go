package dispatch

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// sketch draws a market's trips and loads between towns strewn over the lower
// Yangtze; equal seeds give equal ones.
type sketch struct {
	draw  *rand.Rand
	towns []freight.Point
	road  *roads.Fallback
}

func newSketch(tb testing.TB, seed uint64, towns int) *sketch {
	tb.Helper()
	tb.Logf("seed %d", seed)
	road, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		tb.Fatal(err)
	}
	s := &sketch{draw: rand.New(rand.NewPCG(seed, 0)), road: road}
	for range towns {
		s.towns = append(s.towns, freight.Point{LatE7: int32(s.between(295_000_000, 335_000_000)), LngE7: int32(s.between(1_175_000_000, 1_215_000_000))})
	}
	return s
}

func (s *sketch) between(least, most int64) int64 { return least + s.draw.Int64N(most-least+1) }

// spot is a place within some kilometres of a town; few towns have most of the
// freight.
func (s *sketch) spot() freight.Point {
	town := s.towns[s.draw.IntN(1+s.draw.IntN(len(s.towns)))]
	return freight.Point{LatE7: town.LatE7 + int32(s.between(-700_000, 700_000)), LngE7: town.LngE7 + int32(s.between(-700_000, 700_000))}
}

// lane draws the ends of a drive of one to eight hours and its seconds.
func (s *sketch) lane() (from, to freight.Point, seconds int64) {
	for {
		from, to = s.spot(), s.spot()
		if _, seconds = s.road.Between(geo.Point(from), geo.Point(to)); seconds >= 3600 && seconds <= 8*3600 {
			return from, to, seconds
		}
	}
}

// trip is on its way within a day and a half, every other one by a third place.
func (s *sketch) trip(n int) freight.Command {
	from, to, _ := s.lane()
	points := []freight.Point{from, to}
	if n%2 == 0 {
		points = []freight.Point{from, s.spot(), to}
	}
	at := freight.Instant(s.between(60, 36*60)) * freight.Minute
	cmd := announce(fmt.Sprintf("%05d", n), 0)
	act := cmd.Act.(freight.AnnounceTrip)
	act.Terms.Stops, act.Terms.Rooms = nil, nil
	for i, p := range points {
		if i > 0 {
			_, seconds := s.road.Between(geo.Point(points[i-1]), geo.Point(p))
			at = at.After(seconds + 900)
			grams := s.between(100_000, 8_000_000)
			act.Terms.Rooms = append(act.Terms.Rooms, freight.Room{Grams: grams, Millilitres: 4 * grams, FloorMM: grams / 1000})
		}
		act.Terms.Stops = append(act.Terms.Stops, stop(p, max(0, at-freight.Hour), at+freight.Instant(s.between(60, 300))*freight.Minute))
	}
	act.Terms.Limits = freight.Limits{DetourM: s.between(20, 80) * 1000, DetourS: s.between(30, 120) * 60, ExtraStops: 2 * s.between(1, 4)}
	act.Terms.Least = freight.Fen(s.between(3000, 12000))
	cmd.Act = act
	return cmd
}

// load is picked up within a day and a half and delivered within the day after.
func (s *sketch) load(n int) freight.Command {
	from, to, seconds := s.lane()
	open := freight.Instant(s.between(60, 24*60)) * freight.Minute
	shut := open + freight.Instant(s.between(240, 720))*freight.Minute
	grams := s.between(5_000, 1_200_000)
	cmd := post(fmt.Sprintf("PO-%d", n), grams)
	act := cmd.Act.(freight.PostLoad)
	act.Terms.Pickup, act.Terms.Delivery = stop(from, open, shut), stop(to, open, shut.After(seconds*3/2)+freight.Instant(s.between(240, 1440))*freight.Minute)
	act.Terms.Size.Millilitres, act.Terms.Size.FloorMM, act.Terms.Ceiling = 4*grams, grams/1000, 0
	cmd.Act = act
	return cmd
}

// open makes an engine that measures as the sketch does, and counts.
func (s *sketch) open(tb testing.TB) (*Engine, prometheus.Gatherer) {
	tb.Helper()
	store, counts := &nowhere{}, prometheus.NewRegistry()
	e, err := Open(tb.Context(), Config{Market: market.ID, Store: store, Publisher: store, Router: s.road,
		Costs: freight.DefaultCosts(), Mint: randomMint{}, Metrics: NewMetrics(counts)})
	if err != nil {
		tb.Fatal(err)
	}
	return e, counts
}

// fill applies n commands as they are made, and returns their results.
func fill(tb testing.TB, e *Engine, now freight.Instant, n int, make func(n int) freight.Command) []freight.Result {
	tb.Helper()
	var results []freight.Result
	for from := 0; from < n; from += maxBatch {
		var batch []freight.Command
		for i := from; i < min(n, from+maxBatch); i++ {
			cmd, err := e.Prepare(now, make(i))
			if err != nil {
				tb.Fatal(err)
			}
			batch = append(batch, cmd)
		}
		outcomes, err := e.Round(tb.Context(), now, batch)
		if err != nil {
			tb.Fatal(err)
		}
		for _, o := range outcomes {
			if o.Err != nil {
				tb.Fatal(o.Err)
			}
			results = append(results, o.Result)
		}
	}
	return results
}
