package audit_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/internal/audit"
	"pinhuo/internal/desk"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/store"
)

// exchange is a market played by hand through the writer, in simulated time.
type exchange struct {
	t      *testing.T
	db     *store.Store
	engine *dispatch.Engine
	now    freight.Instant
	ids    uint64
	open   []freight.ID // offers, in the order they were made
	terms  map[freight.ID]int64
	market freight.Market
}

const (
	shipperOrg = freight.ID("og_shipper")
	carrierOrg = freight.ID("og_carrier")
	deskOrg    = freight.ID("og_desk")
)

func (x *exchange) Mint(prefix string, at freight.Instant) freight.ID {
	var random [10]byte
	x.ids++
	binary.BigEndian.PutUint64(random[:], x.ids)
	return freight.NewID(prefix, at, random)
}

func (x *exchange) Missed() {}

func (x *exchange) Publish(events []freight.Event) {
	for _, e := range events {
		switch e.Type {
		case freight.EventOfferSent:
			x.open = append(x.open, e.Subject)
			x.terms[e.Subject] = e.Version
		case freight.EventOfferRepriced:
			x.terms[e.Subject] = e.Version
		case freight.EventOfferDeclined, freight.EventOfferExpired, freight.EventOfferSuperseded, freight.EventOfferWithdrawn:
			delete(x.terms, e.Subject)
		case freight.EventBookingFirm:
			delete(x.terms, e.Facts.Offer)
		}
	}
}

// newExchange founds a market in an empty database.
func newExchange(t *testing.T, cfg store.Config) *exchange {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{t: t, db: db, now: dawn, terms: map[freight.ID]int64{}}
	x.market = freight.Market{ID: "mk_delta", Name: "delta", Zone: "Asia/Shanghai",
		Box: freight.Box{South: 290_000_000, West: 1_180_000_000, North: 330_000_000, East: 1_230_000_000}}
	x.must(db.CreateMarket(ctx, x.market))
	x.must(db.CreateOrg(ctx, freight.Org{ID: shipperOrg, Market: x.market.ID, Kind: freight.OrgEnterprise, Name: "s", Made: dawn}))
	x.must(db.CreateOrg(ctx, freight.Org{ID: carrierOrg, Market: x.market.ID, Kind: freight.OrgCarrier, Name: "c", Made: dawn}))
	x.must(db.CreateOrg(ctx, freight.Org{ID: deskOrg, Market: x.market.ID, Kind: freight.OrgDesk, Name: "d", Made: dawn}))
	x.engine, err = dispatch.Open(ctx, dispatch.Config{Market: x.market.ID, Holder: "test", Store: db, Publisher: x,
		Router: fallback(t), Costs: freight.DefaultCosts(), Fees: freight.DefaultFees(), Mint: x, Idle: 30 * time.Minute, TopOff: true})
	x.must(err)
	return x
}

func fallback(t *testing.T) geo.Router {
	router, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

func (x *exchange) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// do commits one command, which must not be refused, and lets planners finish.
func (x *exchange) do(org freight.ID, key string, act freight.Act) freight.Result {
	x.t.Helper()
	cmd, err := x.engine.Prepare(x.now, freight.Command{Org: org, Key: key, Act: act})
	x.must(err)
	outcome := x.round(cmd)[0]
	x.must(outcome.Err)
	x.plan()
	return outcome.Result
}

func (x *exchange) round(list ...freight.Command) []dispatch.Outcome {
	x.t.Helper()
	outcomes, err := x.engine.Round(x.t.Context(), x.now, list)
	x.must(err)
	return outcomes
}

func (x *exchange) plan() {
	x.t.Helper()
	for needs := x.engine.Needs(); len(needs) > 0; needs = x.engine.Needs() {
		for _, need := range needs {
			if plans := x.engine.Plan(x.now, need); len(plans) > 0 {
				x.round(plans...)
			}
		}
	}
}

// wait lets the clocks run out up to an instant.
func (x *exchange) wait(until freight.Instant) {
	x.t.Helper()
	for next := x.engine.NextClock(); next != 0 && next <= until; next = x.engine.NextClock() {
		x.now = next
		x.round(x.engine.Due(next)...)
		x.plan()
	}
	x.now = until
}

// accept takes every offer that is open, first come first served.
func (x *exchange) accept() {
	x.t.Helper()
	for _, id := range x.open {
		if version, ok := x.terms[id]; ok {
			x.round(freight.Command{Org: carrierOrg, Key: "accept " + string(id), Act: freight.AcceptOffer{Offer: id, Version: version}})
			x.plan()
		}
	}
	x.open = nil
}

var (
	haimen       = freight.Point{LatE7: 319_000_000, LngE7: 1_211_700_000}
	zhangjiagang = freight.Point{LatE7: 318_700_000, LngE7: 1_205_500_000}
	jiangyin     = freight.Point{LatE7: 319_100_000, LngE7: 1_202_800_000}
	changzhou    = freight.Point{LatE7: 318_100_000, LngE7: 1_199_700_000}
	beyond       = freight.Point{LatE7: 321_500_000, LngE7: 1_187_000_000} // of Nanjing
	nanjing      = freight.Point{LatE7: 320_600_000, LngE7: 1_188_000_000}
)

func at(hours float64) freight.Instant { return dawn + freight.Instant(hours*float64(freight.Hour)) }

func stopAt(p freight.Point, open, shut float64) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: p, Town: "town"}, Window: freight.Window{Open: at(open), Close: at(shut)}}
}

func tripTerms(ref string, kg int64, depart, arrive float64, points ...freight.Point) freight.TripTerms {
	t := freight.TripTerms{Ref: ref, Limits: freight.Limits{DetourM: 60_000, DetourS: 3600, ExtraStops: 10},
		Vehicle: freight.VehicleTerms{Plate: freight.Plate{Number: "SU-F1000", Colour: "yellow"}, Type: freight.Type9M6, Payload: 18_000_000,
			Inner: freight.Inner{LengthMM: 9500, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapBox}}
	for i, p := range points {
		t.Stops = append(t.Stops, stopAt(p, depart, arrive))
		if i > 0 {
			t.Rooms = append(t.Rooms, freight.Room{Grams: kg * 1000, Millilitres: 30_000_000, FloorMM: 5000})
		}
	}
	return t
}

func loadTerms(ref string, kg int64, ready, until float64, from, to freight.Point) freight.LoadTerms {
	l := freight.LoadTerms{Ref: ref, Goods: "crates", Pickup: stopAt(from, ready, until), Delivery: stopAt(to, ready, until+8)}
	l.Pickup.ServiceS, l.Delivery.ServiceS = 900, 900
	l.Ceiling = 100_000
	l.Size.Pieces = []freight.Piece{{Count: 2, LengthMM: 1200, WidthMM: 1000, HeightMM: 900, Grams: kg * 500}}
	return l
}

// healthy plays a day in which everything happens that can: bookings on one
// trip, a release, a decline, an expiry, a cancelled trip whose load finds
// another, a roaming truck, an explained load, an open offer at the end.
func healthy(t *testing.T, cfg store.Config) {
	x := newExchange(t, cfg)
	x.do(carrierOrg, "t1", freight.AnnounceTrip{Terms: tripTerms("T1", 6000, 4, 12, haimen, zhangjiagang, changzhou)})
	x.do(carrierOrg, "t2", freight.AnnounceTrip{Terms: tripTerms("T2", 6000, 14, 24, changzhou, haimen)})
	roaming := tripTerms("T3", 3000, 1, 20, nanjing)
	roaming.Vehicle.Plate.Number, roaming.Roaming, roaming.Horizon = "SU-A2000", true, at(20)
	roaming.Rooms = []freight.Room{{Grams: 3_000_000, Millilitres: 20_000_000, FloorMM: 5000}}
	x.do(carrierOrg, "t3", freight.AnnounceTrip{Terms: roaming})
	x.do(shipperOrg, "r1", freight.PostLoad{Terms: loadTerms("R1", 400, 1, 5, nanjing, beyond)})
	x.accept()
	x.do(shipperOrg, "l1", freight.PostLoad{Terms: loadTerms("L1", 800, 4, 10, haimen, changzhou)})
	x.accept()
	x.do(shipperOrg, "l2", freight.PostLoad{Terms: loadTerms("L2", 1200, 4, 10, haimen, jiangyin)})
	x.accept()
	third := x.do(shipperOrg, "l3", freight.PostLoad{Terms: loadTerms("L3", 500, 4, 10, zhangjiagang, changzhou)})
	x.accept()
	x.do(shipperOrg, "w3", freight.WithdrawLoad{Load: third.Load.ID})
	spare := tripTerms("T4", 900, 5, 13, haimen, nanjing)
	spare.Vehicle.Plate.Number = "SU-F4000"
	cancelled := x.do(carrierOrg, "t4", freight.AnnounceTrip{Terms: spare})
	x.do(shipperOrg, "l4", freight.PostLoad{Terms: loadTerms("L4", 600, 5, 9, haimen, nanjing)})
	x.accept()
	x.do(carrierOrg, "c4", freight.CancelTrip{Trip: cancelled.Trip.ID})
	x.accept()
	x.do(shipperOrg, "l5", freight.PostLoad{Terms: loadTerms("L5", 9000, 2, 31, haimen, nanjing)})
	x.wait(at(3))
	x.do(shipperOrg, "r2", freight.PostLoad{Terms: loadTerms("R2", 300, 2, 9, beyond, nanjing)}) // the roaming truck stands
	x.accept()
	x.do(shipperOrg, "l6", freight.PostLoad{Terms: loadTerms("L6", 700, 15, 22, changzhou, haimen)})
	x.wait(at(3.5)) // the offer for L6 runs out
	x.tickets()
	x.wait(at(29))
	x.chain()
	x.do(carrierOrg, "t5", freight.AnnounceTrip{Terms: tripTerms("T5", 6000, 40, 50, haimen, changzhou)})
	x.do(carrierOrg, "t6", freight.AnnounceTrip{Terms: tripTerms("T6", 6000, 52, 60, changzhou, haimen)})
	x.do(shipperOrg, "l7", freight.PostLoad{Terms: loadTerms("L7", 700, 40, 45, haimen, changzhou)})
	x.accept()
	x.holds()
	x.do(shipperOrg, "l8", freight.PostLoad{Terms: loadTerms("L8", 700, 40, 45, haimen, changzhou)})
	x.refusals(third.Load.ID)
	x.pools()
	x.must(x.db.Close())
}

// refusals has a firm ask for what cannot be, each in its own request.
func (x *exchange) refusals(withdrawn freight.ID) {
	for i, key := range []string{"late", "later", "latest"} {
		cmd := freight.Command{Org: shipperOrg, Actor: "us_clerk", Key: key, Hash: [32]byte{1}, Act: freight.WithdrawLoad{Load: withdrawn, Version: int64(90 + i)}}
		if err := x.round(cmd, cmd)[0].Err; err == nil {
			x.t.Fatal("a load was withdrawn twice")
		}
	}
}

// chain has a truck told what it could carry home, and announce the way home while it drives
// to the end of its trip.
func (x *exchange) chain() {
	x.t.Helper()
	out := tripTerms("T7", 6000, 29.2, 38, haimen, changzhou)
	out.Vehicle.Plate.Number = "SU-C7"
	out.Chain = &freight.Chain{Home: &out.Stops[0].Place}
	first := x.do(carrierOrg, "t7", freight.AnnounceTrip{Terms: out}).Trip
	l := loadTerms("H1", 700, 29.2, 40, changzhou, haimen)
	x.do(shipperOrg, "h1", freight.PostLoad{Terms: l})
	told := x.round(x.engine.PlanReloads(x.now)...)
	if len(told) != 1 || told[0].Err != nil {
		x.t.Fatalf("told %+v", told)
	}
	x.wait(at(29.6))
	back := tripTerms("T8", 6000, 36, 44, changzhou, haimen)
	back.Vehicle.Plate.Number, back.Chain = "SU-C7", &freight.Chain{After: first.ID}
	x.do(carrierOrg, "t8", freight.AnnounceTrip{Terms: back})
	x.accept()
}

// holds has shippers who look first: one says yes, one no, one sleeps, one is waited for.
func (x *exchange) holds() {
	x.t.Helper()
	look := func(ref string) *freight.Booking {
		l := loadTerms(ref, 300, 40, 45, haimen, changzhou)
		l.Hold = true
		x.do(shipperOrg, ref, freight.PostLoad{Terms: l})
		x.accept()
		page, err := x.db.Bookings(x.t.Context(), freight.Query{Scope: freight.Scope{Market: x.market.ID, Desk: true}, State: "held"})
		x.must(err)
		if len(page.Rows) == 0 {
			x.t.Fatalf("nobody took %s", ref)
		}
		return page.Rows[0].Booking
	}
	x.do(shipperOrg, "h1 yes", freight.ConfirmBooking{Booking: look("B1").ID})
	x.do(shipperOrg, "h2 no", freight.RefuseBooking{Booking: look("B2").ID, Reason: freight.ReasonPrice})
	x.wait(look("B3").Until + 1)
	look("B4")
	for _, ref := range []string{"B2", "B3"} { // which would be pooled with others
		x.do(shipperOrg, "back "+ref, freight.WithdrawLoad{Load: x.load(ref)})
	}
}

// pools has one pool taken after a member left, one dissolved, and one asked at the end.
func (x *exchange) pools() {
	x.t.Helper()
	form := func(refs ...string) *freight.Pool {
		for i, ref := range refs {
			l := loadTerms(ref, 2000, 70, 76, haimen, changzhou)
			l.Pickup.Place.Point.LngE7 += int32(i) * 100_000
			l.Size.FloorMM = 2000
			l.Ceiling = 0
			x.do(shipperOrg, ref, freight.PostLoad{Terms: l})
		}
		plan := x.engine.PlanPools(x.now)
		if len(plan) != 1 {
			x.t.Fatalf("%d pools", len(plan))
		}
		return x.round(plan...)[0].Result.Pool
	}
	p := form("P1", "P2", "P3", "P4")
	x.do(shipperOrg, "w1", freight.WithdrawLoad{Load: x.load("P1")})
	again, _, err := x.db.Pool(x.t.Context(), freight.Scope{Market: x.market.ID, Desk: true}, p.ID)
	x.must(err)
	p = x.do(shipperOrg, "y1", freight.ConsentPool{Pool: p.ID, Version: again.Pool.Version}).Pool
	vehicle := tripTerms("", 0, 0, 0).Vehicle
	vehicle.Plate.Number, vehicle.Type = "SU-P1", p.Type
	x.do(carrierOrg, "p1", freight.TakePool{Pool: p.ID, Version: p.Version, Vehicle: vehicle})
	p = form("P5", "P6")
	x.do(shipperOrg, "n1", freight.DeclinePool{Pool: p.ID, Reason: freight.ReasonPrice})
	form("P7", "P8", "P9")
}

// tickets has the desk name its officers, one load that gets its person and is
// escalated because the only truck said no, one call for help that is answered and confirmed, one dispute that is
// handed on because its owner is away, and the brief of it all.
func (x *exchange) tickets() {
	x.t.Helper()
	set := func(user freight.ID, terms freight.OfficerTerms) {
		terms.Name = "officer"
		x.do(deskOrg, "set "+string(user), freight.SetOfficer{User: user, Terms: terms})
	}
	set("us_head", freight.OfficerTerms{})
	set("us_second", freight.OfficerTerms{Deputy: "us_head"})
	set("us_first", freight.OfficerTerms{Deputy: "us_second", Firms: []freight.ID{shipperOrg}, Default: true})
	day := float64(x.now-dawn) / float64(freight.Hour)
	x.do(shipperOrg, "l9", freight.PostLoad{Terms: loadTerms("L9", 9000, day+4, day+5, haimen, nanjing)})
	willing := tripTerms("T9", 10_000, day+4.5, day+14, haimen, nanjing)
	willing.Vehicle.Plate.Number = "SU-F9000"
	x.do(carrierOrg, "t9", freight.AnnounceTrip{Terms: willing})
	x.do(carrierOrg, "n9", freight.DeclineOffer{Offer: x.open[len(x.open)-1], Reason: freight.ReasonPrice})
	x.wait(x.now + 4*freight.Hour) // explained, and past the first officer's clock
	help := x.as(carrierOrg, "us_driver", freight.AskDesk{Kind: freight.TicketHelp, Text: "gate shut"}).Ticket
	x.as(deskOrg, "us_second", freight.MoveTicket{Ticket: help.ID, Event: freight.TicketTake})
	x.as(deskOrg, "us_second", freight.MoveTicket{Ticket: help.ID, Event: freight.TicketNote, Text: "called the porter"})
	x.as(deskOrg, "us_second", freight.MoveTicket{Ticket: help.ID, Event: freight.TicketFinish, Text: "open now"})
	x.as(carrierOrg, "us_driver", freight.MoveTicket{Ticket: help.ID, Event: freight.TicketConfirm})
	page, err := x.db.Bookings(x.t.Context(), freight.Query{Scope: freight.Scope{Market: x.market.ID, Org: shipperOrg}, Limit: 1})
	x.must(err)
	x.as(shipperOrg, "us_clerk", freight.AskDesk{Kind: freight.TicketDispute, Booking: page.Rows[0].Booking.ID, Text: "wet"})
	x.as(deskOrg, "us_first", freight.MarkOfficer{User: "us_first", Away: true})
	x.now += freight.Hour
	busy, err := x.db.Busy(x.t.Context(), x.market.ID, 0)
	x.must(err)
	x.as(deskOrg, "", freight.KeepBrief{Brief: desk.Brief(busy, dawn, x.now)})
	x.wait(x.now)
}

// as commits what one person does.
func (x *exchange) as(org, actor freight.ID, act freight.Act) freight.Result {
	x.t.Helper()
	outcome := x.round(freight.Command{Org: org, Actor: actor, Act: act})[0]
	x.must(outcome.Err)
	x.plan()
	return outcome.Result
}

// load is the id of the shipper's load of a reference.
func (x *exchange) load(ref string) freight.ID {
	x.t.Helper()
	page, err := x.db.Loads(x.t.Context(), freight.Query{Scope: freight.Scope{Market: x.market.ID, Org: shipperOrg}, Limit: 200})
	x.must(err)
	for _, l := range page.Rows {
		if l.Ref == ref {
			return l.ID
		}
	}
	x.t.Fatalf("no load %s", ref)
	return ""
}

// look audits a database.
func look(t *testing.T, cfg store.Config) audit.Report {
	t.Helper()
	db, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var report audit.Report
	err = db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		var err error
		report, err = audit.Audit(t.Context(), s, audit.Options{Routers: []geo.Router{fallback(t)}, Blobs: noBlobs})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAHealthyDatabaseHasNoViolation(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	healthy(t, cfg)
	report := look(t, cfg)
	for _, v := range report.List {
		t.Error(v)
	}
	for kind, least := range map[string]int{"load": 10, "trip": 6, "vehicle": 3, "offer": 9, "booking": 7, "record": 20, "event": 60,
		"change": 60, "answer": 20, "explanation": 3, "pool": 3, "member": 9, "ticket": 3, "officer": 3, "brief": 1} {
		if report.Rows[kind] < least {
			t.Errorf("%d rows of kind %s, want at least %d", report.Rows[kind], kind, least)
		}
	}
}

// noBlobs is a folder of blobs that is empty.
func noBlobs(context.Context, freight.Picture) (bool, error) { return false, nil }
