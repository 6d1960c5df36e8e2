package main

import (
	"strings"
	"testing"
)

func TestFigureSettles(t *testing.T) {
	for _, c := range []struct {
		values           []float64
		goal             *goal
		min, median, max float64
		met              bool
	}{
		{[]float64{3, 1, 2}, atLeast(2), 1, 2, 3, true},
		{[]float64{3, 1, 2}, atLeast(2.1), 1, 2, 3, false},
		{[]float64{5, 4, 7, 6}, atMost(5), 4, 5, 7, true},
		{[]float64{9}, atMost(8), 9, 9, 9, false},
	} {
		f := figure{Values: c.values, Goal: c.goal}
		f.settle()
		if f.Min != c.min || f.Median != c.median || f.Max != c.max || f.Goal.Met != c.met {
			t.Errorf("%v: %+v, goal %+v", c.values, f, f.Goal)
		}
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = i + 1
	}
	for share, want := range map[float64]int{0: 1, 0.01: 1, 0.5: 50, 0.99: 99, 1: 100} {
		if got := quantile(hundred, share); got != want {
			t.Errorf("quantile %v of 1..100 is %d, want %d", share, got, want)
		}
	}
	if got := quantile([]int{}, 0.5); got != 0 {
		t.Errorf("quantile of nothing is %d", got)
	}
}

func TestShort(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.0912: "0.0912", 7.444: "7.44", 99.94: "99.9", 123.4: "123", 20_000: "20,000", 1_234_567: "1,234,567", -4321: "-4,321"} {
		if got := short(x); got != want {
			t.Errorf("%v is written %q, want %q", x, got, want)
		}
	}
}

func TestTableLinesUp(t *testing.T) {
	got := tabled([][]string{{"figure", "n"}, {"CPU of a post, µs", "1,234"}, {"拼", "5"}}, 1, 2)
	want := "figure                 n\nCPU of a post, µs  1,234\n拼                      5\n"
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestReportNamesMachineMethodAndGoal(t *testing.T) {
	b := &bench{}
	b.add("commit", sqlite, "64 callers", "cmd/s", 21_000, atLeast(20_000))
	b.add("commit", sqlite, "64 callers", "cmd/s", 25_000, atLeast(20_000))
	b.add("commit", postgres, "64 callers", "cmd/s", 9_000, atLeast(10_000))
	b.note("replay skipped: no data")
	b.note("replay skipped: no data")
	var out strings.Builder
	if err := b.print(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cores, ", "commit   unknown", "method   commit: PostLoad", ">= 20,000  met", ">= 10,000  missed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "method   push") || strings.Count(out.String(), "replay skipped") != 1 {
		t.Errorf("printed\n%s", out.String())
	}
}
