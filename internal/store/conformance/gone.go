package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testGone checks which trips a writer is told of that have left the market:
// those that left since the oldest posted load was posted, each as it was
// before, once for each time it left.
func testGone(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	v := w.Vehicle()
	gone := func() []freight.Departed { return must(w.Store.Reload(t.Context(), w.Market.ID))(t).Gone }
	history := func(trip freight.Trip, at freight.Instant, states ...freight.TripState) []freight.Trip {
		c := w.Commit()
		var versions []freight.Trip
		for i, state := range states {
			trip.Version, trip.State = int64(i)+1, state
			versions = append(versions, trip)
			c.Records = append(c.Records, freight.TripRecord{At: at + freight.Instant(i), Trip: trip})
		}
		c.Trips = []freight.Row[freight.Trip]{{Value: trip}}
		w.Send(c)
		return versions
	}
	early := history(w.Trip(v), Start-freight.Hour, freight.TripOpen, freight.TripCancelled)
	lapsed := history(w.Trip(v), Start, freight.TripOpen, freight.TripUnderway, freight.TripLapsed, freight.TripCompleted)
	again := history(w.Trip(v), Start+freight.Minute, freight.TripOpen, freight.TripCancelled, freight.TripOpen, freight.TripCompleted)
	history(w.Trip(v), Start, freight.TripOpen, freight.TripUnderway)
	equal(t, "trips gone without a load", gone(), []freight.Departed(nil))
	closed := w.Load()
	closed.State, closed.Posted = freight.LoadClosed, Start-freight.Day
	c := w.Commit()
	w.Post(c, closed, "")
	w.Post(c, w.Load(), "")
	w.Send(c)
	since := []freight.Departed{{Trip: lapsed[1], Left: Start + 2},
		{Trip: again[0], Left: Start + freight.Minute + 1}, {Trip: again[2], Left: Start + freight.Minute + 3}}
	equal(t, "trips gone since the load was posted", gone(), since)
	old := w.Load()
	old.Posted = Start - 2*freight.Hour
	w.post(old)
	equal(t, "trips gone since an older load was posted", gone(), append([]freight.Departed{{Trip: early[0], Left: Start - freight.Hour + 1}}, since...))
}
