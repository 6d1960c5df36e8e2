package replay_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pinhuo/internal/replay"
)

// Each row is the run of its seed, and stands beside the undisturbed one.
func TestSeedsAreSetBesideTheUndisturbedRun(t *testing.T) {
	opts := world("delta")
	opts.Policy, opts.JSON, opts.Verify = replay.Disturbed, true, true
	var out, errs bytes.Buffer
	exit, err := replay.RunSeeds(t.Context(), opts, 4, &out, &errs)
	if err != nil || exit != 0 {
		t.Fatalf("exit %d, %v, %s", exit, err, errs.String())
	}
	var s replay.Spread
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		t.Fatal(err)
	}
	whole, _, _ := report(t, world("delta"))
	if s.Undisturbed.Booked != whole.Booked || s.Undisturbed.Value != whole.Value || s.Undisturbed.Of != (replay.Shares{Booked: 100, Value: 100}) || len(s.Seeds) != 4 {
		t.Fatalf("%+v, want %+v", s, whole)
	}
	counters, tickets := 0, 0
	for i, row := range s.Seeds {
		opts.Seed = uint64(i + 1)
		r, _, _ := report(t, opts)
		if row.Seed != opts.Seed || row.Booked != r.Booked || row.Value != r.Value || row.Tickets != r.Tickets.Opened || row.Offers != r.Offers ||
			row.Of.Booked < s.Least.Booked || row.Of.Value < s.Least.Value {
			t.Errorf("seed %d: %+v, want %+v", opts.Seed, row, r)
		}
		counters, tickets = counters+row.Counters, tickets+row.Tickets
	}
	if counters == 0 || s.Settings.Policy != replay.Disturbed || s.Mean.Booked < s.Least.Booked || s.Mean.Value < s.Least.Value {
		t.Errorf("%d counters, %d tickets, %+v", counters, tickets, s)
	}
}

// The table has a line a seed, and what belongs to one run alone is refused.
func TestSeedsTable(t *testing.T) {
	opts := world("delta")
	opts.Policy = replay.Disturbed
	var out, errs bytes.Buffer
	if exit, err := replay.RunSeeds(t.Context(), opts, 2, &out, &errs); err != nil || exit != 0 {
		t.Fatalf("exit %d, %v, %s", exit, err, errs.String())
	}
	var first []string
	for line := range strings.Lines(out.String()) {
		first = append(first, strings.Fields(line)[0])
	}
	if got := strings.Join(first, " "); got != "seed undisturbed 1 2 least mean" {
		t.Errorf("%s in\n%s", got, out.String())
	}
	opts.Plan = "plan.json"
	if _, err := replay.RunSeeds(t.Context(), opts, 2, &out, &errs); err == nil {
		t.Error("one plan file for two seeds")
	}
	opts.Plan = ""
	if _, err := replay.RunSeeds(t.Context(), opts, 0, &out, &errs); err == nil {
		t.Error("no seed")
	}
}
