// Package house holds the tests that keep the rules of the whole project: which room
// may import which, that everything exported is documented, that files and functions
// stay short, and that no file carries the marks of one machine. It has no code of its
// own.
package house
