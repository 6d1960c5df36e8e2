package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// probes is how many flushes a look at the disk takes.
const probes = 200

// fsyncs times how long the disk of a folder takes to make 4 KiB durable, in
// rising order.
func fsyncs(dir string) (took []time.Duration, err error) {
	file, err := os.CreateTemp(dir, "fsync-")
	if err != nil {
		return nil, fmt.Errorf("probe the disk: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	page := make([]byte, 4096)
	for range probes {
		if _, err := file.Write(page); err != nil {
			return nil, fmt.Errorf("probe the disk: %w", err)
		}
		began := time.Now()
		if err := file.Sync(); err != nil {
			return nil, fmt.Errorf("probe the disk: %w", err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took, nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
