package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"pinhuo/api/client"
	"pinhuo/freight"
	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// highRoad writes a road file of one road, from Haimen to Changzhou, on which the limit
// holds, in the place of the one that may be there.
func highRoad(t *testing.T, file string, kmh uint8) {
	t.Helper()
	a, b := geo.Point{LatE7: 319_000_000, LngE7: 1_211_700_000}, geo.Point{LatE7: 317_700_000, LngE7: 1_199_500_000}
	net := &roads.Network{Nodes: []geo.Point{a, b}, Names: []string{""},
		Pieces: []roads.Piece{{To: 1, Class: roads.Trunk, Flags: roads.Forward | roads.Back, MaxKmh: [2]uint8{kmh, kmh}}},
		Shape:  []roads.ShapePoint{{LatE7: a.LatE7, LngE7: a.LngE7}, {LatE7: b.LatE7, LngE7: b.LngE7, Cm: roads.SegmentCm(a, b)}}}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Write(file); err != nil {
		t.Fatal(err)
	}
}

// TestTripsKeepTheirRoadsOverAKill announces a trip, kills the server, puts faster roads
// in the old ones' place and starts it again: the trip and what is offered to it are
// measured by the old roads, a new trip by the new ones. Killed and started without a
// road file it is the same; once no trip names the old roads, they are gone.
func TestTripsKeepTheirRoadsOverAKill(t *testing.T) {
	h := newHouse(t, database{Data: t.TempDir()}, 1, 1)
	file := filepath.Join(h.db.Data, "region.roads")
	ctx := t.Context()
	announce := func(n int) client.Trip {
		trip, err := h.client(1, nil).AnnounceTrip(ctx, h.trip(n))
		if err != nil {
			t.Fatal(err)
		}
		return trip
	}
	highRoad(t, file, 40)
	h.boot()
	slow := announce(0)
	h.kill()
	highRoad(t, file, 65)
	h.boot()
	fast := announce(1)
	if slow.Router.Method != "graph" || fast.Router.Method != "graph" || slow.Router.Version == fast.Router.Version || slow.Direct.Seconds <= fast.Direct.Seconds {
		t.Fatalf("%+v %+v, %+v %+v", slow.Router, slow.Direct, fast.Router, fast.Direct)
	}
	offers := offersFor(ctx, h, "one", 2)
	for _, o := range offers {
		trip := map[string]client.Trip{slow.ID: slow, fast.ID: fast}[o.Trip]
		if drive := int64(o.DropETA.Sub(o.PickupETA).Seconds()); o.Router != trip.Router || drive < trip.Direct.Seconds || drive > trip.Direct.Seconds+3600 {
			t.Errorf("offer to %s: %+v, %d s from door to door; its trip %+v, %d s", o.Trip, o.Router, drive, trip.Router, trip.Direct.Seconds)
		}
	}
	h.kill()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	h.boot()
	if none := announce(2); none.Router.Method != "fallback" {
		t.Errorf("without a road file: %+v", none.Router)
	}
	for _, o := range offersFor(ctx, h, "two", 3) {
		if o.Trip == slow.ID && o.Router != slow.Router || o.Trip == fast.ID && o.Router != fast.Router {
			t.Errorf("offer to %s: %+v", o.Trip, o.Router)
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(h.db.Data, "kept-roads", "*")); len(kept) != 2 {
		t.Errorf("kept: %v", kept)
	}
	if _, err := h.client(1, nil).CancelTrip(ctx, slow.ID); err != nil {
		t.Fatal(err)
	}
	h.kill()
	h.boot()
	if kept, _ := filepath.Glob(filepath.Join(h.db.Data, "kept-roads", "*")); len(kept) != 1 || !strings.HasPrefix(fast.Router.Version, strings.TrimSuffix(filepath.Base(kept[0]), ".roads")) {
		t.Errorf("kept for %s: %v", fast.Router.Version, kept)
	}
}

// offersFor posts a load and waits until so many operators have been asked for it.
func offersFor(ctx context.Context, h *house, ref string, n int) []client.Offer {
	h.t.Helper()
	load, err := h.client(0, nil).PostLoad(ctx, h.load(ref, 0))
	if err != nil {
		h.t.Fatal(err)
	}
	for {
		page, err := h.client(1, nil).Offers(ctx, client.List{State: "open", Limit: 50})
		if err != nil {
			h.t.Fatal(err)
		}
		var list []client.Offer
		for _, o := range page.Items {
			if o.Load == load.ID {
				list = append(list, o)
			}
		}
		if len(list) >= n {
			return list
		}
		select {
		case <-ctx.Done():
			h.t.Fatalf("%d offers for %s: %v", len(list), ref, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestRereadingSaysWhyNot(t *testing.T) {
	c := &serveCommand{Factor: 1.24, Speed: 60}
	c.Data, c.Roads = t.TempDir(), "auto"
	var log bytes.Buffer
	start := func() *measuring {
		m, err := c.measuring(prometheus.NewRegistry(), slog.New(slog.NewTextHandler(&log, nil)))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	refused := func(m *measuring, why string) {
		t.Helper()
		_, err := m.Reread(t.Context())
		told, ok := errors.AsType[*freight.Error](err)
		if !ok || told.Problem != freight.ProblemRoadFile || told.Value != why {
			t.Errorf("%v, want %s", err, why)
		}
	}
	refused(start(), "none")
	file := filepath.Join(c.Data, "region.roads")
	highRoad(t, file, 40)
	m := start()
	if err := m.serve(freight.Market{Name: "delta", Box: freight.Box{South: 29e7, North: 34e7, West: 115e7, East: 123e7}}); err != nil {
		t.Fatal(err)
	}
	if in, err := m.Reread(t.Context()); err != nil || in.Changed || in.Version != m.Version() {
		t.Errorf("%+v, %v", in, err)
	}
	old := m.Version()
	highRoad(t, file, 65)
	if in, err := m.Reread(t.Context()); err != nil || !in.Changed || in.Version == old || in.Version != m.Version() {
		t.Errorf("%+v, %v", in, err)
	}
	builtRoads(t, "private", file)
	refused(m, "region")
	replace := func(change func(data []byte) []byte) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Remove(file), os.WriteFile(file, change(data), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	replace(func(data []byte) []byte { return data[:len(data)-1] })
	refused(m, "damaged")
	replace(func(data []byte) []byte { data[16]++; return data })
	refused(m, "format")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	refused(m, "unreadable")
	m.kept.drop([]freight.Router{{Method: "graph", Version: old}}, m.Version())
	if kept := m.kept.files(); len(kept) != 2 {
		t.Errorf("kept: %v", kept)
	}
	if err := os.WriteFile(m.kept.files()[0], []byte("damaged"), 0o600); err != nil { // beneath the graph that is open: nothing is asked of it any more
		t.Fatal(err)
	}
	if n := len(start().kept.files()); n != 1 || !strings.Contains(log.String(), "kept road file cannot be read") {
		t.Errorf("%d files kept, log %s", n, log.String())
	}
}
