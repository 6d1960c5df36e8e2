package replay_test

import (
	"path/filepath"
	"runtime"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/dispatch"
	"pinhuo/internal/replay"
)

// packed replays with rounds of the batch.
func packed(name string) replay.Options {
	opts := world(name)
	opts.Batch = dispatch.Batch{Every: 10 * freight.Minute, Hold: 12 * freight.Hour, Rounds: 1}
	opts.AnswerAfter, opts.AnswerWithin = 15*freight.Minute, 6*freight.Hour
	return opts
}

// A market packed as a whole answers every load, misses none and breaks nothing. Its
// rounds are bounded by work, so its value is the same on a busy machine. Nobody knows
// what will come: on a few loads it may end a little below one that takes each load as
// it comes, but not far.
func TestPackedMarketsAreSound(t *testing.T) {
	for _, name := range []string{"delta", "roaming"} {
		opts := packed(name)
		opts.Bound = true
		r, _, _ := report(t, opts)
		sound(t, r)
		alone := packed(name)
		alone.Batch = dispatch.Batch{}
		greedy, _, _ := report(t, alone)
		t.Logf("%s: packed %s, one by one %s, bound %+v", name, r.Value, greedy.Value, r.Bound)
		if r.Value < greedy.Value*9/10 {
			t.Errorf("%s: %s packed, %s one by one", name, r.Value, greedy.Value)
		}
		if r.Bound.Bound < r.Value || r.Bound.Bound < r.Bound.Packed || r.Bound.Bound < greedy.Value {
			t.Errorf("%s: the bound %+v is below what was reached", name, r.Bound)
		}
	}
}

// Rounds of the batch follow from the input alone.
func TestEqualPackedRunsAreEqualByteForByte(t *testing.T) {
	var first, plan string
	for _, processors := range []int{1, 2} {
		was := runtime.GOMAXPROCS(processors)
		opts := packed("delta")
		opts.Plan = filepath.Join(t.TempDir(), "plan.json")
		out, text := runBoth(t, opts)
		runtime.GOMAXPROCS(was)
		if first == "" {
			first, plan = out, text
		}
		if out != first || text != plan {
			t.Fatalf("with %d processors:\n%s\nafter\n%s", processors, out, first)
		}
	}
}
