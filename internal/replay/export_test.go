package replay_test

import (
	"os"
	"path/filepath"
	"testing"

	"pinhuo/internal/poolbench"
	"pinhuo/matcher/batch"
)

// A day goes out as an instance that is read back as it was, and what the solver
// packs of it keeps every rule of the format.
func TestAnExportedDayCanBeSolved(t *testing.T) {
	for _, suffix := range []string{".json", ".json.gz"} {
		opts := world("delta")
		opts.Export = filepath.Join(t.TempDir(), "day"+suffix)
		r, _, _ := report(t, opts)
		if r.Export == nil || r.Export.Trips != r.Trips || r.Export.Loads != r.Loads || r.Export.Type == "" {
			t.Fatalf("export %+v of %d trips and %d loads", r.Export, r.Trips, r.Loads)
		}
		in := read(t, opts.Export)
		again := filepath.Join(t.TempDir(), "again.json")
		if err := poolbench.WriteFile(again, in); err != nil {
			t.Fatal(err)
		}
		if suffix == ".json" && !same(t, opts.Export, again) {
			t.Error("read and written again the file is another")
		}
		packing, err := batch.Solve(in.Problem(), batch.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		value, served, err := in.Value(in.Solution(packing, "pinhuo", 0))
		if err != nil || value != packing.Value || served == 0 {
			t.Errorf("the solver says %d, the checker %d for %d loads: %v", packing.Value, value, served, err)
		}
	}
}

// Trucks that roam freely are left out, and said to be.
func TestAnExportSaysWhatItLeavesOut(t *testing.T) {
	opts := world("roaming")
	opts.Export = filepath.Join(t.TempDir(), "day.json")
	r, _, _ := report(t, opts)
	if r.Export.Roaming == 0 || r.Export.Trips+r.Export.Roaming != r.Trips || len(read(t, opts.Export).Trips) != r.Export.Trips {
		t.Errorf("export %+v of %d trips", r.Export, r.Trips)
	}
}

func read(t *testing.T, name string) *poolbench.Instance {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := poolbench.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func same(t *testing.T, a, b string) bool {
	t.Helper()
	one, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(one) == string(other)
}
