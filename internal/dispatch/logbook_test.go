package dispatch

import (
	"fmt"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"pinhuo/freight"
)

// asked is a request of a clerk's.
func asked(org freight.ID, key string, act freight.Act) freight.Command {
	return freight.Command{Org: org, Actor: "us_clerk", Key: key, Hash: [32]byte{byte(len(key))}, Act: act}
}

// An act that is refused leaves one row that says what was asked and what stood against
// it, however often the request comes; a clock's and a planner's none.
func TestARefusedActLeavesOneRow(t *testing.T) {
	r := newRig(t)
	posted := r.round(asked("og_firm", "", post("PO-1", 1000).Act))[0].Result.Load
	conflict := asked("og_firm", "conflict", freight.WithdrawLoad{Load: posted.ID, Version: 7})
	invalid := asked("og_truck", "invalid", freight.AcceptOffer{Offer: "of_none", Version: 1})
	r.round(conflict, conflict, invalid, invalid)
	r.round(conflict, invalid, asked("og_truck", "", freight.SeeOffer{Offer: "of_none"}))
	r.round(freight.Command{Org: "og_firm", Act: freight.ReviewOffer{Offer: "of_none"}})
	reused := conflict
	reused.Hash = [32]byte{200}
	r.round(reused, reused)
	r.round(reused)
	if n := len(r.ledger.refused()); n != 3 {
		t.Fatalf("%d rows: %+v", n, r.ledger.refused())
	}
	first := r.ledger.refused()[0]
	if first.Org != "og_firm" || first.Actor != "us_clerk" || first.What != (freight.Naming{Act: "withdraw_load", Subject: posted.ID, Version: 7}) ||
		first.Key != "conflict" || first.Problem != freight.ProblemStale || first.Made != r.now || first.Was != (freight.Present{State: "posted", Version: 1}) {
		t.Errorf("the row of a stale version: %+v", first)
	}
	if second := r.ledger.refused()[1]; second.Problem != freight.ProblemUnknown || second.Org != "og_truck" || second.Was != (freight.Present{}) {
		t.Errorf("the row of an offer that is not his: %+v", second)
	}
	if third := r.ledger.refused()[2]; third.Problem != freight.ProblemKeyReused || third.Seq != 4 {
		t.Errorf("the row of a key used again: %+v", third)
	}
	for i := range 300 { // without a key each is an act of its own
		r.round(asked("og_idle", "", freight.AcceptOffer{Offer: freight.ID(fmt.Sprint("of_", i)), Version: 1}))
	}
	if n := len(r.ledger.refused()); n != 3+freight.MostDeeds {
		t.Errorf("%d rows after a flood", n)
	}
}

// What is beyond the bound of a minute is counted, in a metric and in a row of its own.
func TestAFloodOfRefusalsIsCounted(t *testing.T) {
	r := newRig(t)
	registry := prometheus.NewRegistry()
	r.engine.cfg.Metrics = NewMetrics(registry)
	flood := func(n int) {
		batch := make([]freight.Command, n)
		for i := range batch {
			batch[i] = asked("og_rude", "", freight.AcceptOffer{Offer: freight.ID(fmt.Sprint("of_", i)), Version: 1})
		}
		r.round(batch...)
	}
	flood(freight.MostDeeds + 30)
	flood(12)
	r.now += freight.Minute
	flood(5)
	last := r.ledger.refused()[freight.MostDeeds]
	if last.What.Act != freight.ActOmitted || last.Times != 42 || last.Org != "og_rude" || last.Actor != "" {
		t.Errorf("the row for those left out: %+v", last)
	}
	if n := len(r.ledger.refused()); n != freight.MostDeeds+1+5 {
		t.Errorf("%d rows", n)
	}
	m := r.engine.cfg.Metrics
	if left, kept := testutil.ToFloat64(m.unlogged), testutil.ToFloat64(m.refused.WithLabelValues("unknown")); left != 42 || kept != freight.MostDeeds+5 {
		t.Errorf("the metrics count %v left out and %v rows", left, kept)
	}
	flood(freight.MostDeeds)
	r.engine.Rest(t.Context(), r.now) // the server stops within the minute
	if last := r.ledger.refused()[len(r.ledger.refused())-1]; last.What.Act != freight.ActOmitted || last.Times != 5 {
		t.Errorf("the row for those left out before the end: %+v", last)
	}
}

// A row is as true as the commit that it is part of: what was not written is written with
// the batch that comes again, once.
func TestRefusalsOfABrokenCommit(t *testing.T) {
	for _, f := range []fault{{kind: freight.CommitFailed}, {kind: freight.CommitUnknown}, {kind: freight.CommitUnknown, wrote: true}} {
		t.Run(fmt.Sprint(f.kind, f.wrote), func(t *testing.T) {
			r := newRig(t)
			refused := asked("og_firm", "k", freight.WithdrawLoad{Load: "ld_none"})
			r.ledger.faults = []fault{f}
			if err := r.round(refused)[0].Err; freight.CodeOf(err) != freight.Unavailable {
				t.Errorf("the first try: %v", err)
			}
			r.round(refused)
			if n := len(r.ledger.refused()); n != 1 {
				t.Errorf("%d rows", n)
			}
		})
	}
}

// Whoever answers an offer that has ended is told what became of it.
func TestAnOfferThatHasEndedIsRefusedForWhatItIs(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	r.round(post("PO-1", 1000))
	r.settle()
	offer := &r.ledger.state.Offers[0]
	acts := []freight.Act{freight.AcceptOffer{Offer: offer.ID, Version: 1}, freight.DeclineOffer{Offer: offer.ID, Version: 1},
		freight.CounterOffer{Offer: offer.ID, Version: 1, Price: 1}, freight.SeeOffer{Offer: offer.ID}}
	r.round(freight.Command{Org: offer.Shipper, Act: freight.WithdrawLoad{Load: offer.Load}})
	for state, problem := range map[freight.OfferState]freight.Problem{
		freight.OfferAccepted: freight.ProblemState, freight.OfferDeclined: freight.ProblemState, freight.OfferExpired: freight.ProblemExpired,
		freight.OfferSuperseded: freight.ProblemTaken, freight.OfferWithdrawn: freight.ProblemTaken,
	} {
		offer.State = state
		for _, act := range acts {
			if err := r.round(asked(offer.Org, "", act))[0].Err; freight.ProblemOf(err) != problem {
				t.Errorf("%T of an offer that is %s: %v", act, state, err)
			}
			if err := r.round(asked("og_other", "", act))[0].Err; freight.CodeOf(err) != freight.NotFound {
				t.Errorf("%T of another's offer: %v", act, err)
			}
		}
	}
}

// Whoever answers for a booking that holds no room any more is told what became of it.
func TestABookingThatHasEndedIsRefusedForWhatItIs(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	r.round(post("PO-1", 1000))
	r.settle()
	offer := r.ledger.state.Offers[0]
	booked := r.round(freight.Command{Org: offer.Org, Act: freight.AcceptOffer{Offer: offer.ID, Version: offer.Version}})[0].Result.Booking
	r.round(freight.Command{Org: offer.Shipper, Act: freight.WithdrawLoad{Load: offer.Load}})
	row := &r.ledger.state.Bookings[0]
	for cause, problem := range map[freight.Reason]freight.Problem{row.Cause: freight.ProblemState, freight.ReasonUnconfirmed: freight.ProblemExpired} {
		row.Cause = cause
		for _, act := range []freight.Act{freight.ConfirmBooking{Booking: booked.ID}, freight.RefuseBooking{Booking: booked.ID}} {
			if err := r.round(asked(offer.Shipper, "", act))[0].Err; freight.ProblemOf(err) != problem {
				t.Errorf("%T of a booking released for %s: %v", act, cause, err)
			}
			if err := r.round(asked(offer.Org, "", act))[0].Err; freight.CodeOf(err) != freight.NotFound {
				t.Errorf("%T by the other side: %v", act, err)
			}
		}
	}
}

// An act that was done leaves one row that says who did it and what came of it, in the
// commit of its effect and chained to the row before; of clocks and planners those that
// changed a row.
func TestWhatWasDoneIsLogged(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	terms := post("PO-1", 1000).Act
	mine := freight.Command{Org: "og_firm", Actor: "us_officer", Behalf: "og_firm", Key: "k", Hash: [32]byte{7}, Act: terms}
	posted := r.round(mine, mine)[0].Result.Load
	r.settle()
	offer := r.ledger.state.Offers[0]
	see := asked(offer.Org, "", freight.SeeOffer{Offer: offer.ID})
	r.round(see, see)
	r.round(asked(offer.Org, "", freight.AcceptOffer{Offer: offer.ID, Version: r.ledger.state.Offers[0].Version}))
	var told []string
	var head [32]byte
	for i, d := range r.ledger.deeds {
		if d.Seq != int64(i+1) || d.Chain != d.Link(head) || d.Code != "" || d.Made != r.now || d.Changes[0] < 1 || d.Changes[1] < d.Changes[0] {
			t.Errorf("row %d: %+v", i+1, d)
		}
		head = d.Chain
		told = append(told, fmt.Sprintf("%s %s by %q: %s %d", d.What.Act, d.What.Subject[:2], d.Actor, d.Became.State, d.Became.Version))
	}
	want := []string{`announce_trip tr by "us_driver": open 1`, `post_load ld by "us_officer": posted 1`, `propose ld by "": posted 1`,
		`see_offer of by "us_clerk": seen 1`, `accept_offer of by "us_clerk": accepted 2`}
	if fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("the log tells %q, not %q", told, want)
	}
	if d := r.ledger.deeds[1]; d.What.Subject != posted.ID || d.Behalf != "og_firm" || d.Hash != mine.Hash || d.Key != "" {
		t.Errorf("the row of an officer's act: %+v", d)
	}
}
