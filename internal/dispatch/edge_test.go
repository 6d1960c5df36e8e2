package dispatch

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

// A refusal from before the writer has a row like any other, whatever its key has been used
// for, becomes nobody's first answer, and comes once.
func TestARefusalAtTheEdgeLeavesOneRow(t *testing.T) {
	r := newRig(t)
	posted := r.round(asked("og_firm", "k", post("PO-1", 1000).Act))[0].Result.Load
	late := &freight.Error{Code: freight.Conflict, Problem: freight.ProblemState, Field: "state"}
	note := asked("og_firm", "k", freight.NoteRefusal{What: freight.Naming{Act: "withdraw_load", Subject: posted.ID, Version: 1}, Refusal: late})
	note.Hash = [32]byte{7}
	if got := r.round(note, note)[0].Err; !errors.Is(got, late) {
		t.Errorf("refused as %v", got)
	}
	r.round(note)
	if len(r.ledger.refused()) != 1 {
		t.Fatalf("%d rows", len(r.ledger.refused()))
	}
	if d := r.ledger.refused()[0]; d.What.Act != "withdraw_load" || d.What.Subject != posted.ID || d.Key != "k" || d.Hash != note.Hash || d.Problem != freight.ProblemState || d.Was != (freight.Present{}) {
		t.Errorf("the row: %+v", d)
	}
	fresh := asked("og_firm", "k 2", note.Act)
	r.round(fresh)
	withdrawn := asked("og_firm", "k 2", freight.WithdrawLoad{Load: posted.ID})
	if err := r.round(withdrawn)[0].Err; err != nil {
		t.Errorf("a refusal at the edge stands in the way of its key: %v", err)
	}
}

// What an organization is refused in a minute costs the writer no more rows than the log
// has for it; the rest is counted. What is no act of anybody's has no row.
func TestAFloodAtTheEdgeIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		registry := prometheus.NewRegistry()
		r.engine.cfg.Metrics = NewMetrics(registry)
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		refuse := func(org freight.ID, err error) {
			d.Refused(context.Background(), asked(org, "", freight.NoteRefusal{What: freight.Naming{Act: "post_load"}}), err)
		}
		odd := &freight.Error{Code: freight.Invalid, Problem: freight.ProblemRange, Field: "kg", More: make([]freight.Error, 40)}
		refuse("og_mild", odd)
		for range freight.MostDeeds + 500 {
			refuse("og_rude", odd)
		}
		refuse("og_mild", &freight.Error{Code: freight.Unavailable, Problem: freight.ProblemStopping})
		refuse("og_mild", &freight.Error{Code: freight.Unauthorized, Problem: freight.ProblemSignIn})
		refuse("og_mild", context.Canceled)
		// What the dispatcher itself refuses before the round, as it has no key.
		cmd := asked("og_mild", "", shifted(post("PO-1", 0)).Act)
		if _, err := d.Do(context.Background(), cmd); freight.CodeOf(err) != freight.Invalid {
			t.Errorf("a load of nothing: %v", err)
		}
		synctest.Wait()
		if n := len(r.ledger.refused()); n != 1+freight.MostDeeds+1 {
			t.Fatalf("%d rows", n)
		}
		if n := testutil.ToFloat64(r.engine.cfg.Metrics.commands.WithLabelValues("post_load", "invalid")); n != 1+freight.MostDeeds+1 {
			t.Errorf("the writer was given %v", n)
		}
		if d := r.ledger.refused()[0]; d.Org != "og_mild" || len(d.Refusal.More) != freight.NotedFaults {
			t.Errorf("the first row: %+v", d)
		}
		refuse("og_mild", odd)        // whatever the writer writes comes after what was read here
		<-time.After(2 * time.Minute) // life signs go on
		synctest.Wait()
		stop()
		last := r.ledger.refused()[len(r.ledger.refused())-1]
		if last.What.Act != freight.ActOmitted || last.Org != "og_rude" || last.Times != 500 {
			t.Errorf("the row for those left out: %+v", last)
		}
		if n := testutil.ToFloat64(r.engine.cfg.Metrics.unlogged); n != 500 {
			t.Errorf("%v left out are counted", n)
		}
	})
}
