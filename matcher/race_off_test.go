//go:build !race

package matcher_test

// racing tells that the race detector is on, which slows everything tenfold.
const racing = false
