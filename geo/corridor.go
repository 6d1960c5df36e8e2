package geo

import (
	"errors"
	"fmt"
	"sync"
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
	Seconds    int64 // driving time by the router whose bound the index has
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
// as the true seconds are never below the bound the index was made with and
// obey the triangle rule.
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
	bound       Bound
	radiusScale float64 // of every walker; 1

	grid    grid
	scratch sync.Pool // *query

	mu      sync.Mutex // held by writers; owns everything below but for its atomic parts
	trips   slots[tripEntry]
	loads   slots[loadEntry]
	wide    timed[tripPosting] // trips that reach too far for cells
	walker  *walker            // the writers' own
	gen     uint16             // counts writes, so that postings of one slot can be told apart
	tripped int                // trip postings stored, dead ones included
	loaded  int                // load postings stored, dead ones included
}

// NewCorridor makes an empty index over a router's bound.
func NewCorridor(bound Bound) *Corridor {
	c := &Corridor{bound: bound, radiusScale: 1}
	c.walker = c.newWalker()
	c.scratch.New = func() any { return &query{walker: c.newWalker()} }
	return c
}

func (c *Corridor) newWalker() *walker {
	return &walker{grid: &c.grid, bound: c.bound, radiusScale: c.radiusScale}
}

// AddTrip puts a trip into the index and returns its slot. It fails with
// ErrLegs, ErrCoordinates or ErrBound and then changes nothing.
func (c *Corridor) AddTrip(t Trip) (uint32, error) {
	e, err := newTripEntry(c.bound, t)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slot := c.trips.take()
	if err := c.putTrip(slot, e); err != nil {
		c.trips.giveBack(slot)
		return 0, err
	}
	return slot, nil
}

// ReplaceTrip gives the trip in a slot other legs, limits or clocks. It fails
// like AddTrip, or with ErrSlot, and then changes nothing.
func (c *Corridor) ReplaceTrip(slot uint32, t Trip) error {
	e, err := newTripEntry(c.bound, t)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.trips.get(slot)
	if old == nil {
		return fmt.Errorf("trip slot %d: %w", slot, ErrSlot)
	}
	if err := c.putTrip(slot, e); err != nil {
		return err
	}
	c.buryTrip(slot, old)
	return nil
}

// RemoveTrip frees a slot. A slot that holds nothing is left alone.
func (c *Corridor) RemoveTrip(slot uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.trips.free(slot); old != nil {
		c.buryTrip(slot, old)
	}
}

// putTrip posts a trip and then publishes its record: a query that overlaps
// the two finds the record that was there before.
func (c *Corridor) putTrip(slot uint32, e *tripEntry) error {
	cells, wide, err := c.walker.cover(e)
	if err != nil {
		return err
	}
	c.gen++
	e.gen = c.gen
	if wide {
		s := stretchOf(e.fromMs, e.toMs)
		c.wide.add(s, tripPosting{slot: slot, gen: e.gen, due: anyAlong, from: s.first, span: s.span})
		c.tripped++
	} else {
		for i := range cells {
			s := stretchOf(cells[i].fromMs, cells[i].toMs)
			cells[i].node.trips.add(s, cells[i].posting(slot, e.gen, s))
		}
		c.tripped += len(cells)
	}
	c.trips.set(slot, e)
	return nil
}

// buryTrip counts the postings of a record that is no longer in its slot as
// dead. Where they are is found by walking its cover again. The cells of a
// cover that was walked once are all known, so the walk cannot fail.
func (c *Corridor) buryTrip(slot uint32, e *tripEntry) {
	cells, wide, err := c.walker.cover(e)
	if err != nil {
		return
	}
	alive := func(slot uint32, gen uint16) bool {
		e := c.trips.get(slot)
		return e != nil && e.gen == gen
	}
	if wide {
		c.tripped -= c.wide.bury(stretchOf(e.fromMs, e.toMs), alive)
		return
	}
	for i := range cells {
		c.tripped -= cells[i].node.trips.bury(stretchOf(cells[i].fromMs, cells[i].toMs), alive)
	}
}

// AddLoad puts a load into the index and returns its slot. It fails with
// ErrCoordinates and then changes nothing.
func (c *Corridor) AddLoad(l Load) (uint32, error) {
	e, err := newLoadEntry(c.bound, l)
	if err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slot := c.loads.take()
	if err := c.putLoad(slot, e); err != nil {
		c.loads.giveBack(slot)
		return 0, err
	}
	return slot, nil
}

// ReplaceLoad gives the load in a slot other places or windows. It fails like
// AddLoad, or with ErrSlot, and then changes nothing.
func (c *Corridor) ReplaceLoad(slot uint32, l Load) error {
	e, err := newLoadEntry(c.bound, l)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.loads.get(slot)
	if old == nil {
		return fmt.Errorf("load slot %d: %w", slot, ErrSlot)
	}
	if err := c.putLoad(slot, e); err != nil {
		return err
	}
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

// putLoad posts a load in its pickup cell and then publishes its record.
func (c *Corridor) putLoad(slot uint32, e *loadEntry) error {
	pickup, err := c.grid.at(e.from)
	if err != nil {
		return err
	}
	delivery, err := c.grid.at(e.to)
	if err != nil {
		return err
	}
	c.gen++
	e.gen = c.gen
	s := e.stretch()
	pickup.loads.add(s, loadPosting{slot: slot, delivery: delivery.id, gen: e.gen, from: s.first, span: s.span})
	c.loaded++
	c.loads.set(slot, e)
	return nil
}

// buryLoad counts the posting of a record that is no longer in its slot as
// dead. Its cell is known, so finding it cannot fail.
func (c *Corridor) buryLoad(e *loadEntry) {
	pickup, err := c.grid.at(e.from)
	if err != nil {
		return
	}
	c.loaded -= pickup.loads.bury(e.stretch(), func(slot uint32, gen uint16) bool {
		e := c.loads.get(slot)
		return e != nil && e.gen == gen
	})
}

// Retire drops the postings of times that ended before the given unix ms. What
// they belong to is no longer proposed but keeps its slot until it is removed.
func (c *Corridor) Retire(beforeMs int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := floorDiv(beforeMs, minuteMs)
	c.tripped -= c.wide.retire(before)
	for _, n := range c.grid.list() {
		c.tripped -= n.trips.retire(before)
		c.loaded -= n.loads.retire(before)
	}
}

// Stats is the size of the index.
type Stats struct {
	Trips, Loads               int // slots in use
	TripPostings, LoadPostings int // stored, those of removed ones that wait to be dropped included
	Cells                      int // H3 cells ever touched
}

// Stats counts what the index holds.
func (c *Corridor) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Trips: c.trips.live(), Loads: c.loads.live(),
		TripPostings: c.tripped, LoadPostings: c.loaded,
		Cells: c.grid.size(),
	}
}
