//go:build race

package geo

// raceShare divides the work of tests that run in one goroutine: the race
// detector slows them tenfold and has nothing to find there.
const raceShare = 8
