package replay_test

import (
	"runtime"
	"strings"
	"testing"
)

// Hiring trucks for what no truck carries books more, saves more, keeps every rule that
// an audit knows, and is the same every time.
func TestPoolsOfADay(t *testing.T) {
	plain, _, _ := report(t, world("crates"))
	opts := world("crates")
	opts.Pools, opts.PoolAfterS = 3600, 900
	r, _, exit := report(t, opts)
	sound(t, r)
	if exit != 0 || r.Pools == nil || r.Pools.Committed == 0 || r.Trips != plain.Trips || plain.Booked != 1 || r.Booked != 5 || r.Pools.Loads != 4 || r.Pools.Formed != 1 || r.Value <= plain.Value {
		t.Errorf("exit %d, %+v, pools %+v, without them %+v", exit, r, r.Pools, plain)
	}
	if p := r.Pools; p != nil && (p.Hire*100 > p.Alone*90 || p.Loads < 2*p.Committed) {
		t.Errorf("%+v", p)
	}
	opts.JSON, opts.Verify = true, true
	var first string
	for _, processors := range []int{1, 2} {
		was := runtime.GOMAXPROCS(processors)
		out, _, _ := run(t, opts)
		runtime.GOMAXPROCS(was)
		if first = max(first, steady(t, out)); steady(t, out) != first {
			t.Fatalf("with %d processors:\n%s\nafter\n%s", processors, out, first)
		}
	}
	opts.JSON = false
	if out, _, _ := run(t, opts); !strings.Contains(out, "拼车 pools") {
		t.Errorf("the report does not tell of pools:\n%s", out)
	}
}
