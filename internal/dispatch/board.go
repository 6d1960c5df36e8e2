package dispatch

import (
	"slices"
	"sync"
	"sync/atomic"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/internal/book"
	"pinhuo/internal/outreach"
	"pinhuo/matcher"
)

// board is what planners see of the market: immutable values behind atomic
// pointers and the corridor index. The writer replaces values after each
// commit; planners may lag behind, and the writer judges what they propose.
type board struct {
	index *geo.Corridor

	loads sync.Map // freight.ID -> *listing
	trips sync.Map // freight.ID -> *berth

	operators sync.Map     // organization -> *atomic.Pointer[outreach.Operator], which stays
	lanes     atomic.Int64 // operators that have lanes
	declines  sync.Map     // vehicle -> outreach.Declines

	loadSlots slots[atomic.Pointer[listing]]
	tripSlots slots[stall]

	opened atomic.Int64 // trips ever put up
	listed atomic.Int64 // trips up now
	posted atomic.Int64 // loads that are open now
	gone   graveyard
	past   *past // immutable but for its index
}

// listing is a load on the board and what planners found out about it. Whoever
// finds one on the board finds a view in it.
type listing struct {
	view atomic.Pointer[loadView]
	slot uint32 // owned by the writer
	base int64  // trips that had been up and gone before the load came

	found  findings
	remedy atomic.Pointer[sought]
}

// loadView is one version of a load with its open offers and refusals.
type loadView struct {
	load    *freight.Load
	refused book.Refusals
	open    []freight.ID     // trips that are being asked
	offers  []*freight.Offer // to them, in the same order
	first   freight.Instant  // when the first was asked, 0 for never
	pooled  bool             // its shipper is asked to share a truck, or has agreed
	pool    *pooling         // the pool, while its members are being asked; else nil
	outings book.Outings
	indexed bool
}

// asks tells whether the trip may be asked: it is not being asked and has not
// said no to the present terms. It may be unpacked into memory of the caller's.
func (v *loadView) asks(o *outline, trip *freight.Trip) bool {
	if len(v.open) > 0 && slices.Contains(v.open, o.ID()) {
		return false
	}
	if len(v.refused) == 0 {
		return true
	}
	refusal, ok := v.refused[o.ID()]
	if !ok {
		return true
	}
	o.UnpackTo(trip)
	return !refusal.Holds(v.load, trip)
}

// berth is a trip on the board.
type berth struct {
	outline atomic.Pointer[outline]
	slot    uint32 // owned by the writer
}

// outline is one version of a trip, packed, and by it what planners ask first, so that
// most trips need not be fetched from memory.
type outline struct {
	freight.PackedTrip
	lease    freight.Instant // of the trip
	held     int             // loads of it that wait for their shippers
	header   matcher.Header
	operator *atomic.Pointer[outreach.Operator] // of the trip
}

func (e *Engine) outline(b *board, t *freight.Trip) *outline {
	return &outline{PackedTrip: e.live.PackedTrip(t.ID), lease: t.Lease, held: e.live.Held(t.ID), header: e.fit(e.at).Header(t, e.routerOf(t)), operator: b.known(t.Org)}
}

// newBoard is an empty board; gone are the trips that left before there was one.
func newBoard(gone []freight.Departed) *board {
	b := &board{index: geo.NewCorridor(), past: &past{gone: gone}}
	b.opened.Store(int64(len(gone)))
	for i := range gone {
		if d := &gone[i]; d.Trip.ID != "" {
			b.gone.list = append(b.gone.list, departed{d.Trip.Pack(), d.Left})
		}
	}
	return b
}

// newListing is of a load that was posted at the instant.
func (b *board) newListing(posted freight.Instant) *listing {
	return &listing{base: b.opened.Load() - b.listed.Load() - int64(len(b.past.since(posted)))}
}

func (b *board) listing(id freight.ID) *listing {
	if l, ok := b.loads.Load(id); ok {
		return l.(*listing)
	}
	return nil
}

func (b *board) outline(id freight.ID) *outline {
	if t, ok := b.trips.Load(id); ok {
		return t.(*berth).outline.Load()
	}
	return nil
}

// index brings the board in step with what a round changed. A trip or load that
// cannot be indexed was to be refused at admission: it stays off the board, and
// the others are none the worse for it.
func (e *Engine) index(round *book.Book) {
	b := e.board.Load()
	for _, id := range round.TouchedTrips() {
		if err := e.indexTrip(b, id, e.live.Trip(id)); err != nil {
			e.unindexed(freight.KindTrip, id, err)
		}
	}
	for _, id := range round.Touched() {
		if err := e.indexLoad(b, id, e.live.Load(id)); err != nil {
			e.unindexed(freight.KindLoad, id, err)
		}
	}
	e.know(b, round)
	e.cfg.Metrics.tripsOpen.Set(float64(b.listed.Load()))
	e.cfg.Metrics.atRisk.Set(float64(e.live.AtRisk()))
}

func (e *Engine) unindexed(kind string, id freight.ID, err error) {
	e.cfg.Metrics.unindexed.WithLabelValues(kind).Inc()
	e.cfg.Log.Error("not indexed", "kind", kind, "id", id, "error", err)
}

func (e *Engine) indexTrip(b *board, id freight.ID, t *freight.Trip) error {
	held, up := b.trips.Load(id)
	open := t != nil && t.Taking()
	switch {
	case !open && up:
		b.trips.Delete(id)
		b.gone.add(held.(*berth).outline.Load().PackedTrip, e.at, func() freight.Instant { return b.oldest(e.at) })
		slot := held.(*berth).slot
		b.index.RemoveTrip(slot)
		b.tripSlots.open(slot).put(nil)
		b.listed.Add(-1)
	case open && !up:
		at, view := &berth{}, e.outline(b, t)
		at.outline.Store(view)
		slot, err := b.index.AddTrip(e.fit(e.at).Journey(t))
		if err != nil {
			return err
		}
		at.slot = slot
		b.tripSlots.open(slot).put(view)
		b.trips.Store(id, at)
		b.opened.Add(1)
		b.listed.Add(1)
	case open:
		at, view := held.(*berth), e.outline(b, t)
		old := at.outline.Swap(view).Unpack()
		b.tripSlots.open(at.slot).put(view)
		if old.Stated != t.Stated || old.Ends() != t.Ends() { // one that follows closes its last window, or gives it back
			return b.index.ReplaceTrip(at.slot, e.fit(e.at).Journey(t))
		}
	}
	return nil
}

func (e *Engine) indexLoad(b *board, id freight.ID, l *freight.Load) error {
	if l == nil {
		b.unlist(id)
		return nil
	}
	at := b.listing(id)
	if at == nil {
		at = b.newListing(l.Posted)
	}
	view := &loadView{load: l, refused: e.live.Refused(id), pooled: e.live.PoolOf(id) != nil, outings: e.live.Outings(id)}
	view.first = e.live.FirstAsked(l)
	if p := e.live.PoolOf(id); p != nil && p.State == freight.PoolConsenting {
		view.pool = &pooling{pool: p, members: e.live.Members(p.ID)}
	}
	for _, o := range e.live.OpenOffers(id) {
		view.open, view.offers = append(view.open, o.Trip), append(view.offers, o)
	}
	view.indexed = l.State == freight.LoadPosted
	old := at.view.Swap(view)
	if old == nil {
		b.loads.Store(id, at)
	}
	var err error
	switch {
	case view.indexed && (old == nil || !old.indexed):
		if at.slot, err = b.index.AddLoad(matcher.Errand(l)); err == nil {
			b.loadSlots.open(at.slot).Store(at)
			b.posted.Add(1)
			break
		}
		hidden := *view
		hidden.indexed = false
		at.view.Store(&hidden)
	case view.indexed && old.load.Stated != l.Stated:
		err = b.index.ReplaceLoad(at.slot, matcher.Errand(l))
	case !view.indexed && old != nil && old.indexed:
		b.index.RemoveLoad(at.slot)
		b.loadSlots.open(at.slot).Store(nil)
		b.posted.Add(-1)
	}
	return err
}

// unlist takes a load off the board.
func (b *board) unlist(id freight.ID) {
	at := b.listing(id)
	if at == nil {
		return
	}
	if at.view.Load().indexed {
		b.index.RemoveLoad(at.slot)
		b.loadSlots.open(at.slot).Store(nil)
		b.posted.Add(-1)
	}
	b.loads.Delete(id)
}

// oldest is when the load that has been on the board for longest was posted.
func (b *board) oldest(now freight.Instant) freight.Instant {
	first := now
	b.loads.Range(func(_, held any) bool {
		first = min(first, held.(*listing).view.Load().load.Posted)
		return true
	})
	return first
}
