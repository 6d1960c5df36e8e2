package matcher

import "pinhuo/freight"

// Hopeless tells, without measuring anything, that Fits would refuse the pair:
// the vehicle lacks a capability or is too small for a piece, no leg that is
// left has the room, or the clocks cannot meet. False promises nothing.
func (f *Fit) Hopeless(trip *freight.Trip, load *freight.Load) bool {
	if _, bad := vehicleFault(&trip.Vehicle, load); bad {
		return true
	}
	first, last := places(trip, f.Now)
	return first > last || !f.meets(trip, load, first) || !roomy(trip, load, first, last)
}

// meets tells whether the clocks of trip and load overlap at all.
func (f *Fit) meets(trip *freight.Trip, load *freight.Load, first int) bool {
	p, d := &load.Pickup, &load.Delivery
	start := max(trip.Plan[first-1].Leave, f.Now, p.Window.Open)
	if start > p.Window.Close {
		return false
	}
	start = max(start.After(p.ServiceS), d.Window.Open)
	if start > d.Window.Close {
		return false
	}
	end := start.After(d.ServiceS)
	if trip.Roaming && end > trip.Horizon {
		return false
	}
	final := &trip.Plan[len(trip.Plan)-1]
	return final.Kind != freight.CallEnd || end <= deadline(&trip.TripTerms, final)
}

// roomy tells whether some leg that is left has room for the load.
func roomy(trip *freight.Trip, load *freight.Load, first, last int) bool {
	var h hold
	for k := range trip.Plan[:last] {
		free := h.leaving(trip, &trip.Plan[k])
		if k >= first-1 && free.Lacks(load.Size.Room) == freight.NoReason {
			return true
		}
	}
	return false
}
