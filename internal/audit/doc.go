// Package audit judges a database by code that shares nothing with the matcher
// or the book: it reads the rows, drives every truck by itself and names each
// promise that does not hold.
//
// [Audit] checks the invariants on any database. [Missed] follows the market
// through its changes and counts the pairs of load and trip that would have
// fitted and that nobody was asked about. [Why] derives anew why a trip could
// not carry a load.
//
// A violation has a name of a closed set ([Names]), the rows involved and the
// numbers behind it.
package audit
