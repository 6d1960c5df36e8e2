package main

import (
	"runtime"
	"sync"

	"pinhuo/freight"
	"pinhuo/geo"
)

// judge holds answers against Fits on all trips.
func (c indexCommand) judge(b *bench, m *indexMarket, line *indexLine) error {
	loads := make([]errand, c.Judged)
	for i := range loads {
		l := m.load(1_000_000 + i)
		loads[i] = errand{load: l, pickup: geo.Point(l.Pickup.Place.Point).Vec(), delivery: geo.Point(l.Delivery.Place.Point).Vec()}
	}
	truth := m.bruteForce(loads)
	b.say("%d queries judged on all %d trips", c.Judged, line.Trips)
	for i := range loads {
		if err := m.query(loads[i].load); err != nil {
			return err
		}
		line.Feasible += float64(truth[i].feasible)
		for k, want := range truth[i].best {
			if k >= len(m.best) || m.best[k] != want {
				line.Misses++
			}
		}
	}
	line.JudgedQueries = c.Judged
	line.Feasible /= float64(max(c.Judged, 1))
	return nil
}

// errand is a load and where it is fetched and brought.
type errand struct {
	load             *freight.Load
	pickup, delivery geo.Vec
}

// found is what judging all trips finds for a load.
type found struct {
	best     []indexPair
	feasible int
}

// bruteForce asks Fits about every trip and every load, on all processors; the index
// takes no part. A pair is passed over where the clocks or the
// straight lines between its places leave no doubt.
func (m *indexMarket) bruteForce(loads []errand) []found {
	workers := runtime.GOMAXPROCS(0)
	parts := make([][]found, workers)
	var all sync.WaitGroup
	for w := range workers {
		parts[w] = make([]found, len(loads))
		all.Go(func() {
			var trip freight.Trip
			for i := w; i < len(m.slots); i += workers {
				if o := m.slots[i]; o != nil {
					o.trip.UnpackTo(&trip)
					m.judgeTrip(o, &trip, loads, parts[w])
				}
			}
		})
	}
	all.Wait()
	truth := parts[0]
	for _, part := range parts[1:] {
		for i := range part {
			truth[i].feasible += part[i].feasible
			for _, pair := range part[i].best {
				truth[i].best = keep(truth[i].best, pair)
			}
		}
	}
	return truth
}

func (m *indexMarket) judgeTrip(o *indexOutline, trip *freight.Trip, loads []errand, into []found) {
	last := len(trip.Stops) - 1
	first, end := geo.Point(trip.Stops[0].Place.Point).Vec(), geo.Point(trip.Stops[last].Place.Point).Vec()
	opens, closes := trip.Plan[0].Leave, trip.Stops[last].Window.Close
	rate, most := m.fit.Floor.Bound.SecondsPerMetre(), float64(trip.DirectS+trip.Limits.DetourS)
	for i := range loads {
		e := &loads[i]
		if e.load.Pickup.Window.Close < opens || e.load.Delivery.Window.Open > closes {
			continue // the truck has not left, or has arrived
		}
		if rate > 0 && (first.GreatCircleM(e.pickup)+e.pickup.GreatCircleM(e.delivery)+e.delivery.GreatCircleM(end))*rate > most {
			continue // over pickup and delivery alone it drives longer than it may
		}
		if v := m.fit.Weigh(trip, e.load); v.OK {
			into[i].feasible++
			into[i].best = keep(into[i].best, indexPair{o, v.Value})
		}
	}
}

// stand puts so many trips into the index, and tells how much memory was in use when
// there were their records alone.
func (m *indexMarket) stand(n int) (records int64, err error) {
	outlines := make([]*indexOutline, n)
	for i := range outlines {
		outlines[i] = m.outline(m.draw(i))
	}
	records = resident()
	m.corridor, m.slots = geo.NewCorridor(), make([]*indexOutline, 0, n)
	var trip freight.Trip
	for _, o := range outlines {
		o.trip.UnpackTo(&trip)
		if _, err := m.add(&trip, o); err != nil {
			return records, err
		}
	}
	return records, nil
}
