// Package conformance holds every engine of the store to the same behaviour:
// [Run] is called by a test of each.
package conformance
