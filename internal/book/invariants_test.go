package book

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pinhuo/freight"
)

// TestInvariantsUnderAnyOrder drives random commands and clocks and checks
// after each that nothing is promised twice: by its own arithmetic, not by Fits.
func TestInvariantsUnderAnyOrder(t *testing.T) {
	var booked, refused int
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		p := &play{world: w, rt: rt}
		for range rapid.IntRange(20, 100).Draw(rt, "steps") {
			if err := p.step(); err != nil {
				refused++
			}
			w.now += freight.Instant(rapid.Int64Range(0, int64(4*freight.Minute)).Draw(rt, "wait"))
			p.check()
		}
		booked += len(w.book.bookings.own)
	})
	if booked < 20 || refused == 0 {
		t.Errorf("%d bookings and %d refusals: the play proves nothing", booked, refused)
	}
	t.Logf("%d bookings live at the end, %d refusals", booked, refused)
}

type play struct {
	*world
	rt           *rapid.T
	loads, trips []freight.ID
	plates       int
}

func (p *play) pick(list []freight.ID) freight.ID {
	if len(list) == 0 {
		return "none"
	}
	return rapid.SampledFrom(list).Draw(p.rt, "pick")
}

// way is a drive to the east, as all trucks and goods here go.
func (p *play) way() (from, to freight.Point) {
	x := []int{rapid.IntRange(0, 100).Draw(p.rt, "x"), rapid.IntRange(0, 100).Draw(p.rt, "x")}
	slices.Sort(x)
	y := func() float64 { return float64(rapid.IntRange(0, 12).Draw(p.rt, "y")) }
	return km(float64(x[0]), y()), km(float64(x[1]), y())
}

// open are the offers that can be answered.
func (p *play) open() (list []*freight.Offer) {
	for _, load := range p.loads {
		list = append(list, p.book.OpenOffers(load)...)
	}
	return list
}

func (p *play) step() error {
	var err error
	switch rapid.IntRange(0, 12).Draw(p.rt, "act") {
	case 0:
		p.plates++
		from, to := p.way()
		terms := p.tripTerms(fmt.Sprint(p.plates), from, to, rapid.Int64Range(0, 3_000_000).Draw(p.rt, "room"))
		var r freight.Result
		if r, err = p.do("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(from, to)}}); err == nil {
			p.trips = append(p.trips, r.Trip.ID)
		}
	case 1, 2, 3:
		from, to := p.way()
		var r freight.Result
		if r, err = p.do("og_firm", freight.PostLoad{Terms: p.loadTerms(from, to, rapid.Int64Range(1, 1_500_000).Draw(p.rt, "g")), Direct: flat(from, to)}); err == nil {
			p.loads = append(p.loads, r.Load.ID)
			err = p.askAll(r.Load.ID)
		}
	case 4, 5, 6:
		if open := p.open(); len(open) > 0 {
			o := rapid.SampledFrom(open).Draw(p.rt, "offer")
			_, err = p.do(o.Org, freight.AcceptOffer{Offer: o.ID, Version: o.Version})
		}
	case 7:
		if open := p.book.OpenOffers(p.pick(p.loads)); len(open) > 0 {
			_, err = p.do(open[0].Org, freight.DeclineOffer{Offer: open[0].ID, Version: open[0].Version})
		}
	case 8:
		if rapid.Bool().Draw(p.rt, "load or trip") {
			_, err = p.do("og_firm", freight.WithdrawLoad{Load: p.pick(p.loads)})
		} else {
			_, err = p.do("og_truck", freight.CancelTrip{Trip: p.pick(p.trips)})
		}
	case 10:
		set := freight.ProposeSet{Trip: p.pick(p.trips)}
		for _, id := range p.loads {
			set.Lines = append(set.Lines, freight.Line{Load: id, Version: 1})
		}
		_, err = p.do("", set)
	case 11, 12:
		err = p.answerBundle()
	case 9:
		for _, c := range p.book.Clocks() {
			if c.At < p.now {
				_, err = p.do("", freight.Tick{Clock: c})
			}
		}
	}
	return err
}

// answerBundle accepts, drops or reviews what one bundle has, or some lines of it.
func (p *play) answerBundle() (err error) {
	var open []*freight.Offer
	for _, id := range sortedIDs(p.book.linesOf.own) {
		open = append(open, p.book.lines(id)...)
	}
	if len(open) == 0 {
		return nil
	}
	o := rapid.SampledFrom(open).Draw(p.rt, "line")
	var named []freight.ID
	for _, line := range p.book.lines(o.Bundle) {
		if rapid.Bool().Draw(p.rt, "named") {
			named = append(named, line.ID)
		}
	}
	version := o.Edition - rapid.Int64Range(0, 5).Draw(p.rt, "old")/5
	switch rapid.IntRange(0, 3).Draw(p.rt, "answer") {
	case 0:
		_, err = p.do(o.Org, freight.DeclineBundle{Bundle: o.Bundle, Version: version, Lines: named})
	case 1:
		_, err = p.do("", freight.ReviewBundle{Bundle: o.Bundle, First: named})
	default:
		live := len(p.book.liveBookings(o.Trip))
		list := p.book.lines(o.Bundle)
		want := len(named)
		if want == 0 {
			want = len(list)
		}
		if _, err = p.do(o.Org, freight.AcceptBundle{Bundle: o.Bundle, Version: version, Lines: named}); err != nil {
			want = 0
		}
		if got := len(p.book.liveBookings(o.Trip)) - live; got != want {
			p.rt.Fatalf("%d of %d lines booked: %v", got, want, err)
		}
	}
	return err
}

func (p *play) askAll(load freight.ID) error {
	propose := freight.Propose{Load: load, Version: p.book.Load(load).Version}
	for _, id := range p.trips {
		if tr := p.book.Trip(id); tr != nil {
			propose.Matches = append(propose.Matches, freight.Match{Trip: id, TripVersion: tr.Version})
		}
	}
	_, err := p.do("", propose)
	return err
}

func (p *play) check() {
	p.t.Helper()
	perLoad := map[freight.ID]int{}
	for _, k := range p.book.bookings.own {
		if k.Live() {
			perLoad[k.Load]++
			l := p.book.Load(k.Load)
			if l == nil || l.State != freight.LoadCommitted || l.Booking != k.ID || k.Price > l.Ceiling {
				p.rt.Fatalf("booking %s and its load disagree: %+v", k.ID, l)
			}
		}
	}
	for load, n := range perLoad {
		if n > 1 {
			p.rt.Fatalf("load %s has %d live bookings", load, n)
		}
	}
	for _, o := range p.book.offers.own {
		if l := p.book.Load(o.Load); o.Open() && (l == nil || l.State != freight.LoadPosted) {
			p.rt.Fatalf("offer %s is open for a load that is %+v", o.ID, l)
		}
	}
	for _, tr := range p.book.trips.own {
		p.checkPlan(tr)
	}
	for id := range p.book.linesOf.own {
		for _, o := range p.book.lines(id) {
			if first := p.book.lines(id)[0]; o.Bundle != id || o.Edition != first.Edition || o.Trip != first.Trip {
				p.rt.Fatalf("bundle %s has a line %+v beside %+v", id, o, first)
			}
		}
	}
}

func (p *play) checkPlan(tr *freight.Trip) {
	aboard, riders := freight.Room{}, map[freight.ID]int{}
	var metres int64
	for i, c := range tr.Plan {
		aboard = aboard.Plus(c.Take)
		if c.Own < 0 {
			riders[c.Load]++
		}
		if i > 0 {
			leg := flat(tr.Plan[i-1].Point, c.Point)
			metres += leg.Metres
			if c.Arrive < tr.Plan[i-1].Leave.After(leg.Seconds) || c.Start < c.Arrive || c.Start > c.Window.Close || c.Start < c.Window.Open {
				p.rt.Fatalf("trip %s call %d is served at an impossible time: %+v", tr.ID, i, c)
			}
		}
		if why := tr.Rooms[0].Lacks(aboard); why != freight.NoReason || aboard.Grams < 0 {
			p.rt.Fatalf("trip %s leaves call %d with %+v in %+v", tr.ID, i, aboard, tr.Rooms[0])
		}
	}
	live := p.book.liveBookings(tr.ID)
	for _, k := range live {
		if riders[k.Load] != 2 {
			p.rt.Fatalf("trip %s calls %d times for booked load %s", tr.ID, riders[k.Load], k.Load)
		}
	}
	if len(riders) != len(live) || aboard != (freight.Room{}) || metres-tr.DirectM > tr.Limits.DetourM || int64(2*len(live)) > tr.Limits.ExtraStops {
		p.rt.Fatalf("trip %s: %d riders in the plan, %d booked, %+v left aboard, %d m", tr.ID, len(riders), len(live), aboard, metres)
	}
}
