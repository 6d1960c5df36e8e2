package book

import (
	"testing"

	"pinhuo/freight"
)

// booked is a world in which a truck that sets out in two days carries a load, and its
// driver has been asked whether he drives.
func booked(t *testing.T) (*world, *freight.Trip) {
	t.Helper()
	w := newWorld(t)
	leases := freight.DefaultLeases()
	w.book.env.Leases = &leases
	terms := w.tripTerms("A", km(0, 0), km(100, 0), 5_000_000)
	for i := range terms.Stops {
		terms.Stops[i].Window.Open += 48 * freight.Hour
		terms.Stops[i].Window.Close += 48 * freight.Hour
	}
	load := w.loadTerms(km(10, 0), km(80, 0), 840_000)
	load.Pickup.Window.Close += 60 * freight.Hour
	load.Delivery.Window.Close += 60 * freight.Hour
	trip := w.must("og_a", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
	l := w.must("og_firm", freight.PostLoad{Terms: load, Direct: flat(km(10, 0), km(80, 0))}).Load
	w.ask(l, trip)
	if _, err := w.accept(l.ID, trip.ID); err != nil {
		t.Fatal(err)
	}
	w.now = trip.Again.Ask + 1
	for range 2 { // whether it is still true is asked on its own
		w.must("", freight.Tick{Clock: freight.Clock{Kind: freight.ClockStill, ID: trip.ID, At: trip.Again.Ask}})
	}
	return w, w.book.Trip(trip.ID)
}

// counts is what has been counted of a driver's word.
func (w *world) counts() (asked, said int64) {
	for _, day := range w.book.pastOf("og_a") {
		asked, said = asked+day.AskedAgain, said+day.Reconfirmed
	}
	return asked, said
}

// Who says in time that he drives is counted so; who says it too late is not, though it
// is told all the same.
func TestALateWordIsNotCounted(t *testing.T) {
	for _, late := range []bool{false, true} {
		w, trip := booked(t)
		if trip.Again.Asked != w.now || !trip.Again.Open() {
			t.Fatalf("not asked: %+v", trip.Again)
		}
		if late {
			w.now = trip.Again.Until + 1
			for range 2 {
				w.must("", freight.Tick{Clock: freight.Clock{Kind: freight.ClockLapse, ID: trip.ID, At: trip.Again.Until}})
			}
		}
		w.must("og_a", freight.KeepTrip{Trip: trip.ID})
		w.must("og_a", freight.KeepTrip{Trip: trip.ID}) // twice is once
		asked, said := w.counts()
		if want := map[bool]int64{false: 1}[late]; asked != 1 || said != want {
			t.Errorf("late %t: %d of %d, want %d of 1", late, said, asked, want)
		}
		told := 0
		for _, e := range w.told {
			if e.Type == freight.EventBookingAgain && e.Audience == "og_firm" {
				told++
			}
		}
		if told != 1 {
			t.Errorf("late %t: the shipper was told %d times that he drives", late, told)
		}
	}
}

// Who takes the trip back instead has broken his word, not kept silent.
func TestANoIsNotCountedAsSilence(t *testing.T) {
	w, trip := booked(t)
	w.must("og_a", freight.CancelTrip{Trip: trip.ID})
	if asked, said := w.counts(); asked != 0 || said != 0 {
		t.Errorf("%d of %d", said, asked)
	}
}
