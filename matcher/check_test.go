package matcher_test

import (
	"fmt"

	"pinhuo/freight"
	"pinhuo/matcher"
	"pinhuo/matcher/deck"
)

// violation re-checks a trip with riders aboard from first principles. It
// shares nothing with the matcher: it walks the plan as a driver would.
func violation(measure matcher.Measure, trip *freight.Trip, riders map[freight.ID]*freight.Load) error {
	if err := wrongOrder(trip, riders); err != nil {
		return err
	}
	var aboard freight.Room
	var metres, seconds, extra int64
	if err := tooLongAtTheWheel(trip); err != nil {
		return err
	}
	for k, c := range trip.Plan {
		if k > 0 {
			before := trip.Plan[k-1]
			leg := measure(before.Point, c.Point)
			if c.LegM != leg.Metres || c.LegS != leg.Seconds {
				return fmt.Errorf("call %d: leg of %d m, %d s was measured as %d m, %d s", k, c.LegM, c.LegS, leg.Metres, leg.Seconds)
			}
			if c.Arrive < before.Leave+freight.Instant(c.LegS+c.RestS)*1000 {
				return fmt.Errorf("call %d is reached before the drive is over", k)
			}
		}
		if c.Start < c.Arrive || c.Leave != c.Start+freight.Instant(c.ServiceS)*1000 {
			return fmt.Errorf("call %d: arrive %v, start %v, leave %v, service %d s", k, c.Arrive, c.Start, c.Leave, c.ServiceS)
		}
		if c.Start < c.Window.Open || c.Start > c.Window.Close {
			return fmt.Errorf("call %d starts at %v, window %v to %v", k, c.Start, c.Window.Open, c.Window.Close)
		}
		if trip.Roaming && c.Leave > trip.Horizon {
			return fmt.Errorf("call %d ends after the horizon", k)
		}
		aboard = aboard.Plus(c.Take)
		if k < len(trip.Plan)-1 {
			if r := roomAt(trip, trip.Plan, k); r.Lacks(aboard) != freight.NoReason {
				return fmt.Errorf("leg leaving call %d holds %+v, spare %+v", k, aboard, r)
			}
		}
		if _, moved := inTheWay(trip.Plan, k); c.RehandleS < moved {
			return fmt.Errorf("call %d: %d s to move what stands in the way, which takes %d", k, c.RehandleS, moved)
		}
		metres, seconds = metres+c.LegM, seconds+c.LegS
		if c.Rider() {
			extra++
		}
	}
	for id := range riders {
		if r, by, unit := ill(trip, trip.Plan, id); r != freight.NoReason {
			return fmt.Errorf("%s may not ride so: %s by %d %s", id, r, by, unit)
		}
	}
	if aboard != (freight.Room{}) {
		return fmt.Errorf("%+v is still aboard at the end", aboard)
	}
	if extra > trip.Limits.ExtraStops {
		return fmt.Errorf("%d extra stops, limit %d", extra, trip.Limits.ExtraStops)
	}
	if !trip.Roaming && (metres-trip.DirectM > trip.Limits.DetourM || seconds-trip.DirectS > trip.Limits.DetourS) {
		return fmt.Errorf("detour of %d m, %d s, limits %+v", metres-trip.DirectM, seconds-trip.DirectS, trip.Limits)
	}
	return nil
}

// wrongOrder checks which calls there are, and in which order.
func wrongOrder(trip *freight.Trip, riders map[freight.ID]*freight.Load) error {
	own, picked, dropped := 0, map[freight.ID]bool{}, map[freight.ID]bool{}
	for k, c := range trip.Plan {
		if c.Own >= 0 {
			if c.Own != own || c.Point != trip.Stops[own].Place.Point || c.Window != trip.Stops[own].Window || c.Take != (freight.Room{}) {
				return fmt.Errorf("call %d is not own stop %d: %+v", k, own, c)
			}
			own++
			continue
		}
		if c.Kind == freight.CallHere {
			if k == 0 || k == len(trip.Plan)-1 || c.Rider() || c.Take != (freight.Room{}) || c.ServiceS != 0 {
				return fmt.Errorf("call %d is no turning: %+v", k, c)
			}
			continue
		}
		load := riders[c.Load]
		if load == nil {
			return fmt.Errorf("call %d serves %q, who is no rider", k, c.Load)
		}
		at, take, seen := load.Pickup, deck.Take(&load.Size, &trip.Vehicle), picked
		if c.Kind == freight.CallDelivery {
			at, take, seen = load.Delivery, freight.Room{}.Minus(take), dropped
			if !picked[c.Load] {
				return fmt.Errorf("call %d delivers %s before its pickup", k, c.Load)
			}
		}
		if seen[c.Load] || c.Point != at.Place.Point || c.Take != take || c.ServiceS != at.ServiceS+c.RehandleS || c.Window.Open != at.Window.Open || c.Window.Close > at.Window.Close {
			return fmt.Errorf("call %d is not what %s asked for: %+v", k, c.Load, c)
		}
		seen[c.Load] = true
	}
	last := trip.Plan[len(trip.Plan)-1]
	switch {
	case own != len(trip.Stops):
		return fmt.Errorf("%d of %d own stops in the plan", own, len(trip.Stops))
	case len(picked) != len(riders) || len(dropped) != len(riders):
		return fmt.Errorf("%d picked up and %d delivered of %d riders", len(picked), len(dropped), len(riders))
	case len(trip.Stops) > 1 && last.Kind != freight.CallEnd:
		return fmt.Errorf("the trip ends with a call of kind %s", last.Kind)
	}
	return nil
}

// tooLongAtTheWheel adds up what is driven between two stands that can have been a rest,
// however the rests on the way are placed.
func tooLongAtTheWheel(trip *freight.Trip) error {
	d := trip.Duty
	if !d.Said() || d.Drivers == 2 || d.DriveS == 0 {
		return nil
	}
	var since int64
	for k, c := range trip.Plan {
		if c.Drove.SinceS > d.DriveS || d.DayS > 0 && c.Drove.DayS > d.DayS {
			return fmt.Errorf("call %d is left with %+v behind the driver, rules %+v", k, c.Drove, d)
		}
		if k > 0 && c.Arrive-trip.Plan[k-1].Leave-freight.Instant(c.LegS)*1000 >= freight.Instant(min(d.RestS, max(c.RestS, 1)))*1000 {
			since = 0
		} else if since += c.LegS; since > d.DriveS {
			return fmt.Errorf("call %d is reached after %d s at the wheel, %d allowed", k, since, d.DriveS)
		}
		stood := c.Start - c.Arrive
		if d.Counts == freight.RestsStanding {
			stood = c.Leave - c.Arrive
		}
		if stood >= freight.Instant(d.RestS)*1000 && d.Counts != freight.RestsRoad {
			since = 0
		}
	}
	return nil
}
