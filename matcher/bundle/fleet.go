package bundle

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Fleet is real trips and loads as a market, in fen: what fits and what it costs
// is what matcher.Fit says of one load put in after the other, so whatever is
// packed can be booked load by load. It is for one goroutine.
type Fleet struct {
	trips []*freight.Trip
	fits  []*matcher.Fit
	loads []*freight.Load
	alone [][]int32
	rides Rides[Riding]
	order orderer

	probe freight.Trip // the ride looked at
	shown Riding
	fit   *matcher.Fit
	added int32 // the load placed last
}

// Riding is a trip with some loads: its plan, and the loads in the order in which they
// are put in, each at its spot: judged so, one after the other on the trip as it was, each fits.
type Riding struct {
	Plan  []freight.Call
	Loads []int32
	At    []freight.Spot
}

// with is the ride with one more load.
func (r *Riding) with(plan []freight.Call, load int32, at freight.Spot) Riding {
	return Riding{plan, append(slices.Clip(r.Loads), load), append(slices.Clip(r.At), at)}
}

// NewFleet is a fleet without trips for the loads, which must not change any
// more.
func NewFleet(loads []*freight.Load) *Fleet { return &Fleet{loads: loads} }

// Add takes in a trip, which must not change any more, by a fit that can measure
// it, and the loads that it Carries, ascending.
func (f *Fleet) Add(trip *freight.Trip, fit *matcher.Fit, carries []int32) {
	f.trips, f.fits, f.alone = append(f.trips, trip), append(f.fits, fit), append(f.alone, carries)
}

// Carries tells whether the load fits the trip but for its price: what is too
// dear alone may be cheap in company.
func Carries(trip *freight.Trip, fit *matcher.Fit, load *freight.Load) bool {
	return fit.Weigh(trip, matcher.Unpriced(load)).OK
}

// Restore takes in a ride of another fleet, with its loads by their numbers in this one.
func (f *Fleet) Restore(r Riding) Ride { return f.rides.Keep(r) }

// Size implements Market.
func (f *Fleet) Size() (trips, loads int) { return len(f.trips), len(f.loads) }

// Saving implements Market.
func (f *Fleet) Saving(load int32) int64 { return int64(f.loads[load].Alone) }

// Alone implements Market.
func (f *Fleet) Alone(trip int) []int32 { return f.alone[trip] }

// Trip is the trip with that number, as it was added.
func (f *Fleet) Trip(trip int) *freight.Trip { return f.trips[trip] }

// Load is the load with that number.
func (f *Fleet) Load(load int32) *freight.Load { return f.loads[load] }

// Look implements Market.
func (f *Fleet) Look(trip int, ride Ride) bool {
	f.probe, f.fit, f.shown = *f.trips[trip], f.fits[trip], Riding{}
	if ride != Empty {
		f.shown = f.rides.Get(ride)
		f.probe.Plan = f.shown.Plan
	}
	return true
}

// Place implements Market.
func (f *Fleet) Place(load int32) (cost int64, ok bool) {
	f.added = load
	v := f.fit.Weigh(&f.probe, f.loads[load])
	return int64(f.loads[load].Alone) - v.Value, v.OK
}

// With implements Market.
func (f *Fleet) With() Ride {
	v := f.fit.Fits(&f.probe, f.loads[f.added])
	return f.rides.Add(f.shown.with(v.Plan, f.added, freight.Spot{}))
}

// Order implements Market. For up to Exact loads it is the cheapest order of calls in
// which they can be put in one after the other, each paying what it causes.
func (f *Fleet) Order(trip int, loads []int32, most int64) (Ride, int64, bool) {
	best, cost, ok := f.order.best(f, trip, loads, most)
	if !ok {
		return Empty, most, false
	}
	return f.rides.Add(best), cost, true
}

// Keep implements Market.
func (f *Fleet) Keep(ride Ride) Ride { return f.rides.Keep(f.rides.Get(ride)) }

// Forget implements Market.
func (f *Fleet) Forget() { f.rides.Forget() }

// Riding returns what a ride that was kept is.
func (f *Fleet) Riding(ride Ride) Riding { return f.rides.Get(ride) }
