package audit

import (
	"math/bits"

	"pinhuo/freight"
)

// rider is a load aboard, by what the rules of mixing and unloading ask.
type rider struct {
	load  freight.ID
	cargo freight.Cargo
	grams int64
	tried bool
}

// cargoOf works out what the rules must know of a load on a vehicle.
func cargoOf(l *freight.LoadTerms, v *freight.VehicleTerms) freight.Cargo {
	c := freight.Cargo{Temp: l.Care.Temp, Food: l.Care.Food}
	if h := l.Care.Hazmat; h.Class != "" {
		c.Danger = freight.DangerFull
		if h.Limited && l.Size.Grams <= 8_000_000 {
			c.Danger = freight.DangerLimited
		}
	}
	reached := v.Doors == freight.DoorsSide || v.Has&(freight.CapSideOpen|freight.CapOpenTop) != 0
	c.Rear = l.Size.Access == freight.AccessRear || v.Doors == freight.DoorsRear && !reached
	if c.Rear && l.Care.Rehandle && v.Rehandle > 0 {
		c.RehandleS = l.Size.RehandleS(l.Needs)
	}
	return c
}

// wants counts what the load asks for and the vehicle cannot do.
func wants(l *freight.LoadTerms, v *freight.VehicleTerms) int64 {
	needs := l.Needs
	var n int64
	switch l.Size.Access {
	case freight.AccessTop:
		needs |= freight.CapOpenTop
	case freight.AccessSide:
		if v.Doors != freight.DoorsSide && v.Has&freight.CapSideOpen == 0 {
			n++
		}
	case freight.AccessAny, freight.AccessRear:
	}
	if cargoOf(l, v).Danger == freight.DangerFull {
		needs |= freight.CapHazmat
	}
	if l.Care.Temp != (freight.Temp{}) && v.Cools == (freight.Temp{}) {
		n++
	}
	return n + int64(bits.OnesCount32(uint32(needs&^v.Has)))
}

// narrow is by how many mm a piece does not pass the only door.
func narrow(v *freight.VehicleTerms, p freight.Piece) int64 {
	if v.Doors == freight.DoorsSide || v.Has&(freight.CapSideOpen|freight.CapOpenTop) != 0 {
		return 0
	}
	var by int64
	if v.DoorH > 0 {
		by = max(by, p.HeightMM-v.DoorH)
	}
	if v.DoorW > 0 {
		by = max(by, min(p.LengthMM, p.WidthMM)-v.DoorW)
	}
	return by
}

// presses is by how many grams a metre the load is too heavy for the deck.
func presses(l *freight.LoadTerms, v *freight.VehicleTerms) int64 {
	if v.DeckGrams == 0 {
		return 0
	}
	mm2 := floor(&l.Size, v.Inner).FloorMM * freight.StandardDeckMM
	if mm2 == 0 {
		return 0
	}
	return max(0, (l.Size.Grams*v.Inner.WidthMM*1000+mm2-1)/mm2-v.DeckGrams)
}

// company judges the loads on board on every leg on which the tried one is, and
// the order in which they come out.
func (t *trial) company() Finding {
	var aboard []rider
	var inTheWay, gap, grams, beside int64
	own := 0
	for k := range t.halts {
		h := &t.halts[k]
		if h.own >= 0 {
			own = h.own
		}
		switch {
		case h.own >= 0:
		case h.up:
			aboard = append(aboard, rider{h.load, h.cargo, h.take.Grams, h.tried})
		default:
			var over int64
			aboard, over = takeOut(aboard, h.load)
			inTheWay += over
		}
		d, g, b := t.quarrel(aboard, own)
		gap, grams, beside = max(gap, d), max(grams, g), max(beside, b)
	}
	switch {
	case inTheWay > 0:
		return Finding{Reason: freight.ReasonUnloadOrder, By: inTheWay}
	case gap > 0:
		return Finding{Reason: freight.ReasonTemperature, By: gap}
	case grams > 0:
		return Finding{Reason: freight.ReasonHazmat, By: grams}
	case beside > 0:
		return Finding{Reason: freight.ReasonFood, By: beside}
	}
	return Finding{}
}

// takeOut removes a load and counts those between it and the rear doors that may not be moved,
// where that concerns the tried one.
func takeOut(aboard []rider, load freight.ID) (left []rider, over int64) {
	for at, r := range aboard {
		if r.load != load {
			continue
		}
		for _, behind := range aboard[at+1:] {
			if r.cargo.Rear && behind.cargo.Rear && behind.cargo.RehandleS == 0 && (r.tried || behind.tried) {
				over++
			}
		}
		return append(aboard[:at:at], aboard[at+1:]...), over
	}
	return aboard, 0
}

// quarrel holds the tried load, if it is aboard, against all the others: degrees
// apart, grams too many, and loads that must not be beside it.
func (t *trial) quarrel(aboard []rider, own int) (gap, grams, beside int64) {
	var mine *rider
	var all, limited int64
	lone := false
	box := t.trip.Vehicle.Cools
	for i := range aboard {
		r := &aboard[i]
		if r.tried {
			mine = r
			continue
		}
		all += r.grams
		lone = lone || r.cargo.Danger == freight.DangerFull
		if r.cargo.Danger == freight.DangerLimited {
			limited += r.grams
		}
		if w := r.cargo.Temp; w != (freight.Temp{}) {
			box = freight.Temp{Low: max(box.Low, w.Low), High: min(box.High, w.High)}
		}
	}
	if mine == nil {
		return 0, 0, 0
	}
	for i := range aboard {
		if r := &aboard[i]; !r.tried && (r.cargo.Food && mine.cargo.Danger > 0 || mine.cargo.Food && r.cargo.Danger > 0) {
			beside++
		}
	}
	if w := mine.cargo.Temp; w != (freight.Temp{}) {
		gap = max(0, int64(w.Low)-int64(box.High), int64(box.Low)-int64(w.High))
	}
	switch {
	case mine.cargo.Danger == freight.DangerFull:
		grams = all + max(0, t.trip.Vehicle.Payload-spared(t.trip, own).Grams)
	case lone:
		grams = max(1, mine.grams)
	case mine.cargo.Danger == freight.DangerLimited:
		grams = max(0, limited+mine.grams-8_000_000)
	}
	return gap, grams, beside
}

// mixes wants everybody on board to suit everybody else, and to come out in
// order.
func (c *course) mixes(t *freight.Trip) {
	judged := trial{trip: t}
	plain := true
	for k := range t.Plan {
		call := &t.Plan[k]
		judged.halts = append(judged.halts, halt{own: call.Own, take: call.Take, load: call.Load,
			up: call.Kind == freight.CallPickup, cargo: call.Cargo})
		plain = plain && call.Cargo == freight.Cargo{}
	}
	for k := range t.Plan {
		if plain || t.Plan[k].Kind != freight.CallPickup {
			continue
		}
		for i := range judged.halts {
			judged.halts[i].tried = judged.halts[i].own < 0 && judged.halts[i].load == t.Plan[k].Load
		}
		switch broken := judged.company(); broken.Reason {
		case freight.NoReason:
		case freight.ReasonUnloadOrder:
			c.note(UnloadBlocked, t, Number{"call", int64(k)}, Number{"loads", broken.By})
		default:
			c.note(MixForbidden, t, Number{"call", int64(k)}, Number{"rank", int64(broken.Reason.Rank())}, Number{"by", broken.By})
		}
	}
}
