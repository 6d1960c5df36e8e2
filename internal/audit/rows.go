package audit

import (
	"slices"

	"pinhuo/freight"
)

// checkVehicles wants every plate once.
func (w *world) checkVehicles() {
	plates := map[freight.Plate]freight.ID{}
	for _, id := range sorted(w.vehicles) {
		v := w.vehicles[id]
		if other, ok := plates[v.Plate]; ok {
			w.note(PlateTwice, []Row{{freight.KindVehicle, other}, {freight.KindVehicle, id}})
			continue
		}
		plates[v.Plate] = id
	}
}

// checkLoads judges each load by itself and by its bookings.
func (w *world) checkLoads() {
	for _, id := range sorted(w.loads) {
		l := w.loads[id]
		row := Row{freight.KindLoad, id}
		w.wantOrg(row, l.Org)
		live := slices.DeleteFunc(slices.Clone(w.bookingsFor[id]), func(b *freight.Booking) bool { return !b.Live() })
		if len(live) > 1 {
			w.note(LoadBookedTwice, append([]Row{row}, bookingRows(live)...), Number{"live", int64(len(live))})
		}
		rides := slices.ContainsFunc(w.bookingsFor[id], func(b *freight.Booking) bool { return held(b) && b.ID == l.Booking })
		delivered := l.State == freight.LoadClosed && (l.Outcome == freight.OutcomeDelivered || l.Outcome == "failed")
		var sound bool
		switch l.State {
		case freight.LoadPosted:
			sound = len(live) == 0 && l.Booking == ""
		case freight.LoadCommitted:
			sound = rides
		case freight.LoadClosed:
			sound = l.Outcome != freight.OutcomeNone && (delivered || len(live) == 0)
		}
		if !sound {
			w.note(LoadState, append([]Row{row}, bookingRows(live)...), Number{"live", int64(len(live))}, Number{"version", l.Version})
		}
		w.checkAnswered(l)
	}
}

func bookingRows(list []*freight.Booking) []Row {
	rows := make([]Row, len(list))
	for i, b := range list {
		rows[i] = Row{freight.KindBooking, b.ID}
	}
	return rows
}

// checkAnswered wants the load booked, explained, given its person or ended by its answer_by.
func (w *world) checkAnswered(l *freight.Load) {
	var answered freight.Instant // 0 for not yet
	earlier := func(at freight.Instant) {
		if at != 0 && (answered == 0 || at < answered) {
			answered = at
		}
	}
	earlier(l.Answer)
	for _, b := range w.bookingsFor[l.ID] {
		if b.Made >= l.Posted {
			earlier(b.Made)
		}
	}
	if l.State == freight.LoadClosed {
		earlier(l.Changed)
	}
	for _, t := range w.ticketsFor[l.ID] {
		if t.Kind == freight.TicketUnanswered && (t.Made >= l.Posted || t.State != "closed" || t.Changed >= l.Posted) {
			earlier(max(t.Made, l.Posted))
		}
	}
	rows := []Row{{freight.KindLoad, l.ID}}
	switch {
	case answered == 0 && w.now > l.AnswerBy+w.opts.Grace:
		w.note(Unanswered, rows, Number{"past_s", w.now.Seconds(l.AnswerBy)})
	case answered > l.AnswerBy+w.opts.Grace:
		w.note(AnsweredLate, rows, Number{"late_s", answered.Seconds(l.AnswerBy)})
	}
	if l.Answer != 0 && w.explanations[l.ID] == nil {
		w.note(ExplanationMissing, rows)
	}
}

// checkOffers judges each offer by its load, its trip and its bookings.
func (w *world) checkOffers() {
	for _, id := range sorted(w.offers) {
		o := w.offers[id]
		row := Row{freight.KindOffer, id}
		l, t := w.loads[o.Load], w.trips[o.Trip]
		if l == nil || t == nil {
			w.note(DanglingRow, []Row{row, {freight.KindLoad, o.Load}, {freight.KindTrip, o.Trip}})
			continue
		}
		w.checkCounter(o)
		w.checkSole(o)
		w.checkTaken(o)
		w.checkUpon(o)
		booked := w.bookingsOf[id]
		if len(booked) > 1 {
			w.note(OfferAcceptedTwice, append([]Row{row}, bookingRows(booked)...), Number{"bookings", int64(len(booked))})
		}
		sound := o.Org == t.Org && o.Shipper == l.Org && (o.State == freight.OfferAccepted) == (len(booked) > 0)
		if o.Open() {
			sound = sound && l.State == freight.LoadPosted && (t.State == freight.TripOpen || t.State == freight.TripUnderway)
			if late := w.now - o.Expires; late > w.opts.Grace {
				w.note(OfferOverdue, []Row{row}, Number{"late_s", ceilSeconds(late)})
			}
		}
		if !sound {
			w.note(OfferState, []Row{row, {freight.KindLoad, l.ID}, {freight.KindTrip, t.ID}}, Number{"bookings", int64(len(booked))},
				Number{"version", o.Version})
		}
	}
}

// checkBookings judges each booking by the offer accepted or the pool joined, its
// load and its trip.
func (w *world) checkBookings() {
	for _, id := range sorted(w.bookings) {
		b := w.bookings[id]
		row := Row{freight.KindBooking, id}
		l, t, o := w.loads[b.Load], w.trips[b.Trip], w.offers[b.Offer]
		if l == nil || t == nil || o == nil && b.Offer != "" {
			w.note(DanglingRow, []Row{row, {freight.KindLoad, b.Load}, {freight.KindTrip, b.Trip}, {freight.KindOffer, b.Offer}})
			continue
		}
		if b.Offer == "" {
			if w.checkPooled(b, l, t) {
				w.checkBooked(b, l, t)
			}
			continue
		}
		if o.Load != b.Load || o.Trip != b.Trip || b.Org != t.Org || b.Shipper != l.Org {
			w.note(BookingTerms, []Row{row, {freight.KindOffer, o.ID}, {freight.KindLoad, l.ID}, {freight.KindTrip, t.ID}})
		}
		if b.Price != o.Price {
			w.note(PriceNotAccepted, []Row{row, {freight.KindOffer, o.ID}}, Number{"price_fen", int64(b.Price)}, Number{"offered_fen", int64(o.Price)})
		}
		w.checkBooked(b, l, t)
	}
}

func (w *world) checkBooked(b *freight.Booking, l *freight.Load, t *freight.Trip) {
	w.checkBookingState(b, l, t)
	w.checkHold(b, l)
	if held(b) {
		w.checkDeal(b, l, t)
	}
}

func (w *world) checkBookingState(b *freight.Booking, l *freight.Load, t *freight.Trip) {
	var sound bool
	switch b.State {
	case freight.BookingHeld, freight.BookingFirm, freight.BookingAboard, freight.BookingHandedOver, freight.BookingProven:
		sound = t.State != freight.TripCancelled && l.Booking == b.ID
	case freight.BookingReturned:
		sound = t.State != freight.TripCancelled && l.Booking == b.ID && l.Outcome == "failed"
	case freight.BookingReleased:
		sound = l.Booking != b.ID
	}
	if !sound {
		w.note(BookingState, []Row{{freight.KindBooking, b.ID}, {freight.KindLoad, l.ID}, {freight.KindTrip, t.ID}}, Number{"version", b.Version})
	}
}

// checkDeal judges what was agreed; the load's terms cannot change while it is
// booked.
func (w *world) checkDeal(b *freight.Booking, l *freight.Load, t *freight.Trip) {
	rows := []Row{{freight.KindBooking, b.ID}, {freight.KindLoad, l.ID}, {freight.KindTrip, t.ID}}
	if most := w.ceiling(b, l); b.Price > most {
		w.note(PriceAboveCeiling, rows, Number{"price_fen", int64(b.Price)}, Number{"ceiling_fen", int64(most)})
	}
	if b.Price < t.Least {
		w.note(PriceBelowMinimum, rows, Number{"price_fen", int64(b.Price)}, Number{"least_fen", int64(t.Least)})
	}
	if !takes(b.Take, l, &t.Vehicle) {
		w.note(BookingTerms, rows, Number{"take_g", b.Take.Grams}, Number{"load_g", l.Size.Grams},
			Number{"take_ml", b.Take.Millilitres}, Number{"load_ml", l.Size.Millilitres},
			Number{"take_mm", b.Take.FloorMM}, Number{"load_mm", l.Size.FloorMM})
	}
	if b.PickupBy > l.Pickup.Window.Close || b.DropBy > l.Delivery.Window.Close {
		w.note(BookingTerms, rows, Number{"pickup_by_ms", int64(b.PickupBy)}, Number{"drop_by_ms", int64(b.DropBy)})
	}
	if lacks := wants(&l.LoadTerms, &t.Vehicle); lacks > 0 {
		w.note(EquipmentMissing, rows, Number{"lacks", lacks})
	}
	if over := presses(&l.LoadTerms, &t.Vehicle); over > 0 {
		w.note(DeckOverloaded, rows, Number{"over_g_per_m", over})
	}
	for i, p := range l.Size.Pieces {
		if over := max(excess(t.Vehicle.Inner, p), narrow(&t.Vehicle, p)); over > 0 {
			w.note(PieceTooLarge, rows, Number{"piece", int64(i)}, Number{"over_mm", over})
		}
	}
}

// ceiling is the most that the shipper of a booking accepted: what it stated of the load, or
// the price that the two sides named to each other.
func (w *world) ceiling(b *freight.Booking, l *freight.Load) freight.Fen {
	if o := w.offers[b.Offer]; o != nil {
		return max(l.Ceiling, o.Counter)
	}
	return l.Ceiling
}

// checkTrips judges each trip by its vehicle and its bookings.
func (w *world) checkTrips() {
	of := map[freight.ID][]*freight.Trip{}
	for _, id := range sorted(w.trips) {
		t := w.trips[id]
		row := Row{freight.KindTrip, id}
		w.wantOrg(row, t.Org)
		if v := w.vehicles[t.VehicleID]; v == nil || v.Org != t.Org || v.Plate != t.Vehicle.Plate {
			w.note(VehicleUnknown, []Row{row, {freight.KindVehicle, t.VehicleID}})
		}
		if t.Live() && len(t.Stops) > 0 {
			of[t.VehicleID] = append(of[t.VehicleID], t)
		}
		w.checkPlan(t)
		w.checkChain(t)
	}
	for _, id := range sorted(of) {
		w.checkCalendar(id, of[id])
	}
}

// checkCalendar wants the live trips of one vehicle one after the other.
func (w *world) checkCalendar(vehicle freight.ID, trips []*freight.Trip) {
	slices.SortStableFunc(trips, func(a, b *freight.Trip) int { return int(min(max(a.Starts()-b.Starts(), -1), 1)) })
	for i := 1; i < len(trips); i++ {
		a, b := trips[i-1], trips[i]
		if over := a.Ends() - b.Starts(); over > 0 {
			w.note(VehicleOverlap, []Row{{freight.KindVehicle, vehicle}, {freight.KindTrip, a.ID}, {freight.KindTrip, b.ID}},
				Number{"overlap_s", ceilSeconds(over)})
		}
	}
}

// checkPlan wants the plan to serve exactly the loads booked on the trip, each
// as its shipper stated it.
func (w *world) checkPlan(t *freight.Trip) {
	booked := map[freight.ID]*freight.Booking{}
	for _, b := range w.bookingsOn[t.ID] {
		if held(b) {
			booked[b.Load] = b
		}
	}
	up, down := map[freight.ID]int{}, map[freight.ID]int{}
	for k := range t.Plan {
		call := &t.Plan[k]
		if call.Own >= 0 || call.Kind == freight.CallHere {
			continue
		}
		if call.Kind == freight.CallPickup {
			up[call.Load]++
		} else {
			down[call.Load]++
		}
		b, l := booked[call.Load], w.loads[call.Load]
		if b == nil {
			w.note(PlanNotBooked, []Row{{freight.KindTrip, t.ID}, {freight.KindLoad, call.Load}}, Number{"call", int64(k)})
		} else if l != nil && !stands(call, b, l, &t.Vehicle) {
			w.note(PlanCall, []Row{{freight.KindTrip, t.ID}, {freight.KindLoad, l.ID}}, Number{"call", int64(k)})
		}
	}
	for _, load := range sorted(booked) {
		if up[load] != 1 || down[load] != 1 {
			w.note(BookingNotInPlan, []Row{{freight.KindBooking, booked[load].ID}, {freight.KindTrip, t.ID}},
				Number{"pickups", int64(up[load])}, Number{"deliveries", int64(down[load])})
		}
	}
}

// stands tells whether a call is the stop of the load that it stands for.
func stands(call *freight.Call, b *freight.Booking, l *freight.Load, v *freight.VehicleTerms) bool {
	stop, take, promised := &l.Pickup, call.Take, b.PickupETA
	if call.Kind == freight.CallDelivery {
		stop, take, promised = &l.Delivery, freight.Room{}.Minus(take), b.DropETA
	}
	window := stop.Window
	if l.Care.DelayS > 0 {
		window.Close = min(window.Close, promised.After(l.Care.DelayS))
	}
	return call.Point == stop.Place.Point && call.Window == window && call.ServiceS == stop.ServiceS+call.RehandleS &&
		call.Gate == stop.Gate && call.Bans == stop.Bans && takes(take, l, v) && call.Cargo == cargoOf(&l.LoadTerms, v)
}

// takes tells whether that is what the load takes of the vehicle. A load booked
// before pieces were laid out in rows took the floor that its shipper stated.
func takes(take freight.Room, l *freight.Load, v *freight.VehicleTerms) bool {
	return take == floor(&l.Size, v.Inner) || take == l.Size.Room
}

// sameTrip compares a trip with a record of it.
func sameTrip(a, b *freight.Trip) bool {
	return a.Meta == b.Meta && a.VehicleID == b.VehicleID && a.State == b.State && a.Router == b.Router &&
		a.DirectM == b.DirectM && a.DirectS == b.DirectS && a.Vehicle == b.Vehicle && a.Limits == b.Limits &&
		sameChain(a, b) && a.Roaming == b.Roaming && a.Horizon == b.Horizon && a.Lease == b.Lease && a.Least == b.Least &&
		sameRoad(a.Road, b.Road) && a.Due == b.Due && a.Cover == b.Cover && a.Short == b.Short &&
		slices.Equal(a.Stops, b.Stops) && slices.Equal(a.Rooms, b.Rooms) && slices.Equal(a.Plan, b.Plan)
}

func (w *world) wantOrg(row Row, org freight.ID) {
	if _, ok := w.orgs[org]; !ok {
		w.note(DanglingRow, []Row{row, {"org", org}})
	}
}

// checkExplanations wants the counts to sum to the trips looked at (less, while
// operators are still being asked) and the trip named to exist.
func (w *world) checkExplanations() {
	for _, id := range sorted(w.explanations) {
		e := w.explanations[id]
		rows := []Row{{"explanation", id}}
		if w.loads[id] == nil {
			w.note(DanglingRow, append(rows, Row{freight.KindLoad, id}))
			continue
		}
		var sum int64
		sound := true
		for _, c := range e.Counts {
			sum += c.N
			sound = sound && c.N > 0 && c.Reason != freight.NoReason && c.Reason.Rank() >= 0
		}
		if e.Nearest != nil {
			sound = sound && e.Nearest.Reason.Rank() >= 0 && w.trips[e.Nearest.Trip] != nil
		}
		if !sound || sum > e.Trips || e.Final && sum < e.Trips {
			w.note(ExplanationCounts, rows, Number{"sum", sum}, Number{"trips", e.Trips})
		}
	}
}
