package book

import (
	"errors"
	"testing"

	"pinhuo/freight"
)

// bundle puts the loads before the truck and returns the bundle as its operator sees it.
func (w *world) bundle(truck *freight.Trip, loads ...*freight.Load) []*freight.Offer {
	w.t.Helper()
	w.must("", setOf(truck, loads...))
	return w.book.lines(w.offer(loads[0].ID, truck.ID).Bundle)
}

func whole(list []*freight.Offer) freight.AcceptBundle {
	return freight.AcceptBundle{Bundle: list[0].Bundle, Version: list[0].Edition}
}

// A set that goes on with another is the same bundle, in a new version, and lines that it
// does not name stand by themselves.
func TestABundleGoesOnWithTheNextSet(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	a, b, c := w.post(km(20, 5), km(80, 0), 100_000), w.post(km(40, 5), km(80, 0), 100_000), w.post(km(60, 5), km(80, 0), 100_000)
	first := w.bundle(truck, a, b)
	if len(first) != 2 || first[1].After != first[0].ID || first[0].Edition != 1 {
		t.Fatalf("%+v", first)
	}
	next := w.bundle(truck, a, c)
	if len(next) != 2 || next[0].Bundle != first[0].Bundle || next[1].Load != c.ID || next[1].After != next[0].ID || next[0].Edition != 2 || next[1].Edition != 2 {
		t.Fatalf("%+v", next)
	}
	if lone := w.offer(b.ID, truck.ID); lone == nil || lone.Bundle != "" {
		t.Errorf("the line that was left out is %+v", lone)
	}
	if _, err := w.do("og_truck", whole(first)); freight.ProblemOf(err) != freight.ProblemStale {
		t.Errorf("an old version: %v", err)
	}
	w.must("og_truck", whole(next))
}

// The refusal of an old version names the present one, and what each line pays in it.
func TestAnOldVersionOfABundleIsToldTheNewOne(t *testing.T) {
	w := newWorld(t)
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	list := w.bundle(truck, w.post(km(20, 5), km(80, 0), 100_000), w.post(km(40, 5), km(80, 0), 100_000), w.post(km(60, 5), km(80, 0), 100_000))
	w.must("og_truck", freight.DeclineBundle{Bundle: list[0].Bundle, Version: 1, Lines: []freight.ID{list[1].ID}})
	_, err := w.do("og_truck", whole(list))
	var e *freight.Error
	if !errors.As(err, &e) || e.Problem != freight.ProblemStale || e.Want != "2" || len(e.More) != 2 {
		t.Fatalf("%+v", err)
	}
	now := w.book.lines(list[0].Bundle)
	for i, line := range e.More {
		if line.Value != string(now[i].ID) || line.Want != fen(now[i].Price) {
			t.Errorf("line %d is told %+v, it is %+v", i, line, now[i])
		}
	}
}

// A bundle that has reached its operator runs with one clock, and only what was waited
// for beforehand is lost with it.
func TestABundleHasOneClock(t *testing.T) {
	w := newWorld(t)
	w.book.env.Latest = func(now, expires freight.Instant) freight.Instant { return expires + freight.Hour }
	truck := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	list := w.bundle(truck, w.post(km(20, 5), km(80, 0), 100_000), w.post(km(40, 5), km(80, 0), 100_000))
	w.now += freight.Minute
	w.must("og_truck", freight.SeeOffer{Offer: list[1].ID})
	list = w.book.lines(list[0].Bundle)
	if list[0].Received != w.now || list[0].Expires != list[1].Expires || list[0].Edition != 1 {
		t.Fatalf("%+v", list)
	}
	w.now = list[0].Expires + 1
	w.must("", freight.Tick{Clock: freight.Clock{At: w.now, Kind: freight.ClockOffer, ID: list[1].ID}})
	if left := w.book.lines(list[0].Bundle); len(left) != 0 {
		t.Errorf("left are %+v", left)
	}
}

// Bad input: each is refused, and nothing has changed.
func TestWhatABundleRefuses(t *testing.T) {
	w := newWorld(t)
	truck, other := w.announce("A", km(0, 0), km(100, 0), 1_000_000), w.announce("B", km(0, 0), km(100, 0), 1_000_000)
	mine := w.bundle(truck, w.post(km(20, 5), km(80, 0), 100_000), w.post(km(40, 5), km(80, 0), 100_000))
	theirs := w.bundle(other, w.post(km(30, 5), km(80, 0), 100_000), w.post(km(50, 5), km(80, 0), 100_000))
	id, line := mine[0].Bundle, mine[0].ID
	for _, c := range []struct {
		what string
		org  freight.ID
		act  freight.Act
		want freight.Problem
	}{
		{"another firm's", "og_other", whole(mine), freight.ProblemUnknown},
		{"no such bundle", "og_truck", freight.AcceptBundle{Bundle: "bn_none", Version: 1}, freight.ProblemUnknown},
		{"a line of another bundle", "og_truck", freight.AcceptBundle{Bundle: id, Version: 1, Lines: []freight.ID{line, theirs[0].ID}}, freight.ProblemUnknown},
		{"a line twice", "og_truck", freight.AcceptBundle{Bundle: id, Version: 1, Lines: []freight.ID{line, line}}, freight.ProblemUnknown},
		{"no version", "og_truck", freight.AcceptBundle{Bundle: id}, freight.ProblemStale},
		{"a version to come", "og_truck", freight.DeclineBundle{Bundle: id, Version: 2}, freight.ProblemStale},
	} {
		if _, err := w.do(c.org, c.act); freight.ProblemOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	w.now = mine[0].Expires + 1
	if _, err := w.do("og_truck", whole(mine)); freight.ProblemOf(err) != freight.ProblemExpired {
		t.Errorf("after the clock: %v", err)
	}
	if n := len(w.book.liveBookings(truck.ID)); n != 0 {
		t.Errorf("%d bookings", n)
	}
}
