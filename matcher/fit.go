package matcher

import (
	"pinhuo/freight"
	"pinhuo/geo"
)

// Measure is one honest distance: metres and driving seconds from a to b by
// one router at one version. It must be pure and safe for concurrent use.
type Measure func(a, b freight.Point) freight.Leg

// Fit judges trips and loads by one cost file and one measure at one instant.
// It is safe for concurrent use as long as nobody changes its fields.
type Fit struct {
	Costs   *freight.Costs
	Measure Measure
	Now     freight.Instant
	Duty    freight.Duty // by which a truck to hire is driven

	// By, where set, finds the measure of a trip by the router that was fixed when it
	// was announced. Measure then serves no trip.
	By func(freight.Router) Measure

	// Symmetric promises that Measure takes as long from a to b as from b to a,
	// so that each pair is measured once.
	Symmetric bool

	// Floor is what Measure promises of its drives.
	Floor Floor

	// Floors, where set, finds that of a trip's measure. Floor then serves no trip.
	Floors func(freight.Router) Floor
	// Turn, where set, finds a place on a drive by the router where a truck can turn that
	// gets there after so many seconds at the earliest; false where there is none before
	// the end. Like Measure it is pure. Without it, and where drivers rest by rules, a truck
	// that is under way first goes on to the call it is driving to.
	Turn func(r freight.Router, from, to freight.Point, afterS int64) (freight.Point, bool)

	// Terse leaves out why something does not fit, which takes longer to find than
	// that it does not.
	Terse bool
}

// of is the measure of a trip.
func (f *Fit) of(trip *freight.Trip) Measure {
	if f.By == nil {
		return f.Measure
	}
	return f.By(trip.Router)
}

// Verdict is the answer of Fits.
//
// Where OK is false, Reason is the limit broken by the insertion that came
// nearest, By how much is missing and Unit what By counts: "m", "s", "g",
// "ml", "mm", "fen", "stops", "loads" in the way, "g/m" of deck, "°C", or "" for
// a number of capabilities.
//
// Where OK is true, Terms is what accepting means, Plan the trip's new plan
// (never shared with the trip's) and Value the saving in fen by which
// candidates are ranked: what going alone costs less what the load costs the
// trip, and less the risk that the trip before this one fails.
type Verdict struct {
	OK     bool
	Reason freight.Reason
	By     int64
	Unit   string
	Terms  freight.Terms
	Plan   []freight.Call
	Value  int64
}

// Fits is the one predicate: the cheapest feasible insertion of the load into
// the trip's plan, or the reason why there is none.
//
// An insertion (i, j) puts the pickup before call i of the present plan and
// the delivery before call j >= i. Calls that are fixed at f.Now stay as they
// are, and so does the place of a final CallEnd. Feasible insertions compete by
// driving seconds added for a free-roaming trip, else by marginal cost; ties go
// to the smaller pickup index, then to the smaller delivery index.
//
// Where f.Turn is set, a truck that is driving may also turn before it gets to the next
// call: the plan then has one more call, CallHere, and the pickup follows it at once. It
// does so where that is cheaper than any insertion behind that call. The trip's
// state and lease, and the load's state, are the caller's to check.
func (f *Fit) Fits(trip *freight.Trip, load *freight.Load) Verdict {
	return f.judged(trip, load, (*survey).accept)
}

// Weigh is Fits for whoever only ranks candidates: Terms and Plan stay empty.
func (f *Fit) Weigh(trip *freight.Trip, load *freight.Load) Verdict {
	return f.judged(trip, load, (*survey).weigh)
}

// Unpriced is the load as if its shipper paid any price: for whoever asks what fits
// before it is known who shares the cost.
func Unpriced(load *freight.Load) *freight.Load {
	free := *load
	free.Ceiling = freight.Fen(1) << 50
	return &free
}

func (f *Fit) judged(trip *freight.Trip, load *freight.Load, answer func(*survey, insertion) Verdict) Verdict {
	s := surveys.Get().(*survey)
	defer s.release()
	open := s.open(f, trip, load)
	turned := s.turning()
	if turned != nil {
		defer turned.release()
	}
	if !open && turned == nil {
		return refusal(fault{reason: freight.ReasonWindowPickup})
	}
	if broken, bad := s.vehicleFault(); bad {
		return refusal(broken)
	}
	if f.Terse && turned == nil && !s.hopeful(open) {
		return Verdict{}
	}
	s.measure()
	if s.haul.s >= geo.UnreachableS {
		return refusal(fault{reason: freight.ReasonOffRoad, by: s.haul.m})
	}
	best, ok := s.seek(open)
	if turned != nil {
		turned.take, turned.cargo = s.take, s.cargo
		turned.measureTurned()
		if aside, found := turned.seek(true); found && (!ok || s.cheaper(aside, best)) {
			return answer(turned, aside)
		}
	}
	switch {
	case ok:
		return answer(s, best)
	case f.Terse:
		return Verdict{}
	case turned == nil:
		return refusal(s.nearest())
	}
	return refusal(closest(s.nearest(), turned.nearest(), open))
}

// seek searches where the clocks and rooms let it.
func (s *survey) seek(open bool) (insertion, bool) {
	if s.hopeful(open) {
		return s.search()
	}
	return insertion{}, false
}

// hopeful tells whether clocks and rooms let the load aboard, nothing measured.
func (s *survey) hopeful(open bool) bool {
	return open && s.fit.meets(s.trip, s.load, s.first) && roomy(s.trip, &s.take, s.first, s.last)
}

func refusal(b fault) Verdict {
	return Verdict{Reason: b.reason, By: b.by, Unit: unitOf(b.reason)}
}

// insertion is a place in the present plan: the pickup goes before call i, the
// delivery before call j >= i. The rest is what that adds.
type insertion struct {
	i, j            int
	metres, seconds int64       // added to the drive
	moving          int64       // seconds in which goods are moved out of the way and back
	cost            freight.Fen // marginal, where asked for
}

// weigh turns the chosen insertion into a verdict.
func (s *survey) weigh(in insertion) Verdict {
	if broken, bad := s.judge(in.i, in.j); bad {
		return refusal(broken) // the exact simulation has the last word
	}
	return Verdict{OK: true, Value: s.trip.Worth(int64(s.load.Alone - in.cost))}
}

// accept adds to the verdict what accepting means.
func (s *survey) accept(in insertion) Verdict {
	v := s.weigh(in)
	if !v.OK {
		return v
	}
	v.Plan = s.plan(in)
	pickup, delivery := &v.Plan[in.i], &v.Plan[in.j+1]
	v.Terms = freight.Terms{
		Price: s.price(in), Alone: s.load.Alone,
		DetourM: in.metres, DetourS: in.seconds,
		PickupAt: in.i, DeliveryAt: in.j + 1,
		PickupETA: pickup.Start, DropETA: delivery.Start,
		Departure: min(latestSetOut(&s.trip.TripTerms, v.Plan, in.i, pickup.Arrive.After(-pickup.LegS-pickup.RestS)), s.before),
	}
	return v
}
