package geo

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrLegs is wrapped where a trip given to the index has neither legs nor a
// tail, or where its legs do not join end to end.
var ErrLegs = errors.New("trip legs do not form a journey")

// ErrSlot is wrapped where a slot that holds nothing is replaced.
var ErrSlot = errors.New("slot is empty")

// Leg is the drive between two neighbouring stops of a trip's own plan.
//
// Presence is bounded loosely: a truck that waits or is late inside
// EarliestMs..LatestMs is still covered, one that leaves before or arrives
// after is not. A leg that cannot be driven inside its presence gives room to
// nothing.
type Leg struct {
	From, To   Point
	Seconds    int64 // driving time
	EarliestMs int64 // unix ms; no earlier can the truck leave From
	LatestMs   int64 // unix ms; no later may it be at To
}

// Tail is the open end of a free-roaming trip: from its last fixed stop the
// truck may go anywhere it can serve before the horizon.
type Tail struct {
	From       Point
	EarliestMs int64 // unix ms; no earlier can the truck leave From
	HorizonMs  int64 // unix ms; by then every service must be over
}

// Trip is what the index knows of a trip: its own stops and clocks, nothing of
// rooms or equipment.
//
// Give the trip's own stops, without the stops of pooled loads: a plan into
// which stops have been inserted has less time and less detour left than the
// bare trip, and dropping stops never lengthens a drive that obeys the
// triangle rule. So the postings of the bare trip stay a superset, accepting a
// load needs no index write, and only a new trip, a cancelled one or a real
// change of its own stops or clocks does.
type Trip struct {
	Bound        Bound // of the router whose seconds the legs have
	Legs         []Leg // in driving order, each beginning where the last ended; may be empty where Tail is set
	DetourLimitS int64 // greatest added driving seconds over the own legs; below 0 counts as 0
	Roams        bool  // the detour limit does not apply, only the clocks do
	Tail         *Tail // set where the trip has no destination; implies Roams
}

// Load is what the index knows of a load. Service begins inside a window; the
// truck may come before and wait. Service seconds are the least the stop may
// take; give 0 where it is not known.
type Load struct {
	Pickup, Delivery Point
	PickupOpenMs     int64 // unix ms; service at the pickup begins no earlier
	PickupCloseMs    int64 // unix ms; nor later
	DeliveryOpenMs   int64 // unix ms; service at the delivery begins no earlier
	DeliveryCloseMs  int64 // unix ms; nor later
	PickupServiceS   int64 // seconds at the pickup before the truck goes on
	DeliveryServiceS int64 // seconds at the delivery
}

// Candidate is one proposal of the index.
type Candidate struct {
	Slot uint32 // of the trip (TripsFor) or the load (LoadsFor)
	// DetourS is a lower bound of the driving seconds the load adds to the
	// trip's own legs. With other loads already aboard, the seconds this load
	// adds on top are at least DetourS less the detour already spent.
	DetourS int64
}

// Corridor is the index of open trips and open loads. It proposes with no
// false negatives: every pair for which some insertion into the trip's own
// legs keeps order, windows and detour limit is among the candidates, as long
// as the true seconds are never below the trip's bound.
//
// Trips with different bounds stand side by side. A load is looked for among all
// of them; among those on a Ground only if its places are on its roads.
//
// Methods that write are serialised; queries run beside them and beside each
// other without waiting. A query that overlaps a write sees the entity as it
// was, as it will be, or not at all, so whoever adds or replaces one queries
// for it afterwards. A slot in a result may have been removed or reused by the
// time it is read: judge the slot's present holder.
//
// Slots are small numbers given out by the index, reused after removal. Equal
// sequences of writes give equal slots, and equal contents equal answers.
type Corridor struct {
	radiusScale float64 // of every walker; 1
	mixedTrips  int     // of a sector, before it has pages

	fields  atomic.Pointer[[]*field] // the newest last; replaced, never changed
	scratch sync.Pool                // *query

	// moves is even, and one step of two higher after each write that took a trip away
	// from where it stood; odd while one does.
	moves atomic.Uint64

	mu      sync.Mutex // held by writers; owns everything below but for its atomic parts
	trips   slots[tripEntry]
	loads   slots[loadEntry]
	walker  *walker // the writers' own
	stamps  stamps  // of blocks of rows
	gen     uint16  // counts writes, so that postings of one load slot can be told apart
	tripped int     // trip postings stored, dead ones included
	loaded  int     // load postings stored, dead ones included
}

// NewCorridor makes an empty index.
func NewCorridor() *Corridor {
	c := &Corridor{radiusScale: 1, mixedTrips: mixedTrips}
	c.fields.Store(new([]*field))
	c.walker = c.newWalker()
	c.scratch.New = func() any { return &query{walker: c.newWalker()} }
	return c
}

func (c *Corridor) newWalker() *walker { return &walker{radiusScale: c.radiusScale} }

// field is the field of a bound, or one that is not in the index.
func (c *Corridor) field(b Bound) *field {
	for _, f := range *c.fields.Load() {
		if f.bound == b {
			return f
		}
	}
	return newField(b)
}

// fillAtOnce is how many loads are put into a new field by a write: so that the
// first trip by new roads keeps nobody waiting until all loads have been found on
// them. Until then whoever asks for loads looks through the rest.
const fillAtOnce = 1024

// hold counts a trip into its field, which it puts into the index if it is not
// there, and goes on filling.
func (c *Corridor) hold(f *field) {
	f.trips++
	list := *c.fields.Load()
	if !slices.Contains(list, f) {
		kept := make([]*field, 0, len(list)+1)
		for _, old := range list {
			if old.trips > 0 {
				kept = append(kept, old)
			} else {
				c.drop(old)
			}
		}
		kept = append(kept, f)
		c.fields.Store(&kept)
	}
}

// release counts a trip out of its field. An empty field is dropped when there is
// a newer one.
func (c *Corridor) release(f *field) {
	f.trips--
	list := *c.fields.Load()
	if i := slices.Index(list, f); f.trips == 0 && i >= 0 && i < len(list)-1 {
		kept := slices.Delete(slices.Clone(list), i, i+1)
		c.drop(f)
		c.fields.Store(&kept)
	}
}

// drop counts a field's postings out.
func (c *Corridor) drop(f *field) {
	trips, loads := f.postings()
	c.tripped -= trips
	c.loaded -= loads
}

// fill goes on putting loads into the fields that have not all of them.
func (c *Corridor) fill() {
	for _, f := range *c.fields.Load() {
		slot, size := f.filled.Load(), c.loads.size()
		for end := min(slot+fillAtOnce, size); slot < end; slot++ {
			old := c.loads.get(slot)
			if old == nil || old.standing(f) != nil {
				continue
			}
			made := *old
			made.in = slices.Clone(old.in)
			if c.enter(f, slot, &made) {
				c.loads.set(slot, &made)
			}
		}
		f.filled.Store(slot)
	}
}

// AddTrip puts a trip into the index and returns its slot. It fails with
// ErrLegs, ErrCoordinates or ErrBound and then changes nothing.
func (c *Corridor) AddTrip(t Trip) (uint32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, err := newTripEntry(c.field(t.Bound), t)
	if err != nil {
		return 0, err
	}
	slot := c.trips.take()
	if err := c.putTrip(slot, e, &t); err != nil {
		c.trips.giveBack(slot)
		return 0, err
	}
	return slot, nil
}

// ReplaceTrip gives the trip in a slot other legs, limits or clocks. It fails
// like AddTrip, or with ErrSlot, and then changes nothing.
func (c *Corridor) ReplaceTrip(slot uint32, t Trip) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.trips.get(slot)
	if old == nil {
		return fmt.Errorf("trip slot %d: %w", slot, ErrSlot)
	}
	e, err := newTripEntry(c.field(t.Bound), t)
	if err != nil {
		return err
	}
	c.moves.Add(1)
	defer c.moves.Add(1)
	if err := c.putTrip(slot, e, &t); err != nil {
		return err
	}
	c.buryTrip(old)
	return nil
}

// RemoveTrip frees a slot. A slot that holds nothing is left alone.
func (c *Corridor) RemoveTrip(slot uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.trips.free(slot); old != nil {
		c.moves.Add(2)
		c.buryTrip(old)
	}
}

// putTrip posts a trip and then publishes its record: a query that overlaps
// the two finds the record that was there before.
func (c *Corridor) putTrip(slot uint32, e *tripEntry, t *Trip) error {
	cells, wide, err := c.walker.cover(e, t)
	if err != nil {
		return err
	}
	if wide {
		cells = nil
	}
	c.hold(e.field)
	c.fill()
	h := e.head(slot)
	p := c.pageFor(e.field, &h, cells)
	c.tripped -= p.posted
	e.page, e.at = p, int32(p.put(h, e.own(), cells, wide))
	c.tripped += p.posted
	c.trips.set(slot, e)
	return nil
}

// AddLoad puts a load into the index and returns its slot. It fails with
// ErrCoordinates and then changes nothing.
func (c *Corridor) AddLoad(l Load) (uint32, error) {
	e := new(loadEntry)
	if err := e.set(l); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slot := c.loads.take()
	c.putLoad(slot, e)
	return slot, nil
}

// ReplaceLoad gives the load in a slot other places or windows. It fails like
// AddLoad, or with ErrSlot, and then changes nothing.
func (c *Corridor) ReplaceLoad(slot uint32, l Load) error {
	e := new(loadEntry)
	if err := e.set(l); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.loads.get(slot)
	if old == nil {
		return fmt.Errorf("load slot %d: %w", slot, ErrSlot)
	}
	c.putLoad(slot, e)
	c.buryLoad(old)
	return nil
}

// RemoveLoad frees a slot. A slot that holds nothing is left alone.
func (c *Corridor) RemoveLoad(slot uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.loads.free(slot); old != nil {
		c.buryLoad(old)
	}
}

// putLoad posts a load in every field that has those of its slot, and then
// publishes its record.
func (c *Corridor) putLoad(slot uint32, e *loadEntry) {
	c.gen++
	e.gen = c.gen
	fields := *c.fields.Load()
	for _, f := range fields {
		if slot <= f.filled.Load() {
			c.enter(f, slot, e)
		}
	}
	c.loads.set(slot, e)
	for _, f := range fields {
		f.filled.CompareAndSwap(slot, slot+1)
	}
	c.fill()
}

// enter posts a load in the cells of a field that its pickup is looked for in; not
// where it is off the field's roads.
func (c *Corridor) enter(f *field, slot uint32, e *loadEntry) bool {
	var s standing
	if !f.stand(e, &s) {
		return false
	}
	err := f.post(e, &s, func(n *node, at stretch, delivery uint32) {
		n.loads.add(at, loadPosting{slot: slot, delivery: delivery, gen: e.gen, from: at.first, span: at.span})
		c.loaded++
	})
	if err != nil {
		return false
	}
	e.in = append(e.in, s)
	return true
}

// buryLoad counts the postings of a record that is no longer in its slot as
// dead. Its cells are known, so finding them cannot fail.
func (c *Corridor) buryLoad(e *loadEntry) {
	alive := func(slot uint32, gen uint16) bool {
		e := c.loads.get(slot)
		return e != nil && e.gen == gen
	}
	for i := range e.in {
		if !slices.Contains(*c.fields.Load(), e.in[i].field) {
			continue // the field went with all its postings
		}
		_ = e.in[i].field.post(e, &e.in[i], func(n *node, at stretch, _ uint32) {
			c.loaded -= n.loads.bury(at, alive)
		})
	}
}

// Retire drops the postings of times that ended before the given unix ms. What
// they belong to is no longer proposed but keeps its slot until it is removed.
func (c *Corridor) Retire(beforeMs int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range *c.fields.Load() {
		trips, loads := f.retire(floorDiv(beforeMs, minuteMs))
		c.tripped -= trips
		c.loaded -= loads
	}
}
