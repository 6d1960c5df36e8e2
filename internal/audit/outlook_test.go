package audit_test

import (
	"context"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// prospects checks the remedies of trips in a database.
func prospects(t *testing.T, cfg store.Config) audit.Outlooks {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found audit.Outlooks
	table := freight.DefaultTripRemedies()
	err = db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		found, err = audit.TripRemedies(t.Context(), s, judge(t), "mk_delta", &table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// idle are trucks that pass a load by, each for one reason, and the change that would
// mend it.
var idle = map[freight.RemedyKind]func(*freight.TripTerms){
	freight.RemedyExtraStops:     func(t *freight.TripTerms) { t.Limits.ExtraStops = 1 },
	freight.RemedyLeast:          func(t *freight.TripTerms) { t.Least = 105_000 },
	freight.RemedyDetourTime:     func(t *freight.TripTerms) { t.Limits.DetourS = 60 },
	freight.RemedyDetourDistance: func(t *freight.TripTerms) { t.Limits.DetourM = 1000 },
	freight.RemedyDetour:         func(t *freight.TripTerms) { t.Limits.DetourM, t.Limits.DetourS = 1000, 60 },
	freight.RemedyDepartEarlier: func(t *freight.TripTerms) {
		t.Stops[0].Window.Open, t.Stops[1].Window.Close = at(11), at(30)
	},
	freight.RemedyArriveLater: func(t *freight.TripTerms) {
		t.Stops[0].Window.Open, t.Stops[1].Window.Close = at(2), at(5.3)
	},
}

// passing is a market with one such truck, which has been told, and a load.
func passing(t *testing.T, cfg store.Config, spoil func(*freight.TripTerms)) (*exchange, *freight.Trip, *freight.TripExplanation) {
	x := newExchange(t, cfg)
	terms := tripTerms("", 6000, 4, 12, haimen, changzhou)
	spoil(&terms)
	x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("crates", 800, 4, 10, zhangjiagang, changzhou)})
	trip := x.do(carrierOrg, "", freight.AnnounceTrip{Terms: terms}).Trip
	if len(x.terms) > 0 {
		t.Fatal("the truck does not pass the load by")
	}
	x.wait(x.now + 30*freight.Minute + 1)
	scope := freight.Scope{Market: x.market.ID, Org: carrierOrg}
	now, _, err := x.db.Trip(t.Context(), scope, trip.ID)
	x.must(err)
	why, err := x.db.TripExplanation(context.WithoutCancel(t.Context()), scope, trip.ID)
	x.must(err)
	if why == nil || why.Loads != 1 || why.Remedy == nil || now.Answer != x.now {
		t.Fatalf("told %+v at %v", why, now.Answer)
	}
	return x, &now, why
}

// restated is how many operators are asked when the truck is stated anew with so much
// of a change.
func restated(t *testing.T, spoil func(*freight.TripTerms), by func(r *freight.Remedy)) int {
	x, trip, why := passing(t, store.Config{Dir: t.TempDir()}, spoil)
	defer func() { x.must(x.db.Close()) }()
	r := *why.Remedy
	by(&r)
	x.do(carrierOrg, "", freight.EditTrip{Trip: trip.ID, Version: trip.Version, Terms: r.ApplyTrip(trip.TripTerms)})
	return len(x.terms)
}

// TestATripWithoutLoadsIsToldWhatWouldHelp: stated anew with the change it is asked for
// the load; with nine tenths of the change it is not.
func TestATripWithoutLoadsIsToldWhatWouldHelp(t *testing.T) {
	table := freight.DefaultTripRemedies()
	for kind, spoil := range idle {
		t.Run(string(kind), func(t *testing.T) {
			if n := restated(t, spoil, func(r *freight.Remedy) {
				if r.Kind != kind {
					t.Fatalf("told %+v", r)
				}
			}); n != 1 {
				t.Errorf("with the change %d are asked", n)
			}
			rate, _ := table.Of(kind)
			if n := restated(t, spoil, func(r *freight.Remedy) { r.By = r.By / rate.Grain * 9 / 10 * rate.Grain }); n != 0 {
				t.Errorf("with nine tenths of it %d are asked", n)
			}
		})
	}
}

func TestRemediesOfTripsAreHeldAgainstTheMarket(t *testing.T) {
	const told = " WHERE type = 'pinhuo.trip.explained'"
	for what, damage := range map[string]struct {
		statement string
		wrong     bool
	}{
		"sound":            {"", false},
		"more than needed": {"UPDATE events SET facts = json_set(facts, '$.remedy.by', 7200)" + told, true},
		"less than needed": {"UPDATE events SET facts = json_set(facts, '$.remedy.by', 60)" + told, true},
		"said to be none":  {"UPDATE events SET facts = json_set(facts, '$.remedy.kind', 'none')" + told, true},
		"of another kind":  {"UPDATE events SET facts = json_set(facts, '$.remedy.kind', 'least')" + told, true},
		"before its time":  {"UPDATE events SET facts = json_set(facts, '$.remedy.at', 1000)" + told, true},
	} {
		t.Run(what, func(t *testing.T) {
			cfg := store.Config{Dir: t.TempDir()}
			x, _, _ := passing(t, cfg, idle[freight.RemedyDetour])
			x.wait(x.now + freight.Day)
			x.must(x.db.Close())
			if damage.statement != "" {
				change(t, cfg, damage.statement)
			}
			found := prospects(t, cfg)
			if found.Told != 1 || found.Checked != 2 || (len(found.Violations) > 0) != damage.wrong {
				t.Errorf("found %+v", found)
			}
			for _, v := range found.Violations {
				if v.Name != audit.RemedyWrong {
					t.Errorf("found %v", v)
				}
			}
		})
	}
}
