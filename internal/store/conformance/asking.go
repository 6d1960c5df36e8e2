package conformance

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/store"
)

// testAsking checks what a writer that starts knows about asking operators: what they
// say, how often they were asked in this hour, and what they would not do.
func testAsking(t *testing.T, fresh func(t testing.TB) store.Config) {
	w := NewWorld(t, fresh(t))
	v := w.Vehicle()
	trip, l := w.Trip(v), w.Load()
	c := w.Commit()
	w.Post(c, l, "")
	c.Vehicles, c.Trips = []freight.Row[freight.Vehicle]{{Value: v}}, []freight.Row[freight.Trip]{{Value: trip}}
	offer := func(made freight.Instant, state freight.OfferState, why freight.Reason, changed freight.Instant) {
		o := w.Offer(l, trip)
		o.ID, o.Made, o.Changed = freight.NewID(freight.PrefixOffer, made, [10]byte{byte(len(c.Offers))}), made, changed
		o.State, o.Reason = state, why
		c.Offers = append(c.Offers, freight.Row[freight.Offer]{Value: o})
		w.Note(c, freight.KindOffer, o.Meta)
	}
	hour := freight.HourOf(c.At)
	before := hour - freight.Minute
	offer(before, freight.OfferDeclined, freight.ReasonPrice, before+freight.Second)
	offer(before, freight.OfferDeclined, freight.ReasonDeclined, hour)            // tells nothing
	offer(before, freight.OfferDeclined, freight.ReasonPrice, c.At-8*freight.Day) // long ago
	offer(hour, freight.OfferExpired, freight.ReasonExpiredOffer, hour)           // counts
	offer(hour, freight.OfferDeclined, freight.ReasonDetourTime, hour)            // counts
	mine := freight.Preference{Meta: w.meta(freight.PrefixPreference, w.Carrier.ID), PreferenceTerms: freight.PreferenceTerms{Budget: 3,
		Quiet: freight.Quiet{From: 1320, Till: 360, Urgent: true}, Lanes: []freight.Lane{{Name: "回程", Least: 1, Auto: true}}}}
	c.Preferences = []freight.Row[freight.Preference]{{Value: mine}}
	w.Note(c, freight.KindPreference, mine.Meta)
	w.Send(c)

	state := must(w.Store.Reload(t.Context(), w.Market.ID))(t)
	equal(t, "preferences", state.Preferences, []freight.Preference{mine})
	equal(t, "asked in the hour", state.Reached, []freight.Reached{{Org: trip.Org, Hour: hour, N: 2}})
	no := freight.Decline{Vehicle: v.ID, DetourM: 12_000, DetourS: 900, Price: 42_000}
	first, second := no, no
	first.At, first.Reason = before+freight.Second, freight.ReasonPrice
	second.At, second.Reason = hour, freight.ReasonDetourTime
	equal(t, "declines", state.Declines, []freight.Decline{first, second})

	twice := w.Commit()
	twin := mine
	twin.ID = w.ID(freight.PrefixPreference)
	twice.Preferences = []freight.Row[freight.Preference]{{Value: twin}}
	w.Note(twice, freight.KindPreference, twin.Meta)
	w.refused("two preferences of one organization", twice, freight.CommitStale, freight.KindPreference, twin.ID)
	old := w.Commit()
	old.Preferences = []freight.Row[freight.Preference]{{Replaces: 9, Value: mine}}
	w.Note(old, freight.KindPreference, mine.Meta)
	w.refused("a preference at another version", old, freight.CommitStale, freight.KindPreference, mine.ID)
	said, _, err := w.Store.Preference(t.Context(), w.of(w.Shipper))
	equal(t, "who says nothing", must(said, err)(t), freight.Preference{})
}
