package book

import (
	"testing"

	"pinhuo/freight"
)

// homed is a truck that belongs at km 0 and goes to km 100.
func homed(w *world) *freight.Trip {
	w.t.Helper()
	terms := w.tripTerms("A", km(0, 0), km(100, 0), 5_000_000)
	terms.Chain = &freight.Chain{Home: &freight.Place{Point: km(0, 0), Town: "home"}}
	return w.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
}

// behind is the way back of a trip, setting out so long after the truck is there.
func (w *world) behind(first *freight.Trip, wait freight.Instant) freight.AnnounceTrip {
	first = w.book.Trip(first.ID)
	end := first.Stops[len(first.Stops)-1]
	end.Window = freight.Window{Open: first.Done() + wait, Close: first.Done() + wait + 4*freight.Hour}
	home := freight.Stop{Place: freight.Place{Point: km(0, 0), Town: "home"}, Window: freight.Window{Open: end.Window.Open, Close: end.Window.Open + 12*freight.Hour}}
	terms := w.tripTerms("A", km(0, 0), km(100, 0), 5_000_000)
	terms.Stops, terms.Chain = []freight.Stop{end, home}, &freight.Chain{After: first.ID}
	return freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(end.Place.Point, home.Place.Point)}}
}

// homewards is a load for the way back, which may be picked up from the fourth hour on.
func (w *world) homewards() *freight.Load {
	w.t.Helper()
	terms := w.loadTerms(km(95, 2), km(10, 2), 900_000)
	terms.Pickup.Window = freight.Window{Open: start + 3*freight.Hour, Close: start + 12*freight.Hour}
	return w.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(km(95, 2), km(10, 2))}).Load
}

func TestATripFollowsAnother(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	closes, lease := first.Stops[1].Window.Close, first.Lease
	late := w.behind(first, -freight.Second)
	if e := w.refused(freight.ProblemRange, "og_truck", late); e.Field != "stops[0].window.open" || e.Min != first.Done().String() {
		t.Errorf("%+v", e)
	}
	act := w.behind(first, 30*freight.Minute)
	elsewhere := act
	elsewhere.Terms.Stops = append([]freight.Stop(nil), act.Terms.Stops...)
	elsewhere.Terms.Stops[0].Place.Point = km(99, 0)
	w.refused(freight.ProblemSplit, "og_truck", elsewhere)
	w.refused(freight.ProblemUnknown, "og_other", freight.AnnounceTrip{Terms: otherPlate(act.Terms), Legs: act.Legs})
	w.refused(freight.ProblemSplit, "og_truck", freight.AnnounceTrip{Terms: otherPlate(act.Terms), Legs: act.Legs})
	plain := act
	plain.Terms.Chain = nil
	w.refused(freight.ProblemOverlap, "og_truck", plain) // the window of the first is still open

	back := w.must("og_truck", act).Trip
	shut := w.book.Trip(first.ID)
	if shut.Ends() != back.Starts() || shut.Lease != shut.Ends() || shut.Tie.Next != back.ID || shut.Tie.Closed != closes || back.Tie.Risk != 100 {
		t.Fatalf("%+v, %+v", shut, shut.Tie)
	}
	if shut.Plan[1].Window != shut.Stops[1].Window || shut.Stated != first.Stated {
		t.Errorf("%+v", shut.Plan[1])
	}
	w.refused(freight.ProblemOverlap, "og_truck", act) // one follows it already
	edit := first.TripTerms
	w.refused(freight.ProblemOverlap, "og_truck", freight.EditTrip{Trip: first.ID, Version: shut.Version, Terms: edit, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}})

	w.must("og_truck", freight.CancelTrip{Trip: back.ID})
	if open := w.book.Trip(first.ID); open.Stops[1].Window.Close != closes || open.Plan[1].Window.Close != closes || open.Lease != lease || open.Tied().Next != "" {
		t.Errorf("not given back: %+v", open)
	}
}

// What another trip of the vehicle has taken meanwhile is not given back.
func TestAWindowIsGivenBackAsFarAsItIsFree(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	short := w.behind(first, 30*freight.Minute)
	short.Terms.Stops[1].Window.Close = short.Terms.Stops[0].Window.Open + 2*freight.Hour
	back := w.must("og_truck", short).Trip
	third := w.tripTerms("A", km(0, 0), km(50, 0), 5_000_000)
	for i := range third.Stops {
		third.Stops[i].Window = freight.Window{Open: back.Ends(), Close: back.Ends() + 4*freight.Hour}
	}
	next := w.must("og_truck", freight.AnnounceTrip{Terms: third, Legs: []freight.Leg{flat(km(0, 0), km(50, 0))}}).Trip
	w.must("og_truck", freight.CancelTrip{Trip: back.ID})
	if open := w.book.Trip(first.ID); open.Ends() != next.Starts() || next.Starts() >= first.Ends() {
		t.Errorf("the first ends by %v, the next begins at %v", open.Ends(), next.Starts())
	}
}

func otherPlate(terms freight.TripTerms) freight.TripTerms {
	terms.Vehicle.Plate.Number = "苏FZ"
	return terms
}

// Loads that the first trip takes later leave the second its beginning.
func TestTheFirstOfTwoTripsIsInTimeForTheSecond(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	back := w.must("og_truck", w.behind(first, 30*freight.Minute)).Trip
	l := w.post(km(20, 0), km(80, 0), 900_000, w.book.Trip(first.ID)) // two stops of ten minutes
	if _, err := w.accept(l.ID, first.ID); err != nil {
		t.Fatal(err)
	}
	if now := w.book.Trip(first.ID); now.Done() > back.Starts() || now.Done() <= first.Done() {
		t.Errorf("done at %v, the next begins at %v", now.Done(), back.Starts())
	}
	far := w.must("og_firm", freight.PostLoad{Terms: w.loadTerms(km(30, 10), km(70, 10), 900_000), Direct: flat(km(30, 10), km(70, 10))}).Load
	w.refused(freight.ProblemStale, "", freight.Propose{Load: far.ID, Version: far.Version, Matches: []freight.Match{{Trip: first.ID, TripVersion: 1}}})
}

// The risk goes down as the first trip gets on, and with it what the value of the second
// is worth less.
func TestTheRiskOfTheSecondTripEndsWithTheFirst(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	back := w.must("og_truck", w.behind(first, 30*freight.Minute)).Trip
	for _, step := range []struct {
		kind freight.ClockKind
		risk int64
	}{{freight.ClockDepart, 30}, {freight.ClockTrip, 0}} {
		trip := w.book.Trip(first.ID)
		w.now = tripClock(first.ID, trip).At + 1
		w.must("", freight.Tick{Clock: freight.Clock{At: w.now, Kind: step.kind, ID: first.ID}})
		if tied := w.book.Trip(back.ID).Tied(); tied.Risk != step.risk {
			t.Errorf("after %s the risk is %d per mille", step.kind, tied.Risk)
		}
	}
}

// A trip that is taken back takes the one after it along; what that carried is posted
// anew, first in line.
func TestATakenBackTripTakesTheNextAlong(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	back := w.must("og_truck", w.behind(first, 30*freight.Minute)).Trip
	l := w.homewards()
	w.ask(l, back)
	if _, err := w.accept(l.ID, back.ID); err != nil {
		t.Fatal(err)
	}
	w.must("og_truck", freight.CancelTrip{Trip: first.ID})
	if w.book.Trip(first.ID) != nil || w.book.Trip(back.ID) != nil {
		t.Error("a trip is left")
	}
	if now := w.book.Load(l.ID); now.State != freight.LoadPosted || !now.First {
		t.Errorf("%s, first in line %v", now.State, now.First)
	}
}

// By roads on which a stop can make a way shorter, a trip may be done later once a load
// has left it. The next one then sets out later, and what it can no longer serve in time
// is posted anew.
func TestATripThatIsLateMovesTheNext(t *testing.T) {
	for _, c := range []struct {
		late        freight.Instant
		stays, left bool
	}{{freight.Hour, true, true}, {9 * freight.Hour, false, true}, {90 * freight.Hour, false, false}} {
		w := newWorld(t)
		first := homed(w)
		act := w.behind(first, 30*freight.Minute)
		act.Terms.Stops[0].Window.Close += 10 * freight.Hour
		act.Terms.Stops[1].Window.Close += 20 * freight.Hour
		back := w.must("og_truck", act).Trip
		l := w.homewards()
		w.ask(l, back)
		if _, err := w.accept(l.ID, back.ID); err != nil {
			t.Fatal(err)
		}
		slow := *w.book.Trip(first.ID)
		slow.Plan = append([]freight.Call(nil), slow.Plan...)
		slow.Plan[1].Leave = back.Starts() + c.late
		fork := w.book.Fork()
		if err := newTurn(fork, w.now).keepNext(&slow); err != nil {
			t.Fatal(err)
		}
		now, load := fork.Trip(back.ID), fork.Load(l.ID)
		if stays := load.State == freight.LoadCommitted; stays != c.stays || !stays && !load.First {
			t.Errorf("%v late: the load is %s", c.late, load.State)
		}
		if left := now != nil && now.Live(); left != c.left || left && (now.Starts() < slow.Done() || now.Plan[0].Start < slow.Done()) {
			t.Errorf("%v late: the next trip %+v", c.late, now)
		}
	}
}

func newTurn(b *Book, now freight.Instant) *turn {
	t := &turn{Book: b, now: now}
	t.fit.Costs, t.fit.Measure, t.fit.Now = b.env.Costs, b.env.Measure, now
	return t
}

func TestAReloadIsJudgedAgain(t *testing.T) {
	w := newWorld(t)
	first := homed(w)
	l := w.homewards()
	act := freight.ProposeReload{Trip: first.ID, Version: first.Version, Lines: []freight.Line{{Load: l.ID, Version: l.Version}}}
	far := w.post(km(10, 0), km(90, 0), 900_000)
	for _, bad := range []freight.ProposeReload{
		{Trip: first.ID, Version: first.Version},
		{Trip: "tr_none", Version: 1, Lines: act.Lines},
		{Trip: first.ID, Version: 0, Lines: act.Lines},
		{Trip: first.ID, Version: 1, Lines: []freight.Line{act.Lines[0], act.Lines[0]}},
		{Trip: first.ID, Version: 1, Lines: []freight.Line{{Load: far.ID, Version: far.Version}}},
		{Trip: first.ID, Version: 1, Lines: []freight.Line{{Load: l.ID}}},
	} {
		w.refused(freight.ProblemStale, "", bad)
	}
	told := w.must("", act).Trip.Tie.Reload
	if len(told.Lines) != 1 || told.Lines[0].Load != l.ID || told.Price != told.Lines[0].Price || told.Told != 1 || told.Risk != 100 {
		t.Errorf("%+v", told)
	}
	w.now += 2 * freight.Hour
	w.refused(freight.ProblemStale, "", act) // he knows
	terms := w.tripTerms("B", km(0, 0), km(100, 0), 5_000_000)
	other := w.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
	w.refused(freight.ProblemStale, "", freight.ProposeReload{Trip: other.ID, Version: 1, Lines: act.Lines}) // it has no home
}
