package dispatch

import "pinhuo/freight"

// mostUnpacked is how many trips' memory a plan leaves for the next at the most.
const mostUnpacked = 64

// unpacked is memory for trips that a plan looks at side by side.
type unpacked struct {
	trips []*freight.Trip
	taken int
}

// take unpacks one more.
func (u *unpacked) take(o *outline) *freight.Trip {
	if u.taken == len(u.trips) {
		u.trips = append(u.trips, new(freight.Trip))
	}
	trip := u.trips[u.taken]
	u.taken++
	o.UnpackTo(trip)
	return trip
}

// giveBack gives the memory of the last one back.
func (u *unpacked) giveBack() { u.taken-- }

// clear gives all memory back.
func (u *unpacked) clear() {
	if len(u.trips) > mostUnpacked {
		clear(u.trips[mostUnpacked:])
		u.trips = u.trips[:mostUnpacked]
	}
	u.taken = 0
}
