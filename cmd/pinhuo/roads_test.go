package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// roadsPBF turns a file drawn by hand into an extract.
func roadsPBF(t *testing.T, name string) string {
	t.Helper()
	osmium, err := exec.LookPath("osmium")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("osmium is not installed (Debian: osmium-tool)")
	}
	if err != nil {
		t.Skip("osmium is not installed (Debian: osmium-tool, which make test brings)")
	}
	path := filepath.Join(t.TempDir(), name+".osm.pbf")
	from := filepath.Join("..", "..", "geo", "roads", "osm", "testdata", name+".osm")
	if out, err := exec.Command(osmium, "cat", from, "-o", path).CombinedOutput(); err != nil {
		t.Fatalf("osmium: %v: %s", err, out)
	}
	return path
}

// ask runs a command and returns its exit code and what it said.
func ask(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, nil, streams{&o, &e})
	return code, o.String(), e.String()
}

func TestRoadsCommands(t *testing.T) {
	in, file := roadsPBF(t, "ferry"), filepath.Join(t.TempDir(), "ferry.roads")
	if code, out, errs := ask(t, "roads", "build", in, "-o", file); code != 0 || !strings.Contains(out, "OpenStreetMap contributors") {
		t.Fatalf("build: %d %s %s", code, out, errs)
	}
	code, out, errs := ask(t, "roads", "route", "--roads", file, "--json", "--line", "0,0", "0,0.04")
	var answer struct {
		Metres, Seconds int64
		AccessMetres    *int64 `json:"access_metres"`
		Method, Version string
		Line            [][2]float64
	}
	if err := json.Unmarshal([]byte(out), &answer); code != 0 || err != nil {
		t.Fatalf("route: %d %v %s %s", code, err, out, errs)
	}
	if answer.Metres != 4448 || answer.Seconds != 1934 || answer.AccessMetres == nil || *answer.AccessMetres != 0 || answer.Method != "graph" ||
		!strings.HasPrefix(answer.Version, "r2-") || len(answer.Line) != 4 {
		t.Errorf("route: %s", out)
	}
	if code, out, errs := ask(t, "roads", "matrix", "--roads", file, "0,0", "0,0.04"); code != 0 || !strings.Contains(out, "\n1,0,4448,1934,graph,") {
		t.Errorf("matrix: %d %s %s", code, out, errs)
	}
	if code, out, errs := ask(t, "roads", "check", in, "--roads", file, "--pairs", "50"); code != 0 || out != "0\n" {
		t.Errorf("check: %d %s %s", code, out, errs)
	}
	other := roadsPBF(t, "private")
	if code, out, _ := ask(t, "roads", "check", other, "--roads", file, "--pairs", "50"); code != 1 || strings.HasSuffix(out, "\n0\n") {
		t.Errorf("check against other roads: %d %s", code, out)
	}
	for _, place := range []string{"0.5,3", "NaN,1", "1", "91,0"} {
		if code, _, errs := ask(t, "roads", "route", "--roads", file, "0,0", place); code != 1 || errs == "" {
			t.Errorf("to %s: %d %s", place, code, errs)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 65 { // more than lies between two sections
		data[len(data)/2+i] ^= 1
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := ask(t, "roads", "info", file); code != 1 || !strings.Contains(errs, "damaged") {
		t.Errorf("a flipped bit: %d %s", code, errs)
	}
}

func TestRoadsBuildLeavesNoHalfFile(t *testing.T) {
	in, dir := roadsPBF(t, "ferry"), t.TempDir()
	data, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, data[:len(data)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := ask(t, "roads", "build", in, "-o", filepath.Join(dir, "x.roads"))
	if code != 1 || !strings.Contains(errs, "block") {
		t.Errorf("a cut-off extract: %d %s", code, errs)
	}
	profiles := filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(profiles, []byte(`{"speeds":{"primary":0}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := ask(t, "roads", "build", roadsPBF(t, "ferry"), "-o", filepath.Join(dir, "x.roads"), "--profiles", profiles); code != 1 || !strings.Contains(errs, "0 km/h on primary") {
		t.Errorf("a speed of zero: %d %s", code, errs)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
