package main

import (
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/dispatch"
)

func numbered(seqs ...int64) iter.Seq2[freight.Change, error] {
	return func(yield func(freight.Change, error) bool) {
		for _, n := range seqs {
			if !yield(freight.Change{Seq: n}, nil) {
				return
			}
		}
	}
}

func TestGapsAreFound(t *testing.T) {
	number := func(c *freight.Change) int64 { return c.Seq }
	if list, err := dense("change", numbered(1, 2, 3), number); err != nil || len(list) != 3 {
		t.Errorf("%v, %v", list, err)
	}
	for _, seqs := range [][]int64{{2}, {1, 3}, {1, 1}} {
		if _, err := dense("change", numbered(seqs...), number); err == nil {
			t.Errorf("%v counts as dense", seqs)
		}
	}
	broken := errors.New("disk")
	if _, err := dense("change", func(yield func(freight.Change, error) bool) { yield(freight.Change{}, broken) }, number); !errors.Is(err, broken) {
		t.Errorf("a failing read: %v", err)
	}
}

// TestLostLoadsAreFound: the check passes on what was written and names a load
// that was acknowledged and is not there.
func TestLostLoadsAreFound(t *testing.T) {
	m, err := newMarket(t.Context(), database{dir: t.TempDir()}, 2, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer m.store.Close()
	w := mustWorld(t, 1, time.Now())
	pool := []freight.LoadTerms{w.load(), w.load()}
	var acked []freight.ID
	err = m.serving(t.Context(), func(d *dispatch.Dispatcher) error {
		for n := range int64(5) {
			result, err := d.Do(t.Context(), postCommand(m.firms, pool, n))
			if err != nil {
				return err
			}
			acked = append(acked, result.Load.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.check(t.Context(), acked); err != nil {
		t.Errorf("sound: %v", err)
	}
	if err := m.check(t.Context(), append(acked, "ld_lost")); err == nil || !strings.Contains(err.Error(), "ld_lost") {
		t.Errorf("a lost load: %v", err)
	}
	if err := m.check(t.Context(), nil); err == nil {
		t.Error("a run in which nothing happened counts as sound")
	}
}

// TestMissedPairsAreFound: a load that fits a trip and was never offered is named.
func TestMissedPairsAreFound(t *testing.T) {
	m, err := newMarket(t.Context(), database{dir: t.TempDir()}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer m.store.Close()
	w := mustWorld(t, 1, time.Now())
	terms := w.trip()
	terms.Rooms = []freight.Room{{Grams: 1_000_000, Millilitres: 9_000_000, FloorMM: 3000}}
	terms.Stops = []freight.Stop{terms.Stops[0], terms.Stops[len(terms.Stops)-1]}
	terms.Least = 0
	load := freight.LoadTerms{Goods: "电机", Pickup: terms.Stops[0], Delivery: terms.Stops[1],
		Size: freight.Size{Room: freight.Room{Grams: 1000, Millilitres: 1000, FloorMM: 100}}, Ceiling: freight.MaxFen}
	load.Delivery.Window = freight.Window{Open: load.Pickup.Window.Open, Close: load.Delivery.Window.Close + freight.Day}
	load.Pickup.Window.Close += freight.Hour
	var trip *freight.Trip
	var posted *freight.Load
	err = m.serving(t.Context(), func(d *dispatch.Dispatcher) error {
		announced, err := d.Do(t.Context(), freight.Command{Org: m.carriers[0], Act: freight.AnnounceTrip{Terms: terms}})
		if err != nil {
			return err
		}
		result, err := d.Do(t.Context(), freight.Command{Org: m.firms[0], Act: freight.PostLoad{Terms: load}})
		trip, posted = announced.Trip, result.Load
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := missed([]freight.Trip{*trip}, []freight.Load{*posted}, thoughts{}, wall()); err == nil || !strings.Contains(err.Error(), string(posted.ID)) {
		t.Errorf("a pair that was never asked: %v", err)
	}
	heavy := *posted
	heavy.ID, heavy.Size.Grams = "ld_heavy", 1_000_000
	asked := thoughts{open: map[freight.ID][]freight.Offer{trip.ID: {{Meta: freight.Meta{ID: "of_heavy"}, Load: heavy.ID, Terms: freight.Terms{Alone: freight.MaxFen}}}}, loads: map[freight.ID]freight.Load{heavy.ID: heavy}}
	if err := missed([]freight.Trip{*trip}, []freight.Load{*posted}, asked, wall()); err != nil {
		t.Errorf("a load that waits for what the operator says of a truckful: %v", err)
	}
	if err := missed([]freight.Trip{*trip}, []freight.Load{*posted}, thoughts{}, trip.Lease); err != nil {
		t.Errorf("a trip that takes no loads any more: %v", err)
	}
}
