package dispatch

import (
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/book"
)

// TestALoadWhoseTripWasCancelledIsFirstInLine: it is planned before what has
// waited for long, and a new trip is asked for it before it is asked for loads
// that pay more.
func TestALoadWhoseTripWasCancelledIsFirstInLine(t *testing.T) {
	r := newRig(t)
	trip := r.round(announce("1", 5_000_000))[0].Result.Trip
	cheap := r.round(post("", 1000))[0].Result.Load
	r.settle()
	if got := r.round(accept(r.engine.live.OpenOffers(cheap.ID)[0]))[0]; got.Err != nil {
		t.Fatal(got.Err)
	}
	r.settle()
	r.round(freight.Command{Org: trip.Org, Act: freight.CancelTrip{Trip: trip.ID}})
	var others []freight.ID
	for range 3 {
		others = append(others, r.round(post("", 2_000_000))[0].Result.Load.ID)
	}
	line := newNeeds()
	list := r.engine.Needs()
	for i := range list { // the cancelled trip's load comes last
		if list[i].ID == cheap.ID {
			list = append(append(list[:i:i], list[i+1:]...), list[i])
			break
		}
	}
	line.add(list)
	if need, _ := line.next(); need.ID != cheap.ID || need.Kind != book.NeedTrips {
		t.Errorf("planned first: %+v", need)
	}

	r.now += freight.Minute
	fresh := r.round(announce("2", 5_000_000))[0].Result.Trip
	var asked []freight.ID
	for _, cmd := range r.engine.Plan(r.now, book.Need{Kind: book.NeedLoads, ID: fresh.ID}) {
		asked = append(asked, cmd.Act.(freight.Propose).Load)
	}
	if len(asked) != 1+len(others) || asked[0] != cheap.ID {
		t.Errorf("asked for %v, first in line is %s", asked, cheap.ID)
	}

	r.restarted()
	again := newNeeds()
	again.add(r.engine.Needs())
	if need, _ := again.next(); need.ID != cheap.ID {
		t.Errorf("planned first after a restart: %+v", need)
	}
}
