package pools

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/seed"
)

// drive walks a deal's plan by arithmetic of its own and tells what it breaks.
func drive(d *Deal, earliest freight.Instant) error {
	var on freight.Room
	room := d.Trip.Vehicle.Inner.Room(d.Trip.Vehicle.Payload)
	calls := d.Trip.Plan
	at := calls[0].Start
	if at < earliest || at > calls[0].Window.Close {
		return fmt.Errorf("sets out at %v", at)
	}
	picked := map[freight.ID]bool{}
	metres := int64(0)
	for i := 1; i < len(calls); i++ {
		c, leg := calls[i], blocks(calls[i-1].Point, calls[i].Point)
		metres += leg.Metres
		at = max(at+freight.Instant(leg.Seconds)*freight.Second, c.Window.Open)
		if at > c.Window.Close || at != c.Start {
			return fmt.Errorf("call %d at %v, window %v, planned %v", i, at, c.Window, c.Start)
		}
		at += freight.Instant(c.ServiceS) * freight.Second
		on = on.Plus(c.Take)
		if room.Lacks(on) != freight.NoReason || (c.Kind == freight.CallDelivery) != picked[c.Load] {
			return fmt.Errorf("call %d with %+v aboard of %+v", i, on, room)
		}
		picked[c.Load] = true
	}
	cost, _ := costs.Of(d.Type)
	if hire := cost.Fixed + cost.Drive(metres, int64((at-calls[0].Start)/freight.Second)); hire != d.Hire || metres != d.Metres {
		return fmt.Errorf("hire %d, by hand %d over %d m", d.Hire, hire, metres)
	}
	if on != (freight.Room{}) || len(picked) != len(d.Riders) {
		return fmt.Errorf("%+v is left aboard of %d", on, len(picked))
	}
	return nil
}

func sound(d *Deal, earliest freight.Instant) error {
	var sum, alone freight.Fen
	for i, r := range d.Riders {
		pays := d.Split.Riders[i]
		if pays.ID != r.Load.ID || pays.Share > r.Most || pays.Share > r.Load.Ceiling || pays.Share*100 > r.Load.Alone*90 {
			return fmt.Errorf("%s pays %d of at most %d, alone %d", r.Load.ID, pays.Share, r.Most, r.Load.Alone)
		}
		if missing := r.Load.Needs &^ d.Trip.Vehicle.Has; missing != 0 {
			return fmt.Errorf("the truck lacks %v", missing.Names())
		}
		sum, alone = sum+pays.Share, alone+r.Load.Alone
	}
	if sum != d.Hire || d.Value != alone-d.Hire || d.Quorum < LeastLoads || d.Quorum > int64(len(d.Riders)) {
		return fmt.Errorf("shares %d, hire %d, value %d, quorum %d", sum, d.Hire, d.Value, d.Quorum)
	}
	start := d.Trip.Stops[0]
	if start.Place.Address != "" || start.Contact != (freight.Contact{}) {
		return fmt.Errorf("the start tells an address")
	}
	return drive(d, earliest)
}

// Whatever is formed keeps every rule, shares no load, and is the same each time.
func TestFormedPoolsAreSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 3))
	formed, riders := 0, 0
	for range 6 {
		loads := randomLoads(rng, 4+rng.IntN(36))
		s := newSearch(loads...)
		deals := s.Form()
		taken := map[freight.ID]bool{}
		for i := range deals {
			if err := sound(&deals[i], s.Earliest); err != nil {
				t.Fatalf("pool %d: %v", i, err)
			}
			for _, r := range deals[i].Riders {
				if taken[r.Load.ID] {
					t.Fatalf("%s is in two pools", r.Load.ID)
				}
				taken[r.Load.ID] = true
			}
			riders += len(deals[i].Riders)
		}
		formed += len(deals)
		if again := newSearch(loads...).Form(); !reflect.DeepEqual(again, deals) {
			t.Fatal("the same loads gave other pools")
		}
	}
	t.Logf("%d pools of %.1f loads", formed, float64(riders)/float64(max(1, formed)))
	if formed < 10 {
		t.Error("too few pools to prove anything")
	}
}

// On tiny markets the pools are worth nearly what the best of all packings is.
func TestFormedPoolsAreGood(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 4))
	var have, best freight.Fen
	for range 5 {
		s := newSearch(randomLoads(rng, 5)...)
		value := make([]freight.Fen, 1<<len(s.Riders))
		s.orders(nil, 0, value)
		most := packed(value)
		got := freight.Fen(0)
		for _, d := range s.Form() {
			got += d.Value
		}
		if got > most {
			t.Fatalf("formed %d, the best of all packings is %d", got, most)
		}
		have, best = have+got, best+most
	}
	t.Logf("%.1f %% of the best packings", 100*float64(have)/float64(best))
	if best == 0 || have*100 < best*85 {
		t.Errorf("worth %d, the best packings %d", have, best)
	}
}

// orders prices every set in every order in which its riders can enter the trip.
func (s *Search) orders(on []Rider, set int, value []freight.Fen) {
	if d, ok := s.deal(on); ok {
		value[set] = max(value[set], d.Value)
	}
	for i, r := range s.Riders {
		if set>>i&1 == 0 {
			s.orders(append(slices.Clone(on), r), set|1<<i, value)
		}
	}
}

// packed is the greatest sum of values of disjoint sets.
func packed(value []freight.Fen) freight.Fen {
	best := slices.Clone(value)
	for set := range best {
		for sub := (set - 1) & set; sub > 0; sub = (sub - 1) & set {
			best[set] = max(best[set], best[sub]+best[set&^sub])
		}
	}
	return best[len(best)-1]
}

func TestWhatIsNotAPool(t *testing.T) {
	east := func(id string) *freight.Load {
		return crates(id, at(0, 0), at(150, 0), 1500, 2500, [2]int{8, 10}, [2]int{9, 20})
	}
	if deals := newSearch(east("a"), east("b"), east("c")).Form(); len(deals) != 1 || len(deals[0].Riders) != 3 {
		t.Fatalf("three equal loads: %+v", deals)
	}
	west := crates("w", at(150, 0), at(0, 0), 1500, 2500, [2]int{8, 10}, [2]int{9, 20})
	evening := crates("e", at(0, 0), at(150, 0), 1500, 2500, [2]int{18, 19}, [2]int{21, 23})
	poor := east("p")
	poor.Ceiling = 100
	for name, other := range map[string]*freight.Load{"the other way": west, "another time": evening, "a ceiling too low": poor} {
		if deals := newSearch(east("a"), other).Form(); len(deals) != 0 {
			t.Errorf("%s: %+v", name, deals[0].Split)
		}
	}
	s := newSearch(east("a"), east("b"))
	s.Stale = func(set []Rider) bool { return true }
	if deals := s.Form(); len(deals) != 0 {
		t.Error("a set that was asked before is asked again")
	}
	s = newSearch(east("a"), east("b"))
	s.Earliest = clock(10, 1)
	if deals := s.Form(); len(deals) != 0 {
		t.Error("a truck sets out before it can be there")
	}
}

// A member who leaves raises what the others pay, to their most and no farther.
func TestPriceOfWhoIsLeft(t *testing.T) {
	var loads []*freight.Load
	for i := range 4 {
		loads = append(loads, crates(fmt.Sprint("ld_", i), at(0, i), at(150, i), 1500, 2300, [2]int{8, 12}, [2]int{9, 20}))
	}
	s := newSearch(loads...)
	riders := slices.Clone(s.Riders)
	whole, ok := s.Price(riders)
	if !ok {
		t.Fatal("no pool")
	}
	for n := 3; n > 0; n-- {
		rest, ok := s.Price(riders[:n])
		if ok != (n >= int(whole.Quorum)) {
			t.Fatalf("of %d, quorum %d: %v", n, whole.Quorum, ok)
		}
		if ok {
			for i := range n {
				now, _ := rest.Split.Of(riders[i].Load.ID)
				then, _ := whole.Split.Of(riders[i].Load.ID)
				if now < then || now > riders[i].Most {
					t.Errorf("%d are left: %s paid %d and pays %d of at most %d", n, riders[i].Load.ID, then, now, riders[i].Most)
				}
			}
		}
	}
}
