// Package dispatch runs one market: a single writer applies commands in rounds
// of numbered steps, planners beside it search the index and propose, and
// nothing is told to anyone before its transaction has committed.
//
//	commands -> queue -> Round: stamp, look up, apply, COMMIT, absorb, index, publish
//	                       |                                              |
//	planners <- needs -----+              events -> Publisher <-----------+
//	   |
//	   +-> Propose, ExplainLoad -> queue
//
// An Engine is the writer without goroutines, which a replay steps by hand; a
// Dispatcher drives one from a queue, a clock and a pool of planners. The
// writer never searches: a round touches only what its commands name.
package dispatch
