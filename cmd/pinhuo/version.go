package main

import (
	"fmt"
	"runtime"
)

type versionCommand struct{}

// Run prints the commit and the toolchain that built the binary.
func (versionCommand) Run(io streams) error {
	_, err := fmt.Fprintf(io.out, "pinhuo %s (%s %s/%s)\n", commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
