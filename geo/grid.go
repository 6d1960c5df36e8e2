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
	id      uint32 // small; neighbours often have ids beside each other
	cell    Cell
	centre  Vec
	axes    [2]Vec                  // east and north at the centre
	radiusM float64                 // no point of the cell is farther from the centre
	near    atomic.Pointer[[]*node] // neighbours, filled when first asked for
	loads   timed
}

// family is the nodes of a cell's seven children, so that what is kept by id for the
// cells of a region lies together.
type family [blockRows]atomic.Pointer[node]

// grid makes a node for each cell touched, once. Reads take no lock.
type grid struct {
	nodes sync.Map // Cell → *node
	mu    sync.Mutex
	homes map[Cell]uint32           // families by parent; owned by who holds mu
	all   atomic.Pointer[[]*family] // by id / blockRows; appended to under mu
	made  atomic.Int32              // nodes
}

// size is the number of nodes.
func (g *grid) size() int { return int(g.made.Load()) }

// ids is a number that all ids at this moment are below.
func (g *grid) ids() int { return len(g.families()) * blockRows }

func (g *grid) families() []*family {
	if p := g.all.Load(); p != nil {
		return *p
	}
	return nil
}

// by is the node of an id.
func (g *grid) by(id uint32) *node { return g.families()[id/blockRows][id%blockRows].Load() }

// each calls f with all nodes there are at this moment.
func (g *grid) each(f func(*node)) {
	for _, home := range g.families() {
		for i := range home {
			if n := home[i].Load(); n != nil {
				f(n)
			}
		}
	}
}

// number fills the grid with nodes that are no cells of H3, by number.
func (g *grid) number(cells int) {
	all := make([]*family, (cells+blockRows-1)/blockRows)
	for i := range all {
		all[i] = new(family)
	}
	for id := range cells {
		all[id/blockRows][id%blockRows].Store(&node{id: uint32(id)})
	}
	g.made.Store(int32(cells))
	g.all.Store(&all)
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
	g.house(made)
	g.nodes.Store(cell, made)
	return made, nil
}

// house gives a node its id, among those of its parent's children.
func (g *grid) house(n *node) {
	parent, child := n.cell.family()
	home, known := g.homes[parent]
	if !known {
		if g.homes == nil {
			g.homes = map[Cell]uint32{}
		}
		home = uint32(len(g.families()))
		g.homes[parent] = home
		all := append(g.families(), new(family)) // readers never look past the length they loaded
		g.all.Store(&all)
	}
	n.id = home*blockRows + child
	g.families()[home][child].Store(n)
	g.made.Add(1)
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
