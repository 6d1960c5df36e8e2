package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--help"}, 0, "pinhuo-bench"},
		{[]string{"commit", "--engine", "oracle"}, 2, "--engine"},
		{[]string{"commit", "--runs", "0"}, 2, "--runs 0"},
		{[]string{"commit", "--seconds", "soon"}, 2, "soon"},
		{[]string{"commit", "--seconds", "0"}, 2, "--seconds"},
		{[]string{"http", "--trips", "-1"}, 2, "--trips"},
		{[]string{"gallop"}, 2, "gallop"},
	} {
		var out, progress bytes.Buffer
		if code := run(context.Background(), c.args, &out, &progress); code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.args, code, c.code)
		}
		if said := out.String() + progress.String(); !strings.Contains(said, c.says) {
			t.Errorf("%v says %s", c.args, said)
		}
	}
}

// ran runs the program and returns its figures by name.
func ran(t *testing.T, args ...string) (report, map[string]*figure) {
	t.Helper()
	var out, progress bytes.Buffer
	if code := run(t.Context(), append(args, "--json"), &out, &progress); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, progress.String())
	}
	var r report
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%s: %v", out.String(), err)
	}
	figures := map[string]*figure{}
	for _, f := range r.Figures {
		figures[f.Bench+" "+f.Engine+" "+f.Name] = f
	}
	return r, figures
}

// TestCommitMeasures on both engines where both are at hand. How fast they are
// is not a test's business.
func TestCommitMeasures(t *testing.T) {
	r, figures := ran(t, "commit", "--runs", "2", "--seconds", "0.2")
	engines := []string{sqlite}
	if !strings.Contains(strings.Join(r.Notes, "\n"), "commit on postgres skipped") {
		engines = append(engines, postgres)
	}
	for _, engine := range engines {
		for _, name := range []string{"lock a command, 64 callers", "1 caller", "64 callers", "64 callers : lock"} {
			f := figures["commit "+engine+" "+name]
			if f == nil || len(f.Values) != 2 || f.Max <= 0 || f.Median < f.Min || f.Max < f.Median {
				t.Errorf("%s, %s: %+v", engine, name, f)
			}
		}
	}
}

// TestServerMeasures starts the program as it is run.
func TestServerMeasures(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	binary := filepath.Join(t.TempDir(), "pinhuo")
	if out, err := exec.Command("go", "build", "-o", binary, "pinhuo/cmd/pinhuo").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Setenv("PINHUO_LISTEN", "nowhere") // settings of whoever runs the bench do not reach the server
	common := []string{"--engine", sqlite, "--runs", "1", "--seconds", "0.3", "--trips", "300", "--binary", binary}
	_, figures := ran(t, append([]string{"http"}, common...)...)
	for _, name := range []string{"posts answered", "posts matched", "posts with an offer"} {
		if f := figures["http sqlite "+name]; f == nil || f.Min <= 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	_, figures = ran(t, append([]string{"accept", "--open", "20"}, common...)...)
	for _, name := range []string{"yes to answer p99", "final answers", "open offers before"} {
		if f := figures["accept sqlite "+name]; f == nil || f.Min <= 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
	_, figures = ran(t, append([]string{"push"}, common...)...)
	for _, name := range []string{"fsync p99", "post to offer p99", "offer frames"} {
		if f := figures["push sqlite "+name]; f == nil || f.Min <= 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// TestRoundMeasures on a small market: what a round answers and writes is what its commands
// do one by one.
func TestRoundMeasures(t *testing.T) {
	_, figures := ran(t, "round", "--runs", "1", "--trips", "600")
	for _, name := range []string{"one round, p50", "one round, slowest", "commands carried out"} {
		if f := figures["round  "+name]; f == nil || f.Min <= 0 {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestReplayIsSkippedByName(t *testing.T) {
	t.Setenv(dataEnv, t.TempDir())
	r, figures := ran(t, "replay")
	if len(figures) != 0 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "india_linehaul/week skipped") {
		t.Errorf("notes %q, %d figures", r.Notes, len(figures))
	}
}
