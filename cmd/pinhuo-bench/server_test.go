package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCPUOf(t *testing.T) {
	stat := "4711 (a (strange) name) S 1 4711 4711 0 -1 4194304 2500 0 0 0 250 50 0 0 20 0 9 0 100 0 0"
	if got, err := cpuOf(stat); err != nil || got != 3*time.Second {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"1 (x) S 1", strings.Replace(stat, " 250 ", " many ", 1)} {
		if _, err := cpuOf(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestSums(t *testing.T) {
	got, err := sums(strings.NewReader("# HELP q Commands.\n# TYPE q gauge\nq{lane=\"act\"} 2\nq{lane=\"plan\"} 3\nhead 1.5e+06\nodd\n"))
	if err != nil || got["q"] != 5 || got["head"] != 1_500_000 || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestUnset(t *testing.T) {
	got := unset([]string{"PATH=/bin", "PINHUO_DATA=x", "APINHUO_=y"}, "PINHUO_")
	if !slices.Equal(got, []string{"PATH=/bin", "APINHUO_=y"}) {
		t.Errorf("%v", got)
	}
}

func TestSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{"3": 3 * time.Second, "0.25": 250 * time.Millisecond, "1500ms": 1500 * time.Millisecond} {
		if got, err := parseSeconds(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	if _, err := parseSeconds("soon"); err == nil {
		t.Error("soon was read")
	}
}
