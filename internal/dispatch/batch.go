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
	"pinhuo/matcher/bundle"
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

// due is the instant from which a load that has a place cannot wait for another
// round: before that of its answer. One that has had its answer waits no more.
func (b Batch) due(l *freight.Load) freight.Instant {
	if l.First || l.Answer != 0 {
		return l.Posted
	}
	return max(l.Posted, min(l.Ends(), l.AnswerBy)-b.lead())
}

// last is the instant from which a load without a place is offered wherever it fits:
// before that of its answer, and once it has had one, before its pickup closes.
func (b Batch) last(l *freight.Load) freight.Instant {
	if l.First || l.Answer == 0 {
		return b.due(l)
	}
	return max(l.Posted, l.Ends()-b.lead())
}

// holds tells whether loads wait for the rounds of the batch.
func (e *Engine) holds() bool { return e.cfg.Batch.Every > 0 && e.cfg.Batch.Hold > 0 }

// hurries asks for a round of the batch at once where the next one would see a load
// and a trip together too late: one of them has come since the last round, or the
// load has been turned down, and before the next one is over the truck sets out for its
// next call, the load is to be answered, or its pickup closes.
func (e *Engine) hurries(now freight.Instant, l *freight.Load, trip *freight.Trip, refused bool) {
	last := freight.Instant(e.packer.last.Load())
	if max(l.Posted, trip.Made) < last && !refused {
		return
	}
	until := min(l.Ends(), trip.Plan[trip.Fixed(now)-1].Leave)
	if l.Answer == 0 {
		until = min(until, l.AnswerBy)
	}
	if until < max(now, last+e.cfg.Batch.Every)+outreach.Longest {
		e.packer.early.Store(true)
	}
}

// lastly tells whether a load that cannot wait is explained before the next round: then
// as many operators are asked at once as where nothing is held.
func (e *Engine) lastly(now freight.Instant, l *freight.Load) bool {
	every, last := e.cfg.Batch.Every, freight.Instant(e.packer.last.Load())
	return l.Answer == 0 && now >= e.cfg.Batch.due(l) && l.Asks() <= max(now, last+every)
}

// waits tells whether a load that a truck may take is left to the rounds. It is not where
// it is explained before the next of them, and none comes at once for the two of them: the
// truck has changed since the last, or others think about the load.
func (e *Engine) waits(now freight.Instant, view *loadView, trip *freight.Trip) bool {
	if !e.holds() {
		return false
	}
	seen := max(view.load.Posted, trip.Made) < freight.Instant(e.packer.last.Load())
	return !e.lastly(now, view.load) || !seen && len(view.open) == 0
}

// hurry asks for a round at once where one of the trips that may take the load
// cannot wait.
func (e *Engine) hurry(s *scratch, b *board, now freight.Instant, view *loadView) {
	for _, h := range s.hopes {
		may := true
		for may && h.Seen < matcher.ByHeader {
			h.Seen++
			may = s.closer(b, view, &h)
		}
		if may {
			e.hurries(now, view.load, &s.trip, len(view.refused) > 0)
		}
	}
}

// Hurries tells whether a round of the batch is wanted before its time. It may be
// called beside the writer.
func (e *Engine) Hurries() bool { return e.packer.early.Load() }

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
	e.packer.last.Store(int64(now))
	e.packer.early.Store(false)

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
	list := append(e.commands(acts), e.letGo(now, s, placed)...)
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
	trip *freight.Trip
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
			at := trips[o.ID()]
			if at == nil {
				at = &scenic{outline: o, trip: o.Unpack()}
				trips[at.trip.ID] = at
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
	if work.nearby, err = b.index.TripsFor(matcher.Errand(view.load), work.nearby[:0]); err != nil {
		e.cfg.Log.Error("search trips", "load", view.load.ID, "error", err)
		return nil
	}
	for o := range b.open(work.nearby, now) {
		// In company the load may cost the truck no more than its services.
		if _, ok := o.header.AtMost(view.load, 0); ok && view.asks(o, &work.trip) {
			list = append(list, o)
		}
	}
	return list
}

// urgent proposes for each truck of the packing the loads that are due, or that it
// is about to leave for, and those that have to be aboard before them: in the order
// in which the packing put them in, so that each pays in the company of those
// before it. It also tells which loads have a place, urgent or not.
func (e *Engine) urgent(now freight.Instant, s *scene, f *bundle.Fleet, choice *batch.Choice) (acts []freight.Act, placed []bool) {
	placed = make([]bool, len(s.waiting))
	soon := now + e.cfg.Batch.lead()
	for t, ride := range choice.Rides {
		if ride == bundle.Empty {
			continue
		}
		trip := f.Trip(t)
		set := f.Riding(ride)
		leaves := departures(f, set.Plan, set.Loads)
		act, urgent := freight.ProposeSet{Trip: trip.ID}, 0
		for i, l := range set.Loads {
			placed[l] = true
			load := f.Load(l)
			act.Lines = append(act.Lines, freight.Line{Load: load.ID, Version: load.Version, At: set.At[i]})
			waits := now < max(load.Posted, trip.Made)+e.cfg.Batch.Hold && now < e.cfg.Batch.due(load) && leaves[load.ID] > soon
			if len(s.waiting[l].open) == 0 && !waits {
				urgent = len(act.Lines)
			}
		}
		if act.Lines = act.Lines[:urgent]; urgent > 0 {
			acts = append(acts, act)
		}
	}
	return acts, placed
}

// departures is, for each load that a plan would add, when the truck leaves the
// last call before it that it has promised already: from then on it drives to the
// next promised one and turns aside for nobody.
func departures(f *bundle.Fleet, plan []freight.Call, added []int32) map[freight.ID]freight.Instant {
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
// place, by themselves: when their answer comes near, and when their pickup does. Who is
// asked may think, and name a price, until the load has been explained: so close to that
// others are asked beside him.
func (e *Engine) letGo(now freight.Instant, s *scene, placed []bool) (list []freight.Command) {
	if !e.holds() {
		return nil // they were offered when they came
	}
	b := e.board.Load()
	for i, view := range s.waiting {
		nigh := e.lastly(now, view.load) && view.load.Asks() <= now+2*outreach.Longest
		if (placed[i] || len(view.open) > 0) && !nigh || now < e.cfg.Batch.last(view.load) {
			continue
		}
		list = append(list, e.commands(e.planTrips(b, now, view.load.ID, best))...)
	}
	return list
}

// glance is how often it is looked whether a round of the batch is wanted before its
// time.
const glance = time.Second

// packer packs the market again and again until it is stopped, before its time where
// something cannot wait. It shares nothing with the writer but the board and the
// queue. A round has half of the time to the next one, and rests as long as it took:
// so it never takes more than half a processor.
func (d *Dispatcher) packer(ctx context.Context) {
	every := time.Duration(d.engine.cfg.Batch.Every) * time.Millisecond
	began, ended := time.Now(), time.Now()
	each(ctx, min(every, glance), func() bool {
		early := d.engine.Hurries() && time.Since(ended) >= ended.Sub(began)
		if time.Since(began) < every && !early || d.engine.Sick() != "" || !d.engine.Waits() {
			return true
		}
		began = time.Now()
		list := d.engine.Improve(d.time(), func() bool { return ctx.Err() != nil || time.Since(began) > every/2 })
		ended = time.Now()
		return d.put(list, true)
	})
}

// put queues what a planner proposes; false where the dispatcher is stopping.
func (d *Dispatcher) put(list []freight.Command, packed bool) bool {
	for _, cmd := range list {
		if err := d.queue.put(waiter{cmd: cmd, packed: packed}); err != nil {
			return false
		}
	}
	return true
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
