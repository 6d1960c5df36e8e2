package replay

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// probes is how many flushes are timed.
const probes = 31

// fsyncP50 times how long the disk of a folder takes to make a page durable: the
// unit of what a replay's transactions wait for.
func fsyncP50(dir string) (p50 time.Duration, err error) {
	file, err := os.CreateTemp(dir, "fsync-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		err = errors.Join(err, file.Close(), os.Remove(filepath.Join(dir, filepath.Base(file.Name()))))
	}()
	page := make([]byte, 4096)
	took := make([]time.Duration, 0, probes)
	for range probes {
		if _, err := file.Write(page); err != nil {
			return 0, err
		}
		began := time.Now()
		if err := file.Sync(); err != nil {
			return 0, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[probes/2], nil
}
