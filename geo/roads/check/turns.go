package check

import (
	"slices"
	"strings"

	"github.com/paulmach/osm"
)

// enclose makes private what is open but reached over private roads alone: what
// belongs to a land when private roads count, and not when they do not.
func (m *atlas) enclose() {
	all := m.circle(func(i int32) bool { return true })
	open := m.circle(func(i int32) bool { return !m.moves[i].private })
	ways := map[int32]bool{}
	for i := range m.moves {
		a, b := m.moves[i].from, m.moves[i].to
		if all[a] != 0 && all[a] == all[b] && (open[a] == 0 || open[a] != open[b]) {
			ways[int32(i)] = true
		}
	}
	for i := range ways {
		m.moves[i].private = true
	}
}

// circle numbers the lands that the nodes are of, without going through walls.
func (m *atlas) circle(use func(int32) bool) []int32 {
	next := make([][]int32, len(m.where))
	drive := make([]bool, len(m.moves))
	for v := range next {
		for _, i := range m.leave[v] {
			drive[i] = use(i)
			if use(i) && !m.wall[int32(v)] {
				next[v] = append(next[v], m.moves[i].to)
			}
		}
	}
	return lands(next, m.islandCm, func(of []int32, add func(int32, int64)) {
		for i := 0; i < len(m.moves); i += 2 {
			if a, b := m.moves[i].from, m.moves[i].to; (drive[i] || drive[i+1]) && of[a] == of[b] {
				add(of[a], m.moves[i].cm)
			}
		}
	})
}

// forbid makes forbidden sequences of moves of the rules.
func (m *atlas) forbid() {
	byID := map[osm.WayID]int32{}
	for w, way := range m.ways {
		byID[way.ID] = int32(w)
	}
	inWay := map[int32][]int32{}
	for i := range m.moves {
		if !m.barred[i] {
			inWay[m.moves[i].way] = append(inWay[m.moves[i].way], int32(i))
		}
	}
	for _, x := range m.rules {
		name, ok := ruleFor(x.Tags)
		if !ok {
			continue
		}
		var from, to []int32
		var via [][]int32
		at := int32(-1)
		for _, member := range x.Members {
			w, ok := byID[osm.WayID(member.Ref)]
			switch {
			case member.Role == "via" && member.Type == osm.TypeNode:
				if n, ok := m.number[osm.NodeID(member.Ref)]; ok {
					at = n
				}
			case member.Type != osm.TypeWay:
			case member.Role == "via" && ok:
				via = append(via, inWay[w])
			case member.Role == "via":
				via = append(via, nil)
			case member.Role == "from" && ok:
				from = append(from, inWay[w]...)
			case member.Role == "to" && ok:
				to = append(to, inWay[w]...)
			}
		}
		r := ruling{m, strings.HasPrefix(name, "only"), strings.Contains(name, "u_turn"), to}
		for _, i := range from {
			switch {
			case len(via) > 0:
				r.walk([]int32{i}, via)
			case m.moves[i].to == at && !m.wall[at] && !m.fence[at]:
				r.end([]int32{i})
			}
		}
	}
	for t, turn := range m.turns {
		m.starts[turn[0]] = append(m.starts[turn[0]], int32(t))
	}
}

// ruleFor is the restriction that holds for trucks.
func ruleFor(tags osm.Tags) (string, bool) {
	name := tags.Find("restriction:hgv")
	if name == "" {
		if t := tags.Find("type"); t != "restriction" && t != "restriction:hgv" {
			return "", false
		}
		name = tags.Find("restriction")
		for _, e := range strings.Split(tags.Find("except"), ";") {
			switch strings.TrimSpace(e) {
			case "hgv", "goods", "motor_vehicle", "vehicle":
				return "", false
			}
		}
	}
	return name, strings.HasPrefix(name, "no_") || strings.HasPrefix(name, "only_")
}

// ruling is a rule being laid out.
type ruling struct {
	m     *atlas
	only  bool
	uturn bool
	to    []int32
}

// walk follows the via ways straight by straight.
func (r ruling) walk(path []int32, via [][]int32) {
	last := path[len(path)-1]
	if len(via) == 0 {
		r.end(path)
		return
	}
	if len(path) > 2000 {
		return
	}
	for _, i := range via[0] {
		if r.m.moves[i].from != r.m.moves[last].to || i == last^1 || slices.Contains(path, i) {
			continue
		}
		next := append(slices.Clone(path), i)
		r.walk(next, via[1:])
		r.walk(next, via)
	}
}

// end forbids the last turn.
func (r ruling) end(path []int32) {
	last := path[len(path)-1]
	named := map[int32]bool{}
	for _, i := range r.to {
		if r.m.moves[i].from == r.m.moves[last].to && (i != last^1 || r.uturn) {
			named[i] = true
		}
	}
	if len(named) == 0 {
		return
	}
	for _, i := range r.m.leave[r.m.moves[last].to] {
		if named[i] != r.only {
			r.m.turns = append(r.m.turns, append(slices.Clone(path), i))
		}
	}
}
