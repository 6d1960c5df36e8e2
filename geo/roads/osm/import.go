// Package osm reads roads out of OpenStreetMap extracts in PBF form: every road
// that a truck may use, with its one-ways, limits, gates, ferries and forbidden
// turns, as a network that geo/roads makes searchable.
package osm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"

	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// What the data may be used under, and what must be shown with it.
const (
	Licence     = "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/"
	Attribution = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"
)

// reader is an import under way.
type reader struct {
	progress func(done, total int64)
	done     int64
	total    int64
	counts   map[string]int

	ways  pile[way]
	refs  pile[int64]    // the nodes of all ways, way by way, until they are numbered
	nodes pile[uint32]   // the same by their places in ids
	last  int64          // way read; as a rule their ids ascend, and none is met twice
	known map[int64]bool // ways, where they do not ascend
	rules []rule
	names map[string]uint32
	date  time.Time

	ids      []int64     // of the nodes that roads use, ascending
	at       []geo.Point // by place in ids
	found    []bool
	barriers map[uint32]barrier

	net *roads.Network
}

// Read reads one extract or several; what they have in common is taken once.
// progress may be nil. It fails with a *BlockError for a file that is damaged or
// cut off, with ErrDamaged for one that is no extract, with roads.ErrNetwork
// where there are no roads, and with the context's error.
func Read(ctx context.Context, paths []string, progress func(done, total int64)) (*roads.Network, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	r := &reader{progress: progress, counts: map[string]int{}, names: map[string]uint32{"": 0},
		barriers: map[uint32]barrier{}, net: &roads.Network{Names: []string{""}, Licence: Licence, Attribution: Attribution}}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("OSM file: %w", err)
		}
		r.total += 3 * info.Size()
		r.net.Files = append(r.net.Files, filepath.Base(path))
	}
	for _, pass := range []func(context.Context, string) error{r.verify, r.readWays, r.readNodes} {
		for _, path := range paths {
			if err := pass(ctx, path); err != nil {
				return nil, err
			}
		}
		r.collect()
	}
	r.assemble()
	if !r.date.IsZero() {
		r.net.Date = r.date.UTC().Format(time.RFC3339)
	}
	r.net.Counts = r.counts
	return r.net, r.net.Check()
}

// step tells the progress within a pass over a file.
func (r *reader) step(bytes int64) { r.progress(r.done+bytes, r.total) }

func (r *reader) verify(ctx context.Context, path string) error {
	blocks, err := frames(ctx, path, r.step)
	r.counts["blocks"] += blocks
	return errors.Join(err, r.finish(path))
}

// finish counts a pass over a file as done.
func (r *reader) finish(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("OSM file: %w", err)
	}
	r.done += info.Size()
	r.step(0)
	return nil
}

// scan hands out the elements of a file.
func (r *reader) scan(ctx context.Context, path string, prepare func(*osmpbf.Scanner), yield func(osm.Object)) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open OSM file: %w", err)
	}
	s := osmpbf.New(ctx, f, runtime.GOMAXPROCS(0))
	defer func() { err = errors.Join(err, s.Close(), f.Close()) }()
	prepare(s)
	header, err := s.Header()
	if err != nil {
		return fmt.Errorf("%s: %w", path, errors.Join(err, ErrDamaged))
	}
	if header.ReplicationTimestamp.After(r.date) && header.ReplicationTimestamp.Unix() > 0 {
		r.date = header.ReplicationTimestamp
	}
	last := int64(0)
	for s.Scan() {
		yield(s.Object())
		if at := s.FullyScannedBytes(); at != last {
			last = at
			r.step(at)
		}
	}
	if err := s.Err(); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("read %s: %w", path, ctx.Err())
		}
		return fmt.Errorf("%s, after byte %d: %w", path, s.FullyScannedBytes(), errors.Join(err, ErrDamaged))
	}
	return r.finish(path)
}

// readWays takes in the roads and the rules of turning.
func (r *reader) readWays(ctx context.Context, path string) error {
	return r.scan(ctx, path, func(s *osmpbf.Scanner) {
		s.SkipNodes = true
		s.FilterWay = func(w *osm.Way) bool { _, ok := classOf(w.Tags); return ok }
		s.FilterRelation = func(x *osm.Relation) bool { return isRule(x.Tags) }
	}, func(o osm.Object) {
		switch x := o.(type) {
		case *osm.Way:
			r.addWay(x)
		case *osm.Relation:
			r.addRule(x)
		}
	})
}

func (r *reader) addWay(w *osm.Way) {
	r.counts["conditional_ignored"] += conditionals(w.Tags)
	out, ok := wayOf(w)
	if !ok {
		r.counts["closed_to_trucks"]++
		return
	}
	if r.repeated(out.id) {
		return
	}
	out.first = uint32(r.refs.n)
	for i, n := range w.Nodes {
		if i == 0 || w.Nodes[i-1].ID != n.ID {
			r.refs.add(int64(n.ID))
		}
	}
	name := label(w.Tags)
	number, ok := r.names[name]
	if !ok {
		number = uint32(len(r.net.Names))
		r.names[name] = number
		r.net.Names = append(r.net.Names, name)
	}
	out.name = number
	r.ways.add(out)
	r.counts["ways"]++
}

// repeated tells whether a way has been read before, from another extract as a rule.
func (r *reader) repeated(id int64) bool {
	if r.known == nil && id > r.last {
		r.last = id
		return false
	}
	if r.known == nil {
		r.known = make(map[int64]bool, r.ways.n)
		for w := range r.ways.all() {
			r.known[w.id] = true
		}
	}
	before := r.known[id]
	r.known[id] = true
	return before
}

// collect lists the nodes that roads use, once the ways are known.
func (r *reader) collect() {
	if r.ids != nil || r.refs.n == 0 {
		return
	}
	ids := make([]int64, 0, r.refs.n)
	for id := range r.refs.all() {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	r.ids = slices.Clone(slices.Compact(ids)) // most nodes of streets are in two: this takes half the room
	for id := range r.refs.all() {
		i, _ := r.index(id) // all of them were listed
		r.nodes.add(i)
	}
	r.refs, r.known = pile[int64]{}, nil
	r.at, r.found = make([]geo.Point, len(r.ids)), make([]bool, len(r.ids))
}

// index is the place of a node among those that roads use.
func (r *reader) index(id int64) (uint32, bool) {
	i, ok := slices.BinarySearch(r.ids, id)
	return uint32(i), ok
}

// readNodes takes in where the nodes are and what stands on them.
func (r *reader) readNodes(ctx context.Context, path string) error {
	return r.scan(ctx, path, func(s *osmpbf.Scanner) {
		s.SkipWays, s.SkipRelations = true, true
		s.FilterNode = func(n *osm.Node) bool { _, ok := r.index(int64(n.ID)); return ok }
	}, func(o osm.Object) {
		n, ok := o.(*osm.Node)
		if !ok {
			return
		}
		i, ok := r.index(int64(n.ID))
		p, err := geo.PointOf(n.Lat, n.Lon)
		if !ok || err != nil {
			return
		}
		r.at[i], r.found[i] = p, true
		r.counts["conditional_ignored"] += conditionals(n.Tags)
		if b, ok := barrierOf(n.Tags); ok {
			r.barriers[i] = b
		}
	})
}
