package audit_test

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// remedied checks the remedies in a database.
func remedied(t *testing.T, cfg store.Config) audit.Remedied {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found audit.Remedied
	table := freight.DefaultRemedies()
	err = db.Snapshot(t.Context(), func(s *store.Snapshot) error {
		found, err = audit.Remedies(t.Context(), s, judge(t), "mk_delta", &table)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// wanting is a market in which one load could have paid a fen more, and another
// is as heavy as no truck.
func wanting(t *testing.T, cfg store.Config) {
	x := newExchange(t, cfg)
	terms := tripTerms("", 6000, 4, 12, haimen, changzhou)
	terms.Least = 20_000
	x.do(carrierOrg, "", freight.AnnounceTrip{Terms: terms})
	cheap := loadTerms("cheap", 800, 4, 10, haimen, changzhou)
	heavy := loadTerms("heavy", 90_000, 4, 10, haimen, changzhou)
	cheap.Ceiling, cheap.AnswerBy, heavy.AnswerBy = 15_000, at(1), at(1)
	x.do(shipperOrg, "", freight.PostLoad{Terms: cheap})
	x.do(shipperOrg, "", freight.PostLoad{Terms: heavy})
	x.wait(x.now + 2*freight.Day)
	x.must(x.db.Close())
}

func TestRemediesAreHeldAgainstTheMarket(t *testing.T) {
	const wants = " WHERE load_id = (SELECT id FROM loads WHERE ref = 'cheap')"
	for what, damage := range map[string]struct {
		statement string
		wrong     int
	}{
		"sound":             {"", 0},
		"more than needed":  {"UPDATE explanations SET body = json_set(body, '$.remedy.by', 9000, '$.remedy.cost', 9000)" + wants, 1},
		"less than needed":  {"UPDATE explanations SET body = json_set(body, '$.remedy.by', 4000)" + wants, 1},
		"said to be none":   {"UPDATE explanations SET body = json_set(body, '$.remedy.kind', 'none')" + wants, 1},
		"a change for none": {"UPDATE explanations SET body = json_set(body, '$.remedy.kind', 'pickup_later', '$.remedy.by', 3600)", 2},
	} {
		t.Run(what, func(t *testing.T) {
			cfg := store.Config{Dir: t.TempDir()}
			wanting(t, cfg)
			if damage.statement != "" {
				change(t, cfg, damage.statement)
			}
			found := remedied(t, cfg)
			if found.Checked != 2 || (len(found.Violations) > 0) != (damage.wrong > 0) {
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
