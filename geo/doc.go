// Package geo knows where things are and which of them can meet: points and
// great circles, the Chinese datums, H3 cells, the port behind which a router
// stands, and the corridor index that proposes trips for a load and loads for
// a trip.
//
// Coordinates are WGS-84 unless a name says otherwise. Distances are metres,
// durations seconds, instants unix milliseconds. No other package of the
// project may import H3.
package geo
