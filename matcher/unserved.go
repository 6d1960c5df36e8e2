package matcher

import (
	"slices"

	"pinhuo/freight"
)

// Unserved returns the trip's plan, as a new slice, where the truck does not carry the load
// after all. The load's calls that are fixed at f.Now stay, as places where nothing goes in or out,
// since the truck was there or is bound for them; what comes later is as by Without.
func (f *Fit) Unserved(trip *freight.Trip, load freight.ID) []freight.Call {
	fixed, up := trip.Fixed(f.Now), -1
	passed := *trip
	passed.Plan = slices.Clone(trip.Plan)
	for k := range passed.Plan {
		call := &passed.Plan[k]
		mine := call.Rider() && call.Load == load
		switch {
		case mine && k < fixed:
			*call = vacant(call)
			if up = k; trip.Plan[k].Kind == freight.CallDelivery {
				up = -1
			}
		case mine:
			return f.Without(&passed, load)
		case k >= fixed:
			less := eased(trip.Plan, up, k)
			call.ServiceS, call.RehandleS = call.ServiceS-less, call.RehandleS-less
		}
	}
	return passed.Plan
}

// vacant is the call of a load where it neither went in nor out.
func vacant(call *freight.Call) freight.Call {
	return freight.Call{Kind: freight.CallHere, Own: -1, Point: call.Point, Window: call.Window, ServiceS: call.ServiceS, Gate: call.Gate, Bans: call.Bans,
		LegM: call.LegM, LegS: call.LegS, RestS: call.RestS, Drove: call.Drove, Arrive: call.Arrive, Start: call.Start, Leave: call.Leave}
}
