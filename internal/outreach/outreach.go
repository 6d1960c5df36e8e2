// Package outreach decides whom to ask and for how long. It is pure.
package outreach

import "pinhuo/freight"

// Asked is how many operators are asked for one load at the same time.
const Asked = 3

// Longest is the most that an offer's clock runs.
const Longest = 15 * freight.Minute

// shortest is the least.
const shortest = freight.Second

// Expiry returns when an offer made now runs out: after 15 minutes, or after a
// quarter of the time to the last feasible departure where that is sooner.
func Expiry(now, lastDeparture freight.Instant) freight.Instant {
	quarter := (lastDeparture - now) / 4
	return now + max(shortest, min(Longest, quarter))
}

// Latest returns to when the clock runs of an offer made now that does not reach its
// operator: twice as long as it runs once it has.
func Latest(now, expires freight.Instant) freight.Instant { return expires + max(0, expires-now) }

// Clocks of pools.
const (
	// PoolLead is how long before its last departure a pool is offered to operators no
	// more: the truck has to get there.
	PoolLead = freight.Hour
	// PoolNotice is how long before a truck sets out its pool is formed at the least:
	// shippers and then operators have to answer first.
	PoolNotice = 2 * freight.Hour
	// JoinNotice is how long whoever joins a pool has to answer at the least.
	JoinNotice = 10 * freight.Minute

	longestConsent = 6 * freight.Hour
)

// ConsentBy returns until when shippers may answer a pool formed now: half of the
// time until operators can no longer be asked, and 6 hours at the most.
func ConsentBy(now, lastDeparture freight.Instant) freight.Instant {
	return now + max(shortest, min(longestConsent, (TenderBy(lastDeparture)-now)/2))
}

// PoolFrom returns from when on a load is pooled that was posted to be picked up by
// closes: after patience, during which a truck may pass by that costs far less, but
// not after a quarter of its time.
func PoolFrom(posted, closes, patience freight.Instant) freight.Instant {
	return posted + max(0, min(patience, (closes-posted)/4))
}

// TenderBy returns until when operators may take a pool.
func TenderBy(lastDeparture freight.Instant) freight.Instant { return lastDeparture - PoolLead }

// How often one operator is asked for one load on terms that differ in the price alone,
// and how many of these offers may go unanswered.
const (
	mostAsks     = 6
	MostSilences = 3
)

// Again tells whether an operator may be asked for a load anew, at a better price, who has
// refused it so many times, some of them in silence, and last for a reason: who wants more
// is asked for more, who was silent is reminded, and who said no because of anything else
// has said no.
func Again(noes, silences int, why freight.Reason) bool {
	switch why {
	case freight.ReasonDeclined, freight.ReasonPrice, freight.ReasonExpiredOffer:
		return noes < mostAsks && silences < MostSilences
	}
	return false
}

// Better returns the price to ask an operator with again who has refused one: a quarter more,
// but no more than half of what is left to the most that the shipper pays; at least an eighth
// of that, and a twentieth of the price, up to the most. It is the refused one where that is the
// most.
func Better(refused, most freight.Fen) freight.Fen {
	left := most - refused
	if left <= 0 {
		return refused
	}
	return refused + min(left, max(min((refused+3)/4, (left+1)/2), (left+7)/8, (refused+19)/20))
}
