package dispatch

import (
	"testing"

	"pinhuo/freight"
)

// A third firm comes while two are being asked: it is asked too, everybody pays less, and
// what was agreed to stands.
func TestAThirdFirmJoinsTwo(t *testing.T) {
	r, loads, p := pooled(t, 2)
	r.done(yes(0, &p))
	before := map[freight.ID]freight.Fen{}
	for _, l := range loads {
		before[l.ID] = r.member(l.ID).Share
	}
	late := r.done(crates(2)).Load
	r.settle()
	plan := r.engine.PlanPools(r.now)
	if len(plan) != 1 {
		t.Fatalf("%d plans: %+v", len(plan), plan)
	}
	act, ok := plan[0].Act.(freight.JoinPool)
	if !ok || act.Pool != p.ID || act.Load.Load != late.ID {
		t.Fatalf("%+v", plan[0].Act)
	}
	joined := r.done(plan[0]).Pool
	if joined.State != freight.PoolConsenting || joined.Type != p.Type || joined.Deadline > p.Deadline || joined.Version <= p.Version {
		t.Fatalf("%+v", joined)
	}
	r.split(p.ID)
	for id, share := range before {
		if now := r.member(id); now.Share >= share || now.Most < now.Share {
			t.Errorf("%s pays %d, it paid %d", id, now.Share, share)
		}
	}
	if r.member(loads[0].ID).Consent != freight.ConsentGiven || r.member(late.ID).Consent != freight.ConsentAsked {
		t.Error("the consent of one that pays less is gone, or the newcomer was not asked")
	}
	if r.heard("og_firm2", freight.EventPoolFormed) != 1 || r.heard("og_firm1", freight.EventPoolRepriced) != 1 {
		t.Error("not everybody was told")
	}
	if err := r.round(plan[0])[0].Err; freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("it joins twice: %v", err)
	}
	r.engine.restore(r.ledger.state) // a restart in the middle changes nothing
	if again := r.engine.PlanPools(r.now); len(again) != 0 {
		t.Errorf("asked again: %+v", again)
	}
	for n := 1; n < 3; n++ {
		r.done(yes(n, joined))
	}
	if now := r.pool(p.ID); now.State != freight.PoolTendered {
		t.Fatalf("%s", now.State)
	}
	r.done(crates(3))
	r.settle()
	for _, cmd := range r.engine.PlanPools(r.now) {
		if _, joins := cmd.Act.(freight.JoinPool); joins {
			t.Errorf("a pool that operators are looking at is changed: %+v", cmd.Act)
		}
	}
	if trip := r.done(take(r.pool(p.ID), "7")).Trip; len(trip.Plan) != 7 {
		t.Errorf("%d calls", len(trip.Plan))
	}
}

// One that was asked to join and says no leaves the others as they could be without it.
func TestANewcomerThatSaysNo(t *testing.T) {
	r, loads, p := pooled(t, 2)
	late := r.done(crates(2)).Load
	r.settle()
	r.done(r.engine.PlanPools(r.now)[0])
	r.done(no(2, &p))
	if r.engine.live.PoolOf(late.ID) != nil || r.pool(p.ID).State != freight.PoolConsenting {
		t.Errorf("%+v", r.pool(p.ID))
	}
	r.split(p.ID)
	if len(r.engine.live.Members(p.ID)) != len(loads) {
		t.Error("somebody else left too")
	}
	if again := r.engine.PlanPools(r.now); len(again) != 0 {
		t.Errorf("asked again after a no: %+v", again)
	}
}

// Shortly before the deadline nobody is asked any more, nor for what the truck lacks.
func TestWhoComesTooLateForAPool(t *testing.T) {
	r, _, p := pooled(t, 2)
	lift := crates(2)
	act := lift.Act.(freight.PostLoad)
	act.Terms.Needs = freight.CapTailLift
	lift.Act = act
	r.done(lift)
	r.settle()
	for _, cmd := range r.engine.PlanPools(r.now) {
		if _, joins := cmd.Act.(freight.JoinPool); joins {
			t.Errorf("asked for a truck without a tail-lift: %+v", cmd.Act)
		}
	}
	r.done(crates(3))
	r.settle()
	plan := r.engine.PlanPools(r.now)
	if len(plan) == 0 {
		t.Fatal("nobody is asked")
	}
	r.now = p.Deadline - 9*freight.Minute
	if err := r.round(plan[0])[0].Err; freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("asked nine minutes before the deadline: %v", err)
	}
	for _, cmd := range r.engine.PlanPools(r.now) {
		if _, joins := cmd.Act.(freight.JoinPool); joins {
			t.Errorf("nobody could answer, and it is planned: %+v", cmd.Act)
		}
	}
}
