package replay

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pinhuo/freight"
)

// drivers do what their plans say: they load and hand over when their calls are done, and
// tell so at once.
type drivers struct {
	trip   func(freight.ID) *freight.Trip // as it is now, nil where it has ended
	riders map[freight.ID]rider           // by load
	due    map[freight.ID]freight.Instant // trip -> its next act, 0 for none
	stale  map[freight.ID]bool            // trips whose next act is to be found anew
}

// rider is a load that a truck has to carry, or carries.
type rider struct {
	booking, trip freight.ID
	aboard        bool
}

func newDrivers() *drivers {
	return &drivers{riders: map[freight.ID]rider{}, due: map[freight.ID]freight.Instant{}, stale: map[freight.ID]bool{}}
}

// hear follows what people are told of bookings and trips.
func (d *drivers) hear(e *freight.Event) {
	f := &e.Facts
	switch e.Type {
	case freight.EventBookingFirm:
		d.riders[f.Load] = rider{booking: f.Booking, trip: f.Trip}
	case freight.EventBookingAboard:
		r := d.riders[f.Load]
		r.aboard = true
		d.riders[f.Load] = r
	case freight.EventBookingReleased, freight.EventBookingHandedOver:
		if d.riders[f.Load].booking == f.Booking {
			delete(d.riders, f.Load)
		}
	case freight.EventTripReplanned, freight.EventTripCompleted, freight.EventTripCancelled:
	default:
		return
	}
	d.stale[f.Trip] = true
}

// next is when the next driver has something to tell, 0 for never.
func (d *drivers) next() (at freight.Instant) {
	for id := range d.stale {
		delete(d.due, id)
		if t := d.trip(id); t != nil {
			for _, step := range d.steps(t) {
				if had, known := d.due[id]; !known || step.At < had {
					d.due[id] = step.At
				}
			}
		}
	}
	clear(d.stale)
	for _, due := range d.due {
		if at == 0 || due < at {
			at = due
		}
	}
	return at
}

// steps are what the driver of a trip still has to do, in the order of its plan.
func (d *drivers) steps(t *freight.Trip) (list []freight.MoveGoods) {
	for i := range t.Plan {
		call := &t.Plan[i]
		r, known := d.riders[call.Load]
		if !known || r.trip != t.ID {
			continue
		}
		event := freight.BookingLoadUp
		if call.Kind == freight.CallDelivery {
			event = freight.BookingHandOver
		}
		if event == freight.BookingHandOver || !r.aboard {
			list = append(list, freight.MoveGoods{Booking: r.booking, Event: event, At: call.Leave})
		}
	}
	return list
}

// acts are what drivers tell by the instant, in order of trips.
func (d *drivers) acts(now freight.Instant) (list []freight.Command) {
	var ready []freight.ID
	for id, due := range d.due {
		if due <= now {
			ready = append(ready, id)
		}
	}
	slices.SortFunc(ready, func(a, b freight.ID) int { return cmp.Or(cmp.Compare(d.due[a], d.due[b]), cmp.Compare(a, b)) })
	for _, id := range ready {
		t := d.trip(id)
		if t == nil {
			continue
		}
		for _, step := range d.steps(t) {
			if step.At <= now {
				list = append(list, freight.Command{Org: t.Org, Act: step})
			}
		}
		d.stale[id] = true
	}
	return list
}

// drive lets the drivers who are the next by the instant tell what they did. Their plans
// say when, so nothing of it may be refused; and whoever packs the market goes by the other
// clocks alone, so that it is packed when it would have been without them.
func (m *market) drive(ctx context.Context, until freight.Instant) (bool, error) {
	at := m.drivers.next()
	if at == 0 || at > until {
		return false, nil
	}
	acts, before := m.drivers.acts(at), m.now
	outcomes, err := m.round(ctx, at, acts)
	m.now = before
	if err != nil {
		return false, err
	}
	for i, o := range outcomes {
		if o.Err != nil {
			return false, fmt.Errorf("a driver tells %+v: %w", acts[i].Act, o.Err)
		}
	}
	return true, nil
}
