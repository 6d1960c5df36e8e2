package matcher

import "pinhuo/freight"

// Restated returns the trip as it would be if its operator stated it at f.Now with
// these terms, which must have the stops of its own in place and number: the plan
// of its own stops alone, left as early as they and f.Now allow. The error is that
// of Base.
func (f *Fit) Restated(trip *freight.Trip, terms freight.TripTerms) (*freight.Trip, error) {
	measure := f.of(trip)
	legs := make([]freight.Leg, 0, len(terms.Stops))
	for i := 1; i < len(terms.Stops); i++ {
		legs = append(legs, measure(terms.Stops[i-1].Place.Point, terms.Stops[i].Place.Point))
	}
	next := *trip
	next.TripTerms = terms
	var err error
	next.Plan, next.DirectM, next.DirectS, err = f.Base(terms, legs)
	return &next, err
}
