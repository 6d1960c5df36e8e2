package roads

import (
	"fmt"

	"pinhuo/geo/roads/ch"
)

// states is the graph a profile's routes are searched in. Without forbidden turns
// and private roads a state is a junction: no shortest way turns round there.
// With them a state is an arc that has been driven to its end, so that a state
// knows which turns are open; an arc for the ends of routes has two, one before
// the first open road and one after the last.
type states struct {
	net    *Network
	pace   [][2]uint32
	byArc  bool
	ends   []bool      // by piece: only for the ends of routes
	weight []ch.Weight // by arc
	next   [][]uint32  // by node: the arcs that leave it

	n       int
	leastCm int64    // an island with less road is dropped
	islands int      // groups of pieces that were dropped
	regions int      // what is kept: no way leads from one to another
	region  []byte   // by piece: that it is of, from 1; 0 where no route begins and ends
	open    []bool   // by state: on roads that are open to all, where arcs are states
	origin  []uint32 // by state: its node, or its arc where arcs are states
	arcs    []ch.Arc
	src     []uint32 // by arc: the state of having driven it, or ch.None
	dst     []uint32 // by arc: the state that ends on it
}

// newStates lays out the states of a profile, without islands that have less road
// than leastCm.
func newStates(net *Network, p *Profile, factor speedFactor, leastCm int64) (*states, error) {
	s := &states{net: net, leastCm: leastCm, pace: make([][2]uint32, len(net.Pieces)), ends: make([]bool, len(net.Pieces)),
		weight: make([]ch.Weight, 2*len(net.Pieces)), next: make([][]uint32, len(net.Nodes))}
	usable, private := 0, false
	for i := range net.Pieces {
		piece := &net.Pieces[i]
		var err error
		if s.pace[i], err = factor.scale(piece, p.paces(piece)); err != nil {
			return nil, fmt.Errorf("profile %q: %w", p.Name, err)
		}
		s.ends[i] = piece.Flags&EndsOnly != 0
		for dir := range uint32(2) {
			if s.pace[i][dir] == 0 {
				continue
			}
			usable++
			private = private || s.ends[i]
			arc := uint32(2*i) + dir
			s.weight[arc] = arcWeight(net.shape(i), s.pace[i][dir])
			s.next[net.tail(arc)] = append(s.next[net.tail(arc)], arc)
		}
	}
	if usable == 0 {
		return nil, fmt.Errorf("no road that profile %q may use: %w", p.Name, ErrNetwork)
	}
	s.byArc = private || len(net.Turns) > 0
	if s.byArc {
		s.closeEnclosed()
		s.layArcs()
	} else {
		s.layNodes()
	}
	if s.keepRegions(); s.n == 0 {
		return nil, fmt.Errorf("no roads that hang together for profile %q: %w", p.Name, ErrNetwork)
	}
	return s, nil
}

// arcWeight is the whole of a piece at a pace.
func arcWeight(shape []ShapePoint, pace uint32) ch.Weight {
	ms := int64(0)
	for i := 1; i < len(shape); i++ {
		ms += int64(segmentMs(shape[i].Cm-shape[i-1].Cm, pace))
	}
	return ch.NewWeight(ms, int64(shape[len(shape)-1].Cm))
}

// usable tells whether the profile may drive an arc.
func (s *states) usable(arc uint32) bool { return s.pace[arc/2][arc&1] > 0 }

// layNodes makes a state of each junction.
func (s *states) layNodes() {
	s.n = len(s.net.Nodes)
	for v := range uint32(s.n) {
		s.origin = append(s.origin, v)
	}
	s.src, s.dst = make([]uint32, 2*len(s.net.Pieces)), make([]uint32, 2*len(s.net.Pieces))
	for arc := range uint32(len(s.src)) {
		s.src[arc], s.dst[arc] = ch.None, ch.None
		if s.usable(arc) {
			s.src[arc], s.dst[arc] = s.net.head(arc), s.net.tail(arc)
			s.arcs = append(s.arcs, ch.Arc{From: s.net.tail(arc), To: s.net.head(arc), Weight: s.weight[arc]})
		}
	}
}

// pieceCm is how long a piece is.
func (s *states) pieceCm(piece int) int64 {
	shape := s.net.shape(piece)
	return int64(shape[len(shape)-1].Cm)
}

// keepRegions takes the pieces out from which no way leads to a strong component that
// is large enough, or to which none leads from it.
func (s *states) keepRegions() {
	inner := s.arcs
	if s.byArc {
		inner = s.openArcs()
	}
	var of []uint32
	of, s.regions = regions(s.n, inner, s.leastCm, s.lengths)
	away, back := newTable(s.n, s.arcs, false), newTable(s.n, s.arcs, true)
	good := func(marked []bool, states []uint32) bool {
		return states[0] != ch.None && marked[states[0]] || states[1] != ch.None && marked[states[1]]
	}
	s.region = make([]byte, len(s.net.Pieces))
	main := make([]bool, s.n)
	for k := 1; k <= s.regions; k++ {
		for v := range main {
			main[v] = of[v] == uint32(k)
		}
		reach, reached := back.spread(main), away.spread(main)
		for i := range s.region {
			if s.region[i] == 0 && good(reach, s.src[2*i:2*i+2]) && good(reached, s.dst[2*i:2*i+2]) {
				s.region[i] = byte(k)
			}
		}
	}
	for i, k := range s.region {
		if k == 0 {
			for arc := 2 * i; arc < 2*i+2; arc++ {
				s.src[arc], s.dst[arc] = ch.None, ch.None
			}
		}
	}
	s.countIslands()
	s.compact()
}

// lengths tells of the roads of each component, both ways of a road once.
func (s *states) lengths(component []uint32, add func(component uint32, cm int64)) {
	for i, p := range s.net.Pieces {
		var in [2]uint32
		for dir := range in {
			switch v := s.src[2*i+dir]; {
			case v == ch.None:
			case !s.byArc && component[p.From] == component[p.To]:
				in[dir] = component[v]
			case s.byArc && s.open[v]:
				in[dir] = component[v]
			}
		}
		if in[0] != 0 {
			add(in[0], s.pieceCm(i))
		}
		if in[1] != 0 && in[1] != in[0] {
			add(in[1], s.pieceCm(i))
		}
	}
}

// countIslands counts the groups among the pieces that the profile may use but no
// route may begin or end on.
func (s *states) countIslands() {
	group := make([]uint32, len(s.net.Nodes))
	for v := range group {
		group[v] = uint32(v)
	}
	find := func(v uint32) uint32 {
		for group[v] != v {
			group[v] = group[group[v]]
			v = group[v]
		}
		return v
	}
	lone := map[uint32]bool{}
	for i, p := range s.net.Pieces {
		dropped := s.src[2*i] == ch.None && s.src[2*i+1] == ch.None && s.dst[2*i] == ch.None && s.dst[2*i+1] == ch.None
		if dropped && s.pace[i] != [2]uint32{} {
			group[find(p.From)] = find(p.To)
			lone[p.To] = true
		}
	}
	groups := map[uint32]bool{}
	for v := range lone {
		groups[find(v)] = true
	}
	s.islands = len(groups)
}

// compact renumbers the states that lie on any route.
func (s *states) compact() {
	starts, stops := make([]bool, s.n), make([]bool, s.n)
	for arc := range s.src {
		if s.src[arc] != ch.None {
			starts[s.src[arc]] = true
		}
		if s.dst[arc] != ch.None {
			stops[s.dst[arc]] = true
		}
	}
	away, back := newTable(s.n, s.arcs, false), newTable(s.n, s.arcs, true)
	from, to := away.spread(starts), back.spread(stops)
	number := make([]uint32, s.n)
	n := uint32(0)
	for v := range number {
		number[v] = ch.None
		if starts[v] || stops[v] || from[v] && to[v] {
			number[v] = n
			s.origin[n] = s.origin[v]
			n++
		}
	}
	kept := s.arcs[:0]
	for _, a := range s.arcs {
		if number[a.From] != ch.None && number[a.To] != ch.None {
			kept = append(kept, ch.Arc{From: number[a.From], To: number[a.To], Weight: a.Weight})
		}
	}
	s.arcs, s.n, s.origin = kept, int(n), s.origin[:n]
	for _, list := range [][]uint32{s.src, s.dst} {
		for i, v := range list {
			if v != ch.None {
				list[i] = number[v]
			}
		}
	}
}
