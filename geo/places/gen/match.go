package main

import (
	"maps"
	"slices"
	"strings"
)

// pass is one way of finding the rows of places: which names of a place are held against
// which of a row, and which rows come into question.
type pass struct {
	ofPlace func(*place) []string
	ofRow   func(*row) []string
	fits    func(*row) bool
}

func fullNames(p *place) []string  { return append([]string{p.name}, p.aliases...) }
func shortNames(p *place) []string { return []string{p.short} }

// spelled is a place's short name in pinyin.
func (j *joiner) spelled(p *place) []string {
	return []string{bare(strings.Join(j.read(p.short, ""), ""))}
}

// spelledFull is a place's whole name in pinyin, with its rank.
func (j *joiner) spelledFull(p *place) []string {
	return []string{bare(strings.Join(j.read(p.name, ""), ""))}
}

// romanized is a county as old maps have it, in Wade and Giles's letters, of which the
// apostrophes are left out.
func (j *joiner) romanized(p *place) []string {
	name := ""
	for _, s := range j.read(p.short, "") {
		name += wadeGiles(s)
	}
	return []string{name + "hsien", name + "hsiencheng"}
}

func hanNames(t *row) []string { return t.names }

// latinNames is the Latin name of a row that has no other.
func latinNames(t *row) []string {
	if len(t.names) > 0 {
		return nil
	}
	return []string{bare(t.latin)}
}

// everyLatin are all Latin names of a row, each once.
func everyLatin(t *row) []string {
	slices.Sort(t.latins)
	return slices.Compact(t.latins)
}

// otherLatin are the Latin names of a row that none of its Han names is read as: a seat
// keeps its county's there, and what is read alike but written otherwise is left out.
func (j *joiner) otherLatin(t *row) []string {
	read := map[string]bool{}
	for _, name := range t.names {
		if simplified(name) {
			read[bare(strings.Join(j.read(short(name), ""), ""))] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(everyLatin(t)), func(name string) bool { return read[name] })
}

func anyRow(*row) bool { return true }

// smallRow leaves out the seats of prefectures: a county that was ruled from there may
// have moved its own elsewhere.
func smallRow(t *row) bool { return t.seat() < 2 }

// seatRow leaves only the seats of counties.
func seatRow(t *row) bool { return t.seat() == 1 }

// bigRow leaves out the seats of towns.
func bigRow(t *row) bool { return t.feature != "PPLA4" }

// match gives places of one kind the rows that bear their names, where one row and one
// place of a prefecture answer to a name and nobody else does.
func (j *joiner) match(k kind, passes []pass) {
	units := map[int64][]int{}
	for i, p := range j.places {
		if p.kind == k {
			units[j.scope(i)] = append(units[j.scope(i)], i)
		}
	}
	used := map[int]bool{} // rows given to a place of this kind
	for _, scope := range slices.Sorted(maps.Keys(units)) {
		for _, by := range passes {
			j.matchNames(units[scope], j.scopes[scope], used, by)
		}
	}
	// GeoNames has some places under prefectures that are no more, or under none.
	for _, region := range slices.Sorted(maps.Values(provinces)) {
		var all, rows []int
		for _, scope := range slices.Sorted(maps.Keys(units)) {
			if scope == region || scope/100 == region {
				all, rows = append(all, units[scope]...), append(rows, j.scopes[scope]...)
			}
		}
		if !slices.Contains(slices.Collect(maps.Keys(units)), region) {
			rows = append(rows, j.scopes[region]...)
		}
		for _, by := range passes {
			j.matchNames(all, rows, used, pass{by.ofPlace, by.ofRow, func(t *row) bool { return by.fits(t) && smallRow(t) }})
		}
	}
}

func (j *joiner) matchNames(units, rows []int, used map[int]bool, by pass) {
	bearers := map[string][]int{}
	for _, n := range rows {
		if used[n] || !by.fits(&j.rows[n]) {
			continue
		}
		for _, name := range by.ofRow(&j.rows[n]) {
			bearers[name] = append(bearers[name], n)
		}
	}
	claims := map[string]int{}
	for _, i := range units {
		for _, name := range by.ofPlace(&j.places[i]) {
			claims[name]++
		}
	}
	for _, i := range units {
		p := &j.places[i]
		for _, name := range by.ofPlace(p) {
			if p.exact || claims[name] != 1 || len(bearers[name]) != 1 || used[bearers[name][0]] || runes(name) < 2 {
				continue
			}
			if n := bearers[name][0]; j.plausible(i, n) {
				used[n] = true
				j.take(i, n)
			}
		}
	}
}
