package matcher_test

import (
	"slices"

	"pinhuo/freight"
	"pinhuo/matcher/deck"
)

// unsuited is what no way of driving mends, found by counting.
func unsuited(v *freight.VehicleTerms, load *freight.Load) (freight.Reason, int64, string) {
	lacks := int64(0)
	need := func(needed, has bool) {
		if needed && !has {
			lacks++
		}
	}
	opens := v.Doors == freight.DoorsSide || v.Has&(freight.CapSideOpen|freight.CapOpenTop) != 0
	for bit := freight.CapBox; bit <= freight.CapHazmat; bit <<= 1 {
		asked := load.Needs&bit != 0
		asked = asked || bit == freight.CapOpenTop && load.Size.Access == freight.AccessTop
		asked = asked || bit == freight.CapHazmat && load.Care.Hazmat.Class != "" && (!load.Care.Hazmat.Limited || load.Size.Grams > 8_000_000)
		need(asked, v.Has&bit != 0)
	}
	need(load.Size.Access == freight.AccessSide, v.Doors == freight.DoorsSide || v.Has&freight.CapSideOpen != 0)
	need(load.Care.Temp.High > load.Care.Temp.Low, v.Cools.High > v.Cools.Low)
	if lacks > 0 {
		return freight.ReasonEquipment, lacks, ""
	}
	in, by := v.Inner, int64(0)
	for _, p := range load.Size.Pieces {
		long, short := max(p.LengthMM, p.WidthMM), min(p.LengthMM, p.WidthMM)
		by = max(by, p.HeightMM-in.HeightMM, long-max(in.LengthMM, in.WidthMM), short-min(in.LengthMM, in.WidthMM))
		if !opens && v.DoorH > 0 {
			by = max(by, p.HeightMM-v.DoorH)
		}
		if !opens && v.DoorW > 0 {
			by = max(by, short-v.DoorW)
		}
	}
	if by > 0 {
		return freight.ReasonPiece, by, "mm"
	}
	if floor := deck.Take(&load.Size, v).FloorMM; v.DeckGrams > 0 && floor > 0 {
		over := 0 // the least grams a metre that would do
		for load.Size.Grams*1000*v.Inner.WidthMM > (v.DeckGrams+int64(over))*floor*2400 {
			over += 1000
		}
		for over > 0 && load.Size.Grams*1000*v.Inner.WidthMM <= (v.DeckGrams+int64(over)-1)*floor*2400 {
			over--
		}
		if over > 0 {
			return freight.ReasonDeckLoad, int64(over), "g/m"
		}
	}
	return freight.NoReason, 0, ""
}

// ill finds who may not be aboard together with the load, which is picked up at
// call p and delivered at call d, or is in the way of whom.
func ill(trip *freight.Trip, plan []freight.Call, load freight.ID) (freight.Reason, int64, string) {
	if n := stuck(plan, load); n > 0 {
		return freight.ReasonUnloadOrder, n, "loads"
	}
	var gap, grams, beside int64
	for k := range plan {
		on := riding(plan, k)
		mine := on[load]
		if mine == nil {
			continue
		}
		delete(on, load)
		gap = max(gap, cold(trip, mine, on))
		grams = max(grams, tooDangerous(trip, plan, k, mine, on))
		var n int64
		for _, other := range on {
			if mine.Cargo.Food && other.Cargo.Danger > 0 || mine.Cargo.Danger > 0 && other.Cargo.Food {
				n++
			}
		}
		beside = max(beside, n)
	}
	switch {
	case gap > 0:
		return freight.ReasonTemperature, gap, "°C"
	case grams > 0:
		return freight.ReasonHazmat, grams, "g"
	case beside > 0:
		return freight.ReasonFood, beside, "loads"
	}
	return freight.NoReason, 0, ""
}

// riding is who is aboard when call k is left, by their pickups.
func riding(plan []freight.Call, k int) map[freight.ID]*freight.Call {
	on := map[freight.ID]*freight.Call{}
	for i := range plan[:k+1] {
		switch c := &plan[i]; c.Kind {
		case freight.CallPickup:
			on[c.Load] = c
		case freight.CallDelivery:
			delete(on, c.Load)
		}
	}
	return on
}

// cold is how many degrees lie between what the load wants and what the box is
// kept at for the others.
func cold(trip *freight.Trip, mine *freight.Call, on map[freight.ID]*freight.Call) int64 {
	none := freight.Temp{}
	if mine.Cargo.Temp == none {
		return 0
	}
	low, high := trip.Vehicle.Cools.Low, trip.Vehicle.Cools.High
	for _, other := range on {
		if t := other.Cargo.Temp; t != none {
			low, high = max(low, t.Low), min(high, t.High)
		}
	}
	return max(0, int64(mine.Cargo.Temp.Low)-int64(high), int64(low)-int64(mine.Cargo.Temp.High))
}

func tooDangerous(trip *freight.Trip, plan []freight.Call, k int, mine *freight.Call, on map[freight.ID]*freight.Call) int64 {
	var all, limited int64
	alone := false
	for _, other := range on {
		all += other.Take.Grams
		switch other.Cargo.Danger {
		case freight.DangerFull:
			alone = true
		case freight.DangerLimited:
			limited += other.Take.Grams
		}
	}
	switch {
	case mine.Cargo.Danger == freight.DangerFull:
		return all + max(0, trip.Vehicle.Payload-roomAt(trip, plan, k).Grams)
	case alone:
		return max(1, mine.Take.Grams)
	case mine.Cargo.Danger == freight.DangerLimited:
		return max(0, limited+mine.Take.Grams-8_000_000)
	}
	return 0
}

// inTheWay lists the loads that stand between that of call k, a delivery, and the rear doors,
// and adds up how long it takes to move those that may be.
func inTheWay(plan []freight.Call, k int) (list []freight.Call, seconds int64) {
	if plan[k].Kind != freight.CallDelivery || !plan[k].Cargo.Rear {
		return nil, 0
	}
	for at := k - 1; plan[at].Load != plan[k].Load; at-- {
		c := plan[at]
		gone := slices.ContainsFunc(plan[at:k], func(d freight.Call) bool { return d.Kind == freight.CallDelivery && d.Load == c.Load })
		if c.Kind == freight.CallPickup && c.Cargo.Rear && !gone {
			list, seconds = append(list, c), seconds+c.Cargo.RehandleS
		}
	}
	return list, seconds
}

// stuck counts how often the load stands in the way of another at the rear doors or another
// in its, and may not be moved.
func stuck(plan []freight.Call, load freight.ID) (n int64) {
	for k := range plan {
		blockers, _ := inTheWay(plan, k)
		for _, c := range blockers {
			if (c.Load == load || plan[k].Load == load) && c.Cargo.RehandleS == 0 {
				n++
			}
		}
	}
	return n
}
