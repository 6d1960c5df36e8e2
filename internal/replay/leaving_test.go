package replay_test

import (
	"os"
	"path/filepath"
	"testing"

	"pinhuo/freight"
	"pinhuo/internal/replay"
)

// A load comes two minutes before the truck leaves that is the best place for it, and
// twelve before the only other one. The operator has until his truck leaves: were he
// given a quarter of an hour his yes would come too late, and the other truck have gone. So
// close to the load's answer the other is asked beside him.
func TestNobodyIsGivenLongerThanHisTruckStays(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const day = "2026-03-02T"
	loads := write("loads.csv", "load_id,posted_at,ready_at,pickup_by,deliver_by,pickup_lon,pickup_lat,dropoff_lon,dropoff_lat,weight_kg,volume_m3\n"+
		"L,"+day+"09:00:00+08:00,"+day+"09:30:00+08:00,"+day+"13:00:00+08:00,"+day+"18:00:00+08:00,121.17,31.9,119.97,31.81,640,2.9\n")
	trips := write("trips.csv", "trip_id,vehicle_id,posted_at,depart_at,latest_arrive_at,origin_lon,origin_lat,dest_lon,dest_lat,capacity_kg,spare_kg,spare_m3\n"+
		"first,,"+day+"08:00:00+08:00,"+day+"09:02:00+08:00,"+day+"18:00:00+08:00,121.17,31.9,119.97,31.81,9000,3200,14\n"+
		"second,,"+day+"08:00:00+08:00,"+day+"09:12:00+08:00,"+day+"18:00:00+08:00,121.2,31.95,119.97,31.81,9000,3200,14\n")
	opts := replay.Defaults(loads, trips)
	opts.Batch, opts.AnswerAfter, opts.AnswerWithin = packed("delta").Batch, 15*freight.Minute, 6*freight.Hour
	opts.Batch.Every = freight.Hour
	r, _, _ := report(t, opts)
	sound(t, r)
	if r.Offers != 2 || r.Booked != 1 {
		t.Errorf("%d offers, %d booked", r.Offers, r.Booked)
	}
}
