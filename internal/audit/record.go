package audit

import (
	"context"

	"pinhuo/freight"
)

// tallyKey is an organization on a day.
type tallyKey struct {
	org freight.ID
	day freight.Instant
}

// tallies holds what was counted of everybody against what the rows and the events say.
func (w *world) tallies(ctx context.Context, src Source) error {
	want := w.recount()
	for got, err := range src.AuditTallies(ctx, w.market.Market.ID) {
		if err != nil {
			return err
		}
		key := tallyKey{got.Org, got.Day}
		have := want[key]
		delete(want, key)
		have.Market, have.Org, have.Day = got.Market, got.Org, got.Day
		w.wantTally(got, have)
		w.count("tally", 1)
	}
	for key, missing := range want {
		w.wantTally(freight.Tally{Org: key.org, Day: key.day}, missing)
	}
	return nil
}

func (w *world) wantTally(got, want freight.Tally) {
	sum := func(t freight.Tally) [8]int64 {
		return [8]int64{t.Asked, t.Answered, t.Owed, t.Kept, t.Lapsed, t.Cancelled, t.AskedAgain, t.Reconfirmed}
	}
	if have, should := sum(got), sum(want); have != should {
		w.note(TallyWrong, []Row{{"org", got.Org}}, Number{"day_ms", int64(got.Day)}, Number{"asked", have[0]}, Number{"want_asked", should[0]},
			Number{"answered", have[1]}, Number{"want_answered", should[1]}, Number{"owed", have[2]}, Number{"want_owed", should[2]},
			Number{"kept", have[3]}, Number{"want_kept", should[3]}, Number{"lapsed", have[4]}, Number{"want_lapsed", should[4]},
			Number{"cancelled", have[5]}, Number{"want_cancelled", should[5]},
			Number{"asked_again", have[6]}, Number{"want_asked_again", should[6]}, Number{"reconfirmed", have[7]}, Number{"want_reconfirmed", should[7]})
	}
}

// recount counts anew: offers and bookings by what became of them, what lapsed and was
// cancelled by what people were told.
func (w *world) recount() map[tallyKey]freight.Tally {
	sums := map[tallyKey]freight.Tally{}
	add := func(org freight.ID, at freight.Instant, what func(t *freight.Tally)) {
		key := tallyKey{org, at / 86_400_000 * 86_400_000}
		t := sums[key]
		what(&t)
		sums[key] = t
	}
	for _, o := range w.offers {
		if o.Taken != "" {
			continue // nobody asked
		}
		haggled := o.Counter != 0 && o.By == "carrier"
		switch {
		case o.State == "accepted" || o.State == "declined" || o.State == "expired" && haggled:
			add(o.Org, o.Changed, func(t *freight.Tally) { t.Asked++; t.Answered++ })
		case o.State == "expired" && (o.Latest == 0 || o.Received != 0):
			add(o.Org, o.Changed, func(t *freight.Tally) { t.Asked++ })
		}
	}
	for _, b := range w.bookings {
		switch {
		case b.State == "released" && b.By == "carrier":
			add(b.Org, b.Changed, func(t *freight.Tally) { t.Owed++ })
		case b.State == "released" && b.By == "shipper" && (b.Cause == "withdrawn" || b.Cause == "no_show"):
			add(b.Shipper, b.Changed, func(t *freight.Tally) { t.Owed++ })
		case b.State == "handed_over" || b.State == "proven":
			add(b.Org, b.Ended, func(t *freight.Tally) { t.Owed++; t.Kept++ })
			add(b.Shipper, b.Ended, func(t *freight.Tally) { t.Owed++; t.Kept++ })
		}
	}
	for key, n := range w.slips {
		t := sums[key]
		t.Lapsed, t.Cancelled, t.AskedAgain, t.Reconfirmed = n.Lapsed, n.Cancelled, n.AskedAgain, n.Reconfirmed
		sums[key] = t
	}
	return sums
}

// slip notes what somebody let lapse or cancelled.
func (w *world) slip(e *freight.Event) {
	var more freight.Tally
	switch {
	case e.Type == "pinhuo.load.lapsed", e.Type == "pinhuo.trip.lapsed" && e.Facts.Reason == "unrenewed":
		more.Lapsed = 1
	case e.Type == "pinhuo.trip.cancelled":
		more.Cancelled = 1
	case e.Type == "pinhuo.trip.unconfirmed":
		more.AskedAgain = 1
	case e.Type == "pinhuo.trip.reconfirmed" && !w.silent[e.Subject]:
		more.AskedAgain, more.Reconfirmed = 1, 1
	default:
		return
	}
	if w.slips == nil {
		w.slips = map[tallyKey]freight.Tally{}
	}
	key := tallyKey{e.Audience, e.At / 86_400_000 * 86_400_000}
	w.slips[key] = w.slips[key].Plus(more)
}
