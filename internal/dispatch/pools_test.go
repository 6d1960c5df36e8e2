package dispatch

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pinhuo/freight"
)

// crates is a load of one of many firms from near Haimen to near Changzhou.
func crates(n int) freight.Command {
	from, to := haimen, changzhou
	from.LngE7 += int32(n) * 100_000
	to.LatE7 += int32(n) * 100_000
	return freight.Command{Org: freight.ID(fmt.Sprint("og_firm", n)), Actor: "us_clerk", Act: freight.PostLoad{Terms: freight.LoadTerms{
		Goods: "crates", Pickup: stop(from, 6*freight.Hour, 10*freight.Hour), Delivery: stop(to, 6*freight.Hour, 20*freight.Hour),
		Size: freight.Size{Room: freight.Room{Grams: 2_000_000, Millilitres: 4_000_000, FloorMM: 2000}}}}}
}

// pooled posts loads of n firms and has them asked to share a truck.
func pooled(t *testing.T, n int) (r *rig, loads []*freight.Load, p freight.Pool) {
	t.Helper()
	r = newRig(t)
	for plate, kind := range []freight.VehicleType{freight.Type6M8, freight.Type9M6} { // so that they are known
		cmd := announce(fmt.Sprint(plate), 5_000_000)
		act := cmd.Act.(freight.AnnounceTrip)
		act.Terms.Vehicle.Type = kind
		cmd.Act = act
		r.round(freight.Command{Org: "og_truck", Act: freight.CancelTrip{Trip: r.done(cmd).Trip.ID}})
	}
	for i := range n {
		loads = append(loads, r.round(crates(i))[0].Result.Load)
	}
	r.settle()
	plan := r.engine.PlanPools(r.now)
	if len(plan) != 1 {
		t.Fatalf("%d pools: %+v", len(plan), plan)
	}
	p = *r.done(plan[0]).Pool
	if again := r.engine.PlanPools(r.now); len(again) != 0 {
		t.Fatalf("loads in a pool are pooled again: %+v", again)
	}
	return r, loads, p
}

// done applies a command that must be done.
func (r *rig) done(cmd freight.Command) freight.Result {
	r.t.Helper()
	o := r.round(cmd)[0]
	if o.Err != nil {
		r.t.Fatalf("%T: %v", cmd.Act, o.Err)
	}
	return o.Result
}

func yes(n int, p *freight.Pool) freight.Command {
	return freight.Command{Org: freight.ID(fmt.Sprint("og_firm", n)), Actor: "us_clerk", Act: freight.ConsentPool{Pool: p.ID, Version: p.Version}}
}

func no(n int, p *freight.Pool) freight.Command {
	return freight.Command{Org: freight.ID(fmt.Sprint("og_firm", n)), Actor: "us_clerk", Act: freight.DeclinePool{Pool: p.ID}}
}

func take(p *freight.Pool, plate string) freight.Command {
	v := announce(plate, 0).Act.(freight.AnnounceTrip).Terms.Vehicle
	v.Type = p.Type
	return freight.Command{Org: "og_truck", Actor: "us_driver", Act: freight.TakePool{Pool: p.ID, Version: p.Version, Vehicle: v}}
}

func (r *rig) pool(id freight.ID) *freight.Pool {
	for i := range r.ledger.state.Pools {
		if p := &r.ledger.state.Pools[i]; p.ID == id {
			return p
		}
	}
	r.t.Fatalf("no pool %s", id)
	return nil
}

func (r *rig) member(load freight.ID) *freight.Member {
	for i := range r.ledger.state.Members {
		if m := &r.ledger.state.Members[i]; m.Load == load {
			return m
		}
	}
	r.t.Fatalf("%s is no member", load)
	return nil
}

// split wants that the shares of those counted are the price, each within its promise.
func (r *rig) split(pool freight.ID) {
	r.t.Helper()
	var sum freight.Fen
	for _, m := range r.engine.live.Members(pool) {
		sum += m.Share
		if m.Share > m.Most || m.Most*100 > m.Alone*90 {
			r.t.Errorf("%s pays %d of at most %d, alone %d", m.Load, m.Share, m.Most, m.Alone)
		}
	}
	if p := r.pool(pool); sum != p.Price {
		r.t.Errorf("the shares sum to %d, the hire is %d", sum, p.Price)
	}
}

func (r *rig) heard(org freight.ID, what freight.EventType) (n int) {
	for _, e := range r.told.events {
		if e.Audience == org && e.Type == what {
			n++
		}
	}
	return n
}

func TestFourFirmsHireOneTruck(t *testing.T) {
	r, loads, p := pooled(t, 4)
	r.split(p.ID)
	if p.State != freight.PoolConsenting || p.Deadline <= r.now || p.Deadline >= p.Departs {
		t.Fatalf("%+v", p)
	}
	for n := range 3 {
		r.done(yes(n, &p))
	}
	r.done(yes(2, &p)) // twice is once
	if err := r.round(take(&p, "1"))[0].Err; freight.CodeOf(err) != freight.NotFound {
		t.Errorf("taken before everybody had agreed: %v", err)
	}
	r.engine.restore(r.ledger.state) // a restart in the middle changes nothing
	tendered := r.done(yes(3, &p)).Pool
	if tendered.State != freight.PoolTendered || r.heard("og_truck", freight.EventPoolTendered) != 1 || r.heard("og_firm0", freight.EventPoolTendered) != 1 {
		t.Fatalf("%+v", tendered)
	}
	outcomes := r.round(take(tendered, "1"), take(tendered, "2"))
	if outcomes[0].Err != nil || freight.ProblemOf(outcomes[1].Err) != freight.ProblemTaken {
		t.Fatalf("%v, %v", outcomes[0].Err, outcomes[1].Err)
	}
	trip := outcomes[0].Result.Trip
	if trip == nil || len(trip.Plan) != 9 || r.pool(p.ID).State != freight.PoolCommitted {
		t.Fatalf("%+v", outcomes[0].Result)
	}
	var sum freight.Fen
	for n, l := range loads {
		k := r.engine.live.Load(l.ID)
		m := r.member(l.ID)
		if k.State != freight.LoadCommitted || m.Consent != freight.ConsentBooked || m.Booking != k.Booking || m.Booking == "" {
			t.Errorf("%s: %s, %+v", l.ID, k.State, m)
		}
		for _, b := range r.ledger.state.Bookings {
			if b.Load == l.ID {
				sum += b.Price
			}
		}
		if firm := freight.ID(fmt.Sprint("og_firm", n)); r.heard(firm, freight.EventBookingFirm) != 1 || r.heard(firm, freight.EventPoolCommitted) != 1 {
			t.Errorf("%s was not told of its booking", firm)
		}
	}
	if sum != tendered.Price {
		t.Errorf("booked for %d, the carrier was promised %d", sum, tendered.Price)
	}
}

// One that finds a truck of its own leaves; the others share anew, and nobody pays more
// than promised.
func TestAMemberTakenMeanwhile(t *testing.T) {
	r, loads, p := pooled(t, 4)
	for n := range 4 {
		r.done(yes(n, &p))
	}
	p = *r.pool(p.ID)
	cmd := announce("9", 0)
	act := cmd.Act.(freight.AnnounceTrip)
	act.Terms.Stops = []freight.Stop{stop(haimen, 6*freight.Hour, 8*freight.Hour), stop(changzhou, 6*freight.Hour, 18*freight.Hour)}
	act.Terms.Rooms = []freight.Room{{Grams: 2_500_000, Millilitres: 5_000_000, FloorMM: 2400}} // for one of them
	cmd.Act = act
	r.done(cmd)
	r.settle()
	gone := loads[0]
	offers := r.engine.live.OpenOffers(gone.ID)
	if len(offers) != 1 {
		t.Fatalf("%d offers", len(offers))
	}
	r.done(accept(offers[0]))
	after := r.pool(p.ID)
	if after.State != freight.PoolTendered || after.Version <= p.Version || r.member(gone.ID).Consent != freight.ConsentDropped {
		t.Fatalf("%+v, %+v", after, r.member(gone.ID))
	}
	r.split(p.ID)
	if err := r.round(take(&p, "1"))[0].Err; freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("taken at a price that has passed: %v", err)
	}
	if res := r.done(take(after, "1")); len(res.Trip.Plan) != 7 {
		t.Errorf("%d calls", len(res.Trip.Plan))
	}
}

// Where too few are left the pool is dissolved, everybody hears why, and the same
// company is not asked again; nor is who refused.
func TestAPoolThatComesToNothing(t *testing.T) {
	r, loads, p := pooled(t, 4)
	r.done(yes(0, &p))
	for n := 1; n < 4; n++ {
		r.round(no(n, r.pool(p.ID)))
	}
	if got := r.pool(p.ID); got.State != freight.PoolDissolved || got.Reason != freight.ReasonQuorum {
		t.Fatalf("%+v", got)
	}
	if r.heard("og_firm0", freight.EventPoolDissolved) != 1 || r.member(loads[0].ID).Consent != freight.ConsentReleased {
		t.Errorf("%+v", r.member(loads[0].ID))
	}
	r.round(crates(4), crates(5))
	r.settle()
	for range 2 {
		plan := r.engine.PlanPools(r.now)
		if len(plan) != 1 {
			t.Fatalf("%+v", plan)
		}
		for _, pick := range plan[0].Act.(freight.FormPool).Loads {
			if slices.ContainsFunc(loads[1:], func(l *freight.Load) bool { return l.ID == pick.Load }) {
				t.Errorf("%s refused and is asked again", pick.Load)
			}
		}
		r.engine.restore(r.ledger.state) // a restart forgets no refusal
	}
}

func TestClocksOfPools(t *testing.T) {
	r, loads, p := pooled(t, 4)
	for n := range 3 {
		r.done(yes(n, &p))
	}
	r.now = p.Deadline + 1
	r.round(r.engine.Due(r.now)...)
	p = *r.pool(p.ID)
	if p.State != freight.PoolTendered || r.member(loads[3].ID).Consent != freight.ConsentLapsed {
		t.Fatalf("three of four had agreed: %+v", p)
	}
	if err := r.round(yes(3, &p))[0].Err; freight.CodeOf(err) != freight.NotFound {
		t.Errorf("agreed too late: %v", err)
	}
	r.split(p.ID)
	r.now = p.Deadline + 1
	if err := r.round(take(&p, "1"))[0].Err; freight.ProblemOf(err) != freight.ProblemExpired {
		t.Errorf("taken too late: %v", err)
	}
	r.round(r.engine.Due(r.now)...)
	if got := r.pool(p.ID); got.State != freight.PoolDissolved || got.Reason != freight.ReasonUntaken {
		t.Fatalf("%+v", got)
	}
	if r.heard("og_truck", freight.EventPoolDissolved) != 1 {
		t.Error("operators were not told that it is gone")
	}
	for _, cmd := range r.engine.PlanPools(r.now) {
		t.Errorf("the same company is asked again: %+v", cmd)
	}
}

// An outage is given back, but no truck is hired too late to be there.
func TestAnOutageOfAPool(t *testing.T) {
	r, _, p := pooled(t, 3)
	r.now += freight.Hour / 2
	since := r.now
	r.now += freight.Hour / 2
	r.done(freight.Command{Act: freight.Resume{Since: since}})
	got := r.pool(p.ID)
	if left := p.Deadline - since; got.Deadline != r.now+min(left, r.now-since) && got.Deadline != p.Deadline || got.Version != p.Version {
		t.Errorf("deadline %v after an outage, before %v", got.Deadline, p.Deadline)
	}
	r.done(yes(0, &p))
}

// A truck that is smaller than the usual one of its type takes nothing by halves.
func TestATruckTooSmallForThePool(t *testing.T) {
	r, loads, p := pooled(t, 4)
	for n := range 4 {
		r.done(yes(n, &p))
	}
	p = *r.pool(p.ID)
	cmd := take(&p, "1")
	act := cmd.Act.(freight.TakePool)
	act.Vehicle.Payload = 3_000_000
	cmd.Act = act
	if err := r.round(cmd)[0].Err; freight.ProblemOf(err) != freight.ProblemUnfit {
		t.Fatalf("8 t on 3 t: %v", err)
	}
	if len(r.ledger.state.Bookings) != 0 || r.pool(p.ID).State != freight.PoolTendered || r.member(loads[0].ID).Consent != freight.ConsentGiven {
		t.Error("a refused take left traces")
	}
	act.Vehicle.Type = freight.TypeVan
	cmd.Act = act
	if err := r.round(cmd)[0].Err; freight.CodeOf(err) != freight.Invalid {
		t.Errorf("a van: %v", err)
	}
}

// A load that its shipper withdraws, changes or sees expire leaves its pool at once.
func TestALoadLeavesWithItsTerms(t *testing.T) {
	for name, act := range map[string]func(l *freight.Load) freight.Act{
		"withdrawn": func(l *freight.Load) freight.Act { return freight.WithdrawLoad{Load: l.ID} },
		"edited": func(l *freight.Load) freight.Act {
			return freight.EditLoad{Load: l.ID, Version: l.Version, Terms: crates(0).Act.(freight.PostLoad).Terms}
		},
	} {
		r, loads, p := pooled(t, 4)
		r.done(freight.Command{Org: "og_firm0", Act: act(loads[0])})
		if m := r.member(loads[0].ID); m.Consent != freight.ConsentDropped || string(m.Reason) != name {
			t.Errorf("%s: %+v", name, m)
		}
		if got := r.pool(p.ID); got.State != freight.PoolConsenting || len(r.engine.live.Members(p.ID)) != 3 {
			t.Errorf("%s: %+v", name, got)
		}
		r.split(p.ID)
	}
}

// A dispatcher forms pools by itself, at its period, and lets their clocks run out.
func TestPoolsAreFormedInTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.engine.cfg.Pools, r.engine.cfg.PoolAfter = 10*time.Minute, 25*time.Minute
		d := NewDispatcher(r.engine, fakeNow)
		stop := serve(t, r, d)
		for n := range 3 {
			if _, err := d.Do(context.Background(), shifted(crates(n))); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(21 * time.Minute)
		synctest.Wait()
		if n := count(r.told.types(), freight.EventPoolFormed); n != 0 {
			t.Errorf("%d were asked before a truck had time to pass by", n)
		}
		<-time.After(10 * time.Minute)
		synctest.Wait()
		if n := count(r.told.types(), freight.EventPoolFormed); n != 3 {
			t.Fatalf("%d were asked to share a truck, want 3: %v", n, r.told.types())
		}
		<-time.After(8 * time.Hour)
		synctest.Wait()
		if n := count(r.told.types(), freight.EventPoolLeft); n != 3 || count(r.told.types(), freight.EventPoolFormed) != 3 {
			t.Errorf("nobody answered, yet %v", r.told.types())
		}
		stop()
	})
}
