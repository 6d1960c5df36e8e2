// Package matcher judges whether a trip can carry a load, where its two calls
// go into the plan, what that costs, and, where it cannot, which limit stands
// in the way.
//
// It is a pure function of its input: no clock, log, goroutine, input or output,
// and no dependence on the order of a map. The same trip, load, instant and
// measure give the same verdict, which is why planners ask Fits beforehand and
// the writer asks the same Fits again when it commits.
//
// Units are those of freight: metres, seconds, grams, millilitres, millimetres,
// fen, and milliseconds since the Unix epoch for instants.
package matcher
