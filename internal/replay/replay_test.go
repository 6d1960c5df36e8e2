package replay_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/pgtest"
	"pinhuo/internal/replay"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func world(name string) replay.Options {
	return replay.Defaults(filepath.Join("testdata", name, "loads.csv"), filepath.Join("testdata", name, "trips.csv"))
}

// run replays and returns what was printed.
func run(t *testing.T, opts replay.Options) (stdout, stderr string, exit int) {
	t.Helper()
	var out, errs bytes.Buffer
	exit, err := replay.Run(t.Context(), opts, &out, &errs)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), exit
}

// report replays with the auditor and reads the report back.
func report(t *testing.T, opts replay.Options) (r replay.Report, stderr string, exit int) {
	t.Helper()
	opts.JSON, opts.Verify = true, true
	out, stderr, exit := run(t, opts)
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if decoder.More() {
		t.Fatalf("more than one object in %s", out)
	}
	return r, stderr, exit
}

// sound wants every load answered and nothing amiss.
func sound(t *testing.T, r replay.Report) {
	t.Helper()
	if r.Unanswered != 0 || *r.Violations != 0 || *r.Missed != 0 || r.Booked+r.Explained != r.Loads || r.Verify.Unmeasured != 0 {
		t.Errorf("%+v\n%+v", r, r.Verify)
	}
}

// steady takes the wall time out of a report.
func steady(t *testing.T, text string) string {
	t.Helper()
	at := strings.LastIndex(text, `"seconds"`)
	if at < 0 {
		t.Fatalf("no seconds in %s", text)
	}
	return text[:at]
}

func TestDelta(t *testing.T) {
	r, stderr, exit := report(t, world("delta"))
	sound(t, r)
	if exit != 0 || strings.Contains(stderr, "csv") || r.Loads != 12 || r.Trips != 4 || r.Rejected != 0 || r.Booked < 6 || r.Split != 1 {
		t.Errorf("exit %d, %q, %+v", exit, stderr, r)
	}
	if r.Price >= r.Alone || r.Value <= 0 || r.DetourM <= 0 || r.DetourS <= 0 || r.Commits == 0 {
		t.Errorf("%+v", r)
	}
}

func TestRoaming(t *testing.T) {
	opts := world("roaming")
	opts.Plan = filepath.Join(t.TempDir(), "plan.json")
	r, _, exit := report(t, opts)
	sound(t, r)
	if exit != 0 || r.Loads != 20 || r.Trips != 3 || r.Settings.KMH != 30 || r.Booked == 0 || r.Explained == 0 {
		t.Errorf("exit %d, %+v", exit, r)
	}
	for _, trip := range readPlan(t, opts.Plan).Trips {
		if trip.DirectM != 0 || trip.DirectS != 0 || trip.Stops[0].Kind != freight.CallStart {
			t.Errorf("%+v", trip)
		}
	}
}

// The report and the plan follow from the input and the seed, whatever the
// number of processors; another seed changes names and samples, not decisions.
func TestEqualRunsAreEqualByteForByte(t *testing.T) {
	for _, name := range []string{"delta", "roaming"} {
		t.Run(name, func(t *testing.T) {
			var first, plan string
			for _, processors := range []int{1, 2, 2} {
				was := runtime.GOMAXPROCS(processors)
				out, text := runBoth(t, world(name))
				runtime.GOMAXPROCS(was)
				if first == "" {
					first, plan = out, text
				}
				if out != first || text != plan {
					t.Fatalf("with %d processors:\n%s\nafter\n%s", processors, out, first)
				}
			}
		})
	}
}

// runBoth returns report and plan without the wall time.
func runBoth(t *testing.T, opts replay.Options) (text, plan string) {
	t.Helper()
	opts.Plan, opts.JSON, opts.Verify = filepath.Join(t.TempDir(), "plan.json"), true, true
	out, _, _ := run(t, opts)
	written, err := os.ReadFile(opts.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return steady(t, out), string(written)
}

func TestPostgreSQLDecidesTheSame(t *testing.T) {
	opts := world("delta")
	text, plan := runBoth(t, opts)
	opts.URL = pgtest.URL(t)
	pgText, pgPlan := runBoth(t, opts)
	if text != pgText || plan != pgPlan {
		t.Errorf("SQLite:\n%s\nPostgreSQL:\n%s", text, pgText)
	}
	inPostgreSQL(t, opts.URL, 12, 4)
}

// inPostgreSQL wants the rows to be where they were said to be.
func inPostgreSQL(t *testing.T, url string, loads, trips int) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var version string
	var haveLoads, haveTrips, records int
	err = db.QueryRowContext(t.Context(), "SELECT version(), (SELECT count(*) FROM loads), (SELECT count(*) FROM trips), "+
		"(SELECT count(*) FROM trip_records)").Scan(&version, &haveLoads, &haveTrips, &records)
	if err != nil || !strings.HasPrefix(version, "PostgreSQL ") || haveLoads != loads || haveTrips != trips || records <= trips {
		t.Errorf("%q: %d loads, %d trips, %d records, %v", version, haveLoads, haveTrips, records, err)
	}
}

func TestPlanIsAsItWas(t *testing.T) {
	for _, name := range []string{"delta", "roaming"} {
		opts, golden := world(name), filepath.Join("testdata", name, "plan.json")
		_, plan := runBoth(t, opts)
		if *update {
			if err := os.WriteFile(golden, []byte(plan), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if plan != string(want) {
			t.Errorf("%s: the plan has changed; run with -update and look at the difference\n%s", name, plan)
		}
	}
}

// Equal times: a trip posted at the same instant as a load is there before it,
// and loads come in the order of the file, so the first takes the room.
func TestEqualTimes(t *testing.T) {
	dir := t.TempDir()
	loads, trips := filepath.Join(dir, "loads.csv"), filepath.Join(dir, "trips.csv")
	const tripHead = "trip_id,vehicle_id,posted_at,depart_at,latest_arrive_at,origin_lon,origin_lat,dest_lon,dest_lat,capacity_kg,spare_kg,spare_m3\n"
	const loadHead = "load_id,posted_at,ready_at,pickup_by,deliver_by,pickup_lon,pickup_lat,dropoff_lon,dropoff_lat,weight_kg,volume_m3\n"
	const when = "2026-03-02T07:00:00Z,2026-03-02T08:00:00Z,"
	write(t, trips, tripHead+"T,,"+when+"2026-03-02T18:00:00Z,121.17,31.9,119.97,31.81,5000,1000,10\n")
	row := func(id string) string {
		return id + "," + when + ",2026-03-02T18:00:00Z,121.17,31.9,119.97,31.81,900,1\n"
	}
	for _, order := range [][]string{{"A", "B"}, {"B", "A"}} {
		write(t, loads, loadHead+row(order[0])+row(order[1]))
		opts := replay.Defaults(loads, trips)
		opts.Plan = filepath.Join(dir, "plan.json")
		r, _, _ := report(t, opts)
		sound(t, r)
		plan := readPlan(t, opts.Plan)
		if r.Booked != 1 || plan.Loads[0].ID != order[0] || plan.Loads[0].Outcome != "booked" || plan.Loads[0].Trip != "T" {
			t.Errorf("%v: %+v", order, plan.Loads)
		}
		if plan.Loads[1].Outcome != "explained" || len(plan.Loads[1].Reasons) != 1 || plan.Loads[1].Reasons[freight.ReasonNoCandidate] != 0 {
			t.Errorf("%v: %+v", order, plan.Loads[1])
		}
	}
}

// TestSpareVolumeOfADifferentVehicle: the file's volume of a vehicle counts for
// more than its type's, and spare volume above both is cut and counted.
func TestSpareVolumeOfADifferentVehicle(t *testing.T) {
	dir := t.TempDir()
	loads, trips := filepath.Join(dir, "loads.csv"), filepath.Join(dir, "trips.csv")
	const when = "2026-03-02T07:00:00Z,2026-03-02T08:00:00Z,"
	const load = "load_id,posted_at,ready_at,pickup_by,deliver_by,pickup_lon,pickup_lat,dropoff_lon,dropoff_lat,weight_kg,volume_m3\n" +
		"A," + when + ",2026-03-02T18:00:00Z,121.17,31.9,119.97,31.81,900,45\n"
	write(t, loads, load)
	const head = "trip_id,vehicle_id,posted_at,depart_at,latest_arrive_at,origin_lon,origin_lat,dest_lon,dest_lat,capacity_kg,spare_kg,spare_m3"
	const trip = "T,," + when + "2026-03-02T18:00:00Z,121.17,31.9,119.97,31.81,7000,1000,50"
	for _, c := range []struct {
		head, trip     string
		capped, booked int
	}{
		{head + ",capacity_m3", trip + ",58", 0, 1},
		{head + ",capacity_m3", trip + ",", 1, 0}, // 38 m³
		{head + ",capacity_m3", trip + ",46", 1, 1},
		{head, trip, 1, 0},
	} {
		write(t, trips, c.head+"\n"+c.trip+"\n")
		r, _, exit := report(t, replay.Defaults(loads, trips))
		sound(t, r)
		if r.Capped != c.capped || r.Booked != c.booked || r.Rejected != 0 || exit != 0 {
			t.Errorf("%s: exit %d, %+v", c.trip, exit, r)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBrokenRowsAreNamedByLine(t *testing.T) {
	r, stderr, exit := report(t, world("broken"))
	sound(t, r)
	if exit != 1 || r.Loads != 2 || r.Trips != 2 || r.Rejected != 17 {
		t.Errorf("exit %d, %+v", exit, r)
	}
	for _, want := range []string{
		`loads.csv:3: weight_kg "heavy": must be a plain number`,
		`loads.csv:4: posted_at "2026-03-02 07:00": must be a time with its zone`,
		`loads.csv:5: pickup_lat "121.17": must be degrees within ±90`,
		`loads.csv:6: invalid: window_order field=pickup_by`,
		`loads.csv:7: id L01 stands on an earlier line`,
		`loads.csv:8: load_id "": must have 1 to 64 characters`,
		`loads.csv:9: 17 columns, the header has 16`,
		`loads.csv:10: broken quotes`,
		`loads.csv:11: invalid: range field=weight_kg`,
		`loads.csv:12: dropoff_lat "NaN": must be degrees within ±90`,
		`loads.csv:13: deliver_by "": must be a time with its zone`,
		`loads.csv:15: volume_m3 "-1": must be a plain number`,
		`trips.csv:3: stops "x y": must be longitude, latitude and time`,
		`trips.csv:4: dest_lat "": must be degrees within ±90`,
		`trips.csv:5: invalid: schedule`,
		`trips.csv:6: invalid: conflicting_fields field=spare_kg`,
		`trips.csv:7: conflict: overlap field=vehicle`,
	} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not told in:\n%s", want, stderr)
		}
	}
}

// One router measures all trips, so a roaming one sets the pace: that is said.
func TestTheSpeedAndItsReasonAreTold(t *testing.T) {
	opts := world("delta")
	r, stderr, _ := report(t, opts)
	if r.Settings.KMH != 60 || r.Settings.Because != "no trip roams" || strings.Contains(stderr, "km/h") {
		t.Errorf("%+v, said %q", r.Settings, stderr)
	}
	text, err := os.ReadFile(opts.Trips)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\n")
	var cells []string
	for _, name := range strings.Split(strings.TrimSpace(head), ",") {
		cells = append(cells, map[string]string{"trip_id": "ROAM", "posted_at": "2026-03-02T00:00:00+08:00", "depart_at": "2026-03-02T00:00:00+08:00",
			"latest_arrive_at": "2026-03-03T00:00:00+08:00", "origin_lon": "121.1", "origin_lat": "31.8", "capacity_kg": "3000",
			"spare_kg": "3000", "spare_m3": "14"}[name])
	}
	opts.Trips = filepath.Join(t.TempDir(), "trips.csv")
	write(t, opts.Trips, strings.TrimRight(string(text), "\n")+"\n"+strings.Join(cells, ",")+"\n")
	r, stderr, _ = report(t, opts)
	if r.Settings.KMH != 30 || r.Settings.Because != "some trips roam" || !strings.Contains(stderr, "trip ROAM roams freely, so all trips are driven at 30 km/h") {
		t.Errorf("%+v, said %q", r.Settings, stderr)
	}
	opts.KMH = 45
	if r, stderr, _ = report(t, opts); r.Settings.Because != "told" || strings.Contains(stderr, "km/h") {
		t.Errorf("%+v, said %q", r.Settings, stderr)
	}
}

// What the exchange refuses is told in the file's own columns and zone.
func TestARefusedRowIsToldInItsOwnColumns(t *testing.T) {
	opts := world("roaming")
	dir := t.TempDir()
	text, err := os.ReadFile(opts.Loads)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), "\n")
	opts.Loads = filepath.Join(dir, "loads.csv")
	write(t, opts.Loads, head+"\n"+
		"early,2026-03-02T06:00:00+08:00,2026-03-02T09:00:00+08:00,2026-03-02T08:00:00+08:00,2026-03-02T12:00:00+08:00,121.3,31.8,121.0,31.9,400,1.8,100,100\n"+
		"heavy,2026-03-02T06:00:00+08:00,2026-03-02T06:00:00+08:00,,2026-03-02T12:00:00+08:00,121.3,31.8,121.0,31.9,400000000,1.8,100,100\n")
	_, stderr, exit := report(t, opts)
	for _, want := range []string{
		"loads.csv:2: invalid: window_order field=pickup_by value=2026-03-02T08:00:00+08:00", "loads.csv:3: invalid: range field=weight_kg",
	} {
		if exit != 1 || !strings.Contains(stderr, want) {
			t.Errorf("exit %d, said %q, want %q", exit, stderr, want)
		}
	}
	opts.Say = func(err error) string {
		if known, ok := errors.AsType[*freight.Error](err); ok {
			return "a sentence on " + known.Field
		}
		return "no error of the exchange"
	}
	if _, stderr, _ = report(t, opts); !strings.Contains(stderr, "loads.csv:2: a sentence on pickup_by\n") {
		t.Errorf("said %q", stderr)
	}
}

func TestWhatCannotRunAtAllIsRefused(t *testing.T) {
	dir := t.TempDir()
	headless := filepath.Join(dir, "headless.csv")
	write(t, headless, "load_id,posted_at\n")
	for name, tc := range map[string]struct {
		change func(o *replay.Options)
		want   string
	}{
		"no such file":     {func(o *replay.Options) { o.Loads = filepath.Join(dir, "none.csv") }, "none.csv"},
		"a missing column": {func(o *replay.Options) { o.Loads = headless }, "headless.csv:1: ready_at"},
		"an unknown rule":  {func(o *replay.Options) { o.Policy = "all-decline" }, "policy"},
		"a silly speed":    {func(o *replay.Options) { o.KMH = 2000 }, "2000"},
		"a silly limit":    {func(o *replay.Options) { o.ExtraStops = 61 }, "extra_stops"},
		"two databases":    {func(o *replay.Options) { o.URL, o.Dir = "postgres://localhost/x", dir }, "database"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := world("delta")
			tc.change(&opts)
			exit, err := replay.Run(t.Context(), opts, &bytes.Buffer{}, &bytes.Buffer{})
			if err == nil || exit == 0 || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("exit %d, error %v, want %q", exit, err, tc.want)
			}
		})
	}
}

// A database that holds a market is not played into.
func TestAUsedDatabaseIsRefused(t *testing.T) {
	opts := world("delta")
	opts.Dir = t.TempDir()
	if _, _, exit := run(t, opts); exit != 0 {
		t.Fatalf("exit %d", exit)
	}
	exit, err := replay.Run(t.Context(), opts, &bytes.Buffer{}, &bytes.Buffer{})
	if err == nil || exit == 0 || !strings.Contains(err.Error(), "a replay needs one of its own") {
		t.Fatalf("exit %d, %v", exit, err)
	}
}

func TestReportForPeople(t *testing.T) {
	opts := world("delta")
	var last [2]int
	opts.Progress = func(done, total int) { last = [2]int{done, total} }
	out, stderr, _ := run(t, opts)
	for _, want := range []string{"货源 loads", "成交 booked", "设定 defaults", "60 km/h", "max(50 km, 15 %)", "落盘 fsyncs"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if !strings.Contains(stderr, "fsync p50") || last != [2]int{16, 16} {
		t.Errorf("%q, progress %v", stderr, last)
	}
}
