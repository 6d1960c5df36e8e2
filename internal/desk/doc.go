// Package desk is how the officers of a market's desk answer for its firms: who
// has a ticket, until when, who has it next, and what a day came to. It is pure:
// the instant is handed in.
//
// freight.NextTicket says which event may follow which state. Step is that table
// with everything around it: who may bring an event about, who has to act after
// it, and by when.
package desk
