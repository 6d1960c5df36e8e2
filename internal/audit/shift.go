package audit

import "pinhuo/freight"

// A load that went in through the rear doors after another and comes out after it is taken
// out for the other's sake and put back, if its shipper and the operator let it. The truck
// stands that much longer where the other is unloaded.

// outside lists the loads that are between that of halt k and the rear doors, from the
// halts before.
func outside(halts []halt, k int) (list []*halt) {
	mine := &halts[k]
	if mine.own >= 0 || mine.up || mine.load == "" || !mine.cargo.Rear {
		return nil
	}
	from := 0
	for halts[from].load != mine.load || halts[from].own >= 0 {
		from++
	}
	still := map[freight.ID]*halt{}
	for i := from + 1; i < k; i++ {
		switch h := &halts[i]; {
		case h.own >= 0 || h.load == "" || !h.cargo.Rear:
		case h.up:
			still[h.load] = h
		default:
			delete(still, h.load)
		}
	}
	for i := from + 1; i < k; i++ {
		if halts[i].up && still[halts[i].load] == &halts[i] {
			list = append(list, &halts[i])
		}
	}
	return list
}

// shift makes the halts longer at which the tried load, or another for its sake, is moved, and
// returns by how many seconds all together.
func (t *trial) shift() (all int64) {
	if t.trip.Vehicle.Rehandle == 0 {
		return 0
	}
	for k := range t.halts {
		h := &t.halts[k]
		for _, o := range outside(t.halts, k) {
			if h.tried || o.tried {
				h.service += o.cargo.RehandleS
				h.door.service += o.cargo.RehandleS
				all += o.cargo.RehandleS
			}
		}
	}
	return all
}

// shifts wants a plan to give each call the time that moving goods takes there. What
// had been left when goods were taken off the truck may have more.
func (c *course) shifts(t *freight.Trip, kept int) {
	halts := make([]halt, len(t.Plan))
	for k := range t.Plan {
		call := &t.Plan[k]
		halts[k] = halt{own: call.Own, load: call.Load, up: call.Kind == freight.CallPickup, cargo: call.Cargo}
	}
	for k := range t.Plan {
		var needs int64
		for _, o := range outside(halts, k) {
			needs += o.cargo.RehandleS
		}
		if has := t.Plan[k].RehandleS; has < needs || has > needs && k >= kept {
			c.note(PlanCall, t, Number{"call", int64(k)}, Number{"rehandle_s", has}, Number{"takes_s", needs})
		}
	}
}
