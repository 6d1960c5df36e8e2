package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pinhuo/freight"
)

// present lists the dotted names of the fields that a value's JSON holds.
func present(t *testing.T, v any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var loose any
	if err := json.Unmarshal(raw, &loose); err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{}
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				walk(strings.TrimPrefix(name+"."+k, "."), inner)
			}
		case []any:
			for _, inner := range v {
				walk(name+"[]", inner)
			}
			fields[name] = v
		default:
			fields[name] = v
		}
	}
	walk("", loose)
	return fields
}

var relations = map[string]relation{"board": ofBoard, "party": ofParty, "counterpart": ofCounterpart, "own": ofOwn, "desk": ofDesk}

// rights says from which relation on a field is told; fields not listed are
// told to all.
type rights map[string]relation

func checkRights(t *testing.T, what string, fields map[string]any, full map[string]any, rel relation, least rights) {
	t.Helper()
	for name := range full {
		from := ofBoard
		for prefix, needed := range least {
			if name == prefix || strings.HasPrefix(name, prefix+".") || strings.HasPrefix(name, prefix+"[]") {
				from = needed
			}
		}
		if _, told := fields[name]; told != (rel >= from) {
			t.Errorf("%s: %s told: %v, want %v", what, name, told, rel >= from)
		}
	}
	for name := range fields {
		if _, ok := full[name]; !ok {
			t.Errorf("%s: %s is told to nobody with full rights", what, name)
		}
	}
}

func TestLoadFieldsByRelation(t *testing.T) {
	l := someLoad("x", shipper)
	l.Outcome, l.Answer, l.Booking = freight.OutcomeExpired, now, "bk_1"
	full := present(t, ofDesk.load(&l, shipper))
	for name, rel := range relations {
		shown := ofRel(rel).load(&l, shipper)
		checkRights(t, name, present(t, shown), full, rel, rights{
			"alone_fen": ofParty, "direct": ofParty, "outcome": ofOwn, "ref": ofOwn, "ceiling_fen": ofOwn, "booking_id": ofOwn,
			"answer_by": ofOwn, "answered_at": ofOwn, "pickup.contact": ofCounterpart, "delivery.contact": ofCounterpart,
			"pickup.place.address": ofCounterpart, "delivery.place.address": ofCounterpart,
		})
		exact := shown.Pickup.Place.Lat == "31.8712345" && shown.Pickup.Place.Lng == "121.1812345"
		if exact != (rel >= ofCounterpart) {
			t.Errorf("%s: pickup at %s, %s", name, shown.Pickup.Place.Lat, shown.Pickup.Place.Lng)
		}
	}
}

func ofRel(r relation) relation { return r }

func TestTripFieldsByRelation(t *testing.T) {
	trip := someTrip("x", carrier)
	full := present(t, ofDesk.trip(&trip, carrier))
	for name, rel := range relations {
		shown := rel.trip(&trip, carrier)
		checkRights(t, name, present(t, shown), full, rel, rights{
			"ref": ofOwn, "least_fen": ofOwn, "limits": ofOwn, "plan": ofOwn, "direct": ofOwn, "detour": ofOwn,
			"vehicle.plate": ofCounterpart, "stops[].contact": ofCounterpart, "stops[].place.address": ofCounterpart,
		})
	}
	// The board tells what is left, the carrier what it announced.
	if got := ofBoard.trip(&trip, carrier).Rooms[0]; got != (Room{"4155.2", "16544", "2.8"}) {
		t.Errorf("left: %+v", got)
	}
	if got := ofOwn.trip(&trip, carrier).Rooms[0]; got != (Room{"5000", "20000", "4"}) {
		t.Errorf("announced: %+v", got)
	}
	if got := ofOwn.trip(&trip, carrier); *got.Detour != (Drive{50000, 2500}) || got.Plan[1].Aboard.Kg != "844.8" || got.Plan[2].Aboard.Kg != "0" {
		t.Errorf("plan: %+v, detour %+v", got.Plan, got.Detour)
	}
}

func TestWhatIsLeftOfEachLeg(t *testing.T) {
	room := func(kg int64) freight.Room { return freight.Room{Grams: kg} }
	call := func(own int, kg int64) freight.Call { return freight.Call{Own: own, Take: room(kg)} }
	trip := freight.Trip{TripTerms: freight.TripTerms{Stops: make([]freight.Stop, 4), Rooms: []freight.Room{room(10), room(20), room(30)}}}
	for _, tc := range []struct {
		plan []freight.Call
		want string
	}{
		{nil, "10 20 30"},
		{[]freight.Call{call(0, 0), call(1, 0), call(2, 0), call(3, 0)}, "10 20 30"},
		{[]freight.Call{call(0, 0), call(-1, 4), call(1, 0), call(-1, 5), call(-1, -4), call(2, 0), call(-1, -5), call(3, 0)}, "6 11 25"},
		{[]freight.Call{call(0, 0), call(1, 0), call(-1, 25), call(2, 0), call(-1, -25), call(3, 0)}, "10 0 5"}, // never less than nothing
	} {
		trip.Plan = tc.plan
		var got []string
		for _, r := range left(&trip) {
			got = append(got, fmt.Sprint(r.Grams))
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("left %v, want %s", got, tc.want)
		}
	}
	roaming := freight.Trip{TripTerms: freight.TripTerms{Roaming: true, Stops: make([]freight.Stop, 2), Rooms: []freight.Room{room(10)}}}
	roaming.Plan = []freight.Call{call(0, 0), call(-1, 4), call(-1, -4), call(1, 0)}
	if got := left(&roaming)[0].Grams; got != 6 {
		t.Errorf("left of a roaming trip: %d", got)
	}
}

// Once a trip has ended, its plan no longer tells where its riders' stops were.
func TestAnEndedTripTellsNoRidersPlace(t *testing.T) {
	trip := someTrip("x", carrier)
	for state, exact := range map[freight.TripState]bool{
		freight.TripOpen: true, freight.TripUnderway: true, freight.TripLapsed: true, freight.TripCancelled: false, freight.TripCompleted: false,
	} {
		trip.State = state
		calls := plan(&trip)
		if got := calls[1].Lat == "31.8712345"; got != exact {
			t.Errorf("%s: pickup at %s", state, calls[1].Lat)
		}
		if calls[0].Lat != "31.8101234" || calls[0].Town != "启东" {
			t.Errorf("%s: own stop %+v", state, calls[0])
		}
	}
}

func scopeOf(o freight.Org) freight.Scope {
	return freight.Scope{Market: o.Market, Org: o.ID, Desk: o.Kind == freight.OrgDesk}
}

func TestBookingFieldsBySideAndState(t *testing.T) {
	states := []freight.BookingState{freight.BookingHeld, freight.BookingFirm, freight.BookingAboard, freight.BookingHandedOver,
		freight.BookingProven, freight.BookingReleased, freight.BookingReturned}
	for _, state := range states {
		d := someDeal("x", state)
		live := slices.Index(states, state) < 3
		for _, tc := range []struct {
			side                    freight.Org
			address, plate, ceiling bool
		}{{shipper, true, live, true}, {carrier, live, true, false}, {desk, true, true, true}} {
			b := viewBooking(scopeOf(tc.side), &d)
			got := [...]bool{b.Load.Pickup.Place.Address != "" && b.Load.Delivery.Contact != nil, b.Trip.Vehicle.Plate != nil, b.Load.CeilingFen != 0}
			if got != [...]bool{tc.address, tc.plate, tc.ceiling} {
				t.Errorf("%s to the %s: address, plate, ceiling %v, want %v", state, tc.side.Kind, got, tc)
			}
			if b.SavedFen != d.Booking.Alone-d.Booking.Share || (b.MostFen != 0) == (tc.side.Kind == freight.OrgCarrier) || b.Shipper.Name != shipper.Name || b.Carrier.Name != carrier.Name {
				t.Errorf("%s to the %s: %+v", state, tc.side.Kind, b)
			}
		}
	}
}

// TestABookingTellsOfItsTruckWhileItIsLive: that nobody confirms that it drives, and that
// its plan has ended with the goods aboard.
func TestABookingTellsOfItsTruckWhileItIsLive(t *testing.T) {
	since := freight.Instant(1_800_000_000_000_000_000)
	for state, live := range map[freight.BookingState]bool{freight.BookingFirm: true, freight.BookingAboard: true, freight.BookingHandedOver: false, freight.BookingReleased: false} {
		b := freight.Booking{State: state}
		d := freight.Deal{Booking: &b, Trip: freight.Trip{State: freight.TripOverdue, Again: freight.Again{Lease: freight.Lease{Asked: 1, Until: 2}, Silent: since}}}
		got := viewBooking(scopeOf(shipper), &d).Trip
		if got.Overdue != live || got.Silent.IsZero() == live {
			t.Errorf("%s: overdue %v, unconfirmed since %v", state, got.Overdue, got.Silent)
		}
		d.Trip.Again.Said = since + 1
		if got := viewBooking(scopeOf(shipper), &d).Trip; !got.Silent.IsZero() {
			t.Errorf("%s: confirmed since, and it says unconfirmed since %v", state, got.Silent)
		}
	}
}

func TestOfferIsTheSameForBothSides(t *testing.T) {
	d := someDeal("x", "")
	ours, theirs, desks := viewOffer(scopeOf(shipper), &d), viewOffer(scopeOf(carrier), &d), viewOffer(scopeOf(desk), &d)
	for _, o := range []Offer{theirs, desks} {
		if !reflect.DeepEqual(o, ours) {
			t.Errorf("%+v\nand %+v", ours, o)
		}
	}
}

func TestTheBoardNamesOnlyTheVetted(t *testing.T) {
	l := someLoad("x", other)
	if got := ofBoard.load(&l, other).Org; got.Name != "" || got.ID != other.ID {
		t.Errorf("an unvetted firm is shown as %+v", got)
	}
	if got := ofBoard.load(&l, shipper).Org; got.Name != shipper.Name {
		t.Errorf("a vetted firm is shown as %+v", got)
	}
}

func TestEventsShowTheirFacts(t *testing.T) {
	e := freight.Event{
		Market: market.ID, Seq: 9, Audience: shipper.ID, Type: freight.EventLoadExplained, Schema: 1, At: now, Subject: "ld_1", Version: 4,
		Facts: freight.Facts{
			Load: "ld_1", Trip: "tr_1", Offer: "of_1", Booking: "bk_1", State: "posted", Reason: freight.ReasonPrice, Ref: "SO-1", Goods: "12箱",
			From: "海门", To: "常州", Take: &freight.Room{Grams: 844800, Millilitres: 1, FloorMM: 1200}, Price: 1, Alone: 2, DetourM: 3, DetourS: 4,
			PickupETA: now, DropETA: now, Expires: now, AnswerBy: now, Asked: 3, Trips: 5, Counts: []freight.Count{{Reason: freight.ReasonPrice, N: 5}},
			Nearest: &freight.Near{Trip: "tr_1", Reason: freight.ReasonPrice, By: 100, Unit: "fen"}, Parts: 2, RouterName: "fallback 1",
		},
	}
	raw, err := Render(e, freight.Principal{}, "the cursor")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"specversion":"1.0","id":"the cursor","source":"/markets/mk_00000000000000000000HAIMEN","type":"pinhuo.load.explained",` +
		`"time":"2026-11-22T10:00:00Z","datacontenttype":"application/json","subject":"ld_1","cursor":"the cursor","dataschemaversion":"1",` +
		`"data":{"version":4,"load_id":"ld_1","trip_id":"tr_1","offer_id":"of_1","booking_id":"bk_1","state":"posted","reason":"price",` +
		`"ref":"SO-1","goods":"12箱","from":"海门","to":"常州","size":{"kg":844.8,"litres":0.001,"floor_m":1.2},"price_fen":1,"alone_fen":2,` +
		`"detour":{"metres":3,"seconds":4},"pickup_eta":"2026-11-22T10:00:00Z","drop_eta":"2026-11-22T10:00:00Z",` +
		`"expires_at":"2026-11-22T10:00:00Z","answer_by":"2026-11-22T10:00:00Z","asked":3,"trips":5,"counts":[{"reason":"price","n":5}],` +
		`"nearest":{"trip_id":"tr_1","reason":"price","by":100,"unit":"fen"},"parts":2,"router":"fallback 1"}}`
	if string(raw) != want {
		t.Errorf("\n got %s\nwant %s", raw, want)
	}
	e.Facts = freight.Facts{}
	raw, err = Render(e, freight.Principal{}, "c")
	if err != nil || !strings.HasSuffix(string(raw), `"data":{"version":4}}`) {
		t.Errorf("empty facts: %s %v", raw, err)
	}
}

// secrets are what one side keeps to itself, each found in a text by itself.
type secrets struct{ address, contact, place, plate, ceiling, least, ref string }

// Nothing of a side leaks to another before a booking, after its release, or on
// the board; whatever the rows hold.
func TestNothingLeaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, all := secretDeal(t)
		views := map[string]any{}
		live := d.Booking.Live()
		for _, side := range []freight.Org{shipper, carrier} {
			views["offer to the "+string(side.Kind)] = viewOffer(scopeOf(side), &d)
			views["booking to the "+string(side.Kind)] = viewBooking(scopeOf(side), &d)
		}
		views["board load"], views["board trip"] = ofBoard.load(&d.Load, shipper), ofBoard.trip(&d.Trip, carrier)
		for name, view := range views {
			raw, err := json.Marshal(view)
			if err != nil {
				t.Fatal(err)
			}
			text := string(raw)
			for who, s := range all {
				booking := strings.HasPrefix(name, "booking")
				mine := booking && strings.HasSuffix(name, "to the "+string(who))
				for what, secret := range map[string]string{"address": s.address, "contact": s.contact, "place": s.place, "plate": s.plate} {
					if !mine && !(booking && live) && secret != "" && strings.Contains(text, secret) {
						t.Fatalf("%s (%s) tells the %s's %s: %s", name, d.Booking.State, who, what, text)
					}
				}
				for what, secret := range map[string]string{"ceiling": s.ceiling, "least price": s.least, "reference": s.ref} {
					if !mine && secret != "" && strings.Contains(text, secret) {
						t.Fatalf("%s (%s) tells the %s's %s: %s", name, d.Booking.State, who, what, text)
					}
				}
			}
			// The trip's own stops are the carrier's alone, always.
			if strings.Contains(text, d.Trip.Stops[0].Place.Address) {
				t.Fatalf("%s tells a stop of the trip: %s", name, text)
			}
		}
	})
}

// secretDeal draws a deal whose secrets are texts and numbers that occur
// nowhere else in it.
func secretDeal(t *rapid.T) (freight.Deal, map[freight.OrgKind]secrets) {
	state := rapid.SampledFrom([]freight.BookingState{freight.BookingHeld, freight.BookingFirm, freight.BookingAboard,
		freight.BookingHandedOver, freight.BookingProven, freight.BookingReleased, freight.BookingReturned}).Draw(t, "state")
	d := someDeal("x", state)
	word := func(name string) string { return name + rapid.StringMatching(`[a-z]{12}`).Draw(t, name) }
	digit := func(name string) int32 { return rapid.Int32Range(1_000_000, 9_999_999).Draw(t, name) }
	s := secrets{address: word("address"), contact: word("contact"), plate: word("PLATE"), ref: word("ref")}
	lat, ceiling, least := 310_000_000+digit("lat"), digit("ceiling"), digit("least")
	if lat == veiled(freight.Point{LatE7: lat}).LatE7 {
		lat++
	}
	s.place, s.ceiling, s.least = fmt.Sprintf(`"lat":%s,`, degrees(lat)), fmt.Sprintf(`_fen":%d,`, 900_000_000+ceiling), fmt.Sprintf(`_fen":%d,`, 800_000_000+least)
	for _, stop := range []*freight.Stop{&d.Load.Pickup, &d.Load.Delivery} {
		stop.Place.Address, stop.Contact = s.address, freight.Contact{Name: s.contact, Phone: s.contact}
		stop.Place.Point.LatE7 = lat
	}
	for i := range d.Trip.Stops {
		d.Trip.Stops[i].Place.Address = "trip" + s.address
	}
	d.Trip.Plan[1].Point.LatE7, d.Trip.Plan[2].Point.LatE7 = lat, lat
	d.Load.Ceiling, d.Trip.Least = freight.Fen(900_000_000+ceiling), freight.Fen(800_000_000+least)
	d.Load.Ref, d.Trip.Ref, d.Trip.Vehicle.Plate.Number = s.ref, "trip"+s.ref, s.plate
	return d, map[freight.OrgKind]secrets{
		freight.OrgEnterprise: {address: s.address, contact: s.contact, place: s.place, ceiling: s.ceiling, ref: s.ref},
		freight.OrgCarrier:    {plate: s.plate, least: s.least},
	}
}

// The grid hides a place among all those of its cell.
func TestVeilHidesThePlaceInItsCell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := freight.Point{
			LatE7: rapid.Int32Range(-899_999_999, 899_999_999).Draw(t, "lat"), LngE7: rapid.Int32Range(-1_799_999_999, 1_799_999_999).Draw(t, "lng"),
		}
		v := veiled(p)
		for _, d := range [...]int32{p.LatE7 - v.LatE7, p.LngE7 - v.LngE7} {
			if d < -town/2 || d > town/2 {
				t.Fatalf("%v is veiled as %v", p, v)
			}
		}
		if veiled(v) != v {
			t.Fatalf("%v veils to %v", v, veiled(v))
		}
	})
}
