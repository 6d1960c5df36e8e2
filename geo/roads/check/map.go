// Package check drives the roads of an OpenStreetMap extract by itself, so that a
// built graph can be held against them: its own reading of the tags, its own
// rules of turning, and Dijkstra's search without any preparation, straight by
// straight. It shares nothing with the importer and the router but the formula
// of the great circle.
package check

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"pinhuo/geo"
)

// Vehicle is what the graph says it was built for.
type Vehicle struct {
	Kg, HeightMm, LengthMm float64
	Kmh                    map[string]int // by class of road
}

// move is a straight driven in one direction.
type move struct {
	from, to int32
	ms, cm   int64
	way      int32
	private  bool
}

// atlas is the roads as read: nodes, and the moves that leave them. Move i and
// move i^1 are one straight both ways; only those that leave their nodes may be driven.
type atlas struct {
	vehicle  Vehicle
	islandCm int64 // the smallest land that is kept beside the main one, in centimetres of road
	number   map[osm.NodeID]int32
	where    []geo.Point
	known    []bool
	moves    []move
	barred   []bool // by move: nobody drives it that way
	leave    [][]int32
	arrive   [][]int32
	wall     map[int32]bool // nodes nobody passes
	fence    map[int32]bool // nodes passed only by those who live behind
	ways     []*osm.Way
	rules    []*osm.Relation
	turns    [][]int32 // forbidden sequences of moves
	starts   map[int32][]int32
}

// read takes in ways and rules, then nodes.
func read(ctx context.Context, path string, v Vehicle, islandM int64) (*atlas, error) {
	m := &atlas{vehicle: v, islandCm: 100 * islandM, number: map[osm.NodeID]int32{}, wall: map[int32]bool{}, fence: map[int32]bool{}, starts: map[int32][]int32{}}
	err := scan(ctx, path, func(s *osmpbf.Scanner) { s.SkipNodes = true }, func(o osm.Object) {
		switch x := o.(type) {
		case *osm.Way:
			if kind(x.Tags) != "" && x.Tags.Find("area") != "yes" && x.Tags.Find("service") != "emergency_access" {
				m.ways = append(m.ways, x)
			}
		case *osm.Relation:
			if strings.HasPrefix(x.Tags.Find("type"), "restriction") {
				m.rules = append(m.rules, x)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for _, w := range m.ways {
		for _, n := range w.Nodes {
			if _, ok := m.number[n.ID]; !ok {
				m.number[n.ID] = int32(len(m.number))
			}
		}
	}
	m.where, m.known = make([]geo.Point, len(m.number)), make([]bool, len(m.number))
	err = scan(ctx, path, func(s *osmpbf.Scanner) { s.SkipWays, s.SkipRelations = true, true }, func(o osm.Object) {
		if n, ok := o.(*osm.Node); ok {
			m.node(n)
		}
	})
	if err != nil {
		return nil, err
	}
	m.lay()
	m.enclose()
	m.forbid()
	return m, nil
}

func scan(ctx context.Context, path string, prepare func(*osmpbf.Scanner), yield func(osm.Object)) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	s := osmpbf.New(ctx, f, runtime.GOMAXPROCS(0))
	defer func() { err = errors.Join(err, s.Close(), f.Close()) }()
	prepare(s)
	for s.Scan() {
		yield(s.Object())
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	return nil
}

func (m *atlas) node(n *osm.Node) {
	i, ok := m.number[n.ID]
	if !ok {
		return
	}
	p, err := geo.PointOf(n.Lat, n.Lon)
	if err != nil {
		return
	}
	m.where[i], m.known[i] = p, true
	if n.Tags.Find("barrier") == "" {
		return
	}
	switch who := allowed(n.Tags, ""); {
	case who == "no", who == "" && stopping[n.Tags.Find("barrier")], !m.fits(n.Tags):
		m.wall[i] = true
	case who == "private":
		m.fence[i] = true
	}
}

// lay makes the moves.
func (m *atlas) lay() {
	m.leave, m.arrive = make([][]int32, len(m.where)), make([][]int32, len(m.where))
	for w, way := range m.ways {
		pace := m.pace(way)
		forward, back := m.drivable(way)
		private := (allowedOr(way.Tags, ":forward") == "private" || allowedOr(way.Tags, ":backward") == "private")
		small := m.fits(way.Tags)
		for k := 1; k < len(way.Nodes); k++ {
			a, b := m.number[way.Nodes[k-1].ID], m.number[way.Nodes[k].ID]
			if a == b || !m.known[a] || !m.known[b] {
				continue
			}
			cm := int64(math.Ceil(geo.GreatCircleM(m.where[a], m.where[b]) * 100))
			for dir, open := range []bool{forward, back} {
				id := int32(len(m.moves))
				m.moves = append(m.moves, move{from: a, to: b, ms: ceil(cm*pace[dir], 100_000_000), cm: cm, way: int32(w), private: private})
				m.barred = append(m.barred, !open)
				if open && small {
					m.leave[a], m.arrive[b] = append(m.leave[a], id), append(m.arrive[b], id)
				}
				a, b = b, a
			}
		}
	}
}

func ceil(a, b int64) int64 { return (a + b - 1) / b }

// pace is nanoseconds a metre, forward and back.
func (m *atlas) pace(way *osm.Way) (out [2]int64) {
	if kind(way.Tags) == "ferry" {
		if ns := timetable(way.Tags.Find("duration")); ns > 0 {
			cm := int64(0)
			last := osm.NodeID(-1)
			for k, n := range way.Nodes {
				if k > 0 && n.ID != last {
					cm += int64(math.Ceil(geo.GreatCircleM(m.where[m.number[last]], m.where[m.number[n.ID]]) * 100))
				}
				last = n.ID
			}
			if p := ns * 100 / max(cm, 1); cm > 0 && p > 0 && p < 1<<32 {
				return [2]int64{p, p}
			}
		}
	}
	for dir, suffix := range []string{":forward", ":backward"} {
		kmh := int64(m.vehicle.Kmh[kind(way.Tags)])
		if sign := posted(way.Tags, suffix); sign > 0 {
			kmh = min(kmh, sign)
		}
		out[dir] = (3_600_000_000 + kmh/2) / max(kmh, 1)
	}
	return out
}
