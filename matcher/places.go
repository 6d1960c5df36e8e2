package matcher

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/geo"
)

// Spot is a place for a load in the present plan of a trip that keeps every rule, and
// what it costs the trip.
type Spot struct {
	freight.Spot
	Cost freight.Fen
}

// Spots appends every place behind the next call where the load fits the trip, the
// cheapest first, equals by their indexes. Whoever looks for the best order of several
// loads goes through them, because the cheapest place of one may stand in the way of
// another.
func (f *Fit) Spots(trip *freight.Trip, load *freight.Load, to []Spot) []Spot {
	s := surveys.Get().(*survey)
	defer s.release()
	if !s.ready(f, trip, load) {
		return to
	}
	s.measure()
	if s.haul.s >= geo.UnreachableS {
		return to
	}
	n := len(to)
	s.every, s.spots = true, to
	s.search()
	to = s.spots
	slices.SortFunc(to[n:], func(a, b Spot) int {
		return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(a.PickupAt, b.PickupAt), cmp.Compare(a.DeliveryAt, b.DeliveryAt))
	})
	return to
}

// At is Fits for one place alone. A place that the present plan has not, or has behind
// it, is refused like one that is too late.
func (f *Fit) At(trip *freight.Trip, load *freight.Load, at freight.Spot) Verdict {
	s := surveys.Get().(*survey)
	defer s.release()
	if !s.ready(f, trip, load) || at.PickupAt < s.first || at.DeliveryAt <= at.PickupAt || at.DeliveryAt-1 > s.last {
		return refusal(fault{reason: freight.ReasonWindowPickup})
	}
	i, j := at.PickupAt, at.DeliveryAt-1
	s.know()
	s.measureBeside(i)
	if j > i {
		s.measureBeside(j)
	}
	if s.haul.s >= geo.UnreachableS {
		return refusal(fault{reason: freight.ReasonWindowPickup})
	}
	return s.accept(s.priced(i, j))
}

// measureBeside measures between the load and the calls before and after a place.
func (s *survey) measureBeside(i int) {
	s.measureCall(i - 1)
	if i < len(s.trip.Plan) {
		s.measureCall(i)
	}
}

// Put is Fits where the spot is the zero one, else At.
func (f *Fit) Put(trip *freight.Trip, load *freight.Load, at freight.Spot) Verdict {
	if at == (freight.Spot{}) {
		return f.Fits(trip, load)
	}
	return f.At(trip, load, at)
}

// priced is an insertion with what it adds.
func (s *survey) priced(i, j int) insertion {
	in := s.detour(i, j)
	way := s.blocked(i, j)
	in.moving = way.own + way.all
	in.cost = s.marginal(in)
	return in
}

// ready opens a survey; false where no place can fit.
func (s *survey) ready(f *Fit, trip *freight.Trip, load *freight.Load) bool {
	if !s.open(f, trip, load) {
		return false
	}
	s.enough = 0 // nobody is told how tired anybody is
	_, bad := s.vehicleFault()
	return !bad
}
