//go:build !linux

package main

import "time"

var threadBegan = time.Now()

// threadTime is time on the wall where the thread's own cannot be told.
func threadTime() int64 { return int64(time.Since(threadBegan)) }
