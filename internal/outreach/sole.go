package outreach

import "pinhuo/freight"

// shortestSole is the least time that one operator who is asked alone has.
const shortestSole = 2 * freight.Minute

// SoleEnd returns until when operators are asked one at a time about a load whose shipper
// wants it so: as long as he says after it was posted, but no more than half of the time
// until the load is to be answered or, where that has passed, its pickup ends. The other
// half is left to ask as usual, so that the answer is never in danger. It is the instant
// of posting for any other load, and for one that has lost its truck.
func SoleEnd(l *freight.Load) freight.Instant {
	if l.First {
		return l.Posted
	}
	due := l.Ends()
	if l.AnswerBy > l.Posted {
		due = min(due, l.AnswerBy)
	}
	return l.Posted + min(freight.Instant(l.ExclusiveS)*freight.Second, max(0, (due-l.Posted)/2))
}

// Sole tells whether whoever is asked about the load now is asked alone: so much time is
// left for that as an operator has at the least.
func Sole(now freight.Instant, l *freight.Load) bool { return now+shortestSole <= SoleEnd(l) }

// SoleClock returns when the clock of an operator ends who is asked alone now: after half
// of the time that is left for it, so that others have their turn, and never after it.
func SoleClock(now freight.Instant, l *freight.Load) freight.Instant {
	end := SoleEnd(l)
	return min(end, now+max(shortestSole, (end-now)/2))
}

// AskedAlone returns the one of the open offers for a load while which nobody else is
// asked, nil for none.
func AskedAlone(open []*freight.Offer) *freight.Offer {
	for _, o := range open {
		if o.Sole {
			return o
		}
	}
	return nil
}
