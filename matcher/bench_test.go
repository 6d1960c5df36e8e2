package matcher_test

import (
	"fmt"
	"reflect"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// BenchmarkFits times one judgement with a measure that costs next to nothing,
// beside the naive reference on the same pair. Each pair is checked first.
func BenchmarkFits(b *testing.B) {
	f := flatFit()
	for _, calls := range []int{5, 12, 20} {
		var points []freight.Point
		for i := range calls {
			points = append(points, at(int32(30*i), 0))
		}
		trip := flatTrip(f, "T", points...)
		fits, far := flatLoad(f, "L", at(40, 3), at(int32(30*calls)-40, 3)), flatLoad(f, "F", at(40, 900), at(70, 900))
		for _, c := range []struct {
			name string
			load *freight.Load
			ok   bool
		}{{"fits", fits, true}, {"refused", far, false}} {
			want := naive(f, trip, c.load)
			if got := f.Fits(trip, c.load); got.OK != c.ok || !reflect.DeepEqual(got, want) {
				b.Fatalf("%d calls, %s: got %+v, want %+v", calls, c.name, got, want)
			}
			b.Run(fmt.Sprintf("calls=%d/%s/Fits", calls, c.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f.Fits(trip, c.load)
				}
			})
			b.Run(fmt.Sprintf("calls=%d/%s/naive", calls, c.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					naive(f, trip, c.load)
				}
			})
		}
	}
}

// BenchmarkFitsFull judges one candidate with every rule in play: a truck with
// eight stops, two of them its own, that opens at the rear, has six riders
// aboard and a driver who must rest on the way, and a load of crates. Weigh is what ranks candidates.
func BenchmarkFitsFull(b *testing.B) {
	f := flatFit()
	trip := flatTrip(f, "T", at(0, 0), at(240, 0))
	trip.Vehicle.Doors, trip.Vehicle.DeckGrams, trip.Vehicle.Cools = freight.DoorsRear, 3_000_000, freight.Temp{Low: -5, High: 10}
	trip.Duty = freight.Duty{Drivers: 1, DriveS: 3 * 3600, RestS: freight.RuleRestS, DayS: 9 * 3600, ResetS: 11 * 3600}
	for n := range int32(3) {
		rider := flatLoad(f, freight.ID(fmt.Sprint("R", n)), at(20*n+10, 0), at(200-20*n, 0))
		rider.Care = freight.Care{Temp: freight.Temp{Low: 0, High: 8}, Food: true, DelayS: 7200}
		v := f.Fits(trip, rider)
		if !v.OK {
			b.Fatalf("rider %d: %+v", n, v)
		}
		apply(trip, v)
	}
	trip.Limits = freight.Limits{DetourM: 60_000, DetourS: 3600, ExtraStops: 8}
	crates, acid := flatLoad(f, "L", at(70, 2), at(120, 2)), flatLoad(f, "A", at(70, 2), at(120, 2))
	crates.Size.Pieces = []freight.Piece{{Count: 6, LengthMM: 1200, WidthMM: 800, HeightMM: 1000}, {Count: 4, LengthMM: 600, WidthMM: 400, HeightMM: 400}}
	crates.Size.Stacking, crates.Care.DelayS, crates.Size.FloorMM = freight.StackAll, 3600, 0
	acid.Care.Hazmat = freight.Hazmat{Class: "8", Limited: true}
	for name, load := range map[string]*freight.Load{"crates": crates, "acid": acid} {
		want := naive(f, trip, load)
		if got := f.Fits(trip, load); !reflect.DeepEqual(got, want) || got.OK != (name == "crates") {
			b.Fatalf("%s: got %+v, want %+v", name, got, want)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f.Weigh(trip, load)
			}
		})
	}
}

// BenchmarkHeader times the header beside the full judgement of the same pair,
// which it spares.
func BenchmarkHeader(b *testing.B) {
	f := flatFit()
	trip, load := flatTrip(f, "T", at(0, 0), at(30, 0), at(60, 0), at(90, 0), at(120, 0)), flatLoad(f, "L", at(40, 0), at(70, 0))
	load.Size.Grams = 1e9
	header := f.Header(trip, freight.Router{})
	if _, ok := header.AtMost(load, 0); ok || f.Fits(trip, load).OK {
		b.Fatal("the pair is not hopeless")
	}
	b.Run("header", func(b *testing.B) {
		for b.Loop() {
			header.AtMost(load, 0)
		}
	})
	b.Run("Fits", func(b *testing.B) {
		for b.Loop() {
			f.Fits(trip, load)
		}
	})
}

// BenchmarkFitsByRoad is the whole price of a judgement in random worlds, the
// fallback router included.
func BenchmarkFitsByRoad(b *testing.B) {
	var all []*world
	pairs, feasible := 0, 0
	for number := range 40 {
		w := newWorld(*seed, number, 5, 5, byRoad)
		w.fit.Measure = byRoad
		all = append(all, w)
		for _, trip := range w.trips {
			for _, load := range w.loads {
				pairs++
				v, want := w.fit.Fits(trip, load), naive(w.fit, trip, load)
				if !reflect.DeepEqual(v, want) {
					b.Fatalf("world %d: got %+v, want %+v", number, v, want)
				}
				if v.OK {
					feasible++
				}
			}
		}
	}
	if feasible == 0 {
		b.Fatal("nothing fits")
	}
	for name, judge := range map[string]func(*matcher.Fit, *freight.Trip, *freight.Load) matcher.Verdict{"Fits": (*matcher.Fit).Fits, "naive": naive} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, w := range all {
					for _, trip := range w.trips {
						for _, load := range w.loads {
							judge(w.fit, trip, load)
						}
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*pairs), "ns/pair")
		})
	}
}
