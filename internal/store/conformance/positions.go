package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testPositions checks where trucks were, and who may know.
func testPositions(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	ctx, s := t.Context(), w.Store
	load, vehicle := w.Load(), w.Vehicle()
	trip := w.Trip(vehicle)
	offer := w.Offer(load, trip)
	booking := w.Booking(load, offer)
	load.State, offer.State, trip.State = freight.LoadCommitted, freight.OfferAccepted, freight.TripUnderway
	gone, released := w.Trip(vehicle), booking
	gone.ID, gone.Ref, gone.State = w.ID(freight.PrefixTrip), "T-gone", freight.TripCancelled
	released.ID, released.Offer, released.State, released.Cause = w.ID(freight.PrefixBooking), w.ID(freight.PrefixOffer), freight.BookingReleased, freight.ReasonDeclined
	c := w.Commit()
	c.Vehicles = []freight.Row[freight.Vehicle]{{Value: vehicle}}
	c.Loads = []freight.Row[freight.Load]{{Value: load}}
	c.Trips = []freight.Row[freight.Trip]{{Value: trip}, {Value: gone}}
	c.Offers = []freight.Row[freight.Offer]{{Value: offer}}
	c.Bookings = []freight.Row[freight.Booking]{{Value: booking}, {Value: released}}
	w.Send(c)

	_, _, err := s.Whereabouts(ctx, w.of(w.Carrier), released.ID)
	equal(t, "who is off the truck", freight.ProblemOf(err), freight.ProblemState)
	last, _, err := s.Whereabouts(ctx, w.of(w.Shipper), booking.ID)
	w.ok(err)
	equal(t, "nothing told", last, freight.Position{})

	leave, now := trip.Plan[0].Leave, trip.Plan[0].Leave+freight.Hour
	at := func(minutes freight.Instant) freight.Position {
		return freight.Position{Trip: trip.ID, At: leave + minutes*freight.Minute, AccuracyM: 15,
			Point: freight.Point{LatE7: 318_900_000 + int32(minutes)*90_000, LngE7: 1_211_700_000}}
	}
	far := at(30)
	far.Point.LatE7 += 20_000_000
	told := []freight.Position{at(20), at(0), far, at(10)}
	sifted := must(s.AddPositions(ctx, w.of(w.Carrier), trip.ID, told, now))(t)
	equal(t, "kept", len(sifted.Kept), 3)
	equal(t, "refused", []string{sifted.Faults[0].Field, string(sifted.Faults[0].Problem)}, []string{"positions[2].at", "too_fast"})
	again := must(s.AddPositions(ctx, w.of(w.Carrier), trip.ID, append(told, at(5)), now))(t)
	equal(t, "of the same again and one between", []int{len(again.Kept), again.Thin, len(again.Faults)}, []int{1, 3, 1})

	for i := range told {
		told[i].Got = now
	}
	between := at(5)
	between.Got = now
	page := must(s.Positions(ctx, w.of(w.Carrier), trip.ID, 0, 9))(t)
	equal(t, "the track", page.Rows, []freight.Position{told[1], between, told[3], told[0]})
	equal(t, "its number", page.Seq, w.State.EventSeq)
	page = must(s.Positions(ctx, w.all(), trip.ID, told[3].At, 1))(t)
	equal(t, "a part of it, for the desk", page.Rows, []freight.Position{told[3]})
	for _, scope := range []freight.Scope{w.of(w.Shipper), w.of(w.Carrier), w.all()} {
		last, seq, err := s.Whereabouts(ctx, scope, booking.ID)
		w.ok(err)
		equal(t, "the last of it", last, told[0])
		equal(t, "its number", seq, w.State.EventSeq)
	}

	_, err = s.Positions(ctx, w.of(w.Shipper), trip.ID, 0, 9)
	wantMissing(t, "a rider asking for the whole track", err)
	_, err = s.AddPositions(ctx, w.of(w.Shipper), trip.ID, told, now)
	wantMissing(t, "a rider telling where the truck is", err)
	_, _, err = s.Whereabouts(ctx, w.of(freight.Org{ID: "og_none"}), booking.ID)
	wantMissing(t, "a stranger asking for the truck", err)
	_, err = s.AddPositions(ctx, w.of(w.Carrier), gone.ID, told, now)
	equal(t, "a cancelled trip", freight.ProblemOf(err), freight.ProblemState)

	equal(t, "swept", must(s.SweepPositions(ctx, leave+freight.PositionsKept+6*freight.Minute))(t), 2)
	equal(t, "swept again", must(s.SweepPositions(ctx, leave+freight.PositionsKept+6*freight.Minute))(t), 0)
	equal(t, "left", len(must(s.Positions(ctx, w.of(w.Carrier), trip.ID, 0, 9))(t).Rows), 2)
}
