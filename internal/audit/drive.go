package audit

import (
	"pinhuo/freight"
	"pinhuo/geo"
)

// course follows one trip through its records, oldest first, and notes where a
// plan does not hold by what was true when it was committed.
type course struct {
	w       *world
	routers map[freight.Router]geo.Router
	prev    *freight.TripRecord // nil before the first
	told    map[Name]bool       // one violation of a name for each trip
	blind   bool                // its router is not at hand
}

// follow judges the next record.
func (c *course) follow(rec *freight.TripRecord) {
	t := &rec.Trip
	c.versions(rec)
	if len(t.Plan) == 0 || len(t.Stops) == 0 || len(t.Rooms) == 0 {
		c.note(PlanOrder, t, Number{"calls", int64(len(t.Plan))}, Number{"stops", int64(len(t.Stops))})
	} else if c.ordered(t) {
		c.stops(t)
		c.legs(t)
		kept := c.history(rec)
		c.keptRoom(rec)
		c.road(rec)
		c.times(rec, kept)
		c.windows(t, kept)
		c.rooms(t)
		c.mixes(t)
		c.shifts(t, kept)
		c.limits(t)
	}
	c.prev = rec
}

func (c *course) note(name Name, t *freight.Trip, numbers ...Number) {
	if c.told[name] {
		return
	}
	c.told[name] = true
	c.w.note(name, []Row{{freight.KindTrip, t.ID}}, append([]Number{{"version", t.Version}}, numbers...)...)
}

// versions wants every version recorded, in order of time.
func (c *course) versions(rec *freight.TripRecord) {
	want, since := int64(1), freight.Instant(0)
	if c.prev != nil {
		want, since = c.prev.Trip.Version+1, c.prev.At
	}
	if rec.Trip.Version != want || rec.At < since {
		c.note(RecordGap, &rec.Trip, Number{"want_version", want}, Number{"at_ms", int64(rec.At)}, Number{"since_ms", int64(since)})
	}
}

// ordered wants the trip's own stops in their order, the first one first, the
// last one of a trip with an end last, and each load's delivery after its
// pickup. It returns whether the plan can be driven at all.
func (c *course) ordered(t *freight.Trip) bool {
	own, aboard, served := 0, map[freight.ID]bool{}, map[freight.ID]bool{}
	for k := range t.Plan {
		call := &t.Plan[k]
		var sound bool
		switch {
		case call.Own >= 0:
			sound = call.Own == own && call.Kind == kindOf(own, len(t.Stops)) && (k == 0) == (own == 0)
			own++
		case call.Kind == freight.CallPickup:
			sound = k > 0 && !aboard[call.Load] && !served[call.Load]
			aboard[call.Load] = true
		case call.Kind == freight.CallDelivery:
			sound = aboard[call.Load]
			delete(aboard, call.Load)
			served[call.Load] = true
		case call.Kind == freight.CallHere:
			sound = k > 0 && k < len(t.Plan)-1 && call.Load == "" && call.Take == (freight.Room{})
		}
		if !sound {
			c.note(PlanOrder, t, Number{"call", int64(k)})
			return false
		}
	}
	last := t.Plan[len(t.Plan)-1]
	if own != len(t.Stops) || len(aboard) > 0 || len(t.Stops) > 1 && last.Own != len(t.Stops)-1 {
		c.note(PlanOrder, t, Number{"own_stops", int64(own)}, Number{"undelivered", int64(len(aboard))})
		return false
	}
	return true
}

func kindOf(own, stops int) freight.CallKind {
	switch own {
	case 0:
		return freight.CallStart
	case stops - 1:
		return freight.CallEnd
	}
	return freight.CallVia
}

// stops wants each call of the trip's own to be the stop it stands for.
func (c *course) stops(t *freight.Trip) {
	for k := range t.Plan {
		call := &t.Plan[k]
		if call.Own < 0 {
			continue
		}
		s := &t.Stops[call.Own]
		if call.Point != s.Place.Point || call.Window != s.Window || call.ServiceS != s.ServiceS || call.Gate != s.Gate || call.Bans != s.Bans || call.Take != (freight.Room{}) {
			c.note(PlanCall, t, Number{"call", int64(k)})
		}
	}
}

// legs measures the drive between each two calls anew.
func (c *course) legs(t *freight.Trip) {
	router, ok := c.routers[t.Router]
	if !ok {
		c.blind = true
		return
	}
	for k := 1; k < len(t.Plan); k++ {
		m, s := router.Between(geo.Point(t.Plan[k-1].Point), geo.Point(t.Plan[k].Point))
		if m != t.Plan[k].LegM || s != t.Plan[k].LegS {
			c.note(PlanLegs, t, Number{"call", int64(k)}, Number{"leg_m", t.Plan[k].LegM}, Number{"road_m", m},
				Number{"leg_s", t.Plan[k].LegS}, Number{"road_s", s})
		}
	}
	if t.Roaming {
		return
	}
	var m, s int64
	for i := 1; i < len(t.Stops); i++ {
		legM, legS := router.Between(geo.Point(t.Stops[i-1].Place.Point), geo.Point(t.Stops[i].Place.Point))
		m, s = m+legM, s+legS
	}
	if m != t.DirectM || s != t.DirectS {
		c.note(PlanDirect, t, Number{"direct_m", t.DirectM}, Number{"road_m", m}, Number{"direct_s", t.DirectS}, Number{"road_s", s})
	}
}

// restated tells whether the record begins a plan afresh.
func (c *course) restated(rec *freight.TripRecord) bool {
	return c.prev == nil || rec.Trip.Stated > c.prev.Trip.Version || len(c.prev.Trip.Plan) == 0
}

// history wants the calls that the truck had left, and the one it was on its
// way to, unchanged. It returns how many leading calls of the plan that are.
func (c *course) history(rec *freight.TripRecord) int {
	if c.restated(rec) {
		return 0
	}
	old := c.prev.Trip.Plan
	fixed := driven(old, rec.At)
	if at := fixed - 1; at > 0 && at < len(rec.Trip.Plan)-1 && rec.Trip.Plan[at].Kind == freight.CallHere && old[at].Kind != freight.CallHere && !c.vain(rec, at) {
		return c.turned(rec, at)
	}
	for k := range fixed {
		if k == len(rec.Trip.Plan) || !unchanged(&c.prev.Trip, &rec.Trip, k) && !c.vain(rec, k) {
			c.note(PlanHistory, &rec.Trip, Number{"call", int64(k)}, Number{"past_changing", int64(fixed)})
			return k
		}
	}
	return fixed
}

// times drives the plan from the first call that could be changed.
func (c *course) times(rec *freight.TripRecord, kept int) {
	t := &rec.Trip
	for k := range t.Plan {
		call := &t.Plan[k]
		sound := call.Start == doorOf(call, &t.Vehicle).admits(max(call.Arrive, call.Window.Open)) && call.Leave == call.Start.After(call.ServiceS)
		if k > 0 && k >= kept {
			sound = sound && c.arrives(rec, k, kept)
		}
		if !sound {
			c.note(PlanTimes, t, Number{"call", int64(k)}, Number{"arrive_ms", int64(call.Arrive)},
				Number{"start_ms", int64(call.Start)}, Number{"leave_ms", int64(call.Leave)})
			return
		}
	}
}

// arrives judges when the truck reaches call k: the drive after it left the
// call before. A truck that had done its whole plan stood until the change.
func (c *course) arrives(rec *freight.TripRecord, k, kept int) bool {
	out := rec.Trip.Plan[k-1].Leave
	if k == kept && kept == len(c.prev.Trip.Plan) {
		out = max(out, rec.At)
	}
	if !c.rests(&rec.Trip, k, out) {
		c.note(RestsMissed, &rec.Trip, Number{"call", int64(k)}, Number{"rest_s", rec.Trip.Plan[k].RestS},
			Number{"since_rest_s", rec.Trip.Plan[k].Drove.SinceS}, Number{"day_s", rec.Trip.Plan[k].Drove.DayS})
	}
	return rec.Trip.Plan[k].Arrive == out.After(rec.Trip.Plan[k].LegS+rec.Trip.Plan[k].RestS)
}

// windows wants every call that could be changed in time.
func (c *course) windows(t *freight.Trip, kept int) {
	for k := kept; k < len(t.Plan); k++ {
		call := &t.Plan[k]
		if call.Start < call.Window.Open || call.Start > call.Window.Close {
			c.note(WindowMissed, t, Number{"call", int64(k)}, Number{"late_s", ceilSeconds(call.Start - call.Window.Close)})
		}
		if t.Roaming && call.Leave > t.Horizon {
			c.note(HorizonMissed, t, Number{"call", int64(k)}, Number{"late_s", ceilSeconds(call.Leave - t.Horizon)})
		}
		if call.Own < 0 && call.Load != "" {
			c.promise(t, call)
		}
	}
}

// promise wants a booked load served no later than was promised.
func (c *course) promise(t *freight.Trip, call *freight.Call) {
	for _, b := range c.w.bookingsFor[call.Load] {
		if b.Trip != t.ID || b.State == freight.BookingReleased {
			continue
		}
		by := b.PickupBy
		if call.Kind == freight.CallDelivery {
			by = b.DropBy
		}
		if call.Start > by && !c.told[PromiseBroken] {
			c.told[PromiseBroken] = true
			c.w.note(PromiseBroken, []Row{{freight.KindBooking, b.ID}, {freight.KindTrip, t.ID}},
				Number{"version", t.Version}, Number{"late_s", ceilSeconds(call.Start - by)})
		}
	}
}

// rooms wants every leg to carry no more than the operator spares there.
func (c *course) rooms(t *freight.Trip) {
	var aboard freight.Room
	own := 0
	for k := range t.Plan {
		call := &t.Plan[k]
		if call.Own >= 0 {
			own = call.Own
		}
		aboard = aboard.Plus(call.Take)
		if k == len(t.Plan)-1 {
			break
		}
		room := spared(t, own)
		if aboard.Grams > room.Grams || aboard.Millilitres > room.Millilitres || aboard.FloorMM > room.FloorMM {
			c.note(RoomExceeded, t, Number{"leg", int64(k)}, Number{"need_g", aboard.Grams}, Number{"room_g", room.Grams},
				Number{"need_ml", aboard.Millilitres}, Number{"room_ml", room.Millilitres},
				Number{"need_mm", aboard.FloorMM}, Number{"room_mm", room.FloorMM})
		}
	}
	if aboard != (freight.Room{}) {
		c.note(PlanCall, t, Number{"left_aboard_g", aboard.Grams}, Number{"left_aboard_ml", aboard.Millilitres})
	}
}

// limits judges the detour over the trip's own stops and the stops added.
func (c *course) limits(t *freight.Trip) {
	var m, s, riders int64
	for k := range t.Plan {
		m, s = m+t.Plan[k].LegM, s+t.Plan[k].LegS
		if t.Plan[k].Own < 0 && t.Plan[k].Load != "" {
			riders++
		}
	}
	m, s = m-t.DirectM, s-t.DirectS
	if riders > 0 && riders > t.Limits.ExtraStops {
		c.note(StopsExceeded, t, Number{"stops", riders}, Number{"limit", t.Limits.ExtraStops})
	}
	if riders > 0 && !t.Roaming && (m > t.Limits.DetourM || s > t.Limits.DetourS) {
		c.note(DetourExceeded, t, Number{"detour_m", m}, Number{"limit_m", t.Limits.DetourM},
			Number{"detour_s", s}, Number{"limit_s", t.Limits.DetourS})
	}
}

func ceilSeconds(late freight.Instant) int64 {
	return int64((late + freight.Second - 1) / freight.Second)
}
