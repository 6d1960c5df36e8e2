// Package poolbench reads and writes pooled-matching instances and their
// solutions in the formats poolbench/1 and poolbench-solution/1, so that the
// batch matcher can be judged on instances whose optimum is known.
package poolbench

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"pinhuo/matcher/batch"
)

// Formats of files.
const (
	InstanceFormat = "poolbench/1"
	SolutionFormat = "poolbench-solution/1"
)

// Instance is trips that are bound from one location to another and loads that
// may ride along. Times are seconds from 0, distances metres, money micro-units;
// ids are positions.
type Instance struct {
	Format    string       `json:"format"`
	Name      string       `json:"name"`
	Seed      uint64       `json:"seed"`
	Params    Params       `json:"params"`
	Locations [][2]float64 `json:"locations"` // latitude and longitude
	DistM     [][]int64    `json:"dist_m"`    // directed
	DurS      [][]int64    `json:"dur_s"`     // directed
	Trips     []Trip       `json:"trips"`
	Loads     []Load       `json:"loads"`
}

// Params is what added driving costs.
type Params struct {
	CostPerM int64 `json:"cost_per_m"`
	CostPerS int64 `json:"cost_per_s"`
}

// Trip is a truck with room.
type Trip struct {
	ID         int                     `json:"id"`
	From       int                     `json:"from"`
	To         int                     `json:"to"`
	Start      int64                   `json:"start"`
	ArriveBy   int64                   `json:"arrive_by"`
	Cap        [batch.Dimensions]int64 `json:"cap"` // kg, dm3, cm of floor
	MaxDetourM int64                   `json:"max_detour_m"`
	MaxDetourS int64                   `json:"max_detour_s"`
	Equip      uint64                  `json:"equip"`
}

// Load is goods and what it is worth to have them ride along.
type Load struct {
	ID               int                     `json:"id"`
	Pickup           int                     `json:"pickup"`
	Delivery         int                     `json:"delivery"`
	PickupTW         [2]int64                `json:"pickup_tw"`
	DeliveryTW       [2]int64                `json:"delivery_tw"`
	Size             [batch.Dimensions]int64 `json:"size"`
	ServicePickupS   int64                   `json:"service_pickup_s"`
	ServiceDeliveryS int64                   `json:"service_delivery_s"`
	Equip            uint64                  `json:"equip"`
	Saving           int64                   `json:"saving"`
}

// Solution is the routes of the trips that carry anything.
type Solution struct {
	Format   string  `json:"format"`
	Instance string  `json:"instance"`
	Solver   string  `json:"solver"`
	Seconds  float64 `json:"seconds"`
	Routes   []Route `json:"routes"`
}

// Route is the stops of a trip between its ends.
type Route struct {
	Trip  int    `json:"trip"`
	Stops []Stop `json:"stops"`
}

// Stop picks a load up ("P") or delivers it ("D").
type Stop struct {
	Load int    `json:"load"`
	Kind string `json:"kind"`
}

// Read reads an instance, gzipped or not, and refuses what it cannot mean:
// another format, ids that are not positions, locations that do not exist,
// matrices of another size or with entries that are negative or too large.
func Read(r io.Reader) (*Instance, error) {
	buffered := bufio.NewReader(r)
	if magic, err := buffered.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		plain, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("unpack the instance: %w", err)
		}
		buffered = bufio.NewReader(plain)
	}
	decoder := json.NewDecoder(buffered)
	decoder.DisallowUnknownFields()
	in := &Instance{}
	if err := decoder.Decode(in); err != nil {
		return nil, fmt.Errorf("read the instance: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read the instance: something follows it")
	}
	return in, in.check()
}

// WriteFile writes an instance, gzipped where the name ends in .gz. One that Read
// would refuse is not written.
func WriteFile(name string, in *Instance) (err error) {
	if err := in.check(); err != nil {
		return fmt.Errorf("write the instance: %w", err)
	}
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write the instance: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if !strings.HasSuffix(name, ".gz") {
		return json.NewEncoder(f).Encode(in)
	}
	packed := gzip.NewWriter(f)
	return errors.Join(json.NewEncoder(packed).Encode(in), packed.Close())
}

func (in *Instance) check() error {
	if in.Format != InstanceFormat {
		return fmt.Errorf("format %q, want %q", in.Format, InstanceFormat)
	}
	if in.Params.CostPerM < 0 || in.Params.CostPerS < 0 {
		return errors.New("params: a cost is negative")
	}
	for name, matrix := range map[string][][]int64{"dist_m": in.DistM, "dur_s": in.DurS} {
		if err := in.checkMatrix(name, matrix); err != nil {
			return err
		}
	}
	places := len(in.Locations)
	for i, t := range in.Trips {
		if t.ID != i || outside(t.From, places) || outside(t.To, places) {
			return fmt.Errorf("trip %d at position %d, from %d to %d of %d locations", t.ID, i, t.From, t.To, places)
		}
	}
	for i, l := range in.Loads {
		if l.ID != i || outside(l.Pickup, places) || outside(l.Delivery, places) {
			return fmt.Errorf("load %d at position %d, from %d to %d of %d locations", l.ID, i, l.Pickup, l.Delivery, places)
		}
		for _, size := range l.Size {
			if size < 0 {
				return fmt.Errorf("load %d: size %d", i, size)
			}
		}
		if l.ServicePickupS < 0 || l.ServiceDeliveryS < 0 {
			return fmt.Errorf("load %d: a service takes less than no time", i)
		}
	}
	return nil
}

func (in *Instance) checkMatrix(name string, matrix [][]int64) error {
	if len(matrix) != len(in.Locations) {
		return fmt.Errorf("%s has %d rows for %d locations", name, len(matrix), len(in.Locations))
	}
	for a, row := range matrix {
		if len(row) != len(in.Locations) {
			return fmt.Errorf("%s: row %d has %d entries for %d locations", name, a, len(row), len(in.Locations))
		}
		for b, way := range row {
			if way < 0 || way > math.MaxInt32 {
				return fmt.Errorf("%s from %d to %d is %d", name, a, b, way)
			}
		}
	}
	return nil
}

func outside(place, places int) bool { return place < 0 || place >= places }

// Problem is the instance as the batch matcher takes it.
func (in *Instance) Problem() *batch.Problem {
	p := &batch.Problem{Places: len(in.Locations), PerMetre: in.Params.CostPerM, PerSecond: in.Params.CostPerS}
	for a := range in.Locations {
		for b := range in.Locations {
			p.Metres = append(p.Metres, int32(in.DistM[a][b]))
			p.Seconds = append(p.Seconds, int32(in.DurS[a][b]))
		}
	}
	for _, t := range in.Trips {
		p.Trips = append(p.Trips, batch.Trip{
			Stops: []batch.Stop{{Place: t.From, Open: t.Start, Close: t.Start}, {Place: t.To, Open: t.Start, Close: t.ArriveBy}},
			Room:  [][batch.Dimensions]int64{t.Cap}, DetourM: t.MaxDetourM, DetourS: t.MaxDetourS, Equip: t.Equip,
		})
	}
	for _, l := range in.Loads {
		p.Loads = append(p.Loads, batch.Load{
			Pickup:   batch.Stop{Place: l.Pickup, Open: l.PickupTW[0], Close: l.PickupTW[1], Service: l.ServicePickupS},
			Delivery: batch.Stop{Place: l.Delivery, Open: l.DeliveryTW[0], Close: l.DeliveryTW[1], Service: l.ServiceDeliveryS},
			Size:     l.Size, Equip: l.Equip, Saving: l.Saving,
		})
	}
	return p
}

// Solution is a packing of the instance's problem, as a file has it.
func (in *Instance) Solution(k *batch.Packing, solver string, seconds float64) *Solution {
	s := &Solution{Format: SolutionFormat, Instance: in.Name, Solver: solver, Seconds: seconds, Routes: []Route{}}
	for t, route := range k.Routes {
		if len(route) == 0 {
			continue
		}
		r := Route{Trip: t}
		for _, c := range route {
			kind := "D"
			if c.Pickup {
				kind = "P"
			}
			r.Stops = append(r.Stops, Stop{c.Load, kind})
		}
		s.Routes = append(s.Routes, r)
	}
	return s
}

// Value walks the routes of a solution and returns what it is worth and how
// many loads it serves, or the first rule that it breaks.
func (in *Instance) Value(s *Solution) (value int64, served int, err error) {
	if s.Format != SolutionFormat || s.Instance != in.Name {
		return 0, 0, fmt.Errorf("a %q of %q, want a %q of %q", s.Format, s.Instance, SolutionFormat, in.Name)
	}
	rides, used := map[int]bool{}, map[int]bool{}
	for _, r := range s.Routes {
		if outside(r.Trip, len(in.Trips)) || used[r.Trip] {
			return 0, 0, fmt.Errorf("trip %d does not exist or has two routes", r.Trip)
		}
		used[r.Trip] = true
		worth, err := in.walk(r, rides)
		if err != nil {
			return 0, 0, fmt.Errorf("trip %d: %w", r.Trip, err)
		}
		value += worth
	}
	return value, len(rides), nil
}

// walk follows one route and returns what it is worth.
func (in *Instance) walk(r Route, rides map[int]bool) (int64, error) {
	t := &in.Trips[r.Trip]
	w := &walker{in: in, trip: t, at: t.From, now: t.Start, metres: -in.DistM[t.From][t.To], seconds: -in.DurS[t.From][t.To],
		rides: rides, riding: map[int]bool{}}
	for _, s := range r.Stops {
		if err := w.stop(s); err != nil {
			return 0, err
		}
	}
	w.drive(t.To)
	switch {
	case len(w.riding) > 0:
		return 0, fmt.Errorf("%d loads are not delivered", len(w.riding))
	case w.now > t.ArriveBy:
		return 0, fmt.Errorf("arrives %d s late", w.now-t.ArriveBy)
	case w.metres > t.MaxDetourM || w.seconds > t.MaxDetourS:
		return 0, fmt.Errorf("a detour of %d m and %d s, limits %d and %d", w.metres, w.seconds, t.MaxDetourM, t.MaxDetourS)
	}
	return w.value - w.metres*in.Params.CostPerM - w.seconds*in.Params.CostPerS, nil
}

// walker is where a truck stands on its route.
type walker struct {
	in              *Instance
	trip            *Trip
	at              int
	now             int64
	metres, seconds int64 // of the detour so far
	value           int64 // of what was picked up
	aboard          [batch.Dimensions]int64
	rides           map[int]bool // loads picked up by any truck
	riding          map[int]bool // loads aboard
}

func (w *walker) drive(to int) {
	w.metres += w.in.DistM[w.at][to]
	w.seconds += w.in.DurS[w.at][to]
	w.now += w.in.DurS[w.at][to]
	w.at = to
}

func (w *walker) stop(s Stop) error {
	if outside(s.Load, len(w.in.Loads)) {
		return fmt.Errorf("load %d does not exist", s.Load)
	}
	l := &w.in.Loads[s.Load]
	place, window, service, sign := l.Delivery, l.DeliveryTW, l.ServiceDeliveryS, int64(-1)
	switch {
	case s.Kind == "P" && !w.rides[s.Load] && l.Equip&^w.trip.Equip == 0:
		place, window, service, sign = l.Pickup, l.PickupTW, l.ServicePickupS, 1
		w.rides[s.Load], w.riding[s.Load] = true, true
		w.value += l.Saving
	case s.Kind == "D" && w.riding[s.Load]:
		delete(w.riding, s.Load)
	default:
		return fmt.Errorf("load %d cannot have a %q there", s.Load, s.Kind)
	}
	for d := range w.aboard {
		if w.aboard[d] += sign * l.Size[d]; w.aboard[d] > w.trip.Cap[d] {
			return fmt.Errorf("%d aboard with load %d, room for %d", w.aboard[d], s.Load, w.trip.Cap[d])
		}
	}
	w.drive(place)
	if w.now = max(w.now, window[0]); w.now > window[1] {
		return fmt.Errorf("at load %d %d s late", s.Load, w.now-window[1])
	}
	w.now += service
	return nil
}
