package replay_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pinhuo/geo"
	"pinhuo/geo/roads"
	"pinhuo/geo/roads/osm"
	"pinhuo/internal/replay"
	"pinhuo/internal/seed"
)

// lopsidedDelta is a road file of the delta on which another speed holds each way
// and one road in ten is one-way, and the places where its roads meet.
func lopsidedDelta(t *testing.T, r *rand.Rand) (file string, junctions []geo.Point) {
	t.Helper()
	dir := cmp.Or(os.Getenv("PINHUO_TESTDATA"), filepath.Join("..", "..", "..", "shared", "data"))
	path := filepath.Join(dir, "roads", "yangtze_delta_major_roads.osm.pbf")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no roads to replay on: %v", err)
	}
	net, err := osm.Read(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range net.Pieces {
		p := &net.Pieces[i]
		p.MaxKmh = [2]uint8{uint8(40 + r.IntN(40)), uint8(40 + r.IntN(40))}
		if r.IntN(10) == 0 {
			p.Flags &^= []uint8{roads.Forward, roads.Back}[r.IntN(2)]
		}
	}
	g, err := roads.Build(context.Background(), net, roads.BuildOptions{Profiles: roads.DefaultProfiles()[:1]})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "delta.roads")
	if err := g.Write(file); err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Nodes { // about the river, from Nanjing to the sea
		if p.Lat() > 30.8 && p.Lat() < 32.8 && p.Lng() > 118.5 && p.Lng() < 121.9 {
			junctions = append(junctions, p)
		}
	}
	return file, junctions
}

// TestGraphMissesNothing replays a random day on lopsided roads: the auditor
// drives every pair itself and must find no match that was missed. One place in
// twelve lies off the road, so some trips are measured by the fallback.
func TestGraphMissesNothing(t *testing.T) {
	seed := seed.Of(t)
	r := rand.New(rand.NewPCG(seed, 1))
	file, junctions := lopsidedDelta(t, r)
	place := func() geo.Point {
		p := junctions[r.IntN(len(junctions))]
		if r.IntN(12) == 0 { // into the sea
			return geo.Point{LatE7: 315_000_000, LngE7: 1_225_000_000 + int32(r.IntN(1_000_000))}
		}
		p.LatE7, p.LngE7 = p.LatE7+int32(r.IntN(40_000)), p.LngE7+int32(r.IntN(40_000))
		return p
	}
	day := time.Date(2026, 3, 2, 6, 0, 0, 0, time.FixedZone("", 8*3600))
	clock := func(minutes int) string { return day.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339) }
	var loads, trips strings.Builder
	loads.WriteString("load_id,posted_at,ready_at,pickup_by,deliver_by,pickup_lon,pickup_lat,dropoff_lon,dropoff_lat,weight_kg,volume_m3,pickup_place,dropoff_place,kind,load_s,unload_s\n")
	trips.WriteString("trip_id,vehicle_id,posted_at,depart_at,arrive_at,latest_arrive_at,origin_lon,origin_lat,dest_lon,dest_lat,capacity_kg,capacity_m3,spare_kg,spare_m3,kind,stops,origin_place,dest_place\n")
	for i := range 150 {
		a, b, at := place(), place(), r.IntN(300)
		fmt.Fprintf(&loads, "L%d,%s,%s,%s,%s,%.7f,%.7f,%.7f,%.7f,%d,2,A,B,crates,,\n", i, clock(at), clock(at), clock(at+600), clock(at+1000), a.Lng(), a.Lat(), b.Lng(), b.Lat(), 100+r.IntN(2000))
	}
	for i := range 60 {
		a, b, at := place(), place(), r.IntN(300)
		fmt.Fprintf(&trips, "T%d,,%s,%s,,%s,%.7f,%.7f,%.7f,%.7f,9000,40,6000,30,routed,,A,B\n", i, clock(at), clock(at+60), clock(at+1200), a.Lng(), a.Lat(), b.Lng(), b.Lat())
	}
	dir := t.TempDir()
	opts := replay.Defaults(filepath.Join(dir, "loads.csv"), filepath.Join(dir, "trips.csv"))
	for name, text := range map[string]string{opts.Loads: loads.String(), opts.Trips: trips.String()} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opts.Roads, opts.Plan = file, filepath.Join(dir, "plan.json")
	report, stderr, exit := report(t, opts)
	sound(t, report)
	t.Logf("%d of %d booked, reasons %v", report.Booked, report.Loads, report.Reasons)
	if exit != 0 || report.Method != "graph" || report.Booked == 0 || report.Rejected != 0 {
		t.Errorf("exit %d, %q, %+v", exit, stderr, report)
	}
	text, err := os.ReadFile(opts.Plan)
	if err != nil {
		t.Fatal(err)
	}
	if fallback := strings.Count(string(text), `"method": "fallback"`); fallback == 0 || fallback == 60 {
		t.Errorf("%d of 60 trips are measured by the fallback", fallback)
	}
}
