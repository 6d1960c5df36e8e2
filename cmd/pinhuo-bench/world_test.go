package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/matcher"
)

func mustWorld(t testing.TB, seed uint64, begin time.Time) *world {
	t.Helper()
	w, err := newWorld(seed, 1, begin)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWorldsAreAdmitted: what is drawn is what a firm may post and a driver can
// drive, and equal seeds draw equal worlds.
func TestWorldsAreAdmitted(t *testing.T) {
	begin := time.Now()
	w, again := mustWorld(t, 7, begin), mustWorld(t, 7, begin)
	other := mustWorld(t, 8, begin)
	fit := matcher.Fit{Now: freight.At(begin)}
	differ := false
	for range 500 {
		load, trip := w.load(), w.trip()
		if !reflect.DeepEqual(load, again.load()) || !reflect.DeepEqual(trip, again.trip()) {
			t.Fatal("equal seeds draw different worlds")
		}
		differ = differ || !reflect.DeepEqual(load, other.load())
		market := freight.Market{Box: box}
		if _, err := (&freight.Admission{Market: market, Now: freight.At(begin)}).Load(load); err != nil {
			t.Fatalf("load %+v: %v", load, err)
		}
		if _, err := (&freight.Admission{Market: market, Now: freight.At(begin)}).Trip(trip); err != nil {
			t.Fatalf("trip %+v: %v", trip, err)
		}
		var legs []freight.Leg
		for i := 1; i < len(trip.Stops); i++ {
			m, s := w.road.Between(geo.Point(trip.Stops[i-1].Place.Point), geo.Point(trip.Stops[i].Place.Point))
			legs = append(legs, freight.Leg{Metres: m, Seconds: s})
		}
		if _, _, _, err := fit.Base(trip, legs); err != nil {
			t.Fatalf("trip %+v cannot keep its own times: %v", trip, err)
		}
	}
	if !differ {
		t.Error("different seeds draw one world")
	}
}

// TestBodiesSayWhatTheTermsSay and carry the reference they are given.
func TestBodiesSayWhatTheTermsSay(t *testing.T) {
	w := mustWorld(t, 7, time.Now())
	for n := range int64(50) {
		terms := w.load()
		b, err := newBody(terms)
		if err != nil {
			t.Fatal(err)
		}
		text := b.under(reference(n))
		var got client.LoadTerms
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		p := got.Size.Pieces[0]
		if got.Ref != reference(n) || int64(p.LengthM*1000+0.5) != terms.Size.Pieces[0].LengthMM || int64(p.Kg*1000+0.5) != terms.Size.Pieces[0].Grams ||
			!got.Pickup.Window.Open.Equal(terms.Pickup.Window.Open.Time()) || got.Delivery.Place.Town != terms.Delivery.Place.Town {
			t.Fatalf("terms %+v became %s", terms, text)
		}
	}
}
