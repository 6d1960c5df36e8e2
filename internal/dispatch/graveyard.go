package dispatch

import (
	"sync"

	"pinhuo/freight"
)

// graveyard keeps trips that have left the board for as long as some load is
// still open that was open beside them: its explanation may have to name one.
type graveyard struct {
	mu   sync.Mutex
	list []departed
	most int // length at which the list is next pruned
}

type departed struct {
	trip freight.PackedTrip
	left freight.Instant
}

// add buries a trip. oldest says since when the oldest open load is open; it
// is asked each time the graveyard has doubled.
func (g *graveyard) add(t freight.PackedTrip, left freight.Instant, oldest func() freight.Instant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.list) >= max(g.most, 64) {
		since := oldest()
		kept := g.list[:0:0]
		for _, d := range g.list {
			if d.left >= since {
				kept = append(kept, d)
			}
		}
		g.list, g.most = kept, 2*len(kept)
	}
	g.list = append(g.list, departed{t, left})
}

// since returns the trips that left at the instant or later.
func (g *graveyard) since(at freight.Instant) []freight.PackedTrip {
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []freight.PackedTrip
	for _, d := range g.list {
		if d.left >= at {
			list = append(list, d.trip)
		}
	}
	return list
}
