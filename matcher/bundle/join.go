package bundle

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher"
)

// joining looks for an order in which the loads of a plan can be put in.
type joining struct {
	*orderer
	plan []freight.Call
	road matcher.Measure
	who  []int            // of each call: the load of the set, -1 for none
	was  []int            // of each call that is not of the set: its index in the plan before
	dead [1 << Exact]bool // sets that do not lead to the end

	from  int     // the plan is the same with any of the loads before this call
	until int     // and from this one on
	legs  []drive // between those calls, measured when asked for
	bills [1 << Exact]bill
	deck  []aboard
}

// bill is what the trip drives between from and until with some of the loads, and how long
// goods are moved out of the way.
type bill struct {
	metres, seconds, moving int64
	known                   bool
}

type drive struct {
	metres, seconds int64
	known           bool
}

// aboard is a load that went in through the rear doors.
type aboard struct {
	load    freight.ID
	seconds int64 // to move it
}

// begin looks at another plan.
func (j *joining) begin(plan []freight.Call) {
	j.plan, j.who, j.was = plan, j.who[:0], j.was[:0]
	if j.road = j.fit.Measure; j.fit.By != nil {
		j.road = j.fit.By(j.trip.Router)
	}
	j.dead, j.bills = [1 << Exact]bool{}, [1 << Exact]bill{}
	j.from, j.until = -1, 0
	before := 0
	for i := range plan {
		k := -1
		if plan[i].Own < 0 {
			k = slices.IndexFunc(j.loads, func(l *freight.Load) bool { return l.ID == plan[i].Load })
		}
		j.was = append(j.was, before)
		if j.who = append(j.who, k); k < 0 {
			before++
		} else {
			j.until = min(i+2, len(plan))
			if j.from < 0 {
				j.from = i - 1
			}
		}
	}
	n := j.until - j.from
	j.legs = append(j.legs[:0], make([]drive, n*n)...)
}

// affords tells whether the loads that a set lacks can be put in so that each pays what it
// causes, by drives alone: that it keeps all other rules follows from the whole plan, where
// drives obey the triangle rule, and is looked at when they are put in.
func (j *joining) affords(set int) bool {
	if set == 1<<len(j.loads)-1 {
		return true
	}
	for k, l := range j.loads {
		if next := set | 1<<k; next != set && !j.dead[next] && j.price(set, next, l) <= l.Ceiling && j.affords(next) {
			return true
		}
	}
	j.dead[set] = true
	return false
}

// price is what a load pays that makes the set the next one.
func (j *joining) price(set, next int, l *freight.Load) freight.Fen {
	a, b, v := j.bill(set), j.bill(next), &j.trip.Vehicle
	service := l.Pickup.ServiceS + l.Delivery.ServiceS
	return j.fit.Costs.Price(v.Type, b.metres-a.metres, b.seconds-a.seconds+service, j.trip.Least) + v.Rehandling(b.moving-a.moving)
}

func (j *joining) bill(set int) *bill {
	b := &j.bills[set]
	if b.known {
		return b
	}
	b.known = true
	at := j.from
	for i := j.from + 1; i < j.until; i++ {
		if k := j.who[i]; k >= 0 && set>>k&1 == 0 {
			continue
		}
		d := j.leg(at, i)
		b.metres, b.seconds, at = b.metres+d.metres, b.seconds+d.seconds, i
	}
	if j.trip.Vehicle.Rehandle > 0 {
		b.moving = j.moving(set)
	}
	return b
}

// leg is the drive between two calls of the plan.
func (j *joining) leg(a, b int) *drive {
	d := &j.legs[(a-j.from)*(j.until-j.from)+b-j.from]
	switch {
	case d.known:
	case j.who[a] < 0 && j.who[b] < 0: // with nobody between
		call := &j.trip.Plan[j.was[b]]
		*d = drive{call.LegM, call.LegS, true}
	default:
		leg := j.road(j.plan[a].Point, j.plan[b].Point)
		*d = drive{leg.Metres, leg.Seconds, true}
	}
	return d
}

// moving is for how many seconds goods are moved with a set of the loads.
func (j *joining) moving(set int) (seconds int64) {
	j.deck = j.deck[:0]
	for i := range j.plan {
		call := &j.plan[i]
		if k := j.who[i]; !call.Cargo.Rear || k >= 0 && set>>k&1 == 0 {
			continue
		}
		if call.Kind == freight.CallPickup {
			j.deck = append(j.deck, aboard{call.Load, call.Cargo.RehandleS})
			continue
		}
		at := slices.IndexFunc(j.deck, func(a aboard) bool { return a.load == call.Load })
		for _, behind := range j.deck[at+1:] {
			seconds += behind.seconds
		}
		j.deck = slices.Delete(j.deck, at, at+1)
	}
	return seconds
}

// put goes on from a plan that has a set of the loads.
func (j *joining) put(set int, plan []freight.Call, r Riding, cost int64) (Riding, int64, bool) {
	if set == 1<<len(j.loads)-1 {
		return r, cost, true
	}
	probe := *j.trip
	probe.Plan = plan
	for k := range j.loads {
		if set>>k&1 == 1 || j.dead[set|1<<k] {
			continue
		}
		at := j.spot(set, k)
		v := j.fit.At(&probe, j.loads[k], at)
		if !v.OK {
			continue
		}
		if whole, sum, ok := j.put(set|1<<k, v.Plan, r.with(v.Plan, j.ids[k], at), cost+int64(j.loads[k].Alone)-v.Value); ok {
			return whole, sum, true
		}
	}
	j.dead[set] = true
	return r, cost, false
}

// spot is where a load's calls come in the plan once only a set of the loads is in.
func (j *joining) spot(set, load int) (at freight.Spot) {
	n := 0
	for i := range j.plan {
		call := &j.plan[i]
		k := j.who[i]
		ours := k >= 0
		switch {
		case ours && k == load && call.Kind == freight.CallPickup:
			at.PickupAt = n
		case ours && k == load:
			at.DeliveryAt = n
		case ours && set>>k&1 == 0:
			continue
		}
		n++
	}
	return at
}
