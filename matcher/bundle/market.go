package bundle

// Market is what a solver needs to know of trips and loads: what serving a load
// is worth, and what it takes a trip to carry a set of them. Trips and loads are
// numbered from 0. Money is in whatever unit the market has.
//
// A ride is a trip with loads in an order that keeps every rule. The market
// numbers its rides; Empty is the trip as it is, with no further load. A ride is
// forgotten at the next Forget, unless it is one that Keep returned.
type Market interface {
	// Size is how many trips and loads there are.
	Size() (trips, loads int)
	// Saving is what serving the load is worth before what the way to it costs.
	Saving(load int32) int64
	// Alone lists the loads that the trip can carry alone, ascending.
	Alone(trip int) []int32

	// Look is called before Place; false where the trip cannot do the ride.
	Look(trip int, ride Ride) bool
	// Place finds the cheapest place of a load in the ride looked at and returns
	// what it adds to the cost; false where there is none.
	Place(load int32) (cost int64, ok bool)
	// With is the ride looked at with the load that was placed last.
	With() Ride
	// Order, which leaves the ride looked at as it is, finds an order of a set
	// of loads that costs the trip less than most; false where it knows none.
	Order(trip int, loads []int32, most int64) (ride Ride, cost int64, ok bool)

	// Keep returns a ride that is not forgotten.
	Keep(ride Ride) Ride
	// Forget gives back the memory of all rides that were not kept.
	Forget()
}

// Ride is a trip with loads in some order, by a market's own numbers.
type Ride int32

// Empty is the ride of a trip that takes no further load.
const Empty Ride = 0

// Rides numbers the rides of a market by what they are to it: kept ones from 1 up,
// others from -1 down.
type Rides[R any] struct{ kept, passing []R }

// Add takes in a ride until the next Forget.
func (r *Rides[R]) Add(ride R) Ride {
	r.passing = append(r.passing, ride)
	return Ride(-len(r.passing))
}

// Get returns a ride; it must not be asked for Empty.
func (r *Rides[R]) Get(ride Ride) R {
	if ride > 0 {
		return r.kept[ride-1]
	}
	return r.passing[-ride-1]
}

// Keep takes in a ride for good.
func (r *Rides[R]) Keep(ride R) Ride {
	r.kept = append(r.kept, ride)
	return Ride(len(r.kept))
}

// Forget gives back what was added.
func (r *Rides[R]) Forget() {
	clear(r.passing)
	r.passing = r.passing[:0]
}
