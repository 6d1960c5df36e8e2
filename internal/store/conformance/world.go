package conformance

import (
	"encoding/binary"
	"fmt"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// World is a market of one store and a writer of it who numbers by himself, as
// the dispatcher does.
type World struct {
	tb      testing.TB
	Store   *store.Store
	Market  freight.Market
	Shipper freight.Org
	Carrier freight.Org
	Desk    freight.Org
	State   freight.State // where the writer stands
	ids     uint64
}

// Start is the instant at which worlds begin.
const Start = freight.Instant(1_760_000_000_000)

// NewWorld opens the store with a market of two firms and a desk, and takes
// its lease.
func NewWorld(tb testing.TB, cfg store.Config) *World {
	tb.Helper()
	w := &World{tb: tb, Store: Open(tb, cfg)}
	ctx := tb.Context()
	w.Market = freight.Market{ID: w.ID(freight.PrefixMarket), Name: "海门", Box: freight.Box{South: 200000000, West: 700000000, North: 540000000, East: 1350000000}, Zone: "Asia/Shanghai"}
	w.ok(w.Store.CreateMarket(ctx, w.Market))
	for _, o := range []struct {
		org  *freight.Org
		kind freight.OrgKind
		name string
	}{{&w.Shipper, freight.OrgEnterprise, "海门纺织"}, {&w.Carrier, freight.OrgCarrier, "江海物流"}, {&w.Desk, freight.OrgDesk, "物流服务台"}} {
		*o.org = freight.Org{ID: w.ID(freight.PrefixOrg), Market: w.Market.ID, Kind: o.kind, Name: o.name, Vetted: true, Made: Start}
		w.ok(w.Store.CreateOrg(ctx, *o.org))
	}
	w.Acquire("test")
	return w
}

// Open opens a store and closes it when the test ends.
func Open(tb testing.TB, cfg store.Config) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), cfg)
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

// Acquire takes the lease and remembers the state.
func (w *World) Acquire(holder string) freight.State {
	w.tb.Helper()
	state, err := w.Store.Acquire(w.tb.Context(), w.Market.ID, holder)
	w.ok(err)
	w.State = state
	return state
}

func (w *World) ok(err error) {
	w.tb.Helper()
	if err != nil {
		w.tb.Fatal(err)
	}
}

// ID returns the next id with the prefix: distinct and in order, a millisecond
// apart.
func (w *World) ID(prefix string) freight.ID {
	w.ids++
	var random [10]byte
	binary.BigEndian.PutUint64(random[2:], w.ids)
	return freight.NewID(prefix, Start+freight.Instant(w.ids), random)
}

func (w *World) meta(prefix string, org freight.ID) freight.Meta {
	return freight.Meta{ID: w.ID(prefix), Market: w.Market.ID, Org: org, Version: 1, Made: Start, Changed: Start, Actor: "us_clerk"}
}

// Load returns a posted load of the shipper.
func (w *World) Load() freight.Load {
	l := freight.Load{Meta: w.meta(freight.PrefixLoad, w.Shipper.ID), State: freight.LoadPosted, Posted: Start, Stated: 1, Alone: 120000}
	l.LoadTerms = freight.LoadTerms{
		Ref: fmt.Sprintf("PO-%d", w.ids), Goods: "纺织品 12 箱", Needs: freight.CapCovered, Ceiling: 108000, AnswerBy: Start + 4*freight.Hour,
		Pickup:   w.stop("海门", 318900000, 1211700000, Start+freight.Hour),
		Delivery: w.stop("常州", 318100000, 1199700000, Start+6*freight.Hour),
		Size: freight.Size{Room: freight.Room{Grams: 1_250_000, Millilitres: 4_800_000, FloorMM: 1200},
			Pieces: []freight.Piece{{Count: 12, LengthMM: 600, WidthMM: 400, HeightMM: 400, Grams: 104_000}}},
	}
	l.Direct = freight.Leg{Metres: 165_000, Seconds: 9_900, Method: "fallback", Version: "1"}
	return l
}

func (w *World) stop(town string, lat, lng int32, open freight.Instant) freight.Stop {
	return freight.Stop{Place: freight.Place{Point: freight.Point{LatE7: lat, LngE7: lng}, Town: town, Address: "工业园区 18 号 3 门"},
		Window: freight.Window{Open: open, Close: open + 3*freight.Hour}, ServiceS: 900, Contact: freight.Contact{Name: "值班员", Phone: "0513-00000000"}}
}

// Vehicle returns a truck of the carrier.
func (w *World) Vehicle() freight.Vehicle {
	return freight.Vehicle{Meta: w.meta(freight.PrefixVehicle, w.Carrier.ID), VehicleTerms: freight.VehicleTerms{
		Plate: freight.Plate{Number: fmt.Sprintf("苏F%05d", w.ids%100000), Colour: "yellow"}, Type: freight.Type9M6, Payload: 18_000_000,
		Inner: freight.Inner{LengthMM: 9600, WidthMM: 2400, HeightMM: 2500}, Has: freight.CapCovered | freight.CapTailLift,
	}}
}

// Trip returns an open trip of a vehicle.
func (w *World) Trip(v freight.Vehicle) freight.Trip {
	t := freight.Trip{Meta: w.meta(freight.PrefixTrip, v.Org), VehicleID: v.ID, State: freight.TripOpen, Stated: 1,
		Router: freight.Router{Method: "fallback", Version: "1"}, DirectM: 180_000, DirectS: 10_800}
	from, to := w.stop("海门", 318900000, 1211700000, Start+freight.Hour), w.stop("无锡", 315000000, 1203000000, Start+8*freight.Hour)
	t.TripTerms = freight.TripTerms{Ref: fmt.Sprintf("T-%d", w.ids), Vehicle: v.VehicleTerms, Stops: []freight.Stop{from, to},
		Rooms: []freight.Room{{Grams: 6_000_000, Millilitres: 20_000_000, FloorMM: 4000}}, Least: 5000, Lease: Start + 11*freight.Hour,
		Limits: freight.Limits{DetourM: 50_000, DetourS: 3600, ExtraStops: 4}}
	t.Plan = []freight.Call{
		{Kind: freight.CallStart, Own: 0, Point: from.Place.Point, Window: from.Window, ServiceS: 900, Arrive: Start, Start: Start + freight.Hour, Leave: Start + 2*freight.Hour},
		{Kind: freight.CallEnd, Own: 1, Point: to.Place.Point, Window: to.Window, ServiceS: 900, LegM: 180_000, LegS: 10_800, Arrive: Start + 5*freight.Hour, Start: Start + 8*freight.Hour, Leave: Start + 9*freight.Hour},
	}
	return t
}

// Offer returns an offer of a load to a trip.
func (w *World) Offer(l freight.Load, t freight.Trip) freight.Offer {
	return freight.Offer{Meta: w.meta(freight.PrefixOffer, t.Org), State: freight.OfferSent, Shipper: l.Org, Load: l.ID, LoadVersion: l.Version,
		Trip: t.ID, TripVersion: t.Version, Router: t.Router, Expires: Start + 15*freight.Minute,
		Terms: freight.Terms{Price: 42_000, Alone: l.Alone, DetourM: 12_000, DetourS: 900, PickupAt: 1, DeliveryAt: 2,
			PickupETA: Start + 2*freight.Hour, DropETA: Start + 5*freight.Hour, Departure: Start + freight.Hour}}
}

// Booking returns the booking that accepting an offer makes.
func (w *World) Booking(l freight.Load, o freight.Offer) freight.Booking {
	return freight.Booking{Meta: w.meta(freight.PrefixBooking, o.Org), State: freight.BookingFirm, Shipper: l.Org, Load: l.ID, Trip: o.Trip, Offer: o.ID,
		Take: l.Size.Room, Price: o.Price, Alone: o.Alone, PickupBy: l.Pickup.Window.Close, DropBy: l.Delivery.Window.Close,
		PickupETA: o.PickupETA, DropETA: o.DropETA, Router: o.Router}
}

// Commit begins a commit of the writer, to be filled in.
func (w *World) Commit() *freight.Commit {
	return &freight.Commit{Market: w.Market.ID, Epoch: w.State.Epoch, At: w.State.At + 1}
}

// Say adds an event to the commit under the next number.
func (w *World) Say(c *freight.Commit, kind freight.EventType, audience freight.ID, m freight.Meta, facts freight.Facts) {
	w.State.EventSeq++
	c.Events = append(c.Events, freight.Event{Market: w.Market.ID, Seq: w.State.EventSeq, Audience: audience, Type: kind, Schema: freight.EventSchema,
		At: c.At, Actor: m.Actor, Behalf: m.Behalf, Subject: m.ID, Version: m.Version, Facts: facts})
}

// Note adds a change to the commit under the next number.
func (w *World) Note(c *freight.Commit, kind string, m freight.Meta) {
	w.State.ChangeSeq++
	c.Changes = append(c.Changes, freight.Change{Market: w.Market.ID, Seq: w.State.ChangeSeq, Kind: kind, ID: m.ID, Version: m.Version})
}

// Post adds to the commit all that one posted load writes: the row, an event,
// a change and the answer under the key, none when it is "".
func (w *World) Post(c *freight.Commit, l freight.Load, key string) {
	c.Loads = append(c.Loads, freight.Row[freight.Load]{Value: l})
	take := l.Size.Room
	w.Say(c, freight.EventLoadPosted, l.Org, l.Meta, freight.Facts{Load: l.ID, State: string(l.State), Ref: l.Ref, Goods: l.Goods,
		From: l.Pickup.Place.Town, To: l.Delivery.Place.Town, Take: &take, Alone: l.Alone, AnswerBy: l.AnswerBy})
	w.Note(c, freight.KindLoad, l.Meta)
	if key != "" {
		c.Answers = append(c.Answers, freight.Answer{Key: freight.Key{Org: l.Org, Name: key, Hash: [32]byte{1}}, At: c.At,
			Result: freight.Result{Seq: w.State.EventSeq, Load: &l}})
	}
}

// Send commits and moves the writer on.
func (w *World) Send(c *freight.Commit) {
	w.tb.Helper()
	w.ok(w.Store.Commit(w.tb.Context(), c))
	w.State.At = c.At
}
