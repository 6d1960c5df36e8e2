package roads

import (
	"fmt"
	"slices"

	"pinhuo/geo/roads/ch"
)

// partial is a forbidden turn of which some arcs have been driven.
type partial struct {
	turn uint32
	done uint32 // arcs
}

// layer says where on a route a state for the ends of routes stands.
type layer uint8

const (
	through layer = iota // on a road open to all
	leaving              // no such road has been driven yet
	arrived              // it has been left for good
)

// stateKey tells states of one arc apart.
type stateKey struct {
	arc   uint32
	layer layer
	carry string // the partials that a longer forbidden turn has carried over
}

// automaton makes states of arcs as they are reached: one an arc, and more only
// where a forbidden turn over several roads or a private road asks for them.
type automaton struct {
	*states
	starts  map[uint32][]uint32 // forbidden turns by their first arc
	carried map[uint32]bool     // arcs in the middle of a forbidden turn
	ids     map[stateKey]uint32
	todo    []waiting
}

type waiting struct {
	id      uint32
	key     stateKey
	carried []partial
}

// layArcs makes the states of arcs.
func (s *states) layArcs() {
	a := &automaton{states: s, starts: map[uint32][]uint32{}, carried: map[uint32]bool{}, ids: map[stateKey]uint32{}}
	for t, turn := range s.net.Turns {
		a.starts[turn[0]] = append(a.starts[turn[0]], uint32(t))
		for _, arc := range turn[1 : len(turn)-1] {
			a.carried[arc] = true
		}
	}
	s.src, s.dst = make([]uint32, 2*len(s.net.Pieces)), make([]uint32, 2*len(s.net.Pieces))
	for arc := range uint32(len(s.src)) {
		s.src[arc], s.dst[arc] = ch.None, ch.None
		if !s.usable(arc) {
			continue
		}
		if s.ends[arc/2] {
			s.src[arc] = a.state(stateKey{arc: arc, layer: leaving}, nil)
		} else {
			s.src[arc] = a.state(stateKey{arc: arc}, nil)
		}
		s.dst[arc] = s.src[arc]
		if a.several(arc) { // the end of a route there is a state that leads nowhere
			s.dst[arc] = a.fresh(arc, false)
		}
	}
	for len(a.todo) > 0 {
		w := a.todo[len(a.todo)-1]
		a.todo = a.todo[:len(a.todo)-1]
		a.leave(w)
	}
}

// several tells whether an arc has more than one state.
func (a *automaton) several(arc uint32) bool { return a.ends[arc/2] || a.carried[arc] }

func (a *automaton) fresh(arc uint32, open bool) uint32 {
	a.origin = append(a.origin, arc)
	a.open = append(a.open, open)
	a.n++
	return uint32(a.n - 1)
}

// state is the number of a state, made if it is new.
func (a *automaton) state(key stateKey, carried []partial) uint32 {
	for _, p := range carried {
		key.carry += fmt.Sprintf("%d.%d ", p.turn, p.done)
	}
	if id, ok := a.ids[key]; ok {
		return id
	}
	id := a.fresh(key.arc, key.layer == through)
	a.ids[key] = id
	a.todo = append(a.todo, waiting{id, key, carried})
	return id
}

// leave connects a state to all that may follow it.
func (a *automaton) leave(w waiting) {
	active := slices.Clone(w.carried)
	for _, t := range a.starts[w.key.arc] {
		active = append(active, partial{t, 1})
	}
	back := w.key.arc ^ 1
	dead := true
	for _, to := range a.next[a.net.head(w.key.arc)] {
		if to == back || a.forbids(active, to) {
			continue
		}
		if !a.ends[to/2] || a.ends[w.key.arc/2] {
			dead = false
		}
		a.connect(w, active, to)
	}
	if dead && a.usable(back) && !a.forbids(active, back) {
		a.connect(w, active, back)
	}
}

// forbids tells whether driving the arc would complete a forbidden turn.
func (a *automaton) forbids(active []partial, to uint32) bool {
	for _, p := range active {
		turn := a.net.Turns[p.turn]
		if int(p.done) == len(turn)-1 && turn[p.done] == to {
			return true
		}
	}
	return false
}

func (a *automaton) connect(w waiting, active []partial, to uint32) {
	key := stateKey{arc: to}
	switch {
	case a.ends[to/2] && w.key.layer == leaving:
		key.layer = leaving
	case a.ends[to/2]:
		key.layer = arrived
	case w.key.layer == arrived:
		return
	}
	var carried []partial
	for _, p := range active {
		if turn := a.net.Turns[p.turn]; turn[p.done] == to {
			carried = append(carried, partial{p.turn, p.done + 1})
		}
	}
	a.arcs = append(a.arcs, ch.Arc{From: w.id, To: a.state(key, carried), Weight: a.weight[to]})
	if a.several(to) {
		a.arcs = append(a.arcs, ch.Arc{From: w.id, To: a.dst[to], Weight: a.weight[to]})
	}
}

// openArcs are the connections among states of open roads.
func (s *states) openArcs() []ch.Arc {
	var out []ch.Arc
	for _, a := range s.arcs {
		if s.open[a.From] && s.open[a.To] {
			out = append(out, a)
		}
	}
	return out
}

// closeEnclosed gives open roads that are reached over private ones alone to the
// ends of routes, as what lies before them is.
func (s *states) closeEnclosed() {
	var all, open []ch.Arc
	for arc := range uint32(2 * len(s.net.Pieces)) {
		if !s.usable(arc) {
			continue
		}
		a := ch.Arc{From: s.net.tail(arc), To: s.net.head(arc)}
		all = append(all, a)
		if !s.ends[arc/2] {
			open = append(open, a)
		}
	}
	sizes := func(use func(piece int) bool) func(of []uint32, add func(uint32, int64)) {
		return func(of []uint32, add func(uint32, int64)) {
			for i, p := range s.net.Pieces {
				if s.pace[i] != [2]uint32{} && use(i) && of[p.From] == of[p.To] {
					add(of[p.From], s.pieceCm(i))
				}
			}
		}
	}
	inAll, _ := regions(len(s.net.Nodes), all, s.leastCm, sizes(func(int) bool { return true }))
	inOpen, _ := regions(len(s.net.Nodes), open, s.leastCm, sizes(func(i int) bool { return !s.ends[i] }))
	for i, p := range s.net.Pieces {
		if inAll[p.From] != 0 && inAll[p.From] == inAll[p.To] && (inOpen[p.From] == 0 || inOpen[p.From] != inOpen[p.To]) {
			s.ends[i] = true
		}
	}
}
