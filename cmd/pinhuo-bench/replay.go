package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Settings of the replay benchmark.
const (
	mostReplay = 60.0 // seconds beside the disk's
	replayRuns = 3    // a replay repeats itself to the row, so few runs say enough
	dataEnv    = "PINHUO_TESTDATA"
	dataDir    = "../shared/data"
)

// replayCommand measures a recorded week.
type replayCommand struct{}

// Run replays where the recording is at hand.
func (replayCommand) Run(b *bench) error {
	dir := os.Getenv(dataEnv)
	if dir == "" {
		dir = dataDir
	}
	dir = filepath.Join(dir, "freight", "india_linehaul", "week")
	if _, err := os.Stat(filepath.Join(dir, "loads.csv")); err != nil {
		b.note("replay of india_linehaul/week skipped: %v (%s names another place)", err, dataEnv)
		return nil
	}
	return b.each("replay", min(b.Runs, replayRuns), func(engine string) error {
		return b.within(engine, func(db database) error { return b.replayOnce(engine, db, dir) })
	})
}

// replayed is what of the replay's report is of use here.
type replayed struct {
	Loads     int     `json:"loads"`
	Booked    int     `json:"booked"`
	Explained int     `json:"explained"`
	Commits   int64   `json:"fsyncs"`
	Seconds   float64 `json:"seconds"`
}

func (b *bench) replayOnce(engine string, db database, dir string) error {
	disk, err := fsyncs(db.dir)
	if err != nil {
		return err
	}
	where := []string{"--data", db.dir}
	if db.url != "" {
		where = []string{"--database-url", db.url}
	}
	args := append([]string{"replay", "--json", "--loads", filepath.Join(dir, "loads.csv"), "--trips", filepath.Join(dir, "trips.csv")}, where...)
	cmd := exec.CommandContext(b.ctx, b.Binary, args...)
	cmd.Env = unset(os.Environ(), "PINHUO_")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) { // 1: rows of the file were rejected
		return fmt.Errorf("replay: %w: %s", err, said.Bytes())
	}
	var r replayed
	if err := json.Unmarshal(out, &r); err != nil {
		return fmt.Errorf("replay's report: %w: %s", err, said.Bytes())
	}
	if r.Loads == 0 || r.Booked+r.Explained != r.Loads {
		return fmt.Errorf("%d of %d loads booked and %d explained: some have no answer", r.Booked, r.Loads, r.Explained)
	}
	p50 := quantile(disk, 0.5)
	waits := float64(r.Commits) * p50.Seconds()
	b.add("replay", engine, "fsync p50", "ms", millis(p50), nil)
	b.add("replay", engine, "fsyncs", "", float64(r.Commits), nil)
	b.add("replay", engine, "fsyncs x p50", "s", waits, nil)
	b.add("replay", engine, "seconds", "s", r.Seconds, atMost(mostReplay+b.median("replay", engine, "fsyncs x p50")))
	return nil
}
