package dispatch

import (
	"context"
	"slices"
	"testing"

	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// highRoad is a graph of one road, from Haimen to Changzhou, driven at the given
// speed.
func highRoad(t *testing.T, kmh uint8) *roads.Router {
	t.Helper()
	a, b := geo.Point(haimen), geo.Point(changzhou)
	net := &roads.Network{Nodes: []geo.Point{a, b}, Names: []string{""},
		Pieces: []roads.Piece{{To: 1, Class: roads.Trunk, Flags: roads.Forward | roads.Back, MaxKmh: [2]uint8{kmh, kmh}}},
		Shape:  []roads.ShapePoint{{LatE7: a.LatE7, LngE7: a.LngE7}, {LatE7: b.LatE7, LngE7: b.LngE7, Cm: roads.SegmentCm(a, b)}}}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.Router(roads.RouterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newGuidedRig(t *testing.T, guide *roads.Guide) *rig {
	t.Helper()
	l := newLedger()
	r := &rig{t: t, ledger: l, told: &told{ledger: l}, now: start}
	var err error
	r.engine, err = Open(context.Background(), Config{Market: market.ID, Store: l, Publisher: r.told, Router: guide,
		Costs: freight.DefaultCosts(), Mint: &mint{}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func guideOf(t *testing.T, r *roads.Router) *roads.Guide {
	t.Helper()
	fallback, err := roads.NewFallback(roads.DefaultFactor, roads.DefaultKmh)
	if err != nil {
		t.Fatal(err)
	}
	return roads.NewGuide(fallback, r, 0)
}

// offRoad moves a stop 25 km from the road.
func offRoad(p freight.Point) freight.Point {
	p.LatE7 -= 2_300_000
	return p
}

func TestATripKeepsItsRouter(t *testing.T) {
	slow, quick := highRoad(t, 50), highRoad(t, 60)
	guide := guideOf(t, quick)
	r := newGuidedRig(t, guide)
	onRoad := r.round(announce("1", 9_000_000))[0].Result.Trip
	cmd := announce("2", 9_000_000)
	terms := cmd.Act.(freight.AnnounceTrip)
	terms.Terms.Stops[0].Place.Point = offRoad(haimen)
	cmd.Act = terms
	beside := r.round(cmd)[0].Result.Trip
	if onRoad.Router.Method != "graph" || onRoad.Router.Version != quick.Version() || beside.Router.Method != "fallback" {
		t.Fatalf("trips by %v and %v", onRoad.Router, beside.Router)
	}
	guide.Swap(slow)
	later := r.round(announce("3", 9_000_000))[0].Result.Trip
	if later.Router.Version != slow.Version() || later.DirectS <= onRoad.DirectS {
		t.Errorf("after the swap: %v, %d s, before %d s", later.Router, later.DirectS, onRoad.DirectS)
	}
	load := r.round(post("", 1000))[0].Result.Load
	r.settle()
	want := map[freight.ID]freight.Router{onRoad.ID: onRoad.Router, beside.ID: beside.Router, later.ID: later.Router}
	met, there := map[freight.Router]bool{}, map[freight.ID]freight.Instant{}
	for _, o := range r.engine.live.OpenOffers(load.ID) {
		met[o.Router], there[o.Trip] = true, o.DropETA
		if o.Router != want[o.Trip] {
			t.Errorf("an offer on %s names %v, the trip %v", o.Trip, o.Router, want[o.Trip])
		}
	}
	if !met[onRoad.Router] || !met[later.Router] {
		t.Errorf("offers by %v", met)
	}
	if there[onRoad.ID] >= there[later.ID] { // the same stops, on the quicker road and on the slower one
		t.Errorf("delivered at %v by the road that the trip was announced on, at %v by today's", there[onRoad.ID], there[later.ID])
	}
}

func TestALoadOffTheRoadRidesNoGraphTrip(t *testing.T) {
	r := newGuidedRig(t, guideOf(t, highRoad(t, 60)))
	trip := r.round(announce("1", 9_000_000))[0].Result.Trip
	cmd := post("", 1000)
	terms := cmd.Act.(freight.PostLoad)
	terms.Terms.Pickup.Place.Point = offRoad(haimen)
	cmd.Act = terms
	load := r.round(cmd)[0].Result.Load
	if load.Direct.Method != "fallback" {
		t.Errorf("the load alone is measured by %s", load.Direct.Method)
	}
	verdict := r.engine.fit(r.now).Fits(trip, load)
	if verdict.OK || verdict.Reason != freight.ReasonOffRoad || verdict.Unit != "m" || verdict.By < 20_000 || verdict.By > 30_000 {
		t.Errorf("on the trip by the graph: %+v", verdict)
	}
	cmd = announce("2", 9_000_000)
	other := cmd.Act.(freight.AnnounceTrip)
	other.Terms.Stops[0].Place.Point = offRoad(haimen)
	cmd.Act = other
	beside := r.round(cmd)[0].Result.Trip
	r.settle()
	offers := r.engine.live.OpenOffers(load.ID)
	if len(offers) != 1 || offers[0].Trip != beside.ID || offers[0].Router.Method != "fallback" {
		t.Errorf("offers: %+v", offers)
	}
	if !slices.Contains(freight.Reasons, freight.ReasonOffRoad) {
		t.Error("the reason is not of the closed set")
	}
}

// TestTheNearestTripSaysHowFarTheRoadIs: the index rules out what lies off a trip's roads,
// and the explanation says so of the trip that came nearest, with the metres to the road.
func TestTheNearestTripSaysHowFarTheRoadIs(t *testing.T) {
	r := newGuidedRig(t, guideOf(t, highRoad(t, 60)))
	trip := r.round(announce("1", 9_000_000))[0].Result.Trip
	cmd := post("", 1000)
	terms := cmd.Act.(freight.PostLoad)
	terms.Terms.Pickup.Place.Point = offRoad(haimen)
	cmd.Act = terms
	load := r.round(cmd)[0].Result.Load
	r.settle()
	near := r.engine.nearest(r.engine.board.Load(), load)
	if near == nil || near.Trip != trip.ID || near.Reason != freight.ReasonOffRoad || near.By < 20_000 || near.By > 30_000 || near.Unit != "m" {
		t.Errorf("%+v", near)
	}
}
