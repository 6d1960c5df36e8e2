package main

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// place is an entry of the file on its way.
type place struct {
	kind         kind
	parent       int // index; -1: none
	code         int64
	id           int64 // of GeoNames; 0: none
	name         string
	short        string // a beginning of name
	latin        string // where it is not the pinyin of short
	exact        bool   // latE5 and lngE5 are its own
	latE5, lngE5 int64
	population   int64
	sounds       []string // of name
	aliases      []string // other names, in Han
}

// joiner puts the lists and GeoNames together.
type joiner struct {
	places []place
	byCode map[int64]int
	rows   []row
	scopes map[int64][]int // rows by prefecture (four digits), or by province (two)
	taken  map[int]bool    // rows that stand for a place of the lists
	*reader
}

// join gives all places: those of the lists in the order of their codes, each after its
// parents, then the rows of GeoNames that stand for none of them, by country and id.
func join(list []unit, rows []row, renames map[int64][]string, r *reader) []place {
	j := &joiner{byCode: map[int64]int{}, rows: rows, scopes: map[int64][]int{}, taken: map[int]bool{}, reader: r}
	for _, u := range list {
		parent, ok := j.byCode[u.parent]
		if !ok {
			parent = -1
		}
		j.byCode[u.code] = len(j.places)
		j.places = append(j.places, place{kind: u.kind, parent: parent, code: u.code, name: u.name, short: short(u.name), aliases: renames[u.code]})
	}
	for i, t := range rows {
		if t.country == "CN" {
			j.scopes[j.scopeOf(t)] = append(j.scopes[j.scopeOf(t)], i)
		}
	}
	j.locate()
	for i := range j.places {
		p := &j.places[i]
		p.sounds = r.read(p.name, p.latin)
		if p.latin != "" && bare(p.latin) == bare(strings.Join(p.sounds[:runes(p.short)], "")) {
			p.latin = ""
		}
	}
	j.others()
	return j.places
}

// scopeOf is where a row of China is looked for: its prefecture where the lists have it,
// else its province.
func (j *joiner) scopeOf(t row) int64 {
	if _, ok := j.byCode[t.prefecture*100]; ok && t.prefecture/100 == t.province {
		return t.prefecture
	}
	return t.province
}

// scope is where a unit's row is looked for.
func (j *joiner) scope(i int) int64 {
	for ; i >= 0; i = j.places[i].parent {
		switch j.places[i].kind {
		case prefecture:
			return j.places[i].code / 100
		case province:
			return j.places[i].code / 10_000
		}
	}
	return 0
}

// locate gives the places of the lists their coordinates, from the largest down: a town is
// held against the seat of its county.
func (j *joiner) locate() {
	for i := range j.places {
		switch p := &j.places[i]; p.kind {
		case province:
			j.provinceSeat(i)
		case prefecture:
			j.prefectureSeat(i)
		default:
		}
	}
	j.match(county, []pass{{fullNames, hanNames, anyRow}, {shortNames, hanNames, bigRow}, {shortNames, hanNames, anyRow}, {j.spelled, latinNames, bigRow}, {j.spelledFull, everyLatin, anyRow}, {j.romanized, j.otherLatin, smallRow}, {j.spelled, j.otherLatin, seatRow}, {j.spelled, j.otherLatin, smallRow}})
	j.match(town, []pass{{fullNames, hanNames, anyRow}, {shortNames, hanNames, anyRow}, {j.spelled, latinNames, anyRow}})
	j.matchNear()
}

// provinceSeat puts a province at its capital; only a municipality is there itself.
func (j *joiner) provinceSeat(i int) {
	p := &j.places[i]
	for n, t := range j.rows {
		capital := t.seat() >= 3 && t.country == "CN" || t.country != "CN" && t.seat() == 4
		if t.province != p.code/10_000 || !capital {
			continue
		}
		own := t.has(p.short) || t.has(p.name)
		if p.latE5 == 0 || own {
			p.latE5, p.lngE5 = t.latE5, t.lngE5
		}
		if own {
			j.take(i, n)
		}
	}
}

// prefectureSeat looks for the town a prefecture is called after.
func (j *joiner) prefectureSeat(i int) {
	p := &j.places[i]
	best := -1
	for n, t := range j.rows {
		inside := t.prefecture == p.code/100 || t.province == p.code/10_000 && j.scopeOf(t) == t.province
		if t.country != "CN" || !inside || !t.has(p.short) && !t.has(p.name) {
			continue
		}
		if best < 0 || t.seat() > j.rows[best].seat() || t.seat() == j.rows[best].seat() && t.population > j.rows[best].population {
			best = n
		}
	}
	if best >= 0 {
		j.take(i, best)
	}
}

// take gives a place the coordinates and the size of a row.
func (j *joiner) take(i, n int) {
	p, t := &j.places[i], &j.rows[n]
	p.exact, p.latE5, p.lngE5, p.id, p.population = true, t.latE5, t.lngE5, t.id, t.population
	// A seat may be called otherwise than its county.
	if p.kind <= prefecture || j.cut([]rune(p.short), bare(t.latin)) != nil {
		p.latin = t.latin
	}
	j.taken[n] = true
}

// farOff is how much farther from its own county's seat than from another's a town may be,
// nearBy the metres within which it does not matter, and tooFar those from the seat of its
// prefecture that only the largest have.
const (
	farOff = 3
	nearBy = 30_000
	tooFar = 200_000
)

// plausible refuses a row that lies well within another county than the town's own, or far
// from the prefecture.
func (j *joiner) plausible(i, n int) bool {
	p, t := j.places[i], j.rows[n]
	if p.parent < 0 {
		return true
	}
	seat := j.places[p.parent]
	own := metresApart(t.latE5, t.lngE5, seat.latE5, seat.lngE5)
	if !seat.exact || p.kind != town {
		return j.scopeOf(t) == j.scope(i) || seat.exact && own < tooFar
	}
	if own < nearBy {
		return true
	}
	for other := seat.parent + 1; other < len(j.places); other++ {
		o := j.places[other]
		if o.parent < seat.parent {
			break
		}
		if o.kind == county && o.exact && own > farOff*metresApart(t.latE5, t.lngE5, o.latE5, o.lngE5) {
			return false
		}
	}
	return own < tooFar || j.scopeOf(t) == j.scope(i)
}

// others adds the rows that stand for no place of the lists.
func (j *joiner) others() {
	names := display.Regions(language.SimplifiedChinese)
	order := make([]int, 0, len(j.rows))
	for i := range j.rows {
		if !j.taken[i] {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(j.rows[a].country, j.rows[b].country), cmp.Compare(j.rows[a].admin1, j.rows[b].admin1), cmp.Compare(j.rows[a].id, j.rows[b].id))
	})
	countries := map[string]int{}
	for _, n := range order {
		t := j.rows[n]
		p := place{kind: city, id: t.id, latin: t.latin, exact: true, latE5: t.latE5, lngE5: t.lngE5, population: t.population}
		if t.province != 0 {
			p.parent = j.byCode[t.province*10_000]
		} else {
			p.parent = j.abroad(countries, t, names)
		}
		if t.country == "CN" {
			p.kind = village
			if up, ok := j.byCode[t.prefecture*100]; ok && t.prefecture/100 == t.province {
				p.parent = up
			}
		}
		p.name = j.nameOf(t)
		p.short = short(p.name)
		if isHan(p.name) {
			p.sounds = j.read(p.name, p.latin)
			if bare(p.latin) == bare(strings.Join(p.sounds[:runes(p.short)], "")) {
				p.latin = ""
			}
		}
		j.places = append(j.places, p)
	}
}

// abroad is the index of a row's country, or of its state in the United States, where many
// towns have one name.
func (j *joiner) abroad(known map[string]int, t row, names display.Namer) int {
	at, ok := known[t.country]
	if !ok {
		region := language.MustParseRegion(t.country)
		name := names.Name(region)
		at = j.addCountry(place{kind: country, parent: -1, code: int64(region.M49()), name: name, short: name, latin: display.English.Regions().Name(region), sounds: j.read(name, ""), latE5: t.latE5, lngE5: t.lngE5})
		known[t.country] = at
	}
	if t.seat() == 4 {
		j.places[at].latE5, j.places[at].lngE5 = t.latE5, t.lngE5
	}
	if t.country != "US" {
		return at
	}
	state, ok := known["US."+t.admin1]
	if !ok {
		code := j.places[at].code*1000 + int64(len(j.places)-at)
		state = j.addCountry(place{kind: country, parent: at, code: code, name: t.admin1, short: t.admin1, latE5: t.latE5, lngE5: t.lngE5})
		known["US."+t.admin1] = state
	}
	return state
}

func (j *joiner) addCountry(p place) int {
	j.places = append(j.places, p)
	return len(j.places) - 1
}

// nameOf picks a row's name: in China the one that reads as its Latin name does, else the
// shortest in Han, else the Latin one.
func (j *joiner) nameOf(t row) string {
	best := ""
	for _, name := range t.names {
		if !simplified(name) || runes(name) < 2 {
			continue
		}
		reads := t.country == "CN" && j.cut([]rune(short(name)), bare(t.latin)) != nil
		if reads && len(short(name)) == len(name) && runes(name) == runes(best) {
			continue
		}
		if reads {
			return name
		}
		if best == "" || len(name) < len(best) || len(name) == len(best) && name < best {
			best = name
		}
	}
	return cmp.Or(best, t.latin)
}
