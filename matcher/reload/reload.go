package reload

import (
	"cmp"
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/bundle"
)

// longest is longer than any way home takes with its rests.
const longest = 7 * freight.Day

// Backhaul is the trip that the vehicle of another would drive home from its end, with
// nobody aboard. until is when the vehicle is to be elsewhere, 0 for never. It returns
// false where the trip has no end or no known home, ends at home, or where the truck
// cannot be home in time.
func Backhaul(f *matcher.Fit, trip *freight.Trip, until freight.Instant) (*freight.Trip, bool) {
	home := trip.Home()
	if home == nil || trip.Roaming || trip.State != freight.TripOpen && trip.State != freight.TripUnderway {
		return nil, false
	}
	last := &trip.Stops[len(trip.Stops)-1]
	leg := f.Measure(last.Place.Point, home.Point)
	if leg.Metres < freight.ReloadAwayM {
		return nil, false
	}
	back := &freight.Trip{VehicleID: trip.VehicleID, State: freight.TripOpen, Router: freight.Router{Method: leg.Method, Version: leg.Version}}
	back.Org, back.Market = trip.Org, trip.Market
	ready := whole(max(trip.Fresh(), f.Now))
	by := ready.After(leg.Seconds)
	for _, wait := range []freight.Instant{longest, freight.ReloadWait} { // the first tells how long the drive takes with its rests
		back.TripTerms = terms(trip, last, home, ready, by.After(trip.Limits.DetourS)+wait, until)
		var err error
		if back.Plan, back.DirectM, back.DirectS, err = f.Base(back.TripTerms, []freight.Leg{leg}); err != nil {
			return nil, false
		}
		by = back.Plan[1].Start
	}
	return back, true
}

// terms are those of the way home: limits, least price and rules of rest are the first
// trip's.
func terms(trip *freight.Trip, last *freight.Stop, home *freight.Place, ready, by, until freight.Instant) freight.TripTerms {
	start := freight.Window{Open: ready, Close: ready + freight.ReloadWait}
	if until != 0 {
		by = min(by, until/freight.Second*freight.Second)
	}
	start.Close = max(start.Open, min(start.Close, by))
	return freight.TripTerms{
		Vehicle: trip.Vehicle, Rooms: []freight.Room{trip.Vehicle.Inner.Room(trip.Vehicle.Payload)},
		Stops: []freight.Stop{
			{Place: last.Place, Window: start},
			{Place: *home, Window: freight.Window{Open: ready, Close: by}},
		},
		Limits: trip.Limits, Duty: trip.Duty, Least: trip.Least, Lease: by,
		Chain: &freight.Chain{Home: home, After: trip.ID},
	}
}

// whole rounds an instant up to a whole second.
func whole(at freight.Instant) freight.Instant {
	return (at + freight.Second - 1) / freight.Second * freight.Second
}

// Set is loads on a backhaul, in the order in which they are put in.
type Set struct {
	Trip     *freight.Trip // with all of them aboard
	Loads    []*freight.Load
	At       []freight.Spot    // where each is put
	Verdicts []matcher.Verdict // of each, on the plan that the ones before it leave
	Value    int64             // in fen, of all
}

// Price is what the loads pay together.
func (s *Set) Price() (sum freight.Fen) {
	for i := range s.Verdicts {
		sum += s.Verdicts[i].Terms.Price
	}
	return sum
}

// Until is the last departure that keeps every window of the loads.
func (s *Set) Until() freight.Instant { return matcher.LatestStart(s.Trip) }

// Put judges the loads on the backhaul, one after the other in their order, each at its
// spot; false where one does not fit.
func Put(f *matcher.Fit, back *freight.Trip, loads []*freight.Load, at []freight.Spot) (Set, bool) {
	s := Set{Trip: back, At: at}
	for i, l := range loads {
		v := f.Put(s.Trip, l, at[i])
		if !v.OK {
			return Set{}, false
		}
		trip := *s.Trip
		trip.Plan = v.Plan
		s.Trip, s.Loads, s.Verdicts, s.Value = &trip, append(s.Loads, l), append(s.Verdicts, v), s.Value+v.Value
	}
	return s, true
}

// Widths of the search.
const (
	mostNear = 24 // loads that are tried: those worth most by themselves
	width    = 24 // sets of each size that are gone on from, in their best order
)

// Best is the set of loads worth most on the backhaul, by a beam over sets in the best
// order of their calls; false where none fits. Where four loads or fewer come near, no
// set is worth more. Of equal values the first found is chosen.
func Best(f *matcher.Fit, back *freight.Trip, loads []*freight.Load) (Set, bool) {
	near := hopeful(f, back, loads)
	all := make([]int32, len(near))
	for i := range all {
		all[i] = int32(i)
	}
	fleet := bundle.NewFleet(near)
	fleet.Add(back, f, all)
	var best bundle.Bundle
	effort := bundle.Effort{Width: width, Loads: freight.ReloadLoads, Orders: width, Better: width}
	bundle.NewSearcher(fleet).Search(0, make([]int64, len(near)), effort, func(b *bundle.Bundle) {
		if b.Worth > best.Worth {
			best = *b
		}
	})
	if best.Worth == 0 {
		return Set{}, false
	}
	ride := fleet.Riding(best.Ride)
	chosen := make([]*freight.Load, len(ride.Loads))
	for i, l := range ride.Loads {
		chosen[i] = near[l]
	}
	return Put(f, back, chosen, ride.At)
}

// hopeful are the loads that fit the backhaul but for their price, which may be less in
// company: those that save most first.
func hopeful(f *matcher.Fit, back *freight.Trip, loads []*freight.Load) []*freight.Load {
	type hope struct {
		load  *freight.Load
		value int64
	}
	var all []hope
	for _, l := range loads {
		if v := f.Weigh(back, matcher.Unpriced(l)); v.OK {
			all = append(all, hope{l, v.Value})
		}
	}
	slices.SortFunc(all, func(a, b hope) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.load.ID, b.load.ID))
	})
	near := make([]*freight.Load, min(len(all), mostNear))
	for i := range near {
		near[i] = all[i].load
	}
	return near
}

// First is what the loads in the plan of a trip are worth in fen: what going alone would
// cost them less what they cost the trip. alone tells it of a load.
func First(f *matcher.Fit, trip *freight.Trip, alone func(load freight.ID) freight.Fen) int64 {
	cost, _ := f.Costs.Of(trip.Vehicle.Type)
	var worth freight.Fen
	metres, seconds := trip.Detour()
	moving := int64(0)
	for i := range trip.Plan {
		call := &trip.Plan[i]
		if !call.Rider() {
			continue
		}
		seconds, moving = seconds+call.ServiceS-call.RehandleS, moving+call.RehandleS
		if call.Kind == freight.CallPickup {
			worth += alone(call.Load)
		}
	}
	return int64(worth - cost.Drive(max(metres, 0), max(seconds, 0)) - trip.Vehicle.Rehandling(moving))
}

// Propose is what the operator of a trip is told of a set that its truck could carry
// home. first is what the trip carries is worth.
func Propose(f *matcher.Fit, trip *freight.Trip, back *freight.Trip, s *Set, first int64) freight.Reload {
	r := freight.Reload{At: f.Now, Told: 1, Departs: back.Stops[0].Window, Back: back.Stops[1].Window.Close, Until: s.Until(),
		Drive: freight.Leg{Metres: back.DirectM, Seconds: back.DirectS, Method: back.Router.Method, Version: back.Router.Version},
		Price: s.Price(), First: first, Then: s.Value, Risk: trip.FailRisk()}
	r.Value = first + freight.LessRisk(s.Value, r.Risk)
	if tied := trip.Tied(); tied.Reload != nil {
		r.Told, r.Named = tied.Reload.Told+1, slices.Clip(tied.Reload.Named)
	}
	for i, l := range s.Loads {
		v := &s.Verdicts[i]
		r.Lines = append(r.Lines, freight.ReloadLine{Load: l.ID, Stated: l.Stated, Price: v.Terms.Price})
		if !slices.Contains(r.Named, l.ID) {
			r.Named = append(r.Named, l.ID)
		}
	}
	for i := range r.Lines {
		for _, call := range s.Trip.Plan {
			switch {
			case call.Load != r.Lines[i].Load:
			case call.Kind == freight.CallPickup:
				r.Lines[i].Pickup = call.Start
			case call.Kind == freight.CallDelivery:
				r.Lines[i].Drop = call.Start
			}
		}
	}
	return r
}

// Asks tells whether the operator of a trip may be told at the instant what its truck
// could carry home: nothing follows the trip yet, and he was not told too often or just
// now.
func Asks(trip *freight.Trip, now freight.Instant) bool {
	if trip.Home() == nil || trip.Roaming || trip.State != freight.TripOpen && trip.State != freight.TripUnderway {
		return false
	}
	tied := trip.Tied()
	return tied.Next == "" && (tied.Reload == nil || tied.Reload.Told < freight.MostReloads && now >= tied.Reload.At+freight.ReloadPause)
}

// News tells whether a set is worth telling: a load of it is new to the operator, and
// where all that he was told of last still waits, it is worth a tenth more. waits tells
// whether a load does, as it was stated.
func News(trip *freight.Trip, s *Set, waits func(load freight.ID, stated int64) bool) bool {
	last := trip.Tied().Reload
	if last == nil {
		return true
	}
	fresh := slices.ContainsFunc(s.Loads, func(l *freight.Load) bool { return !slices.Contains(last.Named, l.ID) })
	gone := slices.ContainsFunc(last.Lines, func(line freight.ReloadLine) bool { return !waits(line.Load, line.Stated) })
	return fresh && (gone || s.Value*10 >= last.Then*11)
}
