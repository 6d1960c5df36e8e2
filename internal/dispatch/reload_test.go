package dispatch

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"pinhuo/freight"
)

// homeHaimen is a truck that belongs to Haimen and goes to Changzhou.
func homeHaimen(plate string) freight.Command {
	cmd := announce(plate, 5_000_000)
	act := cmd.Act.(freight.AnnounceTrip)
	act.Terms.Chain = &freight.Chain{Home: &freight.Place{Point: haimen, Town: "town"}}
	cmd.Act = act
	return cmd
}

// homewards is a load from near Changzhou to near Haimen, in the evening.
func homewards(n int) freight.Command {
	from, to := changzhou, haimen
	from.LngE7 += int32(n) * 20_000
	to.LatE7 += int32(n) * 20_000
	return freight.Command{Org: "og_firm", Actor: "us_clerk", Act: freight.PostLoad{Terms: freight.LoadTerms{
		Goods: "crates", Pickup: stop(from, 4*freight.Hour, 12*freight.Hour), Delivery: stop(to, 4*freight.Hour, 20*freight.Hour),
		Size: freight.Size{Room: freight.Room{Grams: 2_000_000, Millilitres: 4_000_000, FloorMM: 2000}}, Ceiling: 1_000_000}}}
}

// wayHome is the trip that a reload would be, as its operator announces it.
func wayHome(trip *freight.Trip) freight.Command {
	r, end := trip.Tie.Reload, trip.Stops[len(trip.Stops)-1]
	return freight.Command{Org: trip.Org, Actor: "us_driver", Act: freight.AnnounceTrip{Terms: freight.TripTerms{
		Vehicle: trip.Vehicle, Rooms: []freight.Room{trip.Vehicle.Inner.Room(trip.Vehicle.Payload)}, Limits: trip.Limits,
		Stops: []freight.Stop{{Place: end.Place, Window: r.Departs}, {Place: *trip.Home(), Window: freight.Window{Open: r.Departs.Open, Close: r.Back}}},
		Chain: &freight.Chain{Home: trip.Home(), After: trip.ID}}}}
}

func TestATruckIsToldWhatItCouldCarryHome(t *testing.T) {
	r := newRig(t)
	r.done(homeHaimen("1"))
	first := r.done(homewards(0)).Load
	second := r.done(homewards(1)).Load
	r.settle()
	if offers := r.engine.live.OpenOffers(first.ID); len(offers) != 0 {
		t.Fatalf("a truck that goes the other way is asked: %+v", offers[0])
	}
	plan := r.engine.PlanReloads(r.now)
	if len(plan) != 1 {
		t.Fatalf("%d reloads", len(plan))
	}
	trip := r.done(plan[0]).Trip
	told := trip.Tie.Reload
	if len(told.Lines) != 2 || told.Price != told.Lines[0].Price+told.Lines[1].Price || told.Value != told.First+told.Then*900/1000 || told.Then <= 0 {
		t.Fatalf("%+v", told)
	}
	if r.heard("og_truck", freight.EventTripReload) != 1 || r.heard("og_firm", freight.EventTripReload) != 0 {
		t.Error("who was told?")
	}
	if again := r.engine.PlanReloads(r.now + 2*freight.Hour); len(again) != 0 {
		t.Errorf("told twice: %+v", again)
	}
	r.engine.restore(r.ledger.state) // nor after a restart
	if again := r.engine.PlanReloads(r.now + 2*freight.Hour); len(again) != 0 {
		t.Errorf("told twice: %+v", again)
	}
	back := r.done(wayHome(trip)).Trip
	r.settle()
	for _, l := range []freight.ID{first.ID, second.ID} {
		offers := r.engine.live.OpenOffers(l)
		if len(offers) != 1 || offers[0].Trip != back.ID {
			t.Fatalf("offers %+v", offers)
		}
	}
	if back.Tie.Risk != 100 || r.engine.live.Trip(trip.ID).Tie.Next != back.ID {
		t.Errorf("%+v, %+v", back.Tie, r.engine.live.Trip(trip.ID).Tie)
	}
	if more := r.engine.PlanReloads(r.now + 3*freight.Hour); len(more) != 0 {
		t.Errorf("told of a way home that is announced: %+v", more)
	}
	r.done(accept(r.engine.live.OpenOffers(first.ID)[0]))
	r.done(freight.Command{Org: trip.Org, Act: freight.CancelTrip{Trip: trip.ID}})
	if r.engine.live.Trip(back.ID) != nil {
		t.Error("a truck sets out from where it will never be")
	}
	if l := r.engine.live.Load(first.ID); l.State != freight.LoadPosted || !l.First {
		t.Errorf("its load is %s, first in line %v", l.State, l.First)
	}
}

// A load is told to one operator at a time, and to none while somebody is asked for it.
func TestALoadIsToldToOneTruck(t *testing.T) {
	r := newRig(t)
	r.done(homeHaimen("1"))
	r.done(homeHaimen("2"))
	load := r.done(homewards(0)).Load
	r.settle()
	plan := r.engine.PlanReloads(r.now)
	if len(plan) != 1 {
		t.Fatalf("%d are told of one load", len(plan))
	}
	asker := announce("3", 5_000_000)
	act := asker.Act.(freight.AnnounceTrip)
	act.Terms.Stops = []freight.Stop{stop(changzhou, 4*freight.Hour, 10*freight.Hour), stop(haimen, 4*freight.Hour, 20*freight.Hour)}
	act.Terms.Rooms = []freight.Room{{Grams: 5_000_000, Millilitres: 40_000_000, FloorMM: 9000}}
	asker.Act = act
	r.done(asker)
	r.settle()
	if len(r.engine.live.OpenOffers(load.ID)) != 1 {
		t.Fatal("nobody is asked for it")
	}
	if err := r.round(plan[0])[0].Err; freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("told of a load that another is asked for: %v", err)
	}
	if again := r.engine.PlanReloads(r.now); len(again) != 0 {
		t.Errorf("planned: %+v", again)
	}
}

// However many loads come, an operator is told a few times and no more.
func TestNoStormOfReloads(t *testing.T) {
	r := newRig(t)
	trip := r.done(homeHaimen("1")).Trip
	for n := range 40 {
		r.done(homewards(n))
		r.settle()
		for _, cmd := range r.engine.PlanReloads(r.now) {
			r.round(cmd)
		}
		r.now += 5 * freight.Minute
	}
	told := r.heard("og_truck", freight.EventTripReload)
	if told < 2 || told > freight.MostReloads {
		t.Errorf("told %d times", told)
	}
	if last := r.engine.live.Trip(trip.ID).Tie.Reload; int(last.Told) != told {
		t.Errorf("%+v", last)
	}
}

func TestThePlannerOfReloadsRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.engine.cfg.Reloads = time.Minute
		r.round(homeHaimen("1"), homewards(0))
		d := NewDispatcher(r.engine, func() freight.Instant { return r.now })
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- d.Run(ctx, 1) }()
		<-time.After(3 * time.Minute)
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if n := r.heard("og_truck", freight.EventTripReload); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}
