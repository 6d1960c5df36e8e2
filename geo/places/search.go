package places

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pinhuo/geo"
)

// MaxQuery is the longest query that is looked at, in bytes: longer than any name with those
// of all its parents.
const MaxQuery = 120

// Ways a query fits a place, best first.
const (
	exact   = iota + 1 // the whole of a name, with or without its rank
	prefix             // the beginning of a name, or all initials
	initial            // the beginning of the initials
	sound              // Han characters that are read like the name
	slip               // one slip away from the whole of a name
	slipped            // one slip away from the beginning of one
	noTiers            // number past the last way
)

// Search finds places by Han characters, simplified or traditional, by pinyin or Latin name
// with or without spaces, or by initials ("hm" finds Haimen); any beginning of these will do.
// In Han the names of larger units may stand before (江苏省南通市海门区, 昆山花桥). Where
// nothing fits, what sounds alike and what is one slip away is found (haimne, 长塾).
//
// A whole name comes before a beginning, and that before a beginning of initials; within each
// the nearer and larger come first. near is where the asker is at home; nil leaves distance
// out. At most limit places are returned, all those of one name among them as far as there is
// room: Parent tells them apart. The errors are ErrEmpty, ErrLong, ErrText, and
// geo.ErrCoordinates for a point off the globe.
func (g *Gazetteer) Search(query string, near *geo.Point, limit int) ([]Place, error) {
	switch {
	case len(query) > MaxQuery:
		return nil, ErrLong
	case !utf8.ValidString(query):
		return nil, ErrText
	case near != nil && !near.Valid():
		return nil, geo.ErrCoordinates
	}
	text := g.plain(query)
	if text == "" {
		return nil, ErrEmpty
	}
	if limit <= 0 {
		return nil, nil
	}
	f := g.finder.Get().(*finder)
	defer g.finder.Put(f)
	f.search(text)
	f.choose(near, limit)
	out := make([]Place, len(f.top))
	for i, t := range f.top {
		out[i] = g.place(t.place)
	}
	return out, nil
}

// plain folds a query and writes it in simplified characters.
func (g *Gazetteer) plain(query string) string {
	return strings.Map(func(r rune) rune {
		if s, ok := g.simple[r]; ok {
			return s
		}
		return r
	}, fold(query))
}

// match is the best way found so far; valid where query is the present one.
type match struct {
	query uint32
	tier  uint8
}

// found is a place in the order of results.
type found struct {
	place int32
	tier  uint8
	cost  float32
}

// finder is the scratch memory of a search.
type finder struct {
	g      *Gazetteer
	query  uint32
	best   []match // by place
	hits   []int32
	top    []found
	within int32 // only places in this one are hits; -1: all are
}

// search notes every place that a text finds, trying harder as long as there is none.
func (f *finder) search(text string) {
	f.within = -1
	f.clear()
	han := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	f.direct(text, han)
	if len(f.hits) > 0 {
		return
	}
	if han {
		f.directHan(text)
		return
	}
	if len(text) >= shortestSlip {
		f.slips(text)
	}
}

// shortestSlip is the least number of letters in which a slip is looked for: in fewer, nearly
// everything is one slip away from something.
const shortestSlip = 4

// direct notes what the text itself finds.
func (f *finder) direct(text string, han bool) {
	g := f.g
	if han {
		f.note(&g.all[byHan], byHan, text, exact, prefix)
		return
	}
	ix := &g.all
	if len(text) <= 2 {
		ix = &g.major       // whole names of towns and whole initials are found all the same
		if len(text) == 2 { // nothing is called by one letter
			f.noteWhole(&g.all[byPinyin], byPinyin, text, exact)
			f.noteWhole(&g.all[byInitials], byInitials, text, prefix)
		}
	}
	f.note(&ix[byPinyin], byPinyin, text, exact, prefix)
	f.note(&ix[byInitials], byInitials, text, prefix, initial)
}

// directHan tries what else a name in Han may mean: with another rank, within a larger unit,
// and characters that sound alike.
func (f *finder) directHan(text string) {
	if f.qualified(text); len(f.hits) > 0 {
		return
	}
	if said := unranked(text); said != text {
		if f.note(&f.g.all[byHan], byHan, said, exact, prefix); len(f.hits) > 0 {
			return
		}
	}
	if pinyin := f.g.pinyin(text); pinyin != "" {
		f.note(&f.g.all[byPinyin], byPinyin, pinyin, sound, sound)
		if len(f.hits) == 0 && len(pinyin) >= shortestSlip {
			f.slips(pinyin)
		}
	}
}

// Rough tells whether a name and a point are those of a place that has no coordinates of its
// own: whoever names both means the place, and does not know where it is.
func (g *Gazetteer) Rough(name string, p geo.Point) bool {
	ix := &g.all[byHan]
	text := foldHan(name)
	if text == "" {
		return false
	}
	s := ix.within(ix.whole(), text)
	for _, n := range ix.names[s.from:s.to] {
		r := &g.places[g.names[n].place]
		if !r.exact && r.point == p && (r.said() == name || r.name == name) {
			return true
		}
	}
	return false
}

// Reads tells whether what was typed may mean a name that need not be in the gazetteer: a
// part of it, or the beginning of its pinyin or of its initials.
func (g *Gazetteer) Reads(name, query string) bool {
	name, text := g.plain(name), g.plain(query)
	if text == "" {
		return false
	}
	var pinyin, initials strings.Builder
	for _, r := range name {
		s := g.sounds.at(r)
		if s == "" {
			s = string(r)
		}
		pinyin.WriteString(s)
		initials.WriteString(s[:1])
	}
	return strings.Contains(name, text) || strings.HasPrefix(pinyin.String(), text) || strings.HasPrefix(initials.String(), text)
}

// pinyin is how a text in Han is usually read; "" where a character is in no name.
func (g *Gazetteer) pinyin(text string) string {
	var b strings.Builder
	for _, r := range text {
		s := g.sounds.at(r)
		if s == "" {
			return ""
		}
		b.WriteString(s)
	}
	return b.String()
}

func (f *finder) slips(text string) {
	ix := &f.g.all[byPinyin]
	ix.slips(text, func(s span) { f.noteSpan(ix, byPinyin, s, slip, slipped) })
}

// clear forgets the hits.
func (f *finder) clear() {
	f.query++
	if f.query == 0 { // wrapped
		clear(f.best)
		f.query = 1
	}
	f.hits = f.hits[:0]
}

// note takes the places of names that begin with the text: whole is the way of fitting of
// those that are the text, with or without their rank.
func (f *finder) note(ix *index, form formOf, text string, whole, part uint8) {
	f.noteSpan(ix, form, ix.within(ix.whole(), text), whole, part)
}

func (f *finder) noteSpan(ix *index, form formOf, s span, whole, part uint8) {
	for _, n := range ix.names[s.from:s.to] {
		nm := &f.g.names[n]
		text, short := form.of(nm)
		if s.depth == len(text) || s.depth == int(short) {
			f.hit(nm.place, whole)
		} else {
			f.hit(nm.place, part)
		}
	}
}

// noteWhole takes only places of names that are the text.
func (f *finder) noteWhole(ix *index, form formOf, text string, tier uint8) {
	s := ix.within(ix.whole(), text)
	for _, n := range ix.names[s.from:s.to] {
		nm := &f.g.names[n]
		if whole, short := form.of(nm); len(text) == len(whole) || len(text) == int(short) {
			f.hit(nm.place, tier)
		}
	}
}

func (f *finder) hit(place int32, tier uint8) {
	if f.within >= 0 && !f.g.inside(place, f.within) {
		return
	}
	m := &f.best[place]
	if m.query != f.query {
		*m = match{query: f.query, tier: noTiers}
		f.hits = append(f.hits, place)
	}
	m.tier = min(m.tier, tier)
}

// inside tells whether a place is a part of another.
func (g *Gazetteer) inside(place, unit int32) bool {
	for at := g.places[place].parent; at >= unit; at = g.places[at].parent {
		if at == unit {
			return true
		}
	}
	return false
}

// choose leaves the best of the hits in f.top, in order.
func (f *finder) choose(near *geo.Point, limit int) {
	f.top = f.top[:0]
	var v geo.Vec
	if near != nil {
		v = near.Vec()
	}
	for _, i := range f.hits {
		t := found{place: i, tier: f.best[i].tier}
		full := len(f.top) == limit
		if full && t.tier > f.top[limit-1].tier {
			continue
		}
		t.cost = -f.g.places[i].weight
		if full && t.tier == f.top[limit-1].tier && t.cost > f.top[limit-1].cost {
			continue // distance only adds to it
		}
		if near != nil {
			t.cost += distanceCost(v, f.g.vecs[i])
		}
		if full {
			if before(t, f.top[limit-1]) >= 0 {
				continue
			}
			f.top = f.top[:limit-1]
		}
		at, _ := slices.BinarySearchFunc(f.top, t, before)
		f.top = slices.Insert(f.top, at, t)
	}
}

// before orders results: way of fitting, cost, then the file's order.
func before(a, b found) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(a.cost, b.cost), cmp.Compare(a.place, b.place))
}

// distanceCost sets distance against rank and size: from 10 km on, each doubling weighs as
// much as one rank or a hundred times the people. It is log2(1 + d / 10 km) of the straight
// line between two points, with the logarithm drawn straight between powers of two, as the
// bits of a floating-point number have it: a query of one letter asks for thousands.
func distanceCost(a, b geo.Vec) float32 {
	const mantissa, bias = 1 << 23, 127
	dx, dy, dz := a.X-b.X, a.Y-b.Y, a.Z-b.Z
	d := float32(1 + math.Sqrt(dx*dx+dy*dy+dz*dz)*(geo.EarthRadiusM/10_000))
	return float32(math.Float32bits(d))/mantissa - bias
}
