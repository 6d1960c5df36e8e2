package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// A small index is measured, misses nothing, and prints a line of JSON a size.
func TestIndexBench(t *testing.T) {
	var out, progress bytes.Buffer
	if code := run(t.Context(), []string{"index", "--sizes", "300,1200", "--queries", "30", "--judged", "30"}, &out, &progress); code != 0 {
		t.Fatalf("exit %d: %s", code, progress.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%q", out.String())
	}
	for i, text := range lines {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"trips", "p50_us", "p99_us", "bytes_per_trip", "insert_p50_us", "remove_p50_us", "misses", "feasible_mean"} {
			if _, ok := line[key]; !ok {
				t.Errorf("line %d has no %q: %s", i, key, text)
			}
		}
		if line["misses"] != 0. || line["trips"] != []float64{300, 1200}[i] || line["candidates_mean"] == 0. && i == 1 || line["clock"] != "thread cpu" {
			t.Errorf("%s", text)
		}
	}
}
