// Package store keeps a market on disk: rows, events, changes, first answers
// and accounts, on SQLite (a file, the default) or PostgreSQL, with one SQL
// text for both. Nothing above it knows which engine it runs on.
//
// One transaction writes a whole batch ([Store.Commit]), and the writer that
// sends it numbers the events itself. Three fences keep a second writer out: a
// lock that vanishes with the process that holds it, the epoch of the writers
// row, checked in every transaction, and the primary keys of events and
// changes.
//
// A fact that has a column stands in that column alone; the rest of an entity
// is the JSON body beside it. What is read is therefore what SQL shows, and no
// update by hand can make the two disagree. One function a table names its
// columns for writing and for reading.
package store
