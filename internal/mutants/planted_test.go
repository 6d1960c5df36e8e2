package mutants_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// invariants are those that bugs planted by hand are about: the eight of the design by
// number, and the rules of the deal that have no number.
var invariants = []string{"1", "2", "3", "4", "5", "6", "7", "8", "asking", "price", "tickets", "one key has one answer", "one row for each refused act"}

var caughtBy = regexp.MustCompile(`^Caught by: go test (\./[a-z/]+) -run '\^\(([A-Za-z|]+)\)\$'$`)

// Every planted bug names the rule that it breaks and a test that is there, and its patch
// still applies: scripts/planted.sh asks the tests.
func TestPlantedBugsAreCurrent(t *testing.T) {
	const root = "../.."
	patches, err := filepath.Glob(filepath.Join(root, "testdata/planted/*.patch"))
	if err != nil || len(patches) < 15 {
		t.Fatalf("%d patches: %v", len(patches), err)
	}
	left := slices.Clone(invariants)
	for _, path := range patches {
		name := filepath.Base(path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		rule, ok := strings.CutPrefix(lines[0], "Invariant: ")
		caught := caughtBy.FindStringSubmatch(lines[2])
		if !ok || !strings.HasPrefix(lines[1], "Bug: ") || caught == nil {
			t.Errorf("%s does not say what it breaks and who notices", name)
			continue
		}
		left = slices.DeleteFunc(left, func(i string) bool { return strings.HasPrefix(rule, i) })
		for test := range strings.SplitSeq(caught[2], "|") {
			if !hasTest(t, filepath.Join(root, caught[1]), test) {
				t.Errorf("%s: there is no %s in %s", name, test, caught[1])
			}
		}
		check := exec.CommandContext(t.Context(), "git", "apply", "--check", filepath.Join("testdata/planted", name))
		check.Dir = root
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s applies no more, plant the bug where the rule is now: %v\n%s", name, err, out)
		}
	}
	if len(left) > 0 {
		t.Errorf("no bug is planted for %q", left)
	}
}

// hasTest tells whether a package's tests hold a function.
func hasTest(t *testing.T, dir, test string) bool {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && strings.Contains(string(text), "\nfunc "+test+"(t ")
	})
}
