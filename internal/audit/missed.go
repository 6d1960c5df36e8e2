package audit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"pinhuo/freight"
)

// asked is how many operators are asked for one load at the same time: a trip
// that fits may have to wait while as many others are being asked.
const asked = 3

// Pair is a load, a trip and the moment at which the one fitted the other.
type Pair struct {
	Load        freight.ID      `json:"load"`
	Trip        freight.ID      `json:"trip"`
	TripVersion int64           `json:"trip_version"`
	At          freight.Instant `json:"at"`
}

// Missing is what Missed found in one market.
type Missing struct {
	Unbooked int    // loads that ended, or are still, without a deal
	Judged   int64  // pairs and moments tried
	Queued   int    // fitting pairs that waited while others were asked, to the end
	Missed   []Pair // fitting pairs that nobody was asked about, in order of time
	// Open is, for each load without a deal, the number of trips that were open
	// at some time while it was.
	Open map[freight.ID]int64
}

// Missed follows a market through its changes in the order in which they were
// committed. Right after a load is posted it tries it on every open trip; right
// after a trip is announced or its plan changes, by a booking or a release, it
// tries every load on it that has no deal. No index is asked, and no pair left
// out for being far apart. What fits and was never asked is missed, unless the
// load was waiting for answers from as many others as are asked at once, the operator
// was thinking about another that is worth more, or he had said no to as much before.
//
// Where the exchange holds loads back, a pair may wait as long as the judge's Holds
// says. By then the operator must have been asked, or the room given to others: a
// pair that still fitted when the trip's plan last changed is missed, be it that
// the truck has left meanwhile.
//
// Loads are known by their last terms only, so an edited load is followed from
// the edit on.
func Missed(ctx context.Context, src Source, judge *Judge, market freight.ID) (Missing, error) {
	w := newWorld(market)
	if err := w.read(ctx, src); err != nil {
		return Missing{}, fmt.Errorf("missed: %w", err)
	}
	h := newHistory(w, judge)
	for rec, err := range src.AuditRecords(ctx, market) {
		if err != nil {
			return Missing{}, fmt.Errorf("missed: %w", err)
		}
		slimTrip(&rec.Trip)
		h.records[version{rec.Trip.ID, rec.Trip.Version}] = &rec
	}
	for c, err := range src.AuditChanges(ctx, market) {
		if err != nil {
			return Missing{}, fmt.Errorf("missed: %w", err)
		}
		h.change(c)
	}
	h.flush()
	for _, id := range sorted(h.base) {
		h.found.Open[id] = h.opened - h.base[id]
	}
	for _, id := range sorted(h.waiting) {
		h.found.Queued += len(h.waiting[id])
	}
	return h.found, nil
}

// version names one version of a row.
type version struct {
	id freight.ID
	n  int64
}

// history is a market as it goes by.
type history struct {
	w       *world
	judge   *Judge
	records map[version]*freight.TripRecord
	asked   map[[2]freight.ID]bool // load and trip
	found   Missing

	now     freight.Instant                    // see tick
	trips   map[freight.ID]*freight.TripRecord // open now
	loads   map[freight.ID]*freight.Load       // without a deal, open now
	base    map[freight.ID]int64               // trips that had come and gone before the load, of loads still open
	opened  int64                              // trips that ever came
	offers  map[freight.ID]int                 // load -> offers open now
	thinks  map[freight.ID][]*freight.Offer    // trip -> those open now
	waiting map[freight.ID]map[freight.ID]wait // load -> trips that fit and were not asked
	took    map[freight.ID]wait                // trip -> the best load that it took at an instant
	missed  map[[2]freight.ID]bool
	met     map[freight.ID]bool // offers met, bookings made and not ended
	noes    map[freight.ID]noes // vehicle -> what its operator has said he would not do
}

// wait is a pair that fits, and what would be left to the shipper at what the load costs.
type wait struct {
	Pair
	left freight.Fen
}

func newHistory(w *world, judge *Judge) *history {
	h := &history{
		w: w, judge: judge, records: map[version]*freight.TripRecord{}, asked: map[[2]freight.ID]bool{},
		found: Missing{Open: map[freight.ID]int64{}}, trips: map[freight.ID]*freight.TripRecord{},
		loads: map[freight.ID]*freight.Load{}, base: map[freight.ID]int64{}, offers: map[freight.ID]int{}, thinks: map[freight.ID][]*freight.Offer{},
		waiting: map[freight.ID]map[freight.ID]wait{}, took: map[freight.ID]wait{}, missed: map[[2]freight.ID]bool{}, met: map[freight.ID]bool{}, noes: map[freight.ID]noes{},
	}
	for _, o := range w.offers {
		h.asked[[2]freight.ID{o.Load, o.Trip}] = true
	}
	for id := range w.loads {
		if !h.dealt(id) {
			h.found.Unbooked++
		}
	}
	return h
}

// dealt tells whether the load has a deal in the end.
func (h *history) dealt(load freight.ID) bool {
	return slices.ContainsFunc(h.w.bookingsFor[load], held)
}

// change lets the next change take effect.
func (h *history) change(c freight.Change) {
	switch c.Kind {
	case freight.KindTrip:
		if rec := h.records[version{c.ID, c.Version}]; rec != nil {
			h.tick(rec.At)
			h.trip(rec)
		}
	case freight.KindLoad:
		if l := h.w.loads[c.ID]; l != nil && !h.dealt(c.ID) {
			h.load(l, c.Version)
		}
	case freight.KindOffer:
		if o := h.w.offers[c.ID]; o != nil {
			h.offer(o, c.Version)
		}
	case freight.KindBooking:
		if b := h.w.bookings[c.ID]; b != nil && !h.dealt(b.Load) {
			h.booking(b, c.Version)
		}
	}
}

func (h *history) trip(rec *freight.TripRecord) {
	id := rec.Trip.ID
	old := h.trips[id]
	if rec.Trip.State != freight.TripOpen && rec.Trip.State != freight.TripUnderway {
		delete(h.trips, id)
		return
	}
	if old == nil {
		h.opened++
	}
	h.trips[id] = rec
	if old != nil && old.Trip.Stated == rec.Trip.Stated && slices.Equal(old.Trip.Plan, rec.Trip.Plan) {
		return
	}
	for _, load := range sorted(h.loads) {
		h.try(h.loads[load], rec)
	}
}

// load follows one that has no deal in the end.
func (h *history) load(l *freight.Load, n int64) {
	switch {
	case n == l.Version && l.State == freight.LoadClosed:
		h.tick(l.Changed)
		h.shut(l.ID, true)
	case n >= max(l.Stated, 1) && h.loads[l.ID] == nil && !h.booked(l.ID):
		h.tick(l.Posted)
		h.reopen(l)
	}
}

// booked tells whether the load is booked just now, which its booking's own
// changes began and will end.
func (h *history) booked(load freight.ID) bool {
	return slices.ContainsFunc(h.w.bookingsFor[load], func(b *freight.Booking) bool {
		return h.met[b.ID]
	})
}

func (h *history) booking(b *freight.Booking, n int64) {
	switch {
	case n == 1:
		h.tick(b.Made)
		h.met[b.ID] = true
		h.shut(b.Load, false)
	case n == b.Version:
		h.tick(b.Changed)
		delete(h.met, b.ID) // its load's own change comes next
	}
}

// shut takes a load off the market; for good where it has ended.
func (h *history) shut(id freight.ID, ended bool) {
	delete(h.loads, id)
	waited := h.waiting[id]
	delete(h.waiting, id)
	if !ended {
		return
	}
	for _, trip := range sorted(waited) {
		if waited[trip].At == h.now || h.judge.Holds {
			h.miss(waited[trip].Pair)
			continue
		}
		h.found.Queued++
	}
	if base, ok := h.base[id]; ok {
		h.found.Open[id] = h.opened - base
		delete(h.base, id)
	}
}

func (h *history) reopen(l *freight.Load) {
	h.loads[l.ID] = l
	if _, ok := h.base[l.ID]; !ok {
		h.base[l.ID] = h.opened - int64(len(h.trips))
	}
	for _, trip := range sorted(h.trips) {
		h.try(l, h.trips[trip])
	}
}

func (h *history) offer(o *freight.Offer, n int64) {
	if !h.met[o.ID] {
		h.met[o.ID] = true
		h.offers[o.Load]++
		h.thinks[o.Trip] = append(h.thinks[o.Trip], o)
	}
	if n == o.Version && !o.Open() {
		h.tick(o.Changed)
		h.offers[o.Load]--
		h.thinks[o.Trip] = slices.DeleteFunc(h.thinks[o.Trip], func(one *freight.Offer) bool { return one == o })
		h.taken(o)
		h.heard(o)
	}
}

// taken notes what a trip took at this instant, as far as that is an accepted offer. What
// its operator was asked about before the instant comes before all that came up in it.
func (h *history) taken(o *freight.Offer) {
	left := o.Alone - o.Price
	if o.Made < h.now {
		left = math.MaxInt64
	}
	if o.State == freight.OfferAccepted && (h.took[o.Trip].At != h.now || h.took[o.Trip].left < left) {
		h.took[o.Trip] = wait{Pair{At: h.now}, left}
	}
}

// tick moves the clock. Planners act at the instant of what they act upon, so
// what fits and is not asked about when the instant is over must be waiting for
// others' answers, or its truck for its operator's about others.
func (h *history) tick(at freight.Instant) {
	if at > h.now {
		h.flush()
		h.now = at
	}
}

// flush ends an instant.
func (h *history) flush() {
	for _, load := range sorted(h.waiting) {
		if h.offers[load] >= asked {
			continue
		}
		waited, l := h.waiting[load], h.loads[load]
		for _, trip := range sorted(waited) {
			if w := waited[trip]; !h.holds(l, w.Pair) && !h.busy(w) {
				h.overdue(l, w.Pair)
				delete(waited, trip)
			}
		}
		if len(waited) == 0 {
			delete(h.waiting, load)
		}
	}
}

// holds tells whether the pair may still wait for a better place.
func (h *history) holds(l *freight.Load, p Pair) bool {
	return h.judge.Holds && (l.Answer == 0 || h.now < l.Answer || l.Answer < p.At)
}

// busy tells whether the trip's operator thinks about a load of which more is left, at the
// price that he is offered, than of the one that waits. What the price was before the sides
// named others is not in the offer: one that was bargained about counts as better.
func (h *history) busy(w wait) bool {
	return !h.judge.Holds && slices.ContainsFunc(h.thinks[w.Trip], func(o *freight.Offer) bool { return o.Counter != 0 || o.Alone-o.Price > w.left })
}

// givenAway tells whether a pair fits no more because the room went to others: to whomever
// in time where loads are held, else to a better one at the instant.
func (h *history) givenAway(w wait) bool {
	took := h.took[w.Trip]
	return h.judge.Holds || w.At == h.now && took.At == h.now && took.left > w.left
}

// overdue judges a fitting pair that need not have waited any longer: missed if
// it fits now.
func (h *history) overdue(l *freight.Load, p Pair) {
	rec := h.trips[p.Trip]
	switch {
	case p.At == h.now || h.judge.Holds:
		h.miss(p)
	case l == nil || rec == nil || !rec.Trip.Matchable(h.now):
		h.found.Queued++
	default:
		if _, ok := h.fits(rec, l); !ok {
			return
		}
		h.miss(Pair{Load: p.Load, Trip: p.Trip, TripVersion: rec.Trip.Version, At: h.now})
	}
}

func (h *history) miss(p Pair) {
	pair := [2]freight.ID{p.Load, p.Trip}
	if !h.missed[pair] {
		h.missed[pair] = true
		h.found.Missed = append(h.found.Missed, p)
	}
}

// try notes the pair if it fits and nobody ever asked.
func (h *history) try(l *freight.Load, rec *freight.TripRecord) {
	pair := [2]freight.ID{l.ID, rec.Trip.ID}
	if h.asked[pair] || h.missed[pair] || !rec.Trip.Matchable(h.now) {
		return
	}
	h.found.Judged++
	left, ok := h.fits(rec, l)
	w, waited := h.waiting[l.ID][rec.Trip.ID]
	switch {
	case !ok && waited && h.givenAway(w):
		delete(h.waiting[l.ID], rec.Trip.ID)
		h.found.Queued++
	case ok && waited: // since then the truck's way has changed, and with it what is left
		w.left = left
		h.waiting[l.ID][rec.Trip.ID] = w
	case ok:
		if h.waiting[l.ID] == nil {
			h.waiting[l.ID] = map[freight.ID]wait{}
		}
		h.waiting[l.ID][rec.Trip.ID] = wait{Pair{Load: l.ID, Trip: rec.Trip.ID, TripVersion: rec.Trip.Version, At: h.now}, left}
	}
}
