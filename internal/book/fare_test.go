package book

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/seed"
)

// ledger keeps what rounds would write, as a database would, for the auditor.
type ledger struct {
	state    freight.State
	vehicles map[freight.ID]freight.Vehicle
	loads    map[freight.ID]freight.Load
	trips    map[freight.ID]freight.Trip
	offers   map[freight.ID]freight.Offer
	bookings map[freight.ID]freight.Booking
	records  map[freight.ID][]freight.TripRecord
	events   []freight.Event
	changes  []freight.Change
	tallies  map[string]freight.Tally
}

func newLedger(market freight.Market) *ledger {
	return &ledger{state: freight.State{Market: market, Epoch: 1}, vehicles: map[freight.ID]freight.Vehicle{}, loads: map[freight.ID]freight.Load{},
		trips: map[freight.ID]freight.Trip{}, offers: map[freight.ID]freight.Offer{}, bookings: map[freight.ID]freight.Booking{},
		records: map[freight.ID][]freight.TripRecord{}, tallies: map[string]freight.Tally{}}
}

func (l *ledger) write(c *freight.Commit) {
	for _, t := range c.Tallies {
		l.tallies[string(t.Org)+t.Day.String()] = t
	}
	keep(l.vehicles, c.Vehicles, func(v *freight.Vehicle) freight.ID { return v.ID })
	keep(l.loads, c.Loads, func(v *freight.Load) freight.ID { return v.ID })
	keep(l.trips, c.Trips, func(v *freight.Trip) freight.ID { return v.ID })
	keep(l.offers, c.Offers, func(v *freight.Offer) freight.ID { return v.ID })
	keep(l.bookings, c.Bookings, func(v *freight.Booking) freight.ID { return v.ID })
	for _, r := range c.Records {
		l.records[r.Trip.ID] = append(l.records[r.Trip.ID], r)
	}
	l.events, l.changes = append(l.events, c.Events...), append(l.changes, c.Changes...)
	l.state.EventSeq, l.state.ChangeSeq = int64(len(l.events)), int64(len(l.changes))
}

func keep[T any](to map[freight.ID]T, rows []freight.Row[T], id func(*T) freight.ID) {
	for i := range rows {
		to[id(&rows[i].Value)] = rows[i].Value
	}
}

func each[T any](from map[freight.ID]T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range from {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func one[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func none[T any]() iter.Seq2[T, error] { return one[T](nil) }

func (l *ledger) AuditMarkets(context.Context) ([]freight.State, error) {
	return []freight.State{l.state}, nil
}

func (l *ledger) AuditOrgs(context.Context, freight.ID) iter.Seq2[freight.Org, error] {
	return one([]freight.Org{{ID: "og_firm", Kind: freight.OrgEnterprise}, {ID: "og_truck", Kind: freight.OrgCarrier}})
}

func (l *ledger) AuditVehicles(context.Context, freight.ID) iter.Seq2[freight.Vehicle, error] {
	return each(l.vehicles)
}

func (l *ledger) AuditLoads(context.Context, freight.ID) iter.Seq2[freight.Load, error] {
	return each(l.loads)
}

func (l *ledger) AuditTrips(context.Context, freight.ID) iter.Seq2[freight.Trip, error] {
	return func(yield func(freight.Trip, error) bool) {
		for _, t := range l.trips {
			t.Stops = append([]freight.Stop(nil), t.Stops...) // the auditor empties what he has no use for
			if !yield(t, nil) {
				return
			}
		}
	}
}

func (l *ledger) AuditOffers(context.Context, freight.ID) iter.Seq2[freight.Offer, error] {
	return each(l.offers)
}

func (l *ledger) AuditBookings(context.Context, freight.ID) iter.Seq2[freight.Booking, error] {
	return each(l.bookings)
}

func (l *ledger) AuditPools(context.Context, freight.ID) iter.Seq2[freight.Pool, error] {
	return none[freight.Pool]()
}

func (l *ledger) AuditMembers(context.Context, freight.ID) iter.Seq2[freight.Member, error] {
	return none[freight.Member]()
}

func (l *ledger) AuditTickets(context.Context, freight.ID) iter.Seq2[freight.Ticket, error] {
	return none[freight.Ticket]()
}

func (l *ledger) AuditOfficers(context.Context, freight.ID) iter.Seq2[freight.Officer, error] {
	return none[freight.Officer]()
}

func (l *ledger) AuditPreferences(context.Context, freight.ID) iter.Seq2[freight.Preference, error] {
	return none[freight.Preference]()
}

func (l *ledger) AuditProofs(context.Context, freight.ID) iter.Seq2[freight.Proof, error] {
	return none[freight.Proof]()
}

func (l *ledger) AuditBriefs(context.Context, freight.ID) iter.Seq2[freight.Brief, error] {
	return none[freight.Brief]()
}

func (l *ledger) AuditTallies(context.Context, freight.ID) iter.Seq2[freight.Tally, error] {
	return func(yield func(freight.Tally, error) bool) {
		for _, t := range l.tallies {
			if !yield(t, nil) {
				return
			}
		}
	}
}

func (l *ledger) AuditCosts(context.Context, freight.ID) iter.Seq2[freight.CostModel, error] {
	return none[freight.CostModel]()
}

func (l *ledger) AuditRecords(context.Context, freight.ID) iter.Seq2[freight.TripRecord, error] {
	return func(yield func(freight.TripRecord, error) bool) {
		for _, list := range l.records {
			for _, r := range list {
				r.Trip.Stops = append([]freight.Stop(nil), r.Trip.Stops...)
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

func (l *ledger) AuditExplanations(context.Context, freight.ID) iter.Seq2[freight.Explanation, error] {
	return none[freight.Explanation]()
}

func (l *ledger) AuditEvents(context.Context, freight.ID) iter.Seq2[freight.Event, error] {
	return one(l.events)
}

func (l *ledger) AuditChanges(context.Context, freight.ID) iter.Seq2[freight.Change, error] {
	return one(l.changes)
}

func (l *ledger) AuditDeeds(context.Context, freight.ID) iter.Seq2[freight.Deed, error] {
	return none[freight.Deed]()
}

func (l *ledger) AuditAnswers(context.Context, freight.ID) iter.Seq2[freight.Answer, error] {
	return none[freight.Answer]()
}

// fares plays the lives of trucks on a book whose rounds a ledger keeps.
type fares struct {
	*world
	rng                            *rand.Rand
	ledger                         *ledger
	joins, leaves, cancels, lowers int
	owed, shorts, finals           int
	ahead                          int64 // hours from announcing a trip to its departure
}

func newFares(t *testing.T, rng *rand.Rand) *fares {
	f := &fares{world: newWorld(t), rng: rng}
	fees := freight.DefaultFees()
	f.book.env.Fees = &fees
	f.ledger = newLedger(f.book.env.Market)
	f.write = f.ledger.write
	return f
}

// pays is what each rider of a trip pays.
func (f *fares) pays(trip freight.ID) map[freight.ID]freight.Fen {
	pays := map[freight.ID]freight.Fen{}
	for _, k := range f.book.liveBookings(trip) {
		pays[k.ID] = k.Share
	}
	return pays
}

// check holds the trip after a step against its riders before it: by sums of its own.
func (f *fares) check(trip freight.ID, before map[freight.ID]freight.Fen, fees freight.Fen) {
	f.t.Helper()
	tr, sum := f.ledger.trips[trip], fees
	for _, k := range f.book.liveBookings(trip) {
		sum += k.Share
		was, rode := before[k.ID]
		if rode && k.Share > was {
			f.t.Fatalf("%s paid %d, and %d after somebody came or went", k.ID, was, k.Share)
		}
		if rode && k.Share < was {
			f.lowers++
		}
		if k.Share < 0 || k.Share > k.Most || k.Most != f.book.Load(k.Load).Ceiling || !rode && k.Share < k.Price {
			f.t.Fatalf("%s pays %d of at most %d, agreed %d", k.ID, k.Share, k.Most, k.Price)
		}
	}
	if sum != tr.Due {
		f.t.Fatalf("trip %s brings %d of %d", trip, sum, tr.Due)
	}
}

// life is one truck's: loads join, are taken back, and perhaps the truck is, before
// it sets out or while it is on its way.
func (f *fares) life(n int) {
	f.t.Helper()
	terms := f.tripTerms(fmt.Sprintf("%05d", n), km(0, 0), km(100, 0), 9_000_000)
	terms.Limits.ExtraStops = 16
	terms.Least = freight.Fen(f.rng.IntN(3) * 4000)
	begin := f.now
	f.ahead = []int64{1, 4, 26}[f.rng.IntN(3)]
	f.at(&terms.Stops[0], 0, 10)
	f.at(&terms.Stops[1], 0, 30)
	trip := f.must("og_truck", freight.AnnounceTrip{Terms: terms, Legs: []freight.Leg{flat(km(0, 0), km(100, 0))}}).Trip
	var loads []freight.ID
	var fees freight.Fen
	for range 3 + f.rng.IntN(9) {
		before := f.pays(trip.ID)
		switch pick := f.rng.IntN(10); {
		case pick < 6:
			loads = append(loads, f.joins1(trip.ID)...)
		case pick < 9 && len(loads) > 0:
			i := f.rng.IntN(len(loads))
			fees += f.leaves1(loads[i])
			loads = append(loads[:i], loads[i+1:]...)
		case f.rng.IntN(12) == 0:
			if _, err := f.do("og_truck", freight.CancelTrip{Trip: trip.ID}); err == nil {
				f.cancels++
				f.check(trip.ID, before, fees)
				f.takeBack(loads)
				return
			}
		default:
			f.now += freight.Instant(f.rng.Int64N(2 * int64(freight.Hour)))
			f.tickTrip(trip.ID)
			if f.book.Trip(trip.ID) == nil {
				return // it has arrived
			}
		}
		f.check(trip.ID, before, fees)
	}
	f.now = max(f.now, begin+80*freight.Hour)
	for range 2 {
		f.tickTrip(trip.ID)
	}
}

func (f *fares) at(s *freight.Stop, from, to int64) {
	s.Window = freight.Window{Open: f.now + freight.Instant(f.ahead+from)*freight.Hour, Close: f.now + freight.Instant(f.ahead+to)*freight.Hour}
}

// joins1 posts a load near the road and has the truck take it, if it can.
func (f *fares) joins1(trip freight.ID) []freight.ID {
	spot := func(from, to int) freight.Point {
		return km(float64(from+f.rng.IntN(to-from)), float64(f.rng.IntN(9)))
	}
	from, to := spot(5, 45), spot(55, 95)
	terms := f.loadTerms(from, to, 100_000+f.rng.Int64N(900_000))
	f.at(&terms.Pickup, 0, 20)
	f.at(&terms.Delivery, 0, 35)
	terms.Ceiling = 6_000 + freight.Fen(f.rng.Int64N(60_000))
	l := f.must("og_firm", freight.PostLoad{Terms: terms, Direct: flat(from, to)}).Load
	if tr := f.book.Trip(trip); tr != nil {
		_, _ = f.do("", freight.Propose{Load: l.ID, Version: l.Version, Matches: []freight.Match{{Trip: trip, TripVersion: tr.Version}}})
	}
	for _, o := range f.book.OpenOffers(l.ID) {
		if r, err := f.do(o.Org, freight.AcceptOffer{Offer: o.ID, Version: o.Version}); err == nil {
			f.joins++
			if r.Booking.Final != 0 {
				f.finals++
			}
			return []freight.ID{l.ID}
		}
	}
	f.takeBack([]freight.ID{l.ID})
	return nil
}

// leaves1 takes a booked load back and returns what its shipper owes.
func (f *fares) leaves1(load freight.ID) freight.Fen {
	booking := f.book.Load(load).Booking
	if _, err := f.do("og_firm", freight.WithdrawLoad{Load: load}); err != nil {
		return 0 // the truck is on its way to it
	}
	f.leaves++
	k := f.ledger.bookings[booking]
	if k.Fee > 0 {
		f.owed++
	}
	if k.Short > 0 {
		f.shorts++
	}
	if k.Fee > k.Share || k.Fee > 0 && k.FeeBy != k.Shipper {
		f.t.Fatalf("%+v owes more than it would have paid", k)
	}
	return k.Fee
}

func (f *fares) takeBack(loads []freight.ID) {
	for _, id := range loads {
		if l := f.book.Load(id); l != nil && l.State == freight.LoadPosted {
			f.must("og_firm", freight.WithdrawLoad{Load: id})
		}
	}
}

func (f *fares) tickTrip(trip freight.ID) {
	for _, kind := range []freight.ClockKind{freight.ClockLease, freight.ClockDepart, freight.ClockTrip} {
		_, _ = f.do("", freight.Tick{Clock: freight.Clock{At: f.now, Kind: kind, ID: trip}})
	}
}

// lives is how many lives of trucks are played: PINHUO_LIVES asks for more.
func lives(t *testing.T) int {
	if text := os.Getenv("PINHUO_LIVES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("PINHUO_LIVES: %v", err)
		}
		return n
	}
	return 400
}

// TestFaresOfRandomLives plays random sequences of joining, withdrawing and cancelling
// through the book, and has the auditor, who shares no code with it, judge what it
// would have written.
func TestFaresOfRandomLives(t *testing.T) {
	rng := rand.New(rand.NewPCG(seed.Of(t), 5))
	const together = 50 // in one market
	var all fares
	n := lives(t)
	for done := 0; done < n; done += together {
		f := newFares(t, rng)
		for i := range min(together, n-done) {
			f.life(i)
		}
		report, err := audit.Audit(t.Context(), f.ledger, audit.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Violations > 0 {
			t.Fatalf("after %d lives: %d violations, first %s", done, report.Violations, report.List[0])
		}
		all.joins, all.leaves, all.cancels, all.lowers = all.joins+f.joins, all.leaves+f.leaves, all.cancels+f.cancels, all.lowers+f.lowers
		all.owed, all.shorts, all.finals = all.owed+f.owed, all.shorts+f.shorts, all.finals+f.finals
	}
	t.Logf("%d lives: %d joined (%d of them late), %d left (%d owed a fee, %d left the carrier short), %d cancelled; %d shares fell",
		n, all.joins, all.finals, all.leaves, all.owed, all.shorts, all.cancels, all.lowers)
	if all.joins < n || all.leaves < n/4 || all.cancels < n/100 || all.lowers < n || all.owed < n/10 || all.owed > all.leaves*9/10 || all.shorts < n/40 || all.finals < n/100 {
		t.Error("the lives prove too little")
	}
}
