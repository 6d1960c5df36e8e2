// Package reload looks for what a truck could carry home: from where a trip of it ends
// to where it belongs.
//
// The way home is judged as the trip that it would be, a backhaul that its operator has
// not announced yet: an empty vehicle that sets out at the end of the first trip once its
// drivers are rested, waits up to freight.ReloadWait, and bends as far as the first one
// does. The loads of the best set (matcher/bundle) are put in one after the other, each by matcher.Fit on
// the plan that the ones before it leave, so that what is proposed can be offered and
// booked load by load once the backhaul is announced. Both trips are worth what the
// first carries and, less the risk that the first fails, what the second would.
//
// It is pure: the same trip, loads and instant give the same set.
package reload
