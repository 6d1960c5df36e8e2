//go:build !unix

package roads

import (
	"io"
	"os"
)

// mapFile reads a whole file where the system maps none.
func mapFile(f *os.File) ([]byte, error) { return io.ReadAll(f) }

func unmapFile([]byte) error { return nil }
