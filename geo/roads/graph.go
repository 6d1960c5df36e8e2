package roads

import (
	"context"
	"fmt"
	"os"
	"sync"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// Graph is a region's roads made ready for one or more vehicle profiles. It is
// read-only and safe for concurrent use.
type Graph struct {
	meta   Meta
	nodes  []geo.Point
	pieces []Piece
	shape  []ShapePoint
	names  names
	grid   grid
	routes []*routes // by profile; profiles that drive alike share one

	mapped []byte // the file, where the graph is one
	file   *os.File
	check  sync.Once
	faulty error
}

// Meta is what a graph says of itself.
type Meta struct {
	Format      int            `json:"format"`
	Sources     []string       `json:"sources"`
	Date        string         `json:"date,omitempty"` // of the source's data
	Licence     string         `json:"licence"`
	Attribution string         `json:"attribution"`
	Version     string         `json:"version"` // equal versions answer alike
	Nodes       int            `json:"nodes"`
	Pieces      int            `json:"pieces"`
	Metres      int64          `json:"metres"`
	South       float64        `json:"south"` // the region, in degrees
	West        float64        `json:"west"`
	North       float64        `json:"north"`
	East        float64        `json:"east"`
	IslandM     int64          `json:"island_m"` // metres of road of the smallest island that was kept beside the main region
	Counts      map[string]int `json:"counts"`
	Profiles    []ProfileMeta  `json:"profiles"`
}

// ProfileMeta is a profile of a graph and what became of it.
type ProfileMeta struct {
	Profile
	Routes        int   `json:"routes"` // number of the searchable graph, shared by profiles that drive alike
	States        int   `json:"states"`
	ByArc         bool  `json:"by_arc"` // states are arcs, because turns are forbidden or roads private
	Arcs          int   `json:"arcs"`
	Shortcuts     int   `json:"shortcuts"`
	LabelEntries  int   `json:"label_entries"`  // 0 where labels were too large: the hierarchy answers
	Regions       int   `json:"regions"`        // that no way leads between; 1 as a rule
	Islands       int   `json:"islands"`        // groups of roads too small for a region: dropped
	DroppedPieces int   `json:"dropped_pieces"` // not for this vehicle, or on islands
	DroppedMetres int64 `json:"dropped_metres"`
}

// Meta is what the graph says of itself.
func (g *Graph) Meta() Meta { return g.meta }

// routes is the searchable graph of a profile.
type routes struct {
	pace      [][2]uint32 // by piece, nanoseconds a metre forward and back, 0 where closed
	weight    []ch.Weight // by arc
	src, dst  []uint32    // by arc: the ranks of its states, or ch.None
	origin    []uint32    // by rank: the arc or the node that the state stands for
	hierarchy *ch.Hierarchy
	labels    *ch.Labels // nil where the hierarchy answers alone
	cells     *cells
	ends      []byte // by piece: 1 where only the ends of routes may use it
	region    []byte // by piece: its region from 1, 0 where no route may begin and end
	byArc     bool
	searcher  *ch.Searcher
	pool      sync.Pool // *query
}

// arm makes what is not stored.
func (r *routes) arm() {
	r.searcher = ch.NewSearcher(r.hierarchy)
	r.pool.New = func() any { return new(query) }
}

// snappable tells whether a route may begin and end on a piece.
func (r *routes) snappable(piece uint32) bool { return r.region[piece] != 0 }

// names are texts end to end.
type names struct {
	first []uint32
	text  []byte
}

func (n *names) at(i uint32) string { return string(n.text[n.first[i]:n.first[i+1]]) }

// DefaultIslandM is the usual least length of road, in metres, of an island that is
// kept: below it an island is a mistake of the data far more often than a place where
// trucks live.
const DefaultIslandM = 100_000

// BuildOptions steer Build.
type BuildOptions struct {
	Profiles []Profile               // DefaultProfiles when empty
	Labels   int                     // most entries of hub labels a profile; 0 for 200 million
	IslandM  int64                   // least metres of road of an island that is kept, 0 for DefaultIslandM
	Progress func(done, total int64) // told now and then, may be nil

	// Factor, where set, scales the speeds of a piece of road in a direction: above 0
	// and up to 10. What is measured on the road enters here.
	Factor func(p *Piece, forward bool) float64
}

// Build makes a graph of a network. It fails with ErrNetwork, ErrProfile or the
// context's error.
func Build(ctx context.Context, net *Network, o BuildOptions) (*Graph, error) {
	if err := net.Check(); err != nil {
		return nil, err
	}
	if len(o.Profiles) == 0 {
		o.Profiles = DefaultProfiles()
	}
	if o.Labels == 0 {
		o.Labels = 200_000_000
	}
	if o.IslandM == 0 {
		o.IslandM = DefaultIslandM
	}
	if o.Progress == nil {
		o.Progress = func(int64, int64) {}
	}
	g := &Graph{nodes: net.Nodes, pieces: append(net.Pieces[:len(net.Pieces):len(net.Pieces)], Piece{Shape: uint32(len(net.Shape))}), shape: net.Shape}
	g.pieces = g.pieces[:len(net.Pieces)+1]
	for _, name := range net.Names {
		g.names.first = append(g.names.first, uint32(len(g.names.text)))
		g.names.text = append(g.names.text, name...)
	}
	g.names.first = append(g.names.first, uint32(len(g.names.text)))
	g.grid = newGrid(net)
	g.describe(net)
	g.meta.IslandM = o.IslandM
	for i, p := range o.Profiles {
		step := func(done, total int) { o.Progress(int64(i*total+done), int64(len(o.Profiles)*total)) }
		if err := g.add(ctx, net, p, &o, step); err != nil {
			return nil, fmt.Errorf("profile %q: %w", p.Name, err)
		}
	}
	g.check.Do(func() {}) // what was just made needs no check
	g.meta.Version = g.version()
	return g, nil
}

func (g *Graph) describe(net *Network) {
	g.meta = Meta{Format: fileFormat, Sources: net.Files, Date: net.Date, Licence: net.Licence, Attribution: net.Attribution,
		Nodes: len(net.Nodes), Pieces: len(net.Pieces), Counts: net.Counts, South: 90, North: -90, West: 180, East: -180}
	for _, p := range net.Nodes {
		g.meta.South, g.meta.North = min(g.meta.South, p.Lat()), max(g.meta.North, p.Lat())
		g.meta.West, g.meta.East = min(g.meta.West, p.Lng()), max(g.meta.East, p.Lng())
	}
	for i := range net.Pieces {
		g.meta.Metres += g.pieceCm(uint32(i)) / 100
	}
}

// points is the shape of a piece.
func (g *Graph) points(piece uint32) []ShapePoint {
	return g.shape[g.pieces[piece].Shape:g.pieces[piece+1].Shape]
}

func (g *Graph) pieceCm(piece uint32) int64 {
	return int64(g.shape[g.pieces[piece+1].Shape-1].Cm)
}

// add makes the routes of a profile, or shares those of one that drives alike.
func (g *Graph) add(ctx context.Context, net *Network, p Profile, o *BuildOptions, step func(done, total int)) error {
	s, err := newStates(net, &p, o.Factor, 100*o.IslandM)
	if err != nil {
		return err
	}
	number := g.alike(s)
	if number == len(g.routes) {
		r, err := newRoutes(ctx, net, s, o.Labels, step)
		if err != nil {
			return err
		}
		g.routes = append(g.routes, r)
	}
	r := g.routes[number]
	m := ProfileMeta{Profile: p, Routes: number, States: s.n, ByArc: s.byArc, Arcs: len(s.arcs), Regions: s.regions, Islands: s.islands,
		Shortcuts: len(r.hierarchy.Up.To) + len(r.hierarchy.Down.To) - len(s.arcs)}
	if r.labels != nil {
		m.LabelEntries = r.labels.Entries()
	}
	for i := range uint32(len(net.Pieces)) {
		if !r.snappable(i) {
			m.DroppedPieces++
			m.DroppedMetres += g.pieceCm(i) / 100
		}
	}
	g.meta.Profiles = append(g.meta.Profiles, m)
	return nil
}

// alike is the number of the routes with the same paces, or that of the next.
// Everything else about routes follows from the network and the paces.
func (g *Graph) alike(s *states) int {
	for i, r := range g.routes {
		same := true
		for k := range r.pace {
			same = same && r.pace[k] == s.pace[k]
		}
		if same {
			return i
		}
	}
	return len(g.routes)
}

func newRoutes(ctx context.Context, net *Network, s *states, labels int, step func(done, total int)) (*routes, error) {
	r := &routes{pace: s.pace, weight: s.weight, src: s.src, dst: s.dst, byArc: s.byArc, region: s.region, ends: make([]byte, len(s.ends))}
	for i, closed := range s.ends {
		if closed {
			r.ends[i] = 1
		}
	}
	total := 2 * s.n
	h, rank, err := ch.Build(ctx, s.n, s.arcs, func(done int) { step(done, total) })
	if err != nil {
		return nil, err
	}
	r.hierarchy = h
	r.number(s, rank)
	if r.labels, err = ch.NewLabels(ctx, r.hierarchy, labels); err != nil {
		return nil, err
	}
	step(s.n+s.n/2, total)
	if r.cells, err = newCells(ctx, net, r); err != nil {
		return nil, err
	}
	step(total, total)
	r.arm()
	return r, nil
}

// number makes ranks of states.
func (r *routes) number(s *states, rank []uint32) {
	r.origin = make([]uint32, s.n)
	for v, k := range rank {
		r.origin[k] = s.origin[v]
	}
	for arc := range r.src {
		for _, side := range []*uint32{&r.src[arc], &r.dst[arc]} {
			if *side != ch.None {
				*side = rank[*side]
			}
		}
	}
}
