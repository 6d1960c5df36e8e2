package audit

import (
	"pinhuo/freight"
	"pinhuo/geo"
)

// Judge tries loads on trucks by driving every way of serving them. Router
// must be the one that the trips were announced with, or know by name those that
// they were, Costs the cost file of
// the market.
type Judge struct {
	Router geo.Router
	Costs  freight.Costs
	// Holds says that the exchange keeps room for what it knows of: a load that fits
	// may wait for its answer and, once it has had one, for its end, without any
	// operator being asked.
	Holds  bool
	TopOff bool // trucks that are under way may turn off the drive they are on
}

// Finding is what became of a load tried on a truck. Where it does not fit,
// Reason is the limit broken by the way of serving it that came nearest, and By
// how much is missing in the unit of the limit.
type Finding struct {
	Fits   bool
	Reason freight.Reason
	By     int64
}

// Try drives the trip at the instant with the load put in at every place, and
// returns whether one of them keeps every limit of the trip, the load and the
// loads already in the plan. The states of trip and load and the lease are the
// caller's to look at.
func (j *Judge) Try(trip *freight.Trip, load *freight.Load, now freight.Instant) Finding {
	return j.trial(trip, load, now).run()
}

func (t *trial) run() Finding {
	var aside *trial
	if t.judge.TopOff {
		aside = t.aside()
	}
	if t.driven > t.end && aside == nil {
		return Finding{Reason: freight.ReasonWindowPickup}
	}
	if broken := t.vehicle(); broken.Reason != freight.NoReason {
		return broken
	}
	t.survey()
	if t.haul.s >= geo.UnreachableS {
		return Finding{Reason: freight.ReasonOffRoad, By: t.haul.m}
	}
	found, rank := t.everyPlace()
	if aside == nil || found.Fits {
		return found
	}
	return aside.orElse(t, found, rank)
}

// router is the one that the trip was announced with.
func (j *Judge) router(trip *freight.Trip) geo.Router {
	if guide, ok := j.Router.(interface {
		By(method, version string) geo.Router
	}); ok {
		return guide.By(trip.Router.Method, trip.Router.Version)
	}
	return j.Router
}

// driven is how many leading calls are past changing: those the truck has left
// and the one it is on its way to.
func driven(plan []freight.Call, now freight.Instant) int {
	for k := range plan {
		if plan[k].Leave >= now {
			return k + 1
		}
	}
	return len(plan)
}

// road is a measured drive.
type road struct{ m, s int64 }

// unmeasured marks a road that nobody has asked for.
var unmeasured = road{-1, -1}

// halt is one stop of the drive that is tried.
type halt struct {
	reach      road // from the halt before
	window     freight.Window
	service    int64
	own        int // index of the trip's own stop, -1 for a rider's
	tried      bool
	take       freight.Room
	load       freight.ID
	up         bool // a pickup
	cargo      freight.Cargo
	door       door
	start, out freight.Instant
}

// trial is one load tried on one truck at one moment.
type trial struct {
	judge  *Judge
	router geo.Router
	trip   *freight.Trip
	load   *freight.Load
	now    freight.Instant
	driven int // the load's stops go before a call of at least this index
	end    int // and of at most this one
	lastUp int // its pickup goes before a call of at most this index

	toUp, fromUp, toDown, fromDown []road // between call k and the load's pickup or delivery, measured when asked for
	haul                           road
	before, halts                  []halt // of the present plan, and of the drive that is tried
	shortest                       road   // the drive of the present plan
	shifted                        int64  // seconds of moving goods that the load is the cause of
	take                           freight.Room
	cargo                          freight.Cargo
	noes                           noes        // of the truck's operator
	paid                           freight.Fen // what the load costs at the place that was tried last
}

func (t *trial) road(a, b freight.Point) road {
	m, s := t.router.Between(geo.Point(a), geo.Point(b))
	return road{m, s}
}

// to measures the drive from call k to one of the load's stops, once.
func (t *trial) to(roads []road, k int, stop *freight.Stop) road {
	if roads[k] == unmeasured {
		roads[k] = t.road(t.trip.Plan[k].Point, stop.Place.Point)
	}
	return roads[k]
}

// from measures the drive from one of the load's stops to call k, once.
func (t *trial) from(roads []road, k int, stop *freight.Stop) road {
	if roads[k] == unmeasured {
		roads[k] = t.road(stop.Place.Point, t.trip.Plan[k].Point)
	}
	return roads[k]
}

// vehicle judges what no way of driving mends.
func (t *trial) vehicle() Finding {
	v := &t.trip.Vehicle
	if lacks := wants(&t.load.LoadTerms, v); lacks > 0 {
		return Finding{Reason: freight.ReasonEquipment, By: lacks}
	}
	var worst int64
	for _, p := range t.load.Size.Pieces {
		worst = max(worst, excess(v.Inner, p), narrow(v, p))
	}
	if worst > 0 {
		return Finding{Reason: freight.ReasonPiece, By: worst}
	}
	if over := presses(&t.load.LoadTerms, v); over > 0 {
		return Finding{Reason: freight.ReasonDeckLoad, By: over}
	}
	return Finding{}
}

// excess is by how many mm the piece, upright and turned the better way, is
// larger than the inner box.
func excess(box freight.Inner, p freight.Piece) int64 {
	straight := max(p.LengthMM-box.LengthMM, p.WidthMM-box.WidthMM)
	turned := max(p.LengthMM-box.WidthMM, p.WidthMM-box.LengthMM)
	return max(min(straight, turned), p.HeightMM-box.HeightMM)
}

// survey makes ready to measure what a place in the plan can need.
func (t *trial) survey() {
	n := len(t.trip.Plan)
	t.take, t.cargo = floor(&t.load.Size, t.trip.Vehicle.Inner), cargoOf(&t.load.LoadTerms, &t.trip.Vehicle)
	all := make([]road, 4*n)
	for k := range all {
		all[k] = unmeasured
	}
	t.toUp, t.fromUp, t.toDown, t.fromDown = all[:n], all[n:2*n], all[2*n:3*n], all[3*n:]
	t.haul = t.road(t.load.Pickup.Place.Point, t.load.Delivery.Place.Point)
	room := make([]halt, 2*n+2)
	t.before, t.halts = room[:n:n], room[n:]
	for k := range t.trip.Plan {
		call := &t.trip.Plan[k]
		t.before[k] = halt{reach: road{call.LegM, call.LegS}, window: call.Window, service: call.ServiceS,
			own: call.Own, take: call.Take, load: call.Load, up: call.Kind == freight.CallPickup, cargo: call.Cargo, door: doorOf(call, &t.trip.Vehicle),
			start: call.Start, out: call.Leave}
		t.shortest.m, t.shortest.s = t.shortest.m+call.LegM, t.shortest.s+call.LegS
	}
	t.untired()
}

// untired drives the present plan as if nobody had to rest, and has a truck that has
// done its plan stand until now.
func (t *trial) untired() {
	n := len(t.before)
	if t.driven == n {
		t.before[n-1].out = max(t.before[n-1].out, t.now)
	}
	for k := t.driven; k < n && shiftOf(&t.trip.Duty).binds(); k++ {
		h := &t.before[k]
		h.start = h.door.admits(max(t.before[k-1].out.After(h.reach.s), h.window.Open))
		h.out = h.start.After(h.service)
	}
}

// everyPlace tries them all and returns the first that fits, or the fault of
// the one that came nearest and its rank.
func (t *trial) everyPlace() (nearest Finding, rank int) {
	rank = -2
	for up := t.driven; up <= t.lastUp; up++ {
		if late := t.late(up); late > 0 { // and where the delivery goes does not mend it
			nearest, rank = nearer(nearest, rank, Finding{Reason: freight.ReasonWindowPickup, By: ceilSeconds(late)})
			continue
		}
		for down := up; down <= t.end; down++ {
			broken := t.place(up, down)
			if broken.Reason == freight.NoReason {
				return Finding{Fits: true}, rank
			}
			nearest, rank = nearer(nearest, rank, broken)
		}
	}
	return nearest, rank
}

func nearer(best Finding, rank int, next Finding) (Finding, int) {
	if r := next.Reason.Rank(); r > rank || r == rank && next.By < best.By {
		return next, r
	}
	return best, rank
}

// late is by how much service begins too late at a pickup before call up.
func (t *trial) late(up int) freight.Instant {
	return t.before[up-1].out.After(t.to(t.toUp, up-1, &t.load.Pickup).s) - t.load.Pickup.Window.Close
}

// place judges one place: pickup before call up, delivery before call down.
func (t *trial) place(up, down int) Finding {
	t.lay(up, down)
	late := t.drive(up, allOpen)
	switch {
	case late.delivery > 0:
		return Finding{Reason: freight.ReasonWindowDelivery, By: ceilSeconds(late.delivery)}
	case late.own > 0:
		return Finding{Reason: freight.ReasonCalendar, By: ceilSeconds(late.own)}
	case late.riders > 0:
		return Finding{Reason: freight.ReasonRiderDelay, By: ceilSeconds(late.riders)}
	}
	if by := t.shut(up, false); by > 0 {
		return Finding{Reason: freight.ReasonGate, By: ceilSeconds(by)}
	}
	if by := t.shut(up, true); by > 0 {
		return Finding{Reason: freight.ReasonBan, By: ceilSeconds(by)}
	}
	if by := t.tired(t.driven); by > 0 {
		return Finding{Reason: freight.ReasonHours, By: ceilSeconds(by)}
	}
	if broken := t.room(); broken.Reason != freight.NoReason {
		return broken
	}
	if broken := t.company(); broken.Reason != freight.NoReason {
		return broken
	}
	return t.terms()
}

// lay puts the halts in driving order.
func (t *trial) lay(up, down int) {
	id, size := t.load.ID, t.take
	pickup := halt{reach: t.to(t.toUp, up-1, &t.load.Pickup), window: t.load.Pickup.Window,
		service: t.load.Pickup.ServiceS, own: -1, tried: true, take: size, load: id, up: true, cargo: t.cargo, door: t.doorAt(&t.load.Pickup)}
	delivery := halt{reach: t.haul, window: t.load.Delivery.Window,
		service: t.load.Delivery.ServiceS, own: -1, tried: true, take: freight.Room{}.Minus(size), load: id, cargo: t.cargo, door: t.doorAt(&t.load.Delivery)}
	t.halts = append(append(t.halts[:0], t.before[:up]...), pickup)
	if down > up {
		t.halts = append(t.halts, t.before[up:down]...)
		t.halts[up+1].reach = t.from(t.fromUp, up, &t.load.Pickup)
		delivery.reach = t.to(t.toDown, down-1, &t.load.Delivery)
	}
	t.halts = append(append(t.halts, delivery), t.before[down:]...)
	if down < len(t.before) {
		t.halts[down+2].reach = t.from(t.fromDown, down, &t.load.Delivery)
	}
	t.shifted = t.shift()
}

// lateness is the worst of each kind, in milliseconds; 0 or less is in time.
type lateness struct{ pickup, delivery, own, riders freight.Instant }

// drive sets the times from halt first on; those before keep theirs. What is to be shut says mind.
func (t *trial) drive(first, mind int) lateness {
	var late lateness
	out := t.halts[first-1].out
	for k := first; k < len(t.halts); k++ {
		h := &t.halts[k]
		h.start = max(out.After(h.reach.s), h.window.Open)
		switch mind {
		case gatesShut:
			h.start = letIn(h.door.gate, h.start)
		case allShut:
			h.start = h.door.admits(h.start)
		}
		h.out = h.start.After(h.service)
		out = h.out
		behind := h.start - h.window.Close
		switch {
		case k == first: // by the road alone late has judged it
			late.pickup = behind
		case h.tried:
			late.delivery = behind
		case h.own >= 0:
			late.own = max(late.own, behind)
		default:
			late.riders = max(late.riders, behind)
		}
		if t.trip.Roaming {
			late.own = max(late.own, h.out-t.trip.Horizon)
		}
	}
	return late
}

// room judges every leg on which the load would be aboard.
func (t *trial) room() Finding {
	var aboard, short freight.Room
	own, mine := 0, false
	for k := range t.halts {
		h := &t.halts[k]
		if h.own >= 0 {
			own = h.own
		}
		aboard = aboard.Plus(h.take)
		if h.tried {
			mine = !mine
		}
		if mine {
			short = short.Max(aboard.Minus(spared(t.trip, own)))
		}
	}
	switch {
	case short.Grams > 0:
		return Finding{Reason: freight.ReasonWeight, By: short.Grams}
	case short.Millilitres > 0:
		return Finding{Reason: freight.ReasonVolume, By: short.Millilitres}
	case short.FloorMM > 0:
		return Finding{Reason: freight.ReasonDeck, By: short.FloorMM}
	}
	return Finding{}
}

// spared is the room on the legs that follow the trip's own stop.
func spared(trip *freight.Trip, own int) freight.Room {
	if trip.Roaming {
		own = 0
	}
	return trip.Rooms[min(own, len(trip.Rooms)-1)]
}

// terms judges stops, detour and price.
func (t *trial) terms() Finding {
	var total road
	var riders int64
	for k := range t.halts {
		total.m, total.s = total.m+t.halts[k].reach.m, total.s+t.halts[k].reach.s
		if t.halts[k].own < 0 && t.halts[k].load != "" {
			riders++
		}
	}
	if over := riders - t.trip.Limits.ExtraStops; over > 0 {
		return Finding{Reason: freight.ReasonStops, By: over}
	}
	if !t.trip.Roaming {
		if over := total.m - t.trip.DirectM - t.trip.Limits.DetourM; over > 0 {
			return Finding{Reason: freight.ReasonDetourDistance, By: over}
		}
		if over := total.s - t.trip.DirectS - t.trip.Limits.DetourS; over > 0 {
			return Finding{Reason: freight.ReasonDetourTime, By: over}
		}
	}
	service := t.load.Pickup.ServiceS + t.load.Delivery.ServiceS
	price := price(&t.judge.Costs, t.trip, total.m-t.shortest.m, total.s-t.shortest.s+service)
	price += freight.Fen((int64(t.trip.Vehicle.Rehandle)*t.shifted + 59) / 60)
	t.paid = price
	if over := price - t.load.Ceiling; over > 0 {
		return Finding{Reason: freight.ReasonPrice, By: int64(over)}
	}
	return t.refused(total.m-t.shortest.m, total.s-t.shortest.s)
}
