//go:build race

package dispatch

// raceShare divides the work of tests that play many markets: the race detector slows
// them tenfold, and other tests have it look at the same code.
const raceShare = 10
