package osm

import (
	"math"

	"pinhuo/geo"
	"pinhuo/geo/roads"
)

// assembler cuts ways into pieces at junctions.
type assembler struct {
	*reader
	junction []bool   // by node
	number   []uint32 // by node: its number in the network, or none
	split    map[uint32][]uint32
	origin   []uint32 // by piece: its way
	first    []uint32 // by the network's nodes: of the arcs that leave them
	leaving  []uint32
	run      []uint32 // the nodes of the way at hand
}

const none = ^uint32(0)

// assemble makes the network of what was read.
func (r *reader) assemble() {
	a := &assembler{reader: r, junction: make([]bool, len(r.ids)), number: make([]uint32, len(r.ids)), split: map[uint32][]uint32{}}
	for i := range a.number {
		a.number[i] = none
	}
	a.findJunctions()
	for w := range r.ways.n {
		a.cut(w)
	}
	a.gates()
	a.turns()
	r.counts["barriers"] = len(r.barriers)
}

// of are the places in ids of a way's nodes, until the next way is asked for.
func (a *assembler) of(w int) []uint32 {
	from, end := int(a.ways.at(w).first), a.nodes.n
	if w+1 < a.ways.n {
		end = int(a.ways.at(w + 1).first)
	}
	a.run = a.run[:0]
	for k := from; k < end; k++ {
		a.run = append(a.run, *a.nodes.at(k))
	}
	return a.run
}

// findJunctions marks the nodes that ways share, meet themselves in, end at, or
// are barred at, and makes room for the pieces between them.
func (a *assembler) findJunctions() {
	met := make([]bool, len(a.ids))
	for w := range a.ways.n {
		nodes := a.of(w)
		for k, i := range nodes {
			_, barred := a.barriers[i]
			if met[i] || k == 0 || k == len(nodes)-1 || barred {
				a.junction[i] = true
			}
			met[i] = true
		}
	}
	pieces, points := 0, a.nodes.n
	for w := range a.ways.n {
		nodes := a.of(w)
		pieces++
		for k := 1; k < len(nodes)-1; k++ {
			if a.junction[nodes[k]] {
				pieces, points = pieces+1, points+1
			}
		}
	}
	a.net.Pieces, a.origin = make([]roads.Piece, 0, pieces), make([]uint32, 0, pieces)
	a.net.Shape = make([]roads.ShapePoint, 0, points)
}

// cut makes the pieces of a way. Where an extract left a node out, the road ends.
func (a *assembler) cut(w int) {
	a.ways.at(w).firstPart = uint32(len(a.net.Pieces))
	pace := a.ferryPace(w)
	var run []uint32
	flush := func() {
		if len(run) >= 2 {
			a.piece(w, run, pace)
		}
	}
	for _, i := range a.of(w) {
		if !a.found[i] {
			a.counts["nodes_missing"]++
			flush()
			run = run[:0]
			continue
		}
		run = append(run, i)
		if a.junction[i] {
			flush()
			run = append(run[:0], i)
		}
	}
	flush()
}

// ferryPace is the nanoseconds a metre that a ferry's timetable makes, or 0.
func (a *assembler) ferryPace(w int) uint32 {
	if a.ways.at(w).durMs == 0 {
		return 0
	}
	cm := uint64(0)
	nodes := a.of(w)
	for k := 1; k < len(nodes); k++ {
		cm += uint64(roads.SegmentCm(a.at[nodes[k-1]], a.at[nodes[k]]))
	}
	if cm == 0 {
		return 0
	}
	pace := uint64(a.ways.at(w).durMs) * 100_000_000 / cm
	if pace == 0 || pace > math.MaxUint32 {
		a.counts["ferry_durations_ignored"]++
		return 0
	}
	return uint32(pace)
}

// piece adds a piece of road over the nodes of a run.
func (a *assembler) piece(w int, run []uint32, pace uint32) {
	way := a.ways.at(w)
	a.net.Pieces = append(a.net.Pieces, roads.Piece{
		From: a.end(run[0]), To: a.end(run[len(run)-1]), Shape: uint32(len(a.net.Shape)), Name: way.name, Way: way.id,
		MaxKg: way.limits.kg, MaxHighMm: way.limits.highMm, MaxLongMm: way.limits.longMm,
		PaceNs: pace, MaxKmh: way.kmh, Class: way.class, Flags: way.flags,
	})
	a.origin = append(a.origin, uint32(w))
	a.shape(run)
}

func (a *assembler) shape(run []uint32) {
	cm := uint32(0)
	for k, i := range run {
		if k > 0 {
			cm += roads.SegmentCm(a.at[run[k-1]], a.at[i])
		}
		a.net.Shape = append(a.net.Shape, roads.ShapePoint{LatE7: a.at[i].LatE7, LngE7: a.at[i].LngE7, Cm: cm})
	}
}

// end is the network's node for the end of a piece: every piece has its own at
// a barrier, and gates join them again.
func (a *assembler) end(i uint32) uint32 {
	if _, barred := a.barriers[i]; barred {
		n := a.node(a.at[i])
		a.split[i] = append(a.split[i], n)
		return n
	}
	if a.number[i] == none {
		a.number[i] = a.node(a.at[i])
	}
	return a.number[i]
}

func (a *assembler) node(p geo.Point) uint32 {
	a.net.Nodes = append(a.net.Nodes, p)
	return uint32(len(a.net.Nodes) - 1)
}

// gates joins the ends at each barrier that some may pass: over roads without
// length, private or with the barrier's limits.
func (a *assembler) gates() {
	for i := range uint32(len(a.ids)) {
		b, barred := a.barriers[i]
		if !barred || b.access == closed || len(a.split[i]) < 2 {
			continue
		}
		centre := a.node(a.at[i])
		for _, n := range a.split[i] {
			p := roads.Piece{From: n, To: centre, Shape: uint32(len(a.net.Shape)), Class: roads.Gate, Flags: roads.Forward | roads.Back,
				MaxKg: b.limits.kg, MaxHighMm: b.limits.highMm, MaxLongMm: b.limits.longMm}
			if b.access == ends {
				p.Flags |= roads.EndsOnly
			}
			a.net.Pieces = append(a.net.Pieces, p)
			a.origin = append(a.origin, none)
			a.shape([]uint32{i, i})
		}
	}
}
