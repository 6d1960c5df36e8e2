//go:build race

package osm

import "testing"

// raceShare divides the work of tests that run in one goroutine: the race
// detector slows them tenfold and has nothing to find there.
const raceShare = 8

// wholeRegion is called by tests that are about a whole region's roads: `make test`
// runs them again without the race detector, which small extracts give all it can
// find.
func wholeRegion(t *testing.T) {
	t.Helper()
	t.Skip("a whole region's roads, without the race detector")
}
