package replay_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/replay"
)

// plan is the file as a stranger reads it.
type plan struct {
	Format string `json:"format"`
	Router struct{ Method, Version string }
	Trips  []struct {
		ID          string     `json:"id"`
		Depart      time.Time  `json:"depart_at"`
		Latest      time.Time  `json:"latest_arrive_at"`
		SpareKG     float64    `json:"spare_kg"`
		SpareLitres float64    `json:"spare_litres"`
		MaxDetourM  int64      `json:"max_detour_m"`
		MaxDetourS  int64      `json:"max_detour_s"`
		DirectM     int64      `json:"direct_m"`
		DirectS     int64      `json:"direct_s"`
		Stops       []planStop `json:"stops"`
	}
	Loads []struct {
		ID      string                   `json:"id"`
		Outcome string                   `json:"outcome"`
		Trip    string                   `json:"trip"`
		Decided time.Time                `json:"decided_at"`
		Price   freight.Fen              `json:"price_fen"`
		Alone   freight.Fen              `json:"alone_fen"`
		Reasons map[freight.Reason]int64 `json:"reasons"`
		Change  any                      `json:"change"`
	}
}

type planStop struct {
	Kind         freight.CallKind `json:"kind"`
	Load         string           `json:"load"`
	Lat          float64          `json:"lat"`
	Lon          float64          `json:"lon"`
	LegM         int64            `json:"leg_m"`
	LegS         int64            `json:"leg_s"`
	RestS        int64            `json:"rest_s"`
	Arrive       time.Time        `json:"arrive_at"`
	Start        time.Time        `json:"start_at"`
	Leave        time.Time        `json:"leave_at"`
	AboardKG     float64          `json:"aboard_kg"`
	AboardLitres float64          `json:"aboard_litres"`
}

func readPlan(t *testing.T, path string) plan {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parsePlan(t, text)
}

func parsePlan(t *testing.T, text []byte) plan {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var p plan
	if err := decoder.Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

// checkPlan judges a plan by nothing but what it says.
func checkPlan(t *testing.T, p plan, r replay.Report) {
	t.Helper()
	if p.Format != "pinhuo-plan/1" || p.Router.Method != r.Method || p.Router.Version != r.Router || len(p.Trips) != r.Trips || len(p.Loads) != r.Loads {
		t.Errorf("%s by %v with %d trips and %d loads", p.Format, p.Router, len(p.Trips), len(p.Loads))
	}
	on := map[string]string{} // load -> trip that delivers it
	var detourM int64
	for i := range p.Trips {
		trip := &p.Trips[i]
		var driven, seconds int64
		for k, s := range trip.Stops {
			driven, seconds = driven+s.LegM, seconds+s.LegS
			if k > 0 && !s.Arrive.Equal(trip.Stops[k-1].Leave.Add(time.Duration(s.LegS+s.RestS)*time.Second)) && trip.DirectM > 0 {
				t.Errorf("trip %s stop %d: arrives at %v", trip.ID, k, s.Arrive)
			}
			if s.Start.Before(s.Arrive) || s.Leave.Before(s.Start) || s.AboardKG > trip.SpareKG || s.AboardLitres > trip.SpareLitres {
				t.Errorf("trip %s stop %d: %+v", trip.ID, k, s)
			}
			if s.Kind == freight.CallDelivery {
				on[s.Load] = trip.ID
			}
		}
		last := trip.Stops[len(trip.Stops)-1]
		if last.AboardKG != 0 || last.AboardLitres != 0 || last.Start.After(trip.Latest) || trip.Stops[0].Start.Before(trip.Depart) {
			t.Errorf("trip %s: ends %+v", trip.ID, last)
		}
		if trip.DirectM > 0 && (driven-trip.DirectM > trip.MaxDetourM || seconds-trip.DirectS > trip.MaxDetourS) {
			t.Errorf("trip %s: %d m for %d m", trip.ID, driven, trip.DirectM)
		}
		detourM += driven - trip.DirectM
	}
	booked := 0
	for _, l := range p.Loads {
		if l.Trip != on[l.ID] || (l.Outcome == "booked") != (l.Trip != "") || (l.Trip == "") == (len(l.Reasons) == 0) || l.Price > l.Alone || l.Decided.IsZero() {
			t.Errorf("%+v, on %q", l, on[l.ID])
		}
		if l.Outcome == "booked" {
			booked++
		}
	}
	if booked != r.Booked || detourM != r.DetourM {
		t.Errorf("%d booked and %d m in the plan, %d and %d in the report", booked, detourM, r.Booked, r.DetourM)
	}
}

func TestPlanTellsWhatTheReportCounts(t *testing.T) {
	for _, name := range []string{"delta", "roaming"} {
		opts := world(name)
		opts.Plan = filepath.Join(t.TempDir(), "plan.json")
		r, _, _ := report(t, opts)
		checkPlan(t, readPlan(t, opts.Plan), r)
	}
}

// shared finds data that may not be part of the project.
func shared(t *testing.T, name string) replay.Options {
	t.Helper()
	dir := os.Getenv("PINHUO_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir = filepath.Join(dir, "freight", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the recorded freight of %s is not here (set PINHUO_TESTDATA): %v", name, err)
	}
	return replay.Defaults(filepath.Join(dir, "loads.csv"), filepath.Join(dir, "trips.csv"))
}

// A day of real freight: every load is answered, the auditor finds nothing, a
// fifth of the loads at least finds a truck; on PostgreSQL, with one processor,
// all of it is the same byte for byte.
func TestADayOfRealFreight(t *testing.T) {
	opts := shared(t, filepath.Join("india_linehaul", "day"))
	text, plan := runBoth(t, opts)
	var r replay.Report
	if err := json.Unmarshal([]byte(text+`"seconds": 0}`), &r); err != nil {
		t.Fatal(err)
	}
	sound(t, r)
	if r.Loads != 1068 || r.Trips != 169 || r.Rejected != 0 || r.Booked*5 < r.Loads || r.Verify.Sampled != 100 {
		t.Errorf("%+v", r)
	}
	checkPlan(t, parsePlan(t, []byte(plan)), r)
	t.Logf("%+v\n%+v", r, r.Verify)
	t.Run("PostgreSQL", func(t *testing.T) {
		if testing.Short() {
			t.Skip("SQLite is enough for a short run")
		}
		opts.URL = pgtest.URL(t)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		pgText, pgPlan := runBoth(t, opts)
		if text != pgText || plan != pgPlan {
			t.Errorf("SQLite:\n%s\nPostgreSQL:\n%s", text, pgText)
		}
		inPostgreSQL(t, opts.URL, 1068, 169)
	})
}
