package roads

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"pinhuo/geo"
	"pinhuo/geo/roads/ch"
)

// cellPairs are the H3 resolutions, fine and coarse, at which bounds between
// cells are held; the first whose table is not too large is taken.
var cellPairs = [][2]int{{6, 4}, {5, 4}, {5, 3}, {4, 3}, {4, 2}, {3, 2}}

// mostCells is the largest table of bounds, in entries.
const mostCells = 48 << 20

// bounds is a table of least figures between cells, in units, rounded down. Out
// is from fine cells to coarse ones, row by fine cell; In from coarse cells to
// fine ones, row by fine cell too.
type bounds struct {
	unit    int64
	out, in []uint16
}

// cells are least figures between the cells of an area. A drive is under the
// cell of the junction where it first gets, and under that of the last before
// its end; so a road that leaves a cell may lead far, and the bound stays one.
// What is least is so over ways that obey the triangle rule.
type cells struct {
	resolutions  [2]uint32
	fine, coarse []uint32 // by node: dense numbers
	fines        int
	coarses      int
	ms           bounds // milliseconds
	cm           bounds // centimetres along the shortest way, whatever its time
}

// newCells numbers the cells and sweeps over a hierarchy once a coarse cell and
// direction. The ways swept are those on which everyone may turn round anywhere and
// take any road: bounds must obey the triangle rule, which ways through forbidden
// turns and private roads do not. Where there are none of those the routes' own
// hierarchy tells the milliseconds. The shortest ways have one of their own.
func newCells(ctx context.Context, net *Network, r *routes) (*cells, error) {
	c := &cells{}
	if err := c.cover(net); err != nil {
		return nil, err
	}
	ms, cm := free{hierarchy: r.hierarchy}, free{}
	var err error
	if r.byArc {
		ms, err = newFree(ctx, net, r, func(w ch.Weight) int64 { return w.Ms() })
	} else {
		ms.rank = r.ranks(net)
		ms.figure = ch.Weight.Ms
	}
	if err != nil {
		return nil, err
	}
	if c.ms, err = c.sweep(ctx, net, r, &ms); err != nil {
		return nil, err
	}
	if cm, err = newFree(ctx, net, r, func(w ch.Weight) int64 { return w.Cm() }); err != nil {
		return nil, err
	}
	if c.cm, err = c.sweep(ctx, net, r, &cm); err != nil {
		return nil, err
	}
	return c, nil
}

// free is the ways that a sweep goes.
type free struct {
	hierarchy *ch.Hierarchy
	rank      []uint32              // by node; ch.None for one that no route passes
	figure    func(ch.Weight) int64 // what a weight of the hierarchy comes to
}

// newFree makes the ways with one figure alone.
func newFree(ctx context.Context, net *Network, r *routes, figure func(ch.Weight) int64) (free, error) {
	var arcs []ch.Arc
	for arc := range uint32(len(r.weight)) {
		if r.pace[arc/2][arc&1] > 0 {
			arcs = append(arcs, ch.Arc{From: net.tail(arc), To: net.head(arc), Weight: ch.Weight(figure(r.weight[arc]))})
		}
	}
	h, rank, err := ch.Build(ctx, len(net.Nodes), arcs, nil)
	return free{h, rank, func(w ch.Weight) int64 { return int64(w) }}, err
}

// ranks are those of the junctions, where junctions are states.
func (r *routes) ranks(net *Network) []uint32 {
	rank := make([]uint32, len(net.Nodes))
	for v := range rank {
		rank[v] = ch.None
	}
	for arc := range uint32(len(r.src)) {
		if r.src[arc] != ch.None {
			rank[net.head(arc)] = r.src[arc]
		}
		if r.dst[arc] != ch.None {
			rank[net.tail(arc)] = r.dst[arc]
		}
	}
	return rank
}

// cover finds the cells of all junctions at the finest resolutions that fit.
func (c *cells) cover(net *Network) error {
	for i, pair := range cellPairs {
		var err error
		if c.fine, c.fines, err = number(net.Nodes, pair[0]); err != nil {
			return err
		}
		if c.coarse, c.coarses, err = number(net.Nodes, pair[1]); err != nil {
			return err
		}
		c.resolutions = [2]uint32{uint32(pair[0]), uint32(pair[1])}
		if c.fines*c.coarses <= mostCells || i == len(cellPairs)-1 {
			return nil
		}
	}
	return nil
}

func number(nodes []geo.Point, resolution int) ([]uint32, int, error) {
	ids := map[uint64]uint32{}
	out := make([]uint32, len(nodes))
	for i, p := range nodes {
		cell, err := geo.CellAt(p, resolution)
		if err != nil {
			return nil, 0, fmt.Errorf("node %d: %w", i, err)
		}
		id, ok := ids[cell]
		if !ok {
			id = uint32(len(ids))
			ids[cell] = id
		}
		out[i] = id
	}
	return out, len(ids), nil
}

// sweeps are exact least figures between cells, before they are packed.
type sweeps struct{ out, in []uint32 }

// sweep makes the tables of a figure.
func (c *cells) sweep(ctx context.Context, net *Network, r *routes, f *free) (bounds, error) {
	w := &sweeper{cells: c, free: f,
		sweeps: sweeps{out: make([]uint32, c.fines*c.coarses), in: make([]uint32, c.fines*c.coarses)}}
	w.list(net, r)
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			d := make([]ch.Weight, f.hierarchy.Size())
			for {
				job := int(next.Add(1)) - 1
				if job >= 2*c.coarses || ctx.Err() != nil {
					return
				}
				w.one(job/2, job%2 == 0, d)
			}
		})
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return bounds{}, fmt.Errorf("bounds of cells: %w", err)
	}
	return w.pack(), nil
}

// sweeper makes one table.
type sweeper struct {
	*cells
	*free
	sweeps

	within [][]ch.Start // by coarse cell: its junctions
	ends   []uint32     // junctions at which a route leaves a piece of road or gets onto one
}

// list sorts the junctions into their cells.
func (w *sweeper) list(net *Network, r *routes) {
	w.within = make([][]ch.Start, w.coarses)
	end := make([]bool, len(net.Nodes))
	for arc := range uint32(len(r.src)) {
		if r.src[arc] != ch.None {
			end[net.head(arc)] = true
		}
		if r.dst[arc] != ch.None {
			end[net.tail(arc)] = true
		}
	}
	for v := range uint32(len(net.Nodes)) {
		if end[v] {
			w.within[w.coarse[v]] = append(w.within[w.coarse[v]], ch.Start{Rank: w.rank[v]})
			w.ends = append(w.ends, v)
		}
	}
}

// one fills the column of a coarse cell.
func (w *sweeper) one(coarse int, out bool, d []ch.Weight) {
	w.hierarchy.Sweep(w.within[coarse], !out, d)
	table := w.in
	if out {
		table = w.out
	}
	for fine := range w.fines {
		table[fine*w.coarses+coarse] = ^uint32(0)
	}
	for _, v := range w.ends {
		least := d[w.rank[v]]
		if least == ch.Inf {
			continue
		}
		at := int(w.fine[v])*w.coarses + coarse
		table[at] = min(table[at], uint32(min(w.figure(least), 1<<32-2)))
	}
}

// pack divides by a unit that lets the largest figure be told.
func (s *sweeps) pack() bounds {
	most := uint32(0)
	for _, table := range [][]uint32{s.out, s.in} {
		for _, x := range table {
			if x != ^uint32(0) {
				most = max(most, x)
			}
		}
	}
	b := bounds{unit: max(int64(most)/(geo.NoWay-1), 0) + 1, out: make([]uint16, len(s.out)), in: make([]uint16, len(s.in))}
	for i := range s.out {
		b.out[i], b.in[i] = b.short(s.out[i]), b.short(s.in[i])
	}
	return b
}

func (b *bounds) short(x uint32) uint16 {
	if x == ^uint32(0) {
		return geo.NoWay
	}
	return uint16(int64(x) / b.unit)
}

// least is a lower bound from a junction to another in the table's figure. A
// pair without a way has a bound too large to be reached.
func (c *cells) least(b *bounds, from, to uint32) int64 {
	out := b.out[int(c.fine[from])*c.coarses+int(c.coarse[to])]
	in := b.in[int(c.fine[to])*c.coarses+int(c.coarse[from])]
	return int64(max(out, in)) * b.unit
}
