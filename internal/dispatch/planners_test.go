package dispatch

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

func TestNeedsWaitOnce(t *testing.T) {
	n := newNeeds()
	trips, why := book.Need{Kind: book.NeedTrips, ID: "ld_1"}, book.Need{Kind: book.NeedExplain, ID: "ld_1"}
	if added := n.add([]book.Need{trips, trips, why, why}); added != 3 {
		t.Errorf("%d of four needs were added, want 3: one waited already, explanations all count", added)
	}
	if _, ok := n.next(); !ok {
		t.Fatal("nothing to plan")
	}
	if added := n.add([]book.Need{trips}); added != 1 {
		t.Errorf("a need whose like is being planned: %d added, want 1", added)
	}
}

// TestPlansAreCounted: what waits or is planned shows in the metric, and an
// exchange that has nothing to do shows 0 there and in its queue.
func TestPlansAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		d := NewDispatcher(r.engine, fakeNow)
		plan, proceed := d.plan, make(chan struct{})
		d.plan = func(now freight.Instant, need book.Need) []freight.Command {
			<-proceed
			return plan(now, need)
		}
		stop := serve(t, r, d)
		for _, cmd := range []freight.Command{announce("1", 5_000_000), post("", 840_000), post("", 1000), post("", 2000)} {
			if _, err := d.Do(context.Background(), shifted(cmd)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		m := r.engine.cfg.Metrics
		if got := testutil.ToFloat64(m.plans); got != 4 {
			t.Errorf("%v plans while planners stand still, want 4", got)
		}
		close(proceed)
		synctest.Wait()
		if got := testutil.ToFloat64(m.plans); got != 0 {
			t.Errorf("%v plans when all are done", got)
		}
		for _, lane := range laneNames {
			if got := testutil.ToFloat64(m.queue.WithLabelValues(lane)); got != 0 {
				t.Errorf("%v commands in lane %s when all are done", got, lane)
			}
		}
		stop()
	})
}
