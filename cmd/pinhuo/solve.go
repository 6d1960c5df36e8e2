package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"pinhuo/internal/poolbench"
	"pinhuo/matcher/batch"
)

// solveCommand runs the batch matcher on an instance with the format poolbench/1.
type solveCommand struct {
	Instance string  `arg:"" help:"Instance in the format poolbench/1, gzipped or not." type:"existingfile"`
	Out      string  `short:"o" help:"File for the solution, in the format poolbench-solution/1." required:"" type:"path"`
	Seconds  float64 `help:"Most seconds to try, of the clock and of the processor alike." default:"20"`
}

// Run solves, checks the routes by walking them, and writes the solution. A
// signal ends the search and not the command: what was found so far is written.
func (c *solveCommand) Run(ctx context.Context, io streams) error {
	if c.Seconds <= 0 {
		return fmt.Errorf("--seconds %g: must be above 0", c.Seconds)
	}
	began, spent := time.Now(), processorTime()
	in, err := readInstance(c.Instance)
	if err != nil {
		return err
	}
	limit := time.Duration(c.Seconds * float64(time.Second))
	packing, err := batch.Solve(in.Problem(), batch.Effort{Stop: func() bool {
		return ctx.Err() != nil || time.Since(began) > limit || processorTime()-spent > limit
	}})
	if err != nil {
		return err
	}
	solution := in.Solution(packing, "pinhuo", time.Since(began).Seconds())
	value, served, err := in.Value(solution)
	if err != nil {
		return fmt.Errorf("the solution breaks a rule: %w", err)
	}
	if value != packing.Value {
		return fmt.Errorf("the solution is worth %d and not %d", value, packing.Value)
	}
	if err := writeWhole(c.Out, solution); err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%s: value %d, %d of %d loads on %d of %d trips, %.2f s\n",
		in.Name, value, served, len(in.Loads), len(solution.Routes), len(in.Trips), solution.Seconds)
	return err
}

func readInstance(path string) (*poolbench.Instance, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	in, err := poolbench.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return in, nil
}

// writeWhole writes a file as JSON so that nobody ever sees a part of it.
func writeWhole(path string, value any) error {
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(value); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = part.Write(text.Bytes())
	if closing := part.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		_ = os.Remove(part.Name()) // the first error says it all
	}
	return err
}

// processorTime is what this process has had of the processors.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
