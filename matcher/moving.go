package matcher

import "pinhuo/freight"

// blocking is who stands in whose way at the rear doors, where what goes in last comes
// out first, if the load goes in at one place of the plan.
//
// Somebody stands in the way of another's delivery who was picked up after him and is
// still aboard. If he may be moved he is taken out and put back, in the order in which he
// stood, so that what is true of one delivery is true of all. A plan with fewer loads has at
// each delivery only some of those in the way: it never needs more.
type blocking struct {
	stuck int64 // loads in the way that may not be moved
	own   int64 // seconds of moving at the load's own delivery, were it now
	all   int64 // at those of others
}

// pass takes the load, picked up before call i, past call k.
func (b *blocking) pass(s *survey, k, i int) {
	call := &s.trip.Plan[k]
	if !s.cargo.Rear || !call.Cargo.Rear {
		return
	}
	behind := int64(1)
	if call.Kind == freight.CallDelivery {
		if s.origin[k] < i { // the load stands before his door
			b.all += s.cargo.RehandleS
			if !s.movable() {
				b.stuck++
			}
			return
		}
		behind = -1
	}
	if b.own += behind * call.Cargo.RehandleS; call.Cargo.RehandleS == 0 {
		b.stuck += behind
	}
}

// blocked is who is in the way of the load, and in whose it is, between call i and the
// delivery before call j.
func (s *survey) blocked(i, j int) (b blocking) {
	for k := i; k < j; k++ {
		b.pass(s, k, i)
	}
	return b
}

// movable tells whether the load may be moved out of the way.
func (s *survey) movable() bool { return s.cargo.RehandleS > 0 }

// passed is call k of the plan as it is with the load aboard, picked up before call i: a
// delivery that the load stands in the way of takes longer.
func (s *survey) passed(k, i int) *freight.Call {
	call := &s.trip.Plan[k]
	if !s.movable() || !call.Cargo.Rear || call.Kind != freight.CallDelivery || s.origin[k] >= i {
		return call
	}
	s.longer = *call
	s.longer.ServiceS += s.cargo.RehandleS
	s.longer.RehandleS += s.cargo.RehandleS
	return &s.longer
}

// unloading is the load's delivery with so many seconds of moving others.
func (s *survey) unloading(seconds int64) *freight.Stop {
	if seconds == 0 {
		return &s.load.Delivery
	}
	s.drop = s.load.Delivery
	s.drop.ServiceS += seconds
	return &s.drop
}

// eased is by how many seconds less call k of a plan takes once the load picked up at call
// up, which is still aboard there, is gone.
func eased(plan []freight.Call, up, k int) int64 {
	call := &plan[k]
	if up < 0 || call.RehandleS == 0 {
		return 0
	}
	for i := up + 1; i < k; i++ {
		if plan[i].Kind == freight.CallPickup && plan[i].Load == call.Load {
			return 0 // the load stood before it
		}
	}
	return plan[up].Cargo.RehandleS
}
