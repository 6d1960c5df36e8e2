package audit_test

import (
	"fmt"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/audit"
	"pinhuo/internal/store"
)

// toppedOff is a market in which a truck on its way from Zhangjiagang to Nanjing, past
// Changzhou, turns off its drive for a load; it returns the trip with its plan.
func toppedOff(t *testing.T, cfg store.Config) *freight.Trip {
	x := newExchange(t, cfg)
	terms := tripTerms("T", 6000, 1, 12, zhangjiagang, nanjing)
	trip := x.do(carrierOrg, "", freight.AnnounceTrip{Terms: terms}).Trip
	x.wait(at(1.5))
	x.do(shipperOrg, "", freight.PostLoad{Terms: loadTerms("aside", 800, 1, 10, changzhou, nanjing)})
	x.accept()
	now, _, err := x.db.Trip(t.Context(), freight.Scope{Market: x.market.ID, Org: carrierOrg}, trip.ID)
	x.must(err)
	x.wait(x.now + freight.Day)
	x.must(x.db.Close())
	return &now
}

// TestATruckUnderWayTurnsOffForALoad: ten minutes ahead of it at the earliest, on a whole
// five minutes of the clock, and the books hold.
func TestATruckUnderWayTurnsOffForALoad(t *testing.T) {
	cfg := store.Config{Dir: t.TempDir()}
	trip := toppedOff(t, cfg)
	var kinds []freight.CallKind
	for _, call := range trip.Plan {
		kinds = append(kinds, call.Kind)
	}
	if fmt.Sprint(kinds) != "[start here pickup delivery end]" {
		t.Fatalf("the plan is %+v", trip.Plan)
	}
	here := trip.Plan[1]
	if least := at(1.5) + freight.TurnLead; here.Leave < least || here.Leave > least+freight.TurnGrain+5*freight.Second {
		t.Errorf("turns off at %v, asked at %v", here.Leave, at(1.5))
	}
	if metres, seconds := trip.Detour(); metres <= 0 || metres > trip.Limits.DetourM || seconds > trip.Limits.DetourS {
		t.Errorf("a detour of %d m, %d s", metres, seconds)
	}
	if found := look(t, cfg); found.Violations != 0 {
		t.Errorf("found %v", found.List)
	}
	if found := missing(t, cfg); len(found.Missed) != 0 {
		t.Errorf("missed %v", found.Missed)
	}
}

// TestAWrongTurningIsFound: one that is elsewhere, or too soon.
func TestAWrongTurningIsFound(t *testing.T) {
	for what, path := range map[string]string{"elsewhere": "$.plan[1].point.lat_e7", "at another time": "$.plan[1].leave", "with a load": "$.plan[1].take.grams"} {
		t.Run(what, func(t *testing.T) {
			cfg := store.Config{Dir: t.TempDir()}
			toppedOff(t, cfg)
			for _, table := range []string{"trips", "trip_records"} {
				change(t, cfg, fmt.Sprintf("UPDATE %s SET body = json_set(body, '%s', json_extract(body, '%s') + 1000) WHERE json_extract(body, '$.plan[1].kind') = 'here'", table, path, path))
			}
			found := look(t, cfg)
			if found.Counts[audit.PlanHistory]+found.Counts[audit.PlanOrder] == 0 {
				t.Errorf("found %v", found.List)
			}
		})
	}
}
