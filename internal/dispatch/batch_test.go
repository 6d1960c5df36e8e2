package dispatch

import (
	"testing"

	"pinhuo/freight"
)

// improve runs a round of the batch and what follows from it.
func (r *rig) improve() {
	r.t.Helper()
	r.round(r.engine.Improve(r.now, nil)...)
	r.settle()
}

// A load that is held is offered to nobody until its truck is about to leave or
// its answer is near; then the truck that is the best place for it is asked, and
// no other.
func TestHeldLoadsWaitForTheBestPlace(t *testing.T) {
	r := newRig(t)
	r.engine.cfg.Batch = Batch{Every: 10 * freight.Minute, Hold: 100 * freight.Hour, Rounds: 1}
	r.round(announce("1", 840_000))
	load := r.round(post("PO-1", 840_000))[0].Result.Load
	r.settle()
	r.improve()
	if n := len(r.engine.live.OpenOffers(load.ID)); n != 0 {
		t.Fatalf("%d offers while the load is held", n)
	}
	due := r.engine.cfg.Batch.due(load)
	for len(r.engine.live.OpenOffers(load.ID)) == 0 && r.now < due {
		r.now += r.engine.cfg.Batch.Every
		r.improve()
	}
	if n := len(r.engine.live.OpenOffers(load.ID)); n != 1 {
		t.Fatalf("%d offers when the load cannot wait any longer", n)
	}
	r.improve()
	if n := len(r.engine.live.OpenOffers(load.ID)); n != 1 {
		t.Errorf("%d offers after another round", n)
	}
}

// Of two loads that want the last room of a truck the batch offers the one that
// is worth more, though it came later.
func TestTheBatchKeepsTheSpaceForWhatIsWorthMore(t *testing.T) {
	r := newRig(t)
	r.engine.cfg.Batch = Batch{Every: 10 * freight.Minute, Hold: 100 * freight.Hour, Rounds: 1}
	r.round(announce("1", 5_000_000))
	small := r.round(post("PO-1", 840_000))[0].Result.Load
	large := r.round(post("PO-2", 4_900_000))[0].Result.Load
	r.settle()
	var acts []freight.Command
	for due := r.engine.cfg.Batch.due(large); len(acts) == 0 && r.now < due; r.now += r.engine.cfg.Batch.Every {
		acts = r.engine.Improve(r.now, nil)
	}
	if len(acts) == 0 || acts[0].Act.(freight.ProposeSet).Lines[0].Load != large.ID {
		t.Fatalf("proposed %+v, not the load of %s but that of %s", acts, large.Alone, small.Alone)
	}
}

// With no hold every load is offered at once, and a round finds what still waits.
func TestRoundsBesideOffersAtOnce(t *testing.T) {
	r := newRig(t)
	r.engine.cfg.Batch = Batch{Every: 10 * freight.Minute, Rounds: 1}
	r.round(announce("1", 5_000_000))
	load := r.round(post("PO-1", 840_000))[0].Result.Load
	r.settle()
	if n := len(r.engine.live.OpenOffers(load.ID)); n != 1 {
		t.Fatalf("%d offers", n)
	}
	if acts := r.engine.Improve(r.now, nil); len(acts) != 0 {
		t.Errorf("a load that is being asked about is proposed again: %+v", acts)
	}
}

// A load that is offered while others are held is offered first to the truck whose
// room nobody else wants, though all are worth the same.
func TestTheRoomOfATruckHasItsPrice(t *testing.T) {
	r := newRig(t)
	r.engine.cfg.Batch = Batch{Every: 10 * freight.Minute, Hold: 100 * freight.Hour, Rounds: 1}
	wanted := r.round(announce("1", 5_000_000))[0].Result.Trip
	other := r.round(announce("2", 840_000))[0].Result.Trip
	small := r.round(post("PO-1", 840_000))[0].Result.Load
	r.round(post("PO-2", 4_900_000))
	r.settle()
	first := func() freight.ID {
		acts := r.engine.planTrips(r.engine.board.Load(), r.now, small.ID, best)
		return acts[0].(freight.Propose).Matches[0].Trip
	}
	if got := first(); got != wanted.ID {
		t.Fatalf("without prices %s is first and not %s", got, wanted.ID)
	}
	if acts := r.engine.Improve(r.now, nil); len(acts) != 0 {
		t.Fatalf("proposed %+v", acts)
	}
	if got := first(); got != other.ID {
		t.Errorf("%s is asked first, whose room the other load needs, and not %s", got, other.ID)
	}
}

// soon posts a load that is to be answered in two hours: it cannot wait.
func soon(ref string, grams int64) freight.Command {
	cmd := post(ref, grams)
	act := cmd.Act.(freight.PostLoad)
	act.Terms.AnswerBy = start + 2*freight.Hour
	cmd.Act = act
	return cmd
}

// A load that is explained before the next round is offered at once to a truck that has
// just got room for it: no round would see the two before the answer.
func TestRoomThatComesBeforeTheAnswerIsOffered(t *testing.T) {
	r := newRig(t)
	r.engine.cfg.Batch = Batch{Every: freight.Hour, Hold: 100 * freight.Hour, Rounds: 1}
	r.round(announce("1", 5_000_000))
	large := r.round(soon("PO-1", 4_900_000))[0].Result.Load
	small := r.round(soon("PO-2", 840_000))[0].Result.Load
	r.settle()
	r.improve()
	if got := r.round(accept(r.engine.live.OpenOffers(large.ID)[0]))[0]; got.Err != nil {
		t.Fatal(got.Err)
	}
	r.settle()
	r.now = small.Asks() - 10*freight.Minute
	r.improve()
	if n := len(r.engine.live.OpenOffers(small.ID)); n != 0 {
		t.Fatalf("%d offers of what finds no room", n)
	}
	r.now += 2 * freight.Minute
	r.round(freight.Command{Org: large.Org, Act: freight.WithdrawLoad{Load: large.ID}})
	r.settle()
	if n := len(r.engine.live.OpenOffers(small.ID)); n != 1 {
		t.Errorf("%d offers before the answer, of room that the next round would see after it", n)
	}
}

// So close to the explanation that the one who is asked may think until then, others are
// asked beside him; before that the best place is asked alone.
func TestBeforeTheAnswerOthersAreAskedBesideTheBest(t *testing.T) {
	for _, c := range []struct {
		before freight.Instant // the explanation
		asked  int
	}{{40 * freight.Minute, 1}, {20 * freight.Minute, 2}} {
		r := newRig(t)
		r.engine.cfg.Batch = Batch{Every: freight.Hour, Hold: 100 * freight.Hour, Rounds: 1}
		r.round(announce("1", 5_000_000))
		r.round(announce("2", 5_000_000))
		load := r.round(soon("PO-1", 840_000))[0].Result.Load
		r.settle()
		r.now = load.Asks() - c.before
		r.improve()
		if n := len(r.engine.live.OpenOffers(load.ID)); n != c.asked {
			t.Errorf("%d ms before the explanation %d operators are asked, not %d", c.before, n, c.asked)
		}
	}
}
