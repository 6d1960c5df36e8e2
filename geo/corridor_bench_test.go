package geo

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// intercity is a week of trips of 50-800 km between hubs of East China with a
// detour limit of half an hour and a few hours to spare, and loads between the
// same hubs to be picked up within a day and delivered within two.
type intercity struct {
	r    *rand.Rand
	hubs []Point
}

func newIntercity(seed uint64) *intercity {
	w := &intercity{r: rand.New(rand.NewPCG(seed, 3))}
	for range 80 {
		w.hubs = append(w.hubs, randPoint(w.r, Point{320000000, 1180000000}, 4))
	}
	return w
}

// pair is two places near hubs, 50-800 km apart.
func (w *intercity) pair() (a, b Point) {
	for {
		a = randPoint(w.r, w.hubs[w.r.IntN(len(w.hubs))], 0.15)
		b = randPoint(w.r, w.hubs[w.r.IntN(len(w.hubs))], 0.15)
		if m := GreatCircleM(a, b); m > 50_000 && m < 800_000 {
			return a, b
		}
	}
}

func (w *intercity) trip() Trip {
	a, b := w.pair()
	depart := epochMs + w.r.Int64N(7*24*hourMs)
	s := plainMetric(a, b)
	return Trip{
		Bound:        testBound,
		Legs:         []Leg{{From: a, To: b, Seconds: s, EarliestMs: depart, LatestMs: depart + s*1000 + hourMs + w.r.Int64N(3*hourMs)}},
		DetourLimitS: 1800,
	}
}

func (w *intercity) load() Load {
	a, b := w.pair()
	ready := epochMs + w.r.Int64N(6*24*hourMs)
	return Load{
		Pickup: a, Delivery: b, PickupServiceS: 900, DeliveryServiceS: 900,
		PickupOpenMs: ready, PickupCloseMs: ready + 24*hourMs,
		DeliveryOpenMs: ready, DeliveryCloseMs: ready + 48*hourMs,
	}
}

func (w *intercity) filled(tb testing.TB, trips int) *Corridor {
	tb.Helper()
	c := NewCorridor()
	for range trips {
		if _, err := c.AddTrip(w.trip()); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

// TestPrunesIntercityTrips holds the index to its use: of the pairs of a real
// market, at least four in five are never looked at.
func TestPrunesIntercityTrips(t *testing.T) {
	const trips, loads = 10_000, 400 / raceShare
	w := newIntercity(11)
	c := w.filled(t, trips)
	proposed, hits := 0, 0
	for range loads {
		l := w.load()
		got, err := c.TripsFor(l, nil)
		if err != nil {
			t.Fatal(err)
		}
		proposed += len(got)
		hits += c.hits(t, l)
	}
	t.Logf("of %d pairs %.3f %% proposed, %.3f %% touched", trips*loads,
		100*float64(proposed)/trips/loads, 100*float64(hits)/trips/loads)
	if hits*5 > trips*loads || proposed == 0 {
		t.Errorf("%d of %d pairs touched, %d proposed", hits, trips*loads, proposed)
	}
}

// hits is the number of trips whose records a query for the load reads.
func (c *Corridor) hits(tb testing.TB, l Load) int {
	q := &query{walker: c.newWalker()}
	if err := q.load.set(l); err != nil {
		tb.Fatal(err)
	}
	for _, f := range *c.fields.Load() {
		if err := q.scan(f); err != nil {
			tb.Fatal(err)
		}
	}
	return len(q.found)
}

func BenchmarkTripsFor(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newIntercity(11)
			c := w.filled(b, n)
			loads := make([]Load, 1000)
			for i := range loads {
				loads[i] = w.load()
			}
			var buf []Candidate
			var err error
			found, i := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				if buf, err = c.TripsFor(loads[i%len(loads)], buf[:0]); err != nil {
					b.Fatal(err)
				}
				found += len(buf)
				i++
			}
			b.ReportMetric(float64(found)/float64(b.N), "candidates/op")
			b.ReportMetric(100-100*float64(found)/float64(b.N)/float64(n), "%pruned")
		})
	}
}

func BenchmarkLoadsFor(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newIntercity(11)
			c := NewCorridor()
			for range n {
				if _, err := c.AddLoad(w.load()); err != nil {
					b.Fatal(err)
				}
			}
			trips := make([]Trip, 1000)
			for i := range trips {
				trips[i] = w.trip()
			}
			var buf []Candidate
			var err error
			found, i := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				if buf, err = c.LoadsFor(trips[i%len(trips)], buf[:0]); err != nil {
					b.Fatal(err)
				}
				found += len(buf)
				i++
			}
			b.ReportMetric(float64(found)/float64(b.N), "candidates/op")
		})
	}
}

func BenchmarkAddTrip(b *testing.B) {
	w := newIntercity(11)
	trips := make([]Trip, 10_000)
	for i := range trips {
		trips[i] = w.trip()
	}
	c := NewCorridor()
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.AddTrip(trips[i%len(trips)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.ReportMetric(float64(c.Stats().TripPostings)/float64(i), "cells/trip")
}

// BenchmarkReplaceTrip is an insert and a removal in an index of 100,000.
func BenchmarkReplaceTrip(b *testing.B) {
	w := newIntercity(11)
	c := w.filled(b, 100_000)
	trips := make([]Trip, 10_000)
	for i := range trips {
		trips[i] = w.trip()
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ReplaceTrip(uint32(i%100_000), trips[i%len(trips)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkMemory reports the heap of an index of 100,000 trips.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		c := newIntercity(11).filled(b, 100_000)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/100_000, "B/trip")
		runtime.KeepAlive(c)
	}
}
