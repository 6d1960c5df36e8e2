// Package book is what is promised in one market: the live loads, trips, offers
// and bookings, and the rules by which a command changes them. It is pure: the
// instant, the ids and the distances are handed in.
//
// A Book is owned by one goroutine. A round forks it, each command forks the
// fork, and what was refused is simply not absorbed:
//
//	live book <- round <- command
//
// Nothing a fork holds is seen by anyone before the round's transaction has
// committed and the live book has absorbed it.
package book
