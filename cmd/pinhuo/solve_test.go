package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pinhuo/internal/poolbench"
)

const line = `{"format":"poolbench/1","name":"line","seed":1,"params":{"cost_per_m":1,"cost_per_s":1},"locations":[[31.9,121.1],[31.8,120.0]],
"dist_m":[[0,145000],[145000,0]],"dur_s":[[0,7000],[7000,0]],
"trips":[{"id":0,"from":0,"to":1,"start":0,"arrive_by":9000,"cap":[3000,9000,400],"max_detour_m":0,"max_detour_s":0,"equip":0}],
"loads":[{"id":0,"pickup":0,"delivery":1,"pickup_tw":[0,100],"delivery_tw":[0,9000],"size":[1200,4000,120],"service_pickup_s":900,"service_delivery_s":900,"equip":0,"saving":77}]}`

func TestSolve(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "line.json"), filepath.Join(dir, "solution.json")
	if err := os.WriteFile(in, []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	solve := func(ctx context.Context, args ...string) (code int, said string) {
		var out, errs strings.Builder
		code = run(ctx, append([]string{"solve"}, args...), nil, streams{&out, &errs})
		return code, out.String() + errs.String()
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for want, ctx := range map[int]context.Context{1: t.Context(), 0: stopped} { // a signal leaves a file that keeps the rules
		code, said := solve(ctx, in, "-o", out)
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		var s poolbench.Solution
		if err := json.Unmarshal(text, &s); err != nil || len(s.Routes) != want || code != 0 {
			t.Errorf("code %d, %d routes, want %d: %v", code, len(s.Routes), want, err)
		}
		if want == 1 && !strings.Contains(said, "value 77, 1 of 1 loads") {
			t.Errorf("said %q", said)
		}
	}
	for name, args := range map[string][]string{
		"nowhere to write": {in, "-o", filepath.Join(dir, "no", "where.json")},
		"no time":          {in, "-o", out, "--seconds", "0"},
		"no instance":      {out, "-o", out},
	} {
		if code, said := solve(t.Context(), args...); code != 1 || said == "" {
			t.Errorf("%s: code %d, %q", name, code, said)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Errorf("left behind: %v", files)
	}
}
