// Package freight is the domain of pooled freight: loads, trips, offers,
// bookings, the words people use for them, the states they pass through and
// the errors that can be told to a person. It imports only the standard
// library and knows no clock, store, network or router.
//
// Units are integers throughout: grams, millilitres, millimetres, metres,
// seconds, fen (0.01 CNY), degrees × 10^7 on WGS-84, and milliseconds since
// the Unix epoch for instants.
package freight
