//go:build !race

package osm

import "testing"

// raceShare divides the work of tests that run in one goroutine: the race
// detector slows them tenfold and has nothing to find there.
const raceShare = 1

// wholeRegion is called by tests that are about a whole region's roads.
func wholeRegion(*testing.T) {}
