package book

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
	"pinhuo/matcher"
)

// onTheRoad is a world with a truck that has set out, a load of it booked.
func onTheRoad(t *testing.T) (*world, *freight.Trip, freight.ID) {
	t.Helper()
	w := newWorld(t)
	tr := w.announce("1", km(0, 0), km(100, 0), 5_000_000)
	l := w.post(km(0, 0), km(100, 0), 1000)
	w.ask(l, tr)
	booked, err := w.accept(l.ID, tr.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.now = w.book.Trip(tr.ID).Plan[0].Leave + 1
	w.must("", freight.Tick{Clock: freight.Clock{At: w.now - 1, Kind: freight.ClockDepart, ID: tr.ID}})
	return w, w.book.Trip(tr.ID), booked.Booking.ID
}

// TestADelayForecastsAndChangesNoPromise: the plan and the booking are after it as before.
func TestADelayForecastsAndChangesNoPromise(t *testing.T) {
	w, tr, id := onTheRoad(t)
	before := *w.book.bookings.get(id)
	late := *w.must("og_truck", freight.DelayTrip{Trip: tr.ID, LateS: 1800, Why: freight.DelayTraffic}).Trip
	if !slices.Equal(late.Plan, tr.Plan) || w.book.bookings.get(id).PickupBy != before.PickupBy || w.book.bookings.get(id).DropBy != before.DropBy {
		t.Errorf("the plan was %+v and is %+v", tr.Plan, late.Plan)
	}
	_, drop := late.Expected(before.Load)
	if _, planned := expectedIfOnTime(w, &late).Expected(before.Load); drop != planned.After(1800) {
		t.Errorf("expected at %v, on time at %v", drop, planned)
	}
	again := w.must("og_truck", freight.DelayTrip{Trip: tr.ID, LateS: 1800, Why: freight.DelayTraffic}).Trip
	older := w.must("og_truck", freight.DelayTrip{Trip: tr.ID, LateS: 60, At: w.now - 1}).Trip
	if again.Version != late.Version || older.Version != late.Version {
		t.Errorf("versions %d, %d and %d", late.Version, again.Version, older.Version)
	}
	w.refused(freight.ProblemUnknown, "og_firm", freight.DelayTrip{Trip: tr.ID, LateS: 1800})
}

func expectedIfOnTime(w *world, tr *freight.Trip) *freight.Trip {
	road, next := *tr.Road, *tr
	fit := matcher.Fit{Measure: w.book.env.Measure, Now: w.now}
	road.Ahead, next.Road = fit.Ahead(tr, road.From, 0), &road
	return &next
}

// TestALateTruckTakesNothingNew: its offers end, it is asked for nothing, and it is open to
// loads once it is on time again.
func TestALateTruckTakesNothingNew(t *testing.T) {
	w, tr, _ := onTheRoad(t)
	l := w.post(km(50, 0), km(100, 0), 1000)
	w.ask(l, tr)
	if len(w.book.OpenOffers(l.ID)) != 1 {
		t.Fatal("it was not asked while it was on time")
	}
	w.must("og_truck", freight.DelayTrip{Trip: tr.ID, LateS: 600})
	if open := w.book.OpenOffers(l.ID); len(open) != 0 {
		t.Errorf("still asked: %+v", open)
	}
	w.refused(freight.ProblemStale, "", freight.Propose{Load: l.ID, Version: w.book.Load(l.ID).Version, Matches: []freight.Match{{Trip: tr.ID, TripVersion: w.book.Trip(tr.ID).Version}}})
	w.must("og_truck", freight.DelayTrip{Trip: tr.ID})
	if now := w.book.Trip(tr.ID); now.Late() || !now.Matchable(w.now) {
		t.Errorf("on time again, and %+v", now.Road)
	}
}

// TestForecastsOfAnyDelay: however late, a call is expected no earlier than planned, in the
// order of the plan, and later with every second more.
func TestForecastsOfAnyDelay(t *testing.T) {
	w, tr, _ := onTheRoad(t)
	r := rand.New(rand.NewPCG(seed.Of(t), 0))
	fit := matcher.Fit{Measure: w.book.env.Measure, Now: w.now}
	for range 500 {
		trip := *tr
		trip.Duty = []freight.Duty{{}, {DriveS: 1800, RestS: 1200}, {DriveS: 900, RestS: 600, DayS: 3600, ResetS: 7200}}[r.IntN(3)]
		from, late := 1+r.IntN(len(tr.Plan)-1), r.Int64N(86_400)
		least, last := tr.Plan[from-1].Leave.After(late), freight.Instant(0)
		for k, a := range fit.Ahead(&trip, from, late) {
			more := fit.Ahead(&trip, from, late+1)[k]
			if a.Arrive < least || a.Start < a.Arrive || a.Leave < a.Start || a.Start < tr.Plan[from+k].Start || more.Start < a.Start || a.Arrive < last {
				t.Fatalf("%d s late before call %d of %+v: %+v, then %+v", late, from+k, trip.Duty, a, more)
			}
			last = a.Leave
		}
	}
}
