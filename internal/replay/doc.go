// Package replay feeds recorded loads and trips through the exchange in
// simulated time: the same admission, book, planners and store as the server,
// with planning in line, one barrier a round. What it decides follows from its
// input, settings and seed alone.
package replay
