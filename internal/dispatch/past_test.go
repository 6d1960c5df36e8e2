package dispatch

import (
	"context"
	"reflect"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

// TestARestartForgetsNoTrip: a load is told the same whether the server was
// started anew before its explanation or not: of trips that had left before it
// was posted, that left while it was open for one reason or another, that are
// open still, and that came nowhere near.
func TestARestartForgetsNoTrip(t *testing.T) {
	explained := func(restart bool) freight.Facts {
		r := newRig(t)
		gone := r.round(announce("1", 5_000_000))[0].Result.Trip
		r.now += freight.Minute
		r.round(freight.Command{Org: gone.Org, Act: freight.CancelTrip{Trip: gone.ID}})
		r.now += freight.Minute
		load := r.round(post("", 900_000))[0].Result.Load
		heavy := r.round(announce("2", 800_000))[0].Result.Trip
		taken := r.round(announce("3", 5_000_000))[0].Result.Trip
		r.round(announce("4", 100_000))
		far := announce("5", 5_000_000)
		terms := far.Act.(freight.AnnounceTrip)
		for i := range terms.Terms.Stops {
			terms.Terms.Stops[i].Place.Point.LatE7 -= 20_000_000
		}
		far.Act = terms
		away := r.round(far)[0].Result.Trip
		r.settle()
		r.now += freight.Minute
		for _, trip := range []*freight.Trip{heavy, taken, away} {
			r.round(freight.Command{Org: trip.Org, Act: freight.CancelTrip{Trip: trip.ID}})
			r.settle()
		}
		if restart {
			again, err := Open(context.Background(), r.engine.cfg)
			if err != nil {
				t.Fatal(err)
			}
			r.engine = again
			r.settle()
		}
		r.now = load.AnswerBy + 1
		r.round(r.engine.Due(r.now)...)
		r.settle()
		for _, e := range r.told.events {
			if e.Type == freight.EventLoadExplained {
				return e.Facts
			}
		}
		t.Fatal("not explained")
		return freight.Facts{}
	}
	want := explained(false)
	if want.Trips != 4 || len(want.Counts) < 3 {
		t.Fatalf("without a restart: %d trips, %+v", want.Trips, want.Counts)
	}
	if got := explained(true); got.Trips != want.Trips || !reflect.DeepEqual(got.Counts, want.Counts) || !reflect.DeepEqual(got.Nearest, want.Nearest) {
		t.Errorf("after a restart: %d trips, %+v, nearest %+v\nwant %d trips, %+v, nearest %+v", got.Trips, got.Counts, got.Nearest,
			want.Trips, want.Counts, want.Nearest)
	}
}

// TestWhatCannotBeIndexedHindersNobody: a trip and a load with points on no
// globe, which no admission lets in, are counted, and the rest is matched.
func TestWhatCannotBeIndexedHindersNobody(t *testing.T) {
	r := newRig(t)
	broken := r.round(announce("1", 5_000_000))[0].Result.Trip
	lost := r.round(post("", 2000))[0].Result.Load
	r.round(announce("2", 5_000_000))
	load := r.round(post("", 1000))[0].Result.Load
	for i := range r.ledger.state.Trips {
		if trip := &r.ledger.state.Trips[i]; trip.ID == broken.ID {
			trip.Plan[0].Point.LatE7, trip.Stops[0].Place.Point.LatE7 = 2_000_000_000, 2_000_000_000
		}
	}
	for i := range r.ledger.state.Loads {
		if l := &r.ledger.state.Loads[i]; l.ID == lost.ID {
			l.Pickup.Place.Point.LatE7 = 2_000_000_000
		}
	}
	r.engine.cfg.Metrics = NewMetrics(prometheus.NewRegistry())
	r.restarted()
	r.settle()
	if n := testutil.ToFloat64(r.engine.cfg.Metrics.unindexed.WithLabelValues(freight.KindTrip)); n != 1 {
		t.Errorf("%v trips counted", n)
	}
	if n := testutil.ToFloat64(r.engine.cfg.Metrics.unindexed.WithLabelValues(freight.KindLoad)); n != 1 {
		t.Errorf("%v loads counted", n)
	}
	if len(r.engine.live.OpenOffers(load.ID)) != 1 {
		t.Error("nobody was asked for the load that is sound")
	}
	if got := r.round(freight.Command{Org: lost.Org, Act: freight.WithdrawLoad{Load: lost.ID}})[0]; got.Err != nil {
		t.Errorf("the load that is not: %v", got.Err)
	}
	if r.round(announce("3", 5_000_000)); len(r.engine.Needs()) == 0 {
		t.Error("the index does not go on")
	}
}
