package matcher_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"pinhuo/freight"
	"pinhuo/matcher/remedy"
)

// bent is a world drawn from a number, with the fields of one load and one trip
// written over by the bytes, within what is admitted.
func bent(number uint16, bytes []byte) (w *world, trip *freight.Trip, load *freight.Load) {
	w = newWorld(1, int(number), 2, 2, byRoad)
	trip, load = w.trips[0], w.loads[0]
	take := func(least, most int64) int64 {
		var word [8]byte
		n := copy(word[:], bytes)
		bytes = bytes[n:]
		if n == 0 {
			return least
		}
		return least + int64(binary.LittleEndian.Uint64(word[:])%uint64(most-least+1))
	}
	window := func(old freight.Window) freight.Window {
		open := old.Open + freight.Instant(take(-48*3600, 48*3600))*freight.Second
		return freight.Window{Open: open, Close: open.After(take(0, 72*3600))}
	}
	for len(bytes) > 0 {
		switch take(0, 11) {
		case 0:
			load.Pickup.Window = window(load.Pickup.Window)
		case 1:
			load.Delivery.Window = window(load.Delivery.Window)
		case 2:
			load.Pickup.ServiceS, load.Delivery.ServiceS = take(0, freight.MaxServiceS), take(0, freight.MaxServiceS)
		case 3:
			load.Size.Room = freight.Room{Grams: take(1, freight.MaxGrams), Millilitres: take(0, freight.MaxMillilitres), FloorMM: take(0, freight.MaxFloorMM)}
		case 4:
			load.Size.Pieces = append(load.Size.Pieces[:0:0], freight.Piece{Count: take(1, freight.MaxPieces), LengthMM: take(1, freight.MaxPieceMM),
				WidthMM: take(1, freight.MaxPieceMM), HeightMM: take(1, freight.MaxPieceMM), Grams: take(0, freight.MaxGrams)})
		case 5:
			load.Needs = freight.Capability(take(0, 63))
		case 6:
			load.Ceiling = freight.Fen(take(0, freight.MaxFen))
		case 7:
			load.Pickup.Place.Point = w.near(load.Delivery.Place.Point, 1)
		case 8:
			trip.Limits = freight.Limits{DetourM: take(0, 2_000_000), DetourS: take(0, 200_000), ExtraStops: take(0, 60)}
		case 9:
			trip.Least = freight.Fen(take(0, freight.MaxFen))
		case 10:
			w.fit.Now = morning + freight.Instant(take(-48*3600, 96*3600))*freight.Second
		case 11:
			for i := range trip.Rooms {
				trip.Rooms[i] = freight.Room{Grams: take(0, freight.MaxGrams), Millilitres: take(0, freight.MaxMillilitres), FloorMM: take(0, freight.MaxFloorMM)}
			}
		}
	}
	return w, trip, load
}

// corpus gives a fuzz test what it starts from and what go test runs.
func corpus(f *testing.F) {
	draw := rand.New(rand.NewPCG(7, 11))
	for number := range uint16(60) {
		bytes := make([]byte, draw.IntN(200))
		for i := range bytes {
			bytes[i] = byte(draw.Uint32())
		}
		f.Add(number, bytes)
	}
}

// No input makes Fits panic, differ from Weigh, go beyond the header's bound, propose
// a plan that a driver could not keep, or refuse alone what it takes in company.
func FuzzFits(f *testing.F) {
	corpus(f)
	f.Fuzz(func(t *testing.T, number uint16, bytes []byte) {
		w, trip, load := bent(number, bytes)
		header := w.fit.Header(trip, trip.Router)
		v := w.fit.Fits(trip, load)
		if quick := w.fit.Weigh(trip, load); quick.OK != v.OK || quick.Value != v.Value || quick.Reason != v.Reason || quick.By != v.By {
			t.Fatalf("weighed %+v, fits %+v", quick, v)
		}
		if !v.OK {
			if v.Reason.Rank() < 0 || v.By < 0 {
				t.Fatalf("refused for %q by %d", v.Reason, v.By)
			}
			return
		}
		if most, ok := header.AtMost(load, 0); !ok || most < v.Value {
			t.Fatalf("at most %d (%v), and it is worth %d", most, ok, v.Value)
		}
		if v.Terms.Price > load.Ceiling || v.Terms.Price < trip.Least {
			t.Fatalf("price %d, ceiling %d, least %d", v.Terms.Price, load.Ceiling, trip.Least)
		}
		alone, second := clone(trip), w.loads[1]
		apply(trip, v)
		if both := w.fit.Fits(trip, second); both.OK && !rejoins(w, alone, second, load) {
			t.Fatalf("%s rides beside %s and not alone", second.ID, load.ID)
		}
	})
}

// rejoins tells whether the second load is taken by the trip as it was before the
// first was booked, or may only be kept out by what the first had cost: its price.
func rejoins(w *world, trip *freight.Trip, second, first *freight.Load) bool {
	v := w.fit.Fits(trip, second)
	return v.OK || v.Reason == freight.ReasonPrice || v.Reason == freight.ReasonDetourDistance || v.Reason == freight.ReasonDetourTime ||
		first.Pickup.Place.Point == second.Pickup.Place.Point
}

// No input makes the search for a remedy panic, or name a change that no trip
// accepts.
func FuzzRemedy(f *testing.F) {
	corpus(f)
	f.Fuzz(func(t *testing.T, number uint16, bytes []byte) {
		w, _, load := bent(number, bytes)
		if load.Size.Count() > 100 || load.Pickup.Place.Point == load.Delivery.Place.Point {
			return
		}
		before := takers(w, load)
		r := (&remedy.Seeker{Fit: w.fit, Table: &remedies, Market: everyTrip(w.trips)}).Seek(load)
		if r.Helps() && r.Kind != freight.RemedySplit && !won(w, before, after(load, r)) {
			t.Fatalf("%+v is not taken", r)
		}
		if again := (&remedy.Seeker{Fit: w.fit, Table: &remedies, Market: everyTrip(w.trips)}).Seek(load); again.Kind != r.Kind || again.Cost != r.Cost || again.Trip != r.Trip {
			t.Fatalf("first %+v, then %+v", r, again)
		}
	})
}
