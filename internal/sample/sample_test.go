package sample

import (
	"bytes"
	"encoding/csv"
	"errors"
	"testing"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/places"
)

func TestADayIsTheSameEachTime(t *testing.T) {
	g, err := places.Load()
	if err != nil {
		t.Fatal(err)
	}
	box, err := geo.BoxOf(27.1, 115.3, 34.3, 123.75)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Box: box, Loads: 200, Trips: 80, Seed: 1, Day: time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("", 8*3600))}
	var loads, trips, again, other bytes.Buffer
	for _, to := range []struct {
		loads, trips *bytes.Buffer
		seed         uint64
	}{{&loads, &trips, 1}, {&again, new(bytes.Buffer), 1}, {&other, new(bytes.Buffer), 2}} {
		o.Seed = to.seed
		if err := Write(g, to.loads, to.trips, o); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(loads.Bytes(), again.Bytes()) || bytes.Equal(loads.Bytes(), other.Bytes()) {
		t.Error("a seed does not make its own day")
	}
	for name, text := range map[string]*bytes.Buffer{"loads": &loads, "trips": &trips} {
		rows, err := csv.NewReader(text).ReadAll()
		if want := map[string]int{"loads": 201, "trips": 81}[name]; err != nil || len(rows) != want {
			t.Errorf("%s: %d rows, %v", name, len(rows), err)
		}
	}
	o.Box = geo.Box{South: 0, West: 0, North: 1e7, East: 1e7}
	if err := Write(g, &loads, &trips, o); !errors.Is(err, ErrTowns) {
		t.Errorf("a day at sea: %v", err)
	}
}
