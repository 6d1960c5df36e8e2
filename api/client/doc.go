// Package client speaks the public HTTP and socket API of a pinhuo server. It
// knows nothing of the server's inside and brings none of it along.
//
// Every write carries an idempotency key and is tried again on a bad line with
// growing, jittered pauses, so that a call that returned without an error took
// effect once. A stream resumes from its cursor by itself.
//
// Units are those of the API: money in fen, weight in kg, volume in litres,
// lengths in metres, times with their zone, points in degrees of WGS-84.
package client
