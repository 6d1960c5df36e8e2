// Package blobs keeps contents in the file system, each named by its digest: photographs
// and signatures that rows of the database point to.
//
// A content is on disk, and its name with it, before Put returns: who writes the row after
// that never has a row without its content. The other way round a content may be without
// a row, where the server died in between or the row was refused: Sweep removes those that
// have been so for Age.
package blobs
