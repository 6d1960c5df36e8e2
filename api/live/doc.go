// Package live pushes committed events to the sockets of the organizations
// they are meant for, and lets a client that was away ask for all it missed.
//
// The history in the database is the truth; the live stream is only its fast
// end. A socket subscribes first, reads history from its cursor in pages, and
// joins the live stream where the two meet by event number. Whenever live
// events may have been lost to it, it reads history again from where it stands.
// docs/socket.md is the protocol.
package live
