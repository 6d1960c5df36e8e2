package osm

import (
	"slices"
	"strings"

	"github.com/paulmach/osm"

	"pinhuo/geo/roads"
)

// rule is a turn restriction as read.
type rule struct {
	only  bool // what it does not name is forbidden
	uturn bool
	from  []int64
	to    []int64
	ways  []int64 // via
	node  int64   // via, where there are no ways
}

// isRule tells whether a relation restricts turns.
func isRule(tags osm.Tags) bool { return strings.HasPrefix(tags.Find("type"), "restriction") }

// exempt are the vehicles that a truck is, as `except` lists them.
var exempt = []string{"hgv", "goods", "motor_vehicle", "vehicle"}

// addRule takes in a restriction that holds for trucks.
func (r *reader) addRule(x *osm.Relation) {
	r.counts["conditional_ignored"] += conditionals(x.Tags)
	kind := x.Tags.Find("restriction:hgv")
	if kind == "" {
		if t := x.Tags.Find("type"); t == "restriction" || t == "restriction:hgv" {
			kind = x.Tags.Find("restriction")
		}
		for _, who := range strings.Split(x.Tags.Find("except"), ";") {
			if slices.Contains(exempt, strings.TrimSpace(who)) {
				kind = ""
			}
		}
	}
	out := rule{only: strings.HasPrefix(kind, "only_"), uturn: strings.Contains(kind, "u_turn")}
	if !out.only && !strings.HasPrefix(kind, "no_") {
		r.counts["turns_not_for_trucks"]++
		return
	}
	for _, m := range x.Members {
		switch {
		case m.Role == "from" && m.Type == osm.TypeWay:
			out.from = append(out.from, m.Ref)
		case m.Role == "to" && m.Type == osm.TypeWay:
			out.to = append(out.to, m.Ref)
		case m.Role == "via" && m.Type == osm.TypeWay:
			out.ways = append(out.ways, m.Ref)
		case m.Role == "via" && m.Type == osm.TypeNode:
			out.node = m.Ref
		}
	}
	r.rules = append(r.rules, out)
}

// turns makes forbidden turns of the rules.
func (a *assembler) turns() {
	if len(a.rules) == 0 {
		return
	}
	wanted := map[int64]int{}
	for _, rule := range a.rules {
		for _, id := range slices.Concat(rule.from, rule.ways, rule.to) {
			wanted[id] = -1
		}
	}
	for w := range a.ways.n {
		if _, ok := wanted[a.ways.at(w).id]; ok {
			wanted[a.ways.at(w).id] = w
		}
	}
	a.listLeaving()
	for _, rule := range a.rules {
		before := len(a.net.Turns)
		a.rule(&rule, wanted)
		if len(a.net.Turns) == before {
			a.counts["turns_without_effect"]++
		} else {
			a.counts["turns"]++
		}
	}
}

// listLeaving sorts the arcs by the nodes that they leave.
func (a *assembler) listLeaving() {
	a.first = make([]uint32, len(a.net.Nodes)+1)
	for arc := range uint32(2 * len(a.net.Pieces)) {
		if a.drivable(arc) {
			a.first[a.tail(arc)+1]++
		}
	}
	for v := range a.net.Nodes {
		a.first[v+1] += a.first[v]
	}
	a.leaving = make([]uint32, a.first[len(a.net.Nodes)])
	next := slices.Clone(a.first)
	for arc := range uint32(2 * len(a.net.Pieces)) {
		if a.drivable(arc) {
			a.leaving[next[a.tail(arc)]] = arc
			next[a.tail(arc)]++
		}
	}
}

func (a *assembler) drivable(arc uint32) bool {
	flag := uint8(roads.Forward)
	if arc&1 == 1 {
		flag = roads.Back
	}
	return a.net.Pieces[arc/2].Flags&flag != 0
}

func (a *assembler) tail(arc uint32) uint32 {
	if arc&1 == 0 {
		return a.net.Pieces[arc/2].From
	}
	return a.net.Pieces[arc/2].To
}

func (a *assembler) head(arc uint32) uint32 { return a.tail(arc ^ 1) }

// arcsOf lists the arcs of the ways named, by id.
func (a *assembler) arcsOf(ids []int64, ways map[int64]int) (arcs []uint32) {
	for _, id := range ids {
		w := ways[id]
		if w < 0 {
			continue
		}
		for p := int(a.ways.at(w).firstPart); p < len(a.origin) && a.origin[p] == uint32(w); p++ {
			for arc := uint32(2 * p); arc <= uint32(2*p+1); arc++ {
				if a.drivable(arc) {
					arcs = append(arcs, arc)
				}
			}
		}
	}
	return arcs
}

// rule forbids what a rule forbids.
func (a *assembler) rule(r *rule, ways map[int64]int) {
	from, to := a.arcsOf(r.from, ways), a.arcsOf(r.to, ways)
	if len(r.ways) > 0 {
		var steps [][]uint32
		for _, id := range r.ways {
			steps = append(steps, a.arcsOf([]int64{id}, ways))
		}
		for _, arc := range from {
			a.along(r, []uint32{arc}, steps, to)
		}
		return
	}
	i, ok := a.index(r.node)
	if !ok || a.number[i] == none {
		return
	}
	for _, arc := range from {
		if a.head(arc) == a.number[i] {
			a.forbid(r, []uint32{arc}, to)
		}
	}
}

// longestVia bounds the pieces a restriction may lead over; longer ones are
// mistakes of the data.
const longestVia = 16

// along follows the ways of a rule, piece by piece, and forbids where it gets to
// the last one's end.
func (a *assembler) along(r *rule, path []uint32, steps [][]uint32, to []uint32) {
	last := path[len(path)-1]
	if len(steps) == 0 {
		a.forbid(r, path, to)
		return
	}
	if len(path) > longestVia {
		return
	}
	for _, arc := range steps[0] {
		if a.tail(arc) != a.head(last) || arc == last^1 || slices.Contains(path, arc) {
			continue
		}
		next := append(slices.Clone(path), arc)
		a.along(r, next, steps[1:], to)
		a.along(r, next, steps, to) // the way goes on beyond a junction
	}
}

// forbid forbids the turns at the end of a path: those onto the ways named, or
// for an only_ rule all others, where a way named begins there.
func (a *assembler) forbid(r *rule, path []uint32, to []uint32) {
	last := path[len(path)-1]
	var named []uint32
	for _, arc := range to {
		if a.tail(arc) == a.head(last) && (arc != last^1 || r.uturn) {
			named = append(named, arc)
		}
	}
	if len(named) == 0 {
		return
	}
	if r.only {
		var others []uint32
		for _, arc := range a.leaving[a.first[a.head(last)]:a.first[a.head(last)+1]] {
			if !slices.Contains(named, arc) {
				others = append(others, arc)
			}
		}
		named = others
	}
	for _, arc := range named {
		a.net.Turns = append(a.net.Turns, append(slices.Clone(path), arc))
	}
}
