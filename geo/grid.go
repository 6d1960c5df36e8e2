package geo

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/uber/h3-go/v4"
)

// radiusMargin widens a cell's radius against the difference between the edge
// H3 draws and the edge its assignment of points follows.
const radiusMargin = 1.001

// node is a cell the index has touched: its geometry, its neighbours and what
// is posted in it. Geometry never changes; the lists say themselves who may
// write.
type node struct {
	id      uint32 // dense, in order of first touch
	cell    Cell
	centre  Vec
	axes    [2]Vec                  // east and north at the centre
	radiusM float64                 // no point of the cell is farther from the centre
	near    atomic.Pointer[[]*node] // neighbours, filled when first asked for
	trips   timed[tripPosting]
	loads   timed[loadPosting]
}

// grid makes a node for each cell touched, once. Reads take no lock.
type grid struct {
	nodes sync.Map // Cell → *node
	mu    sync.Mutex
	all   atomic.Pointer[[]*node] // by id; appended to under mu
}

// size is the number of nodes; ids are below it.
func (g *grid) size() int { return len(g.list()) }

// list is all nodes there are at this moment, by id.
func (g *grid) list() []*node {
	if p := g.all.Load(); p != nil {
		return *p
	}
	return nil
}

// at is the node of the cell that holds p.
func (g *grid) at(p Point) (*node, error) {
	cell, err := CellOf(p)
	if err != nil {
		return nil, err
	}
	return g.node(cell)
}

// node is the node of a cell, made if it is not there yet.
func (g *grid) node(cell Cell) (*node, error) {
	if n, ok := g.nodes.Load(cell); ok {
		return n.(*node), nil
	}
	made, err := newNode(cell)
	if err != nil {
		return nil, fmt.Errorf("geometry of cell %v: %w", cell, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if n, ok := g.nodes.Load(cell); ok {
		return n.(*node), nil
	}
	made.id = uint32(g.size())
	all := append(g.list(), made) // readers never look past the length they loaded
	g.all.Store(&all)
	g.nodes.Store(cell, made)
	return made, nil
}

// newNode asks H3 for a cell's centre and corners.
func newNode(cell Cell) (*node, error) {
	centre, err := h3.CellToLatLng(h3.Cell(cell))
	if err != nil {
		return nil, err
	}
	corners, err := h3.CellToBoundary(h3.Cell(cell))
	if err != nil {
		return nil, err
	}
	n := &node{cell: cell, centre: vecOf(centre)}
	n.axes = axesAt(n.centre)
	for _, corner := range corners {
		n.radiusM = max(n.radiusM, n.centre.GreatCircleM(vecOf(corner))*radiusMargin)
	}
	return n, nil
}

func vecOf(l h3.LatLng) Vec { return vecOfDegrees(l.Lat, l.Lng) }

// neighbours are the five or six nodes around n. Two callers at once compute
// the same list twice, which does no harm.
func (g *grid) neighbours(n *node) ([]*node, error) {
	if p := n.near.Load(); p != nil {
		return *p, nil
	}
	disk, err := h3.GridDisk(h3.Cell(n.cell), 1)
	if err != nil {
		return nil, fmt.Errorf("neighbours of cell %v: %w", n.cell, err)
	}
	near := make([]*node, 0, 6)
	for _, cell := range disk {
		if Cell(cell) == n.cell || cell == 0 {
			continue
		}
		other, err := g.node(Cell(cell))
		if err != nil {
			return nil, err
		}
		near = append(near, other)
	}
	n.near.Store(&near)
	return near, nil
}

// lookup is the node of the cell that holds p, or nil where the index never
// touched the cell: queries make no nodes.
func (g *grid) lookup(p Point) (*node, error) {
	cell, err := CellOf(p)
	if err != nil {
		return nil, err
	}
	if n, ok := g.nodes.Load(cell); ok {
		return n.(*node), nil
	}
	return nil, nil
}
