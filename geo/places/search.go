package places

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"pinhuo/geo"
)

// key is a text a town is found by.
type key struct {
	text     string
	place    int32
	initials bool
}

// Ways a query fits a town, best first.
const (
	exact   = iota + 1 // the whole of a name
	prefix             // the beginning of a name, or all initials
	initial            // the beginning of the initials
	noTiers            // number past the last way
)

// match is the best way found so far; valid where query is the present one.
type match struct {
	query uint32
	tier  uint8
}

// found is a town in the order of results.
type found struct {
	place int32
	tier  uint8
	cost  float32
}

// finder is the scratch memory of a search.
type finder struct {
	query uint32
	best  []match // by place
	hits  []int32
	top   []found
}

// sortKeys puts the keys in order and drops repeated ones.
func (g *Gazetteer) sortKeys() {
	order := func(a, b key) int {
		if c := cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.place, b.place)); c != 0 || a.initials == b.initials {
			return c
		}
		if a.initials {
			return 1
		}
		return -1
	}
	slices.SortFunc(g.keys, order)
	g.keys = slices.Clip(slices.Compact(g.keys))
}

// maxQuery is the longest query that is looked at, in bytes: longer than any
// name.
const maxQuery = 120

// Search finds towns by Han characters, by pinyin with or without spaces, or
// by initials ("hm" finds Haimen); any beginning of these will do. A whole
// name comes before a beginning, and that before a beginning of initials;
// within each the nearer and larger come first. near is where the user is; the
// zero Point leaves distance out. At most limit towns are returned, all those
// of one name among them as far as there is room: Parent tells them apart. An
// empty query finds nothing.
func (g *Gazetteer) Search(query string, near geo.Point, limit int) []Place {
	if len(query) > maxQuery || limit <= 0 || !utf8.ValidString(query) {
		return nil
	}
	text := fold(query)
	if text == "" {
		return nil
	}
	f := g.pool.Get().(*finder)
	defer g.pool.Put(f)
	g.find(f, text)
	if bare := strings.TrimRight(text, "市区县镇乡"); len(f.hits) == 0 && len(bare) < len(text) && bare != "" {
		g.find(f, bare) // the town's rank may have changed since
	}
	g.choose(f, near, limit)
	out := make([]Place, len(f.top))
	for i, t := range f.top {
		out[i] = g.places[t.place]
	}
	return out
}

// find notes every town one of whose keys begins with text.
func (g *Gazetteer) find(f *finder, text string) {
	f.query++
	if f.query == 0 { // wrapped
		clear(f.best)
		f.query = 1
	}
	f.hits = f.hits[:0]
	from, _ := slices.BinarySearchFunc(g.keys, text, func(k key, t string) int { return strings.Compare(k.text, t) })
	for _, k := range g.keys[from:] {
		if !strings.HasPrefix(k.text, text) {
			break
		}
		tier := tierOf(k, text)
		m := &f.best[k.place]
		if m.query != f.query {
			*m = match{query: f.query, tier: noTiers}
			f.hits = append(f.hits, k.place)
		}
		m.tier = min(m.tier, tier)
	}
}

func tierOf(k key, text string) uint8 {
	whole := len(k.text) == len(text)
	switch {
	case whole && !k.initials:
		return exact
	case whole || !k.initials:
		return prefix
	}
	return initial
}

// choose leaves the best of the hits in f.top, in order.
func (g *Gazetteer) choose(f *finder, near geo.Point, limit int) {
	f.top = f.top[:0]
	v := near.Vec()
	for _, i := range f.hits {
		t := found{place: i, tier: f.best[i].tier}
		full := len(f.top) == limit
		if full && t.tier > f.top[limit-1].tier {
			continue
		}
		t.cost = -g.weight[i]
		if near != (geo.Point{}) {
			t.cost += distanceCost(v.GreatCircleM(g.vecs[i]))
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

// before orders results: way of fitting, cost, then id order.
func before(a, b found) int {
	return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(a.cost, b.cost), cmp.Compare(a.place, b.place))
}

// distanceCost sets distance against rank and size: from 10 km on, each
// doubling weighs as much as one rank or a hundred times the people.
func distanceCost(metres float64) float32 { return float32(math.Log2(1 + metres/10_000)) }

// folds turns the letters of romanised names into plain ones; what is not
// listed and not plain stays as it is.
var folds = strings.NewReplacer(
	" ", "", "'", "", "’", "", "‘", "", "`", "", "-", "", "·", "", "\u3000", "",
	"ü", "u", "ǖ", "u", "ǘ", "u", "ǚ", "u", "ǜ", "u", "ö", "o", "ê", "e", "ë", "e",
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u",
)

// fold makes texts comparable: lower case, without spaces, marks and tones.
func fold(s string) string { return folds.Replace(strings.ToLower(strings.TrimSpace(s))) }

// initials are the first letters of a pinyin name's syllables.
func initials(pinyin string) string {
	var b strings.Builder
	for _, syllable := range strings.Fields(pinyin) {
		b.WriteString(fold(syllable)[:1])
	}
	return b.String()
}
