package audit_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/outreach"
	"pinhuo/internal/store"
)

// missing looks for missed matches in a database.
func missing(t *testing.T, cfg store.Config) audit.Missing {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found audit.Missing
	err = db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		found, err = audit.Missed(t.Context(), s, judge(t), "mk_delta")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func judge(t *testing.T) *audit.Judge {
	return &audit.Judge{Router: fallback(t), Costs: freight.DefaultCosts(), TopOff: true}
}

func change(t *testing.T, cfg store.Config, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(cfg.Dir, "pinhuo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	statements(statement)(t, db)
}

func TestNothingIsMissedByAHealthyMarket(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	healthy(t, cfg)
	found := missing(t, cfg)
	if len(found.Missed) > 0 || found.Unbooked < 4 || found.Judged < 10 {
		t.Fatalf("found %+v", found)
	}
}

// A load whose true weight the planners never saw: it would have fitted trips
// that nobody asked, first of all those open when it was posted.
func TestAMissedMatchIsFound(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	healthy(t, cfg)
	change(t, cfg, "UPDATE loads SET grams = 100000, millilitres = 1000, floor_mm = 10, ceiling = 100000000 WHERE ref = 'L5'")
	found := missing(t, cfg)
	if len(found.Missed) == 0 {
		t.Fatalf("found %+v", found)
	}
	t.Log(found.Missed)
}

// While three operators are asked the others wait; that is a rule, not a miss.
// Once the three have let the clock run out the others are asked.
func TestWaitingForOthersIsNotMissing(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	x := newExchange(t, cfg)
	for i := range 5 {
		terms := tripTerms("", 6000, 4, 12, haimen, changzhou)
		terms.Vehicle.Plate.Number = "SU-F100" + string(rune('0'+i))
		x.do(carrierOrg, "", freight.AnnounceTrip{Terms: terms})
	}
	withdrawn := x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("W", 800, 4, 10, haimen, changzhou)})
	if len(x.open) != 3 {
		t.Fatalf("%d operators are asked", len(x.open))
	}
	x.wait(at(0.01))
	x.do(shipperOrg, "", freight.WithdrawLoad{Load: withdrawn.Load.ID})
	x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("E", 800, 4, 10, haimen, changzhou)})
	x.wait(at(11))
	if len(x.open) != 3+5*outreach.MostSilences {
		t.Fatalf("%d offers were made", len(x.open))
	}
	x.must(x.db.Close())
	found := missing(t, cfg)
	if len(found.Missed) != 0 || found.Queued != 2 {
		t.Fatalf("found %+v", found)
	}

	// Without the offers that were made to the other two, they were missed.
	change(t, cfg, "DELETE FROM offers WHERE load_id = (SELECT id FROM loads WHERE ref = 'E') AND made > "+
		"(SELECT posted FROM loads WHERE ref = 'E')")
	if found := missing(t, cfg); len(found.Missed) != 2 {
		t.Fatalf("found %+v", found)
	}
}

// While an operator thinks about a load that is worth more, and takes all of his room, another
// waits: that is a rule, not a miss. Once he has said no to it he is asked.
func TestWaitingForATrucksAnswerIsNotMissing(t *testing.T) {
	for _, accepts := range []bool{true, false} {
		cfg := store.Config{Dir: t.TempDir()}
		x := newExchange(t, cfg)
		x.do(carrierOrg, "", freight.AnnounceTrip{Terms: tripTerms("T", 6000, 4, 12, haimen, changzhou)})
		x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("", 5900, 4, 10, haimen, changzhou)})
		x.wait(at(0.05))
		x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("W", 800, 4, 10, haimen, changzhou)})
		if len(x.open) != 1 {
			t.Fatalf("%d offers were made", len(x.open))
		}
		x.wait(at(0.1))
		if accepts {
			x.accept()
		} else {
			x.do(carrierOrg, "", freight.DeclineOffer{Offer: x.open[0], Reason: freight.ReasonDetourTime})
		}
		x.must(x.db.Close())
		if found := missing(t, cfg); len(found.Missed) != 0 {
			t.Errorf("accepted %v: found %+v", accepts, found)
		}
		if accepts {
			continue
		}
		change(t, cfg, "DELETE FROM offers WHERE load_id = (SELECT id FROM loads WHERE ref = 'W')")
		if found := missing(t, cfg); len(found.Missed) != 1 {
			t.Errorf("he was never asked about the other: found %+v", found)
		}
	}
}

// Who said that a price was too little is not asked for less: that is a rule, not a miss.
// Had he only said no, it would be one.
func TestWhatAnOperatorWouldNotDoIsNotMissed(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	x := newExchange(t, cfg)
	x.do(carrierOrg, "", freight.AnnounceTrip{Terms: tripTerms("T", 6000, 4, 12, haimen, changzhou)})
	x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("", 800, 4, 10, haimen, changzhou)})
	little := x.do(carrierOrg, "", freight.DeclineOffer{Offer: x.open[0], Reason: freight.ReasonPrice}).Offer.Price
	poor := loadTerms("", 800, 4, 10, haimen, changzhou)
	poor.Ceiling = little
	x.do(shipperOrg, "", freight.PostLoad{Terms: poor})
	if len(x.open) != 2 {
		t.Fatalf("%d offers were made", len(x.open))
	}
	x.must(x.db.Close())
	if found := missing(t, cfg); len(found.Missed) != 0 {
		t.Fatalf("found %+v", found)
	}
	change(t, cfg, "UPDATE offers SET reason = 'declined' WHERE state = 'declined'")
	if found := missing(t, cfg); len(found.Missed) != 1 {
		t.Fatalf("found %+v", found)
	}
}

func TestWhyFindsAWrongReason(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	x := newExchange(t, cfg)
	trip := x.do(carrierOrg, "", freight.AnnounceTrip{Terms: tripTerms("T", 6000, 4, 12, haimen, changzhou)}).Trip
	load := x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("L", 6001, 4, 10, haimen, changzhou)}).Load
	x.wait(at(11))
	x.must(x.db.Close())
	right := audit.Claim{Load: load.ID, Trip: trip.ID, TripVersion: 1, At: dawn, Reason: freight.ReasonWeight, By: 1000}
	for name, tc := range map[string]struct {
		change func(c *audit.Claim)
		open   int64
		want   []audit.Name
	}{
		"right":              {func(*audit.Claim) {}, 1, nil},
		"another amount":     {func(c *audit.Claim) { c.By = 999 }, 1, []audit.Name{audit.ReasonWrong}},
		"another reason":     {func(c *audit.Claim) { c.Reason = freight.ReasonVolume }, 1, []audit.Name{audit.ExplanationCounts, audit.ReasonWrong}},
		"it fitted":          {func(c *audit.Claim) { c.Fits = true }, 1, []audit.Name{audit.ExplanationCounts}},
		"a trip not counted": {func(*audit.Claim) {}, 2, []audit.Name{audit.ExplanationCounts}},
	} {
		t.Run(name, func(t *testing.T) {
			claim := right
			tc.change(&claim)
			var got []audit.Name
			for _, v := range why(t, cfg, claim, map[freight.ID]int64{load.ID: tc.open}).Violations {
				got = append(got, v.Name)
			}
			if len(got) != len(tc.want) {
				t.Fatalf("found %v, want %v", got, tc.want)
			}
			for i := range got {
				if got[i] != tc.want[i] {
					t.Fatalf("found %v, want %v", got, tc.want)
				}
			}
		})
	}
}

func why(t *testing.T, cfg store.Config, claim audit.Claim, open map[freight.ID]int64) audit.Reasons {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found audit.Reasons
	err = db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		found, err = audit.Why(t.Context(), s, judge(t), "mk_delta", []audit.Claim{claim}, open, 100, 1)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
