package dispatch

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pinhuo/freight"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
	"pinhuo/matcher/batch"
)

// Batch says how the market as a whole is packed, again and again, beside the
// writer.
type Batch struct {
	// Every is the time between two rounds; 0 for none.
	Every freight.Instant
	// Hold is how long a load and a trip that both wait may wait at the most until
	// the best set for the trip is clear. They wait no longer than lets the
	// operator answer before the truck leaves for the load, the load is to be
	// answered, or its pickup closes. 0 to offer every load by itself at once, and
	// leave to the rounds what still waits.
	Hold freight.Instant
	// Rounds bounds the search of a round by work instead of time, so that equal
	// input gives equal answers; 0 for a search that ends when it is stopped or
	// finds nothing better.
	Rounds int
}

// mostWaiting bounds the loads of a round: those whose hold ends first.
const mostWaiting = 4000

// lead is how long before a truck leaves for a load, or the load is to be
// answered, its operator is asked: time for the answer and for two rounds.
func (b Batch) lead() freight.Instant { return outreach.Longest + 2*b.Every }

// due is the instant from which the load cannot wait for another round: before
// that of its answer, and once it has had one, before its pickup closes.
func (b Batch) due(l *freight.Load) freight.Instant {
	if l.First {
		return l.Posted
	}
	last := l.Ends()
	if l.Answer == 0 {
		last = min(last, l.AnswerBy)
	}
	return max(l.Posted, last-b.lead())
}

// holds tells whether loads wait for the rounds of the batch.
func (e *Engine) holds() bool { return e.cfg.Batch.Every > 0 && e.cfg.Batch.Hold > 0 }

// Improve packs everything that is open and not promised, and returns what to
// ask whom about now: where a load's hold is over or its truck is about to pass,
// the operator whose truck is the best place for it. A load whose hold ends
// without a place is offered by itself. Nothing is decided: the writer judges
// every proposal anew.
//
// It reads the board and may run beside the writer and beside planners, but not
// beside itself. stop, which may be nil, ends the search early.
func (e *Engine) Improve(now freight.Instant, stop func() bool) []freight.Command {
	began := time.Now()

	// 1. See who waits, and which trucks come near.
	s := e.scene(now)

	// 2. Measure, and keep the pairs that fit; recall what is known of them.
	fleet, effort := e.survey(now, s)

	// 3. Pack, from the prices and columns of the last round on.
	effort.Rounds, effort.Stop = e.cfg.Batch.Rounds, stop
	choice := batch.Pack(fleet, effort)
	e.packer.remember(now, s, fleet, choice)

	// 4. Propose what cannot wait any longer.
	acts, placed := e.urgent(now, s, fleet, choice)
	proposed := len(acts)

	// 5. Let go the loads whose hold has ended without a place.
	var list []freight.Command
	for _, act := range acts {
		list = append(list, freight.Command{Market: e.market.ID, Act: act})
	}
	list = append(list, e.letGo(now, s, placed)...)
	e.cfg.Metrics.packed(s, choice, proposed, time.Since(began))
	return list
}

// scene is what a round of the batch looks at: immutable values, whatever the
// writer does meanwhile.
type scene struct {
	waiting []*loadView
	trips   []*scenic // by id
	pairs   int
}

// scenic is a truck of a scene with the loads, by their number, that came near.
type scenic struct {
	*outline
	near []int32
}

func (e *Engine) scene(now freight.Instant) *scene {
	b, s := e.board.Load(), &scene{}
	b.loads.Range(func(_, held any) bool {
		if view := held.(*listing).view.Load(); view.indexed {
			s.waiting = append(s.waiting, view)
		}
		return true
	})
	due := e.cfg.Batch.due
	slices.SortFunc(s.waiting, func(a, b *loadView) int {
		return cmp.Or(cmp.Compare(due(a.load), due(b.load)), cmp.Compare(a.load.ID, b.load.ID))
	})
	s.waiting = s.waiting[:min(len(s.waiting), mostWaiting)]
	trips := map[freight.ID]*scenic{}
	work := scratches.Get().(*scratch)
	defer work.clear()
	for i, view := range s.waiting {
		for _, o := range e.nearby(b, now, view, work) {
			at := trips[o.trip.ID]
			if at == nil {
				at = &scenic{outline: o}
				trips[o.trip.ID] = at
				s.trips = append(s.trips, at)
			}
			if at.outline == o { // else the writer has just changed it
				at.near = append(at.near, int32(i))
				s.pairs++
			}
		}
	}
	slices.SortFunc(s.trips, func(a, b *scenic) int { return cmp.Compare(a.trip.ID, b.trip.ID) })
	return s
}

// nearby finds the trucks that may carry a load as far as can be seen at sight.
// A load about which operators are being asked is for those alone.
func (e *Engine) nearby(b *board, now freight.Instant, view *loadView, work *scratch) (list []*outline) {
	if len(view.open) > 0 {
		for _, id := range view.open {
			if o := b.outline(id); o != nil && now < o.lease {
				list = append(list, o)
			}
		}
		return list
	}
	var err error
	if work.nearby, err = b.index.TripsFor(matcher.Errand(view.load), work.nearby); err != nil {
		e.cfg.Log.Error("search trips", "load", view.load.ID, "error", err)
		return nil
	}
	for _, c := range work.nearby {
		o := b.tripSlots.get(c.Slot)
		if o == nil || now >= o.lease || !view.asks(o.trip) {
			continue
		}
		// In company the load may cost the truck no more than its services.
		if _, ok := o.header.AtMost(view.load, 0); ok {
			list = append(list, o)
		}
	}
	return list
}

// urgent proposes the loads of the packing that are due, or whose truck is about
// to leave for them. It also tells which loads have a place, urgent or not.
func (e *Engine) urgent(now freight.Instant, s *scene, f *batch.Fleet, choice *batch.Choice) (acts []freight.Act, placed []bool) {
	placed = make([]bool, len(s.waiting))
	soon := now + e.cfg.Batch.lead()
	for t, ride := range choice.Rides {
		if ride == batch.Empty {
			continue
		}
		trip := f.Trip(t)
		plan, loads := f.Riding(ride)
		leaves := departures(f, plan, loads)
		for _, l := range loads {
			placed[l] = true
			load := f.Load(l)
			asked := len(s.waiting[l].open) > 0
			waits := now < max(load.Posted, trip.Made)+e.cfg.Batch.Hold && now < e.cfg.Batch.due(load) && leaves[load.ID] > soon
			if asked || waits {
				continue
			}
			acts = append(acts, freight.Propose{Load: load.ID, Version: load.Version,
				Matches: []freight.Match{{Trip: trip.ID, TripVersion: trip.Version}}})
		}
	}
	return acts, placed
}

// departures is, for each load that a plan would add, when the truck leaves the
// last call before it that it has promised already: from then on it drives to the
// next promised one and turns aside for nobody.
func departures(f *batch.Fleet, plan []freight.Call, added []int32) map[freight.ID]freight.Instant {
	leaves := make(map[freight.ID]freight.Instant, len(added))
	for _, l := range added {
		leaves[f.Load(l).ID] = 0
	}
	var left freight.Instant
	for i := range plan {
		call := &plan[i]
		_, adds := leaves[call.Load]
		switch {
		case call.Own >= 0 || !adds:
			left = call.Leave
		case call.Kind == freight.CallPickup:
			leaves[call.Load] = left
		}
	}
	return leaves
}

// letGo offers the loads that can wait no longer, and for which the packing has no
// place, by themselves: once when their answer comes near, and once when their
// pickup does.
func (e *Engine) letGo(now freight.Instant, s *scene, placed []bool) (list []freight.Command) {
	if !e.holds() {
		return nil // they were offered when they came
	}
	b, let := e.board.Load(), map[freight.ID]freight.Instant{}
	for i, view := range s.waiting {
		id, due := view.load.ID, e.cfg.Batch.due(view.load)
		if now < due {
			continue
		}
		if let[id] = due; placed[i] || len(view.open) > 0 || e.packer.let[id] == due {
			continue
		}
		for _, act := range e.planTrips(b, now, id, false) {
			list = append(list, freight.Command{Market: e.market.ID, Act: act})
		}
	}
	e.packer.let = let
	return list
}

// packer packs the market again and again until it is stopped. It shares nothing
// with the writer but the board and the queue. A round has half of the time to
// the next one, so that it never takes more than half a processor.
func (d *Dispatcher) packer(ctx context.Context) {
	every := time.Duration(d.engine.cfg.Batch.Every) * time.Millisecond
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if d.engine.Sick() != "" || !d.engine.Waits() {
			continue
		}
		began := time.Now()
		list := d.engine.Improve(d.time(), func() bool { return ctx.Err() != nil || time.Since(began) > every/2 })
		for _, cmd := range list {
			if err := d.queue.put(waiter{cmd: cmd, packed: true}); err != nil {
				return // stopping
			}
		}
	}
}

// Waits tells whether any load is open, so that there is something to pack. It
// may be called beside the writer.
func (e *Engine) Waits() (waits bool) {
	e.board.Load().loads.Range(func(_, held any) bool {
		waits = held.(*listing).view.Load().indexed
		return !waits
	})
	return waits
}
