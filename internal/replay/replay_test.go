package replay_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"pinhuo/internal/replay"
)

func run(t *testing.T, opts replay.Options) (stdout, stderr string, exit int) {
	t.Helper()
	var out, errs bytes.Buffer
	exit, err := replay.Run(t.Context(), opts, &out, &errs)
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), exit
}

func world(name string) replay.Options {
	return replay.Defaults(filepath.Join("testdata", name, "loads.csv"), filepath.Join("testdata", name, "trips.csv"))
}

func TestDelta(t *testing.T) {
	for _, name := range []string{"delta", "roaming"} {
		opts := world(name)
		opts.Verify = true
		out, errs, exit := run(t, opts)
		t.Log(out, errs, exit)
	}
}
