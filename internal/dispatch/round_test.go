package dispatch

import (
	"bytes"
	"context"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

func TestALoadFindsATruckAndIsBooked(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000), announce("2", 5_000_000))
	r.settle()
	load := r.round(post("PO-1", 840_000))[0].Result.Load
	r.settle()
	offers := r.engine.live.OpenOffers(load.ID)
	if len(offers) != 2 {
		t.Fatalf("%d offers", len(offers))
	}
	booked := r.round(accept(offers[0]), accept(offers[1]))
	if booked[0].Err != nil || booked[0].Result.Booking == nil {
		t.Fatalf("accept: %+v", booked[0])
	}
	if freight.ProblemOf(booked[1].Err) != freight.ProblemTaken {
		t.Errorf("the second accept of one batch: %v", booked[1].Err)
	}
	if r.told.early != 0 {
		t.Errorf("%d events were told before their commit", r.told.early)
	}
	want := []freight.EventType{freight.EventTripAnnounced, freight.EventTripAnnounced, freight.EventLoadPosted, freight.EventOfferSent,
		freight.EventOfferSent, freight.EventLoadOffered, freight.EventBookingFirm, freight.EventBookingFirm, freight.EventOfferSuperseded}
	if got := r.told.types(); !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
}

func TestANewTripFindsTheLoadsThatWait(t *testing.T) {
	r := newRig(t)
	load := r.round(post("", 840_000))[0].Result.Load
	r.settle()
	r.round(announce("1", 5_000_000))
	r.settle()
	if len(r.engine.live.OpenOffers(load.ID)) != 1 {
		t.Error("a waiting load was not offered to a new trip")
	}
}

func TestKeysAnswerOnce(t *testing.T) {
	r := newRig(t)
	keyed := post("PO-1", 1000)
	keyed.Key, keyed.Hash = "k1", [32]byte{1}
	other := post("PO-2", 2000)
	other.Key, other.Hash = "k1", [32]byte{2}
	first := r.round(keyed, keyed, other)
	if first[0].Err != nil || first[1].Result.Load.ID != first[0].Result.Load.ID {
		t.Errorf("the same key in one batch: %+v", first[1])
	}
	if freight.ProblemOf(first[2].Err) != freight.ProblemKeyReused {
		t.Errorf("another body under the key: %v", first[2].Err)
	}
	again := r.round(keyed)[0]
	if !reflect.DeepEqual(again.Result, first[0].Result) {
		t.Errorf("a retry got %+v, the first answer was %+v", again.Result, first[0].Result)
	}
	refusedKey := post("PO-1", 3000)
	refusedKey.Key = "k2"
	if err := r.round(refusedKey)[0].Err; freight.ProblemOf(err) != freight.ProblemDuplicateRef {
		t.Fatalf("duplicate reference: %v", err)
	}
	withdraw := freight.Command{Org: "og_firm", Act: freight.WithdrawLoad{Load: first[0].Result.Load.ID}}
	r.round(withdraw)
	if err := r.round(refusedKey)[0].Err; freight.ProblemOf(err) != freight.ProblemDuplicateRef {
		t.Errorf("a refused key was judged anew: %v", err)
	}
	r.now += 30 * freight.Hour
	if late := r.round(keyed)[0]; !reflect.DeepEqual(late.Result, first[0].Result) {
		t.Errorf("a retry after the window has passed got %+v, %v", late.Result, late.Err)
	}
}

// TestEveryStepOfTheCommitBroken breaks the commit in every way. Afterwards
// memory equals the store, and the store is in one of the two legal states.
func TestEveryStepOfTheCommitBroken(t *testing.T) {
	cases := []struct {
		name   string
		faults []fault
		posted int // of the two loads of the batch
		told   int
		stops  bool
	}{
		{"sound", nil, 2, 2, false},
		{"one row is stale", []fault{{kind: freight.CommitStale, victim: true}}, 1, 1, false},
		{"a row is stale twice", []fault{{kind: freight.CommitStale, victim: true}, {kind: freight.CommitStale, victim: true}}, 0, 0, false},
		{"something is stale", []fault{{kind: freight.CommitStale}}, 0, 0, false},
		{"disk full", []fault{{kind: freight.CommitFailed}}, 0, 0, false},
		{"line cut, not written", []fault{{kind: freight.CommitUnknown}}, 0, 0, false},
		{"line cut, written", []fault{{kind: freight.CommitUnknown, wrote: true}}, 2, 0, false},
		{"fenced", []fault{{kind: freight.CommitFenced}}, 0, 0, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.ledger.faults = c.faults
			batch := r.prepared([]freight.Command{post("PO-1", 1000), post("PO-2", 2000)})
			outcomes, err := r.engine.Round(context.Background(), r.now, batch)
			if (err != nil) != c.stops || len(outcomes) != 2 {
				t.Fatalf("outcomes %+v, error %v", outcomes, err)
			}
			if len(r.ledger.state.Loads) != c.posted || len(r.told.events) != c.told {
				t.Fatalf("%d loads in the store, %d events told", len(r.ledger.state.Loads), len(r.told.events))
			}
			for _, l := range r.ledger.state.Loads {
				if held := r.engine.live.Load(l.ID); held == nil || !reflect.DeepEqual(*held, l) {
					t.Errorf("memory holds %+v, the store %+v", held, l)
				}
			}
			for _, o := range outcomes {
				if o.Err != nil && freight.CodeOf(o.Err) != freight.Unavailable {
					t.Errorf("the asker was told %v", o.Err)
				}
			}
			if c.stops {
				return
			}
			if unknown := c.faults != nil && c.faults[0].kind == freight.CommitUnknown; unknown && r.told.missed != 1 {
				t.Error("nobody was told that events may be missing")
			}
			after := r.round(post("PO-3", 3000))[0]
			if after.Err != nil || after.Result.Seq != r.ledger.state.EventSeq {
				t.Errorf("the next round: %+v at %d", after, r.ledger.state.EventSeq)
			}
		})
	}
}

func TestClocksSurviveAFailedCommit(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	r.now = r.engine.live.OpenOffers(load.ID)[0].Expires + 1
	r.ledger.faults = []fault{{kind: freight.CommitFailed}}
	r.round(r.engine.Due(r.now)...)
	if len(r.engine.live.OpenOffers(load.ID)) != 1 {
		t.Fatal("an offer expired in a commit that failed")
	}
	r.round(r.engine.Due(r.now)...)
	if len(r.engine.live.OpenOffers(load.ID)) != 0 {
		t.Error("an offer's clock was lost with a failed commit")
	}
}

func TestEveryLoadIsExplained(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 500_000))
	load := r.round(post("", 840_000))[0].Result.Load
	far := post("", 1000)
	terms := far.Act.(freight.PostLoad)
	terms.Terms.Delivery.Place.Point = freight.Point{LatE7: 335_000_000, LngE7: 1_155_000_000}
	far.Act = terms
	lost := r.round(far)[0].Result.Load
	r.settle()
	for r.engine.live.Load(load.ID) != nil || r.engine.live.Load(lost.ID) != nil {
		r.now = r.engine.NextClock()
		r.round(r.engine.Due(r.now)...)
		r.settle()
	}
	said := map[freight.ID][]freight.Facts{}
	for _, e := range r.told.events {
		if e.Type == freight.EventLoadExplained {
			said[e.Subject] = append(said[e.Subject], e.Facts)
		}
	}
	why := said[load.ID]
	if len(why) != 2 || !reflect.DeepEqual(why[0].Counts, []freight.Count{{Reason: freight.ReasonWeight, N: 1}}) || why[0].Parts != 2 || why[0].Trips != 1 {
		t.Errorf("too heavy: %+v", why)
	}
	nobody := said[lost.ID]
	if len(nobody) != 2 || !reflect.DeepEqual(nobody[0].Counts, []freight.Count{{Reason: freight.ReasonNoCandidate, N: 1}}) || nobody[0].Nearest == nil {
		t.Errorf("no trip near: %+v", nobody)
	}
}

// TestEqualCommandsWriteEqualBytes: nothing depends on map order or on the
// number of processors.
func TestEqualCommandsWriteEqualBytes(t *testing.T) {
	run := func(procs int) [][]byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		r := newRig(t)
		for i := range 6 {
			r.round(announce(string(rune('A'+i)), int64(i)*400_000), post("", 300_000), post("", 700_000))
			r.settle()
			for _, id := range r.engine.live.Touched() {
				for _, o := range r.engine.live.OpenOffers(id) {
					r.round(accept(o))
				}
			}
			r.settle()
		}
		return r.ledger.commits
	}
	one, two := run(1), run(2)
	if len(one) == 0 || len(one) != len(two) {
		t.Fatalf("%d and %d commits", len(one), len(two))
	}
	for i := range one {
		if !bytes.Equal(one[i], two[i]) {
			t.Fatalf("commit %d differs:\n%s\n%s", i, one[i], two[i])
		}
	}
}

func TestRestartPicksUpWhereItStood(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 5_000_000))
	load := r.round(post("", 840_000))[0].Result.Load
	again, err := Open(context.Background(), r.engine.cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.engine = again
	r.settle()
	if len(again.live.OpenOffers(load.ID)) != 1 {
		t.Error("a load that was not yet planned when the server stopped was forgotten")
	}
	if again.NextClock() == 0 {
		t.Error("no clock runs after a restart")
	}
}

func TestPlansAreOnlyProposals(t *testing.T) {
	r := newRig(t)
	r.round(announce("1", 1_000_000))
	first := r.round(post("", 840_000))[0].Result.Load
	plans := r.engine.Plan(r.now, book.Need{Kind: book.NeedTrips, ID: first.ID})
	r.settle()
	r.round(accept(r.engine.live.OpenOffers(first.ID)[0]))
	if err := r.round(plans...)[0].Err; freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("a plan of a world that is gone: %v", err)
	}
}
