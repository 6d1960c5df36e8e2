package matcher_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A mutant is one bug written into a copy of the code.
type mutant struct {
	name     string
	file     string // from the project's root
	old, bug string
	onRoads  bool // to be found by the test on roads
}

var mutants = []mutant{
	{"shrunk cover", "geo/corridor.go", "radiusScale: 1, mixedTrips", "radiusScale: 0.5, mixedTrips", false},
	{"heads with too short a way", "geo/sight.go", "float64(legsMs+e.limitMs)/1000/rate", "float64(legsMs+e.limitMs*9/10)/1000/rate", false},
	{"heads on roads with too short a way", "geo/sight.go", "float64(legsMs+e.limitMs) / 1000", "float64(legsMs-e.limitMs) / 1000", true},
	{"loads with too long a way of their own", "geo/bound.go", "b.drives.Seconds(from, to)-1", "b.drives.Seconds(from, to)*5/4", false},
	{"heads with too long a haul", "geo/sight.go", "minutes(e.pickupServe + s.haulMs)", "minutes(e.pickupServe + s.haulMs*5/4)", false},
	{"room of the wrong leg", "matcher/survey.go", "roomOn(trip, h.own)", "roomOn(trip, h.own+1)", false},
	{"swapped order", "matcher/search.go", "for j := i; ; j++ {", "for j := s.first; ; j++ {", false},
	{"swapped order in the index", "matcher/index.go",
		"Pickup: geo.Point(p.Place.Point), Delivery: geo.Point(d.Place.Point)", "Pickup: geo.Point(d.Place.Point), Delivery: geo.Point(p.Place.Point)", false},
	{"detour limit cut for the index", "matcher/index.go", "DetourLimitS: detourLimit(t, floor.Pace)", "DetourLimitS: detourLimit(t, floor.Pace) * 9 / 10", false},
	{"service forgotten in the slack", "matcher/search.go", "-plan[k+1].LegS-plan[k].ServiceS", "-plan[k+1].LegS", false},
	{"bounds of cells too high", "geo/roads/cells.go", "min(w.figure(least), 1<<32-2)", "min(w.figure(least)*5/4, 1<<32-2)", true},
}

// The differential test must be able to fail: with a bug written into the code
// it judges, it does. The bugs reach the compiler through an overlay, so the
// sources stay as they are.
func TestDifferentialCatchesPlantedBugs(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the code once for each bug")
	}
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("needs the go command to build the code with a bug in it")
	}
	root := must(filepath.Abs(".."))
	failed := regexp.MustCompile(`--- FAIL: TestIndexAndMatcherEqualBruteForce(OnRoads)?\b`)
	t.Run("none", func(t *testing.T) {
		if out, err := differential(t, gocmd, root, nil); err != nil {
			t.Fatalf("the sound code fails: %v\n%s", err, out)
		}
	})
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			out, err := differential(t, gocmd, root, &m)
			if strings.Contains(out, "no roads to drive on") {
				t.Skip("no roads to drive on")
			}
			if err == nil || !failed.MatchString(out) {
				t.Fatalf("not caught: %v\n%s", err, out)
			}
			t.Log(firstLine(out, "_test.go:"))
		})
	}
}

// differential runs the differential test on a few hundred worlds, with the
// bug in the code.
func differential(t *testing.T, gocmd, root string, m *mutant) (string, error) {
	t.Helper()
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{Replace: map[string]string{}}
	if m != nil {
		source := string(must(os.ReadFile(filepath.Join(root, m.file))))
		if n := strings.Count(source, m.old); n != 1 {
			t.Fatalf("%s holds %q %d times, want once: plant the bug elsewhere", m.file, m.old, n)
		}
		sick := filepath.Join(dir, "sick.go")
		if err := os.WriteFile(sick, []byte(strings.Replace(source, m.old, m.bug, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(root, m.file)] = sick
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, must(json.Marshal(overlay)), 0o600); err != nil {
		t.Fatal(err)
	}
	test := "^TestIndexAndMatcherEqualBruteForce$"
	if m != nil && m.onRoads {
		test = "^TestIndexAndMatcherEqualBruteForceOnRoads$"
	}
	cmd := exec.CommandContext(t.Context(), gocmd, "test", "-overlay", file, "-count=1", "-vet=off", "-v",
		"-run", test, "./matcher", "-worlds", "400", "-roadworlds", "200")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func firstLine(text, with string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, with) && !strings.Contains(line, "seed") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}
