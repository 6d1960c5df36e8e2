package mutants_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pinhuo/internal/mutants"
)

const source = `package small

import "pinhuo/freight"

const limit = 3 + 1

func pick(a, b int, free bool) (int, freight.Reason) {
	var fixed [1 + 1]int
	if a < b && !free || a == limit {
		return max(a, b) - 1, freight.ReasonPrice
	}
	switch p := &a; {
	case p != nil:
		return min(a, b+1), freight.NoReason
	}
	return len(fixed), freight.NoReason
}
`

// Each place where a slip of the pen is likely is planted once; what must be
// constant is left alone, and so is the comparison with nil.
func TestPlant(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"small.go": source, "small_test.go": "package small", "empty.go": "package small"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, sources, err := mutants.Plant(dir)
	if err != nil {
		t.Fatal(err)
	}
	var bugs []string
	for i, m := range list {
		if m.ID != i+1 || m.Func != "pick" || m.File != "small.go" {
			t.Errorf("bug %d is %+v", i+1, m)
		}
		bugs = append(bugs, m.Was+" -> "+m.Bug)
	}
	want := []string{"a < b -> <=", "!free -> free", "a == limit -> !=", "max(a, b) -> min", "max(a, b) - 1 -> - 0",
		"freight.ReasonPrice -> another", "b + 1 -> + 2", "min(a, b+1) -> max"}
	slices.Sort(want)
	slices.Sort(bugs)
	if !slices.Equal(bugs, want) {
		t.Errorf("bugs\n%q, want\n%q", bugs, want)
	}
	if len(sources) != 2 || sources["small.go"] == nil {
		t.Errorf("%d planted sources, want one and the helpers", len(sources))
	}
}

// A key does not name its line: it stays when code above moves.
func TestKey(t *testing.T) {
	a := mutants.Mutant{Nth: 1, ID: 1, File: "a.go", Line: 3, Func: "f", Was: "x < y", Bug: "<="}
	b := a
	b.ID, b.Line = 9, 77
	if a.Key() != b.Key() || a.Key() != "a.go f: x < y -> <=" {
		t.Errorf("keys %q and %q", a.Key(), b.Key())
	}
	if b.Nth = 2; b.Key() == a.Key() {
		t.Errorf("two bugs of one function have the key %q", a.Key())
	}
}
