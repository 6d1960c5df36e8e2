// Package pools finds loads that together justify hiring one truck when none passes
// by, and says what that truck costs each of them. It is pure.
//
// A pool is judged as the trip that it would become: an empty vehicle of one type
// sets out at the first pickup, Fits puts one load after the other into its plan, and
// the hire, a fixed cost and the whole drive with its waits, is divided by the rules
// of package shares. What going alone costs is estimated by the same cost file
// without pooling, so savings are what the estimates of both differ by. The writer
// judges what a planner found, and later whoever is left, by the same functions.
package pools
