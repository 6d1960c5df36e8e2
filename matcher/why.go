package matcher

import (
	"math/bits"

	"pinhuo/freight"
	"pinhuo/matcher/deck"
)

// fault is one broken limit and by how much.
type fault struct {
	reason freight.Reason
	by     int64
}

// unitOf returns what a fault's amount counts.
func unitOf(r freight.Reason) string {
	switch r {
	case freight.ReasonWindowPickup, freight.ReasonWindowDelivery, freight.ReasonCalendar,
		freight.ReasonRiderDelay, freight.ReasonGate, freight.ReasonBan, freight.ReasonHours, freight.ReasonDetourTime:
		return "s"
	case freight.ReasonWeight, freight.ReasonHazmat:
		return "g"
	case freight.ReasonDeckLoad:
		return "g/m"
	case freight.ReasonUnloadOrder, freight.ReasonFood:
		return "loads"
	case freight.ReasonTemperature:
		return "°C"
	case freight.ReasonVolume:
		return "ml"
	case freight.ReasonDeck, freight.ReasonPiece:
		return "mm"
	case freight.ReasonDetourDistance, freight.ReasonOffRoad:
		return "m"
	case freight.ReasonStops:
		return "stops"
	case freight.ReasonPrice:
		return "fen"
	}
	return ""
}

// vehicleFault judges what no insertion can change: capabilities (by how many
// are missing), pieces (by how many mm the worst one is too large for the inner
// box or the door, in the dimension where it is worst) and what a metre of deck
// bears.
func (s *survey) vehicleFault() (fault, bool) {
	v, load := &s.trip.Vehicle, s.load
	if lacks := asks(load) &^ able(v); lacks != 0 {
		return fault{freight.ReasonEquipment, int64(bits.OnesCount32(uint32(lacks)))}, true
	}
	var by int64
	for i := range load.Size.Pieces {
		p := &load.Size.Pieces[i]
		by = max(by, tooLarge(v.Inner, *p), outsideDoor(v, p))
	}
	if by > 0 {
		return fault{freight.ReasonPiece, by}, true
	}
	s.take, s.cargo = deck.Take(&load.Size, v), load.Cargo(v)
	if v.DeckGrams > 0 {
		by = s.perMetre() - v.DeckGrams
	}
	return fault{freight.ReasonDeckLoad, by}, by > 0
}

// What a vehicle can do that is not stated as a capability.
const (
	cools freight.Capability = 1 << 31 >> iota
	opensAlong
)

// able is everything that the vehicle can do.
func able(v *freight.VehicleTerms) freight.Capability {
	has := v.Has
	if v.Doors == freight.DoorsSide || has.Has(freight.CapSideOpen) {
		has |= opensAlong
	}
	if v.Cools != (freight.Temp{}) {
		has |= cools
	}
	return has
}

// asks is everything that the load asks a vehicle to be able to do.
func asks(load *freight.Load) freight.Capability {
	needs := load.Requires()
	if load.Size.Access == freight.AccessSide {
		needs |= opensAlong
	}
	if load.Care.Temp != (freight.Temp{}) {
		needs |= cools
	}
	return needs
}

// outsideDoor is by how many mm a piece does not pass the rear doors, upright and
// the narrow side first, of a vehicle that opens nowhere else.
func outsideDoor(v *freight.VehicleTerms, p *freight.Piece) int64 {
	var by int64
	if v.OpensAside() {
		return 0
	}
	if v.DoorH > 0 {
		by = p.HeightMM - v.DoorH
	}
	if v.DoorW > 0 {
		by = max(by, min(p.LengthMM, p.WidthMM)-v.DoorW)
	}
	return by
}

// perMetre is the grams that the load puts on a metre of the vehicle's deck.
func (s *survey) perMetre() int64 {
	area := s.take.FloorMM * freight.StandardDeckMM
	if area == 0 {
		return 0 // nothing is known of its floor
	}
	return (s.load.Size.Grams*s.trip.Vehicle.Inner.WidthMM*1000 + area - 1) / area
}

func tooLarge(in freight.Inner, p freight.Piece) int64 {
	return max(
		p.HeightMM-in.HeightMM,
		max(p.LengthMM, p.WidthMM)-max(in.LengthMM, in.WidthMM),
		min(p.LengthMM, p.WidthMM)-min(in.LengthMM, in.WidthMM),
	)
}

// nearest returns the fault of the insertion that came nearest: the latest in
// judging order, then the smallest amount, then the smallest i and j.
func (s *survey) nearest() fault {
	var best fault
	rank := -1
	for i := s.first; i <= s.lastUp; i++ {
		for j := i; j <= s.last; j++ {
			switch {
			case rank == freight.ReasonHours.Rank():
				s.enough = best.by
			case rank > freight.ReasonHours.Rank():
				s.enough = 0
			}
			broken, bad := s.judge(i, j)
			if !bad {
				continue
			}
			r := broken.reason.Rank()
			if r > rank || r == rank && broken.by < best.by {
				best, rank = broken, r
			}
			if broken.reason == freight.ReasonWindowPickup {
				break // and so it is wherever the delivery goes
			}
		}
	}
	return best
}

// judge drives one insertion exactly and returns the first limit it breaks, in
// judging order.
func (s *survey) judge(i, j int) (fault, bool) {
	if broken, bad := s.clock(i, j); bad {
		return broken, true
	}
	if broken, bad := s.crowded(i, j); bad {
		return broken, true
	}
	way := s.blocked(i, j)
	if way.stuck > 0 {
		return fault{freight.ReasonUnloadOrder, way.stuck}, true
	}
	if broken, bad := s.mixed(i, j); bad {
		return broken, true
	}
	if over := s.riders + 2 - s.trip.Limits.ExtraStops; over > 0 {
		return fault{freight.ReasonStops, over}, true
	}
	in := s.detour(i, j)
	in.moving = way.own + way.all
	if !s.trip.Roaming {
		if over := s.spentM + in.metres - s.trip.Limits.DetourM; over > 0 {
			return fault{freight.ReasonDetourDistance, over}, true
		}
		if over := s.spentS + in.seconds - s.trip.Limits.DetourS; over > 0 {
			return fault{freight.ReasonDetourTime, over}, true
		}
	}
	if over := s.price(in) - s.load.Ceiling; over > 0 {
		return fault{freight.ReasonPrice, int64(over)}, true
	}
	return fault{}, false
}

// crowded judges the room on every leg between pickup and delivery.
func (s *survey) crowded(i, j int) (fault, bool) {
	least := s.free[i-1]
	for k := i; k < j; k++ {
		least = least.Min(s.free[k])
	}
	short := s.take.Minus(least)
	switch least.Lacks(s.take) {
	case freight.ReasonWeight:
		return fault{freight.ReasonWeight, short.Grams}, true
	case freight.ReasonVolume:
		return fault{freight.ReasonVolume, short.Millilitres}, true
	case freight.ReasonDeck:
		return fault{freight.ReasonDeck, short.FloorMM}, true
	}
	return fault{}, false
}

// minded is which hours of the places on the way a truck keeps.
type minded uint8

const (
	mindNothing minded = iota
	mindGates
	mindBans // and gates
)

// walk is a truck driving on: when it left, and the worst it has been late so
// far, in milliseconds, at the trip's own stops or past its horizon, and at
// the stops of other riders.
type walk struct {
	mind     minded
	vehicle  *freight.VehicleTerms
	horizon  freight.Instant
	leave    freight.Instant
	calendar freight.Instant
	rider    freight.Instant
}

// visit drives to a stop and serves it; it returns by how much it is late.
func (w *walk) visit(driveS int64, window freight.Window, opens freight.Openings) freight.Instant {
	start := max(w.leave.After(driveS), window.Open)
	switch w.mind {
	case mindGates:
		start = opens.Unbanned().Next(start)
	case mindBans:
		start = opens.Next(start)
	}
	w.leave = start.After(opens.ServiceS)
	w.calendar = max(w.calendar, w.leave-w.horizon)
	return start - window.Close
}

// pass visits a call that was in the plan before.
func (w *walk) pass(call *freight.Call, driveS int64) {
	late := w.visit(driveS, call.Window, call.Openings(w.vehicle))
	if call.Own >= 0 {
		w.calendar = max(w.calendar, late)
	} else {
		w.rider = max(w.rider, late)
	}
}

// clock drives the plan with the load in it and judges every time. What is late with all
// gates and bans minded is late at first as if every gate stood open, then as if trucks
// might be everywhere; what is in time then still has to leave the drivers their rests.
func (s *survey) clock(i, j int) (fault, bool) {
	gates, bans := s.restricted()
	strictest := mindNothing
	switch {
	case bans:
		strictest = mindBans
	case gates:
		strictest = mindGates
	}
	if broken, bad := s.drive(i, j, strictest); bad {
		return s.firstLate(i, j, strictest, broken), true
	}
	by := s.tired(i, j)
	return fault{freight.ReasonHours, by}, by > 0
}

// firstLate names what makes a plan late that is late with so much minded.
func (s *survey) firstLate(i, j int, strictest minded, broken fault) fault {
	if strictest == mindNothing {
		return broken
	}
	if freely, bad := s.drive(i, j, mindNothing); bad {
		return freely
	}
	if strictest == mindGates {
		return fault{freight.ReasonGate, broken.by}
	}
	if gated, bad := s.drive(i, j, mindGates); bad {
		return fault{freight.ReasonGate, gated.by}
	}
	return fault{freight.ReasonBan, broken.by}
}

// restricted tells whether any place on the way has a gate, or bans.
func (s *survey) restricted() (gates, bans bool) {
	p, d := &s.load.Pickup, &s.load.Delivery
	gates, bans = p.Gate != "" || d.Gate != "", p.Bans != "" || d.Bans != ""
	for k := range s.trip.Plan {
		gates = gates || s.trip.Plan[k].Gate != ""
		bans = bans || s.trip.Plan[k].Bans != ""
	}
	return gates, bans
}

func (s *survey) drive(i, j int, mind minded) (fault, bool) {
	plan, p, d := s.trip.Plan, &s.load.Pickup, s.unloading(s.blocked(i, j).own)
	w := walk{leave: s.early[i-1], horizon: s.horizon, mind: mind, vehicle: &s.trip.Vehicle}
	if late := w.visit(s.legs[i-1].toPickup.s, p.Window, p.Openings(w.vehicle)); late > 0 {
		return fault{freight.ReasonWindowPickup, wholeSeconds(late)}, true
	}
	next := s.haul.s
	if j > i {
		for k := i; k < j; k++ {
			w.pass(s.passed(k, i), s.onto(k, i, s.legs[k].fromPickup.s))
		}
		next = s.legs[j-1].toDelivery.s
	}
	if late := w.visit(next, d.Window, d.Openings(w.vehicle)); late > 0 {
		return fault{freight.ReasonWindowDelivery, wholeSeconds(late)}, true
	}
	if j < len(plan) {
		w.pass(&plan[j], s.legs[j].fromDelivery.s)
		for k := j + 1; k < len(plan); k++ {
			w.pass(&plan[k], plan[k].LegS)
		}
	}
	if w.calendar > 0 {
		return fault{freight.ReasonCalendar, wholeSeconds(w.calendar)}, true
	}
	if w.rider > 0 {
		return fault{freight.ReasonRiderDelay, wholeSeconds(w.rider)}, true
	}
	return fault{}, false
}

// wholeSeconds rounds a lateness up.
func wholeSeconds(late freight.Instant) int64 {
	return int64((late + freight.Second - 1) / freight.Second)
}
