package api

import (
	"encoding/json"
	"strconv"

	"pinhuo/freight"
)

// The functions of this file are the only way from a row to what a client
// reads, over HTTP and over the socket. What a reader may see follows from its
// relation to the row:
//
//	             board  party  counterpart  own, desk
//	town, size     x      x         x           x
//	direct, alone         x         x           x
//	address, contact                x           x     exact point as well
//	plate                           x           x
//	reference, ceiling,                         x
//	limits, plan
//
// A party is a side of an offer, or of a booking that is not live.

// relation is what a reader is to a row, the more the greater.
type relation int

const (
	ofBoard relation = iota
	ofParty
	ofCounterpart // other side of a live booking
	ofOwn
	ofDesk
)

// relationTo returns what the scope is to a row of org that another side would
// see as side.
func relationTo(scope freight.Scope, org freight.ID, side relation) relation {
	switch {
	case scope.Desk:
		return ofDesk
	case scope.Org == org:
		return ofOwn
	}
	return side
}

// town is the grid that hides where exactly a place is, in degrees × 10^7.
const town = 1_000_000

// veiled moves a point to the middle of its cell of the grid.
func veiled(p freight.Point) freight.Point {
	middle := func(e7 int32) int32 {
		cell := e7 / town
		if e7%town < 0 {
			cell--
		}
		return cell*town + town/2
	}
	return freight.Point{LatE7: middle(p.LatE7), LngE7: middle(p.LngE7)}
}

// seen returns the point as the relation may see it.
func (rel relation) seen(p freight.Point) (lat, lng Decimal) {
	if rel < ofCounterpart {
		p = veiled(p)
	}
	return degrees(p.LatE7), degrees(p.LngE7)
}

func (rel relation) stop(s freight.Stop) Stop {
	out := Stop{Place: rel.place(s.Place), Window: window(s.Window), ServiceS: s.ServiceS, Gates: viewGate(s.Gate)}
	if rel < ofCounterpart {
		return out
	}
	out.TruckBans = viewBans(s.Bans)
	if s.Contact != (freight.Contact{}) {
		out.Contact = &Contact{s.Contact.Name, s.Contact.Phone}
	}
	return out
}

func window(w freight.Window) Window { return Window{w.Open.Time(), w.Close.Time()} }

// party shows an organization; the board tells the name of a vetted one only.
func (rel relation) party(org freight.Org) Party {
	if rel >= ofParty || org.Vetted {
		return Party{org.ID, org.Name, viewRecord(org.Record)}
	}
	return Party{ID: org.ID}
}

func (rel relation) load(l *freight.Load, shipper freight.Org) Load {
	who := rel.party(shipper)
	out := Load{
		ID: l.ID, Version: l.Version, State: l.State, Org: &who, Goods: l.Goods, Pickup: rel.stop(l.Pickup),
		Delivery: rel.stop(l.Delivery), Size: size(l.Size), Needs: l.Needs.Names(), PostedAt: when(l.Posted),
		CareTerms: viewCare(l.Care), Hold: l.Hold,
	}
	if rel >= ofParty {
		out.AloneFen = l.Alone
		out.Direct = &Leg{Drive{l.Direct.Metres, l.Direct.Seconds}, Router{l.Direct.Method, l.Direct.Version}}
		out.LateS = l.LateS()
	}
	if rel >= ofOwn {
		out.Exclusive = l.ExclusiveS / 60
		out.Outcome, out.Ref, out.CeilingFen, out.BookingID = l.Outcome, l.Ref, l.Ceiling, l.Booking
		out.AnswerBy, out.AnsweredAt = when(l.AnswerBy), when(l.Answer)
		out.TrueUntil, out.AskedAt = when(l.Word.Until), when(l.Word.Asked)
	}
	return out
}

func (rel relation) vehicle(v *freight.VehicleTerms) Vehicle {
	out := Vehicle{
		Type: v.Type, PayloadKg: decimalOf(v.Payload, freight.PlacesKilogram), Has: v.Has.Names(),
		Inner: Inner{metres(v.Inner.LengthMM), metres(v.Inner.WidthMM), metres(v.Inner.HeightMM)}, VehicleCare: viewVehicleCare(v),
	}
	if rel >= ofCounterpart {
		out.Plate = &Plate{v.Plate.Number, v.Plate.Colour}
	}
	return out
}

func (rel relation) trip(t *freight.Trip, carrier freight.Org) Trip {
	who := rel.party(carrier)
	out := Trip{
		ID: t.ID, Version: t.Version, State: t.State, Org: &who, Vehicle: rel.vehicle(&t.Vehicle), Roaming: t.Roaming,
		Stops: []Stop{}, Rooms: []Room{}, Horizon: when(t.Horizon), BookNow: t.BookNow, Lease: when(t.Lease), Router: Router(t.Router),
	}
	for _, s := range t.Stops {
		out.Stops = append(out.Stops, rel.stop(s))
	}
	if rel < ofOwn {
		for _, r := range left(t) {
			out.Rooms = append(out.Rooms, room(r))
		}
		return out
	}
	for _, r := range t.Rooms {
		out.Rooms = append(out.Rooms, room(r))
	}
	metres, seconds := t.Detour()
	out.Ref, out.LeastFen, out.Plan, out.Answered, out.Hours = t.Ref, t.Least, plan(t), when(t.Answer), viewDuty(t.Duty)
	out.True, out.AskedAt, out.Reconfirms = when(t.Word.Until), when(t.Word.Asked), when(t.Again.Said)
	if t.Again.Open() {
		out.DriveBy, out.Silent = when(t.Again.Until), when(t.Again.Silent)
	}
	expected(out.Plan, t.Road)
	out.Delay = viewDelay(t.Road)
	out.chain(t)
	out.Direct, out.Detour = &Drive{t.DirectM, t.DirectS}, &Drive{metres, seconds}
	out.Limits = &Limits{decimalOf(t.Limits.DetourM, 3), minutes(t.Limits.DetourS), t.Limits.ExtraStops}
	return out
}

// left returns the spare room of each announced leg less what is aboard at its
// fullest.
func left(t *freight.Trip) []freight.Room {
	most := make([]freight.Room, len(t.Rooms))
	var aboard freight.Room
	leg := 0
	for _, c := range t.Plan {
		if c.Own >= 0 {
			leg = min(c.Own, len(most)-1)
		}
		aboard = aboard.Plus(c.Take)
		if leg >= 0 && leg < len(most) {
			most[leg] = most[leg].Max(aboard)
		}
	}
	for i, r := range t.Rooms {
		most[i] = r.Minus(most[i]).Max(freight.Room{})
	}
	return most
}

// plan shows a trip's calls to its own side. Once the trip has ended, where
// exactly its riders' stops were is no longer told.
func plan(t *freight.Trip) []Call {
	calls := make([]Call, 0, len(t.Plan))
	var aboard freight.Room
	for _, c := range t.Plan {
		aboard = aboard.Plus(c.Take)
		out := Call{
			Kind: c.Kind, LoadID: c.Load, ArriveAt: when(c.Arrive), StartAt: when(c.Start), LeaveAt: when(c.Leave),
			LegM: c.LegM, LegS: c.LegS, RestS: c.RestS, MovesS: c.RehandleS, Aboard: room(aboard),
		}
		rel := ofOwn
		if c.Own < 0 && !t.Live() {
			rel = ofParty
		}
		out.Lat, out.Lng = rel.seen(c.Point)
		if c.Own >= 0 && c.Own < len(t.Stops) {
			out.Town = t.Stops[c.Own].Place.Town
		}
		calls = append(calls, out)
	}
	return calls
}

// viewOffer shows an offer to one of its sides or to the desk. Both sides see
// the same, and nothing that the deal has not yet earned.
func viewOffer(scope freight.Scope, d *freight.Deal) Offer {
	o := d.Offer
	out := Offer{
		ID: o.ID, Version: o.Version, State: o.State, Reason: o.Reason, LoadID: o.Load, TripID: o.Trip, AfterID: o.After,
		PriceFen: o.Price, Counter: o.Counter, By: o.By, Rounds: o.Rounds, AloneFen: o.Alone, Detour: Drive{o.DetourM, o.DetourS}, PickupETA: when(o.PickupETA),
		DropETA: when(o.DropETA), ExpiresAt: when(o.Expires), Router: Router(o.Router),
		Load:    offered(&d.Load),
		Shipper: relationTo(scope, o.Shipper, ofParty).party(d.Shipper),
		Carrier: relationTo(scope, o.Org, ofParty).party(d.Carrier),
	}
	out.Received, out.Sole, out.Taken = when(o.Received), o.Sole, o.Taken
	if scope.Desk || scope.Org == o.Org {
		out.Lane, out.Auto, out.BundleID = o.Lane, o.Auto, o.Bundle
	}
	return out
}

func halt(s freight.Stop) Halt {
	out := Halt{Town: s.Place.Town, Window: window(s.Window)}
	out.Lat, out.Lng = ofParty.seen(s.Place.Point)
	return out
}

// viewBooking shows a booking to one of its sides or to the desk.
func viewBooking(scope freight.Scope, d *freight.Deal) Booking {
	b, side := d.Booking, ofParty
	if b.Live() || b.Ended != 0 {
		side = ofCounterpart
	}
	ofLoad, ofTrip := relationTo(scope, b.Shipper, side), relationTo(scope, b.Org, side)
	out := Booking{
		ID: b.ID, Version: b.Version, State: b.State, Until: when(b.Until), Cause: b.Cause, By: b.By, LoadID: b.Load, TripID: b.Trip, OfferID: b.Offer,
		PriceFen: b.Price, ShareFen: b.Share, AloneFen: b.Alone, SavedFen: b.Alone - b.Share, FeeFen: b.Fee, FeeBy: feeBy(b), PickupETA: when(b.PickupETA),
		DropETA: when(b.DropETA), PickupBy: when(b.PickupBy), DropBy: when(b.DropBy), Router: Router(b.Router),
		Load: ofLoad.load(&d.Load, d.Shipper), Trip: bookedTrip(ofTrip, d),
		Shipper: ofLoad.party(d.Shipper), Carrier: ofTrip.party(d.Carrier),
	}
	if ofLoad >= ofOwn {
		out.MostFen = b.Most
	}
	out.FinalAt, out.EndedAt, out.Steps, out.Forecast = when(b.Final), when(b.Ended), viewSteps(b), viewForecast(b, &d.Trip)
	out.risk(b)
	return out
}

// bookedTrip tells of the trip of a booking; how it stands only while it has the goods.
func bookedTrip(seen relation, d *freight.Deal) BookedTrip {
	out := BookedTrip{ID: d.Booking.Trip, Vehicle: seen.vehicle(&d.Trip.Vehicle)}
	if d.Booking.Live() {
		out.Overdue = d.Trip.State == freight.TripOverdue
		if d.Trip.Again.Open() {
			out.Silent = when(d.Trip.Again.Silent)
		}
	}
	return out
}

// feeBy names the side of a booking that owes a fee.
func feeBy(b *freight.Booking) string {
	switch b.FeeBy {
	case "":
		return ""
	case b.Shipper:
		return "shipper"
	}
	return "carrier"
}

func viewExplanation(e *freight.Explanation, people map[freight.ID]Person) Explanation {
	out := Explanation{
		LoadID: e.Load, At: when(e.At), Trips: e.Trips, Counts: counts(e.Counts), Nearest: near(e.Nearest),
		Parts: e.Parts, LateS: e.LateS, Remedy: remedy(e.Remedy), Final: e.Final,
	}
	if e.Next != nil {
		out.Next = &NextStep{AloneFen: e.Next.Alone, Vehicle: string(e.Next.Vehicle), Vehicles: e.Next.Vehicles}
		if who, ok := people[e.Next.Officer]; ok {
			out.Next.Officer = &who
		}
	}
	return out
}

func viewTripExplanation(e *freight.TripExplanation) TripExplanation {
	return TripExplanation{
		TripID: e.Trip, At: when(e.At), JudgedAt: when(e.Judged), Loads: e.Loads, Counts: counts(e.Counts),
		Nearest: near(e.Nearest), Remedy: remedy(e.Remedy), Final: e.Final,
	}
}

// viewEvent shows an event to its audience. What an event holds was chosen for
// that audience when it was made, and holds no personal data.
func viewEvent(e *freight.Event, cursor string) Event {
	f := &e.Facts
	data := Facts{
		Version: e.Version, LoadID: f.Load, TripID: f.Trip, OfferID: f.Offer, BookingID: f.Booking, PoolID: f.Pool, BundleID: f.Bundle, Lines: lineFacts(f.Lines), TicketID: f.Ticket, BriefID: f.Brief,
		OfficerID: f.Officer, Cause: f.Cause, Kind: f.Kind, Rung: f.Rung, State: f.State,
		CostsVersion: f.Costs, ShareFen: f.Share, MostFen: f.Most, FeeFen: f.Fee, DueFen: f.Due, ShortFen: f.Short, Vehicle: f.Vehicle, Members: f.Members, Consents: f.Consents,
		Reason: f.Reason, Ref: f.Ref, Goods: f.Goods, From: f.From, To: f.To, CounterFen: f.Counter, By: f.By, Sole: f.Sole, Taken: f.Taken, PriceFen: f.Price, AloneFen: f.Alone,
		PickupETA: when(f.PickupETA), DropETA: when(f.DropETA), ExpiresAt: when(f.Expires), AnswerBy: when(f.AnswerBy),
		Asked: f.Asked, Trips: f.Trips, Loads: f.Loads, Nearest: near(f.Nearest), Parts: f.Parts, LateS: f.LateS, Remedy: remedy(f.Remedy), Lane: f.Lane, Router: f.RouterName,
	}
	if f.Take != nil {
		take := room(*f.Take)
		data.Size = &take
	}
	if f.DetourM != 0 || f.DetourS != 0 {
		data.Detour = &Drive{f.DetourM, f.DetourS}
	}
	if f.Sum != nil {
		sum := viewLine(f.Sum)
		data.Sum = &sum
	}
	if len(f.Counts) > 0 {
		data.Counts = counts(f.Counts)
	}
	return Event{
		SpecVersion: "1.0", ID: cursor, Source: "/markets/" + string(e.Market), Type: e.Type, Time: e.At.Time(),
		ContentType: "application/json", Subject: e.Subject, Cursor: cursor, Schema: strconv.Itoa(e.Schema), Data: data,
	}
}

// Render writes the socket's frame of an event: what GET /v1/events shows of
// it. cursor is the position after the event.
func Render(e freight.Event, _ freight.Principal, cursor string) ([]byte, error) {
	return json.Marshal(viewEvent(&e, cursor))
}

func metres(mm int64) Decimal { return decimalOf(mm, freight.PlacesMetre) }

// minutes writes seconds as minutes that read back as the same seconds.
func minutes(s int64) Decimal { return decimalOf((s*1000+59)/60, 3) }

func room(r freight.Room) Room {
	return Room{decimalOf(r.Grams, freight.PlacesKilogram), decimalOf(r.Millilitres, freight.PlacesLitre), metres(r.FloorMM)}
}

func size(s freight.Size) Size {
	out := Size{Room: room(s.Room), Handling: Handling{string(s.Stacking), string(s.Access)}}
	for _, p := range s.Pieces {
		piece := Piece{Count: p.Count, LengthM: metres(p.LengthMM), WidthM: metres(p.WidthMM), HeightM: metres(p.HeightMM),
			Stacking: string(p.Stacking)}
		if p.Grams > 0 {
			piece.Kg = decimalOf(p.Grams, freight.PlacesKilogram)
		}
		out.Pieces = append(out.Pieces, piece)
	}
	return out
}

func counts(list []freight.Count) []Count {
	out := make([]Count, len(list))
	for i, c := range list {
		out[i] = Count(c)
	}
	return out
}

func near(n *freight.Near) *Near {
	if n == nil {
		return nil
	}
	return &Near{n.Trip, n.Load, n.Reason, n.By, n.Unit}
}

// remedy shows a change to the load's own side and the desk. The place it may
// name lies on the way between the load and a truck's road: it is nobody's
// address.
func remedy(r *freight.Remedy) *Remedy {
	if r == nil {
		return nil
	}
	out := &Remedy{
		Kind: r.Kind, At: when(r.At), By: r.By, Unit: r.Unit, CostFen: r.Cost, TripID: r.Trip, LoadID: r.Load, OtherID: r.Other,
		PriceFen: r.Price, BesideFen: r.Beside, Drop: r.Drop.Names(), Table: r.Table,
	}
	if r.Point != nil {
		lat, lng := ofOwn.seen(*r.Point)
		out.Place = &Spot{lat, lng}
	}
	return out
}
