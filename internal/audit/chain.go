package audit

import (
	"reflect"

	"pinhuo/freight"
)

// checkChain wants a trip that follows another to be driven by the same vehicle, to begin
// where that one ends, and not before its drivers have rested.
func (w *world) checkChain(t *freight.Trip) {
	if t.Chain == nil || t.Chain.After == "" || t.State == freight.TripCancelled || len(t.Stops) == 0 || len(t.Plan) == 0 {
		return
	}
	rows := []Row{{freight.KindTrip, t.ID}, {freight.KindTrip, t.Chain.After}}
	first := w.trips[t.Chain.After]
	if first == nil || len(first.Stops) == 0 || len(first.Plan) == 0 {
		w.note(DanglingRow, rows)
		return
	}
	begins, ends := t.Stops[0], first.Stops[len(first.Stops)-1]
	rest := freight.Instant(max(first.Duty.RestS, first.Duty.ResetS)) * freight.Second
	early := first.Plan[len(first.Plan)-1].Leave + rest - begins.Window.Open
	held := ends.Window.Close + freight.Instant(ends.ServiceS)*freight.Second - begins.Window.Open
	sound := first.Org == t.Org && first.VehicleID == t.VehicleID && !first.Roaming && begins.Place.Point == ends.Place.Point &&
		first.State != freight.TripCancelled
	if first.Live() {
		sound = sound && first.Tie != nil && first.Tie.Next == t.ID
	}
	if !sound || early > 0 || held > 0 {
		w.note(ChainBroken, rows, Number{"early_s", max(0, ceilSeconds(early))}, Number{"overlap_s", max(0, ceilSeconds(held))})
	}
}

// unchanged tells whether call k of a plan is as it was. The window of the last stop may close
// earlier for a trip that follows, as long as it is still kept, or be given back.
func unchanged(old, now *freight.Trip, k int) bool {
	was, is := old.Plan[k], now.Plan[k]
	if k == len(now.Plan)-1 && is.Kind == freight.CallEnd && is.Start <= is.Window.Close && next(old) != next(now) {
		was.Window.Close = is.Window.Close
	}
	was.Done = is.Done // it is told when it has happened, also long after
	return was == is
}

// next is the trip that follows one, "" for none.
func next(t *freight.Trip) freight.ID {
	if t.Tie == nil {
		return ""
	}
	return t.Tie.Next
}

// sameChain compares what ties two versions of a trip to others.
func sameChain(a, b *freight.Trip) bool {
	return reflect.DeepEqual(a.Chain, b.Chain) && reflect.DeepEqual(a.Tie, b.Tie)
}
