package batch

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// Fleet is real trips and loads as a market, in fen: what fits and what it costs
// is what matcher.Fit says of one insertion after the other, so whatever is
// packed can be booked load by load. It is for one goroutine.
type Fleet struct {
	trips []*freight.Trip
	fits  []*matcher.Fit
	loads []*freight.Load
	alone [][]int32
	rides rides[riding]

	probe freight.Trip // the ride looked at
	shown riding
	fit   *matcher.Fit
	added int32 // the load placed last

	order []int32 // scratch
}

// riding is a trip with some loads: its plan, and the loads in the order in
// which they were put in.
type riding struct {
	plan  []freight.Call
	loads []int32
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

// Restore takes in a ride that was Riding in another fleet, with its loads by
// their numbers in this one.
func (f *Fleet) Restore(plan []freight.Call, loads []int32) Ride {
	return f.rides.keep(riding{plan, loads})
}

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
	f.probe, f.fit, f.shown = *f.trips[trip], f.fits[trip], riding{}
	if ride != Empty {
		f.shown = f.rides.get(ride)
		f.probe.Plan = f.shown.plan
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
	return f.rides.add(riding{v.Plan, append(slices.Clip(f.shown.loads), f.added)})
}

// Order implements Market: it puts the loads in in other orders, each once first
// and the others as they are, and once the other way round.
func (f *Fleet) Order(trip int, loads []int32, most int64) (Ride, int64, bool) {
	best, found := riding{}, false
	for first := range len(loads) {
		f.order = append(append(append(f.order[:0], loads[first]), loads[:first]...), loads[first+1:]...)
		if r, cost, ok := f.sequence(trip, most); ok {
			best, most, found = r, cost, true
		}
	}
	f.order = append(f.order[:0], loads...)
	slices.Reverse(f.order)
	if r, cost, ok := f.sequence(trip, most); ok {
		best, most, found = r, cost, true
	}
	if !found {
		return Empty, most, false
	}
	return f.rides.add(best), most, true
}

// sequence puts the loads in, in order; false where one does not fit or all cost
// most or more.
func (f *Fleet) sequence(trip int, most int64) (r riding, cost int64, ok bool) {
	probe := *f.trips[trip]
	for _, l := range f.order {
		v := f.fits[trip].Fits(&probe, f.loads[l])
		if !v.OK {
			return r, cost, false
		}
		cost += int64(f.loads[l].Alone) - v.Value
		if cost >= most {
			return r, cost, false
		}
		probe.Plan = v.Plan
	}
	return riding{probe.Plan, slices.Clone(f.order)}, cost, true
}

// Keep implements Market.
func (f *Fleet) Keep(ride Ride) Ride { return f.rides.keep(f.rides.get(ride)) }

// Forget implements Market.
func (f *Fleet) Forget() {
	clear(f.rides.passing)
	f.rides.forget()
}

// Riding returns the plan of a trip with a ride that was kept, and its loads in
// the order in which they were put in: judged one after the other in this order
// on the trip as it was, each fits.
func (f *Fleet) Riding(ride Ride) (plan []freight.Call, loads []int32) {
	r := f.rides.get(ride)
	return r.plan, r.loads
}
