// Package outreach decides whom to ask and for how long. It is pure.
package outreach

import "pinhuo/freight"

// Asked is how many operators are asked for one load at the same time.
const Asked = 3

// longest and shortest bound an offer's clock.
const (
	longest  = 15 * freight.Minute
	shortest = freight.Second
)

// Expiry returns when an offer made now runs out: after 15 minutes, or after a
// quarter of the time to the last feasible departure where that is sooner.
func Expiry(now, lastDeparture freight.Instant) freight.Instant {
	quarter := (lastDeparture - now) / 4
	return now + max(shortest, min(longest, quarter))
}
