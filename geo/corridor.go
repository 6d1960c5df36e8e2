package geo

import (
	"errors"
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
	bound Bound

	mu    sync.Mutex // held by writers
	trips slots[tripEntry]
	loads slots[loadEntry]
}

// NewCorridor makes an empty index over a router's bound.
func NewCorridor(bound Bound) *Corridor {
	return &Corridor{bound: bound}
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
	c.trips.set(slot, e)
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
	if c.trips.get(slot) == nil {
		return ErrSlot
	}
	c.trips.set(slot, e)
	return nil
}

// RemoveTrip frees a slot. A slot that holds nothing is left alone.
func (c *Corridor) RemoveTrip(slot uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips.free(slot)
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
	c.loads.set(slot, e)
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
	if c.loads.get(slot) == nil {
		return ErrSlot
	}
	c.loads.set(slot, e)
	return nil
}

// RemoveLoad frees a slot. A slot that holds nothing is left alone.
func (c *Corridor) RemoveLoad(slot uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loads.free(slot)
}

// Retire drops the postings of days that ended before the given unix ms. Slots
// stay taken until they are removed.
func (c *Corridor) Retire(beforeMs int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
}

// TripsFor appends to buf the trips that may carry the load, by rising lower
// bound of the detour, equal bounds by slot. It fails with ErrCoordinates.
func (c *Corridor) TripsFor(l Load, buf []Candidate) ([]Candidate, error) {
	q, err := newLoadEntry(c.bound, l)
	if err != nil {
		return buf, err
	}
	from := len(buf)
	for slot, n := uint32(0), c.trips.size(); slot < n; slot++ {
		if e := c.trips.get(slot); e != nil {
			if ms, ok := e.detour(c.bound, q); ok {
				buf = append(buf, Candidate{Slot: slot, DetourS: ms})
			}
		}
	}
	sortCandidates(buf[from:])
	return buf, nil
}

// LoadsFor appends to buf the loads that the trip may carry, by rising lower
// bound of the detour, equal bounds by slot. The trip need not be in the
// index. It fails like AddTrip.
func (c *Corridor) LoadsFor(t Trip, buf []Candidate) ([]Candidate, error) {
	e, err := newTripEntry(c.bound, t)
	if err != nil {
		return buf, err
	}
	from := len(buf)
	for slot, n := uint32(0), c.loads.size(); slot < n; slot++ {
		if q := c.loads.get(slot); q != nil {
			if ms, ok := e.detour(c.bound, q); ok {
				buf = append(buf, Candidate{Slot: slot, DetourS: ms})
			}
		}
	}
	sortCandidates(buf[from:])
	return buf, nil
}
