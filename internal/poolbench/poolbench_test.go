package poolbench

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pinhuo/matcher/batch"
)

// corner is three locations in a row, a truck from the first to the last, and a
// load from the first to the middle.
func corner() *Instance {
	return &Instance{
		Format: InstanceFormat, Name: "corner", Params: Params{CostPerM: 1, CostPerS: 2}, Locations: make([][2]float64, 3),
		DistM: [][]int64{{0, 10, 20}, {10, 0, 12}, {20, 12, 0}}, DurS: [][]int64{{0, 5, 9}, {5, 0, 5}, {9, 5, 0}},
		Trips: []Trip{{From: 0, To: 2, Start: 100, ArriveBy: 130, Cap: [3]int64{5, 5, 5}, MaxDetourM: 2, MaxDetourS: 1, Equip: 1}},
		Loads: []Load{{Pickup: 0, Delivery: 1, PickupTW: [2]int64{0, 120}, DeliveryTW: [2]int64{110, 120}, Size: [3]int64{5, 1, 1}, ServicePickupS: 3, ServiceDeliveryS: 4, Equip: 1, Saving: 50}},
	}
}

func ride(stops ...Stop) *Solution {
	return &Solution{Format: SolutionFormat, Instance: "corner", Routes: []Route{{Trip: 0, Stops: stops}}}
}

func TestValueByHand(t *testing.T) {
	whole := []Stop{{0, "P"}, {0, "D"}}
	value, served, err := corner().Value(ride(whole...))
	if err != nil || value != 50-2*1-1*2 || served != 1 {
		t.Fatalf("value %d, %d served, %v", value, served, err)
	}
	for name, breaks := range map[string]func(in *Instance, s *Solution){
		"another instance":   func(_ *Instance, s *Solution) { s.Instance = "other" },
		"another format":     func(_ *Instance, s *Solution) { s.Format = "" },
		"no such trip":       func(_ *Instance, s *Solution) { s.Routes[0].Trip = 1 },
		"two routes":         func(_ *Instance, s *Solution) { s.Routes = append(s.Routes, Route{}) },
		"no such load":       func(_ *Instance, s *Solution) { s.Routes[0].Stops[0].Load = 1 },
		"another kind":       func(_ *Instance, s *Solution) { s.Routes[0].Stops[0].Kind = "X" },
		"no pickup":          func(_ *Instance, s *Solution) { s.Routes[0].Stops = s.Routes[0].Stops[1:] },
		"no delivery":        func(_ *Instance, s *Solution) { s.Routes[0].Stops = s.Routes[0].Stops[:1] },
		"picked up twice":    func(_ *Instance, s *Solution) { s.Routes[0].Stops = append(s.Routes[0].Stops, whole[0]) },
		"no equipment":       func(in *Instance, _ *Solution) { in.Loads[0].Equip = 2 },
		"no room":            func(in *Instance, _ *Solution) { in.Trips[0].Cap[0] = 4 },
		"late at the pickup": func(in *Instance, _ *Solution) { in.Loads[0].PickupTW[1] = 99 },
		"late at delivery":   func(in *Instance, _ *Solution) { in.Loads[0].DeliveryTW = [2]int64{0, 107} },
		"late at the end":    func(in *Instance, _ *Solution) { in.Trips[0].ArriveBy = 118 },
		"a long detour":      func(in *Instance, _ *Solution) { in.Trips[0].MaxDetourM = 1 },
		"a slow detour":      func(in *Instance, _ *Solution) { in.Trips[0].MaxDetourS = 0 },
	} {
		in, s := corner(), ride(whole...)
		breaks(in, s)
		if _, _, err := in.Value(s); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestReadRefusesNonsense(t *testing.T) {
	text := func(change func(in *Instance)) []byte {
		in := corner()
		change(in)
		out, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	good := text(func(*Instance) {})
	if _, err := Read(bytes.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(good)
	_ = w.Close()
	if in, err := Read(&packed); err != nil || in.Name != "corner" {
		t.Fatal("gzipped:", err)
	}
	for name, bad := range map[string][]byte{
		"nothing":           nil,
		"half":              good[:len(good)/2],
		"more after it":     append(bytes.Clone(good), '1'),
		"an unknown field":  bytes.Replace(good, []byte(`"seed"`), []byte(`"sead"`), 1),
		"half a gzip":       {0x1f, 0x8b, 8},
		"another format":    text(func(in *Instance) { in.Format = "poolbench/2" }),
		"a negative cost":   text(func(in *Instance) { in.Params.CostPerS = -1 }),
		"a short matrix":    text(func(in *Instance) { in.DistM = in.DistM[1:] }),
		"a short row":       text(func(in *Instance) { in.DurS[2] = nil }),
		"a negative way":    text(func(in *Instance) { in.DurS[0][1] = -1 }),
		"a way off the map": text(func(in *Instance) { in.DistM[0][1] = 1 << 40 }),
		"a trip elsewhere":  text(func(in *Instance) { in.Trips[0].To = 3 }),
		"another trip's id": text(func(in *Instance) { in.Trips[0].ID = 1 }),
		"a load elsewhere":  text(func(in *Instance) { in.Loads[0].Pickup = -1 }),
		"a negative size":   text(func(in *Instance) { in.Loads[0].Size[1] = -1 }),
		"negative service":  text(func(in *Instance) { in.Loads[0].ServicePickupS = -1 }),
	} {
		if _, err := Read(bytes.NewReader(bad)); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// The instances with a proven optimum: the small ones are solved to it, the
// medium ones nearly. The optima are read from the file that proves them.
func TestProvenOptima(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of search")
	}
	folder := shared(t)
	readme, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`(?m)^\| ((?:small|medium)-\d+) .*\| ([\d ]+) \|$`).FindAllStringSubmatch(string(readme), -1)
	if len(rows) < 8 {
		t.Fatalf("only %d optima are known", len(rows))
	}
	for _, row := range rows {
		name := row[1]
		optimum, err := strconv.ParseInt(strings.ReplaceAll(row[2], " ", ""), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(filepath.Join(folder, "instances", name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		in, err := Read(file)
		_ = file.Close()
		if err != nil {
			t.Fatal(err)
		}
		k, err := batch.Solve(in.Problem(), batch.Effort{})
		if err != nil {
			t.Fatal(err)
		}
		value, _, err := in.Value(in.Solution(k, "test", 0))
		if err != nil || value != k.Value {
			t.Errorf("%s: worth %d, said %d, %v", name, value, k.Value, err)
		}
		least := optimum
		if strings.HasPrefix(name, "medium") {
			least -= optimum / 100
		}
		t.Logf("%s: %.2f %% of the optimum", name, 100*float64(value)/float64(optimum))
		if value < least || value > optimum {
			t.Errorf("%s: %d, the optimum is %d", name, value, optimum)
		}
	}
}

// shared is the folder of instances; PINHUO_TESTDATA names the data beside it.
func shared(t *testing.T) string {
	data := os.Getenv("PINHUO_TESTDATA")
	if data == "" {
		data = "../../../shared/data"
	}
	folder := filepath.Join(data, "..", "poolbench")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the instances are not at hand: %v", err)
	}
	return folder
}
