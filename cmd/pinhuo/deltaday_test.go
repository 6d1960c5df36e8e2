package main

import (
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestADeltaDayOnTheGraph makes up a day between the towns of the Yangtze delta and replays
// it on its roads: the auditor finds nothing amiss, every offer names what measured it, and
// most are measured by the graph.
func TestADeltaDayOnTheGraph(t *testing.T) {
	extract := filepath.Join(cmp.Or(os.Getenv("PINHUO_TESTDATA"), filepath.Join("..", "..", "..", "shared", "data")), "roads", "yangtze_delta_major_roads.osm.pbf")
	if _, err := os.Stat(extract); err != nil {
		t.Skipf("no roads to replay on: %v", err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "delta.roads")
	var out []byte
	for _, args := range [][]string{
		{"sample", "-o", dir, "--box", "30.6,118.4,32.8,122", "--loads", "150", "--trips", "100"},
		{"roads", "build", extract, "-o", file},
		{"replay", "--loads", filepath.Join(dir, "loads.csv"), "--trips", filepath.Join(dir, "trips.csv"), "--roads", file, "--verify", "--json"},
	} {
		var err error
		if out, err = exec.CommandContext(t.Context(), binary(t), args...).Output(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	var report struct {
		Loads, Trips, Rejected, Offers, Booked, Violations, Missed int
		OffersBy                                                   map[string]int `json:"offers_by"`
		Method                                                     string
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", report)
	graph, estimated := report.OffersBy["graph"], report.OffersBy["fallback"]
	if report.Method != "graph" || report.Loads != 150 || report.Trips != 100 || report.Booked < 10 || report.Rejected+report.Violations+report.Missed > 0 {
		t.Errorf("%s", out)
	}
	if graph+estimated != report.Offers || graph <= estimated {
		t.Errorf("%d offers, of them %v", report.Offers, report.OffersBy)
	}
}
