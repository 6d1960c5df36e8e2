package book

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pinhuo/freight"
)

const start = freight.Instant(1_700_000_000_000)

// mint counts, so that ids are the same in every run.
type mint struct{ n uint64 }

func (m *mint) Mint(prefix string, at freight.Instant) freight.ID {
	m.n++
	var random [10]byte
	for i := range 8 {
		random[i] = byte(m.n >> (56 - 8*i))
	}
	return freight.NewID(prefix, at, random)
}

// flat measures on a plane of 1 m a unit of 10^-5 degrees, at 60 km/h, rounded
// up: a metric.
func flat(a, b freight.Point) freight.Leg {
	dx, dy := float64(a.LngE7-b.LngE7)/100, float64(a.LatE7-b.LatE7)/100
	m := int64(math.Ceil(math.Hypot(dx, dy)))
	return freight.Leg{Metres: m, Seconds: (m*60 + 999) / 1000, Method: "flat", Version: "1"}
}

// km is the point x km east and y km north of the market's south-west corner.
func km(x, y float64) freight.Point {
	return freight.Point{LatE7: int32(300_000_000 + y*100_000), LngE7: int32(1_200_000_000 + x*100_000)}
}

type world struct {
	t    *testing.T
	book *Book
	now  freight.Instant
	told []freight.Event

	write func(*freight.Commit) // where a round goes, nil for nowhere
}

func newWorld(t *testing.T) *world {
	costs := freight.DefaultCosts()
	market := freight.Market{ID: "mk_test", Box: freight.Box{South: 290_000_000, West: 1_190_000_000, North: 340_000_000, East: 1_260_000_000}}
	env := &Env{Market: market, Costs: &costs, Measure: flat, Mint: &mint{},
		Expiry: func(now, departure freight.Instant) freight.Instant {
			return now + min(15*freight.Minute, (departure-now)/4)
		}}
	return &world{t: t, book: New(env, freight.State{Market: market}), now: start}
}

// do applies one command as a round of its own.
func (w *world) do(org freight.ID, act freight.Act) (freight.Result, error) {
	round := w.book.Fork()
	fork := round.Fork()
	result, err := fork.Apply(w.now, freight.Command{Org: org, Actor: "us_" + org, Act: act})
	if err != nil {
		return result, err
	}
	round.Absorb(fork)
	w.told = append(w.told, round.Events()...)
	if w.write != nil {
		w.write(round.Commit(1, w.now))
	}
	w.book.Absorb(round)
	return result, nil
}

func (w *world) must(org freight.ID, act freight.Act) freight.Result {
	w.t.Helper()
	result, err := w.do(org, act)
	if err != nil {
		w.t.Fatalf("%T: %v", act, err)
	}
	return result
}

func (w *world) refused(problem freight.Problem, org freight.ID, act freight.Act) *freight.Error {
	w.t.Helper()
	_, err := w.do(org, act)
	var refusal *freight.Error
	if !errors.As(err, &refusal) || refusal.Problem != problem {
		w.t.Fatalf("%T: got %v, want %s", act, err, problem)
	}
	return refusal
}

func (w *world) stop(at freight.Point, from, to freight.Instant) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: at, Town: fmt.Sprintf("%d,%d", at.LatE7, at.LngE7)},
		Window: freight.Window{Open: start + from, Close: start + to}, ServiceS: 600}
}

func (w *world) loadTerms(from, to freight.Point, grams int64) freight.LoadTerms {
	return freight.LoadTerms{Goods: "crates", Pickup: w.stop(from, freight.Hour, 8*freight.Hour), Delivery: w.stop(to, freight.Hour, 20*freight.Hour),
		Size: freight.Size{Room: freight.Room{Grams: grams, Millilitres: grams, FloorMM: 400}}, Ceiling: 1_000_000}
}

func (w *world) tripTerms(plate string, from, to freight.Point, grams int64) freight.TripTerms {
	depart, arrive := w.stop(from, 2*freight.Hour, 10*freight.Hour), w.stop(to, 2*freight.Hour, 18*freight.Hour)
	depart.ServiceS, arrive.ServiceS = 0, 0
	return freight.TripTerms{
		Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "苏F" + plate, Colour: "yellow"}, Type: freight.Type9M6, Payload: 18_000_000,
			Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}},
		Stops: []freight.Stop{depart, arrive}, Rooms: []freight.Room{{Grams: grams, Millilitres: 40_000_000, FloorMM: 9000}},
		Limits: freight.Limits{DetourM: 60_000, DetourS: 3600, ExtraStops: 6},
	}
}

// post puts a load on the market and asks the trips for it.
func (w *world) post(from, to freight.Point, grams int64, trips ...*freight.Trip) *freight.Load {
	w.t.Helper()
	l := w.must("og_firm", freight.PostLoad{Terms: w.loadTerms(from, to, grams), Direct: flat(from, to)}).Load
	w.ask(l, trips...)
	return l
}

func (w *world) ask(l *freight.Load, trips ...*freight.Trip) {
	w.t.Helper()
	if len(trips) == 0 {
		return
	}
	propose := freight.Propose{Load: l.ID, Version: l.Version}
	for _, tr := range trips {
		propose.Matches = append(propose.Matches, freight.Match{Trip: tr.ID, TripVersion: tr.Version})
	}
	w.must("", propose)
}

func (w *world) announce(plate string, from, to freight.Point, grams int64) *freight.Trip {
	w.t.Helper()
	return w.must("og_truck", freight.AnnounceTrip{Terms: w.tripTerms(plate, from, to, grams), Legs: []freight.Leg{flat(from, to)}}).Trip
}

func (w *world) offer(load, trip freight.ID) *freight.Offer {
	for _, o := range w.book.OpenOffers(load) {
		if o.Trip == trip {
			return o
		}
	}
	return nil
}

func (w *world) accept(load, trip freight.ID) (freight.Result, error) {
	w.t.Helper()
	o := w.offer(load, trip)
	if o == nil {
		w.t.Fatalf("no open offer of %s to %s", load, trip)
	}
	return w.do(o.Org, freight.AcceptOffer{Offer: o.ID, Version: o.Version})
}

func TestFirstAcceptWins(t *testing.T) {
	w := newWorld(t)
	a, b := w.announce("A", km(0, 0), km(100, 0), 5_000_000), w.announce("B", km(0, 1), km(100, 1), 5_000_000)
	l := w.post(km(10, 0), km(80, 0), 840_000, a, b)
	other := w.offer(l.ID, b.ID)
	result, err := w.accept(l.ID, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if k := result.Booking; k.State != freight.BookingFirm || k.Price > l.Ceiling || k.Alone == 0 || k.Take != l.Size.Room {
		t.Errorf("booking %+v", k)
	}
	if got := w.book.Load(l.ID); got.State != freight.LoadCommitted || got.Booking != result.Booking.ID {
		t.Errorf("load %s, booking %s", got.State, got.Booking)
	}
	if plan := w.book.Trip(a.ID).Plan; len(plan) != 4 || plan[1].Load != l.ID || plan[2].Load != l.ID {
		t.Errorf("plan %+v", plan)
	}
	w.refused(freight.ProblemUnknown, other.Org, freight.AcceptOffer{Offer: other.ID, Version: other.Version})
}

func TestAcceptReprisesTheOthersOnTheTrip(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 1_500_000)
	first := w.post(km(10, 2), km(80, 2), 840_000, a)
	small := w.post(km(20, 3), km(70, 3), 500_000, a)
	large := w.post(km(30, 1), km(60, 1), 900_000, a)
	before := w.offer(small.ID, a.ID)
	if _, err := w.accept(first.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	if w.offer(large.ID, a.ID) != nil {
		t.Error("an offer for which there is no room is still open")
	}
	after := w.offer(small.ID, a.ID)
	if after == nil || after.Version != before.Version+1 || after.TripVersion != w.book.Trip(a.ID).Version {
		t.Fatalf("before %+v, after %+v", before, after)
	}
	w.refused(freight.ProblemStale, a.Org, freight.AcceptOffer{Offer: after.ID, Version: before.Version})
	if _, err := w.accept(small.ID, a.ID); err != nil {
		t.Errorf("the offer in its new version: %v", err)
	}
}

func TestThreeAreAskedAtOnce(t *testing.T) {
	w := newWorld(t)
	var trips []*freight.Trip
	for i := range 5 {
		trips = append(trips, w.announce(fmt.Sprint("P", i), km(0, float64(i)), km(100, 0), 5_000_000))
	}
	l := w.post(km(10, 0), km(80, 0), 840_000, trips...)
	if n := len(w.book.OpenOffers(l.ID)); n != 3 {
		t.Fatalf("%d asked", n)
	}
	o := w.offer(l.ID, trips[0].ID)
	w.must(o.Org, freight.DeclineOffer{Offer: o.ID, Version: o.Version})
	w.ask(l, trips...)
	if w.offer(l.ID, trips[0].ID) != nil || w.offer(l.ID, trips[3].ID) == nil {
		t.Error("the decliner was asked again, or the next was not")
	}
	edited := w.must(l.Org, freight.EditLoad{Load: l.ID, Version: 1, Terms: w.loadTerms(km(10, 0), km(80, 0), 700_000), Direct: flat(km(10, 0), km(80, 0))}).Load
	if len(w.book.OpenOffers(l.ID)) != 0 {
		t.Error("offers outlived the terms they were made on")
	}
	w.ask(edited, trips...)
	if w.offer(l.ID, trips[0].ID) == nil {
		t.Error("new terms were not put to the one who declined the old")
	}
}

func TestClocks(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
	l := w.post(km(10, 0), km(80, 0), 840_000, a)
	o := w.offer(l.ID, a.ID)
	tick := func(kind freight.ClockKind, at freight.Instant, id freight.ID) error {
		w.now = at
		_, err := w.do("", freight.Tick{Clock: freight.Clock{At: at, Kind: kind, ID: id}})
		return err
	}
	if tick(freight.ClockOffer, o.Expires, o.ID) == nil {
		t.Error("an offer expired at an instant at which it may still be accepted")
	}
	if err := tick(freight.ClockOffer, o.Expires+1, o.ID); err != nil || w.offer(l.ID, a.ID) != nil {
		t.Errorf("expiry: %v", err)
	}
	if r := w.book.Refused(l.ID)[a.ID]; r.Reason != freight.ReasonExpiredOffer {
		t.Errorf("refusals %+v", w.book.Refused(l.ID))
	}
	if err := tick(freight.ClockDepart, start+2*freight.Hour+1, a.ID); err != nil || w.book.Trip(a.ID).State != freight.TripUnderway {
		t.Errorf("departure: %v", err)
	}
	if err := tick(freight.ClockLoad, l.Ends()+1, l.ID); err != nil {
		t.Errorf("end of the pickup window: %v", err)
	}
	if err := tick(freight.ClockTrip, start+20*freight.Hour, a.ID); err != nil || w.book.Trip(a.ID) != nil {
		t.Errorf("completion: %v", err)
	}
}

func TestWithdrawingGivesTheRoomBack(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 1_000_000)
	l := w.post(km(10, 0), km(80, 0), 840_000, a)
	if _, err := w.accept(l.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	next := w.post(km(10, 0), km(80, 0), 900_000)
	w.refused(freight.ProblemStale, "", freight.Propose{Load: next.ID, Version: 1, Matches: []freight.Match{{Trip: a.ID, TripVersion: 2}}})
	w.refused(freight.ProblemUnknown, "og_other", freight.WithdrawLoad{Load: l.ID})
	w.must(l.Org, freight.WithdrawLoad{Load: l.ID})
	w.ask(next, w.book.Trip(a.ID))
	if _, err := w.accept(next.ID, a.ID); err != nil {
		t.Errorf("the room of a withdrawn load: %v", err)
	}
	w.now = start + 3*freight.Hour // the truck has left for the pickup
	w.refused(freight.ProblemState, next.Org, freight.WithdrawLoad{Load: next.ID})
}

func TestCancelledTripPutsItsLoadsFirst(t *testing.T) {
	w := newWorld(t)
	a, b := w.announce("A", km(0, 0), km(100, 0), 5_000_000), w.announce("B", km(0, 1), km(100, 1), 5_000_000)
	l := w.post(km(10, 0), km(80, 0), 840_000, a)
	if _, err := w.accept(l.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	w.must(a.Org, freight.CancelTrip{Trip: a.ID})
	again := w.book.Load(l.ID)
	if again.State != freight.LoadPosted || !again.First || again.Booking != "" {
		t.Errorf("load %+v", again)
	}
	w.ask(again, b)
	if _, err := w.accept(l.ID, b.ID); err != nil {
		t.Error(err)
	}
	renewed := w.tripTerms("A", km(0, 0), km(50, 0), 1000)
	w.book.Adopt(nil, []freight.Trip{{Meta: freight.Meta{ID: a.ID, Org: a.Org, Version: 4}, TripTerms: a.TripTerms, VehicleID: a.VehicleID, State: freight.TripCancelled, Plan: a.Plan}})
	if tr := w.must(a.Org, freight.RenewTrip{Trip: a.ID, Version: 4, Terms: renewed, Legs: []freight.Leg{flat(km(0, 0), km(50, 0))}}).Trip; tr.State != freight.TripOpen || tr.Version != 5 {
		t.Errorf("renewed %+v", tr)
	}
}

func TestVehicles(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
	terms := w.tripTerms("A", km(5, 0), km(50, 0), 100)
	act := freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(5, 0), km(50, 0))}}
	w.refused(freight.ProblemPlate, "og_rival", act)
	w.refused(freight.ProblemOverlap, a.Org, act)
	for i := range act.Terms.Stops {
		act.Terms.Stops[i].Window.Open += 16 * freight.Hour
		act.Terms.Stops[i].Window.Close += 20 * freight.Hour
	}
	w.must(a.Org, act)
}

func TestReferencesAreTheShippersOwn(t *testing.T) {
	w := newWorld(t)
	terms := w.loadTerms(km(1, 1), km(50, 1), 1000)
	terms.Ref = "PO-1"
	act := freight.PostLoad{Terms: terms, Direct: flat(km(1, 1), km(50, 1))}
	l := w.must("og_firm", act).Load
	w.refused(freight.ProblemDuplicateRef, "og_firm", act)
	w.must("og_other", act)
	w.must("og_firm", freight.WithdrawLoad{Load: l.ID})
}

func TestZeroRoomIsLegal(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 0)
	l := w.post(km(10, 0), km(80, 0), 1000)
	w.refused(freight.ProblemStale, "", freight.Propose{Load: l.ID, Version: 1, Matches: []freight.Match{{Trip: a.ID, TripVersion: 1}}})
}

func TestLeaseGatesNewLoadsOnly(t *testing.T) {
	w := newWorld(t)
	a := w.announce("A", km(0, 0), km(100, 0), 5_000_000)
	kept, late := w.post(km(10, 0), km(80, 0), 840_000, a), w.post(km(10, 0), km(80, 0), 840_000, a)
	if _, err := w.accept(kept.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	short := *w.book.Trip(a.ID)
	short.Lease = w.now + freight.Minute
	w.book.placeTrip(&short)
	w.now += freight.Minute
	if _, err := w.accept(late.ID, a.ID); freight.ProblemOf(err) != freight.ProblemUnfit {
		t.Errorf("accept after the lease: %v", err)
	}
	w.must("", freight.Tick{Clock: freight.Clock{At: w.now, Kind: freight.ClockLease, ID: a.ID}})
	if got := w.book.Trip(a.ID); got.State != freight.TripLapsed || len(got.Plan) != 4 {
		t.Errorf("lapsed trip %+v", got)
	}
	if w.offer(late.ID, a.ID) != nil {
		t.Error("a lapsed trip is still asked")
	}
}
