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

// farCell stands for more than a bound's table can say, or for no way at all.
const farCell = 1<<16 - 1

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
type cells struct {
	resolutions  [2]uint32
	fine, coarse []uint32 // by node: dense numbers
	fines        int
	coarses      int
	ms           bounds // milliseconds
	cm           bounds // centimetres along the shortest way, whatever its time
}

// newCells numbers the cells and sweeps over the hierarchy once a coarse cell
// and direction; the shortest ways have a hierarchy of their own.
func newCells(ctx context.Context, net *Network, r *routes, s *states, rank []uint32) (*cells, error) {
	c := &cells{}
	if err := c.cover(net); err != nil {
		return nil, err
	}
	var err error
	var ms, cm sweeps
	if ms, err = c.sweep(ctx, net, r, r.hierarchy, nil); err != nil {
		return nil, err
	}
	c.ms = ms.pack()
	lengths := make([]ch.Arc, len(s.arcs))
	for i, a := range s.arcs {
		lengths[i] = ch.Arc{From: a.From, To: a.To, Weight: ch.Weight(a.Weight.Cm())}
	}
	h, shorter, err := ch.Build(ctx, s.n, lengths, nil)
	if err != nil {
		return nil, err
	}
	to := make([]uint32, s.n)
	for v, k := range rank {
		to[k] = shorter[v]
	}
	if cm, err = c.sweep(ctx, net, r, h, to); err != nil {
		return nil, err
	}
	c.cm = cm.pack()
	return c, nil
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

// sweep fills the tables; ranks translates ranks where the hierarchy is not the
// routes' own, whose weights then are plain centimetres.
func (c *cells) sweep(ctx context.Context, net *Network, r *routes, h *ch.Hierarchy, ranks []uint32) (sweeps, error) {
	w := &sweeper{cells: c, net: net, routes: r, hierarchy: h, ranks: ranks,
		sweeps: sweeps{out: make([]uint32, c.fines*c.coarses), in: make([]uint32, c.fines*c.coarses)}}
	w.list()
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			d := make([]ch.Weight, h.Size())
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
		return sweeps{}, fmt.Errorf("bounds of cells: %w", err)
	}
	return w.sweeps, nil
}

// sweeper makes one table.
type sweeper struct {
	*cells
	sweeps
	net       *Network
	routes    *routes
	hierarchy *ch.Hierarchy
	ranks     []uint32

	from, to [][]ch.Start // by coarse cell: what leaves it and what gets there
	leaves   []cellEnd
	arrives  []cellEnd
}

// cellEnd is a state and the fine cell it counts for.
type cellEnd struct {
	ch.Start
	fine uint32
}

func (w *sweeper) rank(r uint32) uint32 {
	if w.ranks == nil {
		return r
	}
	return w.ranks[r]
}

// list sorts the ends of all arcs by cell.
func (w *sweeper) list() {
	w.from, w.to = make([][]ch.Start, w.coarses), make([][]ch.Start, w.coarses)
	for arc := range uint32(2 * len(w.net.Pieces)) {
		if src := w.routes.src[arc]; src != ch.None {
			node := w.net.head(arc)
			start := ch.Start{Rank: w.rank(src)}
			w.from[w.coarse[node]] = append(w.from[w.coarse[node]], start)
			w.leaves = append(w.leaves, cellEnd{start, w.fine[node]})
		}
		if dst := w.routes.dst[arc]; dst != ch.None {
			node := w.net.tail(arc)
			start := ch.Start{Rank: w.rank(dst)}
			if w.routes.byArc { // the state lies a whole arc farther
				start.Extra = -w.routes.weight[arc]
				if w.ranks != nil {
					start.Extra = -ch.Weight(w.routes.weight[arc].Cm())
				}
			}
			w.to[w.coarse[node]] = append(w.to[w.coarse[node]], start)
			w.arrives = append(w.arrives, cellEnd{start, w.fine[node]})
		}
	}
}

// one fills the column of a coarse cell.
func (w *sweeper) one(coarse int, out bool, d []ch.Weight) {
	ends, table := w.leaves, w.out
	if out {
		w.hierarchy.Sweep(w.to[coarse], false, d)
	} else {
		ends, table = w.arrives, w.in
		w.hierarchy.Sweep(w.from[coarse], true, d)
	}
	for fine := range w.fines {
		table[fine*w.coarses+coarse] = ^uint32(0)
	}
	for _, e := range ends {
		if d[e.Rank] == ch.Inf {
			continue
		}
		least := max(d[e.Rank]+e.Extra, 0)
		figure := least.Ms()
		if w.ranks != nil {
			figure = int64(least)
		}
		at := int(e.fine)*w.coarses + coarse
		table[at] = min(table[at], uint32(min(figure, 1<<32-2)))
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
	b := bounds{unit: max(int64(most)/(farCell-1), 0) + 1, out: make([]uint16, len(s.out)), in: make([]uint16, len(s.in))}
	for i := range s.out {
		b.out[i], b.in[i] = b.short(s.out[i]), b.short(s.in[i])
	}
	return b
}

func (b *bounds) short(x uint32) uint16 {
	if x == ^uint32(0) {
		return farCell
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
